//! Every page in a browser, with the main thing that is done there.

use std::time::Duration;

use super::browser::Browser;
use super::rules::{focus, hold};
use crate::provost::Provost;
use crate::serve::server::Server;

const ANN: &str = "ann@example.com";
const PERSON: &str = "/people/ann%40example%2Ecom";
const PROFILE: &str = r#"{"email": "ann@example.com", "username": "ann@example.com", "givenname": "Ann", "surname": "Example"}"#;
const MAPPER: &str = "/mappers/User%20Profile%20%2D%20HelloIAMWorld%20%28Outgoing%29";

/// What `!iam-cr` goes on with.
const COMPLETED: &str = "!iam-create-group ,!iam-create-user ";

/// A server with emulated systems, and a browser at it.
async fn start(provost: &Provost) -> Option<(Server, Browser)> {
    let server = Server::start(provost, &["--lab"]).await;
    let browser = Browser::there(&format!("http://{}", server.address)).await?;
    Some((server, browser))
}

async fn sign_in(browser: &Browser, key: &str) {
    browser.fill("#key", key).await;
    browser.click(".sign-in button").await;
}

#[tokio::test]
async fn people_work_with_the_console() {
    let provost = Provost::new();
    let Some((server, browser)) = start(&provost).await else { return };
    signing_in(&browser, server.key()).await;
    keys_of_the_keyboard(&browser).await;
    running(&browser).await;
    overview(&browser).await;
    runs(&browser).await;
    people(&browser).await;
    instances(&browser).await;
    mappers(&browser).await;
    disabling(&browser).await;
    audit(&browser).await;
    keys(&browser).await;
    browser.click(".who button").await;
    browser.sees("label", "API key").await;
    assert_eq!(browser.path().await, "/login");
    browser.quit().await;
}

async fn signing_in(browser: &Browser, key: &str) {
    browser.go("/runs?state=failed").await;
    assert_eq!(browser.path().await, "/login?next=%2Fruns%3Fstate%3Dfailed");
    hold(browser, "login").await;
    sign_in(browser, "pv_no_key").await;
    browser.sees("#problem", "wrong").await;
    browser.complaints().await;
    sign_in(browser, key).await;
    browser.sees("#results", "No run is like that").await;
    assert_eq!(browser.path().await, "/runs?state=failed");
    hold(browser, "runs-empty").await;
    browser.go("/people").await;
    browser.sees("#results", "Nobody is known yet").await;
    hold(browser, "people-empty").await;
}

async fn keys_of_the_keyboard(browser: &Browser) {
    browser.go("/runs").await;
    browser.press("\u{e004}").await;
    assert_eq!(focus(browser).await, "skip");
    browser.press("/").await;
    assert_eq!(focus(browser).await, "find");
}

