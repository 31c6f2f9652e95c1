//! A request, before credentials are added.

use http::Method;
use serde_json::Value;
use url::Url;

/// What is asked of a system.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address, query included.
    pub url: Url,
    /// Headers of this request alone, such as `If-Match`.
    pub headers: Vec<(String, String)>,
    /// The JSON body.
    pub body: Option<Value>,
}

impl Request {
    /// Method and address as the trace shows them, without the host.
    pub(crate) fn line(&self) -> String {
        let query = self.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{} {}{query}", self.method, self.url.path())
    }
}
