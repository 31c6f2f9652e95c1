//! Requests that make no sense are told so, and never break anything.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::http::{Answer, parse, raw, try_request};
use super::two::{Two, about};

const GET_USER: &str = "POST /api/v1/commands/iam-get-user";
const CREATE_USER: &str = "POST /api/v1/commands/iam-create-user";
const GROUP: &str = "POST /api/v1/commands/iam-update-group";
const LIST: &str = "POST /api/v1/commands/iam-list-users";
const KEYS: &str = "POST /api/v1/keys";
const BATCHES: &str = "POST /api/v1/batches";

/// Checks that an answer refuses a request in the form of every refusal.
fn refused(what: &str, answer: &Answer) {
    let problem = format!("{what:.300}: {answer:#?}");
    assert!((400..500).contains(&answer.status), "{problem}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{problem}");
    let body = answer.json();
    assert!(body["type"].as_str().is_some_and(|kind| kind.starts_with("provost:")), "{problem}");
    assert!(body["title"].is_string() && body["detail"].is_string(), "{problem}");
    assert_eq!(body["status"], answer.status, "{problem}");
}

/// Sends bytes with a key as they are.
async fn bytes(two: &Two, line: &str, headers: &str, body: &[u8]) -> Answer {
    let (address, key) = (&two.server.address, two.server.key());
    let mut text = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n").into_bytes();
    text.extend(format!("Authorization: Bearer {key}\r\nContent-Length: {}\r\n", body.len()).bytes());
    text.extend([headers.as_bytes(), b"\r\n", body].concat());
    parse(&raw(address, &text).await.expect("the server answers")).expect("an answer")
}

const JSON: &str = "Content-Type: application/json\r\n";

/// What a member of a request may not be.
fn wrong_members() -> Vec<(&'static str, Value, &'static str, Vec<Value>)> {
    let user = about("ann@example.com");
    let group = json!({"arguments": {"scim": {"id": "1", "displayName": "Sales"}}});
    let key = json!({"name": "a", "role": "viewer"});
    let names = || vec![json!(1), json!(true), json!({}), json!([1]), json!([["near"]])];
    let truths = || vec![json!(1), json!("yes"), json!([]), json!({}), Value::Null];
    let texts = || vec![json!(1), json!(true), json!([]), json!({})];
    let ids = || vec![json!(true), json!({}), json!([{}]), json!([[1]]), json!(1)];
    let long = json!("a".repeat(1001));
    vec![
        (
            CREATE_USER,
            user.clone(),
            "/user-profile",
            vec![json!(1), json!([]), json!(true), json!("{"), Value::Null],
        ),
        (CREATE_USER, user.clone(), "/using", names()),
        (CREATE_USER, user.clone(), "/using-brand", names()),
        (CREATE_USER, user.clone(), "/allow-enable", truths()),
        (CREATE_USER, user.clone(), "/dry-run", truths()),
        (CREATE_USER, user.clone(), "/trace", truths()),
        (CREATE_USER, user.clone(), "/reason", [texts(), vec![long.clone()]].concat()),
        (CREATE_USER, user, "/unknown", vec![json!(1)]),
        (GROUP, group.clone(), "/arguments", vec![json!(1), json!("{}"), json!([]), Value::Null]),
        (
            GROUP,
            group.clone(),
            "/arguments/scim",
            vec![json!(1), json!([]), json!("{"), json!("[]"), Value::Null],
        ),
        (GROUP, group.clone(), "/arguments/include-members", truths()),
        (GROUP, group.clone(), "/arguments/member-ids-to-add", ids()),
        (GROUP, group.clone(), "/arguments/member-ids-to-delete", ids()),
        (GROUP, group.clone(), "/arguments/unknown", vec![json!(1)]),
        (GROUP, group.clone(), "/using", names()),
        (GROUP, group.clone(), "/using-brand", names()),
        (GROUP, group.clone(), "/trace", truths()),
        (GROUP, group.clone(), "/reason", [texts(), vec![long]].concat()),
        (GROUP, group, "/unknown", vec![json!(1)]),
        (
            LIST,
            json!({"arguments": {}}),
            "/arguments/limit",
            vec![json!(-1), json!(1.5), json!("a"), json!(10_001), json!(1e300), json!([]), Value::Null],
        ),
        (
            KEYS,
            key.clone(),
            "/name",
            vec![json!(1), json!(""), json!(" "), json!("a\r\nb"), json!("a".repeat(101))],
        ),
        (KEYS, key.clone(), "/role", vec![json!(1), json!("root"), json!(""), json!([]), Value::Null]),
        (KEYS, key.clone(), "/scopes", vec![json!(1), json!("*"), json!({"unknown": []}), Value::Null]),
        (KEYS, key.clone(), "/scopes/instances", vec![json!("near"), json!([1]), json!({})]),
        (
            KEYS,
            key.clone(),
            "/expires",
            vec![json!(1), json!("soon"), json!("2001-01-01T00:00:00Z"), json!([])],
        ),
        (KEYS, key, "/unknown", vec![json!(1)]),
    ]
}

