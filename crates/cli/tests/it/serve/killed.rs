//! Servers that are killed at any moment lose nothing and write nothing twice.
//!
//! The loop is short here; `cargo xtask test-extra` makes it long by `PROVOST_KILLS`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use provost_core::{Clock, Random};
use provost_lab::okta;
use provost_store::{Location, Store};
use serde_json::Value;

use super::http::try_request;
use super::server::{Server, tell};
use crate::provost::{CANARY, PASSWORD_VARIABLE, Provost, send};

/// So many people are worked on while a server lives, about.
const PEOPLE_A_LIFE: usize = 15;
/// How often a server is killed where nobody says it.
const KILLS: usize = 4;
/// A batch that takes longer is stuck.
const TIME_LIMIT: Duration = Duration::from_mins(5);

/// The time and the chance of the machine.
pub(super) struct Real;

impl Clock for Real {
    #[expect(clippy::disallowed_methods, reason = "the servers have the real time too")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

impl Random for Real {
    fn fill(&self, bytes: &mut [u8]) {
        fastrand::fill(bytes);
    }
}

/// Each person is made, and then given a title, by two lines.
pub(super) fn people(count: usize) -> String {
    let lines = |number| {
        let email = format!("person{number}@example.com");
        let create = format!(
            "{{\"email\": \"{email}\", \"username\": \"{email}\", \"givenname\": \"Person\", \"surname\": \"{number}\"}}\n"
        );
        let update = format!(
            "{{\"command\": \"iam-update-user\", \"user-profile\": {{\"email\": \"{email}\", \"title\": \"Title {number}\"}}}}\n"
        );
        (create, update)
    };
    let (creates, updates): (Vec<_>, Vec<_>) = (0..count).map(lines).unzip();
    creates.concat() + &updates.concat()
}

pub(super) async fn post_batch(server: &Server, key: &str, people: &str) -> String {
    let headers = [("Content-Type", "application/x-ndjson")];
    let line = "POST /api/v1/batches?command=iam-create-user&reason=joiners";
    let answer = server.ask_as(key, line, &headers, people).await.ended(202);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// The batch as a server that is there shows it.
async fn batch(servers: &[Server], key: &str, id: &str) -> Option<Value> {
    let bearer = format!("Bearer {key}");
    for server in servers {
        let line = format!("GET /api/v1/batches/{id}");
        let answer = try_request(&server.address, &line, &[("Authorization", &bearer)], "").await;
        if let Some(answer) = answer.filter(|answer| answer.status == 200) {
            return Some(answer.json());
        }
    }
    None
}

/// How often each kind of event happened to each account, as the system itself has it.
pub(super) async fn events(okta: &str) -> HashMap<(String, String), usize> {
    let mut counted = HashMap::new();
    let bearer = format!("SSWS {CANARY}");
    let mut line = "GET /api/v1/logs?limit=1000&sortOrder=ASCENDING".to_owned();
    loop {
        let answer = try_request(okta, &line, &[("Authorization", &bearer)], "").await.expect("it is there");
        let page = answer.ended(200);
        let events = page.json().as_array().cloned().unwrap_or_default();
        if events.is_empty() {
            return counted;
        }
        for event in &events {
            let kind = event["eventType"].as_str().unwrap_or_default().to_owned();
            let target = event["target"][0]["alternateId"].as_str().unwrap_or_default().to_owned();
            *counted.entry((kind, target)).or_default() += 1;
        }
        let links = page.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("link:"));
        let Some(next) = links.filter_map(|link| link.split('<').nth(1)?.split('>').next()).next_back()
        else {
            return counted;
        };
        let path = next.split_once(okta).map_or(next, |(_, path)| path);
        line = format!("GET {path}");
    }
}

/// Kills servers at random moments, starts them again, and holds what is there at the end
/// against what was asked.
async fn kill_again_and_again(location: Location, count: usize) {
    let kills: usize =
        std::env::var("PROVOST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let people_count = kills * PEOPLE_A_LIFE;
    let okta = okta::start(okta::Options { token: CANARY.to_owned(), ..okta::Options::default() });
    let okta = okta.await.expect("the system starts");
    let provost = Provost::configured(&format!(
        "instances:\n  okta:\n    integration: okta-iam\n    url: {}\n    api-token: env:{PASSWORD_VARIABLE}\n    proxy: false\n",
        okta.url()
    ));
    let store = match &location {
        Location::File(_) => "provost.db".to_owned(),
        Location::Postgres(address) => address.clone(),
    };
    let words = ["--store", &store, "--lease", "2", "--workers", "4"];
    let mut servers = Vec::new();
    for _ in 0..count {
        servers.push(Server::start(&provost, &words).await);
    }
    let key = servers[0].key().to_owned();
    let id = post_batch(&servers[0], &key, &people(people_count)).await;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(fastrand::u64(20..700))).await;
        let place = fastrand::usize(..servers.len());
        send("KILL", &servers[place].child).await;
        servers[place].child.wait().await.expect("it is gone");
        servers[place] = Server::start(&provost, &words).await;
    }
    let shown = ended(&servers, &key, &id).await;
    assert_eq!(shown["progress"]["state"], "succeeded", "{shown:#}");
    assert_eq!(shown["progress"]["done"], 2 * people_count, "{shown:#}");
    for server in &mut servers {
        send("TERM", &server.child).await;
        assert!(server.child.wait().await.expect("it ends").success());
    }
    nothing_was_done_twice(&okta.url(), people_count).await;
    let location = match location {
        Location::File(_) => Location::File(provost.folder().join("provost.db")),
        postgres @ Location::Postgres(_) => postgres,
    };
    the_log_is_whole(&location, &id, people_count).await;
}

async fn ended(servers: &[Server], key: &str, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        if let Some(shown) = batch(servers, key, id).await
            && shown["ended"].is_string()
        {
            return shown;
        }
        assert!(begun.elapsed() < TIME_LIMIT, "the batch does not end: {:#?}", batch(servers, key, id).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub(super) async fn nothing_was_done_twice(url: &str, people: usize) {
    let counted = events(url.trim_start_matches("http://")).await;
    for number in 0..people {
        let email = format!("person{number}@example.com");
        for kind in ["user.lifecycle.create", "user.account.update_profile"] {
            let count = counted.get(&(kind.to_owned(), email.clone())).copied().unwrap_or_default();
            assert_eq!(count, 1, "{kind} of {email}: {counted:#?}");
        }
    }
}

pub(super) async fn the_log_is_whole(location: &Location, id: &str, people: usize) {
    let store = Store::open(location, Arc::new(Real), Arc::new(Real)).await.expect("the store is there");
    let verified = store.verify(None, &|_| {}).await.expect("it can be read");
    assert!(verified.is_ok(), "{verified:?}");
    let open = store.open_intents(100).await.expect("it can be read");
    assert!(open.is_empty(), "{open:#?}");
    let records = store.records(id, None, false, 100_000).await.expect("it can be read");
    assert_eq!(records.len(), 2 * people);
    store.close().await;
}

#[tokio::test]
async fn at_sqlite() {
    kill_again_and_again(Location::File("provost.db".into()), 1).await;
}

#[tokio::test]
async fn at_postgresql_with_two_servers() {
    let Ok(address) = std::env::var("PROVOST_BED_POSTGRES_URL") else {
        assert!(std::env::var_os("PROVOST_BEDS_COMPLETE").is_none(), "there is no PostgreSQL");
        tell("left out: PostgreSQL, which `cargo xtask test` starts");
        return;
    };
    let database = crate::serve::server::database(&address).await;
    kill_again_and_again(Location::parse(&database), 2).await;
}
