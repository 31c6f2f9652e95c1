//! Our commands against servers that others wrote. `cargo xtask test` starts these and says
//! in variables where they are; without them a test says that it was left out.
//!
//! `clients` are clients at our emulated systems, `kit` is our conformance kit at them, `bed` is such a server, `people` its accounts past our program, `steps` is the data
//! form of what is done, `judged` holds our requests against the vendors' API descriptions.

pub(crate) mod bed;
mod clients;
mod http;

mod judged;
mod kit;
mod people;
mod steps;

use people::Api;
use steps::{Plan, run};

/// What is done with most servers that speak SCIM.
const SCIM: Plan = Plan { bed: "", api: Api::Scim, steps: "scim.yaml", mapper: None };

#[tokio::test]
async fn scim2_server() {
    run(Plan { bed: "scim2-server", ..SCIM }).await;
}

#[tokio::test]
async fn scimmy() {
    run(Plan { bed: "scimmy", ..SCIM }).await;
}

#[tokio::test]
async fn better_auth() {
    run(Plan { bed: "better-auth", ..SCIM }).await;
}

#[tokio::test]
async fn django_scim2() {
    run(Plan { bed: "django-scim2", ..SCIM }).await;
}

#[tokio::test]
async fn canaille() {
    run(Plan { bed: "canaille", steps: "canaille.yaml", mapper: Some("canaille-out.yaml"), ..SCIM }).await;
}

#[tokio::test]
async fn emulate() {
    run(Plan { bed: "emulate", api: Api::Okta, steps: "okta.yaml", mapper: None }).await;
}
