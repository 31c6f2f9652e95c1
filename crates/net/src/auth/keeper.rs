//! The token of an instance: how long it is good, who fetches it.
//!
//! A token is fetched when the first request needs it, shared by all requests of the
//! instance, made new a little before it ends, and once more where the system says that it
//! does not know it any longer. Those who waited for a token share it, or its failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use provost_core::{Clock, ExposeSecret, Fault, FaultKind, Redactor, Secret};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::token::TokenSource;
use super::{refusal, sensitive};
use crate::retry::retry_after;
use crate::{Answer, Request};

/// How long before its end a token is made new.
const MARGIN: Duration = Duration::from_secs(30);
/// How long a token counts as good whose system does not say.
const UNSAID: Duration = Duration::from_mins(5);
/// Longer lives are not believed.
const LONGEST: Duration = Duration::from_hours(24);

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
    held: Mutex<Held>,
    /// How many fetches have ended.
    fetches: AtomicU64,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Held {
    /// The number of the last token.
    number: u64,
    token: Option<Token>,
    /// How the last fetch failed, if it did.
    failure: Option<Fault>,
}

impl Keeper {
    pub(crate) fn new(source: TokenSource, redactor: Redactor, clock: Arc<dyn Clock>) -> Self {
        Self { source, held: Mutex::default(), fetches: AtomicU64::default(), redactor, clock }
    }

    /// The token to send, fetched by `fetch` where there is none that is good. `worn` is the
    /// number of one that the system refused.
    pub(crate) async fn token(
        &self,
        worn: Option<u64>,
        fetch: impl AsyncFnOnce(&Request) -> Result<Answer, Fault>,
    ) -> Result<Token, Fault> {
        let before = self.fetches.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        let is_good = |token: &&Token| Some(token.number) != worn && Instant::now() < token.until;
        if let Some(token) = held.token.as_ref().filter(is_good) {
            return Ok(token.clone());
        }
        let has_waited = self.fetches.load(Ordering::Acquire) != before;
        if let Some(fault) = held.failure.as_ref().filter(|_| has_waited) {
            return Err(fault.clone());
        }
        let fetched = self.fetched(held.number + 1, fetch).await;
        self.fetches.fetch_add(1, Ordering::Release);
        match &fetched {
            Ok(token) => *held = Held { number: token.number, token: Some(token.clone()), failure: None },
            Err(fault) => held.failure = Some(fault.clone()),
        }
        fetched
    }

    /// Fetches a token. A failure says nothing of the request that waits for it, but that it
    /// did not leave.
    async fn fetched(
        &self,
        number: u64,
        fetch: impl AsyncFnOnce(&Request) -> Result<Answer, Fault>,
    ) -> Result<Token, Fault> {
        let fetched = async {
            let request = self.source.request(self.clock.now().as_second(), &self.redactor)?;
            let answer = fetch(&request).await?;
            let (secret, lifetime) = self.read(&answer)?;
            self.redactor.add_later(secret.expose_secret());
            self.made(&secret, lifetime, number)
        };
        fetched.await.map_err(|fault| refusal::without_token(fault, self.source.url()))
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
        let lifetime = lifetime.min(LONGEST);
        let until = Instant::now() + lifetime.saturating_sub(MARGIN.min(lifetime / 2));
        Ok(Token { header, value, until, number })
    }

    /// The token in an answer, and how long it is good.
    fn read(&self, answer: &Answer) -> Result<(Secret, Duration), Fault> {
        if !answer.status.is_success() {
            let asked = answer.header(RETRY_AFTER.as_str());
            let pause = asked.and_then(|value| retry_after(value, self.clock.now()));
            return Err(Fault { retry_after: pause, ..refusal::refused(answer, &self.redactor) });
        }
        let found = match &self.source {
            TokenSource::Session(session) => (session.read)(answer).map(|secret| (secret, session.lifetime)),
            TokenSource::Oauth(_) => answer.json().ok().and_then(|body| {
                let lifetime = body["expires_in"].as_u64().map_or(UNSAID, Duration::from_secs);
                Some((Secret::from(body["access_token"].as_str()?), lifetime))
            }),
        };
        found.ok_or_else(|| refusal::no_token(answer))
    }
}

#[cfg(test)]
mod tests;