/// The same with another value at a place.
fn with(body: &Value, place: &str, value: &Value) -> Value {
    let (mut body, mut names) = (body.clone(), place.trim_start_matches('/').split('/').peekable());
    let mut at = &mut body;
    while let Some(name) = names.next() {
        if at[name].is_null() && names.peek().is_some() {
            at[name] = json!({});
        }
        at = &mut at[name];
    }
    *at = value.clone();
    body
}

#[tokio::test]
async fn members_of_other_types() {
    let two = Two::start(&[]).await;
    for (line, good, place, values) in wrong_members() {
        for value in values {
            let body = with(&good, place, &value).to_string();
            refused(&format!("{line} {body}"), &two.server.ask(line, &body).await);
        }
        let name = place.rsplit('/').next().expect("a name");
        if place.matches('/').count() == 1 && name != "unknown" {
            let twice =
                format!("{{\"{name}\": {0}, \"{name}\": {0}}}", with(&good, place, &json!("x"))[name]);
            refused(&format!("{line} {twice}"), &two.server.ask(line, &twice).await);
        }
    }
    assert_eq!(two.written("ann@example.com").await, [0, 0]);
}

#[tokio::test]
async fn bodies_that_are_no_json() {
    let two = Two::start(&[]).await;
    let deep = format!("{{\"user-profile\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_object = format!("{{\"user-profile\": {}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let deep_text = json!({"user-profile": "[".repeat(10_000)}).to_string();
    let bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "[]",
        "null",
        "1",
        "\"a\"",
        "{}",
        "{\"user-profile\"}",
        "{'user-profile': {}}",
        "{} {}",
        "{\"user-profile\": {\"email\": NaN}}",
        "{\"user-profile\": {\"email\": 1e999}}",
        "{\"user-profile\": {\"email\": \"\\ud800\"}}",
        "{\"user-profile\": {\"email\": \"a\nb\"}}",
        "{\"user-profile\": {\"email\": \"\\u0000\"}, \"using\": \"nowhere\"}",
        &deep,
        &deep_object,
        &deep_text,
        &"[".repeat(1_000_000),
        "<user/>",
        "user-profile=ann",
        "\u{feff}{}",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([b"{\"user-profile\": {\"email\": \"\xff\xfe\"}}".to_vec(), vec![0; 1000], vec![0xff; 1000]])
    .collect();
    for line in [GET_USER, CREATE_USER, GROUP, KEYS] {
        for body in &bodies {
            let text = String::from_utf8_lossy(body).into_owned();
            // Where no member is needed an empty object is a request, which finds no group.
            refused(&format!("{line} {text}"), &bytes(&two, line, JSON, body).await);
        }
    }
}

#[tokio::test]
async fn bodies_of_other_types_and_sizes() {
    let two = Two::start(&[]).await;
    let good = about("ann@example.com").to_string();
    for kind in [
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/xml\r\n",
        "Content-Type: \r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: multipart/form-data; boundary=a\r\n",
        "Content-Type: \u{e9}\r\n",
    ] {
        let answer = bytes(&two, CREATE_USER, kind, good.as_bytes()).await;
        assert_eq!(answer.status, 415, "{kind}: {answer:#?}");
        refused(kind, &answer);
    }
    for kind in ["application/xml", "image/png", "multipart/form-data; boundary=a"] {
        let answer = bytes(&two, BATCHES, &format!("Content-Type: {kind}\r\n"), b"{}").await;
        assert_eq!(answer.status, 415, "{kind}: {answer:#?}");
    }
    let padded = format!("{}{good}", " ".repeat(1 << 20));
    let answer = bytes(&two, CREATE_USER, JSON, padded.as_bytes()).await;
    assert_eq!(answer.status, 413, "{answer:#?}");
    refused("a large body", &answer);
    assert_eq!(two.written("ann@example.com").await, [0, 0]);
}

#[tokio::test]
async fn batches_that_cannot_be_read() {
    let two = Two::start(&[]).await;
    let csv = "Content-Type: text/csv\r\n";
    let lines = "Content-Type: application/x-ndjson\r\n";
    for (query, kind, body) in [
        ("", lines, ""),
        ("", lines, "\n\n\n"),
        ("", csv, ""),
        ("", csv, "\n"),
        ("?command=rm", lines, "{}"),
        ("?command=", lines, "{}"),
        ("?command=iam-get-group", lines, "{}"),
        ("?unknown=1", lines, "{}"),
        ("?allow-enable=maybe", lines, "{}"),
        ("?allow-enable=", lines, "{}"),
        ("?dry-run=2", lines, "{}"),
        ("?using=nowhere", lines, "{}"),
        ("?using-brand=nothing", lines, "{}"),
        ("?command=iam-get-user&command=iam-create-user", lines, "{}"),
        ("?%ff=%fe", lines, "{}"),
    ] {
        let what = format!("{query} {kind} {body}");
        refused(&what, &bytes(&two, &format!("{BATCHES}{query}"), kind, body.as_bytes()).await);
    }
    let reason = format!("{BATCHES}?reason={}", "a".repeat(1001));
    refused("a long reason", &bytes(&two, &reason, lines, b"{}").await);
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_flaws_of_their_own() {
    let two = Two::start(&[]).await;
    let mut body =
        b"{\"email\": \"user0001@example.com\"}\n\xff\xfe\n{\n[]\nnull\n{\"command\": \"rm\"}\n".to_vec();
    body.extend("[".repeat(10_000).bytes().chain(*b"\n\0\n"));
    body.extend(format!("{{\"email\": \"{}\"}}\n", "a".repeat(2 << 20)).bytes());
    body.extend(*b"{\"user-profile\": 1, \"command\": 2}\n{\"email\": \"a\", \"email\": \"b\"}");
    let answer = bytes(&two, &format!("{BATCHES}?command=iam-get-user"), "", &body).await.ended(202);
    let id = answer.json()["id"].as_str().expect("an id").to_owned();
    let shown = two.ended(two.server.key(), &id).await;
    let progress = &shown["progress"];
    assert_eq!(shown["total"], 11, "{shown:#}");
    assert_eq!((&progress["waiting"], &progress["running"]), (&json!(0), &json!(0)), "{shown:#}");
    let records =
        two.server.ask(&format!("GET /api/v1/runs/{id}/records?failed=true"), "").await.ended(200).json();
    let lines: Vec<_> =
        records["items"].as_array().expect("items").iter().map(|item| item["line"].as_u64()).collect();
    assert!((2..=8).all(|line| lines.contains(&Some(line))), "{records:#}");
}

#[tokio::test]
async fn pages_that_are_none() {
    let two = Two::start(&[]).await;
    let run = "019c0000-0000-7000-8000-000000000000";
    for list in ["/api/v1/runs", "/api/v1/audit"] {
        for query in [
            "limit=0",
            "limit=-1",
            "limit=501",
            "limit=abc",
            "limit=",
            "limit=1.5",
            "before=abc",
            "before=",
            "before=-1",
            "before=%00",
            "unknown=1",
            "kind=nothing",
            "limit=99999999999999999999",
            "limit=1&limit=2",
            "before=1%27%20OR%201%3D1",
        ] {
            refused(query, &two.server.ask(&format!("GET {list}?{query}"), "").await);
        }
    }
    for query in ["since=yesterday", "since=", "until=1", "result=maybe", "kind=batch&kind=batch"] {
        refused(query, &two.server.ask(&format!("GET /api/v1/audit?{query}"), "").await);
    }
    two.ask(two.server.key(), GET_USER, &about("user0001@example.com")).await.ended(200);
    let runs = two.server.ask("GET /api/v1/runs", "").await.ended(200).json();
    let known = runs["items"][0]["id"].as_str().expect("an id");
    for query in ["after=abc", "after=1", "after=1.2.3", "after=-1.0", "limit=0", "failed=maybe", "unknown=1"]
    {
        refused(query, &two.server.ask(&format!("GET /api/v1/runs/{known}/records?{query}"), "").await);
        refused(query, &two.server.ask(&format!("GET /api/v1/runs/{run}/records?{query}"), "").await);
    }
    for seq in ["0", "-1", "abc", "1.5", "18446744073709551615", "99999999999999999999", "%00", "1%2f.."] {
        refused(seq, &two.server.ask(&format!("GET /api/v1/audit/{seq}"), "").await);
    }
}

#[tokio::test]
async fn paths_that_lead_nowhere() {
    let two = Two::start(&[]).await;
    let long = "a".repeat(60_000);
    let ids = [
        "..%2f..%2fetc",
        "%00",
        "a%00b",
        "%ff",
        "%",
        "%zz",
        "..",
        "%2e%2e",
        "'%20OR%20'1'%3D'1",
        &long,
        "%0d%0aA:b",
        "\u{e9}",
        "~root",
        "*",
        "$1",
        "a;b",
        "a%3Fb",
    ];
    for id in ids {
        for line in [
            format!("GET /api/v1/runs/{id}"),
            format!("GET /api/v1/runs/{id}/records"),
            format!("GET /api/v1/batches/{id}"),
            format!("GET /api/v1/batches/{id}/progress"),
            format!("POST /api/v1/batches/{id}/cancel"),
            format!("POST /api/v1/batches/{id}/resume"),
            format!("DELETE /api/v1/keys/{id}"),
            format!("GET /{id}"),
        ] {
            let text = format!(
                "{line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
                two.server.key()
            );
            let answer =
                parse(&raw(&two.server.address, text.as_bytes()).await.expect("an answer")).expect("HTTP");
            if answer.body.is_empty() {
                // What is no address at all does not reach the router.
                assert!([400, 414, 431].contains(&answer.status), "{line:.100}: {answer:#?}");
            } else {
                refused(&line, &answer);
            }
        }
        let name = format!("POST /api/v1/commands/{id}");
        let answer = bytes(&two, &name, JSON, b"{}").await;
        assert!((400..500).contains(&answer.status), "{name:.100}: {answer:#?}");
    }
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/runs",
        "/api/v1/runs/",
        "//api/v1/runs",
        "/api/v1/commands",
        "/api/v1/commands/",
        "/API/V1/RUNS",
        "/.git/config",
        "/api/v1/runs/a/b/c",
    ] {
        for method in ["GET", "POST", "BREW"] {
            let answer = two.server.ask(&format!("{method} {path}"), "").await;
            assert_eq!(answer.status, 404, "{method} {path}: {answer:#?}");
            refused(path, &answer);
        }
    }
}

#[tokio::test]
async fn cookies_and_keys_that_are_forged() {
    let two = Two::start(&[]).await;
    let token = "A".repeat(43);
    let values = [
        token.clone(),
        "a".repeat(42),
        "a".repeat(60_000),
        String::new(),
        "\"".to_owned(),
        "%00".to_owned(),
        "; ; =; provost_session".to_owned(),
        format!("{token}; provost_session={token}"),
        "\u{e9}".repeat(43),
        "' OR 1=1 --".to_owned(),
    ];
    for value in &values {
        let cookie = format!("provost_session={value}");
        let answer = try_request(&two.server.address, "GET /api/v1/me", &[("Cookie", &cookie)], "")
            .await
            .expect("an answer");
        assert_eq!(answer.status, 401, "{value:.60}: {answer:#?}");
        refused(value, &answer);
    }
    for value in [
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer pv_",
        "Bearer pv_a_b",
        "pv_a_b",
        "Bearer  pv_a_b",
        "Bearer pv_'_'",
        "Bearer \u{e9}",
        "Digest a=b",
    ] {
        let answer = try_request(&two.server.address, "GET /api/v1/me", &[("Authorization", value)], "")
            .await
            .expect("an answer");
        assert_eq!(answer.status, 401, "{value}: {answer:#?}");
        refused(value, &answer);
    }
}

#[tokio::test]
async fn nothing_is_injected_into_headers() {
    let two = Two::start(&[]).await;
    let mut body = about("ann@example.com");
    body["reason"] = json!("because\r\nSet-Cookie: a=b\r\n\r\n<script>");
    let answer = two.server.ask(CREATE_USER, &body.to_string()).await.ended(200);
    assert!(!answer.head.to_lowercase().contains("set-cookie"), "{answer:#?}");
    let audit = two.server.ask("GET /api/v1/audit?subject=ann@example.com", "").await.ended(200);
    assert!(
        !audit.head.to_lowercase().contains("set-cookie") && audit.body.contains("because"),
        "{audit:#?}"
    );
    let good = about("bo@example.com").to_string();
    for key in ["", " ", "\"\"", "\u{e9}", &"a".repeat(256)] {
        let answer =
            two.server.ask_as(two.server.key(), CREATE_USER, &[("Idempotency-Key", key)], &good).await;
        refused(key, &answer);
    }
    // A line feed in a value ends it: what comes after it is a header, or nonsense.
    for value in ["a\r\n b", "a\rb", "a\nb", "a\0b", "a\r\n: x"] {
        let mut head = JSON.to_owned();
        let _ = write!(head, "Idempotency-Key: {value}\r\n");
        let answer = bytes(&two, CREATE_USER, &head, good.as_bytes()).await;
        assert!(answer.status == 400 || answer.status == 200, "{value:?}: {answer:#?}");
        assert!(!answer.head.contains("x-injected"), "{answer:#?}");
    }
}
