//! `fetch-incidents`: cases of several runs, and what happens when one of them is cut off.

use std::path::Path;

use provost_core::{Attributes, yaml};
use provost_lab::script::{Answer, Exchange, Server};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::runtime;
use crate::provost::{PASSWORD_VARIABLE, Printed, Provost};

const STATE: &str = ".provost/app/last-run.json";

/// Runs one after the other, at one server.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FetchCase {
    id: String,
    about: String,
    /// Settings of the instance.
    #[serde(default)]
    instance: Attributes,
    /// The profiles of the people who count.
    #[serde(default)]
    profiles: Option<Vec<Value>>,
    /// What the instance keeps for its commands.
    #[serde(default)]
    stored: Option<Value>,
    /// The state before the first run.
    #[serde(default)]
    last_run: Option<Value>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    exchanges: Vec<Exchange>,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    exit: i32,
    #[serde(default)]
    message: Option<String>,
    /// The ids of the events that are handed out.
    #[serde(default)]
    ids: Option<Vec<String>>,
    /// The events that are handed out.
    #[serde(default)]
    events: Option<Vec<Value>>,
    /// The ids of the events that are kept for the next run.
    #[serde(default)]
    left: Option<Vec<String>>,
    /// The time in the state; `same` for that of the run before.
    #[serde(default)]
    time: Option<String>,
    /// The page in the state; none where it is not said.
    #[serde(default)]
    next: Option<String>,
}

fn cases() -> Vec<FetchCase> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/contract/8.3-okta-fetch.yaml");
    let text = std::fs::read_to_string(&file).expect("the file of cases can be read");
    yaml::parse(&file, &text).unwrap_or_else(|complaint| panic!("{complaint}"))
}

macro_rules! fetch_cases {
    ($($id:ident)+) => {
        #[test]
        fn every_case_has_its_test() {
            let ids: Vec<String> = cases().iter().map(|case| case.id.to_lowercase()).collect();
            assert_eq!(ids, [$(stringify!($id)),+]);
        }

        $(
            #[test]
            fn $id() {
                let case = cases().into_iter().find(|case| case.id.to_lowercase() == stringify!($id));
                runtime().block_on(play(case.expect("it is in the file")));
            }
        )+
    };
}

fetch_cases!(o14 o16 o17 o18 ob5 ob6 ob17 fx1 fx2 fx3 fx4 fx5 fx6 fx7 fx8);

fn configured(url: &str, settings: &Attributes) -> Provost {
    let mut instance = json!({
        "integration": "okta-iam", "url": url, "api-token": format!("env:{PASSWORD_VARIABLE}"),
    });
    instance.as_object_mut().expect("an object").extend(settings.clone());
    Provost::configured(&json!({"instances": {"app": instance}}).to_string())
}

async fn play(case: FetchCase) {
    let exchanges = case.runs.iter().flat_map(|run| run.exchanges.clone()).collect();
    let server = Server::start(exchanges).await.expect("the exchanges can be played");
    let mut provost = configured(&server.url(), &case.instance);
    if let Some(stored) = &case.stored {
        provost = provost.file(".provost/app/store.json", &stored.to_string());
    }
    if let Some(last_run) = &case.last_run {
        provost = provost.file(STATE, &last_run.to_string());
    }
    let mut always = vec!["fetch-incidents".to_owned(), "--bare".to_owned()];
    if let Some(profiles) = &case.profiles {
        let lines: Vec<String> = profiles.iter().map(Value::to_string).collect();
        provost = provost.file("people.jsonl", &lines.join("\n"));
        always.push("--profiles=people.jsonl".to_owned());
    }
    let mut time = None;
    for run in &case.runs {
        let words: Vec<&str> = always.iter().chain(&run.arguments).map(String::as_str).collect();
        let printed = provost.run(&words).await;
        check(&case.about, &printed, &run.expect);
        time = check_state(&case.about, &provost, &run.expect, time.as_deref());
    }
    server.finish().await.expect("the script is followed");
}

fn check(about: &str, printed: &Printed, expected: &Expected) {
    assert_eq!(printed.exit, expected.exit, "{about}: {printed:#?}");
    if let Some(message) = &expected.message {
        assert!(printed.stderr.contains(message), "{about}: {printed:#?}");
    }
    let events = printed.json_lines();
    if let Some(wanted) = &expected.ids {
        assert_eq!(ids(&events), *wanted, "{about}");
    }
    if let Some(wanted) = &expected.events {
        assert_eq!(events, *wanted, "{about}");
    }
}

