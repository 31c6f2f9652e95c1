//! `provost mapper`: the mapping bench.

use std::fmt::Write as _;

use serde_json::json;

use crate::provost::Provost;

const MAPPER: &str = "mapper: Test (Outgoing)
direction: outgoing
fields:
  mail: email | lower
  name: {from: givenname, then: [{concat: {suffix: ' ${surname}'}}]}
  level: level + 1
  phone: {value: mobilephone, on: create}
tests:
  - {given: {email: A@X}, expect: {mail: a@x}}
";

fn bench() -> Provost {
    Provost::new().file("m.yaml", MAPPER)
}

#[tokio::test]
async fn a_document_is_mapped_and_failing_fields_are_told() {
    let provost =
        bench().input(r#"{"email": "Ann@X", "givenname": "Ann", "surname": "Example", "mobilephone": "1"}"#);
    let mapped = provost.run(&["mapper", "run", "m.yaml"]).await.ended(0).json();
    assert_eq!(mapped, json!({"mail": "ann@x", "name": "Ann Example", "phone": "1"}));
    let updated = provost.run(&["mapper", "run", "m.yaml", "--on", "update"]).await.ended(0).json();
    assert_eq!(updated, json!({"mail": "ann@x", "name": "Ann Example"}));
    let failing = bench()
        .input(r#"{"email": "a", "level": "senior"}"#)
        .run(&["mapper", "run", "m.yaml"])
        .await
        .ended(1);
    assert_eq!(failing.json(), json!({"mail": "a"}));
    assert!(failing.stderr.contains("level:"), "{failing:?}");
}

#[tokio::test]
async fn what_the_system_must_say_is_left_open_and_told() {
    let mapper =
        "mapper: T\ndirection: outgoing\nfields:\n  mail: email\n  login: {value: email, unique: {}}\n";
    let provost = Provost::new().file("m.yaml", mapper).input(r#"{"email": "ann@x"}"#);
    let mapped = provost.run(&["mapper", "run", "m.yaml"]).await.ended(0);
    assert_eq!(mapped.json(), json!({"mail": "ann@x"}));
    assert!(mapped.stderr.contains("the first of ann@x, ann2@x, ann3@x, ... that no account has as `login`"));
    let lines = "{\"email\": \"ann@x\"}\n{\"login\": 1}\n".repeat(2_000);
    let provost = provost.file("people.jsonl", &lines);
    let mapped = provost.run(&["mapper", "run", "m.yaml", "--jsonl", "people.jsonl"]).await.ended(0);
    assert_eq!(mapped.stderr.matches("left open until a write: `login`").count(), 1, "{}", mapped.stderr);
}

#[tokio::test]
async fn lines_come_out_in_their_order_and_none_is_lost() {
    let mut input = String::new();
    for number in 0..20_000 {
        let _ = writeln!(input, r#"{{"email": "U{number}@X", "unused": "{}"}}"#, "x".repeat(number % 50));
    }
    input.push_str("{broken\n\n{\"email\": \"last@x\", \"level\": \"x\"}");
    let provost = bench().file("people.jsonl", &input);
    let printed = provost.run(&["mapper", "run", "m.yaml", "--jsonl", "people.jsonl"]).await.ended(1);
    let lines = printed.json_lines();
    assert_eq!(lines.len(), 20_002);
    for (number, line) in lines.iter().take(20_000).enumerate() {
        assert_eq!(line, &json!({"mail": format!("u{number}@x")}));
    }
    assert_eq!(lines[20_000], json!(null));
    assert_eq!(lines[20_001], json!({"mail": "last@x"}));
    assert!(printed.stderr.contains("line 20001: no JSON object"), "{}", printed.stderr);
    assert!(printed.stderr.contains("line 20003, field `level`"), "{}", printed.stderr);
}

#[tokio::test]
async fn a_line_is_answered_before_the_next_is_written() {
    let mark = "\u{feff}";
    let line = format!(
        "mkfifo lines answers; provost mapper run m.yaml --jsonl lines > answers & \\
         exec 4< answers 3> lines; \\
         printf '{mark}{{\"email\": \"A\"}}\\n' >&3; read -r first <&4; \\
         printf '{{\"email\": \"B\"}}\\n' >&3; read -r second <&4; exec 3>&-; wait; echo \"[$first, $second]\""
    );
    let answers = bench().in_shell(&line).await.ended(0).json();
    assert_eq!(answers, json!([{"mail": "a"}, {"mail": "b"}]));
}

#[tokio::test]
async fn a_type_that_the_mapper_does_not_have_is_told() {
    let file = r#"{"name": "X", "type": "mapping-outgoing", "mapping": {"IAM - New Hire": {"internalMapping": {"mail": {"simple": "email"}}}}}"#;
    let provost = bench().file("x.json", file).input(r#"{"email": "a"}"#);
    let cases: [(&[&str], &str); 4] = [
        (&["--type", "IAM - New Hire"], ""),
        (&["--type", "New Hire"], "`X` has no type `New Hire`, so nothing is mapped"),
        (&[], "`X` has no type for this"),
        (&["--jsonl"], "name one with `--type`: `IAM - New Hire`"),
    ];
    for (words, expected) in cases {
        let printed = provost.run(&[&["mapper", "run", "x.json"], words].concat()).await.ended(0);
        let is_quiet = expected.is_empty() && printed.stderr.is_empty();
        assert!(is_quiet || (!expected.is_empty() && printed.stderr.contains(expected)), "{printed:?}");
    }
}

#[tokio::test]
async fn mistakes_and_tests_are_shown() {
    let provost = bench().file("bad.yaml", &MAPPER.replace("email | lower", "email | lowr"));
    provost.run(&["mapper", "check", "m.yaml"]).await.ended(0);
    let bad = provost.run(&["mapper", "check", "m.yaml", "bad.yaml"]).await.ended(1);
    assert!(bad.stderr.contains("bad.yaml:4:") && bad.stdout.contains("m.yaml: 1 warning"), "{bad:?}");
    let tested = provost.run(&["mapper", "test", "m.yaml"]).await.ended(0);
    assert!(tested.stdout.contains("1 passed, 0 failed"), "{tested:?}");
    let wrong = bench().file("wrong.yaml", &MAPPER.replace("{mail: a@x}", "{mail: b@x}"));
    let wrong = wrong.run(&["mapper", "test", "wrong.yaml"]).await.ended(1);
    assert!(wrong.stderr.contains("expected") && wrong.stdout.contains("0 passed, 1 failed"), "{wrong:?}");
    let gone = provost.run(&["mapper", "check", "gone.yaml", "m.yaml"]).await.ended(1);
    assert!(
        gone.stderr.contains("`gone.yaml` is neither") && gone.stdout.contains("m.yaml: 1 warning"),
        "{gone:?}"
    );
    let itself = provost.run(&["mapper", "convert", "m.yaml", "--out", "./m.yaml"]).await.ended(2);
    assert!(itself.stderr.contains("it is not written over"), "{itself:?}");
    let nobody = provost.run(&["mapper", "run", "User Profile - Nobody"]).await.ended(2);
    assert!(nobody.stderr.contains("neither a file nor a mapper"), "{nobody:?}");
}

#[tokio::test]
async fn operators_are_listed_and_explained() {
    let provost = Provost::new();
    let all = provost.run(&["mapper", "operators"]).await.ended(0);
    assert!(all.stdout.contains("concat") && all.stdout.contains("isEqualString"), "{all:?}");
    let one = provost.run(&["mapper", "operators", "concat"]).await.ended(0);
    assert!(one.stdout.contains("prefix") && one.stdout.contains("AnnExample"), "{one:?}");
    let unknown = provost.run(&["mapper", "operators", "conct"]).await.ended(2);
    assert!(unknown.stderr.contains("did you mean `concat`?"), "{unknown:?}");
    let shipped = Provost::new().input(r#"{"email": "ann@example.com"}"#);
    let words = ["mapper", "run", "User Profile - HelloIAMWorld (Outgoing)"];
    assert_eq!(shipped.run(&words).await.ended(0).json(), json!({"email": "ann@example.com"}));
}

#[tokio::test]
async fn mappers_are_converted_to_the_other_form_and_back() {
    const FIELDS: &str = "\
fields:
  mail: {from: email, then: [trim, toLowerCase]}
  name: givenname
  phone: {value: mobilephone, on: create}
";
    let native = format!("mapper: Test (Outgoing)\ndirection: outgoing\nstrict: false\n{FIELDS}");
    let provost = bench().file("plain.yaml", &native);
    let xsoar = provost.run(&["mapper", "convert", "plain.yaml"]).await.ended(0);
    let mapping = &xsoar.json()["mapping"];
    assert_eq!(mapping["User Profile - Update"]["internalMapping"]["name"]["simple"], "givenname");
    assert_eq!(mapping["User Profile - Update"]["internalMapping"]["phone"], json!(null));
    assert_eq!(xsoar.stderr, "");
    let provost = provost.file("plain.json", &xsoar.stdout);
    provost.run(&["mapper", "convert", "plain.json", "--to", "native", "--out", "back.yaml"]).await.ended(0);
    assert!(provost.read("back.yaml").contains(FIELDS), "{}", provost.read("back.yaml"));
    let same = provost.run(&["mapper", "convert", "plain.yaml", "--to", "native"]).await.ended(0);
    assert!(same.stdout.trim_end() == native.trim_end() && same.stderr.contains("already"), "{same:?}");
    let none = provost.run(&["mapper", "convert", "m.yaml", "--out", "none.json"]).await.ended(1);
    assert!(none.stderr.contains("`level`: the expression `level + 1` has no equivalent"), "{none:?}");
    assert!(!provost.folder().join("none.json").exists());
}
