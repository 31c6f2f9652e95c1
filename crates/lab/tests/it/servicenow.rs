//! The Table API of ServiceNow, as its clients see it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provost_lab::servicenow::{self, Options};
use provost_lab::{Running, SharedClock};
use serde_json::{Value, json};

use crate::client::{Client, Reply, raw, request};
use crate::okta_token::At;

const USERS: &str = "/api/now/table/sys_user";

async fn instance(options: Options) -> (Running, Client) {
    let running = servicenow::start(options).await.expect("started");
    let client = Client::new(running.address(), &format!("Basic {}", STANDARD.encode("lab:lab")));
    (running, client)
}

async fn with_people(people: usize) -> (Running, Client) {
    instance(Options { people, ..Options::default() }).await
}

fn ann() -> Value {
    json!({"user_name": "ann", "first_name": "Ann", "last_name": "Example", "email": "ann@example.com"})
}

async fn created(client: &Client, line: &str, body: Value) -> Value {
    let reply = client.send(line, body).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()["result"].clone()
}

fn id(row: &Value) -> &str {
    row["sys_id"].as_str().expect("an id")
}

/// A column of the rows that are found.
async fn column(client: &Client, path: &str, name: &str) -> Vec<String> {
    let found = client.get(path).await;
    let rows = found["result"].as_array().unwrap_or_else(|| panic!("{path}: {found}")).iter();
    rows.map(|row| row[name].as_str().unwrap_or("?").to_owned()).collect()
}

#[tokio::test]
async fn rows_come_and_go() {
    let (_running, client) = with_people(0).await;
    let row = created(&client, &format!("POST {USERS}"), ann()).await;
    let path = format!("{USERS}/{}", id(&row));
    assert_eq!(
        (&row["name"], &row["active"], &row["sys_mod_count"]),
        (&json!("Ann Example"), &json!("true"), &json!("0"))
    );
    assert_eq!(row["user_password"], "");
    for method in ["PATCH", "PUT"] {
        let body = json!({"active": false, "nobody": "x", "sys_id": "x", "title": method});
        let changed = client.send(&format!("{method} {path}"), body).await.json()["result"].clone();
        assert_eq!((&changed["active"], &changed["title"]), (&json!("false"), &json!(method)));
        assert_eq!((id(&changed), changed.get("nobody")), (id(&row), None));
    }
    assert_eq!(client.get(&path).await["result"]["sys_mod_count"], "2");
    assert_eq!(client.send(&format!("DELETE {path}"), Value::Null).await.status, 204);
    let gone = client.send(&format!("GET {path}"), Value::Null).await;
    let error = json!({"message": "No Record found", "detail": "Record doesn't exist or ACL restricts the record retrieval"});
    assert_eq!((gone.status, gone.json()), (404, json!({"error": error, "status": "failure"})));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    let (_running, client) = with_people(1).await;
    let cases = [
        ("GET /api/now/table/nobody", Value::Null, 400, "Invalid table nobody"),
        ("GET /api/now/elsewhere", Value::Null, 400, "does not represent any resource"),
        ("POST /api/now/table/sys_user", json!(["x"]), 400, "Exception while reading request"),
        (
            "POST /api/now/table/sys_user",
            json!({"user_name": "USER0001@example.com"}),
            403,
            "Operation Failed",
        ),
        ("POST /api/now/table/sys_dictionary", json!({"name": "x"}), 403, "Operation Failed"),
        ("PATCH /api/now/table/sys_user/x", json!({}), 404, "No Record found"),
        ("DELETE /api/now/table/sys_user", Value::Null, 405, "Method not supported"),
    ];
    for (line, body, status, message) in cases {
        let reply = client.send(line, body).await;
        assert_eq!((reply.status, &reply.json()["status"]), (status, &json!("failure")), "{line}");
        let error = reply.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(error.contains(message), "{line}: {error}");
    }
    let quiet = client.send_with(&format!("POST {USERS}"), "x-no-response-body: true\r\n", ann()).await;
    assert_eq!((quiet.status, quiet.body.as_str()), (201, ""));
}