/// Compares what is kept; returns its time. Where nothing is expected of it there is none.
fn check_state(about: &str, provost: &Provost, expected: &Expected, before: Option<&str>) -> Option<String> {
    let Some(left) = &expected.left else {
        assert!(!provost.folder().join(STATE).exists(), "{about}: nothing is kept");
        return None;
    };
    let state: Value = serde_json::from_str(&provost.read(STATE)).expect("the state is JSON");
    let kept: Vec<Value> = state["incidents"].as_array().into_iter().flatten().map(event).collect();
    assert_eq!(ids(&kept), *left, "{about}");
    assert_eq!(state["last_run_full_url"].as_str(), expected.next.as_deref(), "{about}");
    let time = state["last_run_time"].as_str().expect("a time").to_owned();
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%SZ", &time).expect("the original's format");
    match expected.time.as_deref() {
        Some("same") => assert_eq!(Some(time.as_str()), before, "{about}"),
        Some(wanted) => assert_eq!(time, wanted, "{about}"),
        None => {}
    }
    Some(time)
}

fn event(incident: &Value) -> Value {
    serde_json::from_str(incident["rawJSON"].as_str().expect("a text")).expect("the text is JSON")
}

fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["uuid"].as_str().expect("an id")).collect()
}

fn any_events() -> Attributes {
    Attributes::from_iter([("auto-generate-query-filter".to_owned(), false.into())])
}

fn page(events: Vec<Value>) -> Exchange {
    Exchange::new("GET /api/v1/logs?since={time}&until={time}", Answer::new(200, Value::Array(events)))
}

#[tokio::test]
async fn incidents_have_the_originals_form() {
    let script = vec![page(vec![json!({"uuid": "e1"})]), page(vec![]), page(vec![json!({"uuid": "e2"})])];
    let server = Server::start(script).await.expect("it can be played");
    let provost = configured(&server.url(), &any_events());
    let words = ["fetch-incidents", "--state=here.json"];
    let lines = provost.run(&words).await.ended(0).json_lines();
    assert_eq!(lines, [json!({"rawJSON": "{\"uuid\":\"e1\"}"})]);
    let list = provost.run(&[words.as_slice(), &["--output=json"]].concat()).await.ended(0).json();
    assert_eq!(list, json!([]));
    let entry = provost.run(&[words.as_slice(), &["--output=entry"]].concat()).await.ended(0).json();
    assert_eq!(entry["Contents"], json!([{"rawJSON": "{\"uuid\":\"e2\"}"}]));
    assert!(provost.folder().join("here.json").is_file() && !provost.folder().join(STATE).exists());
    server.finish().await.expect("three runs, three requests");
}

/// Who kills the program while it prints has not got everything; the next run hands it out.
#[tokio::test]
async fn a_run_that_is_killed_while_it_prints_is_repeated() {
    // Far more than a pipe holds, so that the program waits for its reader.
    let long = "x".repeat(10_000);
    let events: Vec<Value> = (0..40).map(|n| json!({"uuid": format!("e{n}"), "text": long})).collect();
    let server =
        Server::start(vec![page(events.clone()), page(events.clone())]).await.expect("it can be played");
    let provost = configured(&server.url(), &any_events());
    let mut child = provost.start(&["fetch-incidents", "--bare"]);
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    assert!(lines.next_line().await.expect("readable").expect("a line").contains("\"e0\""));
    child.kill().await.expect("it still runs");
    assert!(!provost.folder().join(STATE).exists(), "nothing is kept before all is printed");
    let again = provost.run(&["fetch-incidents", "--bare"]).await.ended(0).json_lines();
    assert_eq!(again, events);
    server.finish().await.expect("both runs ask");
}

#[tokio::test]
async fn a_reader_that_goes_away_gets_everything_again() {
    let long = "x".repeat(10_000);
    let events: Vec<Value> = (0..40).map(|n| json!({"uuid": format!("e{n}"), "text": long})).collect();
    let server =
        Server::start(vec![page(events.clone()), page(events.clone())]).await.expect("it can be played");
    let provost = configured(&server.url(), &any_events());
    let mut child = provost.start(&["fetch-incidents"]);
    drop(child.stdout.take());
    let printed = Printed::at_the_end_of(child).await.ended(1);
    assert!(printed.stderr.contains("the next run hands it out again"), "{printed:#?}");
    let again = provost.run(&["fetch-incidents", "--bare"]).await.ended(0).json_lines();
    assert_eq!(again, events);
    server.finish().await.expect("both runs ask");
}

