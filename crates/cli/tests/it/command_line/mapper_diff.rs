//! `provost mapper diff`: whom another mapper would change.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::provost::Provost;

const OLD: &str = "\
mapper: Test (Outgoing)
direction: outgoing
fields:
  mail: email
  name: displayname
  level: level + 1
  phone: mobilephone
  pin: password
";

const NEW: &str = "\
mapper: Test (Outgoing)
direction: outgoing
fields:
  mail: email | lower
  name: displayname
  level: level
  team: {value: n + 1, when: n}
  boss: manageremailaddress
  pin: password ~ 'x'
";

const PEOPLE: &str = r#"{"email": "Ann@X", "displayname": "Ann", "mobilephone": "+1", "n": "x"}
{"E-Mail": "", "User Name": "bo", "level": "high", "password": "hunter22"}

{"employeeid": 7, "Manager Email": "ann@x"}
{"displayname": "Nobody changes"}
{"mobilephone": "+2"}
"#;

fn bench() -> Provost {
    Provost::new().file("old.yaml", OLD).file("new.yaml", NEW).file("people.jsonl", PEOPLE)
}

const DIFF: [&str; 6] = ["mapper", "diff", "old.yaml", "new.yaml", "--over", "people.jsonl"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&DIFF, more].concat()
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[tokio::test]
async fn attributes_are_counted_and_the_first_people_shown() {
    let printed = bench().run(&with(&["--people", "2"])).await.ended(1);
    let lines: Vec<Vec<&str>> = printed.stdout.lines().map(words).collect();
    let expected = [
        "4 of 5 people change",
        "ATTRIBUTE PEOPLE ADDED REMOVED CHANGED FAILS MENDED EXAMPLE",
        "phone 2 2 +1 → (nothing)",
        "mail 1 1 Ann@X → ann@x",
        "boss 1 1 (nothing) → ann@x",
        "PERSON ATTRIBUTE BEFORE AFTER",
        "Ann@X mail Ann@X ann@x",
        "phone +1 (nothing)",
        "bo pin [secret] [secret]x",
    ];
    for line in expected {
        assert!(lines.contains(&words(line)), "{line}: {printed:#?}");
    }
    assert!(printed.stdout.contains("bo "), "a person without an address has another name: {printed:#?}");
    assert!(printed.stderr.contains("2 more people change; `--all` shows everybody"), "{printed:#?}");
    assert!(!printed.holds("hunter22"), "{printed:#?}");
}

#[tokio::test]
async fn everybody_is_shown_a_change_a_line() {
    let printed = bench().run(&with(&["--all"])).await.ended(1);
    let lines: Vec<&str> = printed.stdout.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(lines[0], "Ann@X  mail: Ann@X → ann@x");
    assert!(lines[2].starts_with("Ann@X  team: (nothing) → (fails: `n + 1`"), "{printed:#?}");
    assert_eq!(lines[5..], ["7  boss: (nothing) → ann@x", "line 6  phone: +2 → (nothing)"]);
    assert!(printed.stdout.contains("\n\n4 of 5 people change\n\n"), "{printed:#?}");
}

#[tokio::test]
async fn programs_get_a_person_a_line_or_a_list() {
    let problem = "`n + 1`: tried to use + operator on unsupported types string and number";
    let mut expected = json!([
        {"person": "Ann@X", "line": 1, "changes": [
            {"attribute": "mail", "change": "changed", "before": "Ann@X", "after": "ann@x"},
            {"attribute": "phone", "change": "removed", "before": "+1"},
            {"attribute": "team", "change": "fails", "problem": problem},
        ]},
        {"person": "bo", "line": 2, "changes": [
            {"attribute": "pin", "change": "changed", "before": "[secret]", "after": "[secret]x"},
            {"attribute": "level", "change": "mended", "after": "high"},
        ]},
        {"person": "7", "line": 4, "changes": [
            {"attribute": "boss", "change": "added", "after": "ann@x"},
        ]},
        {"person": "line 6", "line": 6, "changes": [
            {"attribute": "phone", "change": "removed", "before": "+2"},
        ]},
    ]);
    let lines = bench().run(&with(&["-o", "jsonl"])).await.ended(1).json_lines();
    let mended = &lines[1]["changes"][1]["problem"];
    assert!(mended.as_str().is_some_and(|text| text.starts_with("`level + 1`")), "{mended}");
    expected[1]["changes"][1]["problem"] = mended.clone();
    assert_eq!(Value::from(lines), expected);
    assert_eq!(bench().run(&with(&["-o", "json"])).await.ended(1).json(), expected);
}

#[tokio::test]
async fn nothing_changes_and_trouble_have_their_own_status() {
    let same = ["mapper", "diff", "old.yaml", "old.yaml", "--over", "people.jsonl"];
    let printed = bench().run(&same).await.ended(0);
    assert_eq!(printed.stdout, "nothing changes for 5 people\n");
    assert_eq!(bench().run(&[&same[..], &["-o", "json"]].concat()).await.ended(0).json(), json!([]));
    let broken = bench().file("people.jsonl", "{\"email\": \"A@X\"}\n[]\n{\n");
    let printed = broken.run(&DIFF).await.ended(2);
    for expected in
        ["line 2: a user profile is one JSON object, but this is a list", "line 3: no JSON object"]
    {
        assert!(printed.stderr.contains(expected), "{printed:#?}");
    }
    assert!(printed.stdout.contains("1 of 1 person changes"), "{printed:#?}");
    let incoming = NEW.replace("direction: outgoing", "direction: incoming");
    let cases: [(&[&str], &str); 4] = [
        (&["mapper", "diff", "old.yaml", "in.yaml", "--over", "people.jsonl"], "map different ways"),
        (&["mapper", "diff", "old.yaml", "new.yaml", "--over", "none.jsonl"], "could not read `none.jsonl`"),
        (&with(&["--type", "User Profile"]), "neither mapper has a type `User Profile`"),
        (&with(&["--on", "creat"]), "`--on creat` is no verb"),
    ];
    for (words, expected) in cases {
        let refused = bench().file("in.yaml", &incoming).run(words).await.ended(2);
        assert!(refused.stderr.contains(expected), "{refused:#?}");
    }
}

#[tokio::test]
async fn many_people_are_counted_and_a_reader_may_go_away() {
    let mut people = String::new();
    for number in 0..3_000 {
        let _ = writeln!(people, r#"{{"email": "U{number}@X"}}"#);
    }
    let provost = bench().file("people.jsonl", &people);
    let printed = provost.run(&DIFF).await.ended(1);
    assert!(printed.stdout.starts_with("3000 of 3000 people change"), "{printed:#?}");
    assert!(printed.stderr.contains("2980 more people change"), "{printed:#?}");
    let line = "provost mapper diff old.yaml new.yaml --over people.jsonl -o jsonl | head -n 1";
    let head = provost.in_shell(line).await.ended(0);
    assert!(head.stdout.contains("U0@X") && head.stderr.is_empty(), "{head:#?}");
}
