//! What is done with a directory, as data: commands, what they must print, and what must be in
//! the directory afterwards.

use std::path::Path;

use indexmap::IndexMap;
use provost_core::yaml;
use provost_lab::case::Expect;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::bed::Directory;
use super::independent::{self, Shown};
use crate::provost::PASSWORD_VARIABLE;

/// A step.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Step {
    about: String,
    /// What is put into the directory past our program, before the command.
    #[serde(default)]
    before: Option<String>,
    /// Settings in the place of the usual ones.
    #[serde(default)]
    settings: Map<String, Value>,
    /// The password that is signed in with, where it is not the right one.
    #[serde(default)]
    password: Option<String>,
    command: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    user_profile: Option<Value>,
    #[serde(default)]
    expect: Expect,
    /// Texts that are printed.
    #[serde(default)]
    prints: Vec<String>,
    /// By DN, attributes that entries have afterwards: a value, all values, or null for none;
    /// null in the place of an entry that is not there.
    #[serde(default)]
    entries: IndexMap<String, Option<IndexMap<String, Value>>>,
    /// By DN, a password, and whether it lets its owner in.
    #[serde(default)]
    lets_in: IndexMap<String, (String, bool)>,
}

/// Does the steps, if the directory is there.
pub(super) async fn run(name: &'static str, steps: &str) {
    let Some(directory) = Directory::there(name) else { return };
    let text = directory.filled(steps);
    let steps: Vec<Step> =
        yaml::parse(Path::new(name), &text).unwrap_or_else(|complaint| panic!("{complaint}"));
    let mut found = Vec::new();
    for step in &steps {
        let differences = differences(&directory, step).await;
        if !differences.is_empty() {
            found.push(format!("{}\n  {}", step.about, differences.join("\n  ")));
        }
    }
    assert!(found.is_empty(), "{name}:\n{}", found.join("\n"));
}

/// Does a step and says in which ways it went differently.
async fn differences(directory: &Directory, step: &Step) -> Vec<String> {
    if let Some(ldif) = &step.before {
        independent::change(directory, ldif).await;
    }
    let password = step.password.as_ref().unwrap_or(&directory.password);
    let program = directory.program(&step.settings).variable(PASSWORD_VARIABLE, password);
    let mut words = vec![step.command.clone(), "--output=entry".to_owned()];
    words.extend(step.words.clone());
    words.extend(step.user_profile.iter().map(|profile| format!("--user-profile={profile}")));
    let printed = program.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let entry = serde_json::from_str(&printed.stdout).unwrap_or(Value::Null);

    let mut found = step.expect.check(&entry, printed.exit, &printed.stderr);
    let missing = step.prints.iter().filter(|text| !printed.holds(text));
    found.extend(missing.map(|text| format!("it does not print `{text}`")));
    found.extend(printed.holds(password).then(|| "it shows the password".to_owned()));
    for (dn, wanted) in &step.entries {
        found.extend(wrong(dn, wanted.as_ref(), independent::entry(directory, dn).await.as_ref()));
    }
    for (dn, (password, wanted)) in &step.lets_in {
        if independent::lets_in(directory, dn, password).await != *wanted {
            found.push(format!("{dn} is {}let in", if *wanted { "not " } else { "" }));
        }
        found.extend(printed.holds(password).then(|| format!("it shows the password of {dn}")));
    }
    if !found.is_empty() {
        found.push(format!("{} said {} {}", words.join(" "), entry["Contents"], printed.stderr));
    }
    found
}

/// What an entry is instead.
fn wrong(dn: &str, wanted: Option<&IndexMap<String, Value>>, got: Option<&Shown>) -> Vec<String> {
    let (wanted, got) = match (wanted, got) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => return vec![format!("{dn} is there")],
        (Some(_), None) => return vec![format!("{dn} is not there")],
        (Some(wanted), Some(got)) => (wanted, got),
    };
    let values = |wanted: &Value| -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match wanted {
            Value::Null => Vec::new(),
            Value::Array(list) => list.iter().map(text).collect(),
            one => vec![text(one)],
        }
    };
    let differs = |(name, wanted): (&String, &Value)| {
        let (mut wanted, mut got) =
            (values(wanted), got.get(&name.to_lowercase()).cloned().unwrap_or_default());
        wanted.sort();
        got.sort();
        (wanted != got).then(|| format!("{dn}: `{name}` is {got:?}, and not {wanted:?}"))
    };
    wanted.iter().filter_map(differs).collect()
}
