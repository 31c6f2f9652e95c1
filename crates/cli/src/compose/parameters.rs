//! An instance's parameters, as its integration wants them.

use provost_connectors::{COMMON_SETTINGS, Manifest, Parameter, ParameterType, ParameterValue, Parameters};
use provost_core::yaml::Located;
use provost_core::{Diagnostic, Secret, did_you_mean};
use serde_json::{Map, Value};

use crate::config::{Config, Given, InstanceSettings, Reference, Resolver, Stored, address};
use crate::output::{self, Hinted};

/// The members of a user name with its password.
pub(crate) const BASIC: [&str; 2] = ["username", "password"];

/// The parameters of one instance.
pub(super) struct Reader<'a> {
    pub(super) config: &'a Config,
    pub(super) settings: &'a InstanceSettings,
}

/// A parameter that fits its integration. Secrets are where they are.
enum Fitting {
    Plain(Value),
    Secret(Reference),
    Basic { username: String, password: Reference },
}

impl Reader<'_> {
    /// The parameters with their secrets.
    ///
    /// # Errors
    /// The first that does not fit, and secrets that cannot be had.
    pub(super) fn parameters(&self, manifest: &Manifest) -> anyhow::Result<Parameters> {
        self.refuse_unknown(manifest)?;
        let mut parameters = Parameters::default();
        for (name, parameter) in &manifest.parameters {
            let value = match (self.fitting(name, parameter)?, &parameter.default) {
                (Some((given, fitting)), _) => self.value(name, given, fitting)?,
                (None, Some(default)) => ParameterValue::Plain(default.clone()),
                (None, None) => continue,
            };
            parameters.0.insert(name.clone(), value);
        }
        Ok(parameters)
    }

    /// Checks the parameters without reading a secret. Returns the names of those that
    /// are secrets in plain text.
    ///
    /// # Errors
    /// The first that does not fit.
    pub(super) fn check(&self, manifest: &Manifest) -> anyhow::Result<Vec<String>> {
        self.refuse_unknown(manifest)?;
        let mut plain = Vec::new();
        for (name, parameter) in &manifest.parameters {
            match self.fitting(name, parameter)? {
                Some((_, Fitting::Secret(Reference::Plain(_)))) => plain.push(name.clone()),
                Some((_, Fitting::Basic { password: Reference::Plain(_), .. })) => {
                    plain.push(label(name));
                }
                _ => {}
            }
        }
        Ok(plain)
    }

    fn refuse_unknown(&self, manifest: &Manifest) -> Result<(), Box<Diagnostic>> {
        let given = &self.settings.parameters;
        let Some((name, given)) = given.iter().find(|(name, _)| !manifest.parameters.contains_key(*name))
        else {
            return Ok(());
        };
        let message = format!("`{}` has no setting `{name}`", self.settings.integration);
        Err(Box::new(self.complain(&given.key, &message).with_optional_hint(meant(manifest, name))))
    }

    /// A parameter as it is given; nothing where it is not and need not be.
    fn fitting(
        &self,
        name: &str,
        parameter: &Parameter,
    ) -> Result<Option<(&Given, Fitting)>, Box<Diagnostic>> {
        let Some(given) = self.settings.parameters.get(name) else {
            let is_missing = parameter.required && parameter.default.is_none();
            return if is_missing { Err(self.missing(name, parameter)) } else { Ok(None) };
        };
        let value = &given.value;
        let wrong = |wanted: &str| Box::new(self.complain(value, &format!("`{name}` must be {wanted}")));
        let fitting = match parameter.r#type {
            ParameterType::Secret => {
                let text = value.value.as_str().ok_or_else(|| wrong("a text, such as env:NAME"))?;
                Fitting::Secret(self.reference(value, text)?)
            }
            ParameterType::Basic => {
                let (username, password) = basic(&value.value).map_err(|wanted| wrong(&wanted))?;
                Fitting::Basic { username, password: self.reference(value, &password)? }
            }
            plain => Fitting::Plain(plain_value(plain, &value.value).map_err(wrong)?),
        };
        Ok(Some((given, fitting)))
    }

    fn missing(&self, name: &str, parameter: &Parameter) -> Box<Diagnostic> {
        let message = format!("the instance `{}` needs `{name}`: {}", self.settings.name, parameter.help);
        let example = match parameter.r#type {
            ParameterType::Basic => format!("{name}: {{username: ..., password: env:...}}"),
            ParameterType::Secret => format!("{name}: env:..."),
            _ => format!("{name}: {}", parameter.example),
        };
        let complaint = self.config.complain(&self.settings.place, message);
        Box::new(complaint.with_hint(format!("add `{example}`")))
    }

    fn reference(&self, at: &Located<Value>, text: &str) -> Result<Reference, Box<Diagnostic>> {
        let reference = Reference::parse(text).map_err(|problem| self.at_fault(at, &problem))?;
        if self.config.stored.is_some() && !Stored::allows(&reference) {
            let message = "secrets that a server keeps are given as they are, and sealed";
            return Err(Box::new(self.complain(at, message)));
        }
        Ok(reference)
    }

    fn value(&self, name: &str, given: &Given, fitting: Fitting) -> anyhow::Result<ParameterValue> {
        Ok(match fitting {
            Fitting::Plain(value) => ParameterValue::Plain(value),
            Fitting::Secret(reference) => {
                ParameterValue::Secret(self.secret(&given.value, name, &reference)?)
            }
            Fitting::Basic { username, password } => {
                let password = self.secret(&given.value, &label(name), &password)?;
                ParameterValue::Basic { username, password }
            }
        })
    }

    /// The secret that a reference names. A plain one works, and is complained of.
    fn secret(
        &self,
        at: &Located<Value>,
        label: &str,
        reference: &Reference,
    ) -> Result<Secret, Box<Diagnostic>> {
        if matches!(reference, Reference::Plain(_)) {
            warn_of_plain(&self.settings.name, label);
        }
        let sealed = |name: &str| self.config.sealed(&self.settings.name, name);
        let resolver =
            Resolver { folder: self.config.folder(), limit: self.settings.common.timeout, sealed: &sealed };
        resolver.resolve(reference).map_err(|problem| self.at_fault(at, &problem))
    }

    fn at_fault(&self, at: &Located<Value>, problem: &Hinted) -> Box<Diagnostic> {
        let complaint = self.complain(at, &problem.to_string());
        Box::new(complaint.with_optional_hint(problem.hints().first().cloned()))
    }

    fn complain<T>(&self, at: &Located<T>, message: &str) -> Diagnostic {
        self.config.complain(at, format!("instance `{}`: {message}", self.settings.name))
    }
}

