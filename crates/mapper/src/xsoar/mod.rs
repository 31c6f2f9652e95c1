//! XSOAR mapper files, read as they are: unknown keys are ignored, duplicate keys take
//! the last, and most members may be missing, null or empty.

pub(crate) mod value;

use std::path::Path as FilePath;

use provost_core::Diagnostic;
use serde_json::{Map, Value};

use crate::plan::{Direction, Field, Mapper};
use value::source;

pub(crate) fn load(file: &FilePath, text: &str) -> Result<Mapper, Box<Diagnostic>> {
    let content: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = format!("this is no JSON: {error}");
        Box::new(Diagnostic::at(file, text, error.line(), error.column(), message))
    })?;
    let complain = |message: String| Box::new(Diagnostic::about(file, message));
    let name = ["name", "id"].iter().find_map(|key| content[*key].as_str());
    Ok(Mapper {
        name: name.ok_or_else(|| complain("a mapper needs a `name`".to_owned()))?.to_owned(),
        direction: direction(&content).map_err(complain)?,
        strict: false,
        types: types(&content).map_err(complain)?,
        tests: Vec::new(),
    })
}

fn direction(content: &Value) -> Result<Direction, String> {
    match content["type"].as_str() {
        Some("mapping-incoming") => Ok(Direction::Incoming),
        Some("mapping-outgoing") => Ok(Direction::Outgoing),
        // Old files are classifier and mapper in one; all of them map what comes in.
        None if content["mapping"].is_object() => Ok(Direction::Incoming),
        other => Err(format!(
            "`type` is {}, but a mapper's is `mapping-incoming` or `mapping-outgoing`",
            other.map_or_else(|| "missing".to_owned(), |word| format!("`{word}`"))
        )),
    }
}

fn types(content: &Value) -> Result<Vec<(String, Vec<Field>)>, String> {
    let blocks = content["mapping"].as_object().into_iter().flatten();
    blocks
        .map(|(name, block)| {
            let targets = block["internalMapping"].as_object();
            Ok((name.clone(), fields(targets).map_err(|error| format!("type `{name}`, {error}"))?))
        })
        .collect()
}

fn fields(targets: Option<&Map<String, Value>>) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    for (target, value) in targets.into_iter().flatten() {
        if let Some(source) = source(value).map_err(|error| format!("target `{target}`: {error}"))? {
            fields.push(Field::plain(target.clone(), source));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use provost_core::Verb;
    use serde_json::json;

    use super::*;
    use crate::{Environment, Purpose};

    fn mapper(types: &Value) -> Result<Mapper, Box<Diagnostic>> {
        let file = json!({"name": "T", "type": "mapping-outgoing", "unknown": 1, "mapping": types});
        load(FilePath::new("t.json"), &file.to_string())
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
            json!({"a": "Oslo", "b": "Ann", "c": "fixed", "d": "x-Oslo-", "e": "a@x", "f": 3, "i": "Ann", "j": "Oslo"})
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
        assert!(
            message.contains(
                "type `User Profile`, target `t`: there is no operator `conct`; did you mean `concat`?"
            ),
            "{message}"
        );
        let broken = load(FilePath::new("t.json"), "{\n  \"name\": }").expect_err("broken");
        assert_eq!(broken.line, 2);
        let classifier = load(FilePath::new("t.json"), r#"{"name": "c", "type": "classification"}"#);
        assert!(classifier.expect_err("no mapper").to_string().contains("`type` is `classification`"));
    }
}
