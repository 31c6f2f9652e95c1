//! Finding resources and paging through them (RFC 7644, section 3.4.2; RFC 9865).

use provost_scim::{Filter, Operator, Path};
use serde_json::{Map, Value, json};

use super::directory::{BY_EXTERNAL_ID, BY_ID, BY_NAME, BY_VALUE, Directory, Kept, Kind};
use super::refusal::Refusal;
use super::shown::{Choice, Shower};
use super::{Dialect, Filtering};
use crate::serve::Asked;
use crate::table::{Place, Table};

/// How many resources a page has when the client does not say.
pub(super) const PAGE: usize = 100;
/// The largest page.
pub(super) const LARGEST_PAGE: usize = 1000;

/// What a list is to be.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) choice: Choice,
    filter: Option<Filter>,
    sort_by: Option<Path>,
    is_descending: bool,
    count: usize,
    start: Start,
}

/// Where a page begins.
#[derive(Debug)]
enum Start {
    /// At this resource, counted from 1.
    Index(usize),
    /// After this place.
    After(Place),
}

impl Default for Start {
    fn default() -> Self {
        Self::Index(1)
    }
}

/// A page and where it is.
struct Page<'a> {
    total: usize,
    rows: Vec<(Place, &'a Kept)>,
    skipped: usize,
    is_last: bool,
}

impl Wanted {
    /// Reads what a list is to be, from a query or from the body of a search.
    pub(super) fn parse(
        get: &impl Fn(&str) -> Option<String>,
        kind: Kind,
        dialect: Dialect,
    ) -> Result<Self, Refusal> {
        let filter = match get("filter") {
            Some(text) => filter(&text, kind, dialect)?,
            None => None,
        };
        let start = match get("cursor") {
            Some(cursor) => Start::After(place_of(&cursor)?),
            None => Start::Index(number(get("startIndex"), 1)?.max(1)),
        };
        Ok(Self {
            choice: Choice::parse(get("attributes").as_deref(), get("excludedAttributes").as_deref()),
            filter,
            sort_by: get("sortBy").as_deref().and_then(Path::parse),
            is_descending: get("sortOrder").is_some_and(|order| order == "descending"),
            count: number(get("count"), PAGE)?.min(LARGEST_PAGE),
            start,
        })
    }

    /// The list (RFC 7644, section 3.4.2).
    ///
    /// # Errors
    /// A cursor that leads nowhere.
    pub(super) fn list(&self, kinds: &[Kind], shower: &Shower) -> Result<Value, Refusal> {
        let Page { total, rows, skipped, is_last } = self.page(kinds, shower.directory)?;
        let mut list = Map::new();
        list.insert("schemas".to_owned(), json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        list.insert("totalResults".to_owned(), total.into());
        list.insert("itemsPerPage".to_owned(), rows.len().into());
        match (&self.start, rows.last()) {
            (Start::Index(_), _) => drop(list.insert("startIndex".to_owned(), (skipped + 1).into())),
            (Start::After(_), Some((last, _))) if !is_last => {
                list.insert("nextCursor".to_owned(), format!("{last:x}").into());
            }
            (Start::After(_), _) => {}
        }
        list.insert("Resources".to_owned(), rows.iter().map(|(_, kept)| shower.show(kept)).collect());
        Ok(Value::Object(list))
    }

    fn page<'a>(&self, kinds: &[Kind], directory: &'a Directory) -> Result<Page<'a>, Refusal> {
        if let ([kind], None, None) = (kinds, &self.filter, &self.sort_by) {
            return Ok(self.plain_page(directory.table(*kind)));
        }
        let rows = kinds.iter().flat_map(|kind| self.rows(*kind, directory));
        let mut rows: Vec<(Place, &Kept)> = rows.collect();
        if let Some(path) = &self.sort_by {
            sort(&mut rows, path, self.is_descending);
        }
        let total = rows.len();
        let skipped = match self.start {
            Start::Index(index) => (index - 1).min(total),
            Start::After(after) => self.passed(&rows, after, kinds.len())?,
        };
        let end = skipped.saturating_add(self.count).min(total);
        Ok(Page { total, rows: rows[skipped..end].to_vec(), skipped, is_last: end == total })
    }

    /// How many rows stand before what a cursor leads to. In the order of places that is
    /// known also when the row is gone that it was made of; in another order it is not.
    fn passed(&self, rows: &[(Place, &Kept)], after: Place, kinds: usize) -> Result<usize, Refusal> {
        let gone = || Refusal::invalid("expiredCursor", "what the cursor stood at is gone; begin again");
        match &self.sort_by {
            None if kinds == 1 => Ok(rows.partition_point(|(place, _)| *place <= after)),
            _ if after == 0 => Ok(0),
            Some(_) if kinds == 1 => {
                rows.iter().position(|(place, _)| *place == after).map(|at| at + 1).ok_or_else(gone)
            }
            _ => Err(Refusal::invalid("invalidCursor", "a search of everything has no cursors")),
        }
    }

    /// A page of all resources in their order, for which the others are not looked at.
    fn plain_page<'a>(&self, table: &'a Table<Kept>) -> Page<'a> {
        let total = table.count();
        let (skipped, after) = match self.start {
            Start::Index(index) => ((index - 1).min(total), 0),
            Start::After(after) => (0, after),
        };
        let rows: Vec<_> = table.after(after).skip(skipped).take(self.count).collect();
        let last = rows.last().map_or(after, |(place, _)| *place);
        Page { total, rows, skipped, is_last: table.after(last).next().is_none() }
    }

    /// The rows that the filter finds; by an index where one can be asked.
    fn rows<'a>(&self, kind: Kind, directory: &'a Directory) -> Vec<(Place, &'a Kept)> {
        let table = directory.table(kind);
        let Some(filter) = &self.filter else { return table.after(0).collect() };
        match filter.must_equal(&|path| index_of(kind, path)) {
            Some((index, value)) => {
                let folded = if [BY_ID, BY_EXTERNAL_ID].contains(&index) {
                    value.to_owned()
                } else {
                    value.to_lowercase()
                };
                table.found(index, &folded).filter(|(_, kept)| holds(filter, kept, directory)).collect()
            }
            None => table.after(0).filter(|(_, kept)| holds(filter, kept, directory)).collect(),
        }
    }
}

