//! Secrets and private attributes, which no event holds.

use std::path::Path;

use provost_core::{AuditResult, Fault, FaultKind, Private, Verb};
use provost_mapper::Mapper;
use serde_json::{Value, json};

use super::fake::{Answer, Scene, ann};

const MAPPER: &str = "\
mapper: T
direction: outgoing
fields:
  email: email
  custom1: ssn
  phrase: {generate: {length: 12, classes: [lower, digit]}}
  hint: oldpassword
";

fn person() -> Value {
    json!({
        "email": "ann@example.com", "ssn": 123_456_789, "oldpassword": "canary-1",
        "olduserdata": {"email": "ann@example.com", "Home Phone": "+49 30 77"},
    })
}

fn scene(active: bool, answers: Vec<Answer>) -> Scene {
    let attributes = json!({"custom1": 123_456_789, "hint": "+49 30 77, not 987654321", "SSN": "987654321"});
    let mut scene = Scene::new(&[ann(active, attributes)], answers);
    scene.instance.private = Private::new(["ssn", "home phone"]);
    scene.instance.mapper_out = Some(Mapper::load(Path::new("m.yaml"), MAPPER).expect("valid"));
    scene
}

/// What no event may hold.
const HIDDEN: [&str; 4] = ["canary", "123456789", "987654321", "49 30"];

fn is_clean(scene: &Scene) {
    let events = scene.events();
    let text = format!("{events:?}");
    for hidden in HIDDEN {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
}

#[test]
fn secrets_and_private_values_are_in_no_event_but_in_the_record() {
    let shown = json!({"custom1": 123_456_789, "hint": "canary-1", "ssn": "123456789"});
    let scene = scene(true, vec![Ok(ann(true, shown))]);
    let outcome = scene.run(Verb::Update, person());
    assert!(outcome.record.success, "{outcome:?}");
    is_clean(&scene);
    let intent = &scene.intents()[0];
    let before = json!({"custom1": "[private]", "hint": "[private], not [private]"});
    assert_eq!(intent.before, Some(before));
    let after = json!({"email": "ann@example.com", "custom1": "[private]", "hint": "[secret]"});
    assert_eq!(intent.after, Some(after));
    assert_eq!(scene.endings()[0].after, Some(json!({"custom1": "[private]", "hint": "[secret]"})));
    assert_eq!(outcome.record.details["custom1"], 123_456_789, "the caller sees real values");
    assert_eq!(outcome.profile["ssn"], 123_456_789);
}

#[test]
fn a_message_of_the_system_is_masked_too() {
    let words = "123456789 (was 987654321) and canary-1 are no good for Ann";
    let scene = scene(true, vec![Err(Fault::new(FaultKind::InvalidValue, words))]);
    let outcome = scene.run(Verb::Update, person());
    is_clean(&scene);
    let ending = &scene.endings()[0];
    assert_eq!(ending.result, AuditResult::Failure);
    assert_eq!(ending.message, "[private] (was [private]) and [secret] are no good for Ann");
    assert!(outcome.record.error_message.starts_with("123456789 (was 987654321) and [secret]"));
}

#[test]
fn a_secret_that_was_made_for_the_account_is_masked() {
    let mut scene = Scene::new(&[], [Err(Fault::new(FaultKind::InvalidValue, "PHRASE is too weak"))]);
    scene.instance.mapper_out = Some(Mapper::load(Path::new("m.yaml"), MAPPER).expect("valid"));
    let outcome = scene.run(Verb::Create, person());
    assert_eq!(scene.intents()[0].after.clone().unwrap_or_default()["phrase"], "[secret]");
    assert_eq!(scene.endings()[0].message, "[secret] is too weak");
    assert_eq!(outcome.record.error_message, "[secret] is too weak");
}

#[test]
fn who_is_private_is_nobody_in_the_log() {
    let mut scene = scene(true, vec![Ok(ann(false, json!({})))]);
    scene.instance.private = Private::new(["Email"]);
    scene.run(Verb::Disable, person());
    assert_eq!(scene.intents()[0].subject.as_deref(), Some("[private]"));
}

#[test]
fn an_outcome_is_kept_without_private_values() {
    let scene = scene(true, vec![Err(Fault::new(FaultKind::Conflict, "123456789 is ANN@example.com's"))]);
    let outcome = scene.run(Verb::Update, person());
    let kept = outcome.masked(&Private::new(["ssn", "home phone", "email"]));
    let text = format!("{kept:?}");
    for hidden in ["123456789", "49 30", "ann@", "ANN@"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert_eq!(kept.record.error_message, "[private] is [private]'s");
    assert_eq!(kept.record.email.as_deref(), Some("[private]"));
    assert_eq!(kept.profile["olduserdata"]["homephone"], "[private]");
    assert_eq!((kept.fault, kept.trace.len()), (outcome.fault, outcome.trace.len()));
    assert!(format!("{:?}", outcome.masked(&Private::default())) == format!("{outcome:?}"));
}
