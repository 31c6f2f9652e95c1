//! Tokens under a clock that stands still until somebody waits.

use std::cell::Cell;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::join_all;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use provost_core::Retry;
use url::Url;

use super::*;
use crate::auth::teach_address;
use crate::{Assertion, Body, Form, OauthClient, Proof, SigningKey};

const TOKEN_URL: &str = "https://login.example.com/t1/token";

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn form(client: Option<OauthClient>, assertion: Option<Assertion>) -> TokenSource {
    let url = Url::parse(TOKEN_URL).expect("an address");
    TokenSource::Oauth(Box::new(Form { url, client, fields: Vec::new(), assertion }))
}

fn keeper() -> Keeper {
    Keeper::new(form(None, None), Redactor::default(), Arc::new(Fixed))
}

fn answer(status: u16, body: &str) -> Answer {
    let status = StatusCode::from_u16(status).expect("a status");
    Answer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body.as_bytes()) }
}

fn good(token: &str, seconds: u64) -> Answer {
    answer(200, &format!(r#"{{"access_token": "{token}", "expires_in": {seconds}}}"#))
}

#[tokio::test(start_paused = true)]
async fn those_who_waited_share_what_came_of_it() {
    let (keeper, fetches) = (keeper(), Cell::new(0));
    let fetch = async |ended: Result<Answer, Fault>| {
        let fetched = async |_: &Request| {
            fetches.set(fetches.get() + 1);
            tokio::time::sleep(Duration::from_secs(1)).await;
            ended
        };
        keeper.token(None, fetched).await.map(|token| token.number)
    };
    let lost = || Err(Fault::new(FaultKind::AnswerLost, "x"));
    let failed = join_all((0..16).map(|_| fetch(lost()))).await;
    assert_eq!(fetches.get(), 1);
    for fault in failed.into_iter().map(|ended| ended.expect_err("no token")) {
        assert_eq!(fault.message, "no token could be had from login.example.com/t1/token: x");
        assert_eq!(fault.kind, FaultKind::NotSent);
    }
    let made = join_all((0..16).map(|_| fetch(Ok(good("t", 3600))))).await;
    assert_eq!(fetches.get(), 2, "who comes later asks anew");
    assert!(made.into_iter().all(|ended| ended.ok() == Some(1)));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_leaves_the_log_in_to_the_next() {
    let keeper = keeper();
    let second = Duration::from_secs(1);
    let forever = keeper.token(None, async |_: &Request| std::future::pending().await);
    let next = async {
        tokio::time::sleep(second / 2).await;
        keeper.token(None, async |_: &Request| Ok(good("t", 3600))).await
    };
    let (given_up, next) = tokio::join!(tokio::time::timeout(second, forever), next);
    assert!(given_up.is_err());
    assert_eq!(next.expect("a token").number, 1);
}

#[tokio::test(start_paused = true)]
async fn a_life_is_bounded() {
    for (seconds, good_for, expected) in
        [(60, 29, 1), (60, 31, 2), (u64::MAX, 3600, 1), (u64::MAX, 90_000, 2)]
    {
        let keeper = keeper();
        let token = async || keeper.token(None, async |_: &Request| Ok(good("t", seconds))).await;
        token().await.expect("a token");
        tokio::time::advance(Duration::from_secs(good_for)).await;
        assert_eq!(token().await.expect("a token").number, expected, "{seconds} {good_for}");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_log_in_answers_the_request_did_not_leave() {
    use FaultKind::{Configuration, NotSent, PermissionDenied, RateLimited, Unauthenticated, Vendor};
    let rows = [
        (503, "busy", NotSent, "try again later"),
        (500, r#"{"error": "server_error"}"#, NotSent, "try again later"),
        (400, r#"{"error": "temporarily_unavailable"}"#, NotSent, "try again later"),
        (429, "", RateLimited, "too often"),
        (404, "<html>", Configuration, "`token-url`"),
        (302, "", Configuration, "`token-url`"),
        (405, "", Configuration, "`token-url`"),
        (501, "", Configuration, "`token-url`"),
        (200, "<html>", Configuration, "`token-url`"),
        (200, r#"{"access_token": "a\nb"}"#, Configuration, ""),
        (400, r#"{"error": "invalid_tenant"}"#, Configuration, "`token-url`"),
        (400, r#"{"error": "invalid_request"}"#, Configuration, "the tenant or the account"),
        (400, r#"{"error": "unauthorized_client"}"#, Unauthenticated, "its tenant"),
        (401, r#"{"error": "server_error"}"#, Unauthenticated, "credentials"),
        (400, "<html>", Unauthenticated, "credentials"),
        (409, "", Unauthenticated, "credentials"),
        (401, r#"{"error": "invalid_client"}"#, Unauthenticated, "id and the secret"),
        (400, r#"{"error": "invalid_scope"}"#, PermissionDenied, "grant the scopes"),
        (599, "", Vendor, ""),
    ];
    for (status, body, kind, hint) in rows {
        let asked = keeper().token(None, async |_: &Request| Ok(answer(status, body))).await;
        let fault = asked.err().expect("no token");
        assert_eq!(fault.kind, kind, "{status} {body}");
        assert!(fault.hints.concat().contains(hint), "{status} {body}: {:?}", fault.hints);
        assert!(fault.message.starts_with("no token could be had from login.example.com/t1/token: "));
        assert_ne!(fault.kind.retry(), Retry::IfRepeatable, "a write is told apart from a lost one");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_the_log_in_asks_for_is_known() {
    let mut busy = answer(503, "");
    busy.headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
    let asked = keeper().token(None, async |_: &Request| Ok(busy)).await;
    assert_eq!(asked.err().and_then(|fault| fault.retry_after), Some(Duration::from_secs(7)));
}

fn key() -> SigningKey {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let der = STANDARD.encode(pair.to_pkcs8v1().expect("DER"));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    SigningKey::from_pem(&pem.into(), None).expect("a key")
}

#[tokio::test(start_paused = true)]
async fn nothing_with_which_a_token_is_asked_for_is_shown() {
    let client = |proof| Some(OauthClient { id: "app".to_owned(), proof });
    let secret = || Secret::from("hunter/22");
    let sources = [
        form(client(Proof::Basic(secret())), None),
        form(client(Proof::Body(secret())), None),
        form(client(Proof::Key(key())), None),
        form(None, Some(Assertion { key: key(), claims: Vec::new() })),
    ];
    for (number, source) in sources.into_iter().enumerate() {
        let mut redactor = Redactor::default();
        source.teach(&mut redactor);
        let keeper = Keeper::new(source, redactor.clone(), Arc::new(Fixed));
        let sent = Cell::new(Vec::new());
        let asked = keeper.token(None, async |request: &Request| {
            let Some(Body::Form(fields)) = &request.body else { panic!("a form") };
            let hidden = |name: &str| ["client_secret", "client_assertion", "assertion"].contains(&name);
            let fields = fields.iter().filter(|(name, _)| hidden(name));
            let fields = fields.map(|(_, value)| value.expose_secret().to_owned());
            let headers = request.headers.iter().filter(|(name, _)| name == "authorization");
            let headers = headers.map(|(_, value)| value.trim_start_matches("Basic ").to_owned());
            sent.set(fields.chain(headers).collect());
            Ok(good("token-of-the-system", 60))
        });
        asked.await.expect("a token");
        let sent = sent.take();
        assert_eq!(sent.len(), 1, "{number}");
        for secret in sent.iter().map(String::as_str).chain(["token-of-the-system"]) {
            assert_eq!(redactor.text(&format!("it said {secret}.")), "it said [secret].", "{number}");
        }
    }
}

#[test]
fn secrets_in_an_address_are_not_shown() {
    let mut redactor = Redactor::default();
    let url =
        Url::parse("https://app:hunter22@h.example.com/x?client_secret=a%2Fbcd&page=nine").expect("one");
    teach_address(&url, &mut redactor);
    assert_eq!(redactor.text("hunter22 a/bcd a%2Fbcd nine"), "[secret] [secret] [secret] nine");
}

#[test]
fn secrets_in_a_path_are_found_as_the_address_writes_them() {
    let secret = "a b!\"$&'()*+,;<=>@[]^_`{|}~:%2Fö";
    let mut redactor = Redactor::default();
    redactor.add(secret);
    let mut url = Url::parse("https://h.example.com").expect("an address");
    url.set_path(&format!("/hook/{secret}/x"));
    assert_eq!(redactor.text(url.path()), "/hook/[secret]/x");
    url.set_query(Some(&format!("key={secret}&x=1")));
    assert_eq!(redactor.text(url.query().unwrap_or_default()), "key=[secret]&x=1");
}
