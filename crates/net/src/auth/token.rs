//! Tokens: where they come from, how long they are good, who fetches them.
//!
//! A token is fetched when the first request needs it, shared by all requests of the
//! instance, made new a little before it ends, and once more where the system says that it
//! does not know it any longer.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderName, HeaderValue, Method};
use provost_core::{Clock, Code, ExposeSecret, Fault, FaultKind, Redactor, Secret};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::{SigningKey, basic, sensitive};
use crate::{Answer, Body, Request};

/// How long before its end a token is made new.
const MARGIN: Duration = Duration::from_secs(30);
/// How long a token counts as good whose system does not say.
const UNSAID: Duration = Duration::from_mins(5);
/// How long an assertion is good. Okta takes an hour at most, Google too.
const ASSERTED: i64 = 300;
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

/// A token as it is sent.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) header: HeaderName,
    pub(crate) value: HeaderValue,
    until: Instant,
    /// Which of the tokens of this instance it is.
    pub(crate) number: u64,
}

/// Keeps the token of an instance.
pub(crate) struct Keeper {
    source: TokenSource,
    held: Mutex<(u64, Option<Token>)>,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
}

impl Keeper {
    pub(crate) fn new(source: TokenSource, redactor: Redactor, clock: Arc<dyn Clock>) -> Self {
        Self { source, held: Mutex::new((0, None)), redactor, clock }
    }

    /// The token to send, fetched by `fetch` where there is none that is good. `worn` is the
    /// number of one that the system refused.
    pub(crate) async fn token(
        &self,
        worn: Option<u64>,
        fetch: impl AsyncFnOnce(&Request) -> Result<Answer, Fault>,
    ) -> Result<Token, Fault> {
        let mut held = self.held.lock().await;
        let is_good = |token: &&Token| Some(token.number) != worn && Instant::now() < token.until;
        if let Some(token) = held.1.as_ref().filter(is_good) {
            return Ok(token.clone());
        }
        let request = self.request()?;
        let answer = fetch(&request).await?;
        let (secret, lifetime) = self.read(&answer)?;
        self.redactor.add_later(secret.expose_secret());
        let token = self.made(&secret, lifetime, held.0 + 1)?;
        *held = (token.number, Some(token.clone()));
        Ok(token)
    }

    fn made(&self, secret: &Secret, lifetime: Duration, number: u64) -> Result<Token, Fault> {
        let (header, prefix) = match &self.source {
            TokenSource::Oauth(_) => (AUTHORIZATION, "Bearer "),
            TokenSource::Session(session) => (session.header.clone(), session.prefix.as_str()),
        };
        let value = sensitive(&format!("{prefix}{}", secret.expose_secret()).into()).map_err(|_| {
            Fault::new(FaultKind::BadAnswer, "the system gave a token that no header can carry")
        })?;
        // A token that is good for a minute must not count as old from its first second.
        let until = Instant::now() + lifetime.saturating_sub(MARGIN.min(lifetime / 2));
        Ok(Token { header, value, until, number })
    }

    fn request(&self) -> Result<Request, Fault> {
        match &self.source {
            TokenSource::Session(session) => Ok(session.request.clone()),
            TokenSource::Oauth(form) => form.request(self.clock.now().as_second()),
        }
    }

    /// The token in an answer, and how long it is good.
    fn read(&self, answer: &Answer) -> Result<(Secret, Duration), Fault> {
        if !answer.status.is_success() {
            return Err(refused(answer, &self.redactor));
        }
        let found = match &self.source {
            TokenSource::Session(session) => (session.read)(answer).map(|secret| (secret, session.lifetime)),
            TokenSource::Oauth(_) => answer.json().ok().and_then(|body| {
                let lifetime = body["expires_in"].as_u64().map_or(UNSAID, Duration::from_secs);
                Some((Secret::from(body["access_token"].as_str()?), lifetime))
            }),
        };
        found.ok_or_else(|| {
            Fault::new(FaultKind::BadAnswer, "the log-in was answered without a token")
                .with_code(Code::Number(answer.status.as_u16().into()))
                .with_hint("is the address of the log-in right?")
        })
    }
}

impl Form {
    /// The request, with assertions of this second (Unix time).
    fn request(&self, now: i64) -> Result<Request, Fault> {
        let mut fields: Vec<(String, Secret)> = self.fields.clone();
        let mut headers = vec![(ACCEPT.to_string(), "application/json".to_owned())];
        if let Some(client) = &self.client {
            match &client.proof {
                Proof::Basic(secret) => {
                    let value = basic(&client.id, secret);
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

fn signed(key: &SigningKey, claims: &Value) -> Result<Secret, Fault> {
    key.sign(claims).map(Secret::from).ok_or_else(|| {
        Fault::new(FaultKind::Configuration, "the private key could not sign").with_hint("is it whole?")
    })
}

/// A log-in that was refused, in the words of the system (RFC 6749, section 5.2).
fn refused(answer: &Answer, redactor: &Redactor) -> Fault {
    let body = answer.json().unwrap_or_default();
    let error = body["error"].as_str();
    let said = body["error_description"].as_str().or(body["errorSummary"].as_str());
    let status = answer.status.as_u16();
    let message = match (error.or(body["errorCode"].as_str()), said) {
        (Some(error), Some(said)) => format!("the log-in was refused: {error}: {said}"),
        (Some(error), None) => format!("the log-in was refused: {error}"),
        _ => {
            format!("the log-in was refused with {}: {}", answer.status, answer.excerpt(redactor, 200).trim())
        }
    };
    let kind = match (FaultKind::of_status(status), error) {
        (_, Some("invalid_scope")) => FaultKind::PermissionDenied,
        (FaultKind::InvalidValue | FaultKind::PermissionDenied, _) => FaultKind::Unauthenticated,
        (kind, _) => kind,
    };
    let hint = match error {
        Some("invalid_client") => "check the id and the secret, or the key and its id, of the application",
        Some("invalid_grant") => "check the user name and password, or whom the key may speak for",
        Some("invalid_scope" | "consent_required") => "grant the scopes to the application at the system",
        Some("unauthorized_client") => "allow this kind of grant for the application at the system",
        _ => "check the instance's credentials",
    };
    let code = error.map_or(Code::Number(status.into()), |error| Code::Text(error.to_owned()));
    Fault::new(kind, redactor.text(&message)).with_code(code).with_hint(hint)
}
