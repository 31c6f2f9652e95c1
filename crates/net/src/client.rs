//! The HTTP client of one instance.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use provost_core::{Clock, Fault, FaultKind, Redactor, Retry, Stage, Trace};
use reqwest::ClientBuilder;
use reqwest::redirect::Policy;
use url::Url;

use crate::auth::{Keeper, Token, teach_address};
use crate::gate::{Gate, Limits, Pass, Patience};
use crate::request_id::request_id;
use crate::retry::{LONGEST_PAUSE, Pauses, retry_after};
use crate::{Answer, Auth, Request, failure};

/// Longer answers are refused; a page of accounts is far below.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
pub(crate) const LONGEST_CONNECT: Duration = Duration::from_secs(10);
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const USER_AGENT: &str = concat!("provost/", env!("CARGO_PKG_VERSION"));

/// How an instance's connections are made.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long one request may take, connecting and answer included.
    pub timeout: Duration,
    /// Take any certificate.
    pub insecure: bool,
    /// The way out.
    pub proxy: Proxy,
    /// More certificate authorities, in PEM.
    pub authorities: Option<Vec<u8>>,
    /// What is known of the system's limits.
    pub limits: Limits,
    /// How long a request may wait, in all, for a limit or for a system that is down.
    pub patience: Duration,
}

/// Which proxy is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// What `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say.
    Environment,
    /// None.
    Direct,
    /// This one.
    Address(String),
}

/// Settings that make no client.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file of certificate authorities.
    #[error("`ca-file` holds no certificates in PEM")]
    Authorities,
    /// The address of the proxy.
    #[error("`proxy` is no address of a proxy")]
    Proxy(#[source] reqwest::Error),
    /// A secret that no header can carry.
    #[error("the credentials hold characters that HTTP cannot send, such as a line break")]
    Credentials(#[from] http::header::InvalidHeaderValue),
    /// The machine's certificate authorities.
    #[error("TLS could not be set up: {0}")]
    Certificates(String),
    /// TLS could not be set up.
    #[error("TLS could not be set up")]
    Tls(#[source] reqwest::Error),
}

/// Who is asked.
#[derive(Clone, Copy)]
enum To<'t> {
    /// The system, with a token if it wants one.
    System(Option<&'t Token>),
    /// What gives tokens.
    LogIn,
}

impl To<'_> {
    /// What people call the address.
    fn address(self) -> &'static str {
        match self {
            Self::System(_) => "`url`",
            Self::LogIn => "the address of the log-in (`token-url`)",
        }
    }
}

/// A client with its credentials.
pub struct Client {
    http: reqwest::Client,
    /// The path of the system's address.
    base: String,
    timeout: Duration,
    /// How large an answer may be, in bytes.
    largest: usize,
    /// Whether a proxy may be on the way.
    proxied: bool,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
    gate: Gate,
    patience: Duration,
    tokens: Option<Keeper>,
}

