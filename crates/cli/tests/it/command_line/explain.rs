//! `provost mapper explain`: every step of a field, for people and programs.

use serde_json::{Value, json};

use crate::provost::Provost;

const NATIVE: &str = "mapper: Test (Outgoing)
direction: outgoing
fields:
  mail: email | lower
  name: {from: givenname, then: [{concat: {suffix: ' ${surname}'}}, toUpperCase]}
  site: {from: sites, where: [{left: kind, is: isEqualString, right: main}], take: id}
  office: {value: {city: city, country: \"'NO'\"}}
  phone: {value: mobilephone, when: country == 'NO'}
  title: {value: title, default: \"'Employee'\"}
  start: {value: hiredate, on: update}
  level: level + 1
  gone: nothing
  password: {from: initial, then: [{concat: {suffix: '!long'}}]}
  note: remark ~ api_token
  pwd: \"'Welcome1'\"
  secret: \"'Welcome2' ~ email\"
  login: {value: {user: email, password: \"'Welcome3'\"}}
";

const XSOAR: &str = r#"{"name": "X (Outgoing)", "type": "mapping-outgoing", "mapping": {
  "User Profile - Create": {"internalMapping": {
    "emails": {"complex": {"root": "email", "transformers": [
      {"operator": "concat", "args": {
        "prefix": {"value": {"simple": "[{\"value\": \""}}, "suffix": {"value": {"simple": "\"}]"}}}},
      {"operator": "ParseJSON", "args": {}}]}}}},
  "Other": {"internalMapping": {"id": {"simple": "employeeid"}}}
}}"#;

const PERSON: &str = r#"{"email": "Ann@Example.com", "givenname": "Ann", "surname": "Example", "city": "Oslo",
  "country": "SE", "level": "senior", "initial": "s3cr3t-initial", "remark": "key", "api_token": "t0ken-value",
  "sites": [{"kind": "main", "id": 1}, {"kind": "side", "id": 2}, "x"]}"#;

fn bench() -> Provost {
    Provost::new().file("m.yaml", NATIVE).file("x.json", XSOAR).file("ann.json", PERSON)
}

#[tokio::test]
async fn people_see_every_step() {
    let printed = bench().run(&["mapper", "explain", "m.yaml", "ann.json"]).await.ended(1);
    let expected = r#"mail
  expression email | lower -> "ann@example.com"
  gives "ann@example.com"
name
  root givenname -> "Ann"
    text " ${surname}" -> " Example"
  transformer concat(suffix: " Example") -> "Ann Example"
  transformer toUpperCase -> "ANN EXAMPLE"
  gives "ANN EXAMPLE"
site
  root sites -> [{"kind":"main","id":1},{"kind":"side","id":2},"x"]
  filter kind isEqualString "main": 1 of 3 kept -> [{"kind":"main","id":1}]
  take id -> 1
  gives 1
office
  member city
    path city -> "Oslo"
  member country
    constant "NO" -> "NO"
  gives {"city":"Oslo","country":"NO"}
phone
  when country == 'NO' -> false
  left out: its condition does not hold
title
  path title -> nothing
  default
  constant "Employee" -> "Employee"
  gives "Employee"
start
  left out: it is only for update
level
  fails: `level + 1`: tried to use + operator on unsupported types string and number
gone
  path nothing -> nothing
  left out: its source gives nothing
password
  root initial -> "[secret]"
  transformer concat -> "[secret]"
  gives "[secret]"
note
  expression remark ~ api_token -> "[secret]"
  gives "[secret]"
pwd
  constant [secret] -> "[secret]"
  gives "[secret]"
secret
  expression [secret] -> "[secret]"
  gives "[secret]"
login
  member user
    path email -> "[secret]"
  member password
    constant [secret] -> "[secret]"
  gives "[secret]"
"#;
    assert_eq!(printed.stdout, expected);
}

#[tokio::test]
async fn programs_read_the_same() {
    let run = |words: &'static [&'static str]| async move {
        let line: Vec<&str> = ["mapper", "explain"].into_iter().chain(words.iter().copied()).collect();
        bench().run(&line).await.ended(0).json()
    };
    let step = |kind: &str, what: &str, value: Value| json!({"depth": 0, "kind": kind, "what": what, "value": value});
    let glued = r#"[{"value": "Ann@Example.com"}]"#;
    let value = json!([{"value": "Ann@Example.com"}]);
    let emails = json!([{"target": "emails", "steps": [
        step("root", "email", json!("Ann@Example.com")),
        step("transformer", r#"concat(prefix: "[{\"value\": \"", suffix: "\"}]")"#, json!(glued)),
        step("transformer", "ParseJSON", value.clone()),
    ], "value": value}]);
    assert_eq!(run(&["x.json", "ann.json", "-o", "json"]).await, emails);
    let other = json!([{"target": "id", "steps": [step("path", "employeeid", Value::Null)],
        "leftOut": "its source gives nothing"}]);
    assert_eq!(run(&["x.json", "ann.json", "--type", "Other", "-o", "json"]).await, other);
    let start = json!([{"target": "start", "steps": [step("path", "hiredate", Value::Null)],
        "leftOut": "its source gives nothing"}]);
    assert_eq!(run(&["m.yaml", "ann.json", "--on", "update", "--field", "start", "-o", "json"]).await, start);
}

#[tokio::test]
async fn the_input_may_be_standard_input_and_mistakes_are_told() {
    let provost = bench().input(r#"{"email": "A@X"}"#);
    let printed = provost.run(&["mapper", "explain", "m.yaml", "-", "--field", "mail"]).await.ended(0);
    assert_eq!(printed.stdout, "mail\n  expression email | lower -> \"a@x\"\n  gives \"a@x\"\n");
    let unknown = bench().run(&["mapper", "explain", "m.yaml", "ann.json", "--field", "mial"]).await.ended(2);
    assert!(unknown.stderr.contains("sets no field `mial`"), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("did you mean `mail`?"), "{}", unknown.stderr);
}

#[tokio::test]
async fn a_document_that_is_too_long_is_refused() {
    let long = format!(r#"{{"email": "{}"}}"#, "é".repeat(600_000));
    let lines = format!("{{\"email\": \"A\"}}\n{long}\n{{\"email\": \"B\"}}\n{long}");
    let provost = bench().file("long.json", &long).file("lines.jsonl", &lines);
    for command in ["run", "explain"] {
        let refused = provost.run(&["mapper", command, "m.yaml", "long.json"]).await.ended(2);
        assert!(refused.stderr.contains("more than 1048576 bytes"), "{}", refused.stderr);
    }
    let mapped = provost.run(&["mapper", "run", "m.yaml", "--jsonl", "lines.jsonl"]).await.ended(1);
    let lines: Vec<Value> = mapped.json_lines();
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[0]["mail"], &lines[2]["mail"]), (&json!("a"), &json!("b")));
    assert_eq!((&lines[1], &lines[3]), (&Value::Null, &Value::Null));
    for number in [2, 4] {
        assert!(
            mapped.stderr.contains(&format!("line {number}: the document has more")),
            "{}",
            mapped.stderr
        );
    }
}
