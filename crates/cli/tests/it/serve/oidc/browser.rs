//! As much of a browser as a log-in needs: cookies, and going where one is sent.

use std::collections::BTreeMap;

use super::provider::{Provider, fields};
use crate::serve::http::{Answer, try_request};

pub(crate) struct Browser {
    /// The server that it visits; cookies are for this one.
    pub(crate) address: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), "").await
    }

    /// Sends a request, with a form if there is one.
    pub(crate) async fn send(&mut self, line: &str, form: &str) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("Accept", "application/json")];
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        if !form.is_empty() {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let answer = try_request(&self.address, line, &headers, form).await;
        let answer = answer.expect("the server answers");
        for line in answer.head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                self.keep(value);
            }
        }
        answer
    }

    fn keep(&mut self, cookie: &str) {
        let is_strict = cookie.contains("; HttpOnly; SameSite=");
        assert!(is_strict || !cookie.starts_with("provost_"), "{cookie}");
        let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        if cookie.contains("Max-Age=0") || value.is_empty() {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Goes to the provider and logs in there: the path at which the provider sends it back.
    pub(crate) async fn log_in(&mut self, provider: &Provider, next: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let answer = self.get(&format!("/login/oidc?{query}")).await.ended(303);
        let place = answer.header("location").expect("a place to go").to_owned();
        let (address, query) = place.split_once('?').expect("a query");
        assert_eq!(address, format!("{}/authorize", provider.issuer()));
        let question = fields(query);
        assert_eq!(question["tenant"], "1", "the query of the provider's own stays");
        assert_eq!(question["redirect_uri"], format!("http://{}/login/oidc/callback", self.address));
        let code = provider.log_in(&question);
        callback(&[("code", &code), ("state", &question["state"]), ("iss", &provider.issuer())])
    }

    /// The whole way.
    pub(crate) async fn enter(&mut self, provider: &Provider, next: &str) -> Answer {
        let path = self.log_in(provider, next).await;
        self.get(&path).await
    }
}

/// The path with an answer of the provider.
pub(crate) fn callback(pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/login/oidc/callback?{query}")
}

/// What somebody does at the pages of a provider that others wrote: each is answered by a form,
/// until the provider sends the browser to this server. The path there is given back.
pub(crate) async fn walk(address: &str, question: &str, url: &str, form: impl Fn(&str) -> String) -> String {
    let mut browser = Browser::new(address);
    let mut path = question.to_owned();
    for _ in 0..20 {
        let mut answer = browser.get(&path).await;
        if answer.header("location").is_none() {
            let form = form(&answer.ended(200).body);
            answer = browser.send(&format!("POST {path}"), &form).await;
        }
        let place = answer.header("location").unwrap_or_else(|| panic!("{path}: {answer:?}"));
        if let Some(back) = place.strip_prefix(url).filter(|back| back.starts_with('/')) {
            return back.to_owned();
        }
        place.trim_start_matches(&format!("http://{address}")).clone_into(&mut path);
    }
    panic!("it goes in circles at {path}");
}
