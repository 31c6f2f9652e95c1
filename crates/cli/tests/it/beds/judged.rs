//! Every request that the cases make, held against the vendor's own API description.
//!
//! A judge is a mock without state that says in a header what is wrong with a request. So
//! each case is played with its script first, and what was asked there is then sent to the
//! judge.

use provost_lab::script::Request;
use serde_json::{Value, json};

use super::bed::{Bed, leave_out};
use super::http::{Answer, send};
use crate::contract::files::recorded;
use crate::contract::{CaseFile, play};

/// An integration whose vendor has an API description.
struct Described {
    integration: &'static str,
    /// The bed that knows the description.
    judge: &'static str,
    /// Cases beside those of the integration.
    contract: Option<&'static str>,
    /// What is before the paths of the description in ours.
    base: &'static str,
    /// What the description wants in the query as a sign-in, where we send a header.
    sign_in: &'static str,
    /// A request that must be refused for its body, so that a judge who lets everything pass
    /// is noticed: its line, its authorization, its body.
    wrong: (&'static str, &'static str, &'static str),
    known: &'static [Known],
}

/// Complaints that say nothing against our requests.
struct Known {
    /// A part of the request's line.
    request: &'static str,
    /// A part of the complaint.
    complaint: &'static str,
    why: &'static str,
}

const OKTA: Described = Described {
    integration: "okta-iam",
    judge: "prism-okta",
    contract: Some("8.3-okta-iam.yaml"),
    base: "",
    sign_in: "",
    wrong: ("POST /api/v1/users", "SSWS x", r#"{"credentials": {}}"#),
    known: &[
        Known { request: "/users", complaint: "fewer than 5", why: "cases have the short login `ann`" },
        TOKEN,
    ],
};

const SERVICENOW: Described = Described {
    integration: "servicenow-iam",
    judge: "prism-servicenow",
    contract: Some("8.4-servicenow-iam.yaml"),
    base: "",
    sign_in: "",
    wrong: ("POST /api/now/table/sys_user", "Basic YTpi", r#"{"userName": "ann"}"#),
    known: &[
        Known { request: "/sys_user/", complaint: "[0-9a-f]{32}", why: "cases have short ids" },
        Known { request: "POST ", complaint: "property 'user_name'", why: "a case has no user name" },
        Known {
            request: "/api/now/v1/",
            complaint: "NO_PATH",
            why: "paths with a version are not described",
        },
        Known { request: "/sys_user_gr", complaint: "NO_PATH", why: "only the table of users is described" },
        Known {
            request: "/sys_dictionary",
            complaint: "NO_PATH",
            why: "only the table of users is described",
        },
    ],
};

const ENTRA: Described = Described {
    integration: "entra-id",
    judge: "prism-entra",
    contract: None,
    base: "/v1.0",
    sign_in: "",
    wrong: ("POST /v1.0/users", "Bearer x", r#"{"accountEnabled": "False"}"#),
    known: &[TOKEN],
};

const GITHUB: Described = Described {
    integration: "github-iam",
    judge: "prism-github",
    contract: None,
    base: "",
    sign_in: "",
    wrong: ("POST /scim/v2/organizations/acme/Users", "Bearer x", r#"{"emails": "ann"}"#),
    known: &[],
};

const ZOOM: Described = Described {
    integration: "zoom-iam",
    judge: "prism-zoom",
    contract: None,
    base: "/v2",
    sign_in: "access_token=x",
    wrong: ("POST /v2/users", "Bearer x", r#"{"action": "off"}"#),
    known: &[TOKEN],
};

const TOKEN: Known = Known { request: "/token", complaint: "NO_PATH", why: "tokens are had elsewhere" };

const DESCRIBED: [Described; 5] = [OKTA, SERVICENOW, ENTRA, GITHUB, ZOOM];

/// Integrations that nobody describes.
const NOT_DESCRIBED: [&str; 14] = [
    "atlassian-iam",
    "aws-ilm",
    "clarizen-iam",
    "envoy-iam",
    "exceedlms-iam",
    "google-workspace",
    "hello-iam-world",
    "oracle-iam",
    "prismacloud-iam",
    "salesforce-fusion-iam",
    "salesforce-iam",
    "sap-iam",
    "scim",
    "slack-iam",
];

#[tokio::test]
async fn okta() {
    OKTA.hear().await;
}

#[tokio::test]
async fn servicenow() {
    SERVICENOW.hear().await;
}

#[tokio::test]
async fn entra() {
    ENTRA.hear().await;
}

#[tokio::test]
async fn github() {
    GITHUB.hear().await;
}

#[tokio::test]
async fn zoom() {
    ZOOM.hear().await;
}

#[test]
fn every_integration_is_described_or_known_not_to_be() {
    let named: Vec<&str> = DESCRIBED.iter().map(|row| row.integration).chain(NOT_DESCRIBED).collect();
    for file in recorded() {
        let name = file.integration;
        assert!(named.contains(&name.as_str()), "`{name}` is in neither table of {}", file!());
    }
}

impl Described {
    /// Fails if the judge has anything to say about a request of ours.
    async fn hear(&self) {
        let Some(judge) = Bed::there(self.judge) else { return };
        let refused = self.complaints(&judge, &self.wrong()).await;
        assert!(
            refused.iter().any(|text| text.contains("body")),
            "{} refuses no body: {refused:?}",
            self.judge
        );

        let requests = self.requests().await;
        let mut found = Vec::new();
        for request in &requests {
            found.extend(self.complaints(&judge, request).await);
        }
        // What is known and does not happen any more would hide something else one day.
        let is_idle = |known: &&Known| !found.iter().any(|complaint| known.explains(complaint));
        let idle: Vec<&str> = self.known.iter().filter(is_idle).map(|known| known.why).collect();
        assert!(requests.is_empty() || idle.is_empty(), "{idle:?} is not so");
        found.retain(|complaint| !self.known.iter().any(|known| known.explains(complaint)));
        assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
    }

    fn wrong(&self) -> Request {
        let (line, authorization, body) = self.wrong;
        let headers = [("authorization", authorization), ("content-type", "application/json")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Request { line: line.to_owned(), headers: headers.to_vec(), body: body.into() }
    }

    /// Everything that the cases ask of the system.
    async fn requests(&self) -> Vec<Request> {
        let contract = self.contract.map(|file| CaseFile::here(file, self.integration));
        let shipped = recorded().into_iter().filter(|file| file.integration == self.integration);
        let mut requests = Vec::new();
        for file in shipped.chain(contract) {
            for case in file.cases() {
                requests.extend(play(&case, self.integration).await.requests);
            }
        }
        if requests.is_empty() {
            leave_out(&format!("there is no integration `{}`", self.integration));
        }
        requests
    }

    /// What the judge says about a request, each with the request before it.
    async fn complaints(&self, judge: &Bed, request: &Request) -> Vec<String> {
        let mut line = request.line.replacen(self.base, "", 1);
        if !self.sign_in.is_empty() {
            line = format!("{line}{}{}", if line.contains('?') { '&' } else { '?' }, self.sign_in);
        }
        let of_the_way = ["host", "content-length", "connection", "accept-encoding"];
        let headers = request.headers.iter().filter(|(name, _)| !of_the_way.contains(&name.as_str()));
        let headers: Vec<_> = headers.cloned().collect();
        let answer = send(judge.address, &line, &headers, &request.body).await;
        let body = String::from_utf8_lossy(&request.body);
        judgement(&answer).into_iter().map(|text| format!("{line} {body}\n    {text}")).collect()
    }
}

impl Known {
    fn explains(&self, complaint: &str) -> bool {
        let (request, complaint) = complaint.split_once('\n').expect("a complaint has two lines");
        request.contains(self.request) && complaint.contains(self.complaint)
    }
}

/// What an answer says about the request. Answers are examples, which may be wrong
/// themselves; that is not looked at.
fn judgement(answer: &Answer) -> Vec<String> {
    let violations = answer.header("sl-violations").map_or(json!([]), |text| {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    let all = violations.as_array().into_iter().flatten();
    let about_request = all.filter(|one| one["location"][0] == "request").map(Value::to_string);
    about_request.chain(refusal(answer)).collect()
}

/// A refusal in the judge's own words, where the description has none: no such path or
/// method, no authorization, or a request that is not valid.
fn refusal(answer: &Answer) -> Option<String> {
    let is_own = answer.header("content-type").is_some_and(|kind| kind.contains("problem+json"));
    (answer.status == 401 || is_own && answer.status < 500).then(|| answer.body.clone())
}