/// The index of an attribute.
fn index_of(kind: Kind, path: &Path) -> Option<usize> {
    match (kind, path.attribute.as_str(), path.sub.as_deref()) {
        _ if path.schema.is_some() => None,
        (_, "id", None) => Some(BY_ID),
        (_, "externalId", None) => Some(BY_EXTERNAL_ID),
        (Kind::User, "userName", None) | (Kind::Group, "displayName", None) => Some(BY_NAME),
        (Kind::User, "emails", None | Some("value")) | (Kind::Group, "members", None | Some("value")) => {
            Some(BY_VALUE)
        }
        _ => None,
    }
}

/// Whether a resource is as a filter says. What only the server sets is not among the
/// attributes that are kept, and is put there where the filter asks for it.
fn holds(filter: &Filter, kept: &Kept, directory: &Directory) -> bool {
    let is_of_server =
        |test: &provost_scim::Test| ["id", "meta", "groups"].contains(&test.path.attribute.as_str());
    if filter.first_wrong(&is_of_server).is_none() {
        return filter.holds(&kept.attributes);
    }
    let mut whole = kept.attributes.clone();
    whole.insert("id".to_owned(), kept.id.as_str().into());
    let meta = json!({
        "created": kept.created.to_string(),
        "lastModified": kept.modified.to_string(),
        "resourceType": kept.kind.resource().name,
        "version": kept.tag(),
    });
    whole.insert("meta".to_owned(), meta);
    if kept.kind == Kind::User {
        let groups = directory.groups_of(&kept.id).map(|group| json!({"value": group.id}));
        whole.insert("groups".to_owned(), groups.collect());
    }
    filter.holds(&whole)
}

fn filter(text: &str, kind: Kind, dialect: Dialect) -> Result<Option<Filter>, Refusal> {
    match dialect.filtering {
        Filtering::Ignored => Ok(None),
        Filtering::Refused => Err(Refusal::invalid("invalidFilter", "this server has no filters")),
        Filtering::Full => {
            let filter = text.parse::<Filter>();
            let filter = filter.map_err(|error| Refusal::invalid("invalidFilter", error.to_string()))?;
            let is_senseless = |test: &provost_scim::Test| {
                test.value.is_boolean() && ![Operator::Equal, Operator::NotEqual].contains(&test.operator)
            };
            if let Some(test) = filter.first_wrong(&is_senseless) {
                let detail = format!("`{}` cannot be compared so with true or false", test.path);
                return Err(Refusal::invalid("invalidFilter", detail));
            }
            Ok(Some(filter.named_by(kind.resource())))
        }
    }
}

fn sort(rows: &mut [(Place, &Kept)], path: &Path, is_descending: bool) {
    let key = |kept: &Kept| {
        let found = path.find(kept.kind.resource())?;
        let value = kept.attributes.get(found.attribute.name);
        let value = found.sub.map_or(value, |sub| value.and_then(|value| value.get(sub.name)));
        value.and_then(Value::as_str).map(str::to_lowercase)
    };
    rows.sort_by_cached_key(|(_, kept)| key(kept));
    if is_descending {
        rows.reverse();
    }
}

/// A number; one below zero is zero (RFC 7644, section 3.4.2.4).
fn number(text: Option<String>, default: usize) -> Result<usize, Refusal> {
    let Some(text) = text else { return Ok(default) };
    let number = text
        .parse::<i64>()
        .map_err(|_| Refusal::invalid("invalidValue", format!("`{text}` is no number")))?;
    Ok(usize::try_from(number).unwrap_or(0))
}

/// The place that a cursor means; the empty one means the beginning.
fn place_of(cursor: &str) -> Result<Place, Refusal> {
    if cursor.is_empty() {
        return Ok(0);
    }
    Place::from_str_radix(cursor, 16)
        .map_err(|_| Refusal::invalid("invalidCursor", format!("`{cursor}` is no cursor of this server")))
}

/// A value of a request's query.
pub(super) fn of_query(asked: &Asked) -> impl Fn(&str) -> Option<String> {
    |name| asked.get(name).map(str::to_owned)
}

/// A value of a search's body (RFC 7644, section 3.4.3), written as in a query.
pub(super) fn of_body(body: &Value) -> impl Fn(&str) -> Option<String> {
    |name| match body.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Array(names) => Some(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}
