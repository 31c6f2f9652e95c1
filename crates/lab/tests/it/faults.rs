//! Each fault does to a request what its name says.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use provost_lab::{Faults, Running, hello};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::client::{Reply, send, try_send};

const CREATE: &str = "POST /api/now/users";

async fn world(faults: &str) -> (Running, SocketAddr) {
    seeded_world(faults, 1).await
}

async fn seeded_world(faults: &str, seed: u64) -> (Running, SocketAddr) {
    let faults: Faults = faults.parse().expect(faults);
    let options = hello::Options { faults: faults.seeded(seed), ..hello::Options::default() };
    let running = hello::start(options).await.expect("started");
    let address = running.address();
    (running, address)
}

fn ann() -> Value {
    json!({"email": "ann@example.com"})
}

/// The status of a create that the vendor itself answered, in whole and in time.
async fn create(address: SocketAddr, patience: Duration) -> Option<u16> {
    let sent = timeout(patience, try_send(address, CREATE, Some(ann()))).await;
    let bytes = sent.ok()?.ok().filter(|bytes| !bytes.is_empty())?;
    let reply = Reply::parse(&bytes);
    let is_whole = reply.body.len() == reply.promised();
    (is_whole && [201, 409].contains(&reply.status)).then_some(reply.status)
}

/// Whether a request that a fault met was carried out: a create is repeated until it is
/// answered, and then finds its account made or not.
async fn is_carried_out(faults: &str, patience: Duration) -> bool {
    for seed in 0.. {
        let (_world, address) = seeded_world(faults, seed).await;
        if create(address, patience).await.is_some() {
            // The fault did not meet the first request: this seed shows nothing.
            continue;
        }
        loop {
            if let Some(status) = create(address, patience).await {
                return status == 409;
            }
        }
    }
    unreachable!("seeds do not run out")
}

#[tokio::test]
async fn a_status_comes_in_the_vendors_words() {
    let (_world, address) = world("429:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    let error = json!({"message": "Too Many Requests", "detail": "a fault that the lab was asked for"});
    assert_eq!(reply.json(), json!({"error": error}));
    let (_world, address) = world("503:1").await;
    let reply = send(address, "GET /api/now/test", None).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, None));
}

#[tokio::test]
async fn a_reset_is_one() {
    let (_world, address) = world("reset:1").await;
    let error = try_send(address, "GET /api/now/test", None).await.expect_err("no answer");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_lost_answer_is_no_answer() {
    let (_world, address) = world("lost:1").await;
    assert_eq!(try_send(address, "GET /api/now/test", None).await.expect("closed in order"), b"");
}

#[tokio::test]
async fn a_web_page_comes_with_a_good_status() {
    let (_world, address) = world("html:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(reply.body.starts_with("<!doctype html>"), "{}", reply.body);
}

#[tokio::test]
async fn a_cut_answer_ends_in_its_middle() {
    let (_world, address) = world("cut:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, reply.body.len()), (201, reply.promised() / 2));
    assert!(reply.body.starts_with("{\"result\":{\"user_id\":\"1001\""), "{}", reply.body);
}

#[tokio::test]
async fn a_slow_answer_is_whole_and_late() {
    let (_world, address) = world("slow@30ms:1").await;
    let start = Instant::now();
    let reply = send(address, CREATE, Some(ann())).await;
    assert!(start.elapsed() >= Duration::from_millis(30));
    assert_eq!((reply.status, &reply.json()["result"]["user_id"]), (201, &json!("1001")));
}

#[tokio::test]
async fn only_some_faults_carry_the_request_out() {
    let patience = Duration::from_secs(10);
    for faults in ["lost:0.5", "cut:0.5"] {
        assert!(is_carried_out(faults, patience).await, "{faults}");
    }
    for faults in ["reset:0.5", "html:0.5", "500:0.5", "429:0.5"] {
        assert!(!is_carried_out(faults, patience).await, "{faults}");
    }
    assert!(is_carried_out("slow@60s:0.5", Duration::from_millis(50)).await);
}

#[tokio::test]
async fn a_seed_repeats_the_same_faults() {
    let outcomes = async || {
        let (_world, address) = world("429:0.3,500:0.3").await;
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(send(address, "GET /api/now/test", None).await.status);
        }
        statuses
    };
    let first = outcomes().await;
    assert_eq!(first, outcomes().await);
    for status in [200, 429, 500] {
        assert!(first.contains(&status), "{first:?}");
    }
}

#[tokio::test]
async fn a_gateway_and_a_silent_limit() {
    let (_world, address) = world("502-html:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, reply.header("content-type")), (502, Some("text/html; charset=utf-8")));
    let (_world, address) = world("429-bare:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, None));
    let (_world, address) = world("error:1").await;
    let reply = send(address, CREATE, Some(ann())).await;
    assert_eq!((reply.status, &reply.json()["error"]["message"]), (200, &json!("Internal Server Error")));
}

#[tokio::test]
async fn a_dripping_answer_is_whole_in_the_end() {
    let (_world, address) = world("drip@50ms:1").await;
    let start = Instant::now();
    let reply = send(address, CREATE, Some(ann())).await;
    assert!(start.elapsed() >= Duration::from_millis(40), "{:?}", start.elapsed());
    assert_eq!((reply.status, reply.body.len()), (201, reply.promised()));
}

#[tokio::test]
async fn faults_follow_their_schedule() {
    let (_world, address) = world("500:#2:POST,503:%3:GET:/api/now/users").await;
    let lines = [
        ("GET /api/now/test", 200),
        ("GET /api/now/users", 200),
        (CREATE, 201),
        (CREATE, 500),
        (CREATE, 409),
        ("GET /api/now/users", 200),
        ("GET /api/now/users?limit=1", 503),
        ("GET /api/now/users", 200),
    ];
    for (index, (line, status)) in lines.into_iter().enumerate() {
        let body = (line == CREATE).then(ann);
        assert_eq!(send(address, line, body).await.status, status, "{index}: {line}");
    }
}

#[tokio::test]
async fn a_stale_read_shows_what_was_before_the_last_write() {
    const FIND: &str = "GET /api/now/users?email=ann@example.com";
    let (_world, address) = world("stale:%2:GET").await;
    let count = async || send(address, FIND, None).await.json()["result"].as_array().map(Vec::len);
    assert_eq!(count().await, Some(0));
    send(address, CREATE, Some(ann())).await;
    assert_eq!((count().await, count().await), (Some(0), Some(1)));
    // What was not asked before the write is answered as it is.
    let reply = send(address, "GET /api/now/users?id=1001", None).await;
    assert_eq!(reply.json()["result"][0]["user_id"], "1001");
}

#[tokio::test]
async fn a_page_comes_again() {
    let options = hello::Options {
        people: 4,
        faults: "again:#2".parse().expect("a fault"),
        ..hello::Options::default()
    };
    let world = hello::start(options).await.expect("started");
    let mut first = Vec::new();
    for offset in [0, 2, 2] {
        let line = format!("GET /api/now/users?limit=2&offset={offset}");
        let page = send(world.address(), &line, None).await.json();
        first.push(page["result"][0]["user_id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(first, ["1001", "1001", "1003"]);
}
