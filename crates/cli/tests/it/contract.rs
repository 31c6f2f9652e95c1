//! Cases as data: each file in `contract/` and each `integrations/*/cases/*.yaml` is run
//! against a server that plays the case's exchanges and nothing else.

mod entry;
mod fetch;
pub(crate) mod files;
mod large;

use std::path::{Path, PathBuf};

use provost_connectors::{Catalogue, Parameter, ParameterType};
use provost_core::Attributes;
use provost_lab::case::{Case, parse_cases};
use provost_lab::script::{Request, Server};
use rcgen::KeyPair;
use serde_json::{Value, json};

use crate::provost::{CANARY, PASSWORD_VARIABLE, Printed, Provost};

/// The integrations that exist for tests only.
const INTEGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/integrations");

/// The variable that holds a private key.
const KEY_VARIABLE: &str = "APP_KEY";

/// A file of cases and the integration that they are about.
#[derive(Clone)]
pub(crate) struct CaseFile {
    path: PathBuf,
    pub(crate) integration: String,
}

impl CaseFile {
    /// A file of this folder.
    pub(crate) fn here(name: &str, integration: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/contract");
        Self { path: folder.join(name), integration: integration.to_owned() }
    }

    pub(crate) fn cases(&self) -> Vec<Case> {
        let text = std::fs::read_to_string(&self.path).expect("the file of cases can be read");
        parse_cases(&self.path, &text).unwrap_or_else(|complaint| panic!("{complaint}"))
    }

    /// Runs the case whose id in lower case is this.
    fn run(&self, id: &str) {
        let cases = self.cases();
        let case = cases.iter().find(|case| case.id.to_lowercase() == id);
        let case = case.unwrap_or_else(|| panic!("{} has no case {id}", self.path.display()));
        let differences = runtime().block_on(differences(case, &self.integration));
        assert!(differences.is_empty(), "{}\n{}", case.about, differences.join("\n"));
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// What came of a case.
pub(crate) struct Played {
    /// In which ways it went differently.
    pub(crate) differences: Vec<String>,
    /// What was asked of the system.
    pub(crate) requests: Vec<Request>,
}

/// Runs a case and says in which ways it went differently.
async fn differences(case: &Case, integration: &str) -> Vec<String> {
    play(case, integration).await.differences
}

/// Runs a case.
pub(crate) async fn play(case: &Case, integration: &str) -> Played {
    let server = Server::start(case.exchanges.clone()).await.expect("the exchanges can be played");
    let key = KeyPair::generate().expect("a key").serialize_pem();
    let program = Provost::configured(&configuration(case, integration, &server.url()));
    let program = program.variable(KEY_VARIABLE, &key);
    let words = words(case);
    let printed = program.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let entry = serde_json::from_str(&printed.stdout).unwrap_or(Value::Null);
    let mut found = case.expect.check(&entry, printed.exit, &printed.stderr);
    found.extend(entry::flaws(&entry));
    found.extend(leak(&printed));
    let requests = server.requests();
    found.extend(server.finish().await.err().unwrap_or_default());
    if !found.is_empty() {
        found.push(format!("{printed:#?}"));
    }
    Played { differences: found, requests }
}

/// `provost.yaml` with the one instance `app`. JSON is YAML too.
fn configuration(case: &Case, integration: &str, url: &str) -> String {
    let mut settings = settings(integration, url);
    settings.insert("integration".to_owned(), integration.into());
    settings.extend(case.instance.clone());
    // A case takes a setting out by null.
    settings.retain(|_, value| !value.is_null());
    json!({"integrations": INTEGRATIONS, "instances": {"app": settings}}).to_string()
}

/// What an instance of an integration needs, by its manifest: what is required, every address
/// that there is, and something to sign in with. A case sets the rest.
fn settings(integration: &str, url: &str) -> Attributes {
    let opened = Catalogue::new(vec![INTEGRATIONS.into()]).open(integration);
    let parameters = opened.unwrap_or_else(|error| panic!("{integration}: {error}")).manifest.parameters;
    let is_needed = |parameter: &Parameter| match parameter.r#type {
        ParameterType::Basic => true,
        ParameterType::Url => parameter.required || parameter.default.is_some(),
        _ => parameter.required,
    };
    let signs_in =
        |parameter: &Parameter| matches!(parameter.r#type, ParameterType::Basic | ParameterType::Secret);
    let has_sign_in = parameters.values().any(|parameter| is_needed(parameter) && signs_in(parameter));
    let first = parameters.iter().find(|(_, parameter)| !has_sign_in && signs_in(parameter));
    let needed = parameters.iter().filter(|(_, parameter)| is_needed(parameter));
    needed.chain(first).map(|(name, parameter)| (name.clone(), made_up(name, parameter, url))).collect()
}

/// A value for a parameter. Every address is one of the server that plays the case.
fn made_up(name: &str, parameter: &Parameter, url: &str) -> Value {
    let password = format!("env:{PASSWORD_VARIABLE}");
    match parameter.r#type {
        ParameterType::Url => format!("{url}{}", path(parameter)).into(),
        ParameterType::Secret if name.ends_with("private-key") => format!("env:{KEY_VARIABLE}").into(),
        ParameterType::Secret => password.into(),
        ParameterType::Basic => json!({"username": "app", "password": password}),
        ParameterType::Text => "app".into(),
        ParameterType::Number => 1.into(),
        ParameterType::Boolean => true.into(),
    }
}

/// The path of an address that is set if nobody sets another.
fn path(parameter: &Parameter) -> &str {
    let usual = parameter.default.as_ref().and_then(Value::as_str).unwrap_or_default();
    let host = usual.find("//").map_or(0, |at| at + 2);
    usual[host..].find('/').map_or("", |at| &usual[host + at..])
}

/// The case as a command line.
fn words(case: &Case) -> Vec<String> {
    let argument = |(name, value): (&String, &Value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("--{name}={text}")
    };
    let command = [case.command.clone(), "--output=entry".to_owned()];
    command.into_iter().chain(case.arguments.iter().map(argument)).collect()
}

/// No case may print the password, nor the header that carries it.
fn leak(printed: &Printed) -> Option<String> {
    // `app:canary-password` as Basic authentication writes it.
    let header = "YXBwOmNhbmFyeS1wYXNzd29yZA";
    [CANARY, header]
        .into_iter()
        .find(|secret| printed.holds(secret))
        .map(|secret| format!("it shows {secret}"))
}
