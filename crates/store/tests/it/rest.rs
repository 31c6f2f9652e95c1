//! Runs, people, keys, sessions, answers, configuration, secrets, servers.

use std::time::Duration;

use provost_core::RunId;
use provost_store::{
    Answer, ApiKey, Claim, Counts, Kind, MasterKey, Person, Revision, Run, RunFilter, RunKind, RunState,
    Session, Store, StoredRecord, Vault, Write,
};
use serde_json::json;

use crate::stores::{actor, stores};

fn run(store: &Store, id: &RunId, command: &str) -> Run {
    Run {
        id: id.clone(),
        kind: RunKind::Command,
        command: command.to_owned(),
        state: RunState::Running,
        actor: actor(),
        subject: Some("Ann@Example.com".to_owned()),
        instances: vec!["crm".to_owned(), "hr".to_owned()],
        why: Some("ticket 7".to_owned()),
        dry_run: false,
        node: "n1".to_owned(),
        request: json!({"user-profile": {"email": "ann@example.com"}}),
        started: store.now(),
        ended: None,
        counts: Counts::default(),
        total: None,
    }
}

fn record(run: &RunId, place: u64, instance: &str, result: &str) -> StoredRecord {
    StoredRecord {
        run: run.clone(),
        line: 0,
        place,
        instance: instance.to_owned(),
        subject: Some("ann@example.com".to_owned()),
        result: result.to_owned(),
        record: json!({"brand": "Mock", "success": result != "failure"}),
        hints: vec!["look again".to_owned()],
        trace: vec![json!({"stage": "map", "text": "x"})],
    }
}

#[tokio::test]
async fn a_run_is_kept_with_its_records() {
    for (store, fixed, _place) in stores().await {
        let (first, second) = (store.new_run(), {
            fixed.pass(1);
            store.new_run()
        });
        assert!(first < second, "the order of ids is that of time");
        let began = run(&store, &first, "iam-create-user");
        store.commit(vec![Write::Run(began.clone().into())]).await.unwrap();
        store.commit(vec![Write::Run(run(&store, &second, "iam-get-user").into())]).await.unwrap();
        let counts = Counts { succeeded: 1, skipped: 0, failed: 1 };
        let ended =
            provost_store::Ended { run: first.clone(), state: RunState::Failed, at: store.now(), counts };
        let records = [record(&first, 0, "crm", "success"), record(&first, 1, "hr", "failure")];
        let mut writes: Vec<Write> =
            records.iter().map(|record| Write::Record(record.clone().into())).collect();
        writes.push(Write::EndRun(ended.clone().into()));
        store.commit(writes).await.unwrap();

        let kept = store.run(first.as_str()).await.unwrap().unwrap();
        let subject = Some("ann@example.com".to_owned());
        assert_eq!(kept, Run { state: RunState::Failed, ended: Some(ended.at), counts, subject, ..began });
        assert_eq!(store.records(first.as_str(), None, false, 10).await.unwrap(), records);
        assert_eq!(store.records(first.as_str(), Some((0, 0)), false, 10).await.unwrap(), records[1..]);
        assert_eq!(store.records(first.as_str(), None, true, 10).await.unwrap(), records[1..]);
        assert_eq!(store.counts(first.as_str()).await.unwrap(), counts);
        let ids = |runs: Vec<Run>| runs.into_iter().map(|run| run.id).collect::<Vec<_>>();
        let filter = |instance: Option<&str>, state| RunFilter {
            instance: instance.map(str::to_owned),
            state,
            ..RunFilter::default()
        };
        assert_eq!(
            ids(store.runs(&filter(None, None), None, 10).await.unwrap()),
            [second.clone(), first.clone()]
        );
        assert_eq!(
            ids(store.runs(&filter(None, None), Some(second.as_str()), 10).await.unwrap()),
            std::slice::from_ref(&first)
        );
        assert_eq!(
            ids(store.runs(&filter(Some("hr"), None), None, 10).await.unwrap()),
            std::slice::from_ref(&first)
        );
        let running = filter(None, Some(RunState::Running));
        assert_eq!(ids(store.runs(&running, None, 10).await.unwrap()), std::slice::from_ref(&second));
        assert_eq!(store.interrupt_runs(&["n1".to_owned()]).await.unwrap(), 1);
        assert_eq!(store.run(second.as_str()).await.unwrap().unwrap().state, RunState::Interrupted);
    }
}

