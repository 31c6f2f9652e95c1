//! What the description of the API says of every route alike.

use axum::http::StatusCode;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

/// How problems are sent.
const PROBLEM: &str = "application/problem+json";

/// When an answer may come that a route does not speak of itself.
type When = fn(&Operation) -> bool;

/// The problems that come from what stands before every handler, and behind it.
const PROBLEMS: [(StatusCode, When); 10] = [
    (StatusCode::BAD_REQUEST, |route| has_body(route) || has_parameters(route)),
    (StatusCode::UNAUTHORIZED, is_guarded),
    (StatusCode::FORBIDDEN, is_guarded),
    (StatusCode::REQUEST_TIMEOUT, has_body),
    (StatusCode::PAYLOAD_TOO_LARGE, has_body),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, has_body),
    (StatusCode::TOO_MANY_REQUESTS, is_guarded),
    (StatusCode::INTERNAL_SERVER_ERROR, is_guarded),
    (StatusCode::SERVICE_UNAVAILABLE, is_guarded),
    (StatusCode::INSUFFICIENT_STORAGE, is_guarded),
];

fn has_body(route: &Operation) -> bool {
    route.request_body.is_some()
}

fn has_parameters(route: &Operation) -> bool {
    route.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty())
}

/// Whether a key is needed: a route that needs none says so.
fn is_guarded(route: &Operation) -> bool {
    route.security.is_none()
}

/// Completes the document.
pub(super) fn complete(document: &mut OpenApi) {
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key, `pv_...`"));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(key.build()));
    document.paths.paths.values_mut().flat_map(routes).for_each(complete_route);
}

fn routes(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn complete_route(route: &mut Operation) {
    for (status, when) in PROBLEMS {
        if when(route) {
            let known = &mut route.responses.responses;
            known.entry(status.as_str().to_owned()).or_insert_with(|| problem(status).into());
        }
    }
    for (status, response) in &mut route.responses.responses {
        if let RefOr::T(response) = response
            && status.as_str() >= "400"
        {
            as_problem(response);
        }
    }
}

fn problem(status: StatusCode) -> Response {
    let mut response = Response::new(status.canonical_reason().unwrap_or_default());
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    response.content.insert(PROBLEM.to_owned(), RefOr::T(content));
    response
}

/// What is described as JSON is sent as a problem.
fn as_problem(response: &mut Response) {
    let content = std::mem::take(&mut response.content);
    response.content = content.into_values().map(|content| (PROBLEM.to_owned(), content)).collect();
}
