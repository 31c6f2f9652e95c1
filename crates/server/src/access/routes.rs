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
    ("GET", "/api/v1/audit/export", VIEWER),
    ("GET", "/api/v1/audit/{seq}", VIEWER),
    ("POST", "/api/v1/audit/{seq}/resolve", OPERATOR),
    ("GET", "/api/v1/keys", ADMIN),
    ("POST", "/api/v1/keys", ADMIN),
    ("DELETE", "/api/v1/keys/{id}", ADMIN),
    // To an identity provider, and back.
    ("GET", "/login/oidc", Nothing),
    ("GET", "/login/oidc/callback", Nothing),
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
    ("POST", "/audit/{seq}/resolve", OPERATOR),
    ("GET", "/reference", VIEWER),
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

/// The methods of a path, as `Allow` has them (RFC 9110, 10.2.1); none for a path without lines.
pub(crate) fn methods(path: &str) -> String {
    let lines = ROUTES.iter().filter(|(_, route, _)| *route == path);
    let names = lines.map(|(method, ..)| if *method == "GET" { "GET, HEAD" } else { method });
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::rest::{UNLISTED, openapi};

    /// Whether a path is one of the API, whose routes are known. The console's are asked by the
    /// tests of the program, and one without a line is closed.
    fn is_of_api(path: &str) -> bool {
        path.starts_with("/api/") || ["/livez", "/readyz", "/metrics"].contains(&path)
    }

    /// The routes of the API: those that are described, and those that are not.
    fn routed() -> BTreeSet<(String, String)> {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let described = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
        });
        let unlisted = UNLISTED.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
        described.chain(unlisted).collect()
    }

    #[test]
    fn every_route_has_a_line_and_every_line_a_route() {
        let routed = routed();
        let known = |method: &str, path: &str| ROUTES.iter().any(|line| (line.0, line.1) == (method, path));
        let closed: Vec<_> = routed.iter().filter(|(method, path)| !known(method, path)).collect();
        assert!(closed.is_empty(), "nobody can use {closed:?}: `ROUTES` has no line for it");
        let is_routed = |method: &str, path: &str| routed.contains(&(method.to_owned(), path.to_owned()));
        let idle: Vec<_> =
            ROUTES.iter().filter(|(method, path, _)| is_of_api(path) && !is_routed(method, path)).collect();
        assert!(idle.is_empty(), "the router does not know {idle:?}");
    }

    #[test]
    fn a_route_has_one_line() {
        let lines: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (method, path)).collect();
        assert_eq!(lines.len(), ROUTES.len());
    }
}
