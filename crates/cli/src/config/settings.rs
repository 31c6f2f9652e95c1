//! The settings of one instance: those that every instance has, and the rest, which are
//! its integration's parameters.

use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;
use provost_connectors::COMMON_SETTINGS;
use provost_core::yaml::Located;
use provost_core::{Diagnostic, dashed, parse_active};
use provost_engine::Switches;
use provost_net::Proxy;
use serde_json::Value;

use super::Config;

/// How long a request may take where nothing else is said (contract 4.0).
const TIMEOUT: Duration = Duration::from_mins(1);

/// An instance as the file has it.
pub(crate) struct InstanceSettings {
    pub(crate) name: String,
    pub(crate) integration: String,
    pub(crate) common: Common,
    /// The integration's parameters, unchecked.
    pub(crate) parameters: IndexMap<String, Given>,
    /// Where the instance stands.
    pub(crate) place: Located<()>,
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
        }
    }
}

/// Sorts an instance's members into the common ones and the rest.
pub(super) fn read(
    config: &Config,
    name: &str,
    members: &Located<super::Members>,
) -> Result<InstanceSettings, Box<Diagnostic>> {
    let mut settings = InstanceSettings {
        name: name.to_owned(),
        integration: String::new(),
        common: Common::default(),
        parameters: IndexMap::new(),
        place: Located::new((), members.referenced, members.defined),
    };
    for (written, value) in &members.value {
        let key = dashed(&written.value);
        if key == "integration" {
            settings.integration = text(&value.value).ok_or_else(|| wrong(config, value, "a name"))?;
        } else if COMMON_SETTINGS.contains(&key.as_str()) {
            settings.common.set(&key, &value.value).map_err(|wanted| wrong(config, value, wanted))?;
        } else {
            let place = Located::new((), written.referenced, written.defined);
            settings.parameters.insert(key, Given { key: place, value: value.clone() });
        }
    }
    if settings.integration.is_empty() {
        let complaint =
            config.complain(&settings.place, format!("the instance `{name}` names no `integration`"));
        return Err(Box::new(complaint.with_hint("for example `integration: hello-iam-world`")));
    }
    Ok(settings)
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
            "insecure" => self.insecure = switch()?,
            "timeout" => self.timeout = duration(value).ok_or("a number of seconds above 0")?,
            "proxy" => self.proxy = proxy(value).ok_or("`true`, `false` or an address")?,
            "ca-file" => self.ca_file = Some(text(value).ok_or("a file's name")?.into()),
            "mapper-in" => self.mapper_in = Some(text(value).ok_or("a mapper's name or file")?),
            "mapper-out" => self.mapper_out = Some(text(value).ok_or("a mapper's name or file")?),
            _ => {}
        }
        Ok(())
    }
}

fn duration(value: &Value) -> Option<Duration> {
    Duration::try_from_secs_f64(value.as_f64()?).ok().filter(|duration| !duration.is_zero())
}

fn proxy(value: &Value) -> Option<Proxy> {
    match (parse_active(value), value) {
        (Some(true), _) => Some(Proxy::Environment),
        (Some(false), _) => Some(Proxy::Direct),
        (None, Value::String(address)) => Some(Proxy::Address(address.clone())),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn wrong(config: &Config, value: &Located<Value>, wanted: &str) -> Box<Diagnostic> {
    Box::new(config.complain(value, format!("this must be {wanted}")))
}
