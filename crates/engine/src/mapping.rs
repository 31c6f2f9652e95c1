//! Profile to attributes and account to profile, with the instance's mappers.

use provost_core::{
    Account, Attributes, Context, Fault, FaultKind, Profile, Stage, Verb, cli_name, is_empty,
};
use provost_mapper::{Answers, Environment, Mapped, Mapper, Purpose, Request, Strength};
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
    /// What has to be found out before the attributes are whole.
    pub(crate) requests: Vec<Request>,
    /// The secrets among the attributes.
    pub(crate) secrets: Vec<String>,
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
    answers: &Answers,
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
        let mapped = run(instance, mapper, cx, &source, Purpose::Outgoing(verb), answers);
        let may_lack = |target: &str| !writes(verb) && !look_up.iter().any(|attribute| attribute == target);
        whole(mapper, mapped, &may_lack)
    };
    let Mapped { output: new, reserved, requests, .. } = map(profile)?;
    let old = old.as_ref().map(map).transpose()?.map(|old| old.output);
    Ok(MappedProfile { new, old, reserved, requests, ..MappedProfile::default() })
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
    let mapped = run(instance, mapper, cx, &source, Purpose::Incoming, &Answers::default());
    let mapped = whole(mapper, mapped, &|_| false)?;
    Ok(mapped.output.into_iter().map(|(label, value)| (cli_name(&label), value)).collect())
}

/// Runs a mapper and notes what it gives and what it asks for.
fn run(
    instance: &Instance,
    mapper: &Mapper,
    cx: &Context,
    source: &Value,
    purpose: Purpose,
    answers: &Answers,
) -> Mapped {
    let now = instance.clock.now();
    let seed = u64::try_from(now.as_nanosecond()).unwrap_or_default();
    let mapped = mapper.run_with(source, purpose, &Environment { now, seed }, answers);
    for error in &mapped.errors {
        cx.trace.note(Stage::Map, format!("`{}`: {error}", mapper.name));
    }
    cx.trace.explain(Stage::Map, || {
        let names: Vec<&str> = mapped.output.keys().map(String::as_str).collect();
        format!("`{}` gives {}", mapper.name, listed(&names))
    });
    for request in &mapped.requests {
        cx.trace.note(Stage::Map, format!("`{}` asks for {request}", mapper.name));
    }
    mapped
}

/// A strict mapper fails with its first field that is needed, others leave fields out.
fn whole(mapper: &Mapper, mapped: Mapped, may_lack: &dyn Fn(&str) -> bool) -> Result<Mapped, Fault> {
    let needed = mapped.errors.iter().find(|error| mapper.strict && !may_lack(&error.target));
    let Some(error) = needed else { return Ok(mapped) };
    let message = format!("the mapper `{}` failed: {error}", mapper.name);
    Err(Fault::new(FaultKind::Mapping, message).with_hint("correct the profile or the mapper"))
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
