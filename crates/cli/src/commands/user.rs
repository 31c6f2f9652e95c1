//! `iam-get-user` and its sisters.

use std::process::ExitCode;
use std::sync::Arc;

use provost_core::{Entry, Fault, Profile, ProfileError, Redactor, UserCommand, VendorRecord, Verb};
use provost_engine::{Conditions, Instance, Mode, Outcome, run_guarded};
use serde_json::Value;

use crate::args::{Format, Global, SwitchArgs, UserArgs, WriteArgs};
use crate::commands::asking::{self, End, LOOK_FIRST, Who};
use crate::commands::{input, selection};
use crate::config::Config;
use crate::output::{self, Hinted, Records};

/// The arguments of one of the commands.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) verb: Verb,
    pub(crate) user: &'a UserArgs,
    pub(crate) allow_enable: &'a str,
    pub(crate) reason: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Arguments of a command that only reads.
    pub(crate) fn of(verb: Verb, user: &'a UserArgs) -> Self {
        Self { verb, user, allow_enable: "false", reason: None }
    }

    /// Arguments of a command that writes the profile.
    pub(crate) fn of_write(verb: Verb, write: &'a WriteArgs) -> Self {
        let WriteArgs { user, allow_enable, why } = write;
        Self { allow_enable, reason: why.reason.as_deref(), ..Self::of(verb, user) }
    }

    /// Arguments of a command that switches an account on or off.
    pub(crate) fn of_switch(verb: Verb, switch: &'a SwitchArgs) -> Self {
        let SwitchArgs { user, why } = switch;
        Self { reason: why.reason.as_deref(), ..Self::of(verb, user) }
    }

    /// The text of the profile, and what it says.
    ///
    /// # Errors
    /// A file that cannot be read, or no profile.
    pub(super) fn profile(&self, format: Format) -> anyhow::Result<(String, Profile)> {
        let text = input::read(&self.user.user_profile, "the user profile")?;
        match Profile::parse(&text) {
            Ok(profile) => Ok((text, profile)),
            Err(error) => Err(no_profile(format, &error).into()),
        }
    }
}

/// Runs a user command at the chosen instances.
pub(crate) async fn run(global: &Global, asked: Asked<'_>) -> anyhow::Result<ExitCode> {
    let Asked { verb, user: arguments, allow_enable, reason } = asked;
    let (_, profile) = asked.profile(global.output)?;
    let allow_enable = may_enable(allow_enable);
    warn_of_reason(reason);
    let config = Config::open(global.config.as_deref())?;
    let profile = profile.with_schema(Arc::clone(&config.schema));
    let command = UserCommand { verb, profile, allow_enable };
    let chosen =
        selection::choose(&config, &arguments.selection.clone().into(), &verb.command(), Some(verb))?;
    let mode = if arguments.dry_run { Mode::DryRun } else { Mode::Write };
    let mut records = Records::new(global, chosen.len());
    let ask = async |instance: &Instance| run_guarded(instance, &command, &Conditions::of(mode)).await;
    let take = |who: &Who, end| records.take(who.place, outcome(&command, who, end));
    asking::ask_all(config, chosen, global.output == Format::Table, ask, take).await?;
    Ok(records.finish())
}

/// Every instance has an outcome, also where it gave none.
fn outcome(command: &UserCommand, who: &Who, end: End<Outcome>) -> Outcome {
    match end {
        End::Answered(outcome) => outcome,
        End::Broken(error) => unable(command, who, asking::unable(&error)),
        End::Interrupted => unable(command, who, asking::interrupted().with_hint(LOOK_FIRST)),
    }
}

fn no_profile(format: Format, error: &ProfileError) -> Hinted {
    if format == Format::Entry {
        output::say(&format!("{:#}", serde_json::json!(Entry::error(&error.to_string()))));
    }
    Hinted::new(error.to_string())
        .hint("for example --user-profile '{\"email\": \"ann@example.com\"}', or @ann.json")
}

/// Only servers have a log for reasons.
pub(super) fn warn_of_reason(reason: Option<&str>) {
    if reason.is_some() {
        output::warn("nobody keeps the `--reason` of a command without `--server`");
    }
}

/// Only the exact word counts (contract 1.1); a near miss is said aloud.
pub(super) fn may_enable(argument: &str) -> bool {
    if argument != "true" && argument != "false" {
        output::warn(&format!(
            "allow-enable is `{argument}`, which counts as false; only the exact word `true` counts"
        ));
    }
    argument == "true"
}

/// The record of an instance that gave none. Members that are secret by their name are
/// masked here too; there are no others to know of.
pub(super) fn unable(command: &UserCommand, who: &Who, fault: Fault) -> Outcome {
    let mut profile = Value::Object(command.profile.fields());
    Redactor::default().value(&mut profile);
    let record = VendorRecord {
        success: false,
        email: command.profile.email().map(str::to_owned),
        error_message: fault.message,
        details: profile.clone(),
        ..VendorRecord::new(who.brand.clone(), who.name.as_str().into(), command.verb)
    };
    let profile = profile.as_object().cloned().unwrap_or_default();
    let (kind, hints) = (Some(fault.kind), fault.hints);
    Outcome { record, profile, is_error_entry: false, fault: kind, hints, trace: Vec::new() }
}