#[tokio::test]
async fn queries_find_what_they_say() {
    let (_running, client) = with_people(3).await;
    let department = column(&client, "/api/now/table/cmn_department?name=Sales", "sys_id").await;
    let mut body = ann();
    body["department"] = json!(department[0]);
    body["title"] = json!("a^b");
    created(&client, &format!("POST {USERS}"), body).await;
    let user = |number: usize| format!("user{number:04}@example.com");
    let cases = [
        ("user_name=ANN", vec!["ann".to_owned()]),
        ("email=ann@example.com&active=true", vec!["ann".to_owned()]),
        ("user_name=ann&active=false", vec![]),
        ("title=a^^b", vec!["ann".to_owned()]),
        ("sysparm_query=user_name=ann", vec!["ann".to_owned()]),
        ("sysparm_query=user_name!=ann^ORDERBYDESCuser_name", vec![user(3), user(2), user(1)]),
        ("sysparm_query=emailLIKE0002^ORemailLIKE0003", vec![user(2), user(3)]),
        ("sysparm_query=emailSTARTSWITHann^NQemailSTARTSWITHuser0001", vec![user(1), "ann".to_owned()]),
        ("sysparm_query=user_nameINann,user0001@example.com", vec![user(1), "ann".to_owned()]),
        ("sysparm_query=titleISEMPTY", vec![user(1), user(2), user(3)]),
        ("sysparm_query=titleISNOTEMPTY", vec!["ann".to_owned()]),
        ("sysparm_query=department.name=sales", vec!["ann".to_owned()]),
        ("sysparm_query=department=Sales", vec!["ann".to_owned()]),
        ("sysparm_query=employee_number>=0002^active=true", vec![user(2), user(3)]),
        // An invalid part is ignored: everybody is found.
        ("nobody=x&sysparm_query=ORDERBYuser_name", vec!["ann".to_owned(), user(1), user(2), user(3)]),
        ("sysparm_query=nobody=x^user_name=ann", vec!["ann".to_owned()]),
    ];
    for (query, expected) in cases {
        assert_eq!(column(&client, &format!("{USERS}?{query}"), "user_name").await, expected, "{query}");
    }
    let options = Options { people: 3, finds_nothing_by_invalid_queries: true, ..Options::default() };
    let (_running, strict) = instance(options).await;
    assert_eq!(strict.get(&format!("{USERS}?sysparm_query=nobody=x")).await, json!({"result": []}));
}

#[tokio::test]
async fn pages_have_links_and_a_count() {
    let (_running, client) = with_people(5).await;
    let page =
        client.send(&format!("GET {USERS}?sysparm_limit=2&sysparm_offset=2&active=true"), Value::Null).await;
    assert_eq!(
        (page.header("x-total-count"), page.json()["result"].as_array().map(Vec::len)),
        (Some("5"), Some(2))
    );
    for (relation, offset) in [("first", 0), ("prev", 0), ("next", 4), ("last", 4)] {
        let link = page.link(relation).expect(relation);
        assert!(link.ends_with(&format!("sysparm_offset={offset}")), "{relation}: {link}");
    }
    let last = client.send(&format!("GET {}", page.link("next").expect("more")), Value::Null).await;
    assert_eq!((last.json()["result"].as_array().map(Vec::len), last.link("next")), (Some(1), None));
    let bare = "sysparm_suppress_pagination_header=true&sysparm_no_count=true";
    let bare = client.send(&format!("GET {USERS}?{bare}"), Value::Null).await;
    assert_eq!((bare.header("link"), bare.header("x-total-count")), (None, None));
}

