//! `iam-get-user` and its sisters.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::Context as _;
use provost_core::{Entry, Profile, ProfileError, Redactor, UserCommand, VendorRecord, Verb};
use provost_engine::{Outcome, run_everywhere};
use serde_json::Value;

use crate::args::{Format, Global, UserArgs};
use crate::commands::selection::{self, Broken};
use crate::config::Config;
use crate::output::{self, Hinted, Records};

/// Runs a user command at the chosen instances.
pub(crate) async fn run(
    global: &Global,
    verb: Verb,
    arguments: &UserArgs,
    allow_enable: &str,
) -> anyhow::Result<ExitCode> {
    let profile = match read_profile(&arguments.user_profile)? {
        Ok(profile) => profile,
        Err(error) => return Err(no_profile(global.output, &error).into()),
    };
    let command = UserCommand { verb, profile, allow_enable: may_enable(allow_enable) };
    let config = Config::open(global.config.as_deref())?;
    let chosen = selection::choose(&config, &arguments.selection, Some(verb))?;
    let mut records = Records::new(global, chosen.len());
    for broken in chosen.broken {
        records.take(broken.place, unable(&command, broken));
    }
    let places = chosen.places;
    run_everywhere(&chosen.ready, &command, |ready, outcome| records.take(places[ready], outcome)).await;
    Ok(records.finish())
}

/// The argument's JSON: as it is, from a file, or from standard input.
fn read_profile(argument: &str) -> anyhow::Result<Result<Profile, ProfileError>> {
    let text = if argument == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("could not read the user profile from standard input")?;
        text
    } else if let Some(file) = argument.strip_prefix('@') {
        std::fs::read_to_string(file)
            .with_context(|| format!("could not read the user profile from `{file}`"))?
    } else {
        argument.to_owned()
    };
    Ok(Profile::parse(&text))
}

fn no_profile(format: Format, error: &ProfileError) -> Hinted {
    if format == Format::Entry {
        output::say(&format!("{:#}", serde_json::json!(Entry::error(&error.to_string()))));
    }
    Hinted::new(error.to_string())
        .hint("for example --user-profile '{\"email\": \"ann@example.com\"}', or @ann.json")
}

/// Only the exact word counts (contract 1.1); a near miss is said aloud.
fn may_enable(argument: &str) -> bool {
    if argument != "true" && argument != "false" {
        output::warn(&format!(
            "allow-enable is `{argument}`, which counts as false; only the exact word `true` counts"
        ));
    }
    argument == "true"
}

/// The record of an instance that could not even be asked. Members that are secret by
/// their name are masked here too; there are no others to know of.
fn unable(command: &UserCommand, broken: Broken) -> Outcome {
    let (message, hints) = output::in_words(&broken.error);
    let mut profile = Value::Object(command.profile.fields());
    Redactor::default().value(&mut profile);
    let record = VendorRecord {
        success: false,
        email: command.profile.email().map(str::to_owned),
        error_message: message,
        details: profile.clone(),
        ..VendorRecord::new(broken.brand, broken.name.as_str().into(), command.verb)
    };
    let profile = profile.as_object().cloned().unwrap_or_default();
    Outcome { record, profile, is_error_entry: false, hints, trace: Vec::new() }
}
