//! Signed tokens: their parts, and whether a key has signed them (RFC 7515).

use aws_lc_rs::signature::{self, EcdsaVerificationAlgorithm, RsaParameters};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// Longer tokens are not read.
const LONGEST: usize = 64 << 10;

/// A way to sign.
pub(super) struct Algorithm {
    pub(super) name: &'static str,
    pub(super) check: Check,
}

/// How its signatures are checked.
pub(super) enum Check {
    Rsa(&'static RsaParameters),
    /// The curve's name, and how many bytes a coordinate has.
    Curve {
        curve: &'static str,
        coordinate: usize,
        verification: &'static EcdsaVerificationAlgorithm,
    },
}

const fn rsa(name: &'static str, parameters: &'static RsaParameters) -> Algorithm {
    Algorithm { name, check: Check::Rsa(parameters) }
}

/// What is taken (RFC 7518, section 3.1). What is not in this table is refused, `none` and all
/// that is made with a shared key above all.
pub(super) static ALGORITHMS: [Algorithm; 8] = [
    rsa("RS256", &signature::RSA_PKCS1_2048_8192_SHA256),
    rsa("RS384", &signature::RSA_PKCS1_2048_8192_SHA384),
    rsa("RS512", &signature::RSA_PKCS1_2048_8192_SHA512),
    rsa("PS256", &signature::RSA_PSS_2048_8192_SHA256),
    rsa("PS384", &signature::RSA_PSS_2048_8192_SHA384),
    rsa("PS512", &signature::RSA_PSS_2048_8192_SHA512),
    Algorithm {
        name: "ES256",
        check: Check::Curve {
            curve: "P-256",
            coordinate: 32,
            verification: &signature::ECDSA_P256_SHA256_FIXED,
        },
    },
    Algorithm {
        name: "ES384",
        check: Check::Curve {
            curve: "P-384",
            coordinate: 48,
            verification: &signature::ECDSA_P384_SHA384_FIXED,
        },
    },
];

/// A token in its parts. Nothing in it is known to be true before its signature is checked.
pub(super) struct Token<'t> {
    pub(super) algorithm: &'static Algorithm,
    /// Which key is said to have signed it.
    pub(super) key: Option<String>,
    pub(super) signed: &'t str,
    pub(super) signature: Vec<u8>,
    pub(super) claims: Value,
}

impl<'t> Token<'t> {
    /// Takes a token in its compact form apart.
    ///
    /// # Errors
    /// Why it is no token, or none that could be checked.
    pub(super) fn parse(text: &'t str) -> Result<Self, String> {
        let none = || "the ID token is no signed token".to_owned();
        if text.len() > LONGEST {
            return Err("the ID token is too long".to_owned());
        }
        let (signed, signature) = text.rsplit_once('.').ok_or_else(none)?;
        let (head, claims) = signed.split_once('.').ok_or_else(none)?;
        let head = object(head).ok_or_else(none)?;
        // What an extension of this kind means has to be understood, and none is.
        if head.get("crit").is_some() {
            return Err("the ID token needs an extension that is not known here".to_owned());
        }
        Ok(Self {
            algorithm: algorithm(&head)?,
            key: head["kid"].as_str().map(str::to_owned),
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| none())?,
            claims: object(claims).ok_or_else(none)?,
        })
    }
}

fn algorithm(head: &Value) -> Result<&'static Algorithm, String> {
    let name = head["alg"].as_str().unwrap_or_default();
    let refused = || match name {
        "none" => "the ID token is not signed".to_owned(),
        _ => "the ID token is signed in a way that is not taken here".to_owned(),
    };
    ALGORITHMS.iter().find(|known| known.name == name).ok_or_else(refused)
}

fn object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}

#[cfg(test)]
mod tests;
