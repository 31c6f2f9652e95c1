//! Stores of other versions.

use provost_store::{Location, Store, StoreError};

use crate::stores::{Fixed, open, stores};

#[tokio::test]
async fn a_store_is_opened_again() {
    for (store, fixed, place) in stores().await {
        store.keep("crm", "x", &serde_json::json!(1)).await.unwrap();
        store.close().await;
        assert!(store.commit(Vec::new()).await.is_err(), "it is closed");
        let again = open(&place, &fixed).await;
        assert_eq!(again.kept("crm", "x").await.unwrap(), Some(serde_json::json!(1)));
    }
}

#[tokio::test]
async fn a_store_of_a_newer_provost_is_refused() {
    for (store, fixed, place) in stores().await {
        store.close().await;
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'later', TRUE, '', 0)";
        match &place.location {
            Location::File(file) => {
                let pool = sqlx::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
                sqlx::query(newer).execute(&pool).await.unwrap();
                pool.close().await;
            }
            Location::Postgres(address) => {
                let pool = sqlx::PgPool::connect(address).await.unwrap();
                sqlx::query(newer).execute(&pool).await.unwrap();
            }
        }
        let refused = Store::open(&place.location, fixed.clone(), fixed.clone()).await.err();
        assert!(matches!(refused, Some(StoreError::Foreign(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_is_no_store_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    std::fs::write(
        &file,
        "Dear Ann, this is no database at all, but long enough to be read as one. ".repeat(30),
    )
    .unwrap();
    let fixed = Fixed::new();
    for (place, expected) in [
        (file.to_str().unwrap(), "cannot be used"),
        (folder.path().to_str().unwrap(), "cannot be reached"),
        ("/nowhere/at/all/provost.db", "cannot be reached"),
        ("postgres://app@127.0.0.1:1/app", "cannot be reached"),
        ("postgres://app@127.0.0.1:no/app", "cannot be read"),
    ] {
        let error = Store::open(&Location::parse(place), fixed.clone(), fixed.clone()).await.err().unwrap();
        assert!(error.to_string().contains(expected), "{place}: {error}");
    }
}