/// Warns of a secret that stands in the file itself.
pub(crate) fn warn_of_plain(instance: &str, label: &str) {
    output::warn(&format!(
        "`{label}` of `{instance}` is a secret in plain text; write env:NAME, file:PATH or command:LINE"
    ));
}

/// The setting that was probably meant.
pub(crate) fn meant(manifest: &Manifest, name: &str) -> Option<String> {
    did_you_mean(name, manifest.parameters.keys().map(String::as_str).chain(COMMON_SETTINGS))
}

/// A value that is no secret; the error says what it must be.
pub(crate) fn plain_value(kind: ParameterType, value: &Value) -> Result<Value, &'static str> {
    let text = || value.as_str().map(str::trim).filter(|text| !text.is_empty());
    match kind {
        ParameterType::Url => address::base(text().unwrap_or_default()).map(Value::from),
        ParameterType::Ldap => {
            each(value, "addresses that begin with `ldaps://` or `ldap://`", &address::directory)
        }
        ParameterType::List => each(value, "a text or a list of texts", &|text| Ok(text.to_owned())),
        ParameterType::Boolean => value.as_bool().map(Value::from).ok_or("`true` or `false`"),
        ParameterType::Number => Some(value.clone()).filter(Value::is_number).ok_or("a number"),
        _ => text().map(Value::from).ok_or("a text"),
    }
}

/// A list of what each of the texts is; the error says what they must be.
fn each(
    value: &Value,
    wanted: &'static str,
    read: &dyn Fn(&str) -> Result<String, &'static str>,
) -> Result<Value, &'static str> {
    let texts = match value {
        Value::Array(list) => list.iter().map(Value::as_str).collect::<Option<Vec<_>>>(),
        one => one.as_str().map(|text| vec![text]),
    };
    let texts = texts.filter(|texts| !texts.is_empty() && texts.iter().all(|text| !text.trim().is_empty()));
    let read = texts.ok_or(wanted)?.into_iter().map(|text| read(text.trim()));
    Ok(Value::Array(read.map(|text| text.map(Value::from)).collect::<Result<_, _>>()?))
}

fn label(name: &str) -> String {
    format!("{name}.password")
}

/// A user name and the reference to its password; the error says what they must be.
fn basic(value: &Value) -> Result<(String, String), String> {
    let form = || "`{username: ..., password: ...}`".to_owned();
    let members: &Map<String, Value> = value.as_object().ok_or_else(form)?;
    if let Some(stranger) = members.keys().find(|key| !BASIC.contains(&key.as_str())) {
        return Err(format!("{} and nothing else; it has `{stranger}`", form()));
    }
    let member = |name: &str| match members.get(name) {
        None => Err(form()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(format!("{} with texts; put the {name} in quotes", form())),
    };
    Ok((member("username")?, member("password")?))
}
