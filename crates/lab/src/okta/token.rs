//! Access tokens for services: client credentials, with a signed assertion in the place of
//! a secret (RFC 7523).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::serve::{Asked, reply};
use crate::tokens::{LIFETIME, Tokens};

/// The form of assertion that is taken.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Where tokens are fetched.
const ENDPOINT: &str = "/oauth2/v1/token";

/// A service that may fetch access tokens.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// Its id.
    pub id: String,
    /// The key that its assertions are signed with; without it, only their form is checked.
    pub key: Option<PublicKey>,
}

/// An RSA key, as a JWK has it (RFC 7518, section 6.3.1).
#[derive(Debug, Clone)]
pub struct PublicKey {
    /// The modulus, in base64url.
    pub n: String,
    /// The exponent, in base64url.
    pub e: String,
}

/// Why there is no token: the word of RFC 6749, section 5.2, and words for people.
type Refused = (&'static str, &'static str);

/// Answers a request for a token.
pub(super) fn answer(
    asked: &Asked,
    client: Option<&OAuthClient>,
    tokens: &Tokens,
    now: Timestamp,
) -> Response {
    let form = asked.form();
    let get = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    match check(&get, client, now) {
        Ok(scope) => {
            let body = json!({
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "access_token": tokens.give(now),
                "scope": scope,
            });
            reply::json(StatusCode::OK, reply::JSON, &body)
        }
        Err((word, description)) => {
            let status =
                if word == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            reply::json(status, reply::JSON, &json!({"error": word, "error_description": description}))
        }
    }
}

/// The scope of the token.
fn check<'a>(
    get: &impl Fn(&str) -> Option<&'a str>,
    client: Option<&OAuthClient>,
    now: Timestamp,
) -> Result<&'a str, Refused> {
    if get("grant_type") != Some("client_credentials") {
        return Err(("unsupported_grant_type", "The grant type must be client_credentials."));
    }
    let scope = get("scope").filter(|scope| scope.starts_with("okta."));
    let scope = scope
        .ok_or(("invalid_scope", "One or more scopes are not configured for the authorization server."))?;
    if get("client_assertion_type") != Some(JWT_BEARER) {
        return Err(("invalid_client", "The client_assertion_type must be jwt-bearer."));
    }
    let assertion = get("client_assertion").ok_or(("invalid_client", "The client_assertion is missing."))?;
    let client = client.ok_or(("invalid_client", "The client is not known."))?;
    check_assertion(assertion, client, now)?;
    Ok(scope)
}

fn check_assertion(assertion: &str, client: &OAuthClient, now: Timestamp) -> Result<(), Refused> {
    const MALFORMED: Refused = ("invalid_client", "The client_assertion is no signed JWT.");
    let (signed, signature) = assertion.rsplit_once('.').ok_or(MALFORMED)?;
    let (header, claims) = signed.split_once('.').ok_or(MALFORMED)?;
    let header = decoded(header).ok_or(MALFORMED)?;
    let claims = decoded(claims).ok_or(MALFORMED)?;
    if header["alg"] != "RS256" {
        return Err(("invalid_client", "The client_assertion must be signed with RS256."));
    }
    check_claims(&claims, client, now)?;
    match &client.key {
        Some(key) if !key.signed(signed, signature) => {
            Err(("invalid_client", "The client_assertion signature is invalid."))
        }
        _ => Ok(()),
    }
}

fn check_claims(claims: &Value, client: &OAuthClient, now: Timestamp) -> Result<(), Refused> {
    if claims["iss"] != client.id.as_str() || claims["sub"] != client.id.as_str() {
        return Err(("invalid_client", "The iss and sub of the client_assertion must be the client's id."));
    }
    if !claims["aud"].as_str().is_some_and(|aud| aud.ends_with(ENDPOINT)) {
        return Err(("invalid_client", "The aud of the client_assertion must be the token endpoint."));
    }
    let left = claims["exp"].as_i64().unwrap_or_default() - now.as_second();
    if !(1..=LIFETIME).contains(&left) {
        return Err(("invalid_client", "The client_assertion has expired or is good for more than an hour."));
    }
    Ok(())
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

impl PublicKey {
    fn signed(&self, text: &str, signature: &str) -> bool {
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        let (Some(n), Some(e), Some(signature)) = (decode(&self.n), decode(&self.e), decode(signature))
        else {
            return false;
        };
        let key = RsaPublicKeyComponents { n: &n, e: &e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature).is_ok()
    }
}
