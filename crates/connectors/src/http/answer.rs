//! What an answer means: an account, a list, or a fault by the manifest's tables.

use std::collections::BTreeMap;

use provost_core::{
    Account, AccountId, Attributes, Code, Fault, FaultKind, Redactor, Treatment, Verb, parse_active,
};
use provost_mapper::{Scope, Template};
use provost_net::{Answer, Url};
use serde_json::{Value, json};

use crate::manifest::{AccountShape, FaultRule, Manifest, Operation, Place};

/// How much of a senseless answer is shown.
const EXCERPT: usize = 200;
const LONGEST_MESSAGE: usize = 1000;

/// An answer's body, or the fault that the answer is.
pub(super) fn judge(
    manifest: &Manifest,
    redactor: &Redactor,
    answer: &Answer,
    verb: Option<Verb>,
) -> Result<Value, Fault> {
    let status = answer.status.as_u16();
    let is_good =
        if manifest.good.is_empty() { answer.status.is_success() } else { manifest.good.contains(&status) };
    if is_good {
        return answer.json().map_err(|_| not_json(answer, redactor));
    }
    if answer.status.is_redirection() {
        return Err(redirected(answer));
    }
    let fault = with_general_hint(refusal(manifest, redactor, answer));
    match rule(manifest, &fault, status, verb) {
        Some(rule) if rule.done => Ok(Value::Null),
        Some(rule) => Err(treat(rule, fault)),
        None => Err(fault),
    }
}

/// The fault of an error body, read as the manifest says.
fn refusal(manifest: &Manifest, redactor: &Redactor, answer: &Answer) -> Fault {
    let status = answer.status.as_u16();
    let scope = Scope::new(&json!({
        "body": answer.json().ok(),
        "status": status,
        "reason": answer.status.canonical_reason().unwrap_or_default(),
    }));
    let text = |template: &Option<Template>| template.as_ref()?.value(&scope).ok();
    let code = text(&manifest.fault_code).and_then(code).unwrap_or(Code::Number(status.into()));
    let message = match text(&manifest.fault_message) {
        Some(Value::String(message)) => cut(&redactor.text(&message)),
        _ => common_message(answer, redactor),
    };
    Fault::new(FaultKind::of_status(status), message).with_code(code)
}

/// A system may say as much as it likes; people read this much.
fn cut(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}

/// The first row of the fault table that fits.
fn rule<'m>(manifest: &'m Manifest, fault: &Fault, status: u16, verb: Option<Verb>) -> Option<&'m FaultRule> {
    let code = fault.code.as_ref().map(Code::to_string).unwrap_or_default();
    manifest.faults.iter().find(|rule| fits(rule, status, &code, verb))
}

fn treat(rule: &FaultRule, mut fault: Fault) -> Fault {
    fault.hints.extend(rule.hint.clone());
    fault.treatment = match &rule.skip {
        Some(reason) => Treatment::Skip(reason.clone()),
        None if rule.error_entry => Treatment::FailWithErrorEntry,
        None => Treatment::Fail,
    };
    fault
}

fn fits(rule: &FaultRule, status: u16, code: &str, verb: Option<Verb>) -> bool {
    (rule.on.is_empty() || verb.is_some_and(|verb| rule.on.contains(&verb)))
        && (rule.status.is_empty() || rule.status.contains(&status))
        && (rule.code.is_empty() || rule.code.iter().any(|known| known == code))
}

/// The text of an error whose body says nothing that the manifest understands.
fn common_message(answer: &Answer, redactor: &Redactor) -> String {
    let reason = answer.status.canonical_reason().unwrap_or_default();
    let body = answer.excerpt(redactor, EXCERPT);
    format!("Error in API call [{}] - {reason}\n{}", answer.status.as_u16(), body.trim())
}

fn with_general_hint(fault: Fault) -> Fault {
    match fault.kind {
        FaultKind::Unauthenticated => fault.with_hint("check the instance's credentials"),
        FaultKind::PermissionDenied => fault.with_hint("the instance's credentials lack a right for this"),
        _ => fault,
    }
}

/// A good status with a body that makes no sense.
pub(super) fn not_json(answer: &Answer, redactor: &Redactor) -> Fault {
    let excerpt = answer.excerpt(redactor, EXCERPT);
    let message = format!("Failed to parse json object from response: {excerpt}");
    let hint = if excerpt.trim_start().starts_with('<') {
        "this is a web page: does `url` point to the API, and is no log-in page or proxy in between?"
    } else {
        "is `url` the address of the API?"
    };
    bad_answer(answer.status.as_u16(), message).with_hint(hint)
}

fn redirected(answer: &Answer) -> Fault {
    // The host and path only: the rest could hold credentials.
    let location = answer.header("location").unwrap_or("another address");
    let target = match Url::parse(location) {
        Ok(url) => format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path()),
        Err(_) => location.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    let message = cut(&format!("the system answers with a redirection to {target}, which is not followed"));
    Fault::new(FaultKind::Configuration, message)
        .with_code(Code::Number(answer.status.as_u16().into()))
        .with_hint("set `url` to the address that the API really has")
}

fn bad_answer(status: u16, message: String) -> Fault {
    Fault::new(FaultKind::BadAnswer, message).with_code(Code::Number(status.into()))
}

