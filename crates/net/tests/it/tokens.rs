//! Token end points that fail, and what is then said of the request that wanted the token.

use futures_util::future::join_all;
use provost_core::FaultKind;
use provost_net::Method;

use crate::server::{Does, SECOND, Server, bounded};

const TOKEN: Does = Does::Answers(200, r#"{"access_token": "canary-token", "expires_in": 3600}"#);
const OK: Does = Does::Answers(200, "{}");

#[tokio::test]
async fn a_log_in_that_comes_to_nothing_is_no_lost_write() {
    for (does, words) in [
        (Does::Hangs, "Connection Timeout Error"),
        (Does::Resets, "Verify that the server URL"),
        (Does::Breaks, "Verify that the server URL"),
        (Does::Answers(503, "busy"), "refused with 503"),
    ] {
        let server = Server::start(move |path, _| if path == "/token" { does } else { OK }).await;
        let client = server.client(true, 30 * SECOND);
        let fault = bounded(server.send(&client, Method::POST)).await.expect_err("no token");
        assert_eq!(fault.kind, FaultKind::NotSent, "{fault}");
        let place = format!("no token could be had from {}/token: ", server.address);
        assert!(fault.message.starts_with(&place) && fault.message.contains(words), "{fault}");
        assert_eq!((server.count("/token"), server.count("/users")), (3, 0), "{fault}");
    }
}

#[tokio::test]
async fn a_log_in_that_recovers_is_asked_again_for_a_write() {
    let server = Server::start(|path, before| match (path, before) {
        ("/token", 0) => Does::Answers(503, "busy"),
        ("/token", 1) => Does::Resets,
        ("/token", _) => TOKEN,
        _ => OK,
    });
    let server = server.await;
    let client = server.client(true, 30 * SECOND);
    bounded(server.send(&client, Method::POST)).await.expect("the third log-in is good");
    assert_eq!((server.count("/token"), server.count("/users")), (3, 1));
}

#[tokio::test]
async fn many_requests_are_one_log_in_also_where_it_fails() {
    let server = Server::start(|path, _| if path == "/token" { Does::Answers(404, "") } else { OK }).await;
    let client = server.client(true, 30 * SECOND);
    let ended = bounded(join_all((0..16).map(|_| server.send(&client, Method::GET)))).await;
    assert!(
        ended.iter().all(|ended| ended.as_ref().is_err_and(|fault| fault.kind == FaultKind::Configuration))
    );
    assert_eq!(server.count("/token"), 1, "who waited for it does not ask again");
}
