//! Running a command: by fields, or by a line as in a war room.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use provost_core::{CommandLine, Verb};
use serde_json::{Map, Value, json};

use super::completion::completions;
use super::fields::{Asked, Fields, Sent};
use super::order;
use super::page::{Frame, Page};
use super::record::Shown;
use super::shown::person_link;
use crate::access::Caller;
use crate::work::subject_of;
use crate::{App, Problem};

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    frame: Frame,
    fields: Fields,
    /// The user commands that may be run, by their verbs.
    verbs: Vec<&'static str>,
    instances: Vec<String>,
    outcome: Option<Outcome>,
}

/// What came of a command.
struct Outcome {
    run: String,
    command: String,
    subject: String,
    subject_link: String,
    dry_run: bool,
    records: Vec<Shown>,
}

/// The form.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    page(&app, &caller, fields, None).await
}

/// Runs a command and shows what came of it.
pub(super) async fn run(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let (command, arguments) = match fields.text("line") {
        Some(line) => of_line(line)?,
        None => of_fields(&fields)?,
    };
    let dry_run = arguments.get("dry-run").is_some_and(|value| value == "true" || value == true);
    let outcome = if let Some(verb) = order::verb(&command) {
        let subject = subject_of(arguments.get("user-profile"));
        let done = order::user(&app, &caller, verb, arguments).await?;
        let records = done.told.iter().map(Shown::from).collect();
        Outcome::of(done.run.to_string(), command, subject, dry_run, records)
    } else {
        let (run, answers) = order::other(&app, &caller, &command, arguments).await?;
        Outcome::of(run, command, None, false, answers.iter().map(Shown::from).collect())
    };
    page(&app, &caller, fields, Some(outcome)).await
}

impl Outcome {
    fn of(run: String, command: String, subject: Option<String>, dry_run: bool, records: Vec<Shown>) -> Self {
        let subject = subject.unwrap_or_default();
        Self { run, command, subject_link: person_link(&subject), subject, dry_run, records }
    }
}

fn of_line(line: &str) -> Result<(String, Map<String, Value>), Problem> {
    let read = CommandLine::parse(line).map_err(|flaw| Problem::invalid(flaw.message).hint(flaw.hint))?;
    let arguments = read.arguments.into_iter().map(|(name, value)| (name, Value::from(value)));
    Ok((read.command, arguments.collect()))
}

fn of_fields(fields: &Fields) -> Result<(String, Map<String, Value>), Problem> {
    let verb = Verb::ALL.into_iter().find(|verb| fields.text("verb") == Some(verb.as_str()));
    let verb = verb.ok_or_else(|| Problem::invalid("choose a command, or write a line"))?;
    let person = fields
        .text("person")
        .ok_or_else(|| Problem::invalid("a command is about somebody").hint("for example ann@example.com"))?;
    let using: Vec<&str> = fields.all("using").collect();
    let arguments = json!({
        "user-profile": profile(person),
        "using": using,
        "allow-enable": fields.is_set("allow-enable"),
        "dry-run": fields.is_set("dry-run"),
        "reason": fields.text("reason"),
    });
    Ok((verb.command(), arguments.as_object().cloned().unwrap_or_default()))
}

/// What somebody wrote of a person: a profile, a mail address, or a user name.
pub(super) fn profile(text: &str) -> Value {
    match text {
        object if object.starts_with('{') => object.into(),
        address if address.contains('@') => json!({"email": address}),
        name => json!({"username": name}),
    }
}

async fn page(
    app: &App,
    caller: &Caller,
    fields: Fields,
    outcome: Option<Outcome>,
) -> Result<Response, Problem> {
    let may = |verb: &Verb| {
        let route = format!("/api/v1/commands/{}", verb.command());
        caller.may_use(&axum::http::Method::POST, &route) && caller.scopes.has_command(&verb.command())
    };
    let page = RunPage {
        frame: Frame::new("Run a command", "/run", caller),
        fields,
        verbs: Verb::ALL.into_iter().filter(may).map(Verb::as_str).collect(),
        instances: instances(app, caller).await?,
        outcome,
    };
    Ok(Page(page).into_response())
}

/// The instances that are on and that the caller may ask.
async fn instances(app: &App, caller: &Caller) -> Result<Vec<String>, Problem> {
    let all = app.fleet.instances().await?.into_iter();
    let usable = all.filter(|instance| instance.enabled && caller.scopes.has_instance(&instance.name));
    Ok(usable.map(|instance| instance.name).collect())
}

#[derive(Template)]
#[template(
    source = "{% for line in lines %}<option value=\"{{ line }}\"></option>{% endfor %}",
    ext = "html"
)]
struct Options {
    lines: Vec<String>,
}

/// How the line may go on.
pub(super) async fn complete(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let views = app.fleet.instances().await?;
    let all = views.into_iter().flat_map(|view| view.commands).chain(["test-module".to_owned()]);
    let commands: BTreeSet<String> = all.filter(|name| caller.scopes.has_command(name)).collect();
    let commands: Vec<String> = commands.into_iter().collect();
    let lines = completions(fields.raw("line"), &commands, &instances(&app, &caller).await?);
    Ok(Page(Options { lines }).into_response())
}
