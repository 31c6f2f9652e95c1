//! Okta's filters: the language of SCIM over Okta's names, with fewer operators.

use jiff::Timestamp;
use provost_scim::{Filter, Operator, Path, Test};
use serde_json::Value;

use super::group::Group;
use super::refusal::{Refusal, kinds};
use super::user::{self, User};
use crate::moment::with_milliseconds;

use Operator::{Contains, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Present, StartsWith};

/// What a kind of filter may ask: names, and the operators that they may have. A name that
/// ends with a point stands for everything that begins with it.
pub(super) type Grammar = &'static [(&'static str, &'static [Operator])];

const EXACT: &[Operator] = &[Equal];
const MOMENT: &[Operator] = &[Equal, Greater, GreaterOrEqual, Less, LessOrEqual];
const ANY: &[Operator] = &[Equal, StartsWith, Contains, Present, Greater, GreaterOrEqual, Less, LessOrEqual];

/// `filter` of users.
pub(super) const USER_FILTER: Grammar = &[
    ("id", EXACT),
    ("status", EXACT),
    ("lastUpdated", MOMENT),
    ("profile.login", EXACT),
    ("profile.email", EXACT),
    ("profile.firstName", EXACT),
    ("profile.lastName", EXACT),
];

/// `search` of users.
pub(super) const USER_SEARCH: Grammar = &[
    ("id", ANY),
    ("status", ANY),
    ("created", ANY),
    ("activated", ANY),
    ("statusChanged", ANY),
    ("lastUpdated", ANY),
    ("type.id", EXACT),
    ("profile.", ANY),
];

/// `filter` and `search` of groups.
pub(super) const GROUPS: Grammar = &[
    ("id", EXACT),
    ("type", EXACT),
    ("created", ANY),
    ("lastUpdated", MOMENT),
    ("lastMembershipUpdated", MOMENT),
    ("profile.", ANY),
];

/// `filter` of applications: those of one user.
pub(super) const APPS: Grammar = &[("user.id", EXACT), ("status", EXACT), ("name", EXACT)];

/// `filter` of the log.
pub(super) const EVENTS: Grammar = &[
    ("eventType", ANY),
    ("uuid", EXACT),
    ("severity", EXACT),
    ("displayMessage", ANY),
    ("published", MOMENT),
    ("outcome.", ANY),
    ("actor.", ANY),
    ("target.", ANY),
    ("client.", ANY),
    ("transaction.", ANY),
];

/// Reads a filter.
///
/// # Errors
/// A text that is no filter, or asks for what this kind of filter may not ask.
pub(super) fn parse(text: &str, grammar: Grammar) -> Result<Filter, Refusal> {
    let refused = |cause: String| Refusal::because(kinds::SEARCH, cause);
    let filter: Filter =
        text.parse().map_err(|error: provost_scim::FilterError| refused(error.to_string()))?;
    if !is_plain(&filter) {
        return Err(refused("only `and`, `or` and round brackets join conditions".to_owned()));
    }
    match filter.first_wrong(&|test| !is_allowed(test, grammar)) {
        Some(test) => Err(refused(format!("`{}` cannot be asked so", test.path))),
        None => Ok(filter),
    }
}

fn is_plain(filter: &Filter) -> bool {
    match filter {
        Filter::And(a, b) | Filter::Or(a, b) => is_plain(a) && is_plain(b),
        Filter::Test(_) => true,
        Filter::Not(_) | Filter::Element(..) => false,
    }
}

fn is_allowed(test: &Test, grammar: Grammar) -> bool {
    let name = test.path.to_string();
    let is_of = |known: &str| if known.ends_with('.') { name.starts_with(known) } else { name == known };
    grammar.iter().any(|(known, operators)| is_of(known) && operators.contains(&test.operator))
}

/// The index of users that a filter can ask, and its value there.
pub(super) fn user_index(filter: &Filter) -> Option<(usize, String)> {
    let key = |path: &Path| match (path.attribute.as_str(), path.sub.as_deref()) {
        ("id", None) => Some(user::BY_ID),
        ("profile", Some("login")) => Some(user::BY_LOGIN),
        ("profile", Some("email")) => Some(user::BY_EMAIL),
        _ => None,
    };
    let (index, value) = filter.must_equal(&key)?;
    Some((index, if index == user::BY_ID { value.to_owned() } else { value.to_lowercase() }))
}

/// Whether a user is as a filter says.
pub(super) fn finds_user(filter: &Filter, user: &User) -> bool {
    filter.all_tests(&|test| match (test.path.attribute.as_str(), test.path.sub.as_deref()) {
        ("profile", Some(name)) => test.holds_of(&user.profile.get(name).into_iter().collect::<Vec<_>>()),
        ("id", _) => of_text(test, &user.id),
        ("status", _) => of_text(test, user.status.word()),
        ("type", _) => of_text(test, "oty000000000000DeFLT"),
        ("created", _) => of_moment(test, Some(user.created)),
        ("activated", _) => of_moment(test, user.activated),
        ("statusChanged", _) => of_moment(test, user.status_changed),
        _ => of_moment(test, Some(user.updated)),
    })
}

/// Whether a group is as a filter says.
pub(super) fn finds_group(filter: &Filter, group: &Group) -> bool {
    filter.all_tests(&|test| match (test.path.attribute.as_str(), test.path.sub.as_deref()) {
        ("profile", Some("name")) => of_text(test, &group.name),
        ("profile", Some("description")) => of_text(test, group.description.as_deref().unwrap_or_default()),
        ("profile", _) => false,
        ("id", _) => of_text(test, &group.id),
        ("type", _) => of_text(test, "OKTA_GROUP"),
        ("created", _) => of_moment(test, Some(group.created)),
        ("lastMembershipUpdated", _) => of_moment(test, Some(group.membership_updated)),
        _ => of_moment(test, Some(group.updated)),
    })
}

/// Whether an event, as it is shown, is as a filter says.
pub(super) fn finds_event(filter: &Filter, event: &Value) -> bool {
    event.as_object().is_some_and(|event| filter.holds(event))
}

fn of_text(test: &Test, text: &str) -> bool {
    test.holds_of(&[&Value::from(text)])
}

/// Moments are compared as moments, however the filter writes them.
fn of_moment(test: &Test, moment: Option<Timestamp>) -> bool {
    let written = |moment: Timestamp| Value::from(with_milliseconds(moment));
    let wanted = test.value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let test = Test { value: wanted.map_or_else(|| test.value.clone(), written), ..test.clone() };
    match moment {
        Some(moment) => test.holds_of(&[&written(moment)]),
        None => test.holds_of(&[]),
    }
}
