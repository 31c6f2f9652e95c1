//! Changes whose end nobody knows: they are shown, exported and resolved over the API.

use std::sync::Arc;

use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult};
use provost_store::{Location, Store, Write};
use serde_json::Value;

use super::killed::Real;
use super::server::Server;
use crate::provost::Provost;

/// Writes an intent as a server did that is gone.
async fn left_behind(provost: &Provost) -> u64 {
    let location = Location::File(provost.folder().join("provost.db"));
    let store = Store::open(&location, Arc::new(Real), Arc::new(Real)).await.expect("a store");
    let actor = Actor { kind: ActorKind::Key, id: "k1".to_owned(), name: "nightly".to_owned() };
    let event = AuditEvent {
        instance: Some("okta".into()),
        subject: Some("ann@example.com".to_owned()),
        result: AuditResult::Open,
        ..AuditEvent::new(store.now(), AuditKind::Intent, &actor, "node-gone", "create")
    };
    let number = store.commit(vec![Write::Event(Box::new(event))]).await.expect("it is written")[0];
    store.close().await;
    number
}

#[tokio::test]
async fn a_change_without_an_end_is_resolved_by_somebody_who_has_looked() {
    let provost = Provost::new();
    let open = left_behind(&provost).await;
    let server = Server::start(&provost, &["--lab"]).await;
    let key = provost.run(&["key", "add", "ops", "--role", "operator"]).await.ended(0).stdout;
    let (key, line) = (key.trim(), format!("POST /api/v1/audit/{open}/resolve"));
    let body = r#"{"result": "success", "note": "the account is there"}"#;
    for (wrong, status) in [
        (r#"{"result": "open"}"#, 400),
        (r#"{"result": "success", "more": 1}"#, 400),
        (r#"{"note": "x"}"#, 400),
    ] {
        server.ask_as(key, &line, &[], wrong).await.ended(status);
    }
    server.ask_as(key, "POST /api/v1/audit/99999/resolve", &[], body).await.ended(404);
    let written = server.ask_as(key, &line, &[], body).await.ended(201).json();
    assert_eq!(written["event"]["kind"], "change.resolved", "{written:#}");
    assert_eq!(
        (&written["event"]["refers"], &written["event"]["why"]),
        (&open.into(), &"the account is there".into())
    );
    server.ask_as(key, &line, &[], body).await.ended(404);
    let shown = server.ask_as(key, &format!("GET /api/v1/audit/{open}"), &[], "").await.ended(200).json();
    assert_eq!(shown["endings"][0]["seq"], written["seq"]);
}

#[tokio::test]
async fn the_log_is_exported_as_the_command_line_does_it() {
    let provost = Provost::new();
    left_behind(&provost).await;
    let server = Server::start(&provost, &["--lab"]).await;
    let profile = r#"{"user-profile": {"email": "ann@example.com", "username": "ann@example.com"}}"#;
    server.ask("POST /api/v1/commands/iam-create-user", profile).await.ended(200);
    for format in ["jsonl", "ocsf"] {
        let served = server.ask(&format!("GET /api/v1/audit/export?format={format}"), "").await.ended(200);
        assert_eq!(served.header("content-type"), Some("application/x-ndjson"));
        let printed = provost.run(&["audit", "export", "--format", format]).await.ended(0).stdout;
        assert_eq!(served.body, printed, "{format}");
    }
    let some = server
        .ask("GET /api/v1/audit/export?kind=change.intended&after=1&instance=okta", "")
        .await
        .ended(200);
    let events: Vec<Value> =
        some.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(events.len(), 1, "{events:#?}");
    assert_eq!(events[0]["event"]["what"], "create");
    server.ask("GET /api/v1/audit/export?format=xml", "").await.ended(400);
    server.ask("GET /api/v1/audit/export?after=x", "").await.ended(400);
}
