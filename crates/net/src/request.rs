//! A request, before credentials are added.

use http::{HeaderMap, Method};
use serde_json::Value;
use url::Url;

/// What is asked of a system.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address, query included.
    pub url: Url,
    /// Headers over the client's own.
    pub headers: HeaderMap,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Request {
    /// Whether sending it twice does no more than sending it once (RFC 9110, 9.2.2).
    /// PATCH is not on that list, but a PATCH that sets values is safe all the same; the
    /// caller says so with `repeatable`.
    pub fn is_idempotent(&self) -> bool {
        self.method.is_idempotent()
    }

    /// Method and address as the trace shows them, without the host.
    pub(crate) fn line(&self) -> String {
        let query = self.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{} {}{query}", self.method, self.url.path())
    }
}
