//! Profile to attributes and account to profile, with the instance's mappers.

use provost_core::{
    Account, Attributes, Context, Fault, FaultKind, Profile, Stage, Verb, cli_name, is_empty,
};
use provost_mapper::{Environment, Mapper, Purpose, Strength};
use serde_json::Value;

use crate::Instance;

/// A profile after the outgoing mapper.
#[derive(Debug, Clone, Default)]
pub(crate) struct MappedProfile {
    /// The attributes that are written.
    pub(crate) new: Attributes,
    /// The same of `olduserdata`, where the profile has it.
    pub(crate) old: Option<Attributes>,
    /// The attributes that may not always be written over.
    pub(crate) reserved: Vec<(String, Strength)>,
    /// Whether there was no mapper, so that names are spelled as the caller wrote them.
    pub(crate) is_raw: bool,
}

impl MappedProfile {
    /// What is written to this account: a weak attribute only where the account has none, a
    /// normal one only where the person's data changed.
    pub(crate) fn for_account(&self, account: Option<&Account>) -> Attributes {
        let mut attributes = self.new.clone();
        let Some(account) = account else { return attributes };
        for (name, strength) in &self.reserved {
            let has_value = account.attributes.get(name).is_some_and(|value| !is_empty(value));
            let is_unchanged = self.old.as_ref().is_some_and(|old| old.get(name) == self.new.get(name));
            if (*strength == Strength::Weak && has_value) || (*strength == Strength::Normal && is_unchanged) {
                attributes.shift_remove(name);
            }
        }
        attributes
    }

    /// What a record shows when there is no account: the attributes, and the old ones
    /// under `olduserdata`.
    pub(crate) fn details(&self) -> Value {
        let mut details = self.new.clone();
        if let Some(old) = &self.old {
            details.insert("olduserdata".to_owned(), Value::Object(old.clone()));
        }
        Value::Object(details)
    }
}

/// Maps a profile for a command. Create has a mapping of its own, all others share the
/// update's (contract 2.3).
pub(crate) fn outgoing(
    instance: &Instance,
    cx: &Context,
    profile: &Profile,
    verb: Verb,
    look_up: &[String],
) -> Result<MappedProfile, Fault> {
    let old = profile.old_user_data();
    let Some(mapper) = &instance.mapper_out else {
        return Ok(MappedProfile {
            new: profile.without_old_user_data(),
            old: old.map(|old| old.as_given().clone()),
            is_raw: true,
            ..MappedProfile::default()
        });
    };
    let map = |profile: &Profile| {
        let source = Value::Object(profile.mapping_source());
        let may_lack = |target: &str| !writes(verb) && !look_up.iter().any(|attribute| attribute == target);
        apply(instance, mapper, cx, &source, Purpose::Outgoing(verb), &may_lack)
    };
    let (new, reserved) = map(profile)?;
    let old = old.as_ref().map(map).transpose()?.map(|(old, _)| old);
    Ok(MappedProfile { new, old, reserved, is_raw: false })
}

/// Whether the command writes the profile. The others only need to find the account, so
/// that a field they do not use must not keep a leaver's account in use.
fn writes(verb: Verb) -> bool {
    matches!(verb, Verb::Create | Verb::Update)
}

/// The profile that an account shows, keyed by cli names.
pub(crate) fn incoming(instance: &Instance, cx: &Context, account: &Account) -> Result<Attributes, Fault> {
    let Some(mapper) = &instance.mapper_in else { return Ok(account.attributes.clone()) };
    let source = Value::Object(account.attributes.clone());
    let (mapped, _) = apply(instance, mapper, cx, &source, Purpose::Incoming, &|_| false)?;
    Ok(mapped.into_iter().map(|(label, value)| (cli_name(&label), value)).collect())
}

/// Runs a mapper. A strict one fails with its first field that is needed, others leave
/// fields out.
fn apply(
    instance: &Instance,
    mapper: &Mapper,
    cx: &Context,
    source: &Value,
    purpose: Purpose,
    may_lack: &dyn Fn(&str) -> bool,
) -> Result<(Attributes, Vec<(String, Strength)>), Fault> {
    let now = instance.clock.now();
    let seed = u64::try_from(now.as_nanosecond()).unwrap_or_default();
    let mapped = mapper.run(source, purpose, &Environment { now, seed });
    for error in &mapped.errors {
        cx.trace.note(Stage::Map, format!("`{}`: {error}", mapper.name));
    }
    let needed = mapped.errors.iter().find(|error| mapper.strict && !may_lack(&error.target));
    if let Some(error) = needed {
        let message = format!("the mapper `{}` failed: {error}", mapper.name);
        return Err(Fault::new(FaultKind::Mapping, message).with_hint("correct the profile or the mapper"));
    }
    let names: Vec<&str> = mapped.output.keys().map(String::as_str).collect();
    cx.trace.note(Stage::Map, format!("`{}` gives {}", mapper.name, listed(&names)));
    Ok((mapped.output, mapped.reserved))
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
