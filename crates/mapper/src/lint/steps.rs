//! Operators, their arguments, and texts that another way says better.

use provost_core::{Flaw, did_you_mean};

use super::names::holes;
use super::seen::What;
use crate::load::Form;
use crate::operators;
use crate::{Path, Place};

/// Names that write-ups use, but no file that the product wrote.
pub(crate) const HEARSAY: [&str; 9] = [
    "IsEmpty",
    "IsNotEmpty",
    "StringifyJSON",
    "doesNotContainGeneral",
    "getIndex",
    "isCaseSensitiveEqual",
    "isInList",
    "isNotInList",
    "matchRegex",
];

/// JavaScript for which there is an operator.
const ONE_LINERS: [(&str, &str); 12] = [
    ("val.toLowerCase()", "toLowerCase"),
    ("val.toUpperCase()", "toUpperCase"),
    ("val.trim()", "trim"),
    ("Math.floor(val)", "floor"),
    ("Math.ceil(val)", "ceil"),
    ("Math.round(val)", "round"),
    ("Math.abs(val)", "abs"),
    ("JSON.parse(val)", "ParseJSON"),
    ("JSON.stringify(val)", "Stringify"),
    ("encodeURIComponent(val)", "URLEncode"),
    ("decodeURIComponent(val)", "URLDecode"),
    ("val.length", "count"),
];

pub(super) fn flaws(form: Form, what: &What<'_>) -> Vec<Flaw> {
    match what {
        What::Operator(name) => hearsay(name).into_iter().collect(),
        What::Stranger(operator, name) => vec![stranger(operator, name)],
        What::Glued => vec![glued(form)],
        What::Code(code) => one_liner(code).into_iter().collect(),
        What::Place(place) => of_place(place),
        What::Expression(text) => sum(text).into_iter().collect(),
        What::Text(text) => holes(text).into_iter().flat_map(of_place).collect(),
        _ => Vec::new(),
    }
}

/// A date or a number of a telephone that lacks its quotes.
fn sum(text: &str) -> Option<Flaw> {
    let is_of_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split(['-', '/', '+', '.', ' ']).filter(|part| !part.is_empty());
    let is_sum = text.contains(['-', '/', '+']) && parts.all(is_of_digits);
    is_sum.then(|| {
        Flaw::warning(format!("`{text}` is calculated"))
            .with_hint(format!("if the text is meant, write `\"'{text}'\"`"))
    })
}

fn hearsay(name: &str) -> Option<Flaw> {
    let operator = operators::find(name).ok().filter(|_| HEARSAY.contains(&name))?;
    let message = format!("`{name}` is known from write-ups only; files have `{}`", operator.name);
    Some(Flaw::warning(message).with_hint(format!("write `{}`", operator.name)))
}

fn stranger(operator: &operators::Operator, name: &str) -> Flaw {
    let known = operator.arguments.iter().map(|argument| argument.name);
    Flaw::warning(format!("`{}` has no argument `{name}`, so it has no effect", operator.name))
        .with_optional_hint(did_you_mean(name, known))
        .on_key()
}

fn glued(form: Form) -> Flaw {
    let flaw = Flaw::warning("this reads JSON that was glued from texts; a quote in a value breaks it");
    flaw.with_hint(match form {
        Form::Native => "write the object or list as the `value`",
        Form::Xsoar => "a native mapper writes objects and lists as they are",
    })
}

fn of_place(place: &str) -> Vec<Flaw> {
    match Place::parse(place) {
        Ok(Place::Path(path)) => prefix(&path).into_iter().collect(),
        Ok(Place::Dt(_)) => one_liner(place).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

/// A prefix that playbooks write; a mapper's document has no such member.
fn prefix(path: &Path) -> Option<Flaw> {
    let members = path.members();
    let [prefix, _] = members.as_slice() else { return None };
    let rest = path.source().split_once('.').map_or(path.source(), |(_, rest)| rest);
    let message = format!("there is no `{prefix}` in what a mapper reads, so it is dropped");
    Some(Flaw::warning(message).with_hint(format!("write `{rest}`")).on_words(prefix.clone()))
}

fn one_liner(code: &str) -> Option<Flaw> {
    let code = code.trim().trim_end_matches(';').trim_end();
    let mut rows = ONE_LINERS.iter();
    let (body, operator) =
        rows.find(|(body, _)| code.strip_suffix(body).is_some_and(|rest| rest.ends_with(['=', '>'])))?;
    let message = format!("`{body}` is what the transformer `{operator}` does, without JavaScript");
    Some(Flaw::warning(message).on_words(*body))
}

/// The operators that the tables here name.
#[cfg(test)]
pub(super) fn named() -> impl Iterator<Item = &'static str> {
    HEARSAY.into_iter().chain(ONE_LINERS.into_iter().map(|(_, operator)| operator))
}
