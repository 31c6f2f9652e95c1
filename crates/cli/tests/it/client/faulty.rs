//! Servers that are down, slow, or none at all.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::provost::{Printed, Provost};

const KEY: &str = "pv_abc_defghijklmnop";
const GET: [&str; 2] = ["iam-get-user", r#"--user-profile={"email": "ann@example.com"}"#];
const DISABLE: [&str; 2] = ["iam-disable-user", r#"--user-profile={"email": "ann@example.com"}"#];
const DONE: &str = r#"{"run": "1", "state": "succeeded", "results": [{"IAM.Vendor": {"brand": "B", "instanceName": "b",
    "action": "get", "success": true, "active": true, "id": "7", "username": null, "email": "ann@example.com",
    "errorCode": null, "errorMessage": "", "details": {}, "skipped": false, "reason": ""},
    "IAM.UserProfile": {}, "isErrorEntry": false, "hints": []}]}"#;

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Act {
    /// Status, headers and body.
    Say(&'static str, &'static str, &'static str),
    /// Closes the connection.
    Break,
    /// Says nothing.
    Hang,
}

use Act::{Break, Hang, Say};

const OK: Act = Say("200 OK", "", DONE);
const BUSY: &str = r#"{"detail": "the store rests", "hints": []}"#;

/// A server that does one after the other, the last for ever; and what it was asked.
struct Fake {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    async fn start(acts: &'static [Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                let number = {
                    let mut kept = kept.lock().expect("nobody panics");
                    kept.push(request);
                    kept.len() - 1
                };
                match acts[number.min(acts.len() - 1)] {
                    Say(status, headers, body) => {
                        let head = format!(
                            "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
                            body.len()
                        );
                        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                    }
                    Break => drop(stream),
                    Hang => drop(tokio::spawn(async move {
                        tokio::time::sleep(Duration::from_mins(1)).await;
                        drop(stream);
                    })),
                }
            }
        });
        Self { address, asked }
    }

    async fn ask(&self, words: &[&str]) -> Printed {
        let provost = Provost::new()
            .variable("PROVOST_SERVER", &self.address)
            .variable("PROVOST_API_KEY", KEY)
            .variable("PROVOST_TIMEOUT", "8");
        let printed = provost.run(words).await;
        assert!(!printed.holds(KEY) && !printed.holds("defghijklmnop"), "{printed:#?}");
        printed
    }

    /// The key that each request carried.
    fn keys(&self) -> Vec<String> {
        let line = |request: &String| {
            let line = request.lines().find(|line| line.to_lowercase().starts_with("idempotency-key:"));
            line.expect("every command has a key").to_owned()
        };
        self.asked.lock().expect("nobody panics").iter().map(line).collect()
    }
}

/// A whole request.
async fn read(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let whole = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = whole.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            if body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0) {
                return whole;
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return whole,
            Ok(count) => text.extend_from_slice(&piece[..count]),
        }
    }
}

#[tokio::test]
async fn what_passes_by_is_waited_for_with_one_key() {
    const CASES: [&[Act]; 6] = [
        &[Break, OK],
        &[Break, Break, OK],
        &[Say("503 Service Unavailable", "retry-after: 1\r\n", BUSY), OK],
        &[Say("429 Too Many Requests", "retry-after: 1\r\n", BUSY), OK],
        &[Say("502 Bad Gateway", "", "<html>"), OK],
        &[Break, Say("409 Conflict", "retry-after: 1\r\n", r#"{"detail": "is being carried out"}"#), OK],
    ];
    for (number, acts) in CASES.into_iter().enumerate() {
        let fake = Fake::start(acts).await;
        let printed = fake.ask(&[&DISABLE[..], &["--output=jsonl"]].concat()).await.ended(0);
        assert_eq!(printed.json_lines()[0]["id"], "7", "{number}");
        let keys = fake.keys();
        assert_eq!(keys.len(), acts.len(), "{number}");
        assert!(keys.iter().all(|key| *key == keys[0]), "{number}: {keys:?}");
    }
    let fake = Fake::start(&[OK]).await;
    fake.ask(&GET).await.ended(0);
    fake.ask(&GET).await.ended(0);
    let keys = fake.keys();
    assert_ne!(keys[0], keys[1], "another command has another key");
}

#[tokio::test]
async fn what_is_none_of_provosts_answers_says_so() {
    const CASES: [(&[Act], &str); 6] = [
        (
            &[Say("200 OK", "", "<html>pv_abc_defghijklmnop</html>")],
            "none of Provost's (status 200: <html>[secret]",
        ),
        (&[Say("200 OK", "", r#"{"hello": 1}"#)], "cannot be read: missing field `results`"),
        (&[Say("404 Not Found", "", "<html>")], "none of Provost's (status 404: <html>)"),
        (&[Say("301 Moved Permanently", "location: /x\r\n", "")], "none of Provost's (status 301)"),
        (
            &[Say("500 Internal Server Error", "", r#"{"detail": "it broke pv_abc_defghijklmnop"}"#)],
            "it broke [secret]",
        ),
        (&[Say("409 Conflict", "", r#"{"detail": "other"}"#)], "refused: other"),
    ];
    for (acts, expected) in CASES {
        let printed = Fake::start(acts).await.ask(&GET).await.ended(2);
        assert!(printed.stderr.contains(expected), "{expected}: {printed:#?}");
        assert_eq!(printed.stdout, "", "{expected}");
    }
}

#[tokio::test]
async fn a_command_that_the_server_does_not_know_is_told() {
    const OLD: [Act; 2] = [
        Say("404 Not Found", "", r#"{"detail": "there is nothing at this address"}"#),
        Say("200 OK", "", r#"{"paths": {"/api/v1/commands/iam-get-user": {}}}"#),
    ];
    let printed = Fake::start(&OLD).await.ask(&DISABLE).await.ended(2);
    assert!(printed.stderr.contains("does not offer `iam-disable-user`"), "{printed:#?}");
}

#[tokio::test]
async fn a_server_that_is_down_is_given_up_soon() {
    let provost = Provost::new().variable("PROVOST_API_KEY", KEY);
    let begun = Instant::now();
    let printed = provost.run(&[&["--server=http://127.0.0.1:1"], &GET[..]].concat()).await.ended(2);
    assert!(printed.stderr.contains("could not reach the server at http://127.0.0.1:1: "), "{printed:#?}");
    assert!(printed.stderr.contains("is the server up?"), "{printed:#?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_server_that_is_too_slow_leaves_it_open_what_happened() {
    let fake = Fake::start(&[Hang]).await;
    let printed = fake.ask(&[&DISABLE[..], &["-v"]].concat()).await.ended(2);
    assert!(
        printed.stderr.contains("within 8 s; whether the command was carried out is not known"),
        "{printed:#?}"
    );
    assert!(printed.stderr.contains("PROVOST_TIMEOUT"), "{printed:#?}");
    let printed = Fake::start(&[Break]).await.ask(&GET).await.ended(2);
    assert!(!printed.stderr.contains("not known"), "a look changes nothing: {printed:#?}");
}
