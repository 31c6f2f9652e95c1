//! What an answer means: an account, a list, or a fault by the manifest's tables.

use std::collections::BTreeMap;

use http::HeaderMap;
use provost_core::{
    Account, AccountId, Attributes, Code, Fault, FaultKind, Redactor, Treatment, Verb, parse_active,
};
use provost_mapper::{Template, View};
use provost_net::{Answer, Url};
use serde_json::{Map, Value, json};

use super::names::{One, Seen};
use crate::manifest::{FaultRule, HttpSystem, Place};

/// How much of a senseless answer is shown.
const EXCERPT: usize = 200;
const LONGEST_MESSAGE: usize = 1000;

/// A good answer, read.
#[derive(Debug, Default)]
pub(super) struct Reply {
    /// The body; null where there is none.
    pub(super) body: Value,
    pub(super) headers: HeaderMap,
}

/// What is asked of an answer.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) manifest: &'a HttpSystem,
    /// What errors mean in this operation.
    pub(super) own: &'a [FaultRule],
    pub(super) redactor: &'a Redactor,
    pub(super) verb: Option<Verb>,
    /// Whether what was asked for may be absent.
    pub(super) may_lack: bool,
}

impl Judge<'_> {
    /// The answer's content, or the fault that the answer is.
    pub(super) fn judge(&self, answer: &Answer) -> Result<Reply, Fault> {
        let body = judge(*self, answer)?;
        Ok(Reply { body, headers: answer.headers.clone() })
    }
}

fn judge(asked: Judge, answer: &Answer) -> Result<Value, Fault> {
    let Judge { manifest, own, redactor, verb, may_lack } = asked;
    let status = answer.status.as_u16();
    let is_good =
        if manifest.good.is_empty() { answer.status.is_success() } else { manifest.good.contains(&status) };
    if is_good && !is_refusal(manifest, answer) {
        return answer.json().map_err(|_| not_json(answer, redactor));
    }
    if answer.status.is_redirection() {
        return Err(redirected(answer));
    }
    let fault = with_general_hint(refusal(manifest, redactor, answer));
    match rule(own.iter().chain(&manifest.faults), &fault, answer, verb) {
        Some(rule) if rule.done || (rule.absent && may_lack) => Ok(Value::Null),
        Some(rule) => Err(treat(rule, fault)),
        None => Err(fault),
    }
}

/// Whether the manifest takes an answer with a good status for an error.
fn is_refusal(manifest: &HttpSystem, answer: &Answer) -> bool {
    let Some(when) = &manifest.fault_when else { return false };
    when.value(&view_of(answer, "")).is_ok_and(|value| is_truthy(&value))
}

/// The fault of an error body, read as the manifest says.
fn refusal(manifest: &HttpSystem, redactor: &Redactor, answer: &Answer) -> Fault {
    let status = answer.status.as_u16();
    let view = view_of(answer, "");
    let text = |template: &Option<Template>| template.as_ref()?.value(&view).ok();
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

/// What templates see of an error.
fn view_of(answer: &Answer, code: &str) -> View<'static> {
    View::new(json!({
        "body": answer.json().ok(),
        "headers": named(&answer.headers),
        "status": answer.status.as_u16(),
        "reason": answer.status.canonical_reason().unwrap_or_default(),
        "code": code,
    }))
}

/// Headers as templates see them: names in lower case, the first value of each.
pub(super) fn named(headers: &HeaderMap) -> Value {
    let pair = |name: &http::HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    };
    Value::Object(headers.keys().filter_map(pair).collect())
}

/// The first row of the fault table that fits.
fn rule<'m>(
    mut rules: impl Iterator<Item = &'m FaultRule>,
    fault: &Fault,
    answer: &Answer,
    verb: Option<Verb>,
) -> Option<&'m FaultRule> {
    let code = fault.code.as_ref().map(Code::to_string).unwrap_or_default();
    let holds = |rule: &FaultRule| {
        rule.when
            .as_ref()
            .is_none_or(|when| when.value(&view_of(answer, &code)).is_ok_and(|value| is_truthy(&value)))
    };
    let status = answer.status.as_u16();
    rules.find(|rule| fits(rule, status, &code, verb) && holds(rule))
}

/// What a condition's value means, as Jinja has it.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

