//! A provider's public keys (RFC 7517, RFC 7518).

use aws_lc_rs::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::token::{Algorithm, Check};

/// How many keys of a provider are looked at.
const MOST: usize = 100;

/// A key that signatures are checked with.
#[derive(Debug, Clone)]
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm that it is for, where that is said.
    algorithm: Option<String>,
    material: Material,
}

/// Nothing with a shared key is ever read, whatever a document holds.
#[derive(Debug, Clone)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    Curve { name: String, point: Vec<u8> },
}

/// The keys of a document. Those that are not understood are left out, as the standard wants
/// it; `None` where the document holds no keys at all.
pub(super) fn read(document: &Value) -> Option<Vec<Key>> {
    Some(document["keys"].as_array()?.iter().take(MOST).filter_map(Key::read).collect())
}

/// The key of this id that fits the algorithm. A token that names none is checked only where
/// there is no choice (OpenID Connect Core 1.0, section 10.1).
pub(super) fn find<'k>(keys: &'k [Key], id: Option<&str>, algorithm: &Algorithm) -> Option<&'k Key> {
    let mut fitting = keys.iter().filter(|key| key.is_for(algorithm));
    match id {
        Some(id) => fitting.find(|key| key.id.as_deref() == Some(id)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
}

impl Key {
    fn read(written: &Value) -> Option<Self> {
        let text = |name: &str| written[name].as_str();
        let may_sign = written.get("use").is_none_or(|usage| usage == "sig");
        let operations = written.get("key_ops").and_then(Value::as_array);
        let may_check = operations.is_none_or(|all| all.iter().any(|one| one == "verify"));
        if !may_sign || !may_check {
            return None;
        }
        let material = match text("kty")? {
            "RSA" => Material::Rsa { modulus: number(text("n")?)?, exponent: number(text("e")?)? },
            "EC" => {
                let point = [&[4][..], &bytes(text("x")?)?, &bytes(text("y")?)?].concat();
                Material::Curve { name: text("crv")?.to_owned(), point }
            }
            _ => return None,
        };
        Some(Self { id: text("kid").map(str::to_owned), algorithm: text("alg").map(str::to_owned), material })
    }

    fn is_for(&self, algorithm: &Algorithm) -> bool {
        let is_meant = self.algorithm.as_deref().is_none_or(|only| only == algorithm.name);
        let fits = match (&self.material, &algorithm.check) {
            (Material::Rsa { .. }, Check::Rsa(_)) => true,
            (Material::Curve { name, point }, Check::Curve { curve, coordinate, .. }) => {
                name == curve && point.len() == 1 + 2 * coordinate
            }
            _ => false,
        };
        is_meant && fits
    }

    /// Whether it is the signature of this key under the message. RSA keys have 2048 bits or
    /// more, which aws-lc-rs sees to.
    pub(super) fn has_signed(&self, algorithm: &Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.material, &algorithm.check) {
            (Material::Rsa { modulus, exponent }, Check::Rsa(parameters)) => {
                let key = RsaPublicKeyComponents { n: &modulus[..], e: &exponent[..] };
                key.verify(parameters, message, signature).is_ok()
            }
            (Material::Curve { point, .. }, Check::Curve { verification, .. }) => {
                UnparsedPublicKey::new(*verification, point).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A number without the zeros that some providers begin it with.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[start..].to_vec())
}
