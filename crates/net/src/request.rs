//! A request, before credentials are added.

use bytes::Bytes;
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
    /// Bytes of a media type.
    Raw(&'static str, Bytes),
}

impl Body {
    /// The media type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Form(_) => "application/x-www-form-urlencoded",
            Self::Raw(kind, _) => kind,
        }
    }

    /// The bytes that are sent.
    pub(crate) fn bytes(&self) -> Bytes {
        match self {
            Self::Raw(_, bytes) => bytes.clone(),
            Self::Json(value) => value.to_string().into(),
            Self::Form(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), value.expose_secret()));
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into()
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
