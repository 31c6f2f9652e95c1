//! No change without its events, and no event with a secret.

mod fake;
mod groups;
mod masked;

use provost_core::{AuditResult, FaultKind, Treatment, Verb};
use serde_json::json;

use crate::Mode;
use fake::{Answer, Event, Recording, Scene, ann, fails, person};

#[test]
fn the_intent_is_before_the_call_and_its_ending_after() {
    let scene = Scene::new(&[], [Ok(ann(true, json!({"email": "ann@example.com", "other": 1})))]);
    let outcome = scene.run(Verb::Create, person());
    assert_eq!((outcome.record.success, outcome.fault), (true, None));
    assert_eq!(scene.diary(), ["find", "intend create", "create", "end 0"]);
    let [Event::Intended(intent), Event::Ended(0, ending)] = &scene.events()[..] else {
        panic!("{:?}", scene.events())
    };
    assert_eq!((intent.instance.as_str(), intent.subject.as_deref()), ("app", Some("ann@example.com")));
    assert_eq!((&intent.account, &intent.before), (&None, &None));
    assert_eq!(intent.after, Some(person()));
    assert_eq!(intent.why, "there is no account");
    assert_eq!((ending.result, ending.message.as_str()), (AuditResult::Success, ""));
    assert_eq!(ending.account, Some("7".into()));
    assert_eq!(ending.after, Some(json!({"email": "ann@example.com"})), "only what was written");
}

#[test]
fn only_the_requests_of_the_change_are_in_its_event() {
    for scene in [Scene::new(&[ann(true, json!({}))], [Ok(ann(true, json!({})))])]
        .map(Scene::silent)
        .into_iter()
        .chain([Scene::new(&[ann(true, json!({}))], [Ok(ann(true, json!({})))])])
    {
        scene.run(Verb::Update, person());
        assert_eq!(scene.diary(), ["find", "intend update", "update", "end 0"]);
        assert_eq!(scene.endings()[0].request_ids, ["request-2"]);
    }
}

#[test]
fn what_was_there_is_told_of_what_is_written() {
    let before = json!({"title": "Clerk", "email": "ann@example.com", "manager": "bo@example.com"});
    let scene = Scene::new(&[ann(true, before)], [Ok(ann(true, json!({})))]);
    scene.run(Verb::Update, person());
    let intent = &scene.intents()[0];
    assert_eq!(intent.before, Some(json!({"email": "ann@example.com", "title": "Clerk"})));
    assert_eq!((&intent.account, intent.why.as_str()), (&Some("7".into()), "the account is there"));
    assert_eq!(scene.endings()[0].after, None, "the system shows none of it");
}

#[test]
fn changes_in_a_row_have_events_each() {
    let answers = [Ok(ann(true, json!({}))), Ok(ann(true, json!({"title": "Lead"})))];
    let scene = Scene::new(&[ann(false, json!({"title": "Clerk"}))], answers);
    let outcome = scene.run(Verb::Update, person());
    assert!(outcome.record.success, "{outcome:?}");
    let order = ["find", "intend enable", "enable", "end 0", "intend update", "update", "end 1"];
    assert_eq!(scene.diary(), order);
    let intents = scene.intents();
    assert_eq!(intents[0].before, Some(json!({"active": false})));
    assert_eq!(intents[0].after, Some(json!({"active": true})));
    assert_eq!(intents[1].before, Some(json!({"title": "Clerk"})));
    let endings = scene.endings();
    assert_eq!(endings[0].after, Some(json!({"active": true})));
    assert_eq!(endings[1].after, Some(json!({"title": "Lead"})));
    let ids: Vec<_> = endings.iter().flat_map(|ending| &ending.request_ids).collect();
    assert_eq!(ids, ["request-2", "request-3"]);
}

#[test]
fn a_ledger_that_fails_lets_nothing_be_written() {
    for (verb, active) in [(Verb::Update, true), (Verb::Disable, true), (Verb::Enable, false)] {
        let scene = Scene::flawed(Some(0), &[ann(active, json!({}))], vec![]);
        let outcome = scene.run(verb, person());
        assert_eq!((outcome.record.success, outcome.record.skipped), (false, false));
        let message = "nothing was written, because the audit log could not be: the disk is full";
        assert_eq!(outcome.record.error_message, message);
        assert_eq!(outcome.fault, Some(FaultKind::NotSent), "it may be tried again");
        assert_eq!(outcome.hints, [""; 0], "nothing can have happened");
        assert_eq!(scene.diary().len(), 2, "{:?}", scene.diary());
    }
}

