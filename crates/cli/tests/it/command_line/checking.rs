//! `provost mapper check`: the complaints as people see them, and as editors do.

use serde_json::json;

use super::{NOWHERE, with_instances, with_system};
use crate::provost::{Printed, Provost};

/// Compares what was shown, line by line; spaces at the end of a line do not count.
#[track_caller]
fn assert_shown(printed: &Printed, stderr: &str, stdout: &str) {
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&printed.stderr), lines(stderr), "{}", printed.stderr);
    assert_eq!(printed.stdout, stdout);
}

const NATIVE: &str = "\
mapper: My App (Outgoing)
direction: outgoing
fields:
  login: {from: email, then: [{split: {delimitr: '@'}}, firstItem]}
  country: countryname | lowr
  name:
    rules:
      - {value: surnam, on: create}
      - givenname
      - {value: title, missing: clear}
  city: {value: city, wen: city}
";

const OF_NATIVE: &str = "\
error: `split` has no argument `delimitr`
 --> m.yaml:4:40
  |
4 |   login: {from: email, then: [{split: {delimitr: '@'}}, firstItem]}
  |                                        ^^^^^^^^
  |
  = help: did you mean `delimiter`?

error: there is no operator `firstItem`
 --> m.yaml:4:57
  |
4 |   login: {from: email, then: [{split: {delimitr: '@'}}, firstItem]}
  |                                                         ^^^^^^^^^

error: there is no filter `lowr`
 --> m.yaml:5:26
  |
5 |   country: countryname | lowr
  |                          ^^^^
  |
  = help: did you mean `lower`?

warning: the user profile has no field `surnam`
 --> m.yaml:8:17
  |
8 |       - {value: surnam, on: create}
  |                 ^^^^^^
  |
  = help: did you mean `surname`?

warning: this rule is never reached: rule 2 of `name` always applies
  --> m.yaml:10:9
   |
10 |       - {value: title, missing: clear}
   |         ^
   |
   = help: give that one a `when`, an `on` or a `valid`, or put it last

error: unknown key `wen`
  --> m.yaml:11:23
   |
11 |   city: {value: city, wen: city}
   |                       ^^^
   |
   = help: did you mean `when`?

";

const XSOAR: &str = r#"{
  "name": "My App (Outgoing)",
  "type": "mapping-outgoing",
  "mapping": {
    "User Profile": {
      "internalMapping": {
        "mail": {"simple": "mail"},
        "login": {
          "complex": {
            "root": "email",
            "transformers": [
              {"operator": "splt", "args": {"delimiter": {"value": {"simple": "@"}}}},
              {"operator": "atIndex", "args": {"indx": {"value": {"simple": "0"}}}}
            ]
          }
        },
        "mail": {"simple": "phones[first]"}
      }
    }
  }
}
"#;

const OF_XSOAR: &str = r#"warning: the key `mail` is there again below
 --> m.json:7:9
  |
7 |         "mail": {"simple": "mail"},
  |         ^^^^^^
  |
  = help: the last one wins, so this one has no effect

error: there is no operator `splt`
  --> m.json:12:28
   |
12 |               {"operator": "splt", "args": {"delimiter": {"value": {"simple": "@"}}}},
   |                            ^^^^^^
   |
   = help: did you mean `split`?

warning: `atIndex` has no argument `indx`, so it has no effect
  --> m.json:13:48
   |
13 |               {"operator": "atIndex", "args": {"indx": {"value": {"simple": "0"}}}}
   |                                                ^^^^^^
   |
   = help: did you mean `index`?

error: `[first]` is no index; write `[0]`, `[0:2]` or `[]`
  --> m.json:17:28
   |
17 |         "mail": {"simple": "phones[first]"}
   |                            ^^^^^^^^^^^^^^^

"#;

#[tokio::test]
async fn all_that_is_wrong_is_shown_with_its_place() {
    let provost = Provost::new().file("m.yaml", NATIVE).file("m.json", XSOAR);
    let native = provost.run(&["mapper", "check", "m.yaml"]).await.ended(1);
    assert_shown(&native, OF_NATIVE, "m.yaml: 4 errors, 2 warnings\n");
    let xsoar = provost.run(&["mapper", "check", "m.json"]).await.ended(1);
    assert_shown(&xsoar, OF_XSOAR, "m.json: 2 errors, 2 warnings\n");
    let both = provost.run(&["mapper", "check", "m.yaml", "m.json"]).await.ended(1);
    let summaries = "m.yaml: 4 errors, 2 warnings\nm.json: 2 errors, 2 warnings\n";
    assert_shown(&both, &format!("{OF_NATIVE}{OF_XSOAR}"), summaries);
    // A command shows the first of them, an error.
    let run = provost.input("{}").run(&["mapper", "run", "m.yaml"]).await.ended(2);
    assert!(run.stderr.starts_with("error: `split` has no argument `delimitr`"), "{run:?}");
}

