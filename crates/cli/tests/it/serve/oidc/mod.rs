//! Logging in by an identity provider.

mod browser;
mod canaille;
mod certified;
mod provider;
mod signer;

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use self::browser::{Browser, callback};
use self::provider::{CLIENT, Draft, Mood, Provider, SECRET, Signing, Trick, fields};
use self::signer::Signer;
use super::http::Answer;
use super::server::Server;
use crate::provost::Provost;

/// What must not be seen anywhere outside: a secret, codes, tokens.
const CANARIES: [&str; 4] = ["canary client", "canary+client", "canary-code", "canary-access"];

#[expect(clippy::disallowed_methods, reason = "the server has the real time too")]
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A server that knows a provider, and has the lines for its tests.
async fn server(provider: &Provider, more: &str) -> (Provost, Server) {
    let file = format!(
        "issuer: {}\nclient-id: {CLIENT}\n{more}\nroles:\n  - {{group: admins, role: admin}}\n  - group: helpdesk\n    \
         role: operator\n    instances: [okta-*]\n    commands: [iam-get-user]\n",
        provider.issuer()
    );
    let provost = Provost::new().file("oidc.yaml", &file).file("secret.txt", &format!("{SECRET}\n"));
    let server = Server::start(&provost, &["--oidc", "oidc.yaml"]).await;
    (provost, server)
}

const WITH_SECRET: &str = "client-secret: file:secret.txt\ntimeout: 1";

/// The newest event of the log about access.
async fn newest(server: &Server) -> Value {
    let events = server.ask("GET /api/v1/audit?kind=access&limit=1", "").await.ended(200).json();
    events["items"][0]["event"].clone()
}

/// Somebody was refused, was told why, has no session, and the log knows it.
async fn refused(server: &Server, browser: &mut Browser, answer: Answer, status: u16, word: &str) -> Value {
    let answer = answer.ended(status);
    let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
    assert!(detail.contains(word), "`{word}` is not in: {detail}");
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    browser.get("/api/v1/me").await.ended(401);
    let event = newest(server).await;
    assert_eq!((&event["what"], &event["result"]), (&json!("sign-in refused"), &json!("failure")), "{event}");
    assert_eq!(event["message"], detail.as_str());
    for canary in CANARIES {
        assert!(!answer.body.contains(canary) && !event.to_string().contains(canary), "{event}");
    }
    event
}

/// Stops a server; nothing that it has printed is secret.
async fn stop(mut server: Server) {
    server.child.start_kill().expect("it runs");
    let mut printed = String::new();
    server.child.stderr.take().expect("a pipe").read_to_string(&mut printed).await.expect("text");
    for canary in CANARIES {
        assert!(!printed.contains(canary), "{printed}");
    }
}

