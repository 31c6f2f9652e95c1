//! SCIM 2.0, as clients see it: the standard, and the habits of real servers.

use provost_lab::scim::{self, Dialect, Filtering, Options};
use provost_lab::{Running, SharedClock};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::okta_token::At;

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";

async fn server(options: Options) -> (Running, Client) {
    let running = scim::start(options).await.expect("started");
    let client = Client::new(running.address(), "Bearer lab");
    (running, client)
}

async fn with_people(people: usize) -> (Running, Client) {
    server(Options { people, ..Options::default() }).await
}

async fn with_dialect(dialect: Dialect) -> (Running, Client) {
    server(Options { people: 3, dialect, ..Options::default() }).await
}

fn ann() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ann",
        "active": true,
        "password": "secret",
        "emails": [{"value": "ann@example.com", "type": "work"}],
    })
}

async fn created(client: &Client) -> Reply {
    let reply = client.send(&format!("POST {USERS}"), ann()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply
}

fn at(resource: &Reply) -> String {
    format!("{USERS}/{}", resource.json()["id"].as_str().expect("an id"))
}

fn disabling() -> Value {
    json!({"Operations": [{"op": "replace", "path": "active", "value": false}]})
}

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().expect("resources").iter();
    resources.filter_map(|resource| resource["userName"].as_str()).collect()
}

#[tokio::test]
async fn a_user_comes_changes_and_goes() {
    let (_running, client) = with_people(0).await;
    let made = created(&client).await;
    let path = at(&made);
    assert_eq!(made.header("location"), made.json()["meta"]["location"].as_str());
    assert_eq!((made.header("etag"), made.json().get("password")), (Some("W/\"1\""), None));
    let again = client.send(&format!("POST {USERS}"), ann()).await;
    assert_eq!((again.status, &again.json()["scimType"]), (409, &json!("uniqueness")));
    let patched = client.send(&format!("PATCH {path}"), disabling()).await;
    assert_eq!((patched.status, &patched.json()["active"]), (200, &json!(false)));
    let same = client.send(&format!("PATCH {path}"), disabling()).await;
    assert_eq!(same.header("etag"), Some("W/\"2\""), "nothing changed");
    let put = client.send(&format!("PUT {path}"), json!({"userName": "Ann"})).await.json();
    assert_eq!((&put["userName"], put.get("emails")), (&json!("Ann"), None));
    assert_eq!(client.send(&format!("DELETE {path}"), Value::Null).await.status, 204);
    let gone = client.send(&format!("GET {path}"), Value::Null).await;
    assert_eq!((gone.status, &gone.json()["status"]), (404, &json!("404")));
}

