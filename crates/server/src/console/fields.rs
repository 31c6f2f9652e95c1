//! What a form or a query says, by name. A field that is blank is not there.

use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::encoded;
use crate::Problem;
use crate::rest::body::SLOWEST;

/// The fields, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

/// The fields of a form that was sent.
pub(super) struct Sent(pub(super) Fields);

/// The fields behind the question mark.
pub(super) struct Asked(pub(super) Fields);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = Form::<Vec<(String, String)>>::from_request(request, state);
        match tokio::time::timeout(SLOWEST, read).await {
            Ok(Ok(Form(fields))) => Ok(Self(Fields(fields))),
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::too_large("the form is larger than the server reads"))
            }
            Ok(Err(rejection)) => Err(Problem::invalid(rejection.body_text())),
            Err(_) => Err(Problem::slow("the form did not come in time")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<Vec<(String, String)>>::from_request_parts(parts, state).await {
            Ok(Query(fields)) => Ok(Self(Fields(fields))),
            Err(rejection) => Err(Problem::invalid(rejection.body_text())),
        }
    }
}

impl Fields {
    /// What a field says, without blanks around it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The same for a template.
    pub(super) fn shown(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// What a field says as it was written, blanks and all.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// What a field says that may be there several times.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let same = self.0.iter().filter(move |(known, _)| known == name);
        same.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// Whether a field that may be there several times says this once.
    pub(super) fn has(&self, name: &str, wanted: &str) -> bool {
        self.all(name).any(|text| text == wanted)
    }

    /// Whether a box is ticked.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The fields of these names, read as what the API reads.
    pub(super) fn read<T: DeserializeOwned>(&self, names: &[&str]) -> Result<T, Problem> {
        let given = names.iter().filter_map(|name| Some(((*name).to_owned(), Value::from(self.text(name)?))));
        let given: Map<String, Value> = given.collect();
        serde_json::from_value(Value::Object(given)).map_err(|error| Problem::invalid(error.to_string()))
    }

    /// The same without a field.
    pub(super) fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| known != name).cloned().collect())
    }

    /// The address of the same page with one field changed.
    pub(super) fn link(&self, path: &str, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(known, text)| known != name && !text.trim().is_empty());
        let others = others.map(|(name, text)| (name.as_str(), text.as_str()));
        let pairs: Vec<String> = others
            .chain([(name, value)])
            .map(|(name, text)| format!("{}={}", encoded(name), encoded(text)))
            .collect();
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_blank_is_not_there() {
        let pairs = [("a", " x "), ("b", " "), ("c", "1"), ("c", ""), ("c", "2&3")];
        let fields = Fields(pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec());
        assert_eq!((fields.text("a"), fields.text("b"), fields.raw("a")), (Some("x"), None, " x "));
        assert_eq!(fields.all("c").collect::<Vec<_>>(), ["1", "2&3"]);
        assert_eq!(fields.link("/p", "a", "y z"), "/p?c=1&c=2%263&a=y%20z");
    }
}
