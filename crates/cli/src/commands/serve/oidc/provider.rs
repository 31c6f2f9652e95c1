//! Asks an identity provider.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use provost_core::{ExposeSecret as _, Fault, FaultKind, Redactor, Secret, Trace};
use provost_net::{Answer, Auth, Body, Limits, Method, Proxy, Request, Settings, SettingsError, Url};
use provost_server::oidc::{Authentication, Exchange, Provider};
use serde_json::Value;

use crate::clock::SystemClock;

/// What is put behind an issuer to find what it says of itself.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";
/// How much of what a provider says about an error is shown.
const LONGEST_WORD: usize = 200;

/// Who the provider knows us as.
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: Option<Secret>,
}

/// How it is reached.
pub(super) struct Network {
    pub(super) authorities: Option<Vec<u8>>,
    pub(super) timeout: Duration,
}

/// A provider that is asked by HTTP.
struct Remote {
    http: provost_net::Client,
    client: Client,
}

/// Nothing is sent yet.
///
/// # Errors
/// Settings that cannot work.
pub(super) fn connect(
    issuer: &Url,
    client: Client,
    network: Network,
) -> Result<impl Provider + use<>, SettingsError> {
    let settings = Settings {
        timeout: network.timeout,
        insecure: false,
        proxy: Proxy::Environment,
        authorities: network.authorities,
        limits: Limits::default(),
        // Somebody waits before a browser.
        patience: Duration::ZERO,
    };
    let mut redactor = Redactor::default();
    if let Some(secret) = &client.secret {
        redactor.add(secret.expose_secret());
        let header = provost_net::basic_of_client(&client.id, secret);
        redactor.add(header.expose_secret().trim_start_matches("Basic "));
    }
    let http = provost_net::Client::connect(issuer, &settings, Auth::None, redactor, Arc::new(SystemClock))?;
    Ok(Remote { http, client })
}

#[async_trait]
impl Provider for Remote {
    async fn discover(&self, issuer: &str) -> Result<Value, Fault> {
        self.document(&format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'))).await
    }

    async fn keys(&self, address: &str) -> Result<Value, Fault> {
        self.document(address).await
    }

    async fn exchange(&self, exchange: Exchange) -> Result<Value, Fault> {
        let request = self.request(&exchange)?;
        // What a provider says of a code that it refuses may repeat what it was sent.
        let mut redactor = self.http.redactor().clone();
        redactor.add(exchange.code.expose_secret());
        redactor.add(exchange.verifier.expose_secret());
        self.send(&request, &|answer| tokens(answer, &redactor)).await
    }
}

impl Remote {
    async fn document(&self, place: &str) -> Result<Value, Fault> {
        let request = Request { method: Method::GET, url: address(place)?, headers: Vec::new(), body: None };
        self.send(&request, &document).await
    }

    /// Sends a request once, but for one that surely did not arrive. A code can be used once, and
    /// for documents somebody waits.
    async fn send(
        &self,
        request: &Request,
        judge: &(dyn Fn(&Answer) -> Result<Value, Fault> + Sync),
    ) -> Result<Value, Fault> {
        let sent = self.http.send(request, false, &Trace::silent(), judge).await;
        sent.map_err(in_our_words)
    }

    fn request(&self, exchange: &Exchange) -> Result<Request, Fault> {
        let mut form = vec![
            ("grant_type".to_owned(), Secret::from("authorization_code")),
            ("code".to_owned(), exchange.code.clone()),
            ("redirect_uri".to_owned(), exchange.redirect.as_str().into()),
            ("code_verifier".to_owned(), exchange.verifier.clone()),
        ];
        let mut headers = Vec::new();
        match (&self.client.secret, exchange.authentication) {
            (Some(secret), Authentication::Header) => {
                let value = provost_net::basic_of_client(&self.client.id, secret);
                headers.push(("Authorization".to_owned(), value.expose_secret().to_owned()));
            }
            (secret, _) => {
                form.push(("client_id".to_owned(), self.client.id.as_str().into()));
                form.extend(secret.iter().map(|secret| ("client_secret".to_owned(), secret.clone())));
            }
        }
        Ok(Request {
            method: Method::POST,
            url: address(&exchange.address)?,
            headers,
            body: Some(Body::Form(form)),
        })
    }
}

fn address(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|_| Fault::new(FaultKind::Configuration, "an address of it is none"))
}

fn document(answer: &Answer) -> Result<Value, Fault> {
    let status = answer.status.as_u16();
    if status != 200 {
        return Err(Fault::new(FaultKind::of_status(status), format!("it answers with the status {status}")));
    }
    object(answer)
}

/// Tokens, or why there are none (RFC 6749, section 5.2).
fn tokens(answer: &Answer, redactor: &Redactor) -> Result<Value, Fault> {
    let status = answer.status.as_u16();
    if status == 200 {
        return object(answer);
    }
    let said = object(answer).unwrap_or_default();
    let word = |name: &str| {
        let text = redactor.text(said[name].as_str()?);
        Some(text.chars().filter(|letter| !letter.is_control()).take(LONGEST_WORD).collect::<String>())
    };
    let Some(error) = word("error").filter(|_| (400..500).contains(&status) && status != 429) else {
        return Err(Fault::new(FaultKind::of_status(status), format!("it answers with the status {status}")));
    };
    let more = word("error_description").map(|text| format!(" ({text})")).unwrap_or_default();
    let message = format!("the identity provider refuses the code: {error}{more}");
    match error.as_str() {
        "invalid_client" | "unauthorized_client" => Err(Fault::new(FaultKind::Configuration, message)
            .with_hint("are `client-id` and `client-secret` those that the provider knows?")),
        _ => Err(Fault::new(FaultKind::InvalidValue, message)),
    }
}

fn object(answer: &Answer) -> Result<Value, Fault> {
    let object = answer.json().ok().filter(Value::is_object);
    object.ok_or_else(|| Fault::new(FaultKind::BadAnswer, "its answer is no JSON object"))
}

/// The first sentences of `net` speak of the parameters of an instance.
fn in_our_words(fault: Fault) -> Fault {
    let message = match fault.kind {
        FaultKind::NotSent => "it cannot be reached".to_owned(),
        FaultKind::AnswerLost => "it did not answer in time".to_owned(),
        _ => return fault,
    };
    let cause = fault.message.lines().find_map(|line| line.strip_prefix("Error Type: "));
    let message = cause.map_or(message.clone(), |cause| format!("{message} ({cause})"));
    Fault { message, hints: Vec::new(), ..fault }
}
