//! What a command is given: the same arguments as on the command line, in the forms in which
//! playbooks pass them.

use std::sync::Arc;

use provost_core::{Profile, Schema, Selection, UserCommand, Verb};
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use utoipa::ToSchema;

use crate::Problem;

/// How long a reason may be, in characters.
const LONGEST_REASON: usize = 1000;

/// A user command.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct UserRequest {
    /// The person: an object, or a text that holds one.
    #[schema(value_type = Object, example = json!({"email": "ann@example.com"}))]
    user_profile: Value,
    /// Only these instances; without it, all that can.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["okta-prod"]))]
    using: Names,
    /// Only instances of these brands.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    using_brand: Names,
    /// Whether a disabled account is put back in use.
    #[serde(default = "yes")]
    #[schema(value_type = bool, default = true)]
    allow_enable: Truth,
    /// Look the account up and decide, but write nothing.
    #[serde(default)]
    #[schema(value_type = bool, default = false)]
    dry_run: Truth,
    /// Why: it is kept in the audit log.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: Option<String>,
    /// Whether the steps that led to each record are shown.
    #[serde(default)]
    #[schema(value_type = bool, default = false)]
    trace: Truth,
}

impl UserRequest {
    pub(crate) fn command(&self, verb: Verb, schema: Arc<Schema>) -> Result<UserCommand, Problem> {
        let profile = match &self.user_profile {
            Value::String(text) => Profile::parse(text),
            value => Profile::from_value(value.clone()),
        };
        let profile = profile.map_err(|error| {
            Problem::invalid(error.to_string())
                .hint("for example {\"user-profile\": {\"email\": \"ann@example.com\"}}")
        })?;
        Ok(UserCommand { verb, profile: profile.with_schema(schema), allow_enable: self.allow_enable.0 })
    }

    pub(crate) fn asked(&self) -> Selection {
        Selection { using: self.using.0.clone(), using_brand: self.using_brand.0.clone() }
    }

    pub(crate) fn reason(&self) -> Result<Option<String>, Problem> {
        reason(self.reason.as_deref())
    }

    pub(crate) fn is_dry(&self) -> bool {
        self.dry_run.0
    }

    pub(crate) fn with_trace(&self) -> bool {
        self.trace.0
    }
}

/// A reason that is one.
pub(crate) fn reason(given: Option<&str>) -> Result<Option<String>, Problem> {
    let reason = given.map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        return Err(Problem::invalid(format!("`reason` has more than {LONGEST_REASON} characters")));
    }
    Ok(reason.map(str::to_owned))
}

/// `true` or `false`, also as a text.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Truth(pub(crate) bool);

fn yes() -> Truth {
    Truth(true)
}

impl<'de> Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Bool(value) => Ok(Self(value)),
            Value::String(text) if text == "true" => Ok(Self(true)),
            Value::String(text) if text == "false" => Ok(Self(false)),
            _ => Err(de::Error::custom("it must be `true` or `false`")),
        }
    }
}

/// Names in a list, or in a text with commas between.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            List(Vec<String>),
            Text(String),
        }
        let wrong = |_| de::Error::custom("it must be a list of names");
        let names = match Written::deserialize(deserializer).map_err(wrong)? {
            Written::List(names) => names,
            Written::Text(text) => text.split(',').map(|name| name.trim().to_owned()).collect(),
        };
        Ok(Self(names.into_iter().filter(|name| !name.is_empty()).collect()))
    }
}
