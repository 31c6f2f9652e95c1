//! The pages for people, made at the server. All of them can be read without scripts; htmx
//! changes a part of a page instead of the whole where it runs.
//!
//! A handler gives a [`page::Page`] or a problem, which [`problems`] makes a page of. Nothing
//! is decided here: what a page does, the API does by the same functions.

mod audit;
mod completion;
mod fields;
mod files;
mod filters;
mod instances;
mod keys;
mod mappers;
mod order;
mod overview;
mod page;
mod people;
mod problem;
mod record;
mod reference;
mod run;
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
        .route("/run", get(run::show).post(run::run))
        .route("/run/complete", get(run::complete))
        .route("/people", get(people::list))
        .route("/people/{person}", get(people::show))
        .route("/people/{person}/look", post(people::look))
        .route("/people/{person}/disable", post(people::disable))
        .route("/instances", get(instances::list))
        .route("/instances/{name}", get(instances::show))
        .route("/instances/{name}/test", post(instances::test))
        .route("/instances/{name}/edit", get(instances::change::edit).post(instances::change::keep))
        .route("/instances/{name}/remove", post(instances::change::remove))
        .route("/integrations", get(instances::change::kinds))
        .route("/integrations/{name}", get(instances::change::add).post(instances::change::make))
        .route("/mappers", get(mappers::list))
        .route("/mappers/{name}", get(mappers::show))
        .route("/mappers/{name}/try", post(mappers::attempt))
        .route("/mappers/{name}/save", post(mappers::save))
        .route("/audit", get(audit::list))
        .route("/audit/{seq}", get(audit::show))
        .route("/audit/{seq}/resolve", post(audit::resolve))
        .route("/reference", get(reference::show))
        .route("/keys", get(keys::list).post(keys::make))
        .route("/keys/{id}/revoke", post(keys::revoke))
}

/// A text as it stands in a query or as a part of a path.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
