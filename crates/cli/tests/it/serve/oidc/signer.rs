//! Keys of an identity provider of the tests, and what is signed with them.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key pair, and the algorithm that it is used for.
pub(crate) struct Signer {
    pair: Pair,
    pub(crate) algorithm: &'static str,
    pub(crate) id: String,
}

enum Pair {
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Curve(Box<EcdsaKeyPair>),
}

impl Signer {
    /// A new pair: RS256, PS256 or ES256.
    pub(crate) fn new(algorithm: &'static str, id: &str) -> Self {
        let rsa = |encoding: &'static dyn RsaEncoding| {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair");
            Pair::Rsa(Box::new(pair), encoding)
        };
        let pair = match algorithm {
            "RS256" => rsa(&RSA_PKCS1_SHA256),
            "PS256" => rsa(&RSA_PSS_SHA256),
            _ => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
                Pair::Curve(Box::new(pair.expect("a key pair")))
            }
        };
        Self { pair, algorithm, id: id.to_owned() }
    }

    /// The public key as a provider publishes it.
    pub(crate) fn public(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.pair {
            Pair::Rsa(pair, _) => {
                let (modulus, exponent) = numbers(pair.public_key().as_ref());
                json!({"kty": "RSA", "use": "sig", "kid": self.id, "n": text(modulus), "e": text(exponent)})
            }
            Pair::Curve(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": self.id, "x": text(x), "y": text(y)})
            }
        }
    }

    /// A token with this head and these claims.
    pub(crate) fn sign(&self, head: &Value, claims: &Value) -> String {
        let text = unsigned(head, claims);
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, text.as_bytes(), &mut signature).expect("a signature");
                signature
            }
            Pair::Curve(pair) => pair.sign(&random, text.as_bytes()).expect("a signature").as_ref().to_vec(),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// What somebody makes who takes the public key for a shared one.
    pub(crate) fn confuse(&self, head: &Value, claims: &Value) -> String {
        let text = unsigned(head, claims);
        let public = self.public().to_string();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes()), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
    }
}

/// Head and claims, without a signature.
pub(crate) fn unsigned(head: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(head), part(claims))
}

/// Modulus and exponent of a key of 2048 bits as PKCS#1 writes it.
fn numbers(der: &[u8]) -> (&[u8], &[u8]) {
    let length = usize::from(der[6]) << 8 | usize::from(der[7]);
    let (modulus, rest) = der[8..].split_at(length);
    (&modulus[1..], &rest[2..])
}
