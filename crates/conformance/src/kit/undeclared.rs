//! What an integration does not declare, it refuses without asking the system.

use futures_util::FutureExt as _;
use provost_core::{Attributes, FaultKind, GroupVerb, Stage, Trace, TraceStep, Verb};
use provost_engine::{Conditions, GroupCommand, list, mapping_fields, run_group};

use super::bench::{Bench, has_code};
use super::{Check, End, Need, ensure};

pub(super) const CHECKS: &[Check] = &[Check {
    name: "undeclared",
    about: "A command that is not declared is refused, and nothing is sent.",
    needs: Need::Nothing,
    run: |bench| undeclared(bench).boxed_local(),
}];

async fn undeclared(bench: &Bench<'_>) -> End {
    let mut refused = users(bench).await?;
    refused.extend(groups(bench).await?);
    refused.extend(questions(bench).await?);
    if refused.is_empty() {
        return Ok("all are declared".to_owned());
    }
    Ok(format!("refused: {}", refused.join(", ")))
}

async fn users(bench: &Bench<'_>) -> Result<Vec<String>, String> {
    let mut refused = Vec::new();
    for verb in Verb::ALL.into_iter().filter(|verb| !bench.verbs().contains(*verb)) {
        let outcome = bench.run(verb, &bench.person("undeclared")).await?;
        let is_501 = has_code(&outcome.record, "501");
        is_refused(&verb.command(), !outcome.record.success && is_501, &outcome.trace)?;
        refused.push(verb.command());
    }
    Ok(refused)
}

async fn groups(bench: &Bench<'_>) -> Result<Vec<String>, String> {
    let declared = bench.kit.instance.connector.groups();
    let mut refused = Vec::new();
    for verb in GroupVerb::ALL.into_iter().filter(|verb| !declared.is_some_and(|groups| groups.can(*verb))) {
        let scim = Attributes::from_iter([("displayName".to_owned(), "undeclared".into())]);
        let command =
            GroupCommand { verb, scim, include_members: false, add: Vec::new(), remove: Vec::new() };
        let outcome = run_group(bench.kit.instance, &command, &Conditions::default()).await;
        let is_501 = outcome.result.outputs["errorCode"] == 501;
        is_refused(&verb.command(), !outcome.success && is_501, &outcome.trace)?;
        refused.push(verb.command());
    }
    Ok(refused)
}

async fn questions(bench: &Bench<'_>) -> Result<Vec<String>, String> {
    let (instance, trace) = (bench.kit.instance, Trace::default());
    let mut refused = Vec::new();
    if instance.connector.listing().is_none() {
        let listed = list(instance, &trace, Some(1), &mut |_| {}).await;
        let is_unsupported = listed.is_err_and(|fault| fault.kind == FaultKind::Unsupported);
        is_refused("iam-list-users", is_unsupported, &trace.steps())?;
        refused.push("iam-list-users".to_owned());
    }
    if instance.connector.fields().is_none() {
        let described = mapping_fields(instance, &trace).await;
        let is_unsupported = described.is_err_and(|fault| fault.kind == FaultKind::Unsupported);
        is_refused("get-mapping-fields", is_unsupported, &trace.steps())?;
        refused.push("get-mapping-fields".to_owned());
    }
    Ok(refused)
}

fn is_refused(command: &str, is_unsupported: bool, steps: &[TraceStep]) -> Result<(), String> {
    ensure(is_unsupported, || format!("`{command}` is not refused as unsupported"))?;
    ensure(!steps.iter().any(|step| matches!(step.stage, Stage::Http | Stage::Ldap)), || {
        format!("`{command}` is sent to the system")
    })
}
