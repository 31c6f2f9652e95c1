//! The table of routes: who may use which. A route without a line is closed to everybody.

use axum::http::Method;

use super::Role;

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Anybody.
    Nothing,
    /// Somebody of this role, or of a higher one.
    Role(Role),
}

use Needs::Nothing;
const VIEWER: Needs = Needs::Role(Role::Viewer);
const OPERATOR: Needs = Needs::Role(Role::Operator);
const ADMIN: Needs = Needs::Role(Role::Admin);

/// The routes of the API and the console.
pub(crate) const ROUTES: &[(&str, &str, Needs)] = &[
    ("GET", "/livez", Nothing),
    ("GET", "/readyz", Nothing),
    ("GET", "/metrics", VIEWER),
    ("GET", "/api/v1/openapi.json", Nothing),
    ("GET", "/api/v1/me", VIEWER),
    ("POST", "/api/v1/commands/iam-get-user", VIEWER),
    ("POST", "/api/v1/commands/iam-create-user", OPERATOR),
    ("POST", "/api/v1/commands/iam-update-user", OPERATOR),
    ("POST", "/api/v1/commands/iam-disable-user", OPERATOR),
    ("POST", "/api/v1/commands/iam-enable-user", OPERATOR),
    // What changes something is refused to viewers by the handler.
    ("POST", "/api/v1/commands/{command}", VIEWER),
    ("POST", "/api/v1/batches", OPERATOR),
    ("GET", "/api/v1/batches/{id}", VIEWER),
    ("GET", "/api/v1/batches/{id}/progress", VIEWER),
    ("POST", "/api/v1/batches/{id}/cancel", OPERATOR),
    ("POST", "/api/v1/batches/{id}/resume", OPERATOR),
    ("GET", "/api/v1/runs", VIEWER),
    ("GET", "/api/v1/runs/{id}", VIEWER),
    ("GET", "/api/v1/runs/{id}/records", VIEWER),
    ("GET", "/api/v1/instances", VIEWER),
    ("GET", "/api/v1/instances/{name}", VIEWER),
    ("PUT", "/api/v1/instances/{name}", ADMIN),
    ("DELETE", "/api/v1/instances/{name}", ADMIN),
    ("GET", "/api/v1/integrations", VIEWER),
    ("GET", "/api/v1/mappers", VIEWER),
    ("POST", "/api/v1/mappers/try", VIEWER),
    ("GET", "/api/v1/mappers/{name}", VIEWER),
    ("PUT", "/api/v1/mappers/{name}", ADMIN),
    ("DELETE", "/api/v1/mappers/{name}", ADMIN),
    ("GET", "/api/v1/people", VIEWER),
    ("GET", "/api/v1/people/{person}", VIEWER),
    ("GET", "/api/v1/audit", VIEWER),
    ("GET", "/api/v1/audit/{seq}", VIEWER),
    ("GET", "/api/v1/keys", ADMIN),
    ("POST", "/api/v1/keys", ADMIN),
    ("DELETE", "/api/v1/keys/{id}", ADMIN),
    // The console. What a command needs that is run there is said by its route of the API.
    ("GET", "/", VIEWER),
    ("GET", "/static/{file}", Nothing),
    ("GET", "/login", Nothing),
    ("POST", "/login", Nothing),
    ("POST", "/logout", VIEWER),
    ("GET", "/run", VIEWER),
    ("POST", "/run", VIEWER),
    ("GET", "/run/complete", VIEWER),
    ("GET", "/runs", VIEWER),
    ("GET", "/runs/{id}", VIEWER),
    ("GET", "/people", VIEWER),
    ("GET", "/people/{person}", VIEWER),
    ("POST", "/people/{person}/look", VIEWER),
    ("POST", "/people/{person}/disable", OPERATOR),
    ("GET", "/instances", VIEWER),
    ("GET", "/instances/{name}", VIEWER),
    ("POST", "/instances/{name}/test", VIEWER),
    ("GET", "/instances/{name}/edit", ADMIN),
    ("POST", "/instances/{name}/edit", ADMIN),
    ("POST", "/instances/{name}/remove", ADMIN),
    ("GET", "/integrations", ADMIN),
    ("GET", "/integrations/{name}", ADMIN),
    ("POST", "/integrations/{name}", ADMIN),
    ("GET", "/mappers", VIEWER),
    ("GET", "/mappers/{name}", VIEWER),
    ("POST", "/mappers/{name}/try", VIEWER),
    ("POST", "/mappers/{name}/save", ADMIN),
    ("GET", "/audit", VIEWER),
    ("GET", "/audit/{seq}", VIEWER),
    ("GET", "/keys", ADMIN),
    ("POST", "/keys", ADMIN),
    ("POST", "/keys/{id}/revoke", ADMIN),
];

/// What a request needs; `None` for a route that has no line.
pub(crate) fn needs(method: &Method, path: &str) -> Option<Needs> {
    // What answers a look answers also to whether there is something to see.
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|(known, route, _)| *known == method && *route == path).map(|(_, _, needs)| *needs)
}