#[tokio::test]
async fn a_key_of_a_request_is_used_once() {
    for (store, _, _place) in stores().await {
        let claim =
            async |request: &str, run: &str| store.claim(("k1", "once"), request, run, "n1").await.unwrap();
        assert_eq!(claim("h1", "r1").await, Claim::New);
        let running = Claim::Running { run: "r1".to_owned(), node: "n1".to_owned() };
        assert_eq!(claim("h1", "r2").await, running);
        assert_eq!(claim("h2", "r2").await, Claim::Other);
        assert!(store.take_over(("k1", "once"), "r1", "r3", "n2").await.unwrap());
        assert!(!store.take_over(("k1", "once"), "r1", "r4", "n3").await.unwrap(), "somebody was faster");
        let answer = Answer { actor: "k1".into(), key: "once".into(), status: 200, body: "{}".into() };
        store.commit(vec![Write::Answer(answer.into())]).await.unwrap();
        let answered = Claim::Answered { run: "r3".to_owned(), status: 200, body: "{}".to_owned() };
        assert_eq!(claim("h1", "r5").await, answered);
        assert_eq!(store.claim(("k2", "once"), "h9", "r6", "n1").await.unwrap(), Claim::New, "another actor");
        store.give_back("k2", "once", "r6").await.unwrap();
        assert_eq!(store.forget_answers(store.now() + Duration::from_secs(1)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn people_are_found_and_their_profiles_grow() {
    for (store, _, _place) in stores().await {
        let person = |email: &str, name: &str, profile| Person {
            id: store.new_person_id(),
            person: email.to_owned(),
            name: name.to_owned(),
            profile,
            updated: store.now(),
        };
        let ann = person("ann@example.com", "Ann", json!({"email": "ann@example.com", "title": "Sales"}));
        let bo = person("50%_bo@example.com", "Bo", json!({}));
        let again = person("ann@example.com", "", json!({"city": "Oslo"}));
        for one in [&ann, &bo, &again] {
            store.commit(vec![Write::Person(one.clone().into())]).await.unwrap();
        }
        let kept = store.person("Ann@example.com").await.unwrap().unwrap();
        assert_eq!((kept.id.as_str(), kept.name.as_str()), (ann.id.as_str(), "Ann"));
        assert_eq!(kept.profile, json!({"email": "ann@example.com", "title": "Sales", "city": "Oslo"}));
        let found = async |text: &str| store.people(text, None, 10).await.unwrap().len();
        assert_eq!((found("").await, found("an").await, found("bo").await, found("%").await), (2, 1, 1, 0));
        assert_eq!(found("50%_").await, 1);
        assert_eq!(
            store.people("", Some("50%_bo@example.com"), 10).await.unwrap()[0].person,
            "ann@example.com"
        );
    }
}

#[tokio::test]
async fn keys_and_sessions_end() {
    for (store, fixed, _place) in stores().await {
        let key = ApiKey {
            id: "k1".into(),
            name: "nightly".into(),
            hash: "h".into(),
            role: "operator".into(),
            scopes: json!({"instances": ["crm"]}),
            created: store.now(),
            created_by: "k0".into(),
            expires: None,
            revoked: None,
            last_used: None,
        };
        let add = || vec![Write::AddKey(key.clone().into())];
        store.commit(add()).await.unwrap();
        assert!(store.commit(add()).await.is_err(), "there is one of that id");
        assert_eq!(store.key("k1").await.unwrap(), Some(key));
        store.key_used("k1").await.unwrap();
        let revoke = || vec![Write::RevokeKey("k1".to_owned(), store.now())];
        store.commit(revoke()).await.unwrap();
        assert!(store.commit(revoke()).await.is_err(), "it is taken away already");
        let key = store.keys().await.unwrap().remove(0);
        assert_eq!((key.revoked, key.last_used), (Some(store.now()), Some(store.now())));

        let session = Session {
            hash: "s".into(),
            actor: actor(),
            role: "viewer".into(),
            scopes: json!({}),
            created: store.now(),
            expires: store.now() + Duration::from_secs(5),
            last_seen: store.now(),
        };
        store.add_session(&session).await.unwrap();
        store.session_seen("s").await.unwrap();
        assert_eq!(store.session("s").await.unwrap(), Some(session));
        fixed.pass(6);
        assert_eq!(store.forget_sessions().await.unwrap(), 1);
        assert!(!store.end_session("s").await.unwrap());
    }
}

#[tokio::test]
async fn a_configuration_is_changed_from_what_was_seen() {
    for (store, _, _place) in stores().await {
        let before = store.configuration_revision().await.unwrap();
        let revise = async |text: Option<&str>, of| {
            let (kind, name, text) = (Kind::Instance, "crm".to_owned(), text.map(str::to_owned));
            let revision = Revision { kind, name, text, of };
            store.commit(vec![Write::Revise(revision.into(), store.now())]).await.is_ok()
        };
        assert!(revise(Some("{}"), None).await);
        assert!(!revise(Some("{}"), None).await, "there is one");
        assert!(revise(Some("{\"a\": 1}"), Some(1)).await);
        assert!(!revise(Some("{\"a\": 2}"), Some(1)).await, "it was changed meanwhile");
        assert_eq!(store.configuration_revision().await.unwrap(), before + 2);
        assert_eq!(store.configured(Kind::Instance).await.unwrap()[0].text, "{\"a\": 1}");
        assert!(store.configured(Kind::Mapper).await.unwrap().is_empty());
        assert!(revise(None, None).await);
        assert!(!revise(None, None).await, "there is none");
    }
}

#[tokio::test]
async fn secrets_are_kept_sealed_and_change_their_master_key() {
    for (store, _, _place) in stores().await {
        let key = |digit: &str| MasterKey::parse(&digit.repeat(64)).unwrap();
        let old = Vault::new(key("1"), Vec::new());
        store.seal(&old, "crm", "token", b"hush one").await.unwrap();
        store.seal(&old, "crm", "token", b"hush two").await.unwrap();
        store.seal(&old, "hr", "token", b"hush three").await.unwrap();
        let stranger = Vault::new(key("3"), Vec::new());
        assert!(store.rotate(&stranger).await.is_err());
        let before = store.figures().await.unwrap();
        assert_eq!(before.key_ids, [key("1").id()], "nothing was changed");
        assert!(
            before.form >= 1 && before.bytes > 0 && before.counts.contains(&("secrets", 2)),
            "{before:?}"
        );
        let new = Vault::new(key("2"), vec![key("1")]);
        assert_eq!(store.rotate(&new).await.unwrap(), 2);
        assert_eq!(store.rotate(&new).await.unwrap(), 0);
        let sealed = store.sealed(Some("crm")).await.unwrap();
        assert_eq!(Vault::new(key("2"), Vec::new()).open(&sealed[0]).unwrap(), b"hush two");
        assert!(old.open(&sealed[0]).is_err());
        assert_eq!(store.forget_sealed("crm", None).await.unwrap(), 1);
        assert_eq!(store.sealed(None).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn servers_are_gone_when_they_say_nothing() {
    for (store, fixed, _place) in stores().await {
        store.node_is_there("n1").await.unwrap();
        fixed.pass(10);
        store.node_is_there("n2").await.unwrap();
        assert_eq!(store.nodes_gone(Duration::from_secs(5)).await.unwrap(), ["n1"]);
        store.node_goes("n1").await.unwrap();
        assert_eq!(store.nodes().await.unwrap().len(), 1);
        store.keep("crm", "store", &json!({"a": [1]})).await.unwrap();
        store.keep("crm", "store", &json!({"a": [2]})).await.unwrap();
        assert_eq!(store.kept("crm", "store").await.unwrap(), Some(json!({"a": [2]})));
        assert_eq!(store.kept("crm", "other").await.unwrap(), None);
    }
}