#[tokio::test]
async fn who_is_in_a_group_comes_in_with_its_role() {
    for (algorithm, methods, more) in [
        ("RS256", Value::Null, WITH_SECRET),
        ("ES256", json!(["client_secret_post"]), WITH_SECRET),
        ("PS256", json!(["none"]), ""),
    ] {
        let provider = Provider::start(Signer::new(algorithm, "key-1")).await;
        provider.state().methods = methods;
        let (_provost, server) = server(&provider, more).await;
        let mut browser = Browser::new(&server.address);
        let answer = browser.enter(&provider, "/runs?state=failed&a=\"").await.ended(200);
        assert!(answer.body.contains("content=\"0;url=/runs?state=failed&amp;a=&quot;\""), "{answer:?}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["provost_session"]);
        let me = browser.get("/api/v1/me").await.ended(200).json();
        assert_eq!(
            (&me["role"], &me["name"]),
            (&json!("operator"), &json!("ann@example.com")),
            "{algorithm}"
        );
        assert_eq!(me["scopes"], json!({"instances": ["okta-*"], "commands": ["iam-get-user"]}));
        let id = format!("{}#ann-1", provider.issuer());
        let event = newest(&server).await;
        assert_eq!(event["actor"], json!({"kind": "person", "id": id, "name": "ann@example.com"}));
        assert_eq!((&event["what"], &event["after"]["group"]), (&json!("signed in"), &json!("helpdesk")));
        browser.get("/api/v1/keys").await.ended(403);
        stop(server).await;
    }
}

#[tokio::test]
async fn no_other_token_is_taken() {
    const TRICKS: [(Trick, &str); 15] = [
        (|draft| draft.claims["nonce"] = "other".into(), "another log-in"),
        (|draft| draft.claims["aud"] = "somebody".into(), "for somebody else"),
        (|draft| draft.claims["aud"] = json!([CLIENT, "somebody"]), "given to somebody else"),
        (|draft| draft.claims["iss"] = "https://other.example".into(), "another issuer"),
        (|draft| draft.claims["exp"] = (now() - 61).into(), "expired"),
        (|draft| draft.claims["iat"] = (now() - 3600).into(), "too old"),
        (|draft| draft.claims["iat"] = (now() + 3600).into(), "future"),
        (unsigned, "not signed"),
        (|draft| draft.signing = Signing::Not, "signature"),
        (confused, "signed in a way"),
        (|draft| draft.signing = Signing::Confused, "signature"),
        (|draft| draft.head["kid"] = "other".into(), "key that the provider does not have"),
        (|draft| draft.head["alg"] = "ES256".into(), "key that the provider does not have"),
        (|draft| draft.head["alg"] = "PS256".into(), "signature"),
        (|draft| draft.signing = Signing::Stranger, "signature"),
    ];
    fn unsigned(draft: &mut Draft) {
        draft.head = json!({"alg": "none"});
        draft.signing = Signing::Not;
    }
    fn confused(draft: &mut Draft) {
        draft.head["alg"] = "HS256".into();
        draft.signing = Signing::Confused;
    }
    let provider = Provider::start(Signer::new("RS256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    for (trick, word) in TRICKS {
        provider.state().trick = trick;
        let answer = browser.enter(&provider, "/").await;
        let event = refused(&server, &mut browser, answer, 403, word).await;
        assert_eq!(event["actor"]["name"], "somebody unknown", "nothing in a bad token is believed");
    }
    assert_eq!((provider.count("/.well-known/openid-configuration"), provider.count("/keys")), (1, 2));
    stop(server).await;
}

#[tokio::test]
async fn who_is_in_no_group_stays_outside() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    for groups in [json!([]), json!(["sales", "Admins"]), Value::Null] {
        provider.state().groups = groups;
        let answer = browser.enter(&provider, "/").await;
        let event = refused(&server, &mut browser, answer, 403, "is in no group that has a role here").await;
        assert_eq!(event["actor"]["name"], "ann@example.com");
    }
    stop(server).await;
}

#[tokio::test]
async fn an_answer_counts_in_the_browser_that_asked_and_once() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    // Somebody else's browser, with and without a log-in of its own.
    let path = browser.log_in(&provider, "/").await;
    let mut other = Browser::new(&server.address);
    let answer = other.get(&path).await;
    refused(&server, &mut other, answer, 400, "no log-in was begun in this browser").await;
    other.log_in(&provider, "/").await;
    let answer = other.get(&path).await;
    refused(&server, &mut other, answer, 400, "belongs to another log-in").await;
    // A cookie that somebody made, or changed.
    for cookie in ["x", "a.b.c", &format!("{}A", browser.cookies["provost_login"])] {
        other.cookies.insert("provost_login".to_owned(), cookie.to_owned());
        let answer = other.get(&path).await;
        other.cookies.clear();
        refused(&server, &mut other, answer, 400, "no log-in was begun in this browser").await;
    }
    // The right one, and then once more with all that it had.
    let cookies = browser.cookies.clone();
    browser.get(&path).await.ended(200);
    let mut thief = Browser { address: server.address.clone(), cookies };
    let answer = thief.get(&path).await;
    refused(&server, &mut thief, answer, 403, "invalid_grant").await;
    stop(server).await;
}

#[tokio::test]
async fn other_answers_of_providers_are_refused() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    for (change, status, word) in [
        (&["code", "iss"][..], 403, "another identity provider"),
        (&["state"], 400, "belongs to another log-in"),
        (&["code"], 400, "no code"),
        (&["code", "+error=access_denied&error_description=no%0Away"], 403, "says access_denied (noway)"),
        (&["+state=x"], 400, "no answer of an identity provider"),
    ] {
        let path = browser.log_in(&provider, "/").await;
        let mut pairs = fields(path.split_once('?').expect("a query").1);
        pairs.retain(|name, _| !change.contains(&name.as_str()));
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let more = change.iter().find_map(|word| word.strip_prefix('+')).unwrap_or_default();
        let answer = browser.get(&format!("{}&{more}", callback(&pairs))).await;
        refused(&server, &mut browser, answer, status, word).await;
    }
    // RFC 9207: a code that another provider gave is not even shown to this one.
    let before = provider.count("/token");
    let path = browser.log_in(&provider, "/").await.replace("127.0.0.1", "127.0.0.2");
    let answer = browser.get(&path).await;
    refused(&server, &mut browser, answer, 403, "another identity provider").await;
    assert_eq!(provider.count("/token"), before);
    stop(server).await;
}

#[tokio::test]
async fn nobody_is_sent_to_another_server() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let answer = Browser::new(&server.address).enter(&provider, next).await.ended(200);
        assert!(answer.body.contains("url=/\"") && !answer.body.contains("evil"), "{answer:?}");
    }
    stop(server).await;
}

