//! Groups and who is in them.

use futures_util::FutureExt as _;
use provost_core::{Attributes, GroupVerb, Verb};
use provost_engine::{Conditions, GroupCommand, GroupOutcome, run_group};
use serde_json::{Value, json};

use super::bench::Bench;
use super::{Check, End, Need, ensure};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "group-nobody",
        about: "A group that is not there is not found.",
        needs: Need::Groups,
        run: |bench| nobody(bench).boxed_local(),
    },
    Check {
        name: "group",
        about: "A group is made, filled, emptied and deleted, and never made twice.",
        needs: Need::Groups,
        run: |bench| whole_life(bench).boxed_local(),
    },
];

async fn nobody(bench: &Bench<'_>) -> End {
    let name = group_name(bench, "nobody");
    let got = run(bench, GroupVerb::Get, json!({"displayName": name}), &[], &[]).await;
    ensure(!got.success, || format!("a group of the name `{name}` is shown"))?;
    ensure(text(&got.result.outputs, "errorCode") == "404", || message(&got))?;
    Ok(message(&got))
}

async fn whole_life(bench: &Bench<'_>) -> End {
    let groups = bench.kit.instance.connector.groups().ok_or("there are no groups")?;
    if let Some(verb) = GroupVerb::ALL.into_iter().find(|verb| !groups.can(*verb)) {
        return Ok(format!("not declared: `{}`", verb.command()));
    }
    let name = group_name(bench, "group");
    let made = good(run(bench, GroupVerb::Create, json!({"displayName": name}), &[], &[]).await)?;
    let id = text(&made.result.outputs, "id");
    ensure(!id.is_empty(), || "the group that was made has no id".to_owned())?;
    let lived = live(bench, &name, &id).await;
    let deleted = run(bench, GroupVerb::Delete, json!({"id": id}), &[], &[]).await;
    lived?;
    good(deleted)?;
    let got = run(bench, GroupVerb::Get, json!({"displayName": name}), &[], &[]).await;
    ensure(!got.success, || "it is still there after it was deleted".to_owned())?;
    Ok(format!("group {id}"))
}

async fn live(bench: &Bench<'_>, name: &str, id: &str) -> Result<(), String> {
    let again = run(bench, GroupVerb::Create, json!({"displayName": name}), &[], &[]).await;
    ensure(!again.success, || "a second group of the same name was made".to_owned())?;
    ensure(members(bench, id).await?.is_empty(), || "a new group has members".to_owned())?;
    if bench.lacks(Need::Verbs(&[Verb::Create])).is_some() {
        return Ok(());
    }
    let (one, two) = (account(bench, "group-1").await?, account(bench, "group-2").await?);
    good(run(bench, GroupVerb::Update, json!({"id": id}), &[&one, &two], &[]).await)?;
    expect_members(bench, id, &[&one, &two]).await?;
    good(run(bench, GroupVerb::Update, json!({"id": id}), &[], &[&one]).await)?;
    expect_members(bench, id, &[&two]).await
}

async fn account(bench: &Bench<'_>, check: &str) -> Result<String, String> {
    bench.make(check).await?.1.id.ok_or_else(|| "an account without an id".to_owned())
}

async fn expect_members(bench: &Bench<'_>, id: &str, wanted: &[&str]) -> Result<(), String> {
    let mut found = members(bench, id).await?;
    let mut wanted: Vec<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
    found.sort();
    wanted.sort();
    ensure(found == wanted, || format!("the members are {found:?} instead of {wanted:?}"))
}

async fn members(bench: &Bench<'_>, id: &str) -> Result<Vec<String>, String> {
    let got = good(run(bench, GroupVerb::Get, json!({"id": id}), &[], &[]).await)?;
    let members = got.result.outputs["members"].as_array().cloned().unwrap_or_default();
    Ok(members.iter().map(|member| text(member, "value")).collect())
}

async fn run(bench: &Bench<'_>, verb: GroupVerb, scim: Value, add: &[&str], remove: &[&str]) -> GroupOutcome {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let scim: Attributes = scim.as_object().cloned().unwrap_or_default().into_iter().collect();
    let command = GroupCommand { verb, scim, include_members: true, add: owned(add), remove: owned(remove) };
    let outcome = run_group(bench.kit.instance, &command, &Conditions::default()).await;
    let steps: Vec<&str> = outcome.trace.iter().map(|step| step.text.as_str()).collect();
    bench.look_at(&verb.command(), &format!("{}\n{}", outcome.result.outputs, steps.join("\n")));
    outcome
}

fn good(outcome: GroupOutcome) -> Result<GroupOutcome, String> {
    if outcome.success { Ok(outcome) } else { Err(message(&outcome)) }
}

fn message(outcome: &GroupOutcome) -> String {
    text(&outcome.result.outputs, "errorMessage")
}

/// A member as text; empty where there is none.
fn text(value: &Value, member: &str) -> String {
    match &value[member] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn group_name(bench: &Bench<'_>, check: &str) -> String {
    format!("provost-{}-{check}", bench.kit.run)
}