fn treat(rule: &FaultRule, mut fault: Fault) -> Fault {
    fault.hints.extend(rule.hint.clone());
    if rule.limited {
        fault.kind = FaultKind::RateLimited;
    } else if !rule.code.is_empty() && fault.kind == FaultKind::Unavailable {
        // Some systems say everything with 500. One that says what is wrong is not down.
        fault.kind = FaultKind::Vendor;
    }
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

pub(super) fn bad_answer(status: u16, message: String) -> Fault {
    Fault::new(FaultKind::BadAnswer, message).with_code(Code::Number(status.into()))
}

/// What is at a place of a reply; null where there is nothing.
pub(super) fn in_reply(place: &Place, reply: &Reply, seen: Seen) -> Value {
    match place {
        Place::Path(path) => path.resolve(&reply.body).unwrap_or_default(),
        Place::Template(template) => {
            template.value(&Seen { reply: Some(reply), ..seen }.view()).unwrap_or_default()
        }
    }
}

/// The object in a reply; null where there is none.
pub(super) fn item(place: Option<&Place>, reply: Reply, seen: Seen) -> Value {
    let item = match place {
        Some(place) => in_reply(place, &reply, seen),
        None => reply.body,
    };
    if item.as_object().is_some_and(Map::is_empty) { Value::Null } else { item }
}

/// The list in a reply.
pub(super) fn items(place: Option<&Place>, reply: &mut Reply, seen: Seen) -> Result<Vec<Value>, Fault> {
    let found = match place {
        // A plain member is taken out, since a page of accounts can be large.
        Some(place) => match reply.body.get_mut(place.source()) {
            Some(member) => member.take(),
            None => in_reply(place, reply, seen),
        },
        None => std::mem::take(&mut reply.body),
    };
    if let Value::Array(items) = found {
        return Ok(items);
    }
    // Taking this for "nobody found" could create a second account.
    let place = place.map_or("the top", Place::source);
    Err(bad_answer(200, format!("the answer holds no list at `{place}`"))
        .with_hint("is `url` the address of the right system and version?"))
}

/// Reads an account out of an answer. `known` is the id that was asked for, for systems
/// that do not repeat it.
pub(super) fn account(
    manifest: &HttpSystem,
    item: Value,
    known: Option<&AccountId>,
) -> Result<Account, Fault> {
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
    let shown = |attribute: &String| Some((attribute.clone(), shown(manifest, attribute, &item)?));
    let keys: BTreeMap<String, Vec<String>> = manifest.lookup.names.iter().filter_map(shown).collect();
    let (username, email) = (optional(&shape.username), optional(&shape.email));
    let attributes = match item {
        Value::Object(members) => members,
        _ => Attributes::new(),
    };
    Ok(Account { id, username, email, active, unfinished, keys, attributes })
}

/// The values of a look-up attribute that an account shows; `None` where it does not show
/// the attribute at all.
fn shown(manifest: &HttpSystem, attribute: &str, item: &Value) -> Option<Vec<String>> {
    let shape = &manifest.account;
    let named = manifest.lookup.places.iter().find(|(name, _)| name == attribute).map(|(_, place)| place);
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

/// What servers add to the items of lists (RFC 7643, section 2.4).
const ADDED: [&str; 2] = ["display", "$ref"];

/// Whether a value shows all that is wanted. An object may hold more, for a write leaves that as
/// it is; a list is written whole. What is not there may just not be shown.
pub(super) fn includes(shown: &Value, wanted: &Value) -> bool {
    match (shown, wanted) {
        (Value::Object(shown), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| shown.get(name).is_some_and(|shown| includes(shown, wanted)))
        }
        (Value::Array(shown), Value::Array(wanted)) => {
            shown.len() == wanted.len()
                && shown.iter().zip(wanted).all(|(shown, wanted)| is_same_item(shown, wanted))
        }
        (shown, wanted) => shown == wanted || (is_empty(shown) && is_empty(wanted)),
    }
}

fn is_same_item(shown: &Value, wanted: &Value) -> bool {
    let (Value::Object(shown), Value::Object(wanted)) = (shown, wanted) else { return shown == wanted };
    let is_wanted = |name: &String| wanted.contains_key(name) || ADDED.contains(&name.as_str());
    shown.keys().all(is_wanted) && wanted.iter().all(|(name, value)| shown.get(name) == Some(value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn another(id: &str, known: &AccountId) -> Fault {
    bad_answer(200, format!("the answer is about account {id}, but the request was about {known}"))
        .with_hint("look at both accounts before anything else is done")
}

pub(super) fn at(place: &Place, item: &Value) -> Option<Value> {
    in_object(place, "account", item)
}

/// What is at a place of an object, which templates see by this name.
pub(super) fn in_object(place: &Place, name: &str, object: &Value) -> Option<Value> {
    match place {
        Place::Path(path) => path.resolve(object),
        Place::Template(template) => template.value(&View::new(One(name, object))).ok(),
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

pub(super) fn text(value: &Value) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_shown_need_not_be_written() {
        let shown = json!({
            "title": "Engineer", "fax": "", "n": 7, "name": {"givenName": "Ann", "formatted": "Ann E."},
            "emails": [{"value": "a", "primary": true, "display": "a"}], "roles": ["a", "b"],
        });
        for (wanted, is_there) in [
            (json!({"title": "Engineer", "name": {"givenName": "Ann"}}), true),
            (json!({"fax": null}), true),
            (json!({"emails": [{"value": "a", "primary": true}], "roles": ["a", "b"]}), true),
            (json!({"title": "engineer"}), false),
            (json!({"n": "7"}), false),
            (json!({"phone": ""}), false),
            (json!({"phone": null}), false),
            (json!({"title": ""}), false),
            (json!({"emails": [{"value": "a"}]}), false),
            (json!({"emails": []}), false),
            (json!({"roles": ["b", "a"]}), false),
            (json!({"name": {"familyName": "Example"}}), false),
        ] {
            assert_eq!(includes(&shown, &wanted), is_there, "{wanted}");
        }
    }
}
