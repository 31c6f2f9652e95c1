//! The API under `/api/v1`: what every route takes and gives, in one place for each thing.

pub(crate) mod audit;
mod batches;
pub(crate) mod body;
pub(crate) mod commands;
mod document;
mod health;
pub(crate) mod instances;
mod keys;
pub(crate) mod mappers;
pub(crate) mod once;
pub(crate) mod page;
mod people;
pub(crate) mod runs;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// What the document says besides the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Provost",
        description = "The same few commands for every system that holds user accounts. Every answer that is no \
                       success is a problem (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/", description = "this server")),
    security(("key" = [])),
    tags(
        (name = "commands", description = "What is done to accounts"),
        (name = "batches", description = "A command for everybody in a file"),
        (name = "runs", description = "What was done, with records and steps"),
        (name = "people", description = "Whose profiles were seen"),
        (name = "configuration", description = "Instances, kinds of systems, mappers"),
        (name = "audit", description = "Who did what, why, and how it ended"),
        (name = "access", description = "Who may do what"),
        (name = "health", description = "Whether the server is well"),
    )
)]
struct Document;

/// The routes, and the document that describes them.
fn described() -> (Router<Arc<App>>, utoipa::openapi::OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(commands::get_user))
        .routes(routes!(commands::create_user))
        .routes(routes!(commands::update_user))
        .routes(routes!(commands::disable_user))
        .routes(routes!(commands::enable_user))
        .routes(routes!(commands::other::other))
        .routes(routes!(batches::add))
        .routes(routes!(batches::show))
        .routes(routes!(batches::follow))
        .routes(routes!(batches::cancel))
        .routes(routes!(batches::resume))
        .routes(routes!(runs::list))
        .routes(routes!(runs::show))
        .routes(routes!(runs::records))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export::export))
        .routes(routes!(audit::show))
        .routes(routes!(audit::resolve::resolve))
        .routes(routes!(instances::list))
        .routes(routes!(instances::show, instances::put, instances::remove))
        .routes(routes!(instances::integrations))
        .routes(routes!(mappers::list))
        .routes(routes!(mappers::attempt))
        .routes(routes!(mappers::show, mappers::put, mappers::remove))
        .routes(routes!(people::list))
        .routes(routes!(people::show))
        .routes(routes!(keys::list, keys::add))
        .routes(routes!(keys::revoke))
        .routes(routes!(keys::me))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .split_for_parts();
    document::complete(&mut document);
    (router, document)
}

/// Where the document is.
const OPENAPI: &str = "/api/v1/openapi.json";

/// The routes that the document does not describe.
#[cfg(test)]
pub(crate) const UNLISTED: [(&str, &str); 1] = [("GET", OPENAPI)];

/// The routes.
pub(crate) fn router() -> Router<Arc<App>> {
    let (router, document) = described();
    let text = document.to_json().unwrap_or_default();
    router.route(OPENAPI, axum::routing::get(async move || health::json(text.clone())))
}

/// The description of the API, as `schema/openapi.json` has it.
pub fn openapi() -> String {
    described().1.to_pretty_json().unwrap_or_default() + "\n"
}
