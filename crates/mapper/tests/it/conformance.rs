//! The cases of the mapping engine: `cases/mapping-cases.jsonl`, one a line. Rows whose
//! evidence is an inference may be changed by a decision; the others may not.

use std::path::Path;

use provost_mapper::{Environment, Mapper};
use serde_json::{Map, Value, json};

const CASES: &str = include_str!("cases/mapping-cases.jsonl");

/// The type under which a case's fragment is run.
const TYPE: &str = "Case";

pub(crate) fn cases() -> Vec<Value> {
    CASES.lines().map(|line| serde_json::from_str(line).expect("a case is JSON")).collect()
}

/// A whole mapper around a case's fragment, and the type to run.
pub(crate) fn mapper(case: &Value) -> (Value, String) {
    let fragment = &case["mapping_fragment"];
    if let Some(mapper) = fragment.get("$mapper") {
        return (mapper.clone(), fragment["$type"].as_str().unwrap_or_default().to_owned());
    }
    let block = json!({"internalMapping": fragment});
    (json!({"name": "case", "type": "mapping-outgoing", "mapping": {TYPE: block}}), TYPE.to_owned())
}

/// What is wrong with a case's result, if anything.
fn difference(case: &Value) -> Option<String> {
    let (mapper, type_name) = mapper(case);
    let mapper = match Mapper::load(Path::new("case.json"), &mapper.to_string()) {
        Ok(mapper) => mapper,
        Err(error) if !cfg!(feature = "dt-js") && error.to_string().contains("dt-js") => return None,
        Err(error) => return Some(error.to_string()),
    };
    let mapped = mapper.run_type(&type_name, &case["input"], &Environment::fixed());
    let expected = case["expected"].as_object().expect("an object is expected");
    let is_error = |value: &Value| value.get("$error").is_some();
    let values: Map<String, Value> = expected
        .iter()
        .filter(|(_, value)| !is_error(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut failing: Vec<&str> =
        expected.iter().filter(|(_, value)| is_error(value)).map(|(name, _)| name.as_str()).collect();
    let mut failed: Vec<&str> = mapped.errors.iter().map(|error| error.target.as_str()).collect();
    failing.sort_unstable();
    failed.sort_unstable();
    if failing != failed {
        return Some(format!("failing fields: wanted {failing:?}, got {:?}", mapped.errors));
    }
    let got = Value::Object(mapped.output);
    (!same(&got, &Value::Object(values.clone())))
        .then(|| format!("wanted {}, got {got}", Value::Object(values)))
}

/// Equality with numbers compared by value and members in any order.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

#[test]
fn every_case_holds() {
    let cases = cases();
    assert_eq!(cases.len(), 175);
    let failing: Vec<String> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case["id"].as_str().unwrap_or("?"), difference(case)?)))
        .collect();
    assert!(failing.is_empty(), "{} of {} cases fail:\n{}", failing.len(), cases.len(), failing.join("\n"));
}