#[tokio::test]
async fn warnings_and_hints_spoil_nothing() {
    let text = "mapper: T\ndirection: outgoing\nfields: {a: emial}\n";
    let provost = Provost::new().file("m.yaml", text).file("good.yaml", &text.replace("emial", "email"));
    let warned = provost.run(&["mapper", "check", "m.yaml"]).await.ended(0);
    assert!(warned.stderr.contains("help: this mapper has no `tests`"), "{warned:?}");
    assert_eq!(warned.stdout, "m.yaml: 1 warning\n");
    provost.run(&["mapper", "check", "--deny-warnings", "m.yaml"]).await.ended(1);
    let good = provost.run(&["mapper", "check", "--deny-warnings", "good.yaml"]).await.ended(0);
    assert_eq!(good.stdout, "good.yaml: `T` is fine\n");
}

#[tokio::test]
async fn editors_get_data() {
    let provost = Provost::new().file("m.yaml", NATIVE);
    let printed = provost.run(&["mapper", "check", "m.yaml", "-o", "json"]).await.ended(1);
    assert_eq!(printed.stderr, "");
    assert_eq!(
        printed.json()[2],
        json!({
            "file": "m.yaml", "line": 5, "column": 26, "length": 4,
            "severity": "error", "message": "there is no filter `lowr`", "hint": "did you mean `lower`?",
        })
    );
    let lines = provost.run(&["mapper", "check", "m.yaml", "-o", "jsonl"]).await.ended(1).json_lines();
    assert_eq!(json!(lines), printed.json());
}

#[tokio::test]
async fn editors_get_the_schema() {
    let schema = Provost::new().run(&["mapper", "schema"]).await.ended(0);
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema/mapper.schema.json");
    assert_eq!(schema.stdout, std::fs::read_to_string(committed).expect("the committed schema"));
}

#[tokio::test]
async fn an_instance_knows_its_attributes() {
    let (_system, provost) = with_system().await;
    let text = "mapper: T\ndirection: outgoing\ntests: []\nfields: {email: email, first_nam: givenname}\n";
    let provost = provost.file("m.yaml", text);
    let checked = provost.run(&["mapper", "check", "--instance", "app", "m.yaml"]).await.ended(0);
    let expected = ["m.yaml:4:24", "the system has no attribute `first_nam`", "did you mean `first_name`?"];
    for part in expected {
        assert!(checked.stderr.contains(part), "{part}: {checked:#?}");
    }
    assert_eq!(checked.stdout, "m.yaml: 1 warning\n");
    provost.run(&["mapper", "check", "--instance", "nobody", "m.yaml"]).await.ended(2);
    let dead = with_instances(&[("dead", NOWHERE)]).file("m.yaml", text);
    let dead = dead.run(&["mapper", "check", "--instance", "dead", "m.yaml"]).await.ended(0);
    assert!(dead.stderr.contains("warning: the attributes of `dead` are not checked: "), "{dead:#?}");
    assert_eq!(dead.stdout, "m.yaml: `T` is fine\n");
}

#[tokio::test]
async fn lines_that_may_hold_a_secret_are_not_shown() {
    let text = "mapper: T\ndirection: outgoing\nfields: {password: \"'canary' | lowr\"}\n";
    let provost = Provost::new().file("m.yaml", text).file("m.json", r#"{"name": "T", "token": "canary", "#);
    for file in ["m.yaml", "m.json"] {
        let printed = provost.run(&["mapper", "check", file]).await.ended(1);
        assert!(!printed.holds("canary"), "{printed:#?}");
        assert!(printed.stderr.contains(&format!("{file}:")), "{printed:#?}");
    }
}

#[tokio::test]
async fn tests_say_what_they_leave_untried() {
    let text = "mapper: T\ndirection: outgoing\nfields:\n  a: email\n  b: surname\n  \
                c: {rules: [{value: 1, when: title}, {value: 2}]}\n\
                tests: [{given: {email: x}, expect: {a: x, c: 2}}]\n";
    let provost = Provost::new().file("m.yaml", text);
    let tested = provost.run(&["mapper", "test", "m.yaml"]).await.ended(0);
    assert_eq!(tested.stdout, "m.yaml: 1 passed, 0 failed\nno test touches `b`, rule 1 of `c`\n");
}
