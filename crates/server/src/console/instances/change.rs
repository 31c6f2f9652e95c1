//! Adding, changing and removing instances, where they are not written in a file.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::known;
use super::settings::{Input, further, inputs, settings};
use crate::access::Caller;
use crate::console::fields::Sent;
use crate::console::page::{Frame, Page};
use crate::console::{encoded, filters};
use crate::fleet::{InstanceView, IntegrationView};
use crate::rest::body::Path;
use crate::rest::instances::{put_instance, remove_instance};
use crate::{App, Problem};

#[derive(Template)]
#[template(path = "integrations.html")]
struct KindsPage {
    frame: Frame,
    kinds: Vec<IntegrationView>,
    is_read_only: bool,
}

/// The kinds of systems that an instance can be made of.
pub(in crate::console) async fn kinds(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let page = KindsPage {
        frame: Frame::new("Add an instance", "/instances", &caller),
        kinds: app.fleet.integrations().await?,
        is_read_only: app.fleet.is_read_only(),
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "instance_form.html")]
struct FormPage {
    frame: Frame,
    kind: IntegrationView,
    /// The name of the instance that is changed; none for a new one.
    name: Option<String>,
    enabled: bool,
    inputs: Vec<Input>,
    further: String,
    revision: u64,
}

impl FormPage {
    fn new(caller: &Caller, kind: IntegrationView, before: Option<&InstanceView>) -> Self {
        let title = before.map_or_else(|| format!("Add: {}", kind.brand), |view| view.name.clone());
        Self {
            frame: Frame::new(title, "/instances", caller),
            name: before.map(|view| view.name.clone()),
            enabled: before.is_none_or(|view| view.enabled),
            inputs: inputs(&kind, before),
            further: before.map(further).unwrap_or_default(),
            revision: before.and_then(|view| view.revision).unwrap_or_default(),
            kind,
        }
    }
}

/// The form of a new instance.
pub(in crate::console) async fn add(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    refuse_files(&app)?;
    let kind = kind(&app, &name).await?;
    Ok(Page(FormPage::new(&caller, kind, None)).into_response())
}

/// Makes an instance.
pub(in crate::console) async fn make(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(kind_name): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let kind = kind(&app, &kind_name).await?;
    let name = fields.text("name").ok_or_else(|| Problem::invalid("an instance needs a name"))?;
    let settings = settings(&fields, &kind, None)?;
    put_instance(&app, &caller, name, settings, None).await?;
    Ok(to(name))
}

/// The form of an instance that is there.
pub(in crate::console) async fn edit(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    refuse_files(&app)?;
    let before = known(&app, &caller, &name).await?;
    let kind = kind(&app, &before.integration).await?;
    Ok(Page(FormPage::new(&caller, kind, Some(&before))).into_response())
}

/// Changes an instance. What it was when the form was made is said by the form.
pub(in crate::console) async fn keep(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let before = known(&app, &caller, &name).await?;
    let kind = kind(&app, &before.integration).await?;
    let revision = fields.text("revision").and_then(|text| text.parse().ok());
    let settings = settings(&fields, &kind, Some(&before))?;
    put_instance(&app, &caller, &name, settings, revision).await?;
    Ok(to(&name))
}

/// Removes an instance, once its name was typed.
pub(in crate::console) async fn remove(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    known(&app, &caller, &name).await?;
    if fields.shown("typed") != name {
        let problem = Problem::unprocessable("what was typed is not the instance's name; nothing was done");
        return Err(problem.hint(format!("type {name}")));
    }
    remove_instance(&app, &caller, &name).await?;
    Ok(Redirect::to("/instances").into_response())
}

fn to(name: &str) -> Response {
    Redirect::to(&format!("/instances/{}", encoded(name))).into_response()
}

fn refuse_files(app: &App) -> Result<(), Problem> {
    if app.fleet.is_read_only() {
        return Err(Problem::conflict("instances are written in a file, and cannot be changed here"));
    }
    Ok(())
}

async fn kind(app: &App, name: &str) -> Result<IntegrationView, Problem> {
    let found = app.fleet.integrations().await?.into_iter().find(|kind| kind.name == name);
    found.ok_or_else(|| Problem::not_found(format!("there is no integration `{name}`")))
}
