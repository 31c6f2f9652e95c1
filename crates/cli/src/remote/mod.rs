//! Commands that a Provost server carries out: asking it until there is an answer.
//!
//! Every command carries an `Idempotency-Key` of its own, so that asking again after a lost
//! answer never does anything twice.

mod answer;
mod refusal;
mod settings;
mod trouble;

use std::time::Duration;

use provost_core::{Random as _, Stage, Trace};
use provost_net::{Body, Client, Method, Request, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, interval_at};

use crate::args::{Format, Global};
use crate::interrupt::Interrupt;
use crate::output::{self, Hinted, progress};
use crate::random::SystemRandom;

use answer::{Said, judge};
use refusal::{Refusal, nonsense};
use trouble::Trouble;

/// How long a silent terminal is no surprise, and how often the line is written anew.
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_secs(1);

/// A server, and how it is asked.
pub(crate) struct Remote {
    client: Client,
    address: Url,
    /// How long a command may take in all.
    limit: Duration,
    verbose: bool,
    is_watched: bool,
}

/// Something that a server is asked.
pub(crate) struct Call<'a> {
    /// The command that wants it.
    command: &'a str,
    /// Where, with what stands behind the question mark.
    path: &'a str,
    query: &'a [(&'a str, String)],
    /// What is sent; nothing for a look.
    body: Option<Body>,
    /// Whether it may change something.
    writes: bool,
}

impl<'a> Call<'a> {
    /// A look at something that the server keeps.
    pub(crate) fn look(command: &'a str, path: &'a str, query: &'a [(&'a str, String)]) -> Self {
        Self { command, path, query, body: None, writes: false }
    }

    /// Something to be done.
    pub(crate) fn order(command: &'a str, path: &'a str, body: Body, writes: bool) -> Self {
        Self { command, path, query: &[], body: Some(body), writes }
    }

    /// The same with what stands behind the question mark.
    pub(crate) fn with_query(self, query: &'a [(&'a str, String)]) -> Self {
        Self { query, ..self }
    }
}

impl Remote {
    /// Prepares to ask a server. Nothing is sent yet.
    ///
    /// # Errors
    /// No address, no key, or certificates that cannot be read.
    pub(crate) fn of(global: &Global, server: &str) -> anyhow::Result<Self> {
        Self::with(global, server, settings::ONE_REQUEST)
    }

    /// The same for whole files, which take their time to send.
    ///
    /// # Errors
    /// As for [`Remote::of`].
    pub(crate) fn for_files(global: &Global, server: &str) -> anyhow::Result<Self> {
        Self::with(global, server, settings::limit()?)
    }

    fn with(global: &Global, server: &str, timeout: Duration) -> anyhow::Result<Self> {
        let address = settings::address(server)?;
        let key = settings::key(global.remote.api_key.as_deref())?;
        let limit = settings::limit()?;
        let client = settings::client(&address, &key, global.remote.ca_file.as_deref(), timeout.min(limit))?;
        let is_watched = global.output == Format::Table && progress::is_seen();
        Ok(Self { client, address, limit, verbose: global.verbose, is_watched })
    }

    /// Has a command carried out; `None` where somebody did not wait for it.
    ///
    /// # Errors
    /// As for [`Remote::ask`].
    pub(crate) async fn command<T: DeserializeOwned>(
        &self,
        command: &str,
        arguments: Value,
        writes: bool,
    ) -> anyhow::Result<Option<T>> {
        let path = format!("/api/v1/commands/{command}");
        self.ask(&Call::order(command, &path, Body::Json(arguments), writes)).await
    }

