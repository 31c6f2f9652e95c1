//! What holds on every page: labels, contrast, nothing of other hosts, no complaints.

use serde_json::{Value, json};

use super::browser::{Browser, Scheme};

/// What is wrong with a page, as a list.
const RULES: &str = include_str!("rules.js");

/// Holds the page that is shown against the rules, in both looks, and keeps a picture of each.
pub(super) async fn hold(browser: &Browser, name: &str) {
    for scheme in [Scheme::Dark, Scheme::Light] {
        browser.looks(scheme).await;
        let wrong = browser.script(RULES).await;
        assert_eq!(wrong, json!([]), "{name}, {}: {wrong:#}", scheme.as_str());
        browser.picture(&format!("{name}-{}", scheme.as_str())).await;
    }
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{name}: {complaints:#?}");
}

/// The element that has the focus.
pub(super) async fn focus(browser: &Browser) -> Value {
    browser.script("return document.activeElement.id || document.activeElement.className").await
}
