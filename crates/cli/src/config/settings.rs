//! The settings of one instance: those that every instance has, and the rest, which are
//! its integration's parameters.

use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;
use provost_connectors::COMMON_SETTINGS;
use provost_core::yaml::Located;
use provost_core::{Diagnostic, Private, dashed, parse_active};
use provost_engine::Switches;
use provost_net::{Limits, Proxy, Rate};
use serde_json::Value;

use super::{Config, Members, SPELLINGS, address, twins};

/// How long a request may take where nothing else is said (contract 4.0).
const TIMEOUT: Duration = Duration::from_mins(1);

const PROXY: &str = "`true`, `false` or an address that begins with `http://` or `https://`";

/// An instance as the file has it.
pub(crate) struct InstanceSettings {
    pub(crate) name: String,
    pub(crate) integration: String,
    pub(crate) common: Common,
    /// The integration's parameters, unchecked.
    pub(crate) parameters: IndexMap<String, Given>,
    /// Where the instance's name stands.
    pub(crate) place: Located<()>,
    /// What is wrong with an instance that is switched off. It is not asked, so that
    /// this is no error.
    pub(crate) flaw: Option<Box<Diagnostic>>,
}

/// A parameter as it is written, and where its name stands.
pub(crate) struct Given {
    pub(crate) key: Located<()>,
    pub(crate) value: Located<Value>,
}

/// The settings that every instance has.
pub(crate) struct Common {
    pub(crate) enabled: bool,
    pub(crate) switches: Switches,
    pub(crate) timeout: Duration,
    pub(crate) insecure: bool,
    pub(crate) proxy: Proxy,
    pub(crate) ca_file: Option<PathBuf>,
    /// A mapper's name or file; `none` for no mapper; nothing for the integration's own.
    pub(crate) mapper_in: Option<String>,
    pub(crate) mapper_out: Option<String>,
    pub(crate) limits: Limits,
    /// The attributes whose values are not kept.
    pub(crate) private: Private,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            enabled: true,
            switches: Switches::default(),
            timeout: TIMEOUT,
            insecure: false,
            proxy: Proxy::Environment,
            ca_file: None,
            mapper_in: None,
            mapper_out: None,
            limits: Limits::default(),
            private: Private::default(),
        }
    }
}

/// Reads an instance's members. Whether it is switched on is read before all else.
pub(super) fn read(
    config: &Config,
    name: &Located<String>,
    members: &Members,
) -> Result<InstanceSettings, Box<Diagnostic>> {
    let mut settings = InstanceSettings {
        name: name.value.clone(),
        integration: String::new(),
        common: Common::default(),
        parameters: IndexMap::new(),
        place: Located::new((), name.referenced, name.defined),
        flaw: None,
    };
    let is_switch = |key: &Located<String>| dashed(&key.value) == "enabled";
    for (key, value) in members.iter().filter(|(key, _)| is_switch(key)) {
        settings.take(config, key, value)?;
    }
    match settings.take_all(config, members) {
        Err(flaw) if !settings.common.enabled => settings.flaw = Some(flaw),
        result => result?,
    }
    Ok(settings)
}

impl InstanceSettings {
    /// Sorts the members into the common ones and the rest.
    fn take_all(&mut self, config: &Config, members: &Members) -> Result<(), Box<Diagnostic>> {
        if let Some((first, second)) = twins(members.keys()) {
            let message =
                format!("instance `{}`: `{first}` and `{}` are one setting", self.name, second.value);
            return Err(Box::new(config.complain(second, message).with_hint(SPELLINGS)));
        }
        for (key, value) in members {
            self.take(config, key, value)?;
        }
        if self.integration.is_empty() {
            let complaint =
                config.complain(&self.place, format!("the instance `{}` names no `integration`", self.name));
            return Err(Box::new(complaint.with_hint("for example `integration: hello-iam-world`")));
        }
        Ok(())
    }

    fn take(
        &mut self,
        config: &Config,
        written: &Located<String>,
        value: &Located<Value>,
    ) -> Result<(), Box<Diagnostic>> {
        let key = dashed(&written.value);
        let wrong = |wanted: &str| {
            let message = format!("instance `{}`: `{key}` must be {wanted}", self.name);
            Box::new(config.complain(value, message))
        };
        if key == "integration" {
            self.integration = text(&value.value).ok_or_else(|| wrong("an integration's name"))?;
        } else if COMMON_SETTINGS.contains(&key.as_str()) {
            self.common.set(&key, &value.value).map_err(wrong)?;
        } else {
            let place = Located::new((), written.referenced, written.defined);
            self.parameters.insert(key, Given { key: place, value: value.clone() });
        }
        Ok(())
    }
}

impl Common {
    /// Sets one; the error says what kind of value it takes.
    fn set(&mut self, key: &str, value: &Value) -> Result<(), &'static str> {
        let switch = || parse_active(value).ok_or("`true` or `false`");
        match key {
            "enabled" => self.enabled = switch()?,
            "create-user-enabled" => self.switches.create = switch()?,
            "update-user-enabled" => self.switches.update = switch()?,
            "enable-user-enabled" => self.switches.enable = switch()?,
            "disable-user-enabled" => self.switches.disable = switch()?,
            "create-if-not-exists" => self.switches.create_if_not_exists = switch()?,
            "skip-unchanged" => self.switches.skip_unchanged = switch()?,
            "insecure" => self.insecure = switch()?,
            "timeout" => self.timeout = duration(value).ok_or("a number of seconds above 0")?,
            "proxy" => self.proxy = proxy(value).ok_or(PROXY)?,
            "ca-file" => self.ca_file = Some(text(value).ok_or("a file's name")?.into()),
            "concurrency" => self.limits.concurrent = Some(count(value).ok_or("a whole number above 0")?),
            "rate" => self.limits.rates = vec![rate_of(value).ok_or("a rate, such as 300/min")?],
            "mapper-in" => self.mapper_in = Some(text(value).ok_or("a mapper's name or file")?),
            "mapper-out" => self.mapper_out = Some(text(value).ok_or("a mapper's name or file")?),
            "private" => self.private = private(value).ok_or("an attribute's name or a list of names")?,
            _ => {}
        }
        Ok(())
    }
}

/// A name or several. One that has no letter and no digit hides nothing and is a mistake.
fn private(value: &Value) -> Option<Private> {
    let written: Vec<&str> = match value {
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<_>>()?,
        one => vec![one.as_str()?],
    };
    let private = Private::new(&written);
    (private.names().len() == written.len()).then_some(private)
}

fn duration(value: &Value) -> Option<Duration> {
    Duration::try_from_secs_f64(value.as_f64()?).ok().filter(|duration| !duration.is_zero())
}

fn proxy(value: &Value) -> Option<Proxy> {
    match (parse_active(value), value) {
        (Some(true), _) => Some(Proxy::Environment),
        (Some(false), _) => Some(Proxy::Direct),
        (None, Value::String(text)) => address::parse(text).map(|_| Proxy::Address(text.clone())),
        _ => None,
    }
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().filter(|count| *count > 0).and_then(|count| usize::try_from(count).ok())
}

fn rate_of(value: &Value) -> Option<Rate> {
    provost_connectors::rate(value.as_str()?, false)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
