//! What an answer means: an account, a list, or a fault by the manifest's tables.

use std::collections::BTreeMap;

use provost_core::{Account, Attributes, Code, Fault, FaultKind, Redactor, Treatment, Verb, parse_active};
use provost_mapper::{Scope, Template};
use provost_net::Answer;
use serde_json::{Value, json};

use crate::manifest::{FaultRule, Manifest, Operation, Place};

/// How much of a senseless answer is shown.
const EXCERPT: usize = 200;

/// The fault in an answer, if there is one.
pub(super) fn judge(
    manifest: &Manifest,
    redactor: &Redactor,
    answer: &Answer,
    verb: Option<Verb>,
) -> Option<Fault> {
    let status = answer.status.as_u16();
    let is_good =
        if manifest.good.is_empty() { answer.status.is_success() } else { manifest.good.contains(&status) };
    if is_good {
        return answer.json().is_err().then(|| not_json(answer, redactor));
    }
    if answer.status.is_redirection() {
        return Some(redirected(answer));
    }
    let body = answer.json().ok();
    let scope = Scope::new(&json!({
        "body": body, "status": status, "reason": answer.status.canonical_reason().unwrap_or_default(),
    }));
    let text = |template: &Option<Template>| template.as_ref()?.value(&scope).ok();
    let code = text(&manifest.fault_code).and_then(code).unwrap_or(Code::Number(status.into()));
    let message = match text(&manifest.fault_message) {
        Some(Value::String(message)) => message,
        _ => common_message(answer, redactor),
    };
    let fault = Fault::new(FaultKind::of_status(status), message).with_code(code);
    Some(treat(manifest, with_general_hint(fault), status, verb))
}

/// Applies the first row of the fault table that fits.
fn treat(manifest: &Manifest, mut fault: Fault, status: u16, verb: Option<Verb>) -> Fault {
    let code = fault.code.as_ref().map(Code::to_string).unwrap_or_default();
    if let Some(rule) = manifest.faults.iter().find(|rule| fits(rule, status, &code, verb)) {
        fault.hints.extend(rule.hint.clone());
        fault.treatment = match &rule.skip {
            Some(reason) => Treatment::Skip(reason.clone()),
            None if rule.error_entry => Treatment::FailWithErrorEntry,
            None => Treatment::Fail,
        };
    }
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
    let target = answer.header("location").unwrap_or("another address");
    let message = format!("the system answers with a redirection to {target}, which is not followed");
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
    match &operation.result {
        Some(place) if !body.is_null() => place.resolve(&body).unwrap_or(body),
        _ => body,
    }
}

/// The list in an answer.
pub(super) fn items(operation: &Operation, body: &Value) -> Result<Vec<Value>, Fault> {
    let found = match &operation.result {
        Some(place) => place.resolve(body).unwrap_or_default(),
        None => body.clone(),
    };
    if let Value::Array(items) = found {
        return Ok(items);
    }
    // Taking this for "nobody found" could create a second account.
    let place = operation.result.as_ref().map_or("the top", |place| place.source());
    Err(bad_answer(200, format!("the answer holds no list at `{place}`"))
        .with_hint("is `url` the address of the right system and version?"))
}

/// Reads an account out of an answer.
pub(super) fn account(manifest: &Manifest, item: Value) -> Result<Account, Fault> {
    let shape = &manifest.account;
    let place = |place: &Place| at(place, &item);
    let optional = |wanted: &Option<Place>| wanted.as_ref().and_then(place).and_then(|value| text(&value));
    let id = place(&shape.id).and_then(|value| text(&value)).ok_or_else(|| no_id(&shape.id))?;
    let (username, email) = (optional(&shape.username), optional(&shape.email));
    let active = shape.active.as_ref().and_then(place).and_then(|value| parse_active(&value));
    let key = |attribute: &String| {
        let value = match attribute.as_str() {
            "id" => Some(id.clone()),
            "username" if username.is_some() => username.clone(),
            "email" if email.is_some() => email.clone(),
            other => item.get(other).and_then(text),
        };
        Some((attribute.clone(), value?))
    };
    let keys: BTreeMap<String, String> = manifest.lookup.iter().filter_map(key).collect();
    let attributes = match item {
        Value::Object(members) => members,
        _ => Attributes::new(),
    };
    Ok(Account { id: id.into(), username, email, active, keys, attributes })
}

fn at(place: &Place, item: &Value) -> Option<Value> {
    match place {
        Place::Path(path) => path.resolve(item),
        Place::Template(template) => template.value(&Scope::new(&json!({"account": item}))).ok(),
    }
}

fn no_id(place: &Place) -> Fault {
    let place = match place {
        Place::Path(path) => path.source(),
        Place::Template(template) => template.source(),
    };
    Fault::new(FaultKind::BadAnswer, format!("the answer is no account: it has no `{place}`"))
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
