//! What all pages have around them.

use askama::Template;
use axum::http::Method;
use axum::response::{Html, IntoResponse, Response};

use super::files::{ADDRESSES, Addresses};
use crate::Problem;
use crate::access::Caller;

/// The places in the navigation: the path, and what it is called.
const PLACES: [(&str, &str); 9] = [
    ("/", "Overview"),
    ("/run", "Run a command"),
    ("/runs", "Runs"),
    ("/people", "People"),
    ("/instances", "Instances"),
    ("/mappers", "Mappers"),
    ("/audit", "Audit log"),
    ("/keys", "API keys"),
    ("/reference", "API"),
];

/// The frame of a page.
pub(super) struct Frame {
    pub(super) title: String,
    /// The path of the place in the navigation where the page is.
    here: &'static str,
    pub(super) who: Option<Who>,
    pub(super) files: &'static Addresses,
}

/// Whoever looks at the page.
pub(super) struct Who {
    pub(super) name: String,
    pub(super) role: &'static str,
    caller: Caller,
}

/// A place in the navigation.
pub(super) struct Place {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) is_here: bool,
}

impl Frame {
    pub(super) fn new(title: impl Into<String>, here: &'static str, caller: &Caller) -> Self {
        let who = Who { name: caller.actor.name.clone(), role: caller.role.as_str(), caller: caller.clone() };
        Self { title: title.into(), here, who: Some(who), files: &ADDRESSES }
    }

    /// The frame of a page for somebody who is not known.
    pub(super) fn for_anybody(title: impl Into<String>) -> Self {
        Self { title: title.into(), here: "", who: None, files: &ADDRESSES }
    }

    /// The places where whoever looks may go.
    pub(super) fn places(&self) -> Vec<Place> {
        let may_go = PLACES.into_iter().filter(|(path, _)| self.may("GET", path));
        may_go.map(|(path, name)| Place { path, name, is_here: path == self.here }).collect()
    }

    /// Whether whoever looks may use a route, so that what they cannot do is not offered.
    pub(super) fn may(&self, method: &str, route: &str) -> bool {
        let method = if method == "POST" { Method::POST } else { Method::GET };
        self.who.as_ref().is_some_and(|who| who.caller.may_use(&method, route))
    }
}

/// A page that is shown.
pub(super) struct Page<T>(pub(super) T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => Html(text).into_response(),
            Err(error) => Problem::bug(format!("the page could not be made: {error}")).into_response(),
        }
    }
}
