//! Commands that pages run, by the same functions as the API's.

use std::sync::Arc;

use axum::http::Method;
use provost_core::{Selection, Verb};
use serde_json::{Map, Value};

use crate::access::Caller;
use crate::rest::commands::asked::{UserRequest, reason};
use crate::rest::commands::other::question;
use crate::rest::once::detached;
use crate::work::{Answer, Done, Errand, Order, other_command, refuse_viewers, user_command};
use crate::{App, Problem};

/// The verb of a command, if it is one of the user commands.
pub(super) fn verb(command: &str) -> Option<Verb> {
    Verb::ALL.into_iter().find(|verb| verb.command() == command)
}

/// Refuses a caller who may not run a command by the API.
fn refuse(caller: &Caller, command: &str) -> Result<(), Problem> {
    let own = format!("/api/v1/commands/{command}");
    let route = if verb(command).is_some() { own.as_str() } else { "/api/v1/commands/{command}" };
    caller.must_be_able(&Method::POST, route)
}

/// Runs a user command. The arguments have the names of the API's.
pub(super) async fn user(
    app: &Arc<App>,
    caller: &Caller,
    verb: Verb,
    arguments: Map<String, Value>,
) -> Result<Done, Problem> {
    refuse(caller, &verb.command())?;
    let request: UserRequest = serde_json::from_value(Value::Object(arguments))
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let (asked, dry_run, why) = (request.asked(), request.is_dry(), request.reason()?);
    let command = request.command(verb, app.fleet.schema().await?)?;
    let (run, caller) = (app.store.new_run(), caller.clone());
    let order = Order { run, caller, command, asked, dry_run, why, task: None };
    let own = Arc::clone(app);
    detached(app, async move { user_command(&own, order, |_| Vec::new()).await }).await?
}

/// Runs any other command. The run's id, and the answers.
pub(super) async fn other(
    app: &Arc<App>,
    caller: &Caller,
    name: &str,
    mut arguments: Map<String, Value>,
) -> Result<(String, Vec<Answer>), Problem> {
    refuse(caller, name)?;
    let mut names = |name: &str| -> Vec<String> {
        let text = arguments.remove(name).and_then(|value| value.as_str().map(str::to_owned));
        let names = text.unwrap_or_default();
        names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let asked = Selection { using: names("using"), using_brand: names("using-brand") };
    let why = reason(arguments.remove("reason").as_ref().and_then(Value::as_str))?;
    let (run, question) = (app.store.new_run(), question(name, arguments)?);
    let errand = Errand { run, caller: caller.clone(), name: name.to_owned(), question, asked, why };
    refuse_viewers(&errand)?;
    let (own, run) = (Arc::clone(app), errand.run.to_string());
    let answers = detached(app, async move { other_command(&own, &errand, |_| Vec::new()).await }).await??;
    Ok((run, answers))
}
