//! `iam-get-group` and its sisters.

use std::process::ExitCode;

use provost_core::{CommandResult, Entry, GroupVerb};
use provost_engine::{Conditions, GroupCommand, GroupOutcome, Instance, member_ids, run_group};
use serde_json::{Value, json};

use super::asking::{self, End, INTERRUPTED, LOOK_FIRST, Who};
use super::{input, selection};
use crate::args::{Format, Global, GroupArgs, GroupMembers};
use crate::config::Config;
use crate::output::{self, Answered, Hinted, Results};

/// The arguments of one of the commands.
pub(crate) struct Asked<'a> {
    pub(crate) verb: GroupVerb,
    pub(crate) group: &'a GroupArgs,
    pub(crate) include_members: &'a str,
    pub(crate) members: Option<&'a GroupMembers>,
}

impl Asked<'_> {
    /// The command, which can be carried out as far as its arguments go.
    ///
    /// # Errors
    /// A group or members that are none.
    pub(super) fn command(&self, format: Format) -> anyhow::Result<GroupCommand> {
        let command = command(self)?;
        let Some(flaw) = command.flaw() else { return Ok(command) };
        if format == Format::Entry {
            output::say(&format!("{:#}", json!(Entry::error(flaw))));
        }
        Err(Hinted::new(flaw).hint("for example --scim '{\"displayName\": \"Sales\"}'").into())
    }
}

/// Runs a group command at the chosen instances.
pub(crate) async fn run(global: &Global, asked: Asked<'_>) -> anyhow::Result<ExitCode> {
    let command = asked.command(global.output)?;
    let config = Config::open(global.config.as_deref())?;
    let name = asked.verb.command();
    let selection = asked.group.selection.clone().into();
    let chosen = selection::choose_for_groups(&config, &selection, &name, asked.verb)?;
    let mut results = Results::new(global, chosen.len());
    let ask = async |instance: &Instance| run_group(instance, &command, &Conditions::default()).await;
    let take = |who: &Who, end| results.take(who.place, &who.name, answered(&command, who, end));
    asking::ask_all(config, chosen, global.output == Format::Table, ask, take).await?;
    Ok(results.finish())
}

fn command(asked: &Asked) -> anyhow::Result<GroupCommand> {
    let text = input::read(&asked.group.scim, "the scim data")?;
    let Ok(Value::Object(scim)) = serde_json::from_str(&text) else {
        return Err(Hinted::new("`--scim` must be a JSON object")
            .hint("for example --scim '{\"id\": \"00g1\"}', or @group.json")
            .into());
    };
    let ids = |list: fn(&GroupMembers) -> &Option<String>| {
        asked.members.and_then(|members| list(members).as_deref()).map(member_ids).unwrap_or_default()
    };
    Ok(GroupCommand {
        verb: asked.verb,
        scim,
        include_members: asked.include_members.eq_ignore_ascii_case("true"),
        add: ids(|members| &members.member_ids_to_add),
        remove: ids(|members| &members.member_ids_to_delete),
    })
}

/// Every instance has an answer, also where it gave none.
fn answered(command: &GroupCommand, who: &Who, end: End<GroupOutcome>) -> Answered {
    let (message, hints) = match end {
        End::Answered(outcome) => {
            let GroupOutcome { result, success, hints, trace, .. } = outcome;
            return Answered { result, success, is_error_entry: false, hints, trace, failure: None };
        }
        End::Broken(error) => output::in_words(&error),
        End::Interrupted => (INTERRUPTED.to_owned(), vec![LOOK_FIRST.to_owned()]),
    };
    unable(command.verb, (who.brand.as_str(), &who.name), &message, hints)
}

/// The answer of an instance that gave none.
pub(super) fn unable(
    verb: GroupVerb,
    (brand, name): (&str, &str),
    message: &str,
    hints: Vec<String>,
) -> Answered {
    let outputs = json!({
        "brand": brand, "instanceName": name, "success": false, "errorCode": null, "errorMessage": message,
    });
    let result = CommandResult { outputs, title: verb.command(), ..CommandResult::default() };
    Answered { result, success: false, is_error_entry: false, hints, trace: Vec::new(), failure: None }
}