#[tokio::test]
async fn references_are_shown_and_written_in_three_ways() {
    let (_running, client) = with_people(1).await;
    let mut body = ann();
    body["department"] = json!("Sales");
    body["manager"] = json!("User 0001");
    body["cost_center"] = json!("Nowhere");
    let row = created(&client, &format!("POST {USERS}?sysparm_input_display_value=true"), body).await;
    let department = row["department"]["value"].as_str().expect("an id").to_owned();
    assert!(row["department"]["link"].as_str().is_some_and(|link| link.ends_with(&department)), "{row}");
    assert_eq!(row["cost_center"], "");
    let path = format!("{USERS}/{}?sysparm_fields=department,department.name,active,nobody", id(&row));
    let cases = [
        ("", json!({"department": row["department"], "department.name": "Sales", "active": "true"})),
        (
            "&sysparm_exclude_reference_link=true",
            json!({"department": department, "department.name": "Sales", "active": "true"}),
        ),
        (
            "&sysparm_display_value=true&sysparm_exclude_reference_link=true",
            json!({"department": "Sales", "department.name": "Sales", "active": "true"}),
        ),
        (
            "&sysparm_display_value=all&sysparm_exclude_reference_link=true",
            json!({
                "department": {"display_value": "Sales", "value": department},
                "department.name": {"display_value": "Sales", "value": "Sales"},
                "active": {"display_value": "true", "value": "true"},
            }),
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(client.get(&format!("{path}{query}")).await["result"], expected, "{query}");
    }
}

#[tokio::test]
async fn groups_have_members_and_the_dictionary_columns() {
    let (_running, client) = with_people(1).await;
    let user = column(&client, USERS, "sys_id").await.remove(0);
    let group = created(&client, "POST /api/now/table/sys_user_group", json!({"name": "Sales"})).await;
    let body = json!({"user": user, "group": id(&group)});
    created(&client, "POST /api/now/table/sys_user_grmember", body).await;
    let members =
        "/api/now/table/sys_user_grmember?sysparm_query=group.name=Sales&sysparm_fields=user.user_name";
    assert_eq!(column(&client, members, "user.user_name").await, ["user0001@example.com"]);
    client.send(&format!("DELETE {USERS}/{user}"), Value::Null).await;
    assert_eq!(column(&client, members, "user.user_name").await, [""; 0]);
    let dictionary = "/api/now/v1/table/sys_dictionary?sysparm_query=name=sys_user";
    let columns = column(&client, dictionary, "element").await;
    assert!(columns.contains(&String::new()) && columns.contains(&"user_name".to_owned()), "{columns:?}");
}

async fn token(running: &Running, form: &str) -> Reply {
    let headers = "content-type: application/x-www-form-urlencoded\r\n";
    Reply::parse(
        &raw(running.address(), &request("POST /oauth_token.do", headers, form)).await.expect("an answer"),
    )
}

#[tokio::test]
async fn tokens_open_the_door_too() {
    let client = Some(("id".to_owned(), "secret".to_owned()));
    let (running, _) = instance(Options { client, ..Options::default() }).await;
    let cases = [
        ("grant_type=client_credentials&client_id=id&client_secret=secret", 200),
        ("grant_type=password&client_id=id&client_secret=secret&username=lab&password=lab", 200),
        ("grant_type=password&client_id=id&client_secret=secret&username=lab&password=x", 401),
        ("grant_type=client_credentials&client_id=id&client_secret=x", 401),
        ("grant_type=magic&client_id=id&client_secret=secret", 401),
    ];
    for (form, status) in cases {
        let reply = token(&running, form).await;
        assert_eq!(reply.status, status, "{form}");
        if status == 200 {
            let token = reply.json()["access_token"].as_str().expect("a token").to_owned();
            let client = Client::new(running.address(), &format!("Bearer {token}"));
            assert_eq!(client.get(USERS).await, json!({"result": []}));
        }
    }
    for authorization in ["Bearer x", "Basic x", "lab"] {
        let reply =
            Client::new(running.address(), authorization).send(&format!("GET {USERS}"), Value::Null).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["message"]),
            (401, &json!("User Not Authenticated"))
        );
    }
}

#[tokio::test]
async fn requests_are_counted_by_the_hour() {
    let clock: SharedClock = std::sync::Arc::new(At(3600 * 500_000 + 3590));
    let (_running, client) = instance(Options { limit: Some(1), clock, ..Options::default() }).await;
    for (status, wait) in [(200, None), (429, Some("10"))] {
        let reply = client.send(&format!("GET {USERS}"), Value::Null).await;
        assert_eq!((reply.status, reply.header("retry-after")), (status, wait));
        let headers = ["limit", "reset"].map(|name| reply.header(&format!("x-ratelimit-{name}")));
        assert_eq!(headers, [Some("1"), Some("1800003600")]);
        assert!(reply.header("x-ratelimit-rule").is_some());
    }
}