impl Client {
    /// Makes a client for the system at this address. Nothing is sent yet. Certificates are
    /// loaded only if it, or the proxy, is spoken to by TLS.
    ///
    /// # Errors
    /// Settings that cannot work.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes clients")]
    pub fn connect(
        address: &Url,
        settings: &Settings,
        auth: Auth,
        mut redactor: Redactor,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, JSON)]);
        auth.apply(&mut headers)?;
        auth.teach(&mut redactor);
        teach_address(address, &mut redactor);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .redirect(Policy::none())
            // What may be sent again is decided here alone.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(settings.timeout.min(LONGEST_CONNECT))
            .timeout(settings.timeout)
            .tls_danger_accept_invalid_certs(settings.insecure);
        builder = match &settings.proxy {
            Proxy::Environment => builder,
            Proxy::Direct => builder.no_proxy(),
            Proxy::Address(address) => {
                builder.proxy(reqwest::Proxy::all(address).map_err(SettingsError::Proxy)?)
            }
        };
        let speaks_tls = |url: &Url| url.scheme() == "https";
        let is_tls = speaks_tls(address) || auth.log_in().is_some_and(speaks_tls);
        builder = if is_tls || proxy_speaks_tls(&settings.proxy) {
            with_authorities(builder, settings.authorities.as_deref())?
        } else {
            builder.tls_certs_only([])
        };
        let http = builder.build().map_err(SettingsError::Tls)?;
        let proxied = proxies(&settings.proxy).next().is_some();
        let tokens = match auth {
            Auth::Token(source) => Some(Keeper::new(*source, redactor.clone(), Arc::clone(&clock))),
            _ => None,
        };
        Ok(Self {
            http,
            base: address.path().trim_end_matches('/').to_owned(),
            timeout: settings.timeout,
            largest: LARGEST_BODY,
            proxied,
            redactor,
            clock,
            gate: Gate::new(&settings.limits),
            patience: settings.patience,
            tokens,
        })
    }

    /// The same for a system whose answers may be larger, in bytes.
    #[must_use]
    pub fn with_answers_of(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// What must be masked in everything that comes from this client's system.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Sends a request until `judge` makes something of the answer, or the fault is one that a
    /// repetition cannot mend or, where the request is not repeatable, must not risk.
    ///
    /// # Errors
    /// The last attempt's fault.
    pub async fn send<T>(
        &self,
        request: &Request,
        repeatable: bool,
        trace: &Trace,
        judge: &(dyn Fn(&Answer) -> Result<T, Fault> + Sync),
    ) -> Result<T, Fault> {
        let mut pauses = Pauses::new();
        let mut patience = Patience::new(self.patience);
        let mut worn = None;
        // Whether an attempt before this one may have been carried out.
        let mut is_uncertain = false;
        loop {
            let pass = match self.pass(request, &mut patience, trace).await {
                Ok(pass) => pass,
                Err(fault) => return Err(after_uncertain(fault, is_uncertain)),
            };
            let (token, ended) = self.attempt(pass, request, worn, trace, judge).await;
            let fault = match ended {
                Ok(made) => return Ok(made),
                Err(fault) => fault,
            };
            // A token may end before its time. One more try with a new one tells.
            if fault.kind == FaultKind::Unauthenticated && token.is_some() && worn.is_none() {
                worn = token;
                continue;
            }
            // Being told to wait is no failure, for those who have the time.
            if fault.kind == FaultKind::RateLimited && self.patience > LONGEST_PAUSE {
                let told = fault.retry_after.unwrap_or_default();
                if told <= patience.left && !patience.left.is_zero() {
                    continue;
                }
            }
            let Some(pause) = pauses.after(&fault, repeatable) else {
                return Err(after_uncertain(self.cleaned(fault), is_uncertain));
            };
            is_uncertain |= fault.kind.retry() == Retry::IfRepeatable;
            trace.note(Stage::Http, format!("trying again in {:.1} s", pause.as_secs_f32()));
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits until the request may leave.
    async fn pass(
        &self,
        request: &Request,
        patience: &mut Patience,
        trace: &Trace,
    ) -> Result<Pass<'_>, Fault> {
        let writes = request.method != http::Method::GET;
        let path = request.url.path().strip_prefix(&*self.base).unwrap_or(request.url.path());
        let pass = self.gate.pass(path, writes, patience, (Stage::Http, trace)).await;
        pass.map_err(|fault| self.cleaned(fault))
    }

    /// One attempt: the token that it was made with, and what came of it.
    async fn attempt<T>(
        &self,
        pass: Pass<'_>,
        request: &Request,
        worn: Option<u64>,
        trace: &Trace,
        judge: &(dyn Fn(&Answer) -> Result<T, Fault> + Sync),
    ) -> (Option<u64>, Result<T, Fault>) {
        let token = match self.token(worn, trace).await {
            Ok(token) => token,
            Err(fault) => {
                pass.note(None, Some(&fault), self.clock.now());
                return (None, Err(fault));
            }
        };
        let answer = self.traced(request, To::System(token.as_ref()), trace).await;
        let (headers, ended) = match &answer {
            Ok(answer) => {
                let judged = judge(answer).map_err(|fault| self.with_retry_after(fault, answer));
                (Some(&answer.headers), judged)
            }
            Err(fault) => (None, Err(fault.clone())),
        };
        pass.note(headers, ended.as_ref().err(), self.clock.now());
        (token.map(|token| token.number), ended)
    }

    async fn token(&self, worn: Option<u64>, trace: &Trace) -> Result<Option<Token>, Fault> {
        let Some(keeper) = &self.tokens else { return Ok(None) };
        let fetch = async |request: &Request| self.traced(request, To::LogIn, trace).await;
        keeper.token(worn, fetch).await.map(Some)
    }

    /// An exchange, with a line in the trace.
    async fn traced(&self, request: &Request, to: To<'_>, trace: &Trace) -> Result<Answer, Fault> {
        let begun = Instant::now();
        let result = self.exchange(request, to).await;
        trace.answered(Stage::Http, || {
            let id = result.as_ref().ok().and_then(|answer| request_id(&answer.headers));
            let what = match &result {
                Ok(answer) => format!("{} ({} bytes)", answer.status, answer.body.len()),
                Err(fault) => fault.message.lines().last().unwrap_or_default().to_owned(),
            };
            let line = format!("{} -> {what} in {} ms", request.line(), begun.elapsed().as_millis());
            (self.redactor.text(&line), id.map(|id| self.redactor.text(&id)))
        });
        result
    }

    async fn exchange(&self, request: &Request, to: To<'_>) -> Result<Answer, Fault> {
        let mut builder = self.http.request(request.method.clone(), request.url.clone());
        let is_typed = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let To::System(Some(token)) = to {
            builder = builder.header(&token.header, &token.value);
        }
        if let Some(body) = &request.body {
            builder = if is_typed { builder } else { builder.header(CONTENT_TYPE, body.kind()) };
            builder = builder.body(body.bytes());
        }
        let failed = |error| failure::explain(error, request, to.address(), self.timeout, self.proxied);
        let mut response = builder.send().await.map_err(failed)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > self.largest {
                return Err(too_large(status.as_u16(), to.address(), self.largest));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.freeze() })
    }

    fn with_retry_after(&self, fault: Fault, answer: &Answer) -> Fault {
        let asked =
            answer.header(RETRY_AFTER.as_str()).and_then(|value| retry_after(value, self.clock.now()));
        Fault { retry_after: fault.retry_after.or(asked), ..fault }
    }

    fn cleaned(&self, mut fault: Fault) -> Fault {
        fault.message = self.redactor.text(&fault.message);
        if let Some(pause) = fault.retry_after {
            fault.hints.push(format!("the system asks to be left alone for {} s", pause.as_secs()));
        }
        fault
    }
}

