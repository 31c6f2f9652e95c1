//! Stores to test with. `cargo xtask test` says in `PROVOST_BED_POSTGRES_URL` where a
//! PostgreSQL server is; without it these tests have SQLite alone, and say so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use provost_core::{Actor, ActorKind, AuditEvent, AuditKind, AuditResult, Clock, Random};
use provost_store::{Location, Store, Write};

/// A clock that is set by hand, and random bytes that are not random.
pub(crate) struct Fixed {
    now: AtomicI64,
    next: AtomicU64,
}

impl Fixed {
    pub(crate) fn new() -> Arc<Self> {
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        Arc::new(Self { now: start.as_microsecond().into(), next: 1.into() })
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        // The real clock is finer than what is kept.
        let nanoseconds = i128::from(self.now.load(Ordering::Relaxed)) * 1000 + 387;
        Timestamp::from_nanosecond(nanoseconds).unwrap()
    }
}

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().rev().zip(next.iter().rev().chain([&0; 64])).for_each(|(byte, next)| *byte = *next);
    }
}

/// A place for a store, which is gone when this is.
pub(crate) struct Place {
    pub(crate) location: Location,
    _folder: tempfile::TempDir,
}

/// A place for a store of each kind that is there.
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
pub(crate) async fn places() -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap();
    let file = Place { location: Location::File(folder.path().join("provost.db")), _folder: folder };
    let mut places = vec![file];
    if let Ok(address) = std::env::var("PROVOST_BED_POSTGRES_URL") {
        places.push(postgres(&address).await);
    } else {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "there is no PostgreSQL");
        eprintln!("left out: PostgreSQL, which `cargo xtask test` starts");
    }
    places
}

/// A database of its own; the server is thrown away with all of them.
async fn postgres(address: &str) -> Place {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = format!("store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let pool = sqlx::PgPool::connect(address).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    let (server, _) = address.rsplit_once('/').unwrap();
    Place { location: Location::parse(&format!("{server}/{name}")), _folder: tempfile::tempdir().unwrap() }
}

/// A store of each kind that is there.
pub(crate) async fn stores() -> Vec<(Store, Arc<Fixed>, Place)> {
    let mut stores = Vec::new();
    for place in places().await {
        let fixed = Fixed::new();
        stores.push((open(&place, &fixed).await, fixed, place));
    }
    stores
}

pub(crate) async fn open(place: &Place, fixed: &Arc<Fixed>) -> Store {
    Store::open(&place.location, fixed.clone(), fixed.clone()).await.unwrap()
}

pub(crate) fn actor() -> Actor {
    Actor { kind: ActorKind::Key, id: "k1".to_owned(), name: "nightly".to_owned() }
}

/// An event that a test says more of.
pub(crate) fn event(store: &Store, kind: AuditKind, what: &str) -> AuditEvent {
    AuditEvent {
        time: store.now(),
        kind,
        actor: actor(),
        node: "n1".to_owned(),
        run: None,
        line: None,
        instance: None,
        subject: None,
        account: None,
        what: what.to_owned(),
        why: None,
        before: None,
        after: None,
        refers: None,
        result: AuditResult::Success,
        message: String::new(),
        request_ids: Vec::new(),
    }
}

pub(crate) fn written(event: AuditEvent) -> Write {
    Write::Event(Box::new(event))
}