/// An operation that the manifest does not have.
pub(super) fn unsupported(manifest: &Manifest, verb: Verb) -> Fault {
    let message = format!("{} cannot {verb} an account", manifest.brand);
    Fault::new(FaultKind::Unsupported, message).with_code(Code::Number(501))
}

/// The object in an answer; null where there is none.
pub(super) fn item(operation: &Operation, body: Value) -> Value {
    let item = match &operation.result {
        Some(place) => in_body(place, &body),
        None => body,
    };
    if item.as_object().is_some_and(serde_json::Map::is_empty) { Value::Null } else { item }
}

/// The list in an answer.
pub(super) fn items(operation: &Operation, mut body: Value) -> Result<Vec<Value>, Fault> {
    let found = match &operation.result {
        // A plain member is taken out, since a page of accounts can be large.
        Some(place) => match body.get_mut(place.source()) {
            Some(member) => member.take(),
            None => in_body(place, &body),
        },
        None => body,
    };
    if let Value::Array(items) = found {
        return Ok(items);
    }
    // Taking this for "nobody found" could create a second account.
    let place = operation.result.as_ref().map_or("the top", |place| place.source());
    Err(bad_answer(200, format!("the answer holds no list at `{place}`"))
        .with_hint("is `url` the address of the right system and version?"))
}

/// Reads an account out of an answer. `known` is the id that was asked for, for systems
/// that do not repeat it.
pub(super) fn account(manifest: &Manifest, item: Value, known: Option<&AccountId>) -> Result<Account, Fault> {
    let shape = &manifest.account;
    let optional = |wanted: &Option<Place>| wanted.as_ref().and_then(|place| text(&at(place, &item)?));
    let id = match (text(&at(&shape.id, &item).unwrap_or_default()), known) {
        (Some(id), Some(known)) if id != known.as_str() => return Err(another(&id, known)),
        (Some(id), _) => AccountId::from(id),
        (None, Some(known)) => known.clone(),
        (None, None) => return Err(no_id(&shape.id)),
    };
    let active =
        shape.active.as_ref().and_then(|place| at(place, &item)).and_then(|value| parse_active(&value));
    let unfinished = shape.unfinished.as_ref().and_then(|place| at(place, &item)) == Some(Value::Bool(true));
    let shown = |attribute: &String| Some((attribute.clone(), shown(shape, attribute, &item)?));
    let keys: BTreeMap<String, Vec<String>> = manifest.lookup.iter().filter_map(shown).collect();
    let (username, email) = (optional(&shape.username), optional(&shape.email));
    let attributes = match item {
        Value::Object(members) => members,
        _ => Attributes::new(),
    };
    Ok(Account { id, username, email, active, unfinished, keys, attributes })
}

/// The values of a look-up attribute that an account shows; `None` where it does not show
/// the attribute at all.
fn shown(shape: &AccountShape, attribute: &str, item: &Value) -> Option<Vec<String>> {
    let named = shape.keys.iter().find(|(name, _)| name == attribute).map(|(_, place)| place);
    let place = named.or(match attribute {
        "id" => Some(&shape.id),
        "username" => shape.username.as_ref(),
        "email" => shape.email.as_ref(),
        _ => None,
    });
    match place {
        Some(Place::Path(path)) => path.reaches(item).then(|| texts(&path.resolve(item).unwrap_or_default())),
        Some(place) => at(place, item).map(|value| texts(&value)),
        None => item.get(attribute).map(texts),
    }
}

/// All texts in a value: of a list each item's, of an object its `value`.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.get("value").map(texts).unwrap_or_default(),
        other => text(other).into_iter().collect(),
    }
}

fn another(id: &str, known: &AccountId) -> Fault {
    bad_answer(200, format!("the answer is about account {id}, but the request was about {known}"))
        .with_hint("look at both accounts before anything else is done")
}

fn at(place: &Place, item: &Value) -> Option<Value> {
    match place {
        Place::Path(path) => path.resolve(item),
        Place::Template(template) => template.value(&Scope::new(&json!({"account": item}))).ok(),
    }
}

/// What is at a place of an answer; null where there is nothing.
fn in_body(place: &Place, body: &Value) -> Value {
    match place {
        Place::Path(path) => path.resolve(body).unwrap_or_default(),
        Place::Template(template) => template.value(&Scope::new(&json!({"body": body}))).unwrap_or_default(),
    }
}

/// A step after the one that made an account failed.
pub(super) fn half_done(fault: Fault, account: &Account) -> Fault {
    let message = format!("the account {} was made, but not finished: {}", account.id, fault.message);
    let hint = "create it again: what is missing is made up for";
    Fault { kind: FaultKind::HalfDone, message, ..fault }.with_hint(hint)
}

fn no_id(place: &Place) -> Fault {
    Fault::new(FaultKind::BadAnswer, format!("the answer is no account: it has no `{}`", place.source()))
        .with_code(Code::Number(200))
        .with_hint("is `url` the address of the right system and version?")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn code(value: Value) -> Option<Code> {
    match value {
        Value::Number(number) => number.as_i64().map(Code::Number),
        Value::String(text) if !text.is_empty() => Some(Code::Text(text)),
        _ => None,
    }
}
