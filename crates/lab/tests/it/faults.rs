//! Each fault does to a request what its name says.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use provost_lab::{Faults, Running, hello};
use serde_json::json;
use tokio::time::Instant;

use crate::client::{send, try_send};

const CREATE: &str = "POST /api/now/users";

async fn world(faults: &str) -> (Running, SocketAddr) {
    let faults: Faults = faults.parse().expect(faults);
    let options = hello::Options { faults: faults.seeded(1), ..hello::Options::default() };
    let running = hello::start(options).await.expect("started");
    let address = running.address();
    (running, address)
}

/// Sends the same create until the fault does not meet it, and says whether the account
/// was there by then: `true` when the first try was carried out.
async fn is_carried_out(faults: &str) -> bool {
    let (_world, address) = world(faults).await;
    let body = || Some(json!({"email": "ann@example.com"}));
    for tries in 0..200 {
        let answer = try_send(address, CREATE, body()).await.unwrap_or_default();
        let answer = String::from_utf8(answer).expect("text");
        if answer.starts_with("HTTP/1.1 409") || answer.starts_with("HTTP/1.1 201") {
            assert!(tries > 0, "the fault meets the first request with this seed");
            return answer.starts_with("HTTP/1.1 409");
        }
    }
    panic!("the fault met every request");
}

#[tokio::test]
async fn a_status_comes_in_the_vendors_words() {
    let (_world, address) = world("429:1").await;
    let reply = send(address, CREATE, Some(json!({"email": "ann@example.com"}))).await;
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
    let reply = send(address, CREATE, Some(json!({"email": "ann@example.com"}))).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(reply.body.starts_with("<!doctype html>"), "{}", reply.body);
}

#[tokio::test]
async fn a_cut_answer_ends_in_its_middle() {
    let (_world, address) = world("cut:1").await;
    let reply = send(address, CREATE, Some(json!({"email": "ann@example.com"}))).await;
    assert_eq!((reply.status, reply.body.len()), (201, reply.promised() / 2));
    assert!(reply.body.starts_with("{\"result\":{\"user_id\":\"1001\""), "{}", reply.body);
}

#[tokio::test]
async fn a_slow_answer_is_whole_and_late() {
    let (_world, address) = world("slow@30ms:1").await;
    let start = Instant::now();
    let reply = send(address, CREATE, Some(json!({"email": "ann@example.com"}))).await;
    assert!(start.elapsed() >= Duration::from_millis(30));
    assert_eq!((reply.status, &reply.json()["result"]["user_id"]), (201, &json!("1001")));
}

#[tokio::test]
async fn only_some_faults_carry_the_request_out() {
    for (faults, carried_out) in
        [("lost:0.9", true), ("cut:0.9", true), ("reset:0.9", false), ("html:0.9", false), ("500:0.9", false)]
    {
        // Of a cut 201 the head is sent: such a try is counted as the fault that it is.
        let found =
            if faults.starts_with("cut") { is_cut_carried_out().await } else { is_carried_out(faults).await };
        assert_eq!(found, carried_out, "{faults}");
    }
}

async fn is_cut_carried_out() -> bool {
    let (_world, address) = world("cut:1").await;
    let body = || Some(json!({"email": "ann@example.com"}));
    assert_eq!(send(address, CREATE, body()).await.status, 201);
    send(address, CREATE, body()).await.status == 409
}

#[tokio::test]
async fn a_slow_answer_is_for_work_that_is_done() {
    let (_world, address) = world("slow@20ms:0.5").await;
    let body = || Some(json!({"email": "ann@example.com"}));
    assert_eq!(send(address, CREATE, body()).await.status, 201);
    assert_eq!(send(address, CREATE, body()).await.status, 409);
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
