//! `provost audit verify`, `list`, `open` and `resolve`.

use serde_json::json;

use super::{store, tamper, with_changes, with_events};
use crate::provost::Provost;

#[tokio::test]
async fn a_whole_log_says_its_head() {
    let provost = with_events(20).await;
    let shown = provost.run(&["audit", "verify"]).await.ended(0);
    assert!(shown.stdout.contains("provost.db is whole: 20 events"), "{shown:#?}");
    let data = provost.run(&["audit", "verify", "-o", "json"]).await.ended(0).json();
    let head = data["head"].as_str().expect("a head");
    assert!(head.starts_with("20:") && shown.stdout.contains(head), "{shown:#?}");
    assert_eq!((&data["whole"], &data["events"]), (&json!(true), &json!(20)));
    provost.run(&["audit", "verify", "--known", head]).await.ended(0);

    let other = format!("19:{}", "0".repeat(64));
    let shown = provost.run(&["audit", "verify", "--known", &other]).await.ended(1);
    assert!(shown.stdout.contains("event 19") && shown.stdout.contains("when it was noted"), "{shown:#?}");
    let beyond = format!("21:{}", "0".repeat(64));
    let shown = provost.run(&["audit", "verify", "--known", &beyond]).await.ended(1);
    assert!(shown.stdout.contains("event 21") && shown.stdout.contains("not there"), "{shown:#?}");
    provost.run(&["audit", "verify", "--known", "21"]).await.ended(2);
}

#[tokio::test]
async fn the_first_broken_place_is_told() {
    let provost = with_events(20).await;
    tamper(&provost, "née 0013", "née 0031");
    let shown = provost.run(&["audit", "verify"]).await.ended(1);
    assert!(shown.stdout.contains("The first place is event 13: its hash"), "{shown:#?}");
    let data = provost.run(&["audit", "verify", "-o", "json"]).await.ended(1).json();
    assert_eq!((&data["whole"], &data["broken"]["seq"]), (&json!(false), &json!(13)));
}

#[tokio::test]
async fn nothing_is_made_where_no_store_is() {
    let provost = Provost::new();
    let words: [&[&str]; 5] = [
        &["audit", "verify"],
        &["audit", "export"],
        &["audit", "list"],
        &["audit", "open"],
        &["audit", "resolve", "1", "--result", "success"],
    ];
    for words in words {
        let shown = provost.run(words).await.ended(2);
        assert!(shown.stderr.contains("there is no store at provost.db"), "{shown:#?}");
        assert!(shown.stderr.contains("PROVOST_STORE"), "{shown:#?}");
    }
    assert_eq!(provost.folder().read_dir().expect("a folder").count(), 0);
    let foreign = Provost::new().file("provost.db", "no database at all, but long enough for its header");
    let shown = foreign.run(&["audit", "verify"]).await.ended(2);
    assert!(shown.stderr.contains("could not open the store"), "{shown:#?}");
}

#[tokio::test]
async fn the_newest_events_are_listed() {
    let provost = with_events(700).await;
    let shown = provost.run(&["audit", "list", "--limit", "2"]).await.ended(0);
    assert!(shown.stdout.contains("iam-get-user") && shown.stdout.contains("Ann@example.com"), "{shown:#?}");
    let seqs = async |words: &[&str]| {
        let shown = provost.run(&[&["audit", "list", "-o", "jsonl"], words].concat()).await.ended(0);
        shown.json_lines().iter().map(|line| line["seq"].as_u64().expect("a number")).collect::<Vec<_>>()
    };
    assert_eq!(seqs(&[]).await.len(), 50);
    assert_eq!(seqs(&["--instance", "crm", "--limit", "3"]).await, [700, 698, 696]);
    assert_eq!(seqs(&["--limit", "600"]).await, (101..=700).rev().collect::<Vec<_>>());
    assert_eq!(seqs(&["--subject", "ANN@example.com", "--limit", "1"]).await, [700]);
    for nothing in
        [["--kind", "server"], ["--result", "failure"], ["--since", "2026-03-03"], ["--until", "2026-03-02"]]
    {
        assert!(seqs(&nothing).await.is_empty(), "{nothing:?}");
    }
    let shown = provost.run(&["audit", "list", "--kind", "nothing"]).await.ended(2);
    assert!(shown.stderr.contains("change.intended"), "{shown:#?}");
}

#[tokio::test]
async fn an_open_change_is_resolved_once() {
    let provost = with_changes().await;
    let open = async || provost.run(&["audit", "open", "-o", "jsonl"]).await.ended(0).json_lines();
    let states: Vec<_> =
        open().await.iter().map(|line| (line["seq"].clone(), line["state"].clone())).collect();
    assert_eq!(states, [(json!(2), json!("end not known")), (json!(3), json!("interrupted"))]);
    let shown = provost.run(&["audit", "open"]).await.ended(0);
    assert!(shown.stdout.contains("interrupted") && shown.stderr.contains("audit resolve"), "{shown:#?}");

    let note = ["--note", "the account is in use"];
    let words = ["audit", "resolve", "2", "--result", "failure"];
    let shown = provost.run(&[&words[..], &note[..]].concat()).await.ended(0);
    assert!(shown.stdout.contains("Event 6 says of the change 2: failure"), "{shown:#?}");
    let event =
        &provost.run(&["audit", "list", "--limit", "1", "-o", "json"]).await.ended(0).json()[0]["event"];
    assert_eq!(event["kind"], "change.resolved");
    assert_eq!(
        (&event["what"], &event["refers"], &event["why"]),
        (&json!("disable"), &json!(2), &json!(note[1]))
    );
    assert_eq!(event["actor"]["kind"], "console");
    assert!(event["actor"]["id"].is_string() && event["actor"]["name"].is_string());
    assert_eq!(open().await.len(), 1);
    provost.run(&["audit", "verify"]).await.ended(0);

    for (seq, why) in [
        ("2", "open no longer: event 6 says failure"),
        ("1", "open no longer: event 4 says success"),
        ("4", "no open change, but `change.ended`"),
        ("99", "there is no event 99"),
    ] {
        let shown = provost.run(&["audit", "resolve", seq, "--result", "success"]).await.ended(2);
        assert!(shown.stderr.contains(why), "{shown:#?}");
    }
}

#[tokio::test]
async fn a_change_that_a_server_is_at_is_not_resolved() {
    let provost = with_changes().await;
    let store = store(&provost).await;
    // The clock of these tests stands in the past, where the server would be gone.
    provost_store::Store::open(store.location(), std::sync::Arc::new(Now), std::sync::Arc::new(super::Fixed))
        .await
        .expect("a store")
        .node_is_there("n1")
        .await
        .expect("written");
    let shown = provost.run(&["audit", "open"]).await.ended(0);
    assert!(shown.stdout.contains("under way"), "{shown:#?}");
    let shown = provost.run(&["audit", "resolve", "3", "--result", "success"]).await.ended(2);
    assert!(shown.stderr.contains("still at"), "{shown:#?}");
    provost.run(&["audit", "resolve", "2", "--result", "success"]).await.ended(0);
}

struct Now;

impl provost_core::Clock for Now {
    #[expect(clippy::disallowed_methods, reason = "the program reads the real clock, too")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}
