//! `provost batch`: everybody in a file, whatever happens on the way.

use std::time::Duration;

use provost_lab::hello;
use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use crate::provost::{Printed, Provost};

fn configured(url: &str) -> Provost {
    let instance = json!({
        "integration": "hello-iam-world", "url": url,
        "credentials": {"username": "lab", "password": "env:PASSWORD"},
    });
    Provost::configured(&json!({"instances": {"hello": instance}}).to_string()).variable("PASSWORD", "lab")
}

async fn lab() -> provost_lab::Running {
    hello::start(hello::Options::default()).await.expect("it starts")
}

fn person(number: usize) -> String {
    json!({"email": format!("p{number}@example.com"), "username": format!("p{number}")}).to_string()
}

/// The records by the numbers of their lines.
fn by_line(printed: &Printed) -> Vec<(u64, Value)> {
    let mut records: Vec<(u64, Value)> = printed
        .json_lines()
        .into_iter()
        .map(|record| (record["line"].as_u64().expect("a number"), record))
        .collect();
    records.sort_by_key(|(number, _)| *number);
    records
}

#[tokio::test]
async fn one_bad_line_never_ends_the_run() {
    let running = lab().await;
    let long = "x".repeat(1024 * 1024 + 5);
    let lines = [
        person(1),
        "{".to_owned(),
        String::new(),
        "[1]".to_owned(),
        long,
        r#"{"command": "iam-get-user", "user-profile": {"email": "p1@example.com"}}"#.to_owned(),
        r#"{"command": "iam-make-user", "user-profile": {"email": "p1@example.com"}}"#.to_owned(),
        r#"{"user-profile": {"email": "p2@example.com"}, "using": "other"}"#.to_owned(),
        person(3),
    ];
    let provost = configured(&running.url()).file("people.jsonl", &lines.join("\n"));
    let printed = provost.run(&["batch", "--file=people.jsonl", "--output=jsonl"]).await.ended(1);
    let records = by_line(&printed);
    let ends: Vec<(u64, bool, &str)> = records
        .iter()
        .map(|(line, record)| {
            (*line, record["success"] == true, record["errorMessage"].as_str().unwrap_or_default())
        })
        .collect();
    let [first, broken, list, long, got, unknown, last] = ends[..] else { panic!("{ends:?}") };
    assert_eq!((first, got, last), ((1, true, ""), (6, true, ""), (9, true, "")));
    for ((line, success, text), (wanted, about)) in [broken, list, long, unknown].into_iter().zip([
        (2, "this is no JSON"),
        (4, "profile"),
        (5, "longer than 1 MB"),
        (7, "`iam-make-user` is no command"),
    ]) {
        assert_eq!((line, success), (wanted, false));
        assert!(text.contains(about), "{text}");
    }
    assert!(!provost.folder().join("people.jsonl.done").exists(), "a whole run leaves no journal");
}

#[tokio::test]
async fn csv_has_a_head_and_empty_cells_are_not_there() {
    let running = lab().await;
    let provost = configured(&running.url())
        .file("people.csv", "Email,Given Name,title\np1@example.com,Ann,\np2@example.com,\"B, o\",Sales\n");
    let printed = provost.run(&["batch", "--file=people.csv", "--output=jsonl"]).await.ended(0);
    let records = by_line(&printed);
    let details: Vec<&Value> = records.iter().map(|(_, record)| &record["details"]).collect();
    assert_eq!(records.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((&details[0]["first_name"], details[0].get("title")), (&json!("Ann"), None));
    assert_eq!((&details[1]["first_name"], &details[1]["title"]), (&json!("B, o"), &json!("Sales")));
}

#[tokio::test]
async fn a_dry_run_sends_no_write() {
    let look = |n: usize| format!("GET /api/now/users?email=p{n}%40example.com");
    let known = json!({"result": [{"user_id": "7", "active": false, "email": "p2@example.com"}]});
    let exchanges = vec![
        Exchange::new(look(1), Answer::new(200, json!({"result": []}))),
        Exchange::new(look(2), Answer::new(200, known)),
    ];
    let server = Server::start(exchanges).await.expect("the script can be played");
    let text = format!("{}\n{}\n", person(1), person(2));
    let provost = configured(&server.url()).file("people.jsonl", &text);
    let words = ["batch", "--file=people.jsonl", "--dry-run", "--concurrency=1", "--output=jsonl"];
    let printed = provost.run(&words).await.ended(0);
    let reasons: Vec<Value> =
        by_line(&printed).into_iter().map(|(_, record)| record["reason"].clone()).collect();
    assert_eq!(reasons, ["Dry run: would create an account.", "Dry run: would enable and update account 7."]);
    server.finish().await.expect("only look-ups");
    assert!(!provost.folder().join("people.jsonl.done").exists(), "and nothing is noted");
}

#[tokio::test]
async fn two_lines_about_one_person_follow_each_other() {
    let running = lab().await;
    let text = (0..60).map(|n| person(n % 3)).collect::<Vec<_>>().join("\n");
    let provost = configured(&running.url()).file("people.jsonl", &text);
    let printed = provost.run(&["batch", "--file=people.jsonl", "--output=jsonl"]).await.ended(0);
    let actions: Vec<Value> =
        by_line(&printed).into_iter().map(|(_, record)| record["action"].clone()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "create").count(), 3);
    assert_eq!(actions[..3], ["create", "create", "create"], "the first of each");
}

/// Killed again and again, the run goes on where it was: no finished line is run again, and
/// nobody is made twice.
#[tokio::test]
async fn a_killed_run_goes_on() {
    const PEOPLE: usize = 400;
    let running = lab().await;
    let text = (0..PEOPLE).map(person).collect::<Vec<_>>().join("\n");
    let provost = configured(&running.url()).file("people.jsonl", &text);
    let words = ["batch", "--file=people.jsonl", "--output=jsonl", "--concurrency=4"];
    let mut kills = 0;
    for pause in [60, 90, 120, 75, 105, 130] {
        let resumed = [&words[..], if kills > 0 { &["--resume"] } else { &[] }].concat();
        let mut child = provost.start(&resumed);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        child.start_kill().expect("it runs");
        child.wait().await.expect("it ended");
        kills += 1;
        if !provost.folder().join("people.jsonl.done").exists() {
            kills = 0;
        }
    }
    if provost.folder().join("people.jsonl.done").exists() {
        let refused = provost.run(&words).await.ended(2);
        assert!(refused.stderr.contains("--resume"), "{}", refused.stderr);
        provost.run(&[&words[..], &["--resume"]].concat()).await.ended(0);
    }
    let printed = provost.run(&["iam-list-users", "--output=jsonl"]).await.ended(0);
    assert_eq!(printed.json_lines().len(), PEOPLE, "everybody, and nobody twice");
}

#[tokio::test]
async fn a_changed_file_is_not_gone_on_with() {
    let running = lab().await;
    let provost = configured(&running.url())
        .file("people.jsonl", &person(1))
        .file("people.jsonl.done", "provost-batch-1 1\n1 hello\n");
    let printed = provost.run(&["batch", "--file=people.jsonl", "--resume"]).await.ended(2);
    assert!(printed.stderr.contains("is of another input"), "{}", printed.stderr);
}
