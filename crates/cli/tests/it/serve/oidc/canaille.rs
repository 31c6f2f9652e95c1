//! Logging in by canaille, an identity provider that others wrote: its own pages, its own tokens.

use serde_json::{Value, json};

use super::browser::{Browser, walk};
use super::{fields, newest, stop};
use crate::beds::bed::Bed;
use crate::provost::Provost;
use crate::serve::http::try_request;
use crate::serve::server::Server;

/// Where it sends people back to, which it has to know beforehand. Nobody listens there: the
/// browser of the tests goes to the server's real address instead.
const URL: &str = "http://127.0.0.1:1";
const PASSWORD: &str = "canary-code of ann";

const JSON: &str = "application/json";
const SCIM: &str = "application/scim+json";

/// The provider, with a person and a client of its own.
struct Canaille {
    bed: Bed,
    client: Value,
    person: String,
    name: String,
}

impl Canaille {
    async fn prepared(bed: Bed) -> Self {
        let name = format!("ann{}", fastrand::u32(..));
        let mut canaille = Self { bed, client: Value::Null, person: String::new(), name: name.clone() };
        let client = json!({
            "client_name": "Provost", "client_uri": canaille.bed.url(), "redirect_uris": [format!("{URL}/login/oidc/callback")],
            "grant_types": ["authorization_code"], "response_types": ["code"],
            "scope": "openid profile email groups", "token_endpoint_auth_method": "client_secret_basic",
        });
        canaille.client = canaille.send("POST /oauth/register", JSON, &client).await;
        let person = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "password": PASSWORD, "active": true,
            "name": {"formatted": "Ann", "givenName": "Ann", "familyName": "Ann"}, "emails": [{"value": format!("{name}@example.com")}],
        });
        let made = canaille.send("POST /scim/v2/Users", SCIM, &person).await;
        made["id"].as_str().expect("an id").clone_into(&mut canaille.person);
        canaille
    }

    /// Puts the person into a new group.
    async fn join(&self, group: &str) {
        let place = format!("{}/Users/{}", self.bed.url(), self.person);
        let group = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": group,
            "members": [{"value": self.person, "$ref": place}],
        });
        self.send("POST /scim/v2/Groups", SCIM, &group).await;
    }

    async fn send(&self, line: &str, kind: &str, body: &Value) -> Value {
        let bearer = format!("Bearer {}", self.bed.token);
        let mut headers = vec![("Content-Type", kind)];
        // Whoever registers a client shows nothing, or another kind of token.
        if kind != JSON {
            headers.push(("Authorization", &bearer));
        }
        let answer = try_request(&self.bed.address.to_string(), line, &headers, &body.to_string()).await;
        answer.expect("canaille answers").ended(201).json()
    }

    /// What a page wants to know.
    fn form(&self, page: &str) -> String {
        let token =
            page.split_once("name=\"csrf_token\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let is_second = page.contains("name=\"password\"");
        let (field, value) = if is_second { ("password", PASSWORD) } else { ("login", self.name.as_str()) };
        let pairs = [("csrf_token", token.expect("a token")), (field, value)];
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// A server that knows it, with a secret that may be wrong.
    async fn server(&self, secret: &str) -> (Provost, Server) {
        let issuer = format!("http://{}", self.bed.address);
        let client = self.client["client_id"].as_str().expect("an id");
        let file = format!(
            "issuer: {issuer}\nclient-id: {client}\nclient-secret: env:CLIENT_SECRET\nurl: {URL}\n\
             scopes: [openid, email, groups]\nroles:\n  - {{group: provost-{}, role: admin}}\n",
            self.name
        );
        let provost = Provost::new().file("oidc.yaml", &file).variable("CLIENT_SECRET", secret);
        let server = Server::start(&provost, &["--oidc", "oidc.yaml"]).await;
        (provost, server)
    }

    /// Goes there and comes back, with all that the server has given.
    async fn come_back(&self, server: &Server) -> (Browser, String) {
        let mut browser = Browser::new(&server.address);
        let answer = browser.get("/login/oidc?next=/runs").await.ended(303);
        let place = answer.header("location").expect("a place to go");
        let question = place.strip_prefix(&format!("http://{}", self.bed.address)).expect("canaille's");
        let back = walk(&self.bed.address.to_string(), question, URL, |page| self.form(page)).await;
        assert!(fields(back.split_once('?').expect("an answer").1).contains_key("iss"), "{back}");
        (browser, back)
    }
}

#[tokio::test]
async fn people_of_canaille_come_in_by_their_groups() {
    let Some(bed) = Bed::there("canaille-oidc") else { return };
    let canaille = Canaille::prepared(bed).await;
    let secret = canaille.client["client_secret"].as_str().expect("a secret").to_owned();
    let (_provost, server) = canaille.server(&secret).await;

    let (mut browser, back) = canaille.come_back(&server).await;
    let refused = browser.get(&back).await.ended(403);
    assert!(refused.body.contains("is in no group that has a role here"), "{refused:?}");

    canaille.join(&format!("provost-{}", canaille.name)).await;
    let (mut browser, back) = canaille.come_back(&server).await;
    let cookies = browser.cookies.clone();
    let page = browser.get(&back).await.ended(200);
    assert!(page.body.contains("0;url=/runs\""), "{page:?}");
    let me = browser.get("/api/v1/me").await.ended(200).json();
    assert_eq!(
        (&me["role"], &me["name"]),
        (&json!("admin"), &json!(format!("{}@example.com", canaille.name)))
    );
    assert_eq!(newest(&server).await["what"], "signed in");

    let mut thief = Browser { address: server.address.clone(), cookies };
    let refused = thief.get(&back).await.ended(403);
    assert!(refused.body.contains("invalid_grant"), "{refused:?}");
    stop(server).await;

    let (_provost, server) = canaille.server("another secret").await;
    let (mut browser, back) = canaille.come_back(&server).await;
    let refused = browser.get(&back).await.ended(503);
    assert!(refused.body.contains("invalid_client") && browser.cookies.is_empty(), "{refused:?}");
    stop(server).await;
}
