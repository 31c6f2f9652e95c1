//! The HTTP client of one instance.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue};
use provost_core::{Clock, Fault, FaultKind, Redactor, Stage, Trace};
use reqwest::ClientBuilder;
use reqwest::redirect::Policy;

use crate::retry::{Pauses, retry_after};
use url::Url;

use crate::{Answer, Auth, Request, failure};

/// Longer answers are refused; a page of accounts is far below.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
const LONGEST_CONNECT: Duration = Duration::from_secs(10);
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
    /// TLS could not be set up.
    #[error("TLS could not be set up")]
    Tls(#[source] reqwest::Error),
}

/// A client with its credentials.
pub struct Client {
    http: reqwest::Client,
    timeout: Duration,
    /// Whether a proxy may be on the way.
    proxied: bool,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
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
        auth: &Auth,
        mut redactor: Redactor,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        let mut headers = HeaderMap::from_iter([(ACCEPT, JSON)]);
        auth.apply(&mut headers)?;
        auth.teach(&mut redactor);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers)
            .redirect(Policy::none())
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
        builder = if address.scheme() == "https" || proxy_speaks_tls(&settings.proxy) {
            with_authorities(builder, settings.authorities.as_deref())?
        } else {
            builder.tls_certs_only([])
        };
        let http = builder.build().map_err(SettingsError::Tls)?;
        let proxied = proxies(&settings.proxy).next().is_some();
        Ok(Self { http, timeout: settings.timeout, proxied, redactor, clock })
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
        loop {
            let fault = match self.attempt(request, trace).await {
                Ok(answer) => match judge(&answer) {
                    Ok(body) => return Ok(body),
                    Err(fault) => self.with_retry_after(fault, &answer),
                },
                Err(fault) => fault,
            };
            let Some(pause) = pauses.after(&fault, repeatable) else {
                return Err(self.cleaned(fault));
            };
            trace.note(Stage::Http, format!("trying again in {:.1} s", pause.as_secs_f32()));
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(&self, request: &Request, trace: &Trace) -> Result<Answer, Fault> {
        let begun = Instant::now();
        let result = self.exchange(request).await;
        let what = match &result {
            Ok(answer) => format!("{} ({} bytes)", answer.status, answer.body.len()),
            Err(fault) => fault.message.lines().last().unwrap_or_default().to_owned(),
        };
        let line = format!("{} -> {what} in {} ms", request.line(), begun.elapsed().as_millis());
        trace.note(Stage::Http, self.redactor.text(&line));
        result
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, Fault> {
        let mut builder = self.http.request(request.method.clone(), request.url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, JSON).body(body.to_string());
        }
        let failed = |error| failure::explain(error, request, self.timeout, self.proxied);
        let mut response = builder.send().await.map_err(failed)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(too_large(status.as_u16()));
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

fn too_large(status: u16) -> Fault {
    let megabytes = LARGEST_BODY / (1024 * 1024);
    Fault::new(FaultKind::BadAnswer, format!("the answer is larger than {megabytes} MB"))
        .with_code(provost_core::Code::Number(status.into()))
        .with_hint("is `url` the address of the API?")
}
