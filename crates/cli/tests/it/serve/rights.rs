//! Every route of the API, for every kind of caller.

use std::collections::BTreeSet;
use std::time::Duration;

use provost_core::Clock as _;
use serde_json::{Value, json};

use super::http::{Answer, try_request};
use super::killed::Real;
use super::two::{Two, about, id_of};

/// Who may use a route at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    Nobody,
    Viewer,
    Operator,
    Admin,
}

use Least::{Admin, Nobody, Operator, Viewer};

/// A route: its method and path, the address that is asked, who may use it, and whether it
/// runs a command at instances.
type Route = (&'static str, &'static str, &'static str, Least, Option<&'static str>);

const RUN: &str = "019c0000-0000-7000-8000-000000000000";

/// The routes. Whoever adds one says here who may use it.
const ROUTES: &[Route] = &[
    ("GET", "/livez", "/livez", Nobody, None),
    ("GET", "/readyz", "/readyz", Nobody, None),
    ("GET", "/api/v1/openapi.json", "/api/v1/openapi.json", Nobody, None),
    ("GET", "/api/v1/me", "/api/v1/me", Viewer, None),
    ("POST", GET_USER, GET_USER, Viewer, Some("iam-get-user")),
    ("POST", CREATE_USER, CREATE_USER, Operator, Some("iam-create-user")),
    ("POST", UPDATE_USER, UPDATE_USER, Operator, Some("iam-update-user")),
    ("POST", DISABLE_USER, DISABLE_USER, Operator, Some("iam-disable-user")),
    ("POST", ENABLE_USER, ENABLE_USER, Operator, Some("iam-enable-user")),
    ("POST", "/api/v1/commands/{command}", "/api/v1/commands/test-module", Viewer, Some("test-module")),
    ("POST", "/api/v1/batches", "/api/v1/batches?command=iam-get-user", Operator, Some("iam-get-user")),
    ("GET", "/api/v1/batches/{id}", "/api/v1/batches/RUN", Viewer, None),
    ("GET", "/api/v1/batches/{id}/progress", "/api/v1/batches/RUN/progress", Viewer, None),
    ("POST", "/api/v1/batches/{id}/cancel", "/api/v1/batches/RUN/cancel", Operator, None),
    ("POST", "/api/v1/batches/{id}/resume", "/api/v1/batches/RUN/resume", Operator, None),
    ("GET", "/api/v1/runs", "/api/v1/runs", Viewer, None),
    ("GET", "/api/v1/runs/{id}", "/api/v1/runs/RUN", Viewer, None),
    ("GET", "/api/v1/runs/{id}/records", "/api/v1/runs/RUN/records", Viewer, None),
    ("GET", "/api/v1/audit", "/api/v1/audit", Viewer, None),
    ("GET", "/api/v1/audit/export", "/api/v1/audit/export?after=1", Viewer, None),
    ("GET", "/api/v1/audit/{seq}", "/api/v1/audit/1", Viewer, None),
    ("POST", "/api/v1/audit/{seq}/resolve", "/api/v1/audit/1/resolve", Operator, None),
    ("GET", "/api/v1/keys", "/api/v1/keys", Admin, None),
    ("POST", "/api/v1/keys", "/api/v1/keys", Admin, None),
    ("DELETE", "/api/v1/keys/{id}", "/api/v1/keys/none", Admin, None),
    ("GET", "/metrics", "/metrics", Viewer, None),
    ("GET", "/api/v1/instances", "/api/v1/instances", Viewer, None),
    ("GET", "/api/v1/instances/{name}", "/api/v1/instances/near", Viewer, None),
    ("PUT", "/api/v1/instances/{name}", "/api/v1/instances/near", Admin, None),
    ("DELETE", "/api/v1/instances/{name}", "/api/v1/instances/near", Admin, None),
    ("GET", "/api/v1/integrations", "/api/v1/integrations", Viewer, None),
    ("GET", "/api/v1/mappers", "/api/v1/mappers", Viewer, None),
    ("POST", "/api/v1/mappers/try", "/api/v1/mappers/try", Viewer, None),
    ("GET", "/api/v1/mappers/{name}", "/api/v1/mappers/none", Viewer, None),
    ("PUT", "/api/v1/mappers/{name}", "/api/v1/mappers/none", Admin, None),
    ("DELETE", "/api/v1/mappers/{name}", "/api/v1/mappers/none", Admin, None),
    ("GET", "/api/v1/people", "/api/v1/people", Viewer, None),
    ("GET", "/api/v1/people/{person}", "/api/v1/people/none", Viewer, None),
    ("GET", "/", "/", Viewer, None),
    ("GET", "/static/{file}", "/static/none", Nobody, None),
    ("GET", "/login", "/login", Nobody, None),
    ("GET", "/login/oidc", "/login/oidc", Nobody, None),
    ("GET", "/login/oidc/callback", "/login/oidc/callback", Nobody, None),
    ("POST", "/login", "/login", Nobody, None),
    ("POST", "/logout", "/logout", Viewer, None),
    ("GET", "/run", "/run", Viewer, None),
    ("POST", "/run", "/run", Viewer, None),
    ("GET", "/run/complete", "/run/complete", Viewer, None),
    ("GET", "/runs", "/runs", Viewer, None),
    ("GET", "/runs/{id}", "/runs/RUN", Viewer, None),
    ("GET", "/people", "/people", Viewer, None),
    ("GET", "/people/{person}", "/people/none", Viewer, None),
    ("POST", "/people/{person}/look", "/people/none/look", Viewer, None),
    ("POST", "/people/{person}/disable", "/people/none/disable", Operator, None),
    ("GET", "/instances", "/instances", Viewer, None),
    ("GET", "/instances/{name}", "/instances/near", Viewer, None),
    ("POST", "/instances/{name}/test", "/instances/far/test", Viewer, Some("test-module")),
    ("GET", "/instances/{name}/edit", "/instances/near/edit", Admin, None),
    ("POST", "/instances/{name}/edit", "/instances/near/edit", Admin, None),
    ("POST", "/instances/{name}/remove", "/instances/near/remove", Admin, None),
    ("GET", "/integrations", "/integrations", Admin, None),
    ("GET", "/integrations/{name}", "/integrations/none", Admin, None),
    ("POST", "/integrations/{name}", "/integrations/none", Admin, None),
    ("GET", "/mappers", "/mappers", Viewer, None),
    ("GET", "/mappers/{name}", "/mappers/none", Viewer, None),
    ("POST", "/mappers/{name}/try", "/mappers/none/try", Viewer, None),
    ("POST", "/mappers/{name}/save", "/mappers/none/save", Admin, None),
    ("GET", "/audit", "/audit", Viewer, None),
    ("GET", "/audit/{seq}", "/audit/1", Viewer, None),
    ("POST", "/audit/{seq}/resolve", "/audit/1/resolve", Operator, None),
    ("GET", "/reference", "/reference", Viewer, None),
    ("GET", "/keys", "/keys", Admin, None),
    ("POST", "/keys", "/keys", Admin, None),
    ("POST", "/keys/{id}/revoke", "/keys/none/revoke", Admin, None),
];

