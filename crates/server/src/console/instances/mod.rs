//! Instances: how each is configured, and whether its system answers.

pub(super) mod change;
mod settings;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use super::page::{Frame, Page};
use super::shown::{plain, pretty};
use super::{filters, order};
use crate::access::Caller;
use crate::fleet::InstanceView;
use crate::rest::body::Path;
use crate::work::Answer;
use crate::{App, Problem};

const TEST: &str = "test-module";

#[derive(Template)]
#[template(path = "instances.html")]
struct ListPage {
    frame: Frame,
    instances: Vec<InstanceView>,
    is_read_only: bool,
}

/// The list.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let page = ListPage {
        frame: Frame::new("Instances", "/instances", &caller),
        instances: seen(&app, &caller).await?,
        is_read_only: app.fleet.is_read_only(),
    };
    Ok(Page(page).into_response())
}

/// The instances that the caller may ask.
pub(super) async fn seen(app: &App, caller: &Caller) -> Result<Vec<InstanceView>, Problem> {
    let mut instances = app.fleet.instances().await?;
    instances.retain(|instance| caller.scopes.has_instance(&instance.name));
    Ok(instances)
}

/// One of them, or the problem that there is none.
async fn known(app: &App, caller: &Caller, name: &str) -> Result<InstanceView, Problem> {
    let found = seen(app, caller).await?.into_iter().find(|instance| instance.name == name);
    found.ok_or_else(|| Problem::not_found(format!("there is no instance `{name}` that you may ask")))
}

#[derive(Template)]
#[template(path = "instance.html")]
struct InstancePage {
    frame: Frame,
    instance: InstanceView,
    settings: Vec<(String, String)>,
    parameters: Vec<(String, String)>,
    is_read_only: bool,
    tested: Option<Tested>,
}

/// What came of a test.
struct Tested {
    run: String,
    answer: Answer,
}

/// One instance.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    page(&app, &caller, &name, None).await
}

/// Asks the system whether it answers and knows us.
pub(super) async fn test(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let arguments = Map::from_iter([("using".to_owned(), Value::from(name.as_str()))]);
    let (run, mut answers) = order::other(&app, &caller, TEST, arguments).await?;
    let answer = answers.pop().ok_or_else(|| Problem::bug("the instance gave no answer"))?;
    page(&app, &caller, &name, Some(Tested { run, answer })).await
}

async fn page(app: &App, caller: &Caller, name: &str, tested: Option<Tested>) -> Result<Response, Problem> {
    let instance = known(app, caller, name).await?;
    let page = InstancePage {
        frame: Frame::new(instance.name.clone(), "/instances", caller),
        settings: rows(&instance.settings),
        parameters: rows(&instance.settings["parameters"]),
        is_read_only: app.fleet.is_read_only(),
        instance,
        tested,
    };
    Ok(Page(page).into_response())
}

/// The members of an object, but those that have a table of their own or are shown elsewhere.
fn rows(value: &Value) -> Vec<(String, String)> {
    const ELSEWHERE: [&str; 5] = ["parameters", "instance", "integration", "brand", "enabled"];
    let members = value.as_object().into_iter().flatten();
    let others = members.filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()));
    let text = |value: &Value| match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => switches(members).unwrap_or_else(|| pretty(value)),
        other => plain(other),
    };
    others.map(|(name, value)| (name.clone(), text(value))).collect()
}

/// Switches in words: the names of those that are on, and of those that are not.
fn switches(members: &Map<String, Value>) -> Option<String> {
    let switch = |(name, value): (&String, &Value)| {
        Some(if value.as_bool()? { name.clone() } else { format!("not {name}") })
    };
    Some(members.iter().map(switch).collect::<Option<Vec<_>>>()?.join(", "))
}
