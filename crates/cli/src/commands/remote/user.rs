//! `iam-get-user` and its sisters at a server.

use std::process::ExitCode;

use provost_core::{Attributes, TraceStep, VendorRecord, Verb};
use provost_engine::Outcome;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::args::{Global, Selection};
use crate::commands::user::{Asked, may_enable};
use crate::output::Records;
use crate::remote::Remote;

/// What a server answers.
#[derive(Deserialize)]
struct UserAnswer {
    results: Vec<UserResult>,
}

/// What one of its instances answered.
#[derive(Deserialize)]
struct UserResult {
    #[serde(rename = "IAM.Vendor")]
    vendor: VendorRecord,
    #[serde(rename = "IAM.UserProfile")]
    profile: Attributes,
    #[serde(rename = "isErrorEntry")]
    is_error_entry: bool,
    hints: Vec<String>,
    #[serde(default)]
    trace: Vec<TraceStep>,
}

impl From<UserResult> for Outcome {
    fn from(result: UserResult) -> Self {
        let UserResult { vendor: record, profile, is_error_entry, hints, trace } = result;
        Self { record, profile, is_error_entry, fault: None, hints, trace }
    }
}

/// Has a user command carried out, and prints what came of it.
pub(super) async fn run(global: &Global, remote: &Remote, asked: Asked<'_>) -> anyhow::Result<ExitCode> {
    let (command, writes) = (asked.verb.command(), asked.verb != Verb::Get && !asked.user.dry_run);
    let arguments = arguments(global, &asked)?;
    let Some(answer) = remote.command::<UserAnswer>(&command, arguments, writes).await? else {
        return Ok(super::interrupted(writes));
    };
    let mut records = Records::new(global, answer.results.len());
    for (place, result) in answer.results.into_iter().enumerate() {
        records.take(place, result.into());
    }
    Ok(records.finish())
}

/// The request. The profile is sent as it was written: the server reads it as we do.
fn arguments(global: &Global, asked: &Asked) -> anyhow::Result<Value> {
    let (text, _) = asked.profile(global.output)?;
    let mut arguments = json!({"user-profile": text, "dry-run": asked.user.dry_run, "trace": global.verbose});
    select(&mut arguments, &asked.user.selection);
    if matches!(asked.verb, Verb::Create | Verb::Update) {
        arguments["allow-enable"] = may_enable(asked.allow_enable).into();
    }
    if let Some(reason) = asked.reason {
        arguments["reason"] = reason.into();
    }
    Ok(arguments)
}

/// Adds which instances are asked.
pub(super) fn select(arguments: &mut Value, selection: &Selection) {
    for (name, texts) in [("using", &selection.using), ("using-brand", &selection.using_brand)] {
        if !texts.is_empty() {
            arguments[name] = texts.iter().map(|text| text.trim()).collect();
        }
    }
}
