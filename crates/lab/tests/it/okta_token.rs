//! Access tokens of Okta: what a client's assertion must be.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use provost_core::Clock;
use provost_lab::okta::{self, OAuthClient, Options, PublicKey};
use serde_json::{Value, json};

use crate::client::{Client, Reply, raw, request};

/// A clock that stands still.
pub(crate) struct At(pub(crate) i64);

impl Clock for At {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0).expect("a moment")
    }
}

const NOW: i64 = 1_800_000_000;

fn signed(key: &KeyPair, header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).expect("signed");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The numbers in a public key of 2048 bits, which stand in its DER at fixed places.
fn public(key: &KeyPair) -> PublicKey {
    let der = key.public_key().as_ref();
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    PublicKey { n: encoded(&der[9..265]), e: encoded(&der[267..]) }
}

async fn fetch(address: std::net::SocketAddr, assertion: &str) -> Reply {
    let form = format!(
        "grant_type=client_credentials&scope=okta.users.manage&client_assertion_type=\
         urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
    );
    let headers = "content-type: application/x-www-form-urlencoded\r\n";
    Reply::parse(&raw(address, &request("POST /oauth2/v1/token", headers, &form)).await.expect("an answer"))
}

#[tokio::test]
async fn a_token_is_given_for_a_good_assertion_only() {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let other = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let client = OAuthClient { id: "0oa1".to_owned(), key: Some(public(&key)) };
    let clock = std::sync::Arc::new(At(NOW));
    let running =
        okta::start(Options { client: Some(client), clock, ..Options::default() }).await.expect("started");
    let header = json!({"alg": "RS256"});
    let claims = json!({"iss": "0oa1", "sub": "0oa1", "aud": "https://acme.okta.com/oauth2/v1/token", "exp": NOW + 60});
    let but = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let wrong = [
        "x".to_owned(),
        signed(&key, &json!({"alg": "none"}), &claims),
        signed(&key, &header, &but("iss", json!("0oa2"))),
        signed(&key, &header, &but("aud", json!("https://example.com"))),
        signed(&key, &header, &but("exp", json!(NOW))),
        signed(&key, &header, &but("exp", json!(NOW + 7200))),
        signed(&other, &header, &claims),
    ];
    for assertion in wrong {
        let reply = fetch(running.address(), &assertion).await;
        assert_eq!((reply.status, &reply.json()["error"]), (401, &json!("invalid_client")), "{assertion}");
    }
    let reply = fetch(running.address(), &signed(&key, &header, &claims)).await.json();
    assert_eq!((&reply["token_type"], &reply["scope"]), (&json!("Bearer"), &json!("okta.users.manage")));
    let bearer = format!("Bearer {}", reply["access_token"].as_str().expect("a token"));
    let client = Client::new(running.address(), &bearer);
    assert_eq!(client.send("GET /api/v1/users/me", Value::Null).await.status, 200);
}
