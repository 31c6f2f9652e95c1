//! `get-mapping-fields` and `test-module`: side by side, and failures in every form.

use provost_lab::script::{Answer, Exchange, Server};
use serde_json::{Value, json};

use super::refusals::check;
use super::{NOWHERE, system, with_instances};
use crate::provost::Provost;

const INTEGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/integrations");

/// The start of the text that a dead system gives.
const DEAD: &str = "Verify that the server URL parameter is correct";

/// The program with these instances and one, `plain`, that does not describe its fields.
fn with_plain(instances: &[(&str, &str)]) -> Provost {
    let provost = with_instances(instances);
    let plain = format!(
        "  plain:\n    integration: mock\n    url: {NOWHERE}\n    \
         credentials: {{username: app, password: \"env:APP_PASSWORD\"}}\nintegrations: {INTEGRATIONS}\n"
    );
    let text = format!("{}{plain}", provost.read("provost.yaml"));
    provost.file("provost.yaml", &text)
}

#[tokio::test]
async fn answers_come_as_they_are_ready_and_lists_in_the_order_of_the_file() {
    let quick = system().await;
    for (command, path) in [("test-module", "test"), ("get-mapping-fields", "schema")] {
        for (format, expected) in [("jsonl", ["quick", "slow"]), ("json", ["slow", "quick"])] {
            let answer = Answer { delay: Some(400), ..Answer::new(200, json!({"result": []})) };
            let exchange = Exchange::new(format!("GET /api/now/{path}"), answer);
            let slow = Server::start(vec![exchange]).await.expect("the server starts");
            let provost = with_instances(&[("slow", &slow.url()), ("quick", &quick.url())]);
            let printed = provost.run(&[command, "-o", format]).await.ended(0);
            let answers = if format == "json" { vec![printed.json()] } else { printed.json_lines() };
            let names: Vec<&String> =
                answers.iter().filter_map(Value::as_object).flat_map(|answer| answer.keys()).collect();
            assert_eq!(names, expected, "{command} {format}");
            assert_eq!(slow.finish().await, Ok(()));
        }
    }
}

#[tokio::test]
async fn an_instance_that_does_not_describe_its_fields_is_asked_only_by_name() {
    let system = system().await;
    let provost = with_plain(&[("app", &system.url())]);
    let fields = provost.run(&["get-mapping-fields", "-o", "json"]).await.ended(0).json();
    assert_eq!(fields["User Profile"]["email"], "Mail address, unique");
    let named = provost.run(&["get-mapping-fields", "--using=plain", "-o", "json"]).await.ended(1).json();
    assert_eq!(named["error"]["code"], 501, "{named:#}");
    let words = ["get-mapping-fields", "--using-brand=Mock"];
    check(&provost, &words, &["no enabled instance", "can run get-mapping-fields"]).await;
}

#[tokio::test]
async fn a_failure_is_an_answer_in_the_forms_for_programs() {
    let provost = with_instances(&[("dead", NOWHERE)]);
    for command in ["test-module", "get-mapping-fields"] {
        let entry = provost.run(&[command, "-o", "entry"]).await.ended(1).json();
        let text = entry["Contents"].as_str().expect("a text");
        let expected = format!("Failed to execute {command} command. Error: {DEAD}");
        assert!(text.starts_with(&expected), "{entry:#}");
        assert_eq!((&entry["Type"], &entry["ContentsFormat"]), (&4.into(), &"text".into()));
        let printed = provost.run(&[command, "-o", "json"]).await.ended(1);
        check_error(&printed.json());
        assert!(printed.stderr.contains("dead: Verify") && printed.stderr.contains("hint: dead: "));
        check_error(&provost.run(&[command, "-o", "jsonl"]).await.ended(1).json()["dead"]);
        for format in ["table", "markdown"] {
            assert_eq!(provost.run(&[command, "-o", format]).await.ended(1).stdout, "", "{format}");
        }
    }
}

#[tokio::test]
async fn several_answers_stand_under_their_names_and_several_entries_are_a_list() {
    let system = system().await;
    let provost = with_instances(&[("dead", NOWHERE), ("app", &system.url())]);
    let answers = provost.run(&["test-module", "-o", "json"]).await.ended(1).json();
    check_error(&answers["dead"]);
    assert_eq!(answers["app"], "ok");
    let entries = provost.run(&["test-module", "-o", "entry"]).await.ended(1).json();
    let types: Vec<&Value> = entries.as_array().expect("a list").iter().map(|entry| &entry["Type"]).collect();
    assert_eq!(types, [&json!(4), &json!(1)]);
    let table = provost.run(&["test-module"]).await.ended(1);
    assert_eq!(table.stdout, "app: ok\n");
}

fn check_error(answer: &Value) {
    let error = &answer["error"];
    assert!(error["message"].as_str().is_some_and(|text| text.starts_with(DEAD)), "{answer:#}");
    assert_eq!(error["code"], Value::Null);
}
