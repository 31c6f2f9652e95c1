//! Copies of a whole store, also from one kind into the other.

use provost_core::AuditKind;
use provost_store::{Kind, Revision, Store, StoreError, Task, Write};

use crate::stores::{event, places, stores, written};

async fn fill(store: &Store) {
    for number in 0..1234 {
        let one = written(event(store, AuditKind::Command, &format!("number {number}")));
        store.commit(vec![one]).await.unwrap();
    }
    let (kind, name, text) = (Kind::Mapper, "m".to_owned(), Some("mapper: m".to_owned()));
    let revision = Revision { kind, name, text, of: None };
    store.commit(vec![Write::Revise(revision.into(), store.now())]).await.unwrap();
    store.node_is_there("n1").await.unwrap();
    let (instance, lane) = ("crm".to_owned(), "ann".to_owned());
    let task = Task { line: 1, place: 0, instance, lane, command: vec![0, 255, 7] };
    store.enqueue("r1", &[task]).await.unwrap();
    store.commit(vec![Write::Release("r1".into())]).await.unwrap();
}

#[tokio::test]
async fn a_backup_is_restored_into_either_kind() {
    for (store, fixed, _place) in stores().await {
        fill(&store).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.db");
        let copied = store.back_up(&file, &|_| {}).await.unwrap();
        assert!(copied.rows > 1236, "{copied:?}");
        let again = store.back_up(&file, &|_| {}).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        for place in places().await {
            let other = crate::stores::open(&place, &fixed).await;
            assert_eq!(other.restore(&file, &|_| {}).await.unwrap(), copied);
            let head = other.verify(None, &|_| {}).await.unwrap().unwrap().head;
            assert_eq!(head, store.head().await.unwrap());
            assert_eq!(
                other.configured(Kind::Mapper).await.unwrap(),
                store.configured(Kind::Mapper).await.unwrap()
            );
            assert!(other.nodes().await.unwrap().is_empty());
            let leased = other.lease("n2", std::time::Duration::from_secs(9), 1).await.unwrap();
            assert_eq!(leased[0].command, [0, 255, 7]);
            let twice = other.restore(&file, &|_| {}).await;
            assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        }
    }
}