async fn running(browser: &Browser) {
    browser.go("/run").await;
    hold(browser, "run").await;
    browser.fill("#line", "!iam-cr").await;
    let options = "return [...document.querySelectorAll('#lines option')].map(option => option.value).join()";
    for _ in 0..100 {
        if browser.script(options).await == COMPLETED {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(browser.script(options).await, COMPLETED);
    browser.fill("#line", &format!("!iam-create-user user-profile=`{PROFILE}` reason=\"she joins\"")).await;
    browser.click(".as-line button").await;
    browser.sees("#results tbody", "00u").await;
    browser.sees("#results details", "POST /").await;
    browser.click("#results details:nth-of-type(2) summary").await;
    hold(browser, "run-created").await;
    browser.click("#verb option[value=get]").await;
    browser.fill("#person", ANN).await;
    browser.click("input[value=okta]").await;
    browser.click(".by-fields button").await;
    browser.sees("#results h2", "iam-get-user").await;
    hold(browser, "run-got").await;
}

async fn overview(browser: &Browser) {
    browser.go("/").await;
    browser.sees("#open", "No change is open").await;
    browser.click("tbody tr:nth-child(2) button").await;
    browser.sees("tbody tr:nth-child(2) .tested", "it answers").await;
    hold(browser, "overview").await;
}

async fn runs(browser: &Browser) {
    browser.go("/runs").await;
    browser.fill("#subject", "bo@example.com").await;
    browser.sees("#results", "No run is like that").await;
    browser.fill("#subject", ANN).await;
    browser.fill("#command", "iam-create-user").await;
    browser.sees("#results", "iam-create-user").await;
    browser.misses("#results", "iam-get-user").await;
    hold(browser, "runs").await;
    browser.click("#results tbody a").await;
    browser.sees(".facts", "she joins").await;
    browser.click("details.record:nth-of-type(2) summary").await;
    hold(browser, "run-detail").await;
}

async fn people(browser: &Browser) {
    browser.fill("#find", "ann").await;
    browser.press("\u{e007}").await;
    browser.sees("#results", ANN).await;
    hold(browser, "people").await;
    browser.click("#results tbody a").await;
    browser.sees("h1", ANN).await;
    assert_eq!(browser.path().await, PERSON);
    browser.click("form[action$='/look'] button").await;
    browser.misses("#accounts", "create: success").await;
    let accounts = browser.sees("#accounts", "get: success").await;
    assert_eq!(accounts.matches("get: success").count(), 4, "{accounts}");
    hold(browser, "person").await;
}

async fn instances(browser: &Browser) {
    browser.go("/instances").await;
    hold(browser, "instances").await;
    browser.click("tbody tr:nth-child(2) a").await;
    browser.click("form[action$='/test'] button").await;
    browser.sees("#result", "it answers").await;
    hold(browser, "instance").await;
    browser.go("/integrations").await;
    hold(browser, "integrations").await;
}

async fn mappers(browser: &Browser) {
    browser.go("/mappers").await;
    hold(browser, "mappers").await;
    browser.go(MAPPER).await;
    browser.sees("#output", "{").await;
    browser.fill("#document", r#"{"email": "bo@example.com", "givenname": "Bo"}"#).await;
    browser.sees("#output", "bo@example.com").await;
    hold(browser, "mapper").await;
    browser.fill("#document", "{").await;
    browser.sees("#flaw", "no JSON").await;
    browser.complaints().await;
}

async fn disabling(browser: &Browser) {
    browser.go(PERSON).await;
    browser.fill("#typed", "bo@example.com").await;
    browser.click(".danger-zone button").await;
    browser.sees("#problem", "nothing was done").await;
    browser.complaints().await;
    hold(browser, "problem").await;
    browser.go(PERSON).await;
    browser.fill("#reason", "she leaves").await;
    browser.fill("#typed", ANN).await;
    browser.click(".danger-zone button").await;
    browser.sees("h1", "iam-disable-user").await;
    browser.sees(".facts", "she leaves").await;
    let records = browser.sees("tbody", "disabled").await;
    assert_eq!(records.matches("disabled").count(), 4, "{records}");
    hold(browser, "run-disable").await;
}

async fn audit(browser: &Browser) {
    browser.go("/audit").await;
    browser.fill("#subject", ANN).await;
    browser.click("#kind option[value=''] ~ option:nth-of-type(3)").await;
    browser.misses("#results", "change.ended").await;
    browser.sees("#results", "change.intended").await;
    hold(browser, "audit").await;
    browser.click("#results tbody a").await;
    browser.sees("main", "How it ended").await;
    hold(browser, "event").await;
    browser.go("/audit?open=1").await;
    browser.sees("#results", "the end of each is known").await;
}

async fn keys(browser: &Browser) {
    browser.go("/keys").await;
    browser.fill("#name", "nightly").await;
    browser.fill("#instances", "okta").await;
    browser.click("form[action='/keys'] button").await;
    let made = browser.sees("#new-key", "pv_").await;
    hold(browser, "keys").await;
    browser.go("/keys").await;
    assert!(!browser.source().await.contains(&made), "a key is shown once");
    browser.click("tbody tr:nth-child(2) summary").await;
    browser.click("tbody tr:nth-child(2) button").await;
    browser.sees("tbody tr:nth-child(2)", "revoked").await;
}

#[tokio::test]
async fn instances_are_kept_by_forms() {
    let provost = Provost::new();
    let server = Server::start(&provost, &[]).await;
    let Some(browser) = Browser::there(&format!("http://{}", server.address)).await else { return };
    browser.go("/").await;
    sign_in(&browser, server.key()).await;
    browser.sees("main", "There is no instance yet").await;
    hold(&browser, "overview-empty").await;
    browser.go("/integrations/hello-iam-world").await;
    hold(&browser, "instance-form").await;
    browser.fill("#name", "hello").await;
    browser.fill("input[name='p.url']", "http://127.0.0.1:9").await;
    browser.fill("input[name='p.credentials.username']", "app").await;
    browser.fill("input[name='p.credentials']", "canary-password").await;
    browser.click("main form button").await;
    browser.sees("h1", "hello").await;
    browser.sees("main", "127.0.0.1:9").await;
    assert_eq!(browser.path().await, "/instances/hello");
    assert!(!browser.source().await.contains("canary-password"));
    browser.click("form[action$='/test'] button").await;
    browser.sees("#result .failed", "127.0.0.1:9").await;
    hold(&browser, "instance-kept").await;
    browser.go("/instances/hello/edit").await;
    hold(&browser, "instance-edit").await;
    browser.quit().await;
}

/// The pages that are read, and what is on them.
const READ: [(&str, &str); 11] = [
    ("/", "Newest runs"),
    ("/run", "As a line"),
    ("/runs", "iam-create-user"),
    ("/people", ANN),
    (PERSON, "Disable everywhere"),
    ("/instances", "hello-iam-world"),
    ("/instances/okta", "Parameters"),
    (MAPPER, "How each field came by its value"),
    ("/audit", "change.ended"),
    ("/keys", "first key"),
    ("/reference", "iam-create-user"),
];

#[tokio::test]
async fn pages_are_read_and_forms_are_sent_without_scripts() {
    let provost = Provost::new();
    let Some((server, browser)) = start(&provost).await else { return };
    browser.without_scripts().await;
    browser.go("/").await;
    sign_in(&browser, server.key()).await;
    browser.reads("Newest runs").await;
    browser.go("/run").await;
    browser.click("#verb option[value=create]").await;
    browser.fill("#person", PROFILE).await;
    browser.click(".by-fields button").await;
    browser.reads("This run").await;
    browser.reads("00u").await;
    for (path, wanted) in READ {
        browser.go(path).await;
        browser.reads(wanted).await;
    }
    browser.go("/runs?subject=bo%40example.com").await;
    browser.reads("No run is like that").await;
    browser.go("/instances/okta").await;
    browser.click("form[action$='/test'] button").await;
    browser.reads("it answers").await;
    browser.picture("without-scripts").await;
    browser.quit().await;
}
