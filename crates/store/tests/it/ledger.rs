//! The audit log.

use provost_core::{AuditEvent, AuditKind, AuditResult};
use provost_store::{EventFilter, Head, Location, Store};
use serde_json::json;

use crate::stores::{Place, event, stores, written};

#[tokio::test]
async fn events_are_chained_read_and_verified() {
    for (store, fixed, _place) in stores().await {
        assert_eq!(
            store.verify(None, &|_| {}).await.unwrap().unwrap().head,
            Head { seq: 0, hash: String::new() }
        );
        for number in 0..150 {
            fixed.pass(1);
            let instance = if number % 3 == 0 { "crm" } else { "hr" };
            let one = AuditEvent {
                instance: Some(instance.into()),
                subject: Some("Ann@Example.com".to_owned()),
                after: Some(json!({"title": "Sales", "née": "\u{1f600}"})),
                ..event(&store, AuditKind::Command, "iam-get-user")
            };
            assert_eq!(store.commit(vec![written(one)]).await.unwrap(), [number + 1]);
        }
        let verified = store.verify(None, &|_| {}).await.unwrap().unwrap();
        assert_eq!(verified.head.seq, 150);
        assert_eq!(verified.head, store.head().await.unwrap());
        assert_eq!(Head::parse(&verified.head.to_string()), Some(verified.head));

        let crm = EventFilter {
            instance: Some("crm".to_owned()),
            subject: Some("ann@example.COM".to_owned()),
            ..EventFilter::default()
        };
        let newest = store.events(&crm, None, 2).await.unwrap();
        assert_eq!(newest.iter().map(|event| event.seq).collect::<Vec<_>>(), [148, 145]);
        let older = store.events(&crm, Some(145), 1).await.unwrap();
        assert_eq!(older[0].seq, 142);
        let next = store.events_after(&EventFilter::default(), 148, 10).await.unwrap();
        assert_eq!(next.iter().map(|event| event.seq).collect::<Vec<_>>(), [149, 150]);
        let until = EventFilter { until: Some(newest[1].event.time), ..EventFilter::default() };
        assert_eq!(store.events(&until, None, 1).await.unwrap()[0].seq, 144);
        let failed = EventFilter { result: Some(AuditResult::Failure), ..EventFilter::default() };
        assert!(store.events(&failed, None, 1).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_at_the_same_time_have_one_chain() {
    for (store, fixed, place) in stores().await {
        // A second server at the same store.
        let other = crate::stores::open(&place, &fixed).await;
        let mut running = tokio::task::JoinSet::new();
        for number in 0..200 {
            let store = if number % 2 == 0 { store.clone() } else { other.clone() };
            running.spawn(async move {
                let two = ["one", "two"].map(|what| written(event(&store, AuditKind::Command, what)));
                let numbers = store.commit(two.into()).await.unwrap();
                assert_eq!(numbers[0] + 1, numbers[1]);
                numbers
            });
        }
        let mut numbers: Vec<u64> = running.join_all().await.into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=400).collect::<Vec<_>>());
        assert_eq!(store.verify(None, &|_| {}).await.unwrap().unwrap().head.seq, 400);
    }
}

#[tokio::test]
async fn an_intent_is_open_until_its_end_is_known() {
    for (store, _, _place) in stores().await {
        let intent = AuditEvent { result: AuditResult::Open, ..event(&store, AuditKind::Intent, "create") };
        let first = store.commit(vec![written(intent.clone())]).await.unwrap()[0];
        let second = store.commit(vec![written(intent)]).await.unwrap()[0];
        let open = |store: Store| async move {
            store.open_intents(10).await.unwrap().iter().map(|event| event.seq).collect::<Vec<_>>()
        };
        assert_eq!(open(store.clone()).await, [first, second]);
        let end =
            |kind, seq, result| AuditEvent { refers: Some(seq), result, ..event(&store, kind, "create") };
        store.commit(vec![written(end(AuditKind::Ending, first, AuditResult::Success))]).await.unwrap();
        store.commit(vec![written(end(AuditKind::Ending, second, AuditResult::Unknown))]).await.unwrap();
        assert_eq!(open(store.clone()).await, [second], "whether it was done is not known");
        store.commit(vec![written(end(AuditKind::Resolution, second, AuditResult::Failure))]).await.unwrap();
        assert!(open(store.clone()).await.is_empty());
        let endings = store.endings(second).await.unwrap();
        assert_eq!(
            endings.iter().map(|event| event.event.result).collect::<Vec<_>>(),
            [AuditResult::Unknown, AuditResult::Failure]
        );
    }
}

/// Changes the database behind the store's back.
async fn tamper(place: &Place, statement: &'static str) {
    match &place.location {
        Location::File(file) => {
            let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
            pool.close().await;
        }
        Location::Postgres(address) => {
            let pool = sqlx::PgPool::connect(address).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

#[tokio::test]
async fn whatever_is_changed_is_found() {
    for (statement, seq, what) in [
        ("UPDATE events SET body = replace(body, 'Ann', 'Bo') WHERE seq = 3", 3, "its hash is not"),
        ("UPDATE events SET subject = 'bo' WHERE seq = 4", 4, "looked for"),
        ("UPDATE events SET refers = 1 WHERE seq = 4", 4, "looked for"),
        ("DELETE FROM events WHERE seq = 5", 5, "not there"),
        ("DELETE FROM events WHERE seq = 8", 8, "ends before"),
        ("UPDATE ledger_head SET hash = 'x' WHERE one = 1", 8, "noted beside"),
        (
            "UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 1) WHERE seq = 8",
            8,
            "its hash is not",
        ),
    ] {
        for (store, _, place) in stores().await {
            for _ in 0..8 {
                let one = AuditEvent {
                    subject: Some("Ann".to_owned()),
                    ..event(&store, AuditKind::Command, "iam-get-user")
                };
                store.commit(vec![written(one)]).await.unwrap();
            }
            assert!(store.verify(None, &|_| {}).await.unwrap().is_ok());
            tamper(&place, statement).await;
            let broken = store.verify(None, &|_| {}).await.unwrap().unwrap_err();
            assert_eq!(broken.seq, seq, "{statement}: {broken}");
            assert!(broken.what.contains(what), "{statement}: {broken}");
        }
    }
}

#[tokio::test]
async fn a_log_that_was_cut_off_or_written_anew_differs_from_what_was_noted() {
    for (store, _, place) in stores().await {
        for _ in 0..3 {
            store.commit(vec![written(event(&store, AuditKind::Command, "iam-get-user"))]).await.unwrap();
        }
        let noted = store.head().await.unwrap();
        tamper(&place, "DELETE FROM events WHERE seq = 3").await;
        tamper(
            &place,
            "UPDATE ledger_head SET seq = 2, hash = (SELECT hash FROM events WHERE seq = 2) WHERE one = 1",
        )
        .await;
        assert!(store.verify(None, &|_| {}).await.unwrap().is_ok(), "nothing in the log itself shows it");
        let broken = store.verify(Some(&noted), &|_| {}).await.unwrap().unwrap_err();
        assert!(broken.what.contains("noted elsewhere"), "{broken}");
        store.commit(vec![written(event(&store, AuditKind::Command, "iam-disable-user"))]).await.unwrap();
        let broken = store.verify(Some(&noted), &|_| {}).await.unwrap().unwrap_err();
        assert!(broken.what.contains("when it was noted"), "{broken}");
    }
}