#[test]
fn a_ledger_that_fails_later_says_what_was_done_before() {
    let scene = Scene::flawed(Some(1), &[ann(false, json!({}))], vec![Ok(ann(true, json!({})))]);
    let outcome = scene.run(Verb::Update, person());
    let message = "nothing more was written, because the audit log could not be: the disk is full \
                   (the enable of account 7 was done before this)";
    assert_eq!(outcome.record.error_message, message);
    assert_eq!(scene.diary(), ["find", "intend enable", "enable", "end 0", "intend update"]);
}

#[test]
fn an_end_that_cannot_be_written_down_is_a_hint() {
    let scene = Scene::flawed(None, &[ann(true, json!({}))], vec![Ok(ann(true, json!({})))]);
    let outcome = scene.run(Verb::Update, person());
    assert!(outcome.record.success && outcome.fault.is_none());
    let hint = "the audit log does not have the end of this change: the store is gone";
    assert_eq!(outcome.hints, [hint]);
    assert_eq!(scene.events().len(), 1);
}

#[test]
fn what_became_of_a_change() {
    let skip = || {
        fails(FaultKind::Conflict).map_err(|fault| provost_core::Fault {
            treatment: Treatment::Skip("somebody did it before".to_owned()),
            ..fault
        })
    };
    let says_no = "the system says no";
    let rows: [(Answer, AuditResult, &str, Option<FaultKind>); 6] = [
        (Ok(ann(true, json!({}))), AuditResult::Success, "", None),
        (skip(), AuditResult::Skipped, "somebody did it before", None),
        (fails(FaultKind::InvalidValue), AuditResult::Failure, says_no, Some(FaultKind::InvalidValue)),
        (fails(FaultKind::NotSent), AuditResult::Failure, says_no, Some(FaultKind::NotSent)),
        (fails(FaultKind::AnswerLost), AuditResult::Unknown, says_no, Some(FaultKind::AnswerLost)),
        (fails(FaultKind::BadAnswer), AuditResult::Unknown, says_no, Some(FaultKind::BadAnswer)),
    ];
    for (answer, result, message, fault) in rows {
        let scene = Scene::new(&[ann(true, json!({}))], [answer]);
        let outcome = scene.run(Verb::Update, person());
        let ending = &scene.endings()[0];
        assert_eq!((ending.result, ending.message.as_str()), (result, message));
        assert_eq!((&ending.account, outcome.fault), (&Some("7".into()), fault));
    }
}

#[test]
fn a_create_whose_answer_is_lost_is_unknown_until_the_account_is_seen() {
    let made = ann(true, json!({"title": "Lead"}));
    for (seen, result) in [(vec![], AuditResult::Unknown), (vec![made], AuditResult::Success)] {
        let found = [vec![], seen];
        let scene = Scene::with(Recording::default(), found, [fails(FaultKind::AnswerLost)]);
        let outcome = scene.run(Verb::Create, person());
        assert_eq!(scene.diary(), ["find", "intend create", "create", "find", "end 0"]);
        let ending = &scene.endings()[0];
        assert_eq!((ending.result, outcome.record.success), (result, result == AuditResult::Success));
        assert_eq!(ending.account.is_some(), outcome.record.success);
        assert_eq!(ending.request_ids, ["request-2", "request-3"]);
    }
}

#[test]
fn a_bug_leaves_the_change_open() {
    // The system panics, since no write is expected.
    let scene = Scene::new(&[ann(true, json!({}))], []);
    let outcome = scene.run(Verb::Update, person());
    assert_eq!(outcome.fault, Some(FaultKind::Bug));
    assert_eq!(scene.diary(), ["find", "intend update", "update"]);
}

#[test]
fn what_writes_nothing_has_no_events() {
    let mut scene = Scene::with(Recording::default(), [vec![ann(true, json!({}))], vec![]], []);
    assert!(scene.run(Verb::Get, person()).record.success);
    assert_eq!(scene.run(Verb::Get, person()).fault, Some(FaultKind::NotFound));
    scene.conditions.mode = Mode::DryRun;
    assert!(scene.run(Verb::Create, person()).record.skipped);
    assert_eq!(scene.events(), []);
}
