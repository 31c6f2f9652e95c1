//! Our commands against servers that others wrote. `cargo xtask test` starts these and says
//! in variables where they are; without them a test says that it was left out.
//!
//! `bed` is such a server, `people` its accounts past our program, `steps` is the data
//! form of what is done, `judged` holds our requests against the vendors' API descriptions.

mod bed;
mod http;

mod judged;
mod people;
mod steps;

use people::Api;
use steps::run;

#[tokio::test]
async fn scim2_server() {
    run("scim2-server", Api::Scim, "scim.yaml").await;
}

#[tokio::test]
async fn scimmy() {
    run("scimmy", Api::Scim, "scim.yaml").await;
}

#[tokio::test]
async fn better_auth() {
    run("better-auth", Api::Scim, "scim.yaml").await;
}

#[tokio::test]
async fn emulate() {
    run("emulate", Api::Okta, "okta.yaml").await;
}

#[tokio::test]
async fn django_scim2() {
    run("django-scim2", Api::Scim, "scim.yaml").await;
}
