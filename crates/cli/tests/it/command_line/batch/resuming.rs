//! A batch that is interrupted or killed goes on where it was.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::ledger::Ledger;
use super::{BATCH, by_line, people, with_instances};
use crate::provost::{Printed, Provost, send};

const PEOPLE: usize = 400;
const RESUME: [&str; 4] = [BATCH[0], BATCH[1], BATCH[2], "--resume"];

/// The lines that the journal has as finished.
fn finished(provost: &Provost) -> BTreeSet<u64> {
    let text = std::fs::read_to_string(provost.folder().join("people.jsonl.journal")).unwrap_or_default();
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    whole.filter_map(|line| serde_json::from_str::<(u64, String)>(line).ok()).map(|(line, _)| line).collect()
}

/// A run that was begun, and the lines whose records it has printed so far.
struct Run {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    seen: BTreeSet<u64>,
}

impl Run {
    fn start(provost: &Provost, words: &[&str]) -> Self {
        let mut child = provost.start(words);
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, lines, seen: BTreeSet::new() }
    }

    /// Reads so many records, or all that there are.
    async fn read(&mut self, count: usize) {
        while self.seen.len() < count {
            let Some(line) = self.lines.next_line().await.expect("readable") else { return };
            let record: Value = serde_json::from_str(&line).expect("a whole record");
            assert_eq!(record["success"], json!(true), "{record}");
            let number = record["line"].as_u64().expect("a number");
            assert!(self.seen.insert(number), "printed twice: {record}");
        }
    }
}

#[tokio::test]
async fn kills_at_any_moment_neither_lose_nor_repeat_a_finished_write() {
    let system = Ledger::start().await;
    let provost = with_instances(&[("app", &system.url)]).file("people.jsonl", &people(PEOPLE));
    let mut kills = 0;
    while finished(&provost).len() < PEOPLE {
        let (before, writes) = (finished(&provost), system.writes());
        let mut run = Run::start(&provost, if kills > 0 { &RESUME } else { &BATCH });
        run.read(fastrand::usize(1..60)).await;
        run.child.kill().await.expect("it can be killed");
        kills += 1;
        assert!(before.is_disjoint(&run.seen), "what is finished is not done again");
        let after = system.writes();
        for line in &before {
            let email = format!("p{line}@example.com");
            assert_eq!(after[&email], writes[&email], "line {line} was finished");
        }
        assert!(run.seen.is_subset(&finished(&provost)), "whoever reads of it can rely on it");
    }
    assert!(kills > 3, "{kills} kills");
    let last = provost.run(&RESUME).await.ended(0);
    assert!(last.stdout.is_empty() && last.stderr.contains("finished before"), "{last:#?}");
    let writes = system.writes();
    assert_eq!(writes.len(), PEOPLE, "nobody is lost");
    assert!(writes.values().all(|writes| writes.creates == 1), "nobody is made twice: {writes:?}");
    let again = writes.values().filter(|writes| writes.updates > 0).count();
    assert!(again > 0 || kills < 100, "kills hit lines that were under way");
}

#[tokio::test]
async fn an_interrupt_ends_what_is_begun_and_says_how_to_go_on() {
    let system = Ledger::start().await;
    let provost = with_instances(&[("app", &system.url)]).file("people.jsonl", &people(PEOPLE));
    let mut run = Run::start(&provost, &BATCH);
    run.read(5).await;
    let mut stderr = BufReader::new(run.child.stderr.take().expect("a pipe"));
    send("INT", &run.child).await;
    run.read(PEOPLE).await;
    let mut printed = Printed::at_the_end_of(run.child).await.ended(1);
    stderr.read_to_string(&mut printed.stderr).await.expect("readable");
    assert!(printed.stderr.contains("the same command with `--resume` goes on"), "{printed:#?}");
    assert!(run.seen.len() < PEOPLE, "it stopped");
    assert_eq!(finished(&provost), run.seen, "everything that was begun has its record");
    let plain = provost.run(&BATCH).await.ended(2);
    assert!(plain.stderr.contains("a run that did not end"), "{plain:#?}");
    let rest = provost.run(&RESUME).await.ended(0).json_lines();
    assert_eq!(rest.len() + run.seen.len(), PEOPLE);
    assert!(system.writes().values().all(|writes| (writes.creates, writes.updates) == (1, 0)));
}

