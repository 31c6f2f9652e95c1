//! Okta, as its clients see it.

use provost_lab::okta::{self, Options};
use provost_lab::{Running, SharedClock};
use serde_json::{Value, json};

use crate::client::{Client, Reply};

async fn organisation(options: Options) -> (Running, Client) {
    let running = okta::start(options).await.expect("started");
    let client = Client::new(running.address(), "SSWS lab");
    (running, client)
}

async fn with_people(people: usize) -> (Running, Client) {
    organisation(Options { people, ..Options::default() }).await
}

fn ann() -> Value {
    json!({"profile": {
        "login": "ann@example.com", "email": "ann@example.com", "firstName": "Ann", "lastName": "Example",
    }})
}

async fn created(client: &Client, line: &str) -> String {
    let reply = client.send(line, ann()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["id"].as_str().expect("an id").to_owned()
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["errorCode"].as_str().unwrap_or_default().to_owned())
}

/// The logins that a list shows.
fn logins(list: &Value) -> Vec<String> {
    let users = list.as_array().expect("a list").iter();
    users.map(|user| user["profile"]["login"].as_str().unwrap_or("?").to_owned()).collect()
}

#[tokio::test]
async fn a_life_has_its_steps() {
    let (_running, client) = with_people(0).await;
    let id = created(&client, "POST /api/v1/users?activate=false").await;
    let steps = [
        ("suspend", 400, "E0000001", "STAGED"),
        ("unlock", 403, "E0000032", "STAGED"),
        ("activate", 200, "", "PROVISIONED"),
        ("activate", 403, "E0000016", "PROVISIONED"),
        ("deactivate", 200, "", "DEPROVISIONED"),
        ("deactivate", 404, "E0000007", "DEPROVISIONED"),
        ("activate", 200, "", "PROVISIONED"),
        ("teleport", 404, "E0000008", "PROVISIONED"),
    ];
    for (step, status, error, after) in steps {
        let line = format!("POST /api/v1/users/{id}/lifecycle/{step}?sendEmail=false");
        let reply = client.send(&line, Value::Null).await;
        assert_eq!(code(&reply), (status, error.to_owned()), "{step}");
        assert_eq!(client.get(&format!("/api/v1/users/{id}")).await["status"], after, "{step}");
    }
    let password = json!({"credentials": {"password": {"value": "correct horse"}}});
    let active = client.send(&format!("POST /api/v1/users/{id}"), password).await.json();
    assert_eq!((&active["status"], &active["credentials"]["password"]), (&json!("ACTIVE"), &json!({})));
    for (step, after) in [("suspend", "SUSPENDED"), ("unsuspend", "ACTIVE")] {
        client.send(&format!("POST /api/v1/users/{id}/lifecycle/{step}"), Value::Null).await;
        assert_eq!(client.get(&format!("/api/v1/users/{id}")).await["status"], after);
    }
}

#[tokio::test]
async fn wrong_passwords_lock_out() {
    let (_running, client) = with_people(0).await;
    let mut body = ann();
    body["credentials"] = json!({"password": {"value": "correct horse"}});
    let id = client.send("POST /api/v1/users", body).await.json()["id"].as_str().expect("an id").to_owned();
    let line = format!("POST /api/v1/users/{id}/credentials/change_password");
    let change = |old: &str, new: &str| json!({"oldPassword": {"value": old}, "newPassword": {"value": new}});
    assert_eq!(client.send(&line, change("correct horse", "battery staple")).await.status, 200);
    assert_eq!(
        code(&client.send(&line, change("battery staple", "short")).await),
        (400, "E0000001".to_owned())
    );
    for _ in 0..10 {
        assert_eq!(code(&client.send(&line, change("wrong", "battery")).await), (403, "E0000014".to_owned()));
    }
    assert_eq!(client.get(&format!("/api/v1/users/{id}")).await["status"], "LOCKED_OUT");
    assert_eq!(code(&client.send(&line, change("battery staple", "x")).await), (403, "E0000038".to_owned()));
    client.send(&format!("POST /api/v1/users/{id}/lifecycle/unlock"), Value::Null).await;
    assert_eq!(client.get(&format!("/api/v1/users/{id}")).await["status"], "ACTIVE");
}

#[tokio::test]
async fn somebody_is_deleted_in_two_steps() {
    let (_running, client) = with_people(0).await;
    let id = created(&client, "POST /api/v1/users").await;
    let path = format!("/api/v1/users/{id}");
    for (status, after) in [(204, json!("DEPROVISIONED")), (204, Value::Null)] {
        assert_eq!(client.send(&format!("DELETE {path}"), Value::Null).await.status, status);
        assert_eq!(client.get(&path).await["status"], after);
    }
    assert_eq!(
        code(&client.send(&format!("DELETE {path}"), Value::Null).await),
        (404, "E0000007".to_owned())
    );
    created(&client, "POST /api/v1/users").await;
}

