//! Every answer of the emulated Okta against Okta's own description of its API.
//!
//! The description is not part of this project. Where it is not there, the test says so
//! and passes: it is run where the description is.

use std::io::Write as _;
use std::path::PathBuf;

use boon::{Compiler, Draft, Schemas};
use provost_lab::okta::{self, Options};
use serde_json::{Value, json};

use crate::client::Client;

/// Where the description is, seen from the project's folder.
const DESCRIPTION: &str = "../shared/specs/okta-management-users-groups.json";

fn description() -> Option<Value> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(DESCRIPTION);
    let text = std::fs::read_to_string(file).ok()?;
    let mut description = serde_json::from_str(&text).expect("the description is JSON");
    as_json_schema(&mut description);
    Some(description)
}

/// What OpenAPI 3.0 says in words of its own, in words of JSON Schema: null is a type.
/// Discriminators only help to choose; the schemas that they choose from say the same.
fn as_json_schema(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(as_json_schema),
        Value::Object(members) => {
            members.values_mut().for_each(as_json_schema);
            if members.remove("nullable") == Some(json!(true)) {
                if let Some(kind) = members.get_mut("type") {
                    *kind = json!([kind, "null"]);
                }
                if let Some(Value::Array(words)) = members.get_mut("enum") {
                    words.push(Value::Null);
                }
            }
            // Examples are free texts, in which a `$ref` is none.
            for name in ["example", "examples", "discriminator"] {
                if members.get(name).is_some_and(|value| !value.is_object() || name != "example") {
                    members.remove(name);
                }
            }
        }
        _ => {}
    }
}

/// The description, and what is checked against it.
struct Contract {
    description: Value,
    client: Client,
}

impl Contract {
    /// Sends a request and holds the answer against the operation at `template`.
    async fn check(&self, line: &str, template: &str, body: Value) -> Value {
        let reply = self.client.send(line, body).await;
        let method = line.split(' ').next().unwrap_or_default().to_lowercase();
        let answers = &self.description["paths"][template][&method]["responses"];
        assert!(answers.is_object(), "{line}: {template} is not described");
        let answer = &answers[reply.status.to_string()];
        assert!(answer.is_object(), "{line}: status {} is not described: {}", reply.status, reply.body);
        let pointer = format!(
            "#/paths/{}/{method}/responses/{}/content/application~1json/schema",
            template.replace('~', "~0").replace('/', "~1").replace('{', "%7B").replace('}', "%7D"),
            reply.status
        );
        let is_error = reply.status >= 400;
        let has_schema = answer["content"]["application/json"]["schema"].is_object();
        if is_error || has_schema {
            let pointer = if is_error { "#/components/schemas/Error" } else { &pointer };
            self.hold(line, pointer, &reply.json());
        } else {
            assert!(reply.body.is_empty() || reply.body == "{}", "{line}: {}", reply.body);
        }
        if reply.body.is_empty() { Value::Null } else { reply.json() }
    }

    fn hold(&self, line: &str, pointer: &str, body: &Value) {
        if let Err(error) = is_as_described(&self.description, pointer, body) {
            panic!("{line}: {error}\n{body:#}");
        }
    }
}

fn is_as_described(description: &Value, pointer: &str, body: &Value) -> Result<(), String> {
    const PLACE: &str = "http://lab/okta.json";
    let mut compiler = Compiler::new();
    compiler.set_default_draft(Draft::V6);
    compiler.add_resource(PLACE, description.clone()).expect("the description is read");
    let mut schemas = Schemas::new();
    let schema = compiler.compile(&format!("{PLACE}{pointer}"), &mut schemas);
    let schema = schema.unwrap_or_else(|error| panic!("{pointer}: {error:#}"));
    schemas.validate(body, schema).map_err(|error| format!("{error:#}"))
}

#[tokio::test]
async fn answers_are_as_okta_describes_them() {
    let Some(description) = description() else {
        // Straight to the stream: what a test prints is not shown when it passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: no {DESCRIPTION}, so Okta's answers are not held against it"
        );
        return;
    };
    let user = "#/components/schemas/User";
    for wrong in [json!({"id": 7}), json!({"status": "GONE"}), json!({"created": "today"})] {
        is_as_described(&description, user, &wrong).expect_err("the description is not kept to");
    }
    let running = okta::start(Options { people: 3, ..Options::default() }).await.expect("started");
    let contract = Contract { description, client: Client::new(running.address(), "SSWS lab") };
    users(&contract).await;
    groups(&contract).await;
    apps(&contract).await;
}