const GET_USER: &str = "/api/v1/commands/iam-get-user";
const CREATE_USER: &str = "/api/v1/commands/iam-create-user";
const UPDATE_USER: &str = "/api/v1/commands/iam-update-user";
const DISABLE_USER: &str = "/api/v1/commands/iam-disable-user";
const ENABLE_USER: &str = "/api/v1/commands/iam-enable-user";

/// Somebody who asks: what they are called here, their key, and how far it reaches; `None` for
/// somebody whom the server must not know.
struct Asker {
    name: &'static str,
    key: Option<String>,
    role: Option<Least>,
    instance: Option<&'static str>,
    command: Option<&'static str>,
}

impl Asker {
    fn new(name: &'static str, key: impl Into<Option<String>>, role: impl Into<Option<Least>>) -> Self {
        Self { name, key: key.into(), role: role.into(), instance: None, command: None }
    }

    /// The status that each route must answer with, where it is none of the handler's own.
    fn refused(&self, (.., least, command): &Route) -> Option<u16> {
        if *least == Nobody {
            return None;
        }
        let Some(role) = self.role else { return Some(401) };
        let is_beyond = command.is_some_and(|name| self.command.is_some_and(|own| own != name))
            || command.is_some() && self.instance.is_some();
        (role < *least || is_beyond).then_some(403)
    }
}

async fn askers(two: &Two) -> Vec<Asker> {
    let (all, near) = (json!({}), json!({"instances": ["near"]}));
    let soon = Real.now() + Duration::from_secs(1);
    let expired = two.key("admin", all.clone(), &[("expires", json!(soon.to_string()))]).await;
    let revoked = two.key("admin", all.clone(), &[]).await;
    // It is used once, so that the server has seen it when it was good.
    two.ask(&revoked, "GET /api/v1/me", &Value::Null).await.ended(200);
    let delete = format!("DELETE /api/v1/keys/{}", id_of(&revoked));
    two.ask(two.server.key(), &delete, &Value::Null).await.ended(204);
    let wrong = format!("{}x", &two.server.key()[..two.server.key().len() - 1]);
    let of_one = json!({"commands": ["iam-get-user"]});
    tokio::time::sleep(Duration::from_millis(1100)).await;
    vec![
        Asker::new("viewer", two.key("viewer", all.clone(), &[]).await, Viewer),
        Asker::new("operator", two.key("operator", all.clone(), &[]).await, Operator),
        Asker::new("admin", two.key("admin", all, &[]).await, Admin),
        Asker {
            instance: Some("near"),
            ..Asker::new("near", two.key("operator", near, &[]).await, Operator)
        },
        Asker {
            command: Some("iam-get-user"),
            ..Asker::new("getter", two.key("operator", of_one, &[]).await, Operator)
        },
        Asker::new("nobody", None, None),
        Asker::new("expired", expired, None),
        Asker::new("revoked", revoked, None),
        Asker::new("wrong", wrong, None),
    ]
}