#[tokio::test]
async fn what_the_schema_does_not_allow_is_refused() {
    let (_running, client) = with_people(1).await;
    let with = |name: &str, value: Value| {
        let mut body = ann();
        body["profile"][name] = value;
        body
    };
    let cases = [
        (json!([]), "E0000003", "not well-formed"),
        (json!({}), "E0000001", "profile: The field cannot be left blank"),
        (with("firstName", Value::Null), "E0000001", "firstName: The field cannot be left blank"),
        (with("lastName", json!("")), "E0000001", "lastName: The field cannot be left blank"),
        (with("login", json!("annette")), "E0000001", "form of an email address"),
        (with("login", json!("a@b")), "E0000001", "from 5 to 100 letters"),
        (with("email", json!("annette")), "E0000001", "Does not match required pattern"),
        (with("countryCode", json!("NOR")), "E0000001", "from 0 to 2 letters"),
        (with("title", json!(7)), "E0000001", "must be a text"),
        (with("shoeSize", json!("38")), "E0000001", "not defined in the schema"),
        (with("login", json!("USER0001@example.com")), "E0000001", "already exists"),
    ];
    for (body, error, words) in cases {
        let reply = client.send("POST /api/v1/users", body.clone()).await;
        assert_eq!(code(&reply), (400, error.to_owned()), "{body}");
        assert!(reply.body.contains(words), "{body}: {}", reply.body);
    }
    assert_eq!(client.get("/api/v1/users").await.as_array().map(Vec::len), Some(2), "nobody was made");
}

#[tokio::test]
async fn profiles_are_written_in_part_and_as_a_whole() {
    let (_running, client) = with_people(0).await;
    let id = created(&client, "POST /api/v1/users").await;
    let post = format!("POST /api/v1/users/{id}");
    let written = |title: Value| json!({"profile": {"title": title}});
    assert_eq!(client.send(&post, written(json!("Head"))).await.json()["profile"]["title"], "Head");
    assert_eq!(client.send(&post, written(Value::Null)).await.json()["profile"].get("title"), None);
    client.send(&post, written(json!("Head"))).await;
    let put = client.send(&format!("PUT /api/v1/users/{id}"), ann()).await.json();
    assert_eq!((put["profile"].get("title"), &put["profile"]["firstName"]), (None, &json!("Ann")));
    let part = client.send(&format!("PUT /api/v1/users/{id}"), written(json!("Head"))).await;
    assert_eq!(code(&part), (400, "E0000001".to_owned()));
    client.send(&format!("POST /api/v1/users/{id}/lifecycle/deactivate"), Value::Null).await;
    assert_eq!(code(&client.send(&post, written(json!("Boss"))).await), (403, "E0000038".to_owned()));
}

