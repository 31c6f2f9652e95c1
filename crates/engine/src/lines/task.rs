//! What a line asks for: whom, what to do, and where.

use std::sync::Arc;

use provost_core::{Profile, Schema, Selection, UserCommand, Verb, dashed, did_you_mean};
use provost_mapper::LONGEST_DOCUMENT;
use serde_json::{Map, Value};

use super::who::who;

/// The member of a command that holds the person.
pub(super) const PROFILE: &str = "user-profile";
/// The other members.
pub(super) const COMMAND_MEMBERS: [&str; 4] = ["command", "allow-enable", "using", "using-brand"];

/// What a line asks for.
#[derive(Debug)]
pub struct Task {
    /// What to do, and to whom.
    pub command: UserCommand,
    /// Where to, if the line says.
    pub to: Option<Selection>,
    /// Whom it is about: what a line has in common with others about the same person. These
    /// keys are good as long as the program runs.
    pub who: Vec<u64>,
}

/// What holds where a line does not say otherwise.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// The command of a line that names none.
    pub verb: Verb,
    /// Whether an update may re-enable a disabled account.
    pub allow_enable: bool,
    /// The fields of profiles.
    pub schema: Arc<Schema>,
}

impl Defaults {
    /// Reads a line of JSON.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self, line: &[u8]) -> Result<Task, String> {
        if line.len() > LONGEST_DOCUMENT {
            return Err(too_long());
        }
        let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
        let value = serde_json::from_str(text).map_err(|error| format!("no JSON object: {error}"))?;
        self.task(value)
    }

    /// Takes a value as a command, or as the profile of one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn task(&self, value: Value) -> Result<Task, String> {
        match value {
            Value::Object(members) if is_command(&members) => self.command(members),
            profile => self.of(profile, self.verb, self.allow_enable, None),
        }
    }

    fn command(&self, members: Map<String, Value>) -> Result<Task, String> {
        let (mut verb, mut allow_enable, mut profile) = (self.verb, self.allow_enable, None);
        let mut to = Selection::default();
        for (name, value) in members {
            match dashed(&name).as_str() {
                "command" => verb = verb_of(value.as_str().unwrap_or_default())?,
                "allow-enable" => allow_enable = truth(&value)?,
                "using" => to.using = names(&name, value)?,
                "using-brand" => to.using_brand = names(&name, value)?,
                PROFILE => profile = Some(value),
                other => return Err(format!("a command has no `{other}`, which belongs into `{PROFILE}`")),
            }
        }
        let profile = profile.ok_or_else(|| format!("a command needs a `{PROFILE}`"))?;
        let to = Some(to).filter(|to| *to != Selection::default());
        self.of(profile, verb, allow_enable, to)
    }

    fn of(
        &self,
        profile: Value,
        verb: Verb,
        allow_enable: bool,
        to: Option<Selection>,
    ) -> Result<Task, String> {
        let profile = match profile {
            Value::String(text) => Profile::parse(&text),
            value => Profile::from_value(value),
        };
        let profile = profile.map_err(|error| error.to_string())?.with_schema(Arc::clone(&self.schema));
        let who = who(&profile);
        Ok(Task { command: UserCommand { verb, profile, allow_enable }, to, who })
    }
}

/// The complaint about a line that is too long.
pub(super) fn too_long() -> String {
    format!("the line has more than {LONGEST_DOCUMENT} bytes")
}

/// The verb of a command's name.
///
/// # Errors
/// A name that no command of a batch has.
pub fn verb_of(name: &str) -> Result<Verb, String> {
    let commands = Verb::ALL.map(Verb::command);
    let found = Verb::ALL.into_iter().find(|verb| verb.command() == dashed(name));
    found.ok_or_else(|| {
        let known = commands.iter().map(String::as_str);
        let hint = did_you_mean(name, known).map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("a batch has no command `{name}`{hint}")
    })
}

/// Somebody who forgot to put the profile into `user-profile` must not create whom they
/// meant to disable.
fn is_command(members: &Map<String, Value>) -> bool {
    let is_part = |name: &String| matches!(dashed(name).as_str(), "command" | PROFILE);
    let may_be = |name: &String| name.len() == "command".len() || name.len() == PROFILE.len();
    members.keys().any(|name| may_be(name) && is_part(name))
}

fn truth(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(word) if word == "true" || word == "false" => Ok(word == "true"),
        other => Err(format!("`allow-enable` is `true` or `false`, not {other}")),
    }
}

/// Names as a list, or in one text with commas.
fn names(member: &str, value: Value) -> Result<Vec<String>, String> {
    let items = match value {
        Value::String(text) => text.split(',').map(|name| Value::from(name.trim())).collect(),
        Value::Array(items) => items,
        other => vec![other],
    };
    let name = |item: Value| match item {
        Value::String(name) if !name.is_empty() => Ok(name),
        _ => Err(format!("`{member}` holds names, separated by commas")),
    };
    items.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        let defaults = Defaults { verb: Verb::Create, allow_enable: true, schema: Schema::built_in() };
        defaults.parse(line.as_bytes())
    }

    #[test]
    fn a_line_is_a_profile_or_a_command() {
        let profile = parsed(r#"{"email": "ann@example.com"}"#).unwrap();
        assert_eq!(
            (profile.command.verb, profile.command.allow_enable, profile.to),
            (Verb::Create, true, None)
        );
        let command = parsed(
            r#"{"command": "iam_disable_user", "user_profile": {"email": "ann@example.com"}, "allow-enable": "false", "using": "crm, hr"}"#,
        )
        .unwrap();
        assert_eq!((command.command.verb, command.command.allow_enable), (Verb::Disable, false));
        assert_eq!(command.to.unwrap().using, ["crm", "hr"]);
        let text = parsed(r#"{"user-profile": "{\"email\": \"ann@example.com\"}"}"#).unwrap();
        assert_eq!(text.command.profile.email(), Some("ann@example.com"));
    }

    #[test]
    fn what_is_no_command_says_why() {
        for (line, expected) in [
            ("{\"email\":", "no JSON object"),
            ("[]", "this is a list"),
            ("{}", "You must provide"),
            (r#"{"command": "iam-disable-user", "email": "ann@example.com"}"#, "no `email`"),
            (r#"{"command": "iam-disable-user"}"#, "needs a `user-profile`"),
            (r#"{"command": "iam-disabel-user", "user-profile": {}}"#, "did you mean `iam-disable-user`"),
            (r#"{"command": 7, "user-profile": {}}"#, "no command"),
            (r#"{"user-profile": {"email": "a"}, "allow-enable": "True"}"#, "`true` or `false`"),
            (r#"{"user-profile": {"email": "a"}, "using": 7}"#, "holds names"),
            (r#"{"user-profile": 7}"#, "this is a number"),
        ] {
            let flaw = parsed(line).unwrap_err();
            assert!(flaw.contains(expected), "{line}: {flaw}");
        }
    }
}