#[tokio::test]
async fn a_provider_that_is_down_or_slow_is_said_to_be_so() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    for (mood, word) in [(Mood::Hangs, "did not answer in time"), (Mood::Broken, "the status 500")] {
        let path = browser.log_in(&provider, "/").await;
        provider.state().mood = mood;
        let answer = browser.get(&path).await;
        refused(&server, &mut browser, answer, 503, word).await;
        provider.state().mood = Mood::Well;
    }
    stop(server).await;

    // One that was never there: the server starts, and keys still work.
    provider.state().mood = Mood::Hangs;
    let (_provost, server) = self::server(&provider, WITH_SECRET).await;
    server.ask("GET /api/v1/me", "").await.ended(200);
    let answer = Browser::new(&server.address).get("/login/oidc").await.ended(503);
    assert!(answer.body.contains("did not answer in time"), "{answer:?}");
    // It is left alone for a while.
    Browser::new(&server.address).get("/login/oidc").await.ended(503);
    assert_eq!(provider.count("/.well-known/openid-configuration"), 2);
    stop(server).await;
}

#[tokio::test]
async fn keys_may_change_and_secrets_may_be_wrong() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (_provost, server) = server(&provider, WITH_SECRET).await;
    let mut browser = Browser::new(&server.address);
    browser.enter(&provider, "/").await.ended(200);
    provider.state().signer = Signer::new("RS256", "key-2").into();
    browser.enter(&provider, "/").await.ended(200);
    assert_eq!(provider.count("/keys"), 2);
    stop(server).await;

    let (_provost, server) = self::server(&provider, "client-secret: env:APP_PASSWORD").await;
    let mut browser = Browser::new(&server.address);
    let answer = browser.enter(&provider, "/").await;
    refused(&server, &mut browser, answer, 503, "invalid_client").await;
    stop(server).await;
}

#[tokio::test]
async fn two_servers_at_a_store_share_a_log_in() {
    let provider = Provider::start(Signer::new("ES256", "key-1")).await;
    let (provost, first) = server(&provider, &format!("{WITH_SECRET}\nurl: http://127.0.0.1:1")).await;
    let second = Server::start(&provost, &["--oidc", "oidc.yaml"]).await;
    let mut browser = Browser::new(&first.address);
    let answer = browser.get("/login/oidc?next=/").await.ended(303);
    let question =
        fields(answer.header("location").and_then(|place| place.split_once('?')).expect("a query").1);
    assert_eq!(question["redirect_uri"], "http://127.0.0.1:1/login/oidc/callback");
    let code = provider.log_in(&question);
    browser.address.clone_from(&second.address);
    let path = callback(&[("code", &code), ("state", &question["state"]), ("iss", &provider.issuer())]);
    browser.get(&path).await.ended(200);
    browser.get("/api/v1/me").await.ended(200);
    stop(first).await;
    stop(second).await;
}

#[tokio::test]
async fn a_file_that_cannot_work_is_told_at_the_start() {
    let good = [
        ("issuer", "https://id.example"),
        ("client-id", "provost"),
        ("roles", "[{group: admins, role: admin}]"),
    ];
    for (key, value, word) in [
        ("issuer", "http://id.example", "`issuer` must be an address with https"),
        ("issuer", "id.example", "`issuer` is no address"),
        ("client-id", "''", "`client-id` is empty"),
        ("client-secret", "canary client", "says where the secret is, not what it is"),
        ("client-secret", "env:NOT_SET", "`NOT_SET` is not set"),
        ("roles", "[]", "nobody could log in"),
        ("roles", "[{group: admins, role: root}]", "unknown word `root`"),
        ("roles", "[{group: '', role: admin}]", "empty `group`"),
        ("url", "https://provost.example/path", "without a path"),
        ("timeout", "0", "a number of seconds above 0"),
        ("clientid", "x", "unknown key `clientid`"),
    ] {
        let others = good.into_iter().filter(|(other, _)| *other != key);
        let lines = others.chain([(key, value)]).map(|(key, value)| format!("{key}: {value}\n"));
        let provost = Provost::new().file("oidc.yaml", &lines.collect::<String>());
        let printed =
            provost.run(&["serve", "--listen", "127.0.0.1:0", "--oidc", "oidc.yaml"]).await.ended(2);
        assert!(printed.stderr.contains(word), "{key}: {value}: {printed:?}");
        assert!(!printed.holds("canary client"), "{printed:?}");
    }
    let provost = Provost::new();
    let server = Server::start(&provost, &[]).await;
    let answer = Browser::new(&server.address).get("/login/oidc").await.ended(404);
    assert!(answer.body.contains("knows no identity provider"), "{answer:?}");
}

#[tokio::test]
async fn the_examples_of_the_page_can_be_read() {
    let page = crate::pages::page("docs/server.md");
    let (_, section) = page.split_once("## Log in by an identity provider").expect("a section");
    let examples: Vec<_> =
        section.split("```yaml\n").skip(1).filter_map(|text| text.split("```").next()).collect();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let provost =
            Provost::new().file("oidc.yaml", example).variable("PROVOST_OIDC_SECRET", "canary client");
        let server = Server::start(&provost, &["--oidc", "oidc.yaml"]).await;
        stop(server).await;
    }
}
