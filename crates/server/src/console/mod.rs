//! The pages for people, made at the server. All of them can be read without scripts; htmx
//! changes a part of a page instead of the whole where it runs.
//!
//! A handler gives a [`page::Page`] or a problem, which [`problems`] makes a page of. Nothing
//! is decided here: what a page does, the API does by the same functions.

mod fields;
mod files;
mod filters;
mod overview;
mod page;
mod problem;
mod record;
mod runs;
mod shown;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::App;

pub(crate) use problem::problems;

/// The routes. Who may use them is said in `access/routes.rs`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(overview::show))
        .route("/static/{file}", get(files::show))
        .route("/login", get(sign_in::show).post(sign_in::sign_in))
        .route("/logout", post(sign_in::sign_out))
        .route("/runs", get(runs::list))
        .route("/runs/{id}", get(runs::show))
}

/// A text as it stands in a query or as a part of a path.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
