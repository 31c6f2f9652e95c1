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
    ("GET", "/api/v1/audit", VIEWER),
    ("GET", "/api/v1/audit/{seq}", VIEWER),
    ("GET", "/api/v1/keys", ADMIN),
    ("POST", "/api/v1/keys", ADMIN),
    ("DELETE", "/api/v1/keys/{id}", ADMIN),
    // To an identity provider, and back.
    ("GET", "/login/oidc", Nothing),
    ("GET", "/login/oidc/callback", Nothing),
];

/// What a request needs; `None` for a route that has no line.
pub(crate) fn needs(method: &Method, path: &str) -> Option<Needs> {
    // What answers a look answers also to whether there is something to see.
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    ROUTES.iter().find(|(known, route, _)| *known == method && *route == path).map(|(_, _, needs)| *needs)
}