#[tokio::test]
async fn a_changed_input_is_refused() {
    let system = Ledger::start().await;
    let provost = with_instances(&[("app", &system.url)]).file("people.jsonl", &people(3));
    provost.run(&BATCH).await.ended(0);
    let provost = provost.file("people.jsonl", &people(4));
    let refused = provost.run(&RESUME).await.ended(2);
    assert!(
        refused.stderr.contains("the input has changed") && refused.stderr.contains("hint:"),
        "{refused:#?}"
    );
    let anew = provost.run(&BATCH).await.ended(0).json_lines();
    assert_eq!(anew.len(), 4, "a run that came to its end is no hindrance");
}

#[tokio::test]
async fn the_next_run_tries_again_what_failed_and_keeps_the_order_of_a_person_s_lines() {
    let look_up = |person: &str, answer: Answer| {
        Exchange::new(format!("GET /api/now/users?email={person}%40example.com"), answer)
    };
    let ann = json!({"user_id": "7", "user_name": "ann", "active": true, "email": "ann@example.com"});
    let nobody = Answer::new(200, json!({"result": []}));
    let refused = Answer::new(400, json!({"error": {"message": "no", "detail": "not now"}}));
    let found = Answer::new(200, json!({"result": [ann]}));
    let changed = Answer::new(200, json!({"result": ann}));
    let system = Server::start(vec![
        look_up("ann", refused),
        look_up("ann", found.clone()),
        Exchange::new("PATCH /api/now/users/7", changed.clone()),
        look_up("bo", nobody.clone()),
        // The second run: Ann's first line, and her second one after it. Bo is done.
        look_up("ann", nobody),
        Exchange::new("POST /api/now/users", changed.clone()),
        look_up("ann", found),
        Exchange::new("PATCH /api/now/users/7", changed),
    ])
    .await
    .expect("it starts");
    let mut text = String::new();
    for (command, person) in [("create", "ann"), ("disable", "ann"), ("disable", "bo")] {
        let profile = json!({"email": format!("{person}@example.com")});
        let command = json!({"command": format!("iam-{command}-user"), "user-profile": profile});
        let _ = writeln!(text, "{command}");
    }
    let provost = with_instances(&[("app", &system.url())]).file("people.jsonl", &text);
    let first = provost.run(&[&BATCH[..], &["--concurrency", "1"]].concat()).await.ended(1).json_lines();
    let ends = [(1, vec![json!(false)]), (2, vec![json!(true)]), (3, vec![json!(true)])];
    assert_eq!(by_line(&first, &["success"]), ends.into());
    let second = provost.run(&[&RESUME[..], &["--concurrency", "1"]].concat()).await.ended(0).json_lines();
    let actions = [(1, vec![json!("create")]), (2, vec![json!("disable")])];
    assert_eq!(by_line(&second, &["action"]), actions.into());
    system.finish().await.expect("nothing else was sent");
}

/// What waits, here for an answer that does not come, is given up a while after an interrupt.
#[tokio::test]
async fn an_interrupt_does_not_wait_for_a_system_that_is_silent() {
    let silent = Answer { delay: Some(600_000), ..Answer::default() };
    let look_up = Exchange::new("GET /api/now/users?email=p1%40example.com", silent);
    let system = Server::start(vec![look_up]).await.expect("the server starts");
    let provost = with_instances(&[("app", &system.url())]).file("people.jsonl", &people(1));
    let child = provost.start(&BATCH);
    while system.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    send("INT", &child).await;
    let printed = Printed::at_the_end_of(child).await.ended(1);
    let records = printed.json_lines();
    assert_eq!(records.len(), 1, "{printed:#?}");
    assert!(
        records[0]["errorMessage"].as_str().is_some_and(|text| text.contains("interrupted")),
        "{printed:#?}"
    );
    assert!(printed.stderr.contains("--resume"), "{printed:#?}");
}
