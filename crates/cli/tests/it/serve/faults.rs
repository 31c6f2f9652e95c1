//! A store that goes away while requests and a batch are under way: what cannot be done is
//! said, nothing is lost, nothing is written twice, and nobody has to start the server again.

mod postgres;
mod room;

use std::sync::Arc;
use std::time::{Duration, Instant};

use provost_lab::okta;
use provost_store::{Location, RunFilter, RunState, Store};
use serde_json::Value;

use super::http::{Answer, try_request};
use super::killed::{Real, events, nothing_was_done_twice, people, post_batch, the_log_is_whole};
use super::server::Server;
use super::two::about;
use crate::provost::{CANARY, PASSWORD_VARIABLE, Provost, send};

/// How many people the batch is about, and how many are made by single requests.
const PEOPLE: usize = 60;
const SINGLE: usize = 12;
/// How long the store is away where nobody says it, in seconds.
const AWAY: u64 = 8;
/// A batch that takes longer is stuck.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// Leases outlast the fault, so that nobody is saved by one that runs out.
const WORDS: [&str; 4] = ["--workers", "4", "--lease", "20"];

/// Something that takes the store away and gives it back.
trait Fault {
    fn begin(&mut self);
    fn end(&mut self);
    /// The statuses with which a write may be refused meanwhile.
    fn refusals(&self) -> &'static [u16];
    /// Whether what is there can be read meanwhile.
    fn is_readable(&self) -> bool;
}

/// A system, and what the server is told of it.
async fn system() -> (provost_lab::Running, Provost) {
    let options = okta::Options { token: CANARY.to_owned(), ..okta::Options::default() };
    let okta = okta::start(options).await.expect("the system starts");
    let provost = Provost::configured(&format!(
        "instances:\n  okta:\n    integration: okta-iam\n    url: {}\n    api-token: env:{PASSWORD_VARIABLE}\n    proxy: false\n",
        okta.url()
    ));
    (okta, provost)
}

fn single(number: usize) -> String {
    format!("single{number}@example.com")
}

/// Makes somebody, by a request that may come again.
async fn make(server: &Server, key: &str, number: usize) -> Answer {
    let once = format!("single-{number}");
    let headers = [("Idempotency-Key", once.as_str())];
    let body = about(&single(number)).to_string();
    server.ask_as(key, "POST /api/v1/commands/iam-create-user", &headers, &body).await
}

/// Checks that somebody is told that it cannot be done now, and when to come again.
fn refused(answer: &Answer, statuses: &[u16]) {
    assert!(statuses.contains(&answer.status), "{answer:#?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{answer:#?}");
    assert!(answer.header("retry-after").is_some(), "{answer:#?}");
    let body = answer.json();
    assert!(body["hints"].as_array().is_some_and(|hints| !hints.is_empty()), "{body:#}");
}

/// What is asked while the store is away.
async fn meanwhile(server: &Server, key: &str, fault: &dyn Fault) {
    let away = std::env::var("PROVOST_AWAY").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(AWAY);
    let (begun, mut refusals, mut number) = (Instant::now(), 0, 0);
    while begun.elapsed() < Duration::from_secs(away) || refusals == 0 {
        assert!(begun.elapsed() < TIME_LIMIT, "the store takes everything");
        let answer = make(server, key, number % SINGLE).await;
        number += 1;
        // A record fits in somewhere for a while; one of an account that could not be written
        // down is a failure of the command.
        if answer.status != 200 && answer.status != 409 {
            refused(&answer, fault.refusals());
            refusals += 1;
        }
        let live = try_request(&server.address, "GET /livez", &[], "").await.expect("it is there");
        assert_eq!(live.status, 200);
        let read = server.ask_as(key, "GET /api/v1/runs?limit=1", &[], "").await;
        match fault.is_readable() {
            true => assert_eq!(read.status, 200, "{read:#?}"),
            false if read.status == 200 => {}
            false => refused(&read, &[503]),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Asks for everybody until they are there.
async fn insist(server: &Server, key: &str) {
    for number in 0..SINGLE {
        let begun = Instant::now();
        let mut answer = make(server, key, number).await;
        while answer.status != 200 || answer.json()["state"] != "succeeded" {
            assert!(begun.elapsed() < Duration::from_mins(1), "{answer:#?}");
            tokio::time::sleep(Duration::from_millis(300)).await;
            // An answer that it failed is kept as well: whoever had it asks anew.
            answer = match answer.status {
                200 => make_anew(server, key, number).await,
                _ => make(server, key, number).await,
            };
        }
    }
}

async fn make_anew(server: &Server, key: &str, number: usize) -> Answer {
    let body = about(&single(number)).to_string();
    server.ask_as(key, "POST /api/v1/commands/iam-create-user", &[], &body).await
}

async fn ended(server: &Server, key: &str, id: &str) -> Value {
    let begun = Instant::now();
    loop {
        let answer = server.ask_as(key, &format!("GET /api/v1/batches/{id}"), &[], "").await;
        if answer.status == 200 && answer.json()["ended"].is_string() {
            return answer.json();
        }
        assert!(begun.elapsed() < TIME_LIMIT, "the batch does not end: {answer:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The whole of it, at a server that was started.
async fn survive(mut server: Server, okta: &str, location: Location, fault: &mut dyn Fault) {
    let key = server.key().to_owned();
    let id = post_batch(&server, &key, &people(PEOPLE)).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    fault.begin();
    meanwhile(&server, &key, fault).await;
    fault.end();
    insist(&server, &key).await;
    let shown = ended(&server, &key, &id).await;
    assert_eq!(shown["progress"]["state"], "succeeded", "{shown:#}");
    assert_eq!(shown["progress"]["done"], 2 * PEOPLE, "{shown:#}");
    // What was kept for later is written with the next beat.
    tokio::time::sleep(Duration::from_secs(6)).await;
    send("TERM", &server.child).await;
    assert!(server.child.wait().await.expect("it ends").success());
    nothing_was_done_twice(okta, PEOPLE).await;
    let counted = events(okta.trim_start_matches("http://")).await;
    for number in 0..SINGLE {
        let made = counted.get(&("user.lifecycle.create".to_owned(), single(number)));
        assert_eq!(made, Some(&1), "{}: {counted:#?}", single(number));
    }
    the_log_is_whole(&location, &id, PEOPLE).await;
    nothing_is_under_way(&location).await;
}

async fn nothing_is_under_way(location: &Location) {
    let store = Store::open(location, Arc::new(Real), Arc::new(Real)).await.expect("the store is there");
    let running = RunFilter { state: Some(RunState::Running), ..RunFilter::default() };
    let runs = store.runs(&running, None, 100).await.expect("it can be read");
    assert!(runs.is_empty(), "{runs:#?}");
    store.close().await;
}

#[tokio::test]
async fn a_store_that_cannot_be_opened_is_told_at_once() {
    let provost = Provost::new();
    let printed =
        provost.run(&["serve", "--listen", "127.0.0.1:0", "--store", "nowhere/provost.db"]).await.ended(2);
    assert!(printed.stderr.contains("could not open the store nowhere/provost.db"), "{printed:#?}");
    let provost = Provost::new().file("provost.db", &"no database ".repeat(1000));
    let printed = provost.run(&["serve", "--listen", "127.0.0.1:0"]).await.ended(2);
    assert!(printed.stderr.contains("could not open the store"), "{printed:#?}");
}
