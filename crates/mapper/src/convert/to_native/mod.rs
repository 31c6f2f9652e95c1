//! XSOAR's JSON as a native mapper.
//!
//! The types for the commands become `on:` where they are the only ones; else every type
//! stands under `types:`, where it means the same. What has no effect (ids, versions, flags
//! of types) is kept under `xsoar:`.

mod rule;

use provost_core::json;
use serde_json::{Map, Value, json};

use super::{BOTH, CREATE, Converted, UPDATE, yaml};
use crate::plan::{COMMON_TYPE, Direction, Mapper};
use rule::rule;

/// How deep each part of the file is always written line by line.
const HEAD_OPEN: usize = 1;
const FIELDS_OPEN: usize = 2;
const TYPES_OPEN: usize = 3;

/// A type's fields as native rules.
type Rules = Map<String, Value>;

pub(super) fn convert(mapper: &Mapper, text: &str) -> Converted {
    let text = text.trim_start_matches('\u{feff}');
    let content: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let hidden = json::outline(text).map(|outline| outline.hidden_paths());
    let mut notes: Vec<String> = hidden
        .iter()
        .flatten()
        .map(|place| format!("`{place}` is there twice; only the last one counts, and is converted"))
        .collect();
    let types = types(&content);
    let mut parts = vec![(head(mapper, &content), HEAD_OPEN)];
    match flat_fields(mapper.direction, &types, &mut notes) {
        Some(fields) => parts.push((member("fields", fields), FIELDS_OPEN)),
        None => parts.extend(typed(types)),
    }
    parts.push((member("xsoar", kept(mapper, &content)), FIELDS_OPEN));
    let written = parts.into_iter().filter(|(part, _)| !part.is_empty());
    let text = written.map(|(part, open)| yaml::document(&part.into(), open)).collect();
    Converted { text, notes }
}

/// One member, if there is something in it.
fn member(name: &str, value: Map<String, Value>) -> Map<String, Value> {
    let value = Some(value).filter(|value| !value.is_empty());
    value.into_iter().map(|value| (name.to_owned(), value.into())).collect()
}

fn head(mapper: &Mapper, content: &Map<String, Value>) -> Map<String, Value> {
    let mut file = Map::new();
    file.insert("mapper".to_owned(), mapper.name.as_str().into());
    let direction = if mapper.direction == Direction::Incoming { "incoming" } else { "outgoing" };
    file.insert("direction".to_owned(), direction.into());
    if let Some(description) = content.get("description").filter(|text| is_description(text)) {
        file.insert("description".to_owned(), description.clone());
    }
    file.insert("strict".to_owned(), false.into());
    file
}

fn is_description(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

/// The types of a file with their rules.
fn types(content: &Map<String, Value>) -> Vec<(String, Rules)> {
    let blocks = content.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let rules = |block: &Value| {
        let targets = block["internalMapping"].as_object().into_iter().flatten();
        targets.map(|(target, value)| (target.clone(), rule(value))).collect()
    };
    blocks.map(|(name, block)| (name.clone(), rules(block))).collect()
}

/// The fields of a file whose types say nothing but the command; else nothing.
fn flat_fields(direction: Direction, types: &[(String, Rules)], notes: &mut Vec<String>) -> Option<Rules> {
    let of = |name: &str| types.iter().find(|(known, _)| known == name).map(|(_, rules)| rules);
    match types {
        [] => Some(Rules::new()),
        [(name, rules)] if name == BOTH => Some(rules.clone()),
        _ if direction == Direction::Outgoing
            && types.iter().all(|(name, _)| [CREATE, UPDATE].contains(&name.as_str())) =>
        {
            let nothing = Rules::new();
            Some(by_command(of(CREATE).unwrap_or(&nothing), of(UPDATE).unwrap_or(&nothing), notes))
        }
        _ => None,
    }
}

/// The rules of both commands; what differs has its `on`.
fn by_command(create: &Rules, update: &Rules, notes: &mut Vec<String>) -> Rules {
    let order = merged(create, update);
    let kept = order.iter().filter(|target| update.contains_key(**target));
    if !kept.eq(update.keys().collect::<Vec<_>>().iter()) {
        notes.push(format!(
            "the fields of `{UPDATE}` now have the order of `{CREATE}`, which changes no result"
        ));
    }
    let rule = |target: &str| match (create.get(target), update.get(target)) {
        (Some(create), Some(update)) if create == update => create.clone(),
        (Some(create), Some(update)) => json!({"rules": [on(create, "create"), on(update, "update")]}),
        (Some(create), None) => on(create, "create"),
        (None, Some(update)) => on(update, "update"),
        (None, None) => Value::Null,
    };
    order.into_iter().map(|target| (target.clone(), rule(target))).collect()
}

/// The targets of both commands; those that only the second has stand behind the target
/// that they follow there.
fn merged<'a>(create: &'a Rules, update: &'a Rules) -> Vec<&'a String> {
    let mut order: Vec<&String> = create.keys().collect();
    let mut position = 0;
    for target in update.keys() {
        let found = order.iter().position(|known| *known == target);
        if found.is_none() {
            order.insert(position, target);
        }
        position = found.unwrap_or(position) + 1;
    }
    order
}

fn on(rule: &Value, verb: &str) -> Value {
    let mut long = match rule {
        Value::Object(members) => members.clone(),
        short => Map::from_iter([("value".to_owned(), short.clone())]),
    };
    long.insert("on".to_owned(), verb.into());
    Value::Object(long)
}

/// Every type under its own name; the common mapping is what stands outside.
fn typed(types: Vec<(String, Rules)>) -> [(Map<String, Value>, usize); 2] {
    let (common, named): (Vec<_>, Vec<_>) = types.into_iter().partition(|(name, _)| name == COMMON_TYPE);
    let common = common.into_iter().next().map(|(_, rules)| rules).unwrap_or_default();
    let named = named.into_iter().map(|(name, rules)| (name, rules.into())).collect();
    [(member("fields", common), FIELDS_OPEN), (member("types", named), TYPES_OPEN)]
}

/// The members of the file that a native mapper has no words for. Of the types it has what
/// stands beside their fields.
fn kept(mapper: &Mapper, content: &Map<String, Value>) -> Map<String, Value> {
    let mut kept = content.clone();
    kept.shift_remove("type");
    kept.retain(|key, value| match key.as_str() {
        "name" => value != mapper.name.as_str(),
        "description" => !is_description(value),
        _ => true,
    });
    let mut mapping = kept.shift_remove("mapping");
    if let Some(Value::Object(blocks)) = &mut mapping {
        for block in blocks.values_mut().filter_map(Value::as_object_mut) {
            if block.get("internalMapping").is_some_and(Value::is_object) {
                block.shift_remove("internalMapping");
            }
        }
    }
    kept.extend(mapping.map(|mapping| ("mapping".to_owned(), mapping)));
    kept
}
