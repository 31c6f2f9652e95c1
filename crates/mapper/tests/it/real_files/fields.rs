//! The fields of the published mappers, one by one: every source gets a value of its own, and
//! what comes out must be exactly what `tables` says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::tables::{TABLES, Table};
use super::{mapper, run};

/// The document around the sources: events have targets of several types.
fn around() -> Value {
    json!({"target": [{"type": "User"}, {"type": "AppInstance"}, {"type": "UserGroup"}]})
}

/// What a source gets, unlike that of any other.
fn value(source: &str) -> String {
    format!("Of {source}@example.com")
}

/// A hole's source, and what is done with its value.
fn parts(hole: &str) -> (&str, &str) {
    hole.split_once('|').unwrap_or((hole, ""))
}

/// A row's value with its holes filled; JSON where it looks like it.
fn filled(expected: &str) -> Value {
    let mut text = String::new();
    let mut pieces = expected.split('<');
    text.extend(pieces.next());
    for piece in pieces {
        let (hole, after) = piece.split_once('>').expect("a closed hole");
        let (source, manner) = parts(hole);
        match manner {
            "lower" => text.push_str(&value(source).to_lowercase()),
            "local" => text.extend(value(source).split('@').next()),
            _ => text.push_str(&value(source)),
        }
        text.push_str(after);
    }
    let is_json = text.starts_with(['[', '{']);
    if is_json { serde_json::from_str(&text).expect("a table's JSON") } else { Value::from(text) }
}

fn sources(expected: &str) -> impl Iterator<Item = &str> {
    let holes = expected.split('<').skip(1).filter_map(|piece| piece.split_once('>'));
    holes.map(|(hole, _)| parts(hole).0)
}

/// Puts a value at the place that a source names, with the objects and lists around it.
fn put(place: &mut Value, source: &str, new: Value) {
    let (first, rest) = source.split_once('/').map_or((source, None), |(first, rest)| (first, Some(rest)));
    let inner = if let Ok(index) = first.parse::<usize>() {
        if !place.is_array() {
            *place = json!([]);
        }
        let items = place.as_array_mut().expect("a list");
        items.resize(items.len().max(index + 1), Value::Null);
        &mut items[index]
    } else {
        if !place.is_object() {
            *place = json!({});
        }
        place.as_object_mut().expect("an object").entry(first).or_insert(Value::Null)
    };
    match rest {
        Some(rest) => put(inner, rest, new),
        None => *inner = new,
    }
}

fn check((name, types, rows): &Table) {
    let Some(mapper) = mapper(name) else { return };
    let rows: BTreeMap<&str, &str> = rows.iter().flat_map(|rows| rows.iter().copied()).collect();
    let mut document = around();
    for source in rows.values().flat_map(|expected| sources(expected)) {
        put(&mut document, source, Value::from(value(source)));
    }
    let expected: Map<String, Value> =
        rows.iter().map(|(target, expected)| ((*target).to_owned(), filled(expected))).collect();
    for type_name in *types {
        let (_, fields) =
            mapper.types.iter().find(|(known, _)| known == type_name).expect("the type is there");
        let targets: BTreeSet<&str> = fields.iter().map(|field| field.target.as_str()).collect();
        assert_eq!(targets, rows.keys().copied().collect(), "{name} {type_name}");
        let (output, errors) = run(&mapper, type_name, &document);
        assert_eq!(errors, [] as [&str; 0], "{name} {type_name}");
        assert_eq!(output, Value::Object(expected.clone()), "{name} {type_name}");
    }
}

#[test]
fn every_field_gives_what_its_table_says() {
    TABLES.iter().for_each(check);
}

#[test]
fn the_tables_name_every_type_of_their_mappers() {
    let named = |name: &str| -> BTreeSet<&str> {
        let tables = TABLES.iter().filter(|(known, ..)| *known == name);
        tables.flat_map(|(_, types, _)| types.iter().copied()).collect()
    };
    for name in TABLES.iter().map(|(name, ..)| *name).collect::<BTreeSet<_>>() {
        let Some(mapper) = mapper(name) else { return };
        // The table of PrismaCloud is its update's only; its create is a case of its own.
        let missing: Vec<&String> = mapper
            .types
            .iter()
            .map(|(known, _)| known)
            .filter(|known| !named(name).contains(known.as_str()))
            .collect();
        let allowed: &[&str] = if name.contains("PrismaCloud") { &["User Profile - Create"] } else { &[] };
        assert_eq!(missing, allowed, "{name}");
    }
}
