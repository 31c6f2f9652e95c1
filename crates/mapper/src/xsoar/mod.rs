//! XSOAR mapper files, read as they are: unknown keys are ignored, duplicate keys take
//! the last, and most members may be missing, null or empty.

pub(crate) mod value;

use provost_core::{At as _, Flaw};
use serde_json::{Map, Value};

use crate::plan::{Direction, Field, Mapper};
use value::source;

/// The members that may hold a file's name, best first. Some files have one for a product.
pub(crate) const NAMES: [&str; 4] = ["name", "name:xsoar", "name_x2", "id"];

/// Compiles what stands in a file.
///
/// # Errors
/// Every mistake in it.
pub(crate) fn compile(content: &Value) -> Result<Mapper, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let name = NAMES.iter().find_map(|key| content[*key].as_str());
    if name.is_none() {
        flaws.push(Flaw::new("a mapper needs a `name`"));
    }
    let direction = direction(content).map_err(|flaw| flaws.push(flaw));
    let types = types(content, &mut flaws);
    match (name, direction) {
        (Some(name), Ok(direction)) if flaws.is_empty() => {
            Ok(Mapper { name: name.to_owned(), direction, strict: false, types, tests: Vec::new() })
        }
        _ => Err(flaws),
    }
}

fn direction(content: &Value) -> Result<Direction, Flaw> {
    match content["type"].as_str() {
        Some("mapping-incoming") => Ok(Direction::Incoming),
        Some("mapping-outgoing") => Ok(Direction::Outgoing),
        // Old files are classifier and mapper in one; all of them map what comes in.
        None if content["mapping"].is_object() => Ok(Direction::Incoming),
        other => Err(Flaw::new(format!(
            "`type` is {}, but a mapper's is `mapping-incoming` or `mapping-outgoing`",
            other.map_or_else(|| "missing".to_owned(), |word| format!("`{word}`"))
        ))
        .at("type")),
    }
}

fn types(content: &Value, flaws: &mut Vec<Flaw>) -> Vec<(String, Vec<Field>)> {
    let mut types = Vec::new();
    for (name, block) in content["mapping"].as_object().into_iter().flatten() {
        let targets = block["internalMapping"].as_object();
        let tell = |flaw: Flaw| flaws.push(flaw.at("internalMapping").at(name).at("mapping"));
        types.push((name.clone(), fields(targets, tell)));
    }
    types
}

/// Those of the fields that can be compiled; the flaws of the others are told.
fn fields(targets: Option<&Map<String, Value>>, mut tell: impl FnMut(Flaw)) -> Vec<Field> {
    let mut fields = Vec::new();
    for (target, value) in targets.into_iter().flatten() {
        match source(value).at(target) {
            Ok(Some(source)) => fields.push(Field::plain(target.clone(), source)),
            Ok(None) => {}
            Err(flaw) => tell(flaw),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use std::path::Path as FilePath;

    use provost_core::{Diagnostic, Verb};
    use serde_json::json;

    use super::*;
    use crate::{Environment, Purpose};

    fn mapper(types: &Value) -> Result<Mapper, Box<Diagnostic>> {
        let file = json!({"name": "T", "type": "mapping-outgoing", "unknown": 1, "mapping": types});
        Mapper::load(FilePath::new("t.json"), &file.to_string())
    }

    #[test]
    fn simple_forms_are_read() {
        let fields = json!({
            "a": {"simple": "city", "complex": null},
            "b": {"simple": "${name.first}"},
            "c": {"simple": "\"fixed\""},
            "d": {"simple": "x-${city}-${nope}"},
            "e": {"simple": "mails.[0].value"},
            "f": {"simple": "urn:1\\.0.cost"},
            "g": {"simple": ""},
            "h": {"simple": "nope"},
            "k": {"simple": "${}"},
            "l": {"simple": "a${}b${city}"},
            "m": {"simple": "\"${}\""},
            "i": {"complex": {"root": "name", "accessor": "first", "filters": [], "transformers": null}},
            "j": {"complex": {"root": "${city}"}, "simple": null},
        });
        let mapper = mapper(&json!({"User Profile - Update": {"internalMapping": fields}})).expect("valid");
        let source = json!({
            "city": "Oslo", "name": {"first": "Ann"}, "mails": [{"value": "a@x"}], "urn:1.0": {"cost": 3},
        });
        let mapped = mapper.run(&source, Purpose::Outgoing(Verb::Get), &Environment::fixed());
        assert_eq!(
            Value::Object(mapped.output),
            json!({"a": "Oslo", "b": "Ann", "c": "fixed", "d": "x-Oslo-", "e": "a@x", "f": 3, "i": "Ann", "j": "Oslo", "l": "abOslo", "m": ""})
        );
    }

    #[test]
    fn the_common_type_comes_first_and_the_named_one_wins() {
        let types = json!({
            "dbot_classification_incident_type_all": {"internalMapping": {"a": {"simple": "\"common\""}, "b": {"simple": "\"common\""}}},
            "User Profile - Create": {"internalMapping": {"b": {"simple": "\"create\""}}},
            "User Profile": {"internalMapping": {"b": {"simple": "\"old\""}}},
        });
        let mapper = mapper(&types).expect("valid");
        let run = |verb| {
            Value::Object(mapper.run(&json!({}), Purpose::Outgoing(verb), &Environment::fixed()).output)
        };
        assert_eq!(run(Verb::Create), json!({"a": "common", "b": "create"}));
        assert_eq!(run(Verb::Update), json!({"a": "common", "b": "old"}));
    }

    #[test]
    fn what_cannot_be_read_says_what_and_where() {
        let operator = json!({"root": "x", "transformers": [{"operator": "conct"}]});
        let block = json!({"User Profile": {"internalMapping": {"t": {"complex": operator}}}});
        let message = mapper(&block).expect_err("unknown").to_string();
        assert_eq!(message, "t.json:1:152: there is no operator `conct` (did you mean `concat`?)");
        let broken = Mapper::load(FilePath::new("t.json"), "{\n  \"name\": }").expect_err("broken");
        assert_eq!(broken.line, 2);
        let classifier = Mapper::load(FilePath::new("t.json"), r#"{"name": "c", "type": "classification"}"#);
        assert!(classifier.expect_err("no mapper").to_string().contains("`type` is `classification`"));
    }
}
