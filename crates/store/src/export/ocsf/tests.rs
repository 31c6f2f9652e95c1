//! What the schema requires, as its pages on each class and object list it (version 1.3.0).

use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult};
use serde_json::{Value, json};

use super::event;
use crate::{Chained, LoggedEvent};

/// The attributes that are required of every class.
const EVERYWHERE: &[&str] = &[
    "/activity_id",
    "/category_uid",
    "/class_uid",
    "/metadata/product/vendor_name",
    "/metadata/version",
    "/severity_id",
    "/time",
    "/type_uid",
];

/// The attributes that a class requires besides, and the ids of its activities.
const CLASSES: &[(u64, u64, &[&str], &[u64])] = &[
    (3001, 3, &["/user"], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99]),
    (3004, 3, &["/entity"], &[0, 1, 2, 3, 4, 99]),
    (6002, 6, &["/app/vendor_name"], &[0, 1, 2, 3, 4, 99]),
    (6003, 6, &["/actor", "/api/operation", "/src_endpoint"], &[0, 1, 2, 3, 4, 99]),
];

/// Objects of which at least one of these members is there, wherever the object is.
const ONE_OF: &[(&str, &[&str])] = &[
    ("/user", &["account", "name", "uid"]),
    ("/actor/user", &["account", "name", "uid"]),
    ("/entity", &["name", "uid"]),
    ("/src_endpoint", &["ip", "uid", "name", "hostname", "svc_name"]),
    ("/resources/0", &["name", "uid"]),
];

const WHATS: [&str; 14] = [
    "create",
    "update",
    "enable",
    "disable",
    "delete",
    "create-group",
    "update-group",
    "delete-group",
    "iam-get-user",
    "iam-create-user",
    "key made",
    "server started",
    "server stopped",
    "okta-get-logs",
];

fn plain(kind: AuditKind, what: &str) -> AuditEvent {
    let actor = Actor { kind: ActorKind::Key, id: "k1".to_owned(), name: "nightly".to_owned() };
    let time = "2026-03-02T09:00:00.25Z".parse().unwrap();
    AuditEvent {
        subject: Some("ann@example.com".to_owned()),
        ..AuditEvent::new(time, kind, &actor, "n1", what)
    }
}

fn mapped(one: AuditEvent) -> Value {
    let body = serde_json::to_string(&one).unwrap();
    let logged = LoggedEvent { seq: 7, event: one, body, hash: "ab".repeat(32) };
    event(&Chained { previous: "cd".repeat(32), logged })
}

fn check(shown: &Value) {
    let number = |name: &str| shown[name].as_u64().unwrap_or_else(|| panic!("{name}: {shown:#}"));
    let class = CLASSES.iter().find(|(uid, ..)| *uid == number("class_uid"));
    let (uid, category, required, activities) = class.unwrap_or_else(|| panic!("{shown:#}"));
    for pointer in EVERYWHERE.iter().chain(*required) {
        assert!(shown.pointer(pointer).is_some_and(|value| !value.is_null()), "{pointer}: {shown:#}");
    }
    assert_eq!(number("category_uid"), *category);
    assert!(activities.contains(&number("activity_id")), "{shown:#}");
    assert_eq!(number("type_uid"), uid * 100 + number("activity_id"));
    assert!([0, 1, 2, 99].contains(&number("status_id")));
    for (pointer, names) in ONE_OF {
        let Some(object) = shown.pointer(pointer) else { continue };
        assert!(names.iter().any(|name| object[name].is_string()), "{pointer}: {shown:#}");
    }
}

#[test]
fn every_event_has_what_the_schema_requires() {
    for kind in AuditKind::ALL {
        for result in AuditResult::ALL {
            for what in WHATS {
                let one = AuditEvent { result: *result, ..plain(*kind, what) };
                check(&mapped(AuditEvent { after: Some(json!({"id": "k2", "name": "n"})), ..one.clone() }));
                check(&mapped(AuditEvent { subject: None, account: Some("u1".into()), ..one }));
            }
        }
    }
}

#[test]
fn the_table_says_what_happened() {
    let text = json!({"name": "n"});
    let (before, after) = (Some(text.clone()), Some(text));
    for (kind, what, states, expected) in [
        (AuditKind::Ending, "create", (None, after.clone()), "Account Change: Create"),
        (AuditKind::Intent, "disable", (before.clone(), None), "Account Change: Disable"),
        (AuditKind::Resolution, "enable", (None, None), "Account Change: Enable"),
        (AuditKind::Ending, "update", (before.clone(), after.clone()), "Account Change: update"),
        (AuditKind::Ending, "create-group", (None, None), "Entity Management: Create"),
        (
            AuditKind::Ending,
            "okta-iam-set-configuration",
            (None, None),
            "API Activity: okta-iam-set-configuration",
        ),
        (AuditKind::Command, "iam-get-user", (None, None), "API Activity: Read"),
        (AuditKind::Command, "iam-disable-user", (None, None), "API Activity: Update"),
        (
            AuditKind::Configuration,
            "instance changed",
            (before.clone(), after.clone()),
            "Entity Management: Update",
        ),
        (AuditKind::Configuration, "instance removed", (before.clone(), None), "Entity Management: Delete"),
        (AuditKind::Access, "key made", (None, after), "API Activity: Create"),
        (AuditKind::Access, "key taken away", (before, None), "API Activity: Delete"),
        (AuditKind::Access, "key refused", (None, None), "API Activity: key refused"),
        (AuditKind::Server, "server started", (None, None), "Application Lifecycle: Start"),
        (AuditKind::Batch, "begun", (None, None), "API Activity: begun"),
    ] {
        let (before, after) = states;
        let shown = mapped(AuditEvent { before, after, ..plain(kind, what) });
        assert_eq!(shown["type_name"], expected);
    }
}

#[test]
fn an_event_loses_nothing() {
    let one = AuditEvent {
        run: Some("r1".into()),
        instance: Some("crm".into()),
        account: Some("u1".into()),
        why: Some("left".to_owned()),
        before: Some(json!({"active": true})),
        refers: Some(6),
        result: AuditResult::Failure,
        message: "no right".to_owned(),
        request_ids: vec!["q1".to_owned()],
        ..plain(AuditKind::Ending, "disable")
    };
    let shown = mapped(one);
    assert_eq!(shown["time"], 1_772_442_000_250_u64);
    assert_eq!(shown["metadata"]["correlation_uid"], "r1");
    assert_eq!(shown["metadata"]["sequence"], 7);
    assert_eq!(shown["status_detail"], "no right");
    assert_eq!(shown["message"], "disable ann@example.com at crm by nightly: failure");
    assert_eq!(
        shown["user"],
        json!({"name": "ann@example.com", "email_addr": "ann@example.com", "uid": "u1", "domain": "crm"})
    );
    let rest = json!({"previous": "cd".repeat(32), "kind": "change.ended", "node": "n1", "instance": "crm",
        "what": "disable", "why": "left", "before": {"active": true}, "refers": 6, "request_ids": ["q1"]});
    assert_eq!(shown["unmapped"], rest);
}
