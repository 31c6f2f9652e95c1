//! The types of XSOAR's files, from the verbs and types of a native mapper.

use provost_core::Verb;
use serde_json::{Map, Value, json};

use super::super::{BOTH, CREATE, UPDATE};
use super::{Found, rule};
use crate::Purpose;
use crate::plan::{COMMON_TYPE, Direction, Field, Rule};

/// The verbs that XSOAR maps by the type for updates.
const LIKE_UPDATE: [Verb; 4] = [Verb::Update, Verb::Get, Verb::Disable, Verb::Enable];

/// A type's fields as value objects.
type Values = Map<String, Value>;

/// The members of `mapping`.
pub(super) fn blocks(
    direction: Direction,
    types: Vec<(String, Vec<Field>)>,
    written: &Value,
    found: &mut Found,
) -> Map<String, Value> {
    let nothing = Map::new();
    let kept = written["xsoar"]["mapping"].as_object();
    let had_no_types = kept.is_some_and(Map::is_empty);
    let kept = kept.unwrap_or(&nothing);
    let typed = types.len() > 1;
    let mut values = Vec::new();
    for (name, fields) in types {
        if name == COMMON_TYPE && !typed && !kept.contains_key(COMMON_TYPE) {
            values.extend(flat(direction, fields, &written["fields"], kept, found));
        } else if values.iter().any(|(known, _)| *known == name) {
            found.problems.push(format!("type `{name}`: what stands under `fields` is this type"));
        } else {
            let is_common = name == COMMON_TYPE;
            let rules = if is_common { &written["fields"] } else { &written["types"][&name] };
            let fields = one_type(&name, fields, rules, found);
            if !is_common || !fields.is_empty() || kept.contains_key(COMMON_TYPE) {
                values.push((name, fields));
            }
        }
    }
    if had_no_types {
        values.retain(|(_, fields)| !fields.is_empty());
    }
    assembled(values, kept, found)
}

/// The types, in the order of the file that the mapper was converted from, with what stood
/// beside their fields.
fn assembled(mut values: Vec<(String, Values)>, kept: &Values, found: &mut Found) -> Map<String, Value> {
    let rank = |name: &str| kept.keys().position(|known| known == name).unwrap_or(usize::MAX);
    values.sort_by_key(|(name, _)| rank(name));
    for name in kept.keys().filter(|name| !values.iter().any(|(known, _)| known == *name)) {
        found.notes.push(format!("the type `{name}` of `xsoar: mapping` is left out; no field is for it"));
    }
    let block = |(name, fields): (String, Values)| {
        let beside = kept.get(&name).cloned();
        let block = beside.filter(|beside| !beside.is_null()).unwrap_or_else(|| json!({}));
        (name, with_fields(block, fields))
    };
    values.into_iter().map(block).collect()
}

/// A block with its fields. Where something else stood instead of them, that is kept.
fn with_fields(block: Value, fields: Values) -> Value {
    match block {
        Value::Object(members) if fields.is_empty() && members.contains_key("internalMapping") => {
            members.into()
        }
        other if fields.is_empty() && !other.is_object() => other,
        other => {
            let mut members = other.as_object().cloned().unwrap_or_default();
            members.insert("internalMapping".to_owned(), fields.into());
            members.into()
        }
    }
}

/// The fields of a mapper without types, for the commands or for all of them.
fn flat(
    direction: Direction,
    fields: Vec<Field>,
    written: &Value,
    kept: &Values,
    found: &mut Found,
) -> Vec<(String, Values)> {
    let is_plain = fields.iter().all(|field| field.rules.iter().all(|rule| rule.on.is_empty()));
    let is_kept = |name: &str| kept.contains_key(name);
    if direction == Direction::Incoming || (is_plain && is_kept(BOTH)) {
        return vec![(BOTH.to_owned(), one_type("", fields, written, found))];
    }
    let (mut create, mut update) = (Values::new(), Values::new());
    for field in fields {
        let target = field.target.clone();
        let (for_create, for_update) = by_command(field, &written[&target], found);
        create.extend(for_create.map(|value| (target.clone(), value)));
        update.extend(for_update.map(|value| (target, value)));
    }
    // A file that had only one of the types gets no other without need.
    let is_needed = |name: &str, values: &Values| !values.is_empty() || is_kept(name) || kept.is_empty();
    let both = [(CREATE, create), (UPDATE, update)];
    both.into_iter()
        .filter(|(name, values)| is_needed(name, values))
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
}

/// What a field is for a create, and for the rest.
fn by_command(field: Field, written: &Value, found: &mut Found) -> (Option<Value>, Option<Value>) {
    let place = format!("`{}`", field.target);
    let first = |verb| field.rules.iter().position(|rule| Purpose::Outgoing(verb).wants(rule));
    let (create, update) = (first(Verb::Create), first(Verb::Update));
    if LIKE_UPDATE.iter().any(|verb| first(*verb) != update) {
        let about =
            "`on` with a rule of its own for get, disable or enable; in XSOAR these map like an update";
        found.problems.push(format!("{place}: {about}"));
    }
    let mut values = (None, None);
    let mut certain = true;
    for (at, one) in field.rules.into_iter().enumerate() {
        let is_taken = [create, update].contains(&Some(at));
        if certain && !is_taken {
            unreachable(&place, at, found);
            continue;
        }
        certain &= always_applies(&one);
        let value = rule(one, written_rule(written, at), &place, found);
        if Some(at) == create {
            values.0 = Some(value.clone());
        }
        if Some(at) == update {
            values.1 = Some(value);
        }
    }
    values
}

/// Whether a rule has no condition, so that no later one for its verbs is reached.
fn always_applies(rule: &Rule) -> bool {
    rule.when.is_none() && rule.valid.from.is_none() && rule.valid.to.is_none()
}

fn unreachable(place: &str, at: usize, found: &mut Found) {
    found.notes.push(format!("{place}: rule {} is left out; a rule before it always applies", at + 1));
}

/// The fields of a type, which is named in complaints. Verbs mean nothing in it.
fn one_type(name: &str, fields: Vec<Field>, written: &Value, found: &mut Found) -> Values {
    let mut values = Values::new();
    for field in fields {
        let target = field.target;
        let place =
            if name.is_empty() { format!("`{target}`") } else { format!("type `{name}`, `{target}`") };
        let mut certain = false;
        for (at, one) in field.rules.into_iter().enumerate() {
            if certain {
                unreachable(&place, at, found);
                continue;
            }
            if !one.on.is_empty() {
                verbs(name, &place, found);
            }
            certain = always_applies(&one);
            let value = rule(one, written_rule(&written[&target], at), &place, found);
            values.insert(target.clone(), value);
        }
    }
    values
}

/// Complains of verbs: an incoming mapper ignores them, a type of its own does not.
fn verbs(name: &str, place: &str, found: &mut Found) {
    if name.is_empty() {
        found.notes.push(format!("{place}: `on` is left out; an incoming mapper ignores it"));
    } else {
        found.problems.push(format!("{place}: `on` beside types"));
    }
}

/// A rule of a target as it is written.
fn written_rule(field: &Value, at: usize) -> &Value {
    field.get("rules").map_or(field, |rules| &rules[at])
}