#[tokio::test]
async fn people_are_found() {
    let (_running, client) = with_people(3).await;
    let id = created(&client, "POST /api/v1/users?activate=false").await;
    client.send("POST /api/v1/users/user0003/lifecycle/deactivate", Value::Null).await;
    for key in [id.as_str(), "ann@example.com", "ANN@example.com", "ann"] {
        assert_eq!(client.get(&format!("/api/v1/users/{key}")).await["id"], id, "{key}");
    }
    assert_eq!(client.get("/api/v1/users/me").await["profile"]["login"], "admin@example.com");
    let cases = [
        ("", vec!["admin", "user0001", "user0002", "ann"]),
        ("q=us", vec!["user0001", "user0002"]),
        ("q=exam", vec!["ann"]),
        ("filter=profile.login eq \"ann@example.com\"", vec!["ann"]),
        ("filter=profile.email eq \"ANN@example.com\"", vec!["ann"]),
        ("filter=profile.login eq \"ann@example.com\" and status eq \"ACTIVE\"", vec![]),
        ("filter=status eq \"STAGED\" or status eq \"DEPROVISIONED\"", vec!["user0003", "ann"]),
        ("filter=lastUpdated gt \"2020-01-01T00:00:00Z\" and status eq \"STAGED\"", vec!["ann"]),
        ("filter=lastUpdated lt \"2020-01-01T00:00:00.000Z\"", vec![]),
        ("search=profile.lastName sw \"000\" and (status eq \"PROVISIONED\")", vec!["user0001", "user0002"]),
        ("search=profile.firstName co \"nn\"", vec!["ann"]),
        ("search=profile.employeeNumber pr", vec!["user0001", "user0002", "user0003"]),
        ("search=profile.nobody eq \"x\"", vec![]),
    ];
    for (query, expected) in cases {
        let found = logins(&client.get(&format!("/api/v1/users?{query}")).await);
        let expected: Vec<String> = expected.iter().map(|name| format!("{name}@example.com")).collect();
        assert_eq!(found, expected, "{query}");
    }
    let wrong = [
        "filter=profile.title eq \"x\"",
        "filter=profile.login co \"x\"",
        "filter=profile.login",
        "search=not (status eq \"ACTIVE\")",
        "search=profile.login ne \"x\"",
    ];
    for query in wrong {
        let reply = client.send(&format!("GET /api/v1/users?{query}"), Value::Null).await;
        assert_eq!(code(&reply), (400, "E0000031".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let (_running, client) = with_people(5).await;
    for query in ["", "&search=profile.login pr", "&filter=status eq \"PROVISIONED\" or status eq \"ACTIVE\""]
    {
        let mut path = format!("/api/v1/users?limit=2{query}");
        let mut found = Vec::new();
        let mut pages = 0;
        loop {
            let reply = client.send(&format!("GET {path}"), Value::Null).await;
            found.extend(logins(&reply.json()));
            pages += 1;
            assert!(reply.link("self").is_some_and(|link| link.contains("limit=2")), "{reply:?}");
            match reply.link("next") {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!((found.len(), pages), (6, 3), "{query}: {found:?}");
        found.dedup();
        assert_eq!(found.len(), 6, "{query}: nobody twice");
    }
    for query in ["limit=0", "limit=x", "after=x y"] {
        let reply = client.send(&format!("GET /api/v1/users?{query}"), Value::Null).await;
        assert_eq!(code(&reply), (400, "E0000001".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn groups_have_members() {
    let (_running, client) = with_people(3).await;
    let body = json!({"profile": {"name": "Sales", "description": "They sell."}});
    let group = client.send("POST /api/v1/groups", body.clone()).await.json();
    let path = format!("/api/v1/groups/{}", group["id"].as_str().expect("an id"));
    assert_eq!(code(&client.send("POST /api/v1/groups", body).await), (400, "E0000001".to_owned()));
    for key in ["user0003", "user0001", "user0001", "user0002"] {
        let user =
            client.get(&format!("/api/v1/users/{key}")).await["id"].as_str().expect("an id").to_owned();
        assert_eq!(client.send(&format!("PUT {path}/users/{user}"), Value::Null).await.status, 204);
    }
    let page = client.send(&format!("GET {path}/users?limit=2"), Value::Null).await;
    assert_eq!(logins(&page.json()), ["user0001@example.com", "user0002@example.com"]);
    let rest = client.get(&page.link("next").expect("a next page")).await;
    assert_eq!(logins(&rest), ["user0003@example.com"]);
    assert_eq!(client.get("/api/v1/users/user0002/groups").await[0]["profile"]["name"], "Sales");
    client.send(&format!("DELETE {path}/users/user0002"), Value::Null).await;
    assert_eq!(client.get("/api/v1/users/user0002/groups").await, json!([]));
    for query in ["q=SAL", "search=profile.name eq \"sales\"", "filter=type eq \"OKTA_GROUP\""] {
        assert_eq!(client.get(&format!("/api/v1/groups?{query}")).await[0]["id"], group["id"], "{query}");
    }
    let renamed = client.send(&format!("PUT {path}"), json!({"profile": {"name": "Sellers"}})).await.json();
    assert_eq!(renamed["profile"], json!({"name": "Sellers", "description": ""}));
    assert_eq!(client.send(&format!("DELETE {path}"), Value::Null).await.status, 204);
    assert_eq!(client.send(&format!("GET {path}"), Value::Null).await.status, 404);
    assert_eq!(client.get("/api/v1/users/user0001/groups").await, json!([]));
}

#[tokio::test]
async fn applications_are_assigned_and_the_log_knows() {
    let (_running, client) = with_people(1).await;
    let user = client.get("/api/v1/users/user0001").await["id"].as_str().expect("an id").to_owned();
    let app = client.get("/api/v1/apps?q=wi").await[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/apps/{app}/users");
    let missing = client.send(&format!("GET {path}/{user}"), Value::Null).await;
    assert_eq!(code(&missing), (404, "E0000007".to_owned()));
    let body = json!({"id": user, "scope": "USER", "profile": {"role": "writer"}});
    assert_eq!(client.send(&format!("POST {path}"), body).await.json()["profile"]["role"], "writer");
    assert_eq!(client.get(&path).await[0]["id"], user.as_str());
    let of_user = client.get(&format!("/api/v1/apps?filter=user.id eq \"{user}\"")).await;
    assert_eq!(of_user.as_array().map(Vec::len), Some(1));
    // Who is deactivated loses the application.
    client.send(&format!("POST /api/v1/users/{user}/lifecycle/deactivate"), Value::Null).await;
    assert_eq!(client.get(&path).await, json!([]));
    let events = client.get(&format!("/api/v1/logs?filter=target.id eq \"{app}\"")).await;
    let kinds: Vec<&str> =
        events.as_array().expect("a list").iter().filter_map(|e| e["eventType"].as_str()).collect();
    assert_eq!(kinds, ["application.user_membership.add", "application.user_membership.remove"]);
    assert_eq!(events[0]["target"][0]["alternateId"], "user0001@example.com");
}

#[tokio::test]
async fn the_log_is_read_in_pages_and_polled() {
    let (_running, client) = with_people(0).await;
    let id = created(&client, "POST /api/v1/users").await;
    let first = client.send("GET /api/v1/logs?limit=1", Value::Null).await;
    assert_eq!(first.json()[0]["eventType"], "user.lifecycle.create");
    let second = client.send(&format!("GET {}", first.link("next").expect("a next page")), Value::Null).await;
    assert_eq!(second.json()[0]["eventType"], "user.lifecycle.activate");
    let poll = second.link("next").expect("a page for what comes");
    assert_eq!(client.get(&poll).await, json!([]));
    client.send(&format!("POST /api/v1/users/{id}/lifecycle/deactivate"), Value::Null).await;
    assert_eq!(client.get(&poll).await[0]["eventType"], "user.lifecycle.deactivate");
    let until = client.send("GET /api/v1/logs?until=2100-01-01T00:00:00Z", Value::Null).await;
    assert_eq!((until.json().as_array().map(Vec::len), until.link("next")), (Some(3), None));
    assert_eq!(client.get("/api/v1/logs?since=2100-01-01T00:00:00Z").await, json!([]));
    let backwards = client.get("/api/v1/logs?sortOrder=DESCENDING&limit=1").await;
    assert_eq!(backwards[0]["eventType"], "user.lifecycle.deactivate");
    assert_eq!(client.get("/api/v1/logs?q=deactivate").await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn only_a_known_token_opens_the_door() {
    let options = Options { reader: Some("reader".to_owned()), ..Options::default() };
    let (running, _) = organisation(options).await;
    let cases = [
        ("SSWS lab", "POST", 400, "E0000003"),
        ("SSWS reader", "POST", 403, "E0000006"),
        ("SSWS reader", "GET", 200, ""),
        ("SSWS wrong", "GET", 401, "E0000011"),
        ("Bearer lab", "GET", 401, "E0000011"),
        ("lab", "GET", 401, "E0000004"),
    ];
    for (authorization, method, status, error) in cases {
        let client = Client::new(running.address(), authorization);
        let reply = client.send(&format!("{method} /api/v1/users"), Value::Null).await;
        assert_eq!(code(&reply), (status, error.to_owned()), "{authorization} {method}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_the_minute() {
    let clock: SharedClock = std::sync::Arc::new(crate::okta_token::At(1_800_000_010));
    let (_running, client) = organisation(Options { limit: Some(2), clock, ..Options::default() }).await;
    for (remaining, status) in [("1", 200), ("0", 200), ("0", 429)] {
        let reply = client.send("GET /api/v1/users", Value::Null).await;
        let headers =
            ["limit", "remaining", "reset"].map(|name| reply.header(&format!("x-rate-limit-{name}")));
        assert_eq!((reply.status, headers), (status, [Some("2"), Some(remaining), Some("1800000060")]));
        assert_eq!(status == 429, code(&reply).1 == "E0000047");
    }
    assert_eq!(client.send("GET /api/v1/groups", Value::Null).await.status, 200, "groups are counted apart");
}

#[tokio::test]
async fn an_injected_limit_speaks_as_okta_does() {
    for (faults, is_told) in [("429:1", true), ("429-bare:1", false)] {
        let faults = faults.parse().expect(faults);
        let (_running, client) = organisation(Options { faults, ..Options::default() }).await;
        let reply = client.send("GET /api/v1/users", Value::Null).await;
        assert_eq!(code(&reply), (429, "E0000047".to_owned()));
        let told = (reply.header("x-rate-limit-reset").is_some(), reply.header("retry-after"));
        assert_eq!(told, (is_told, None));
    }
}
