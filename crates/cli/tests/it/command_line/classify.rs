//! `provost mapper classify`: the type of incident of a document.

use serde_json::json;

use crate::provost::Provost;

const CLASSIFIER: &str = r#"{
  "name": "Events (classifier)",
  "type": "classification",
  "transformer": {"complex": {"root": "event", "accessor": "kind", "transformers": [{"operator": "ParseJSON"}]}},
  "keyTypeMap": {"7": "IAM - New Hire", "gone": "IAM - Terminate User"},
  "defaultIncidentType": ""
}"#;

fn classifier() -> Provost {
    Provost::new().file("c.json", CLASSIFIER)
}

#[tokio::test]
async fn a_type_is_printed_or_nothing() {
    let words = ["mapper", "classify", "c.json"];
    let cases = [
        (r#"{"event": {"kind": "7"}}"#, 0, "IAM - New Hire\n"),
        (r#"{"event": {"kind": "[\"other\", \"gone\"]"}}"#, 0, "IAM - Terminate User\n"),
        (r#"{"event": {"kind": "8"}}"#, 0, ""),
        ("{}", 0, ""),
        (r#"{"event": {"kind": "{"}}"#, 1, ""),
    ];
    for (input, exit, expected) in cases {
        let printed = classifier().input(input).run(&words).await.ended(exit);
        assert_eq!(printed.stdout, expected, "{input}");
        assert_eq!(printed.stderr.is_empty(), exit == 0, "{printed:?}");
    }
    let words = ["mapper", "classify", "c.json", "event.json", "-o", "json"];
    for (kind, expected) in [("7", json!("IAM - New Hire")), ("8", json!(null))] {
        let file = json!({"event": {"kind": kind}}).to_string();
        assert_eq!(classifier().file("event.json", &file).run(&words).await.ended(0).json(), expected);
    }
}

#[tokio::test]
async fn every_line_has_a_line() {
    let lines = "\u{feff}{\"event\": {\"kind\": \"7\"}}\n\n{\"event\": {\"kind\": \"{\"}}\n{broken\n{\"event\": {\"kind\": \"\\\"gone\\\"\"}}";
    let provost = classifier().input(lines);
    let printed = provost.run(&["mapper", "classify", "c.json", "--jsonl"]).await.ended(1);
    assert_eq!(printed.stdout, "IAM - New Hire\n\n\n\nIAM - Terminate User\n");
    for expected in ["line 3, field `transformer`: `ParseJSON`", "line 4: no JSON document"] {
        assert!(printed.stderr.contains(expected), "{printed:?}");
    }
}

#[tokio::test]
async fn what_is_no_classifier_is_refused_with_its_place() {
    let cases = [
        ("\"classification\"", "\"mapping-incoming\"", "`type` is `mapping-incoming`", "c.json:3:"),
        ("ParseJSON", "ParsJSON", "there is no operator `ParsJSON`", "c.json:4:98"),
        ("\"IAM - New Hire\"", "7", "the type of `7` must be a text", "c.json:5:"),
        ("{\n", "", "this is no JSON", "c.json:1:"),
    ];
    for (good, bad, message, place) in cases {
        let text = CLASSIFIER.replacen(good, bad, 1);
        assert_ne!(text, CLASSIFIER, "{good}");
        let provost = Provost::new().file("c.json", &text);
        let refused = provost.run(&["mapper", "classify", "c.json"]).await.ended(2);
        assert!(refused.stderr.contains(message) && refused.stderr.contains(place), "{refused:?}");
    }
    let none = Provost::new().run(&["mapper", "classify", "none.json"]).await.ended(2);
    assert!(none.stderr.contains("could not read the classifier `none.json`"), "{none:?}");
}

#[tokio::test]
async fn an_old_file_is_classifier_and_mapper_in_one() {
    let file = json!({
        "name": "Old", "transformer": {"simple": "kind"}, "keyTypeMap": {"new": "IAM - New Hire"},
        "mapping": {"IAM - New Hire": {"internalMapping": {"Email": {"simple": "mail"}}}},
    });
    let provost = Provost::new()
        .file("old.json", &file.to_string())
        .file("event.json", r#"{"kind": "new", "mail": "ann@example.com"}"#);
    let words = ["mapper", "classify", "old.json", "event.json"];
    assert_eq!(provost.run(&words).await.ended(0).stdout, "IAM - New Hire\n");
    let words = ["mapper", "run", "old.json", "event.json", "--type", "IAM - New Hire"];
    assert_eq!(provost.run(&words).await.ended(0).json(), json!({"Email": "ann@example.com"}));
}
