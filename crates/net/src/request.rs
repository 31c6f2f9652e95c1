//! A request, before credentials are added.

use http::Method;
use provost_core::{ExposeSecret as _, Secret};
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
    /// The body.
    pub body: Option<Body>,
}

/// What a request carries.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON.
    Json(Value),
    /// The fields of a form (`application/x-www-form-urlencoded`).
    Form(Vec<(String, Secret)>),
}

impl Body {
    /// The media type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Form(_) => "application/x-www-form-urlencoded",
        }
    }

    /// The text that is sent.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Json(value) => value.to_string(),
            Self::Form(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), value.expose_secret()));
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
            }
        }
    }
}

impl Request {
    /// Method and address as the trace shows them, without the host.
    pub(crate) fn line(&self) -> String {
        let query = self.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{} {}{query}", self.method, self.url.path())
    }
}