#[tokio::test]
async fn an_old_version_is_not_written_over() {
    let (_running, client) = with_people(0).await;
    let path = at(&created(&client).await);
    let cases = [("W/\"7\"", 412), ("W/\"1\"", 200), ("W/\"1\"", 412), ("*", 200)];
    for (tag, status) in cases {
        let header = format!("if-match: {tag}\r\n");
        let reply = client.send_with(&format!("PATCH {path}"), &header, disabling()).await;
        assert_eq!(reply.status, status, "{tag}");
    }
    let same = client.send_with(&format!("GET {path}"), "if-none-match: W/\"2\"\r\n", Value::Null).await;
    assert_eq!((same.status, same.body.as_str()), (304, ""));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused() {
    let (running, client) = with_people(1).await;
    let cases = [
        (format!("POST {USERS}"), json!([]), 400, "invalidSyntax"),
        (format!("POST {USERS}"), json!({}), 400, "invalidValue"),
        (format!("GET {USERS}?filter=userName"), Value::Null, 400, "invalidFilter"),
        (format!("GET {USERS}?filter=active gt true"), Value::Null, 400, "invalidFilter"),
        (format!("GET {USERS}?count=many"), Value::Null, 400, "invalidValue"),
        (format!("GET {USERS}?cursor=never"), Value::Null, 400, "invalidCursor"),
        (format!("PATCH {USERS}/x"), json!({"Operations": []}), 404, ""),
        (format!("PATCH {USERS}/x"), json!({}), 400, "invalidSyntax"),
        (format!("DELETE {USERS}"), Value::Null, 405, ""),
        ("POST /scim/v2/Schemas".to_owned(), Value::Null, 405, ""),
        ("GET /scim/v2/Me".to_owned(), Value::Null, 501, ""),
        ("GET /scim/v2/Nobody".to_owned(), Value::Null, 404, ""),
        (
            format!("POST {GROUPS}"),
            json!({"displayName": "Sales", "members": [{"value": "x"}]}),
            400,
            "invalidValue",
        ),
    ];
    for (line, body, status, word) in cases {
        let reply = client.send(&line, body).await;
        let said = reply.json();
        assert_eq!(
            (reply.status, said["scimType"].as_str().unwrap_or_default()),
            (status, word),
            "{line}: {said}"
        );
        assert_eq!(reply.header("content-type"), Some("application/scim+json"));
    }
    let stranger = Client::new(running.address(), "Bearer x");
    assert_eq!(stranger.send(&format!("GET {USERS}"), Value::Null).await.status, 401);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let (_running, client) = with_people(5).await;
    let user = |number: usize| format!("user{number:04}@example.com");
    let cases = [
        ("filter=userName eq \"USER0002@example.com\"".to_owned(), 1, vec![user(2)]),
        ("filter=emails.value eq \"user0003@example.com\"".to_owned(), 1, vec![user(3)]),
        ("filter=externalId eq \"0004\" and active eq true".to_owned(), 1, vec![user(4)]),
        ("filter=externalId eq \"0004\" and active eq false".to_owned(), 0, vec![]),
        ("filter=meta.resourceType eq \"User\" and id pr&count=1".to_owned(), 5, vec![user(1)]),
        ("startIndex=2&count=2".to_owned(), 5, vec![user(2), user(3)]),
        ("startIndex=0&count=1".to_owned(), 5, vec![user(1)]),
        ("startIndex=9".to_owned(), 5, vec![]),
        ("count=0".to_owned(), 5, vec![]),
        ("count=-1".to_owned(), 5, vec![]),
        ("sortBy=userName&sortOrder=descending&count=2".to_owned(), 5, vec![user(5), user(4)]),
    ];
    for (query, total, expected) in cases {
        let list = client.get(&format!("{USERS}?{query}")).await;
        assert_eq!(
            (&list["totalResults"], names(&list)),
            (&json!(total), expected.iter().map(String::as_str).collect()),
            "{query}"
        );
    }
    let body = json!({"filter": "userName sw \"user0001\"", "attributes": ["userName"]});
    let found = client.send(&format!("POST {USERS}/.search"), body).await.json();
    assert_eq!(
        found["Resources"][0].as_object().map(|user| user.keys().cloned().collect::<Vec<_>>()),
        Some(vec!["schemas".to_owned(), "id".to_owned(), "userName".to_owned()])
    );
}

#[tokio::test]
async fn cursors_lead_through_everybody() {
    let (_running, client) = with_people(5).await;
    for query in ["", "&filter=active eq true", "&sortBy=userName"] {
        let mut cursor = String::new();
        let mut found = Vec::new();
        loop {
            let list = client.get(&format!("{USERS}?count=2&cursor={cursor}{query}")).await;
            found.extend(names(&list).into_iter().map(str::to_owned));
            match list["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(
            (found.len(), found.first().map(String::as_str)),
            (5, Some("user0001@example.com")),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_cursor_bears_that_its_row_is_gone() {
    let (_running, client) = with_people(4).await;
    for (query, refused) in [("", None), ("&sortBy=userName", Some("expiredCursor"))] {
        let first = client.get(&format!("{USERS}?count=1&cursor={query}")).await;
        let last = first["Resources"][0]["id"].as_str().expect("an id");
        client.send(&format!("DELETE {USERS}/{last}"), Value::Null).await;
        let next = first["nextCursor"].as_str().expect("more");
        let second = client.get(&format!("{USERS}?count=1&cursor={next}{query}")).await;
        match refused {
            Some(word) => assert_eq!(second["scimType"], word),
            None => assert_eq!(names(&second), ["user0002@example.com"]),
        }
    }
}

#[tokio::test]
async fn groups_know_their_members_and_members_their_groups() {
    let (_running, client) = with_people(2).await;
    let id = client.get(&format!("{USERS}?count=1")).await["Resources"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let body = json!({"displayName": "Sales", "members": [{"value": id}]});
    let group = client.send(&format!("POST {GROUPS}"), body).await.json();
    assert_eq!(group["members"][0]["type"], "User");
    assert_eq!(client.get(&format!("{USERS}/{id}")).await["groups"][0]["display"], "Sales");
    let of_member = client.get(&format!("{GROUPS}?filter=members.value eq \"{id}\"")).await;
    assert_eq!(of_member["totalResults"], 1);
    client.send(&format!("DELETE {USERS}/{id}"), Value::Null).await;
    let group = client.get(&format!("{GROUPS}/{}", group["id"].as_str().expect("an id"))).await;
    assert_eq!((group.get("members"), &group["meta"]["version"]), (None, &json!("W/\"2\"")));
}

#[tokio::test]
async fn attributes_are_chosen() {
    let (_running, client) = with_people(1).await;
    let keys =
        |value: &Value| value["Resources"][0].as_object().expect("one").keys().cloned().collect::<Vec<_>>();
    let cases = [
        ("attributes=userName,name.givenName", vec!["schemas", "id", "userName", "name"]),
        (
            "excludedAttributes=emails,id,name,meta,externalId",
            vec!["schemas", "id", "userName", "displayName", "active"],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(keys(&client.get(&format!("{USERS}?{query}")).await), expected, "{query}");
    }
    let part = client.get(&format!("{USERS}?attributes=name.givenName")).await;
    assert_eq!(part["Resources"][0]["name"], json!({"givenName": "User"}));
}

#[tokio::test]
async fn servers_have_habits() {
    let path = format!("GET {USERS}?filter=userName eq \"user0002@example.com\"");
    let (_running, client) =
        with_dialect(Dialect { filtering: Filtering::Ignored, ..Dialect::default() }).await;
    assert_eq!(client.send(&path, Value::Null).await.json()["totalResults"], 3);
    let (_running, client) =
        with_dialect(Dialect { filtering: Filtering::Refused, ..Dialect::default() }).await;
    assert_eq!(client.send(&path, Value::Null).await.json()["scimType"], "invalidFilter");
    let (_running, client) = with_dialect(Dialect { has_textual_active: true, ..Dialect::default() }).await;
    assert_eq!(client.send(&path, Value::Null).await.json()["Resources"][0]["active"], "true");
    let (_running, client) = with_dialect(Dialect { has_html_errors: true, ..Dialect::default() }).await;
    let page = client.send("GET /scim/v2/Users/x", Value::Null).await;
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    let (_running, client) = with_dialect(Dialect { is_without_location: true, ..Dialect::default() }).await;
    let made = created(&client).await;
    assert_eq!((made.header("location"), made.json()["meta"].get("location")), (None, None));
    let (_running, client) = with_dialect(Dialect { is_without_patch: true, ..Dialect::default() }).await;
    let made = created(&client).await;
    assert_eq!(client.send(&format!("PATCH {}", at(&made)), disabling()).await.status, 501);
    assert_eq!(client.get("/scim/v2/ServiceProviderConfig").await["patch"]["supported"], false);
    let (_running, client) =
        with_dialect(Dialect { is_silent_after_patch: true, ..Dialect::default() }).await;
    let made = created(&client).await;
    let silent = client.send(&format!("PATCH {}", at(&made)), disabling()).await;
    assert_eq!((silent.status, silent.body.as_str()), (204, ""));
    assert_eq!(client.get(&at(&made)).await["active"], false);
}

#[tokio::test]
async fn requests_are_counted_by_the_minute() {
    let clock: SharedClock = std::sync::Arc::new(At(60 * 30_000_000 + 50));
    let (_running, client) = server(Options { limit: Some(1), clock, ..Options::default() }).await;
    for (status, wait) in [(200, None), (429, Some("10"))] {
        let reply = client.send(&format!("GET {USERS}"), Value::Null).await;
        assert_eq!((reply.status, reply.header("retry-after")), (status, wait));
    }
}
