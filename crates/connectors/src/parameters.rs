//! The values that an instance gives to its integration's parameters.

use std::time::Duration;

use indexmap::IndexMap;
use provost_core::{ExposeSecret, Redactor, Secret};
use provost_net::Rate;
use serde_json::{Map, Value};

/// The settings that every instance has, whatever its integration. No parameter may have
/// one of these names.
pub const COMMON_SETTINGS: [&str; 17] = [
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
    "private",
];

/// Reads a rate such as `600/min` or `600/min burst 20`: a number, and `s`, `min`, `h` or
/// `d`, and how many may leave at once.
pub fn rate(text: &str, writes_only: bool) -> Option<Rate> {
    let above_0 = |text: &str| text.trim().parse().ok().filter(|count| *count > 0);
    let (text, burst) = match text.split_once(" burst ") {
        Some((text, burst)) => (text, Some(above_0(burst)?)),
        None => (text, None),
    };
    let (count, span) = text.split_once('/')?;
    let seconds = match span.trim() {
        "s" => 1,
        "min" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    Some(Rate { count: above_0(count)?, per: Duration::from_secs(seconds), burst, writes_only })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_a_span_and_a_burst() {
        let cases = [
            ("600/min", Some((600, 60, None))),
            (" 20 / s ", Some((20, 1, None))),
            ("600/min burst 20", Some((600, 60, Some(20)))),
            ("600/min burst 0", None),
            ("600/min burst", None),
            ("600/week", None),
            ("0/min", None),
            ("600", None),
        ];
        for (text, expected) in cases {
            let read = rate(text, false).map(|rate| (rate.count, rate.per.as_secs(), rate.burst));
            assert_eq!(read, expected, "{text}");
        }
    }
}
