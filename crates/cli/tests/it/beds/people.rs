//! The accounts of a bed, read and removed past our program.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bed::Bed;
use super::http::{Answer, send};

/// Accounts by user name, each as the server shows it.
pub(crate) type People = BTreeMap<String, Value>;

/// What a server speaks.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Api {
    Scim,
    Okta,
}

impl Api {
    /// The integration for it, and the setting that holds the token.
    pub(crate) fn integration(self) -> (&'static str, &'static str) {
        match self {
            Self::Scim => ("scim", "token"),
            Self::Okta => ("okta-iam", "api-token"),
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Scim => "/Users",
            Self::Okta => "/api/v1/users",
        }
    }

    /// The media type, and what comes before the token.
    fn manners(self) -> (&'static str, &'static str) {
        match self {
            Self::Scim => ("application/scim+json", "Bearer"),
            Self::Okta => ("application/json", "SSWS"),
        }
    }

    /// Where the list is in an answer, and the user name in an account.
    fn pointers(self) -> (&'static str, &'static str) {
        match self {
            Self::Scim => ("/Resources", "/userName"),
            Self::Okta => ("", "/profile/login"),
        }
    }

    /// How often an account is to be deleted; Okta's first time only takes it out of use.
    fn deletions(self) -> usize {
        match self {
            Self::Scim => 1,
            Self::Okta => 2,
        }
    }
}

/// Everybody whom the server knows.
pub(crate) async fn everybody(bed: &Bed, api: Api) -> People {
    let answer = ask(bed, api, "GET", "", None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (list, name) = api.pointers();
    let body = answer.json();
    let accounts = body.pointer(list).and_then(Value::as_array).expect("a list");
    let name = |account: &Value| account.pointer(name).and_then(Value::as_str).expect("a name").to_owned();
    accounts.iter().map(|account| (name(account), account.clone())).collect()
}

/// Removes everybody, such as those whom an earlier run left behind.
pub(crate) async fn remove_everybody(bed: &Bed, api: Api) {
    for account in everybody(bed, api).await.values() {
        let id = account["id"].as_str().expect("an id");
        for _ in 0..api.deletions() {
            let answer = ask(bed, api, "DELETE", &format!("/{id}"), None).await;
            assert_eq!(answer.status, 204, "{answer:?}");
        }
    }
    assert_eq!(everybody(bed, api).await, People::new());
}

/// Adds somebody of whom our program knows nothing.
pub(crate) async fn add(bed: &Bed, api: Api, account: &Value) {
    let answer = ask(bed, api, "POST", "", Some(account)).await;
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

async fn ask(bed: &Bed, api: Api, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let (media_type, scheme) = api.manners();
    let headers = [
        ("authorization".to_owned(), format!("{scheme} {}", bed.token)),
        ("content-type".to_owned(), media_type.to_owned()),
    ];
    let line = format!("{method} {}{}{path}", bed.path, api.path());
    let body = body.map(Value::to_string).unwrap_or_default();
    send(bed.address, &line, &headers, body.as_bytes()).await
}