    /// Asks until there is an answer; `None` where somebody did not wait for it.
    ///
    /// # Errors
    /// The server refused, cannot be reached, or is none of Provost's.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: &Call<'_>) -> anyhow::Result<Option<T>> {
        let trace = Trace::default();
        let answer = self.watched(self.carry_out(call, &trace)).await;
        progress::clear();
        if self.verbose && call.body.is_some() {
            output::tell_steps(self.shown(), &trace.steps());
        }
        let Some(answer) = answer else { return Ok(None) };
        let answer = answer?;
        let made = serde_json::from_value(answer);
        Ok(Some(made.map_err(|error| nonsense(&self.address, &error.to_string()))?))
    }

    /// Waits; `None` where somebody does not want to wait any more. `line` is what they see.
    pub(crate) async fn pause(&self, pause: Duration, line: &str) -> Option<()> {
        if self.is_watched {
            progress::tell(line);
        }
        let mut interrupt = Interrupt::listen();
        tokio::select! {
            () = tokio::time::sleep(pause) => Some(()),
            () = interrupt.received() => None,
        }
    }

    /// Waits for something, or for somebody who wants to wait no more.
    async fn watched<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        let mut interrupt = Interrupt::listen();
        let mut line = interval_at(Instant::now() + PATIENCE, AGAIN);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                () = interrupt.received() => return None,
                _ = line.tick(), if self.is_watched => progress::show(&[self.shown()], 0),
            }
        }
    }

    async fn carry_out(&self, call: &Call<'_>, trace: &Trace) -> Result<Value, Hinted> {
        let request = self.request(call);
        let begun = Instant::now();
        let mut trouble = Trouble::default();
        loop {
            let judge = |answer: &_| Ok(judge(answer, self.client.redactor()));
            let said = self.client.send(&request, false, trace, &judge).await;
            let (pause, why) = match said {
                Ok(Said::Done(value)) => return Ok(value),
                Ok(Said::Refused(refusal)) => return Err(self.refused(call, refusal, trace).await),
                Ok(Said::Running(pause)) => {
                    trouble.is_over();
                    (pause, "the command is being carried out".to_owned())
                }
                Ok(Said::Later(pause, refusal)) => match trouble.after_refusal(pause) {
                    Some(pause) => (pause, refusal.message),
                    None => return Err(refusal.told(&self.address)),
                },
                Err(fault) => match trouble.after_fault(&fault) {
                    Some(pause) => (pause, refusal::cause(&fault)),
                    None => return Err(trouble.given_up(&fault, &self.address, call.writes)),
                },
            };
            if begun.elapsed() + pause >= self.limit {
                return Err(refusal::too_slow(&self.address, self.limit, call.writes));
            }
            let words = format!("asking again in {:.1} s: {why}", pause.as_secs_f32());
            trace.note(Stage::Http, self.client.redactor().text(&words));
            tokio::time::sleep(pause).await;
        }
    }

    fn request(&self, call: &Call) -> Request {
        let mut url = self.path(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let body = call.body.clone();
        let key = body.as_ref().map(|_| ("Idempotency-Key".to_owned(), fresh_key()));
        let method = if body.is_some() { Method::POST } else { Method::GET };
        Request { method, url, headers: key.into_iter().collect(), body }
    }

    /// What the server said, or that it has no such command.
    async fn refused(&self, call: &Call<'_>, refusal: Refusal, trace: &Trace) -> Hinted {
        if refusal.may_be_unknown() && self.offers(call.path, trace).await == Some(false) {
            return refusal::not_offered(&self.address, call.command);
        }
        refusal.told(&self.address)
    }

    /// Whether the server's description has the address; `None` where there is none.
    async fn offers(&self, path: &str, trace: &Trace) -> Option<bool> {
        let url = self.path("/api/v1/openapi.json");
        let request = Request { method: Method::GET, url, headers: Vec::new(), body: None };
        let judge = |answer: &_| Ok(judge(answer, self.client.redactor()));
        let Ok(Said::Done(document)) = self.client.send(&request, true, trace, &judge).await else {
            return None;
        };
        let paths = document["paths"].as_object()?;
        Some(paths.keys().any(|known| is_of(path, known)))
    }

    fn path(&self, path: &str) -> Url {
        let mut url = self.address.clone();
        url.set_path(&format!("{}{path}", self.address.path().trim_end_matches('/')));
        url
    }

    /// The server as people see it.
    fn shown(&self) -> &str {
        refusal::shown(&self.address)
    }
}

/// Whether an address is one of those that a description means, such as `/runs/{id}`.
fn is_of(path: &str, known: &str) -> bool {
    let fits = |(part, known): (&str, &str)| part == known || known.starts_with('{');
    path.split('/').count() == known.split('/').count() && path.split('/').zip(known.split('/')).all(fits)
}

/// A key that no command had before.
fn fresh_key() -> String {
    let mut bytes = [0; 16];
    SystemRandom.fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}
