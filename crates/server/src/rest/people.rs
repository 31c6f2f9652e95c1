//! People whose profiles were seen.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use provost_store::Person;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{Path, Query};
use super::page;
use crate::{App, Problem};

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// An id of the server's own.
    id: String,
    /// What commands call them, in lower case: the mail address, or another name.
    person: String,
    /// What people call them.
    name: String,
    /// The profile as the newest commands had it, without secrets.
    #[schema(value_type = Object)]
    profile: Value,
    /// When it was seen.
    #[schema(format = DateTime)]
    updated: String,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        let Person { id, person, name, profile, updated } = person;
        Self { id, person, name, profile, updated: updated.to_string() }
    }
}

/// A page of people, in the order of their addresses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonPage {
    items: Vec<PersonView>,
    /// The `after` of the next page; without it this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Which people are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PersonQuery {
    /// How their address or name begins.
    #[serde(default)]
    search: String,
    /// Only those behind this one.
    after: Option<String>,
    /// How many.
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u64>,
}

/// List people.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(PersonQuery), responses(
    (status = OK, body = PersonPage), (status = BAD_REQUEST, body = Problem), (status = UNAUTHORIZED, body = Problem),
    (status = FORBIDDEN, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<PersonQuery>,
) -> Result<Json<PersonPage>, Problem> {
    let size = page::size(query.limit)?;
    let people = app.store.people(&query.search, query.after.as_deref(), size + 1).await?;
    let (people, next) = page::cut(people, size, |person| person.person.clone());
    Ok(Json(PersonPage { items: people.into_iter().map(PersonView::from).collect(), next }))
}

/// Show a person.
#[utoipa::path(get, path = "/api/v1/people/{person}", tag = "people",
    params(("person" = String, Path, description = "The id, or what commands call them")), responses(
    (status = OK, body = PersonView), (status = UNAUTHORIZED, body = Problem), (status = FORBIDDEN, body = Problem),
    (status = NOT_FOUND, body = Problem), (status = SERVICE_UNAVAILABLE, body = Problem)))]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Path(person): Path<String>,
) -> Result<Json<PersonView>, Problem> {
    let known = app.store.person(&person).await?;
    Ok(Json(known.ok_or_else(|| Problem::not_found(format!("nobody is known as `{person}`")))?.into()))
}
