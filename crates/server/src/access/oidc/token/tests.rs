//! Tokens as a provider signs them, and as others try to.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use serde_json::json;

use super::*;
use crate::access::oidc::key;

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn unsigned(head: &Value) -> String {
    format!("{}.{}", part(head), part(&json!({"sub": "7"})))
}

fn with(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The two numbers of a public key as PKCS#1 writes it: each has a tag and a length.
fn numbers(der: &[u8]) -> [&[u8]; 2] {
    let (length, rest) = (usize::from(der[6]) << 8 | usize::from(der[7]), &der[8..]);
    let (modulus, rest) = rest.split_at(length);
    [&modulus[1..], &rest[2..]]
}

struct Rsa(RsaKeyPair);

impl Rsa {
    fn new() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn public(&self) -> Value {
        let [modulus, exponent] =
            numbers(self.0.public_key().as_ref()).map(|part| URL_SAFE_NO_PAD.encode(part));
        json!({"kty": "RSA", "kid": "r", "n": modulus, "e": exponent})
    }

    fn sign(&self, signed: &str, encoding: &'static dyn RsaEncoding) -> Vec<u8> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        signature
    }
}

/// Whether a token is good by the keys of this document.
fn is_good(token: &str, keys: &Value) -> bool {
    let Ok(token) = Token::parse(token) else { return false };
    let keys = key::read(&json!({"keys": keys})).unwrap();
    let Some(key) = key::find(&keys, token.key.as_deref(), token.algorithm) else { return false };
    key.has_signed(token.algorithm, token.signed.as_bytes(), &token.signature)
}

#[test]
fn signatures_of_rsa_are_checked_by_the_named_scheme() {
    let rsa = Rsa::new();
    let (pkcs, pss) = (unsigned(&json!({"alg": "RS256", "kid": "r"})), unsigned(&json!({"alg": "PS256"})));
    let keys = json!([rsa.public()]);
    assert!(is_good(&with(&pkcs, &rsa.sign(&pkcs, &RSA_PKCS1_SHA256)), &keys));
    assert!(is_good(&with(&pss, &rsa.sign(&pss, &RSA_PSS_SHA256)), &keys));
    assert!(!is_good(&with(&pkcs, &rsa.sign(&pkcs, &RSA_PSS_SHA256)), &keys));
    assert!(!is_good(&with(&pss, &rsa.sign(&pss, &RSA_PKCS1_SHA256)), &keys));
    assert!(!is_good(&with(&pkcs, &Rsa::new().sign(&pkcs, &RSA_PKCS1_SHA256)), &keys), "another key");
    let other = unsigned(&json!({"alg": "RS256", "kid": "r", "x": 1}));
    assert!(!is_good(&with(&other, &rsa.sign(&pkcs, &RSA_PKCS1_SHA256)), &keys), "another text");
    assert!(!is_good(&format!("{pkcs}."), &keys), "no signature");
}

#[test]
fn signatures_of_curves_are_checked() {
    let curves: [(&str, &str, &'static EcdsaSigningAlgorithm); 2] = [
        ("ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
        ("ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
    ];
    for (name, curve, algorithm) in curves {
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        let point = &pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
        let key = json!({"kty": "EC", "crv": curve, "x": x, "y": y});
        let text = unsigned(&json!({"alg": name}));
        let token = with(&text, pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref());
        assert!(is_good(&token, &json!([key])), "{name}");
        let mut off = key.clone();
        off["y"] = off["x"].clone();
        assert!(!is_good(&token, &json!([off])), "{name}: a point that is not on the curve");
        assert!(!is_good(&with(&text, &[0; 64]), &json!([key])), "{name}: zeros");
    }
}

#[test]
fn what_could_be_forged_is_not_taken() {
    let rsa = Rsa::new();
    let public = rsa.public();
    let shared = URL_SAFE_NO_PAD.decode(public["n"].as_str().unwrap()).unwrap();
    for name in ["none", "None", "NONE", "HS256", "HS512", "", "RS1", "rs256", "EdDSA"] {
        let text = unsigned(&json!({"alg": name, "kid": "r"}));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &shared), text.as_bytes());
        let oct = json!({"kty": "oct", "kid": "r", "k": public["n"]});
        for token in [with(&text, tag.as_ref()), with(&text, b"")] {
            assert!(!is_good(&token, &json!([public, oct])), "{name}");
        }
    }
    let critical = unsigned(&json!({"alg": "RS256", "crit": ["b64"], "b64": false}));
    assert!(!is_good(&with(&critical, &rsa.sign(&critical, &RSA_PKCS1_SHA256)), &json!([public])));
    for text in ["", ".", "..", "...", "a.b.c", "e30.e30", "W10.e30.", "e30.W10.", &"a".repeat(LONGEST + 1)] {
        assert!(Token::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_key_is_used_for_what_it_is_meant_for() {
    let rsa = Rsa::new();
    let text = unsigned(&json!({"alg": "RS256", "kid": "r"}));
    let token = with(&text, &rsa.sign(&text, &RSA_PKCS1_SHA256));
    for (name, value, expected) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("alg", json!("RS256"), true),
        ("alg", json!("PS256"), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["encrypt"]), false),
        ("kid", json!("s"), false),
        ("kid", json!(null), false),
        ("kty", json!("EC"), false),
        ("n", json!("AQAB"), false),
        ("n", json!("not base64!"), false),
        ("e", json!(""), false),
    ] {
        let mut key = rsa.public();
        key[name] = value.clone();
        assert_eq!(is_good(&token, &json!([key])), expected, "{name}: {value}");
    }
}

#[test]
fn a_token_without_the_name_of_a_key_is_checked_where_there_is_one_only() {
    let rsa = Rsa::new();
    let text = unsigned(&json!({"alg": "RS256"}));
    let token = with(&text, &rsa.sign(&text, &RSA_PKCS1_SHA256));
    let mut other = Rsa::new().public();
    other["kid"] = "s".into();
    assert!(is_good(&token, &json!([rsa.public(), {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}])));
    assert!(!is_good(&token, &json!([rsa.public(), other])));
}
