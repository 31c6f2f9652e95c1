//! Bytes that are no HTTP, or hardly: every connection is answered or ended soon.

use std::time::{Duration, Instant};

use super::http::raw;
use super::two::{Two, about};

/// Longer than this nothing may take: the head of a request has ten seconds.
const TIME_LIMIT: Duration = Duration::from_secs(15);

/// The statuses of the answers that came on one connection.
fn statuses(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let starts = text.match_indices("HTTP/1.").map(|(place, _)| &text[place..]);
    starts.filter_map(|start| start.split(' ').nth(1)?.parse().ok()).collect()
}

async fn check(two: &Two, what: &str, sent: &[u8]) {
    let begun = Instant::now();
    // One that is cut off without an answer is an end too.
    let answered = raw(&two.server.address, sent).await.unwrap_or_default();
    let statuses = statuses(&answered);
    assert!(begun.elapsed() < TIME_LIMIT, "{what}: it took {:?}", begun.elapsed());
    assert!(statuses.iter().all(|status| (400..500).contains(status)), "{what}: {statuses:?}");
}

#[tokio::test]
async fn heads_that_make_no_sense() {
    let two = Two::start(&[]).await;
    let key = two.server.key();
    let many = "X: a\r\n".repeat(1000);
    let large = format!("X: {}\r\n", "a".repeat(1 << 20));
    for (what, sent) in [
        ("nothing", String::new()),
        ("HTTP/0.9", "GET /api/v1/runs\r\n\r\n".to_owned()),
        ("a bare line", "GET\r\n\r\n".to_owned()),
        ("no method", " / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n".to_owned()),
        ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned()),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0".to_owned()),
        ("noise", "\0\u{1}\u{2}\r\n\r\n".to_owned()),
        ("many headers", format!("GET /api/v1/me HTTP/1.1\r\nHost: a\r\n{many}\r\n")),
        ("a large header", format!("GET /api/v1/me HTTP/1.1\r\nHost: a\r\n{large}\r\n")),
        ("no name", "GET /api/v1/me HTTP/1.1\r\n: a\r\n\r\n".to_owned()),
        ("a space before the colon", "GET /api/v1/me HTTP/1.1\r\nHost : a\r\n\r\n".to_owned()),
        ("a folded line", "GET /api/v1/me HTTP/1.1\r\nHost: a\r\n b\r\nConnection: close\r\n\r\n".to_owned()),
        ("a long path", format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(1 << 20))),
        ("CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n".to_owned()),
        (
            "an absolute address",
            "GET http://a/api/v1/me HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        (
            "two hosts",
            "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("a head that stops", format!("GET /api/v1/me HTTP/1.1\r\nAuthorization: Bearer {key}\r\n")),
    ] {
        check(&two, what, sent.as_bytes()).await;
    }
    two.server.ask("GET /api/v1/me", "").await.ended(200);
}

#[tokio::test]
async fn lengths_that_are_lies() {
    let two = Two::start(&[]).await;
    let body = about("ann@example.com").to_string();
    let (key, length) = (two.server.key(), body.len());
    let head = |lines: &str| {
        format!(
            "POST /api/v1/commands/iam-create-user HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\n{lines}\r\n"
        )
    };
    for (what, lines, sent) in [
        ("two lengths", format!("Content-Length: {length}\r\nContent-Length: 1\r\n"), body.clone()),
        ("a negative length", "Content-Length: -1\r\n".to_owned(), body.clone()),
        ("a length with a sign", format!("Content-Length: +{length}\r\n"), body.clone()),
        ("no number", "Content-Length: a\r\n".to_owned(), body.clone()),
        ("a huge length", "Content-Length: 99999999999999999999\r\n".to_owned(), body.clone()),
        ("a large length", "Content-Length: 9999999999\r\n".to_owned(), body.clone()),
        ("a short length", "Content-Length: 5\r\n".to_owned(), body.clone()),
        ("no length", String::new(), body.clone()),
        (
            "a chunk of no size",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("zz\r\n{body}\r\n0\r\n\r\n"),
        ),
        (
            "a huge chunk",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("ffffffffffffffffff\r\n{body}"),
        ),
        ("a short chunk", "Transfer-Encoding: chunked\r\n".to_owned(), format!("5\r\n{body}\r\n0\r\n\r\n")),
        ("an unknown coding", "Transfer-Encoding: gzip\r\n".to_owned(), body.clone()),
        (
            "chunked twice",
            "Transfer-Encoding: chunked, chunked\r\n".to_owned(),
            "1\r\n{\r\n0\r\n\r\n".to_owned(),
        ),
        (
            "an endless chunk extension",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("1;{}\r\n{{\r\n0\r\n\r\n", "a".repeat(1 << 20)),
        ),
        (
            "many trailers",
            "Transfer-Encoding: chunked\r\n".to_owned(),
            format!("1\r\n{{\r\n0\r\n{}\r\n", "X: a\r\n".repeat(100_000)),
        ),
    ] {
        check(&two, what, (head(&lines) + &sent).as_bytes()).await;
    }
    two.server.ask("GET /api/v1/me", "").await.ended(200);
    assert_eq!(two.written("ann@example.com").await, [0, 0]);
}

/// Who hides a request in the body of another one has sent one request (RFC 9112, 6.3).
#[tokio::test]
async fn no_request_is_smuggled() {
    let two = Two::start(&[]).await;
    let key = two.server.key();
    let hidden = format!(
        "GET /api/v1/keys HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    );
    for lines in [
        format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", hidden.len() + 5),
        format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", hidden.len() + 5),
        format!("Transfer-Encoding : chunked\r\nContent-Length: {}\r\n", hidden.len() + 5),
        format!("Transfer-Encoding: xchunked\r\nContent-Length: {}\r\n", hidden.len() + 5),
    ] {
        let sent = format!("POST /api/v1/keys HTTP/1.1\r\nHost: a\r\n{lines}\r\n0\r\n\r\n{hidden}");
        let answered = raw(&two.server.address, sent.as_bytes()).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&answered);
        assert!(!text.contains("first key"), "{lines}: {text}");
    }
}