/// The second waits for the first, and goes on where that ended.
#[tokio::test]
async fn two_runs_at_the_same_time_hand_out_each_event_once() {
    let mut first = page(vec![json!({"uuid": "e1"}), json!({"uuid": "e2"})]);
    first.answer.delay = Some(300);
    let second = page(vec![json!({"uuid": "e2"}), json!({"uuid": "e3"})]);
    let server = Server::start(vec![first, second]).await.expect("it can be played");
    let provost = configured(&server.url(), &any_events());
    let words = ["fetch-incidents", "--bare"];
    let (one, other) = tokio::join!(provost.run(&words), provost.run(&words));
    let events = [one.ended(0).json_lines(), other.ended(0).json_lines()].concat();
    let mut ids = ids(&events);
    ids.sort_unstable();
    assert_eq!(ids, ["e1", "e2", "e3"]);
    server.finish().await.expect("both ask, one after the other");
}

#[tokio::test]
async fn a_run_that_cannot_begin_says_why() {
    let provost = configured("http://127.0.0.1:9", &any_events());
    let cases = [
        (vec!["--profiles=none.jsonl"], "could not read the profiles `none.jsonl`"),
        (vec!["--profiles=bad.jsonl"], "bad.jsonl:2: the profile has no `email`"),
        (vec!["--state=broken.json"], "could not read `broken.json`"),
        (vec!["--max-fetch=x"], "--max-fetch"),
    ];
    let provost = provost
        .file("bad.jsonl", "{\"email\": \"ann@example.com\"}\n{\"givenname\": \"Bo\"}\n")
        .file("broken.json", "{");
    for (words, expected) in cases {
        let printed = provost.run(&[&["fetch-incidents"], words.as_slice()].concat()).await.ended(2);
        assert!(printed.stderr.contains(expected), "{words:?}: {printed:#?}");
    }
    let two = json!({"instances": {
        "a": {"integration": "okta-iam", "url": "http://127.0.0.1:9", "api-token": "env:X"},
        "b": {"integration": "okta-iam", "url": "http://127.0.0.1:9", "api-token": "env:X"},
    }});
    let printed = Provost::configured(&two.to_string()).run(&["fetch-incidents"]).await.ended(2);
    assert!(printed.stderr.contains("takes one instance, but there are a, b"), "{printed:#?}");
}

/// The original's own mapper makes an incident's fields of what is fetched; it is read where
/// the collection of mapper files is.
#[tokio::test]
#[expect(clippy::print_stderr, reason = "a test that checks nothing has to say so")]
async fn ob11_the_app_sync_mapper_reads_what_is_fetched() {
    let named = std::env::var_os("PROVOST_XSOAR_MAPPERS").map(std::path::PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/xsoar-mappers");
    let mapper = named.unwrap_or(beside).join("classifier-mapper-Okta_IAM.json");
    let Some(mapper) = mapper.to_str().filter(|file| Path::new(file).is_file()) else {
        eprintln!("the original's mapper file is not there; nothing is checked");
        return;
    };
    let event = json!({
        "uuid": "e1", "eventType": "application.user_membership.add",
        "target": [
            {"type": "AppInstance", "id": "a1", "alternateId": "App", "displayName": "The App"},
            {"type": "User", "id": "u1", "alternateId": "ann@example.com", "displayName": "Ann Example"},
        ],
    });
    let server = Server::start(vec![page(vec![event])]).await.expect("it can be played");
    let fetched = configured(&server.url(), &any_events()).run(&["fetch-incidents", "--bare"]).await.ended(0);
    let mapped = Provost::new().input(&fetched.stdout);
    let words = ["mapper", "run", mapper, "--type", "IAM - App Add", "--output", "json"];
    let fields = mapped.run(&words).await.ended(0).json();
    let expected = [
        ("Application Id", "a1"),
        ("Application Name", "App"),
        ("User Id", "u1"),
        ("Username", "ann@example.com"),
        ("Display Name", "Ann Example"),
    ];
    for (name, wanted) in expected {
        assert_eq!(fields[name], wanted, "{name}: {fields}");
    }
    server.finish().await.expect("one request");
}