/// The fault of the last attempt. Where that did not leave, but one before it may have been
/// carried out, the whole request may have been.
fn after_uncertain(fault: Fault, is_uncertain: bool) -> Fault {
    match fault.kind.retry() {
        Retry::Always if is_uncertain => Fault { kind: FaultKind::AnswerLost, ..fault },
        _ => fault,
    }
}

/// Adds certificate authorities to the system's own.
fn with_authorities(
    builder: ClientBuilder,
    authorities: Option<&[u8]>,
) -> Result<ClientBuilder, SettingsError> {
    let Some(authorities) = authorities else { return Ok(builder) };
    match reqwest::Certificate::from_pem_bundle(authorities) {
        Ok(found) if !found.is_empty() => Ok(builder.tls_certs_merge(found)),
        _ => Err(SettingsError::Authorities),
    }
}

/// Whether the way to the proxy itself needs certificates.
fn proxy_speaks_tls(proxy: &Proxy) -> bool {
    proxies(proxy).any(|address| address.starts_with("https:"))
}

/// The addresses of the proxies that could be used.
fn proxies(proxy: &Proxy) -> impl Iterator<Item = String> {
    const VARIABLES: [&str; 6] =
        ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    let (named, variables) = match proxy {
        Proxy::Direct => (None, &VARIABLES[..0]),
        Proxy::Address(address) => (Some(address.clone()), &VARIABLES[..0]),
        Proxy::Environment => (None, &VARIABLES[..]),
    };
    let set =
        variables.iter().filter_map(|name| std::env::var(name).ok()).filter(|address| !address.is_empty());
    named.into_iter().chain(set)
}

fn too_large(status: u16, address: &str, largest: usize) -> Fault {
    let megabytes = largest / (1024 * 1024);
    Fault::new(FaultKind::BadAnswer, format!("the answer is larger than {megabytes} MB"))
        .with_code(provost_core::Code::Number(status.into()))
        .with_hint(format!("is {address} the right one?"))
}
