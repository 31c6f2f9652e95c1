//! Mappers, and the bench at which they are tried: nothing is sent anywhere.

mod bench;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::Verb;

use self::bench::{Outcome, Wanted};
use super::fields::{Asked, Fields, Sent};
use super::page::{Frame, Page};
use super::{encoded, filters};
use crate::access::Caller;
use crate::fleet::MapperView;
use crate::rest::body::Path;
use crate::rest::mappers::{find, put_mapper};
use crate::{App, Problem};

/// How many people are offered to be mapped.
const OFFERED: u64 = 50;

#[derive(Template)]
#[template(path = "mappers.html")]
struct ListPage {
    frame: Frame,
    mappers: Vec<MapperView>,
    is_read_only: bool,
}

/// The list.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, Problem> {
    let page = ListPage {
        frame: Frame::new("Mappers", "/mappers", &caller),
        mappers: app.fleet.mappers().await?,
        is_read_only: app.fleet.is_read_only(),
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "mapper.html")]
struct BenchPage {
    frame: Frame,
    mapper: MapperView,
    link: String,
    /// The text as it is tried, which may be another than the one that is kept.
    text: String,
    document: String,
    person: String,
    verbs: [&'static str; 4],
    verb: String,
    type_name: String,
    /// People to choose from.
    people: Vec<String>,
    is_read_only: bool,
    outcome: Outcome,
}

/// The bench with a mapper as it is kept.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let mapper = find(&app, &name).await?;
    page(&app, &caller, mapper, &fields).await
}

/// The bench with a text that was written.
pub(super) async fn attempt(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let mapper = find(&app, &name).await?;
    page(&app, &caller, mapper, &fields).await
}

/// Keeps the text.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let revision = fields.text("revision").and_then(|text| text.parse().ok());
    put_mapper(&app, &caller, &name, &text_of(&fields, ""), revision).await?;
    Ok(Redirect::to(&format!("/mappers/{}", encoded(&name))).into_response())
}

/// The text that a form sent. Forms have lines that end with two characters.
fn text_of(fields: &Fields, otherwise: &str) -> String {
    match fields.raw("text") {
        "" => otherwise.to_owned(),
        text => text.replace("\r\n", "\n"),
    }
}

async fn page(app: &App, caller: &Caller, mapper: MapperView, fields: &Fields) -> Result<Response, Problem> {
    let saved = mapper.text.clone().unwrap_or_default();
    let people = app.store.people("", None, OFFERED).await?;
    let wanted = Wanted::of(app, &saved, text_of(fields, &saved), fields).await?;
    let (text, document, verb) = (wanted.text.clone(), wanted.document.clone(), wanted.verb);
    let page = BenchPage {
        frame: Frame::new(mapper.name.clone(), "/mappers", caller),
        link: format!("/mappers/{}", encoded(&mapper.name)),
        mapper,
        text,
        document,
        person: fields.shown("person").to_owned(),
        verbs: [Verb::Create, Verb::Update, Verb::Enable, Verb::Disable].map(Verb::as_str),
        verb: verb.as_str().to_owned(),
        type_name: fields.shown("type").to_owned(),
        people: people.into_iter().map(|person| person.person).collect(),
        is_read_only: app.fleet.is_read_only(),
        outcome: wanted.outcome(app).await?,
    };
    Ok(Page(page).into_response())
}
