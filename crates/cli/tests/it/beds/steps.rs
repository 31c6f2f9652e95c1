//! What is done with a bed, as data: commands, what they must print, and what must be in the
//! server afterwards. Whatever a step does not name must be as it was before.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use provost_core::yaml;
use provost_lab::case::Expect;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bed::Bed;
use super::kit;
use super::people::{self, Api, People};
use crate::provost::{CANARY, PASSWORD_VARIABLE, Provost};

/// What is done with which bed.
pub(crate) struct Plan {
    pub(crate) bed: &'static str,
    pub(crate) api: Api,
    /// A file of steps.
    pub(crate) steps: &'static str,
    /// An outgoing mapper other than the integration's.
    pub(crate) mapper: Option<&'static str>,
}

/// A step.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Step {
    about: String,
    /// An account that is put into the server past our program, before the command.
    #[serde(default)]
    add: Option<Value>,
    command: String,
    #[serde(default)]
    user_profile: Option<Value>,
    /// Whether the token is another one than the server's.
    #[serde(default)]
    wrong_token: bool,
    /// The step is done once for each of these, in the place of `VALUE` in the profile.
    #[serde(default)]
    values: Vec<String>,
    ends: End,
    /// Servers with which it ends otherwise.
    #[serde(default)]
    differs: IndexMap<String, Difference>,
}

/// How a step ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// As in a case.
    #[serde(default)]
    expect: Expect,
    /// Texts that are printed.
    #[serde(default)]
    prints: Vec<String>,
    /// By user name, members that accounts have in the server; null where there is none.
    #[serde(default)]
    accounts: IndexMap<String, Value>,
}

/// Another end, in place of the whole of the first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    why: String,
    ends: End,
}

/// Does the steps of a plan with an emptied server, if it is there.
pub(crate) async fn run(plan: Plan) {
    let Some(bed) = Bed::there(plan.bed) else { return };
    people::remove_everybody(&bed, plan.api).await;
    let mut found = Vec::new();
    for step in plan.steps() {
        if let Some(account) = &step.add {
            people::add(&bed, plan.api, account).await;
        }
        for profile in step.profiles() {
            let differences = plan.differences(&step, profile.as_ref(), &bed).await;
            if !differences.is_empty() {
                found.push(format!("{}\n  {}", step.title(bed.name), differences.join("\n  ")));
            }
        }
    }
    // The fake Okta answers every search with everybody, so that nobody is created there.
    if plan.api == Api::Scim {
        found.extend(kit::differences(plan.program(&bed), bed.name, &bed.token).await);
    }
    assert!(found.is_empty(), "{}:\n{}", bed.name, found.join("\n"));
}

/// A file beside this one.
fn read(name: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/beds").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (path, text)
}

impl Plan {
    fn steps(&self) -> Vec<Step> {
        let (path, text) = read(self.steps);
        yaml::parse(&path, &text).unwrap_or_else(|complaint| panic!("{complaint}"))
    }

    /// Does a step and says in which ways it went differently.
    async fn differences(&self, step: &Step, profile: Option<&Value>, bed: &Bed) -> Vec<String> {
        let before = people::everybody(bed, self.api).await;
        let token = if step.wrong_token { CANARY } else { &bed.token };
        let mut words = vec![step.command.clone(), "--output=entry".to_owned()];
        words.extend(profile.map(|profile| format!("--user-profile={profile}")));
        let program = self.program(bed).variable(PASSWORD_VARIABLE, token);
        let printed = program.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let after = people::everybody(bed, self.api).await;

        let end = step.end(bed.name);
        let entry = serde_json::from_str(&printed.stdout).unwrap_or(Value::Null);
        let mut found = end.expect.check(&entry, printed.exit, &printed.stderr);
        let missing = end.prints.iter().filter(|text| !printed.holds(text));
        found.extend(missing.map(|text| format!("it does not print `{text}`")));
        found.extend(end.wrong_accounts(&after));
        found.extend(end.touched(&before, &after));
        found.extend(printed.holds(token).then(|| "it shows the token".to_owned()));
        if !found.is_empty() {
            found.push(format!("{} said {} {}", words.join(" "), entry["Contents"], printed.stderr));
        }
        found
    }

    /// The program with the bed as its one instance.
    fn program(&self, bed: &Bed) -> Provost {
        let (integration, token) = self.api.integration();
        let mut app = json!({
            "integration": integration,
            "url": bed.url(),
            token: format!("env:{PASSWORD_VARIABLE}"),
        });
        let Some(mapper) = self.mapper else { return configured(&app) };
        app["mapper-out"] = mapper.into();
        configured(&app).file(mapper, &read(mapper).1)
    }
}

fn configured(app: &Value) -> Provost {
    Provost::configured(&json!({"instances": {"app": app}}).to_string())
}

impl Step {
    /// The profiles of its commands.
    fn profiles(&self) -> Vec<Option<Value>> {
        if self.values.is_empty() {
            return vec![self.user_profile.clone()];
        }
        let profile = self.user_profile.as_ref().expect("values are for a profile");
        self.values.iter().map(|value| Some(filled(profile, value))).collect()
    }

    fn end(&self, server: &str) -> &End {
        self.differs.get(server).map_or(&self.ends, |difference| &difference.ends)
    }

    fn title(&self, server: &str) -> String {
        let why = self.differs.get(server).map(|difference| format!(" Here: {}", difference.why));
        format!("{}{}", self.about, why.unwrap_or_default())
    }
}

/// The profile with a value in the place of `VALUE`.
fn filled(profile: &Value, value: &str) -> Value {
    let members = profile.as_object().expect("a profile is an object").iter();
    members
        .map(|(name, old)| (name.clone(), if old == "VALUE" { json!(value) } else { old.clone() }))
        .collect()
}

impl End {
    /// What the named accounts are instead.
    fn wrong_accounts(&self, after: &People) -> Vec<String> {
        let wrong = self.accounts.iter().filter_map(|(name, wanted)| match (wanted, after.get(name)) {
            (Value::Null, None) => None,
            (Value::Null, Some(got)) => Some(format!("{name} is there: {got}")),
            (wanted, Some(got)) if holds(got, wanted) => None,
            (wanted, got) => Some(format!("{name}: wanted {wanted}, got {}", got.unwrap_or(&Value::Null))),
        });
        wrong.collect()
    }

    /// Others that are not as they were.
    fn touched(&self, before: &People, after: &People) -> Vec<String> {
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        let others = names.filter(|name| !self.accounts.contains_key(*name));
        let changed = others.filter(|name| before.get(*name) != after.get(*name));
        changed
            .map(|name| format!("{name} was touched: {:?}, {:?}", before.get(name), after.get(name)))
            .collect()
    }
}

/// Whether every wanted member is there and equal, at any depth; lists have as many elements.
fn holds(got: &Value, wanted: &Value) -> bool {
    match (got, wanted) {
        (Value::Object(got), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| holds(got.get(name).unwrap_or(&Value::Null), wanted))
        }
        (Value::Array(got), Value::Array(wanted)) => {
            got.len() == wanted.len() && got.iter().zip(wanted).all(|(got, wanted)| holds(got, wanted))
        }
        (got, wanted) => got == wanted,
    }
}
