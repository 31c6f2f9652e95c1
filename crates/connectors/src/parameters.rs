//! The values that an instance gives to its integration's parameters.

use std::time::Duration;

use indexmap::IndexMap;
use provost_core::{ExposeSecret, Redactor, Secret};
use provost_net::Rate;
use serde_json::{Map, Value};

/// The settings that every instance has, whatever its integration. No parameter may have
/// one of these names.
pub const COMMON_SETTINGS: [&str; 16] = [
    "integration",
    "enabled",
    "create-user-enabled",
    "update-user-enabled",
    "enable-user-enabled",
    "disable-user-enabled",
    "create-if-not-exists",
    "skip-unchanged",
    "timeout",
    "insecure",
    "proxy",
    "ca-file",
    "mapper-in",
    "mapper-out",
    "concurrency",
    "rate",
];

/// Reads a rate such as `600/min`: a number, and `s`, `min`, `h` or `d`.
pub fn rate(text: &str, writes_only: bool) -> Option<Rate> {
    let (count, span) = text.split_once('/')?;
    let seconds = match span.trim() {
        "s" => 1,
        "min" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    let count = count.trim().parse().ok().filter(|count| *count > 0)?;
    Some(Rate { count, per: Duration::from_secs(seconds), writes_only })
}

/// A parameter's value.
#[derive(Debug, Clone)]
pub enum ParameterValue {
    /// Anything that may be seen.
    Plain(Value),
    /// Something that may not.
    Secret(Secret),
    /// A user name with its password.
    Basic {
        /// The user name.
        username: String,
        /// The password.
        password: Secret,
    },
}

/// All parameters of an instance, by name.
#[derive(Debug, Clone, Default)]
pub struct Parameters(pub IndexMap<String, ParameterValue>);

impl Parameters {
    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&ParameterValue> {
        self.0.get(name)
    }

    /// What expressions see as `params`. Dashes become underscores, which expressions can
    /// name. Secrets are among them, for systems that want them in a query.
    pub(crate) fn scope(&self) -> Value {
        let member = |(name, value): (&String, &ParameterValue)| {
            let value = match value {
                ParameterValue::Plain(value) => value.clone(),
                ParameterValue::Secret(secret) => secret.expose_secret().into(),
                ParameterValue::Basic { username, password } => {
                    serde_json::json!({"username": username, "password": password.expose_secret()})
                }
            };
            (name.replace('-', "_"), value)
        };
        Value::Object(self.0.iter().map(member).collect::<Map<_, _>>())
    }

    /// A redactor that knows all secrets.
    pub(crate) fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        for value in self.0.values() {
            match value {
                ParameterValue::Plain(_) => {}
                ParameterValue::Secret(secret) | ParameterValue::Basic { password: secret, .. } => {
                    redactor.add(secret.expose_secret());
                }
            }
        }
        redactor
    }
}
