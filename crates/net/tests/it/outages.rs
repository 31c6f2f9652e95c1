//! Systems that are slow, reset connections or are down, and callers that go away.

use std::time::Duration;

use futures_util::future::join_all;
use provost_core::{FaultKind, Trace};
use provost_net::{Limits, Method, PathLimit, Rate};

use crate::server::{Does, SECOND, Server, bounded};

const OK: Does = Does::Answers(200, "{}");
const TOKEN: Does = Does::Answers(200, r#"{"access_token": "canary-token", "expires_in": 3600}"#);

#[tokio::test]
async fn what_is_repeated() {
    let rows = [
        (Does::Hangs, Method::POST, FaultKind::AnswerLost, 1),
        (Does::Hangs, Method::PUT, FaultKind::AnswerLost, 3),
        (Does::Resets, Method::POST, FaultKind::AnswerLost, 1),
        (Does::Breaks, Method::GET, FaultKind::AnswerLost, 3),
        (Does::Answers(503, ""), Method::PUT, FaultKind::Unavailable, 3),
        (Does::Answers(400, ""), Method::PUT, FaultKind::InvalidValue, 1),
    ];
    for (does, method, kind, count) in rows {
        let server = Server::start(move |_, _| does).await;
        let client = server.client(false, 30 * SECOND);
        let fault = bounded(server.send(&client, method.clone())).await.expect_err("it fails");
        assert_eq!((fault.kind, server.count("/users")), (kind, count), "{method}: {fault}");
    }
}

#[tokio::test]
async fn every_answer_has_its_request_id() {
    let server = Server::start(|path, before| match (path, before) {
        ("/token", _) => TOKEN,
        (_, 0) => Does::Answers(503, ""),
        (_, 1) => Does::Resets,
        _ => OK,
    });
    let server = server.await;
    let (client, trace) = (server.client(true, 30 * SECOND), Trace::default());
    bounded(server.traced(&client, Method::PUT, &trace)).await.expect("the third time");
    assert_eq!(trace.request_ids(0), ["/token:0", "/users:0", "/users:2"]);
    assert_eq!(trace.request_ids(trace.count() - 1), ["/users:2"]);
    assert!(trace.request_ids(100).is_empty());
}

#[tokio::test]
async fn a_write_that_may_have_happened_stays_one() {
    let server = Server::start(|path, before| match (path, before) {
        ("/token", 0) => TOKEN,
        ("/token", _) => Does::Resets,
        (_, 0) => Does::Hangs,
        _ => Does::Answers(401, ""),
    });
    let server = server.await;
    let client = server.client(true, 30 * SECOND);
    let fault = bounded(server.send(&client, Method::PUT)).await.expect_err("no second token");
    assert_eq!(fault.kind, FaultKind::AnswerLost, "the first attempt may have been carried out: {fault}");
    assert!(fault.message.contains("/token"), "{fault}");
}

#[tokio::test]
async fn a_system_that_is_down_is_called_so() {
    let server = Server::start(|_, _| Does::Answers(503, "")).await;
    let client = server.client(false, Duration::from_millis(100));
    let mut fault = None;
    for _ in 0..3 {
        fault = bounded(server.send(&client, Method::POST)).await.err();
        fault = bounded(server.send(&client, Method::GET)).await.err().or(fault);
    }
    let fault = fault.expect("it fails");
    assert!(fault.message.starts_with("not sent: the system is unavailable"), "{fault}");
    assert!(fault.message.ends_with("The last failure was: it said 503"), "{fault}");
}

#[tokio::test]
async fn paths_are_counted_below_the_systems_address() {
    let server = Server::start(|_, _| OK).await;
    let rates = vec![Rate { count: 1, per: 60 * SECOND, burst: None, writes_only: false }];
    let limits = Limits { paths: vec![PathLimit { path: "/users".to_owned(), rates }], ..Limits::default() };
    for (base, count) in [("/", 1), ("/users/", 2)] {
        let client = server.limited(base, limits.clone());
        let mut sent = 0;
        while sent < 2 && bounded(server.send(&client, Method::GET)).await.is_ok() {
            sent += 1;
        }
        assert_eq!(sent, count, "{base}");
    }
}

/// The one whose request asks whether the system is up again.
#[tokio::test]
async fn the_one_who_asks_may_go_away() {
    let server = Server::start(|_, before| match before {
        0..5 => Does::Resets,
        5 => Does::Hangs,
        _ => OK,
    });
    let server = server.await;
    let client = server.client(false, 30 * SECOND);
    for _ in 0..5 {
        bounded(server.send(&client, Method::POST)).await.expect_err("it is down");
    }
    let given_up = tokio::time::timeout(SECOND * 6 / 5, server.send(&client, Method::GET)).await;
    assert!(given_up.is_err());
    assert_eq!(server.count("/users"), 6, "it was asked after a second");
    let others =
        tokio::time::timeout(3 * SECOND, join_all((0..32).map(|_| server.send(&client, Method::GET))));
    assert!(others.await.expect("another one asks").iter().all(Result::is_ok));
}

/// Callers that go away at any moment.
#[tokio::test]
async fn whoever_goes_away_takes_nothing_along() {
    let server = Server::start(|path, before| match (path, before) {
        ("/token", before) if before % 3 != 2 => Does::Hangs,
        ("/token", _) => TOKEN,
        (_, before) if before < 24 => [Does::Resets, Does::Hangs, Does::Answers(503, "")][before % 3],
        _ => OK,
    });
    let server = server.await;
    let client = server.client(true, 300 * SECOND);
    let mut random = fastrand::Rng::with_seed(7);
    bounded(async {
        for _ in 0..40 {
            let limit = Duration::from_millis(random.u64(1..120));
            let sent = (0..24).map(|_| tokio::time::timeout(limit, server.send(&client, Method::GET)));
            join_all(sent).await;
        }
        let sent = join_all((0..32).map(|_| server.send(&client, Method::GET))).await;
        let failed: Vec<_> = sent.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "every place is free, and the system is asked again: {failed:?}");
    })
    .await;
}
