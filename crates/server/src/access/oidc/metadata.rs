//! What a provider says of itself.

use provost_core::{Fault, FaultKind};
use serde::Deserialize;
use serde_json::Value;

use super::{Authentication, place};

/// What is used of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Where browsers are sent.
    pub(super) authorization: String,
    /// Where codes are exchanged.
    pub(super) token: String,
    /// Where the public keys are.
    pub(super) keys: String,
    pub(super) authentication: Authentication,
    /// Whether each answer says whose it is (RFC 9207).
    pub(super) answers_say_issuer: bool,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads the document of an issuer (OpenID Connect Discovery 1.0, section 3).
    pub(super) fn read(document: Value, issuer: &str) -> Result<Self, Fault> {
        let written: Written = serde_json::from_value(document)
            .map_err(|error| bad(format!("what it says of itself is not complete: {error}")))?;
        if written.issuer != issuer {
            let fault = bad("it calls itself by another name than `issuer`".to_owned());
            return Err(fault.with_hint("spell `issuer` as the provider does, to the last slash"));
        }
        let read = Self {
            authorization: written.authorization_endpoint,
            token: written.token_endpoint,
            keys: written.jwks_uri,
            authentication: authentication(written.token_endpoint_auth_methods_supported.as_deref()),
            answers_say_issuer: written.authorization_response_iss_parameter_supported,
        };
        let is_safe =
            |address: &&String| place::is_trustworthy(address) && place::have_same_scheme(address, issuer);
        if ![&read.authorization, &read.token, &read.keys].iter().all(is_safe) {
            return Err(bad("it names an address that is reached without TLS".to_owned()));
        }
        Ok(read)
    }
}

/// A header where nothing is said, and where there is a choice.
fn authentication(methods: Option<&[String]>) -> Authentication {
    let has = |name: &str| methods.is_some_and(|methods| methods.iter().any(|method| method == name));
    if !has("client_secret_basic") && has("client_secret_post") {
        return Authentication::Form;
    }
    Authentication::Header
}

fn bad(message: String) -> Fault {
    Fault::new(FaultKind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "https://id.example";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/authorize?a=b",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/keys",
        })
    }

    #[test]
    fn only_the_issuer_speaks_of_itself_and_leads_nobody_astray() {
        assert!(Metadata::read(document(), ISSUER).is_ok());
        for (name, value) in [
            ("issuer", json!("https://id.example/")),
            ("issuer", json!(null)),
            ("token_endpoint", json!("http://id.example/token")),
            ("token_endpoint", json!("http://127.0.0.1/token")),
            ("jwks_uri", json!("file:///keys")),
            ("jwks_uri", json!(null)),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("authorization_endpoint", json!("https://id.example/#a")),
        ] {
            let mut document = document();
            document[name] = value.clone();
            assert!(Metadata::read(document, ISSUER).is_err(), "{name} {value}");
        }
        assert!(Metadata::read(json!([]), ISSUER).is_err());
    }

    #[test]
    fn a_secret_goes_into_a_header_where_that_is_possible() {
        for (methods, expected) in [
            (json!(null), Authentication::Header),
            (json!(["client_secret_post", "client_secret_basic"]), Authentication::Header),
            (json!(["client_secret_post", "private_key_jwt"]), Authentication::Form),
            (json!(["none"]), Authentication::Header),
        ] {
            let mut document = document();
            document["token_endpoint_auth_methods_supported"] = methods.clone();
            let read = Metadata::read(document, ISSUER).unwrap();
            assert_eq!(read.authentication, expected, "{methods}");
        }
    }
}
