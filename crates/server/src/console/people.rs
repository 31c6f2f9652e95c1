//! People: the search, and all that is known of one.

mod sides;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use provost_core::Verb;
use provost_store::{EventFilter, Person, RunFilter};
use serde_json::{Map, Value};

use self::sides::Side;
use super::audit::{self, EventRow};
use super::fields::{Asked, Fields, Sent};
use super::page::{Frame, Page};
use super::run::profile;
use super::runs::{self, SIZE};
use super::shown::{RunRow, moment, person_link, plain, pretty};
use super::{filters, order};
use crate::access::Caller;
use crate::rest::body::Path;
use crate::rest::page::cut;
use crate::{App, Problem};

/// How many runs and events are in a history.
const HISTORY: u64 = 20;
/// Among how many records the newest of each instance is looked for.
const RECORDS: u64 = 200;

#[derive(Template)]
#[template(path = "people.html")]
struct ListPage {
    frame: Frame,
    fields: Fields,
    people: Vec<PersonRow>,
    /// Where whoever is looked for would be, known or not.
    exact: Option<String>,
    next: Option<String>,
}

struct PersonRow {
    person: String,
    link: String,
    name: String,
    id: String,
    department: String,
    updated: String,
}

impl From<Person> for PersonRow {
    fn from(person: Person) -> Self {
        let text = |name: &str| person.profile.get(name).map(plain).unwrap_or_default();
        let id = match text("employeeid") {
            id if id.is_empty() => text("username"),
            id => id,
        };
        Self {
            link: person_link(&person.person),
            id,
            department: text("department"),
            updated: moment(person.updated),
            person: person.person,
            name: person.name,
        }
    }
}

/// The search.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Asked(fields): Asked,
) -> Result<Response, Problem> {
    let search = fields.shown("q");
    let people = app.store.people(search, fields.text("after"), SIZE + 1).await?;
    let (people, next) = cut(people, SIZE, |person| person.person.clone());
    let is_known = people.iter().any(|person| person.person == search.to_lowercase());
    let page = ListPage {
        frame: Frame::new("People", "/people", &caller),
        people: people.into_iter().map(PersonRow::from).collect(),
        exact: Some(search).filter(|search| !search.is_empty() && !is_known).map(person_link),
        next: next.map(|next| fields.link("/people", "after", &next)),
        fields,
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    person: String,
    link: String,
    name: String,
    profile: Vec<(String, String)>,
    updated: String,
    sides: Vec<Side>,
    runs: Vec<RunRow>,
    events: Vec<EventRow>,
}

/// One person, known or not.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let known = app.store.person(&id).await?;
    let person = known.as_ref().map_or_else(|| id.to_lowercase(), |known| known.person.clone());
    let subject = Some(person.clone());
    let filter = RunFilter { subject: subject.clone(), ..RunFilter::default() };
    let runs = app.store.runs(&filter, None, HISTORY).await?;
    let filter = EventFilter { subject, ..EventFilter::default() };
    let events = app.store.events(&filter, None, HISTORY).await?;
    let times: HashMap<String, String> =
        runs.iter().map(|run| (run.id.to_string(), moment(run.started))).collect();
    let records = app.store.records_of(&person, RECORDS).await?;
    let page = PersonPage {
        frame: Frame::new(person.clone(), "/people", &caller),
        link: person_link(&person),
        name: known.as_ref().map(|known| known.name.clone()).unwrap_or_default(),
        updated: known.as_ref().map(|known| moment(known.updated)).unwrap_or_default(),
        profile: known.map(|known| rows(&known.profile)).unwrap_or_default(),
        sides: sides::newest(records, &caller, &times),
        runs: runs::allowed(&caller, runs),
        events: audit::allowed(&caller, events),
        person,
    };
    Ok(Page(page).into_response())
}

fn rows(profile: &Value) -> Vec<(String, String)> {
    let members = profile.as_object().into_iter().flatten();
    members
        .map(|(name, value)| {
            let is_nested = value.is_object() || value.is_array();
            (name.clone(), if is_nested { pretty(value) } else { plain(value) })
        })
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// Looks in every system that can be asked.
pub(super) async fn look(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (person, arguments) = arguments(&app, &id).await?;
    order::user(&app, &caller, Verb::Get, arguments).await?;
    Ok(Redirect::to(&person_link(&person)).into_response())
}

/// Disables the accounts in every system, once the person's address was typed.
pub(super) async fn disable(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Sent(fields): Sent,
) -> Result<Response, Problem> {
    let (person, mut arguments) = arguments(&app, &id).await?;
    if fields.shown("typed").to_lowercase() != person {
        let problem = Problem::unprocessable("what was typed is not the person's address; nothing was done");
        return Err(problem.hint(format!("type {person}")));
    }
    arguments.insert("reason".to_owned(), fields.text("reason").into());
    let done = order::user(&app, &caller, Verb::Disable, arguments).await?;
    Ok(Redirect::to(&format!("/runs/{}", done.run)).into_response())
}

/// What a person is called, and the arguments of a command about them.
async fn arguments(app: &App, id: &str) -> Result<(String, Map<String, Value>), Problem> {
    let known = app.store.person(id).await?;
    let person = known.as_ref().map_or_else(|| id.to_lowercase(), |known| known.person.clone());
    let profile = known.map_or_else(|| profile(&person), |known| known.profile);
    Ok((person, Map::from_iter([("user-profile".to_owned(), profile)])))
}
