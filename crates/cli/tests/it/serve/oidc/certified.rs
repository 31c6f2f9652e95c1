//! Logging in by the package oidc-provider, which the OpenID Foundation has certified: each way to
//! sign, each way to show a secret.

use serde_json::json;

use super::browser::{Browser, walk};
use super::stop;
use crate::beds::bed::Bed;
use crate::provost::Provost;
use crate::serve::server::Server;

/// As `xtask/beds/oidc-provider.mjs` has it.
const URL: &str = "http://127.0.0.1:1";

/// A server that is known to the provider by the name of what its tokens are signed with.
async fn server(bed: &Bed, algorithm: &str) -> (Provost, Server) {
    let secret = if algorithm == "ES256" { "" } else { "client-secret: env:CLIENT_SECRET\n" };
    let file = format!(
        "issuer: {}\nclient-id: {algorithm}\n{secret}url: {URL}\nscopes: [email, groups]\nroles:\n  \
         - {{group: helpdesk, role: operator, instances: [okta-*]}}\n",
        bed.url()
    );
    let provost = Provost::new().file("oidc.yaml", &file).variable("CLIENT_SECRET", &bed.token);
    let server = Server::start(&provost, &["--oidc", "oidc.yaml"]).await;
    (provost, server)
}

/// Logs in under a name, and comes back.
async fn come_back(bed: &Bed, server: &Server, name: &str) -> (Browser, String) {
    let mut browser = Browser::new(&server.address);
    let answer = browser.get("/login/oidc?next=/runs").await.ended(303);
    let place = answer.header("location").expect("a place to go");
    let log_in = format!("prompt=login&login={name}&password=any");
    let form =
        |page: &str| if page.contains("name=\"login\"") { &log_in } else { "prompt=consent" }.to_owned();
    let question = place.strip_prefix(&bed.url()).expect("the provider's");
    let back = walk(&bed.address.to_string(), question, URL, form).await;
    (browser, back)
}

#[tokio::test]
async fn people_of_a_certified_provider_come_in_by_their_groups() {
    let Some(bed) = Bed::there("oidc-provider") else { return };
    for algorithm in ["RS256", "PS256", "ES256", "ES384"] {
        let (_provost, server) = server(&bed, algorithm).await;
        let (mut browser, back) = come_back(&bed, &server, "ann-sales-helpdesk").await;
        let cookies = browser.cookies.clone();
        browser.get(&back).await.ended(200);
        let me = browser.get("/api/v1/me").await.ended(200).json();
        let expected = json!({"instances": ["okta-*"]});
        assert_eq!((&me["role"], &me["scopes"]), (&json!("operator"), &expected), "{algorithm}");
        assert_eq!(me["name"], "ann-sales-helpdesk@example.com");
        let mut thief = Browser { address: server.address.clone(), cookies };
        let refused = thief.get(&back).await.ended(403);
        assert!(refused.body.contains("invalid_grant"), "{refused:?}");

        let (mut browser, back) = come_back(&bed, &server, "bo-sales").await;
        let refused = browser.get(&back).await.ended(403);
        assert!(refused.body.contains("is in no group that has a role here"), "{refused:?}");
        stop(server).await;
    }
}