async fn users(contract: &Contract) {
    let (users, user) = ("/api/v1/users", "/api/v1/users/{id}");
    let body = json!({"profile": {
        "login": "ann@example.com", "email": "ann@example.com", "firstName": "Ann", "lastName": "Example",
    }});
    let ann = contract.check("POST /api/v1/users?activate=false", users, body.clone()).await;
    let id = ann["id"].as_str().expect("an id");
    let at = format!("/api/v1/users/{id}");
    contract.check("POST /api/v1/users", users, body.clone()).await;
    for query in ["", "?limit=2", "?q=ann", "?filter=id eq \"x\"", "?search=status eq \"ACTIVE\""] {
        contract.check(&format!("GET /api/v1/users{query}"), users, Value::Null).await;
    }
    contract.check(&format!("GET {at}"), user, Value::Null).await;
    contract.check("GET /api/v1/users/nobody", user, Value::Null).await;
    for (step, query) in
        [("activate", "?sendEmail=false"), ("deactivate", ""), ("activate", "?sendEmail=true")]
    {
        let template = format!("/api/v1/users/{{id}}/lifecycle/{step}");
        contract.check(&format!("POST {at}/lifecycle/{step}{query}"), &template, Value::Null).await;
    }
    let password =
        json!({"profile": {"title": "Head"}, "credentials": {"password": {"value": "correct horse"}}});
    contract.check(&format!("POST {at}"), user, password).await;
    for step in ["suspend", "unsuspend"] {
        let template = format!("/api/v1/users/{{id}}/lifecycle/{step}");
        contract.check(&format!("POST {at}/lifecycle/{step}"), &template, Value::Null).await;
    }
    let change =
        json!({"oldPassword": {"value": "correct horse"}, "newPassword": {"value": "battery staple"}});
    let template = "/api/v1/users/{userId}/credentials/change_password";
    contract.check(&format!("POST {at}/credentials/change_password"), template, change).await;
    contract.check(&format!("PUT {at}"), user, body).await;
    contract.check(&format!("GET {at}/groups"), "/api/v1/users/{id}/groups", Value::Null).await;
    contract.check(&format!("DELETE {at}"), user, Value::Null).await;
    contract.check(&format!("DELETE {at}"), user, Value::Null).await;
    let template = "/api/v1/meta/schemas/user/{schemaId}";
    contract.check("GET /api/v1/meta/schemas/user/default", template, Value::Null).await;
}

async fn groups(contract: &Contract) {
    let (groups, group) = ("/api/v1/groups", "/api/v1/groups/{groupId}");
    let body = json!({"profile": {"name": "Sales", "description": "They sell."}});
    let made = contract.check("POST /api/v1/groups", groups, body.clone()).await;
    let at = format!("/api/v1/groups/{}", made["id"].as_str().expect("an id"));
    contract.check("POST /api/v1/groups", groups, body.clone()).await;
    contract.check("GET /api/v1/groups?q=sa", groups, Value::Null).await;
    contract.check(&format!("GET {at}"), group, Value::Null).await;
    contract.check(&format!("PUT {at}"), group, body).await;
    let member = "/api/v1/groups/{groupId}/users/{userId}";
    contract.check(&format!("PUT {at}/users/user0001"), member, Value::Null).await;
    contract.check(&format!("GET {at}/users"), "/api/v1/groups/{groupId}/users", Value::Null).await;
    contract.check("GET /api/v1/users/user0001/groups", "/api/v1/users/{id}/groups", Value::Null).await;
    contract.check(&format!("DELETE {at}/users/user0001"), member, Value::Null).await;
    contract.check(&format!("DELETE {at}"), group, Value::Null).await;
    contract.check(&format!("GET {at}"), group, Value::Null).await;
}

async fn apps(contract: &Contract) {
    let app = contract.client.get("/api/v1/apps").await[0]["id"].as_str().expect("an id").to_owned();
    let user = contract.client.get("/api/v1/users/user0001").await["id"].as_str().expect("an id").to_owned();
    let (people, person) = ("/api/v1/apps/{appId}/users", "/api/v1/apps/{appId}/users/{userId}");
    let at = format!("/api/v1/apps/{app}/users");
    let body = json!({"id": user, "scope": "USER", "credentials": {"userName": "user0001"}});
    contract.check(&format!("POST {at}"), people, body).await;
    contract.check(&format!("GET {at}"), people, Value::Null).await;
    contract.check(&format!("GET {at}/{user}"), person, Value::Null).await;
    contract.check(&format!("POST {at}/{user}"), person, json!({"profile": {"role": "x"}})).await;
    contract.check(&format!("DELETE {at}/{user}"), person, Value::Null).await;
    contract.check(&format!("GET {at}/{user}"), person, Value::Null).await;
}