/// Asks a route, what runs commands for the instance `far`.
async fn ask(two: &Two, asker: &Asker, (method, path, address, ..): &Route) -> Answer {
    let (mut kind, mut body) = ("application/json", String::new());
    let mut line = format!("{method} {}", address.replace("RUN", RUN));
    if !is_of_api(path) {
        kind = "application/x-www-form-urlencoded";
    } else if *path == "/api/v1/batches" {
        (kind, body) = ("application/x-ndjson", "{\"email\": \"ann@example.com\"}\n".to_owned());
        line += "&using=far";
    } else if *path == "/api/v1/commands/{command}" {
        body = json!({"using": ["far"]}).to_string();
    } else if path.starts_with("/api/v1/commands/") {
        body = json!({"user-profile": about("ann@example.com")["user-profile"], "using": "far"}).to_string();
    } else if *path == "/api/v1/keys" && *method == "POST" {
        body = json!({"name": "another", "role": "viewer"}).to_string();
    }
    let bearer = asker.key.as_ref().map(|key| format!("Bearer {key}"));
    let mut headers = vec![("Content-Type", kind)];
    // As a browser sends it that has the console's page.
    headers.push(("Sec-Fetch-Site", "same-origin"));
    headers.extend(bearer.as_ref().map(|bearer| ("Authorization", bearer.as_str())));
    try_request(&two.server.address, &line, &headers, &body).await.expect("the server answers")
}

fn check(asker: &Asker, route: &Route, answer: &Answer) {
    let who = format!("{} at {} {}: {answer:#?}", asker.name, route.0, route.1);
    match asker.refused(route) {
        // Whom a log-in does not know it tells so.
        None if route.1 == "/login" => assert!([200, 401, 429].contains(&answer.status), "{who}"),
        None => assert!(![401, 403, 405, 429].contains(&answer.status) && answer.status < 500, "{who}"),
        // Somebody who shows wrong keys again and again is told to wait.
        Some(401) if answer.status == 429 => assert!(answer.header("retry-after").is_some(), "{who}"),
        Some(status) => assert_eq!(answer.status, status, "{who}"),
    }
    if answer.status == 401 && is_of_api(route.1) {
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{who}");
    }
    if answer.status >= 400 && is_of_api(route.1) {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{who}");
        assert_eq!(answer.json()["status"], answer.status, "{who}");
    }
}

/// Whether a route answers programs; those of the console answer people.
fn is_of_api(path: &str) -> bool {
    path.starts_with("/api/") || ["/livez", "/readyz", "/metrics"].contains(&path)
}

/// The routes of the document.
async fn described(two: &Two) -> BTreeSet<(String, String)> {
    let document =
        two.ask(two.server.key(), "GET /api/v1/openapi.json", &Value::Null).await.ended(200).json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let pair = |path: &String, method: &String| (method.to_uppercase(), path.clone());
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods.keys().map(|method| pair(path, method)).collect::<Vec<_>>()
        })
        .collect()
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says() {
    let two = Two::start(&[]).await;
    let known: BTreeSet<_> = ROUTES.iter().map(|route| (route.0.to_owned(), route.1.to_owned())).collect();
    let unknown: Vec<_> = described(&two).await.difference(&known).cloned().collect();
    assert!(unknown.is_empty(), "say in `ROUTES` who may use {unknown:?}");
    for asker in askers(&two).await {
        for route in ROUTES {
            check(&asker, route, &ask(&two, &asker, route).await);
        }
    }
    let me = two.server.ask("GET /api/v1/me", "").await;
    assert_eq!(me.status, 200, "a right key works whatever others behind its address show: {me:#?}");
}

#[tokio::test]
async fn a_wrong_method_is_told_which_are_right() {
    let two = Two::start(&[]).await;
    let known: BTreeSet<_> = ROUTES.iter().map(|route| (route.0, route.1)).collect();
    for (_, path, address, ..) in ROUTES.iter().filter(|route| is_of_api(route.1)) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            if known.contains(&(method, *path)) {
                continue;
            }
            let line = format!("{method} {}", address.replace("RUN", RUN));
            let answer = two.server.ask(&line, "").await.ended(405);
            assert_eq!(answer.json()["type"], "provost:wrong-method");
            let allowed = answer.header("allow").expect("Allow");
            let is_right = |name: &str| known.contains(&(if name == "HEAD" { "GET" } else { name }, *path));
            assert!(allowed.split(", ").all(is_right), "{line}: {allowed}");
        }
    }
}
