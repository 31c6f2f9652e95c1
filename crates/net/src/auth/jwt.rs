//! Signed JSON Web Tokens (RFC 7519, RFC 7515): only made, never read.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{self, EcdsaKeyPair, KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use provost_core::{ExposeSecret, Secret};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

/// The smallest RSA key that RS256 may have (RFC 7518, section 3.3).
const SMALLEST_RSA_BITS: usize = 2048;

/// A private key that signs: RSA for RS256, P-256 for ES256 (RFC 7518, section 3.1).
pub struct SigningKey {
    pair: Pair,
    /// The name by which the system knows the key.
    id: Option<String>,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is no PEM, or holds something else.
    #[error("the private key is no PEM file with `PRIVATE KEY` in it")]
    Pem,
    /// A key that cannot be used for this.
    #[error("the private key is neither RSA with 2048 bits or more nor P-256")]
    Kind,
}

impl SigningKey {
    /// Reads a key in PEM: PKCS#8, PKCS#1 or SEC 1. Its lines may also end in a written `\n`,
    /// as environment variables and JSON files have them.
    ///
    /// # Errors
    /// A text that is no such key.
    pub fn from_pem(pem: &Secret, id: Option<String>) -> Result<Self, KeyError> {
        let key = PrivateKeyDer::from_pem_slice(lines(pem).as_bytes()).map_err(|_| KeyError::Pem)?;
        let rsa = |pair: Result<RsaKeyPair, _>| pair.ok().map(|pair| Pair::Rsa(Box::new(pair)));
        let ecdsa = |pair: Result<EcdsaKeyPair, _>| pair.ok().map(|pair| Pair::Ecdsa(Box::new(pair)));
        let algorithm = &signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = match &key {
            PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der())),
            PrivateKeyDer::Sec1(der) => {
                ecdsa(EcdsaKeyPair::from_private_key_der(algorithm, der.secret_sec1_der()))
            }
            PrivateKeyDer::Pkcs8(der) => rsa(RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()))
                .or_else(|| ecdsa(EcdsaKeyPair::from_pkcs8(algorithm, der.secret_pkcs8_der()))),
            _ => None,
        };
        let is_large = |pair: &Pair| match pair {
            Pair::Rsa(pair) => pair.public_modulus_len() * 8 >= SMALLEST_RSA_BITS,
            Pair::Ecdsa(_) => true,
        };
        pair.filter(is_large).map(|pair| Self { pair, id }).ok_or(KeyError::Kind)
    }

    /// A token with these claims, in its compact form; `None` where signing failed, which a
    /// key that could be read does not do.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let algorithm = match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ecdsa(_) => "ES256",
        };
        let mut header = json!({"alg": algorithm, "typ": "JWT"});
        if let Some(id) = &self.id {
            header["kid"] = id.as_str().into();
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.signature(signed.as_bytes())?);
        Some(format!("{signed}.{signature}"))
    }

    fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::Ecdsa(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
        }
    }

    /// The public part, as the libraries that check signatures take it.
    pub fn public_key(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair) => rsa::KeyPair::public_key(pair).as_ref().to_vec(),
            Pair::Ecdsa(pair) => pair.public_key().as_ref().to_vec(),
        }
    }
}

/// The lines of a PEM file that was written as one. No PEM has a backslash or a quote.
fn lines(pem: &Secret) -> String {
    let text = pem.expose_secret().trim().trim_matches('"');
    text.replace("\\r", "").replace("\\n", "\n")
}

#[cfg(test)]
mod tests;
