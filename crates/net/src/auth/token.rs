//! Where tokens come from, and how they are asked for.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderName, Method};
use provost_core::{ExposeSecret, Fault, FaultKind, Redactor, Secret};
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::{SigningKey, basic};
use crate::{Answer, Body, Request};

/// How long an assertion is good. Okta takes an hour at most, Google too.
const ASSERTED: i64 = 300;
/// The fields that hold signed assertions.
const SIGNED: [&str; 2] = ["assertion", "client_assertion"];
/// Kinds of proof and grant (RFC 7523, section 8).
const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What gives tokens.
pub enum TokenSource {
    /// A token end point of OAuth 2.0 (RFC 6749, section 3.2).
    Oauth(Box<Form>),
    /// A log-in of the system's own.
    Session(Box<Session>),
}

impl TokenSource {
    /// Where it is asked.
    pub(crate) fn url(&self) -> &Url {
        match self {
            Self::Oauth(form) => &form.url,
            Self::Session(session) => &session.request.url,
        }
    }

    /// The request of this second (Unix time). The redactor learns what is signed for it.
    pub(super) fn request(&self, now: i64, redactor: &Redactor) -> Result<Request, Fault> {
        let form = match self {
            Self::Oauth(form) => form,
            Self::Session(session) => return Ok(session.request.clone()),
        };
        let request = form.request(now)?;
        if let Some(Body::Form(fields)) = &request.body {
            let is_signed = |name: &str| SIGNED.contains(&name);
            for (_, secret) in fields.iter().filter(|(name, _)| is_signed(name)) {
                redactor.add_later(secret.expose_secret());
            }
        }
        Ok(request)
    }

    /// Makes the redactor know the secrets with which a token is asked for.
    pub(super) fn teach(&self, redactor: &mut Redactor) {
        let Self::Oauth(form) = self else { return };
        let Some(client) = &form.client else { return };
        match &client.proof {
            Proof::Basic(secret) => {
                redactor.add(secret.expose_secret());
                redactor.add(client.basic(secret).expose_secret().trim_start_matches("Basic "));
            }
            Proof::Body(secret) => redactor.add(secret.expose_secret()),
            Proof::Key(_) => {}
        }
    }
}

/// A request to a token end point.
pub struct Form {
    /// The token end point.
    pub url: Url,
    /// Who asks, if that is not part of the grant.
    pub client: Option<Client>,
    /// The grant, the scope and what else the system wants, as form fields.
    pub fields: Vec<(String, Secret)>,
    /// A signed assertion as the grant (RFC 7523, section 2.1).
    pub assertion: Option<Assertion>,
}

/// An application that asks for a token.
pub struct Client {
    /// Its id.
    pub id: String,
    /// How it proves that it is the one.
    pub proof: Proof,
}

/// The ways in which a client proves itself (RFC 6749, section 2.3; RFC 7523, section 2.2).
pub enum Proof {
    /// A secret, by HTTP Basic.
    Basic(Secret),
    /// A secret, in the form.
    Body(Secret),
    /// A token that it signed.
    Key(SigningKey),
}

/// What a signed assertion says.
pub struct Assertion {
    /// The key that signs it.
    pub key: SigningKey,
    /// Further claims, such as `iss`, `sub` and `scope`.
    pub claims: Vec<(String, Value)>,
}

/// Reads a token out of a good answer.
pub type ReadToken = Box<dyn Fn(&Answer) -> Option<Secret> + Send + Sync>;

/// A log-in that answers with a token.
pub struct Session {
    /// The request.
    pub request: Request,
    /// Reads the token.
    pub read: ReadToken,
    /// The header that carries it.
    pub header: HeaderName,
    /// What stands before it in the header.
    pub prefix: String,
    /// How long it is good.
    pub lifetime: Duration,
}

impl Form {
    /// The request, with assertions of this second (Unix time).
    fn request(&self, now: i64) -> Result<Request, Fault> {
        let mut fields: Vec<(String, Secret)> = self.fields.clone();
        let mut headers = vec![(ACCEPT.to_string(), "application/json".to_owned())];
        if let Some(client) = &self.client {
            match &client.proof {
                Proof::Basic(secret) => {
                    let value = client.basic(secret);
                    headers.push((AUTHORIZATION.to_string(), value.expose_secret().to_owned()));
                }
                Proof::Body(secret) => {
                    fields.push(("client_id".to_owned(), client.id.as_str().into()));
                    fields.push(("client_secret".to_owned(), secret.clone()));
                }
                Proof::Key(key) => {
                    let claims = self.claims(now, &[("iss", &client.id), ("sub", &client.id)]);
                    fields.push(("client_assertion_type".to_owned(), CLIENT_ASSERTION.into()));
                    fields.push(("client_assertion".to_owned(), signed(key, &claims)?));
                }
            }
        }
        if let Some(assertion) = &self.assertion {
            let mut claims = self.claims(now, &[]);
            for (name, value) in &assertion.claims {
                claims[name] = value.clone();
            }
            fields.push(("assertion".to_owned(), signed(&assertion.key, &claims)?));
        }
        Ok(Request { method: Method::POST, url: self.url.clone(), headers, body: Some(Body::Form(fields)) })
    }

    /// The claims of every assertion (RFC 7523, section 3).
    fn claims(&self, now: i64, more: &[(&str, &str)]) -> Value {
        let id = format!("{:032x}", fastrand::u128(..));
        let mut claims = json!({"aud": self.url.as_str(), "iat": now, "exp": now + ASSERTED, "jti": id});
        for (name, value) in more {
            claims[*name] = (*value).into();
        }
        claims
    }
}

impl Client {
    fn basic(&self, secret: &Secret) -> Secret {
        basic_of_client(&self.id, secret)
    }
}

/// Id and secret as HTTP Basic carries them: each is encoded as in a form before (RFC 6749,
/// section 2.3.1), so that a colon in the id ends nothing.
pub fn basic_of_client(id: &str, secret: &Secret) -> Secret {
    basic(&in_form(id), &in_form(secret.expose_secret()).into())
}

/// Encodes as in a form. `~`, which secrets of Entra have, may stay as it is, and then also
/// systems understand it that decode nothing.
fn in_form(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect::<String>().replace("%7E", "~")
}

fn signed(key: &SigningKey, claims: &Value) -> Result<Secret, Fault> {
    key.sign(claims).map(Secret::from).ok_or_else(|| {
        Fault::new(FaultKind::Configuration, "the private key could not sign").with_hint("is it whole?")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secrets_are_encoded_before_they_are_sent() {
        let cases = [
            ("app", "hunter22", "app:hunter22"),
            ("0oa-1_2.3", "a8Q~b.c-d_e*", "0oa-1_2.3:a8Q~b.c-d_e*"),
            ("a:b", "c d", "a%3Ab:c+d"),
            ("app", "k+/y==", "app:k%2B%2Fy%3D%3D"),
            ("app", "100%7E", "app:100%257E"),
            ("app", "\u{f6}", "app:%C3%B6"),
        ];
        for (id, secret, expected) in cases {
            let client = Client { id: id.to_owned(), proof: Proof::Basic(secret.into()) };
            let sent = client.basic(&secret.into());
            let expected = basic(
                expected.split_once(':').expect("a pair").0,
                &expected.split_once(':').expect("a pair").1.into(),
            );
            assert_eq!(sent.expose_secret(), expected.expose_secret(), "{id} {secret}");
        }
    }
}
