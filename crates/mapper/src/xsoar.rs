//! XSOAR mapper files, read as they are: unknown keys are ignored, duplicate keys take
//! the last, and most members may be missing, null or empty.

use std::path::Path as FilePath;

use provost_core::Diagnostic;
use serde_json::{Map, Value};

use crate::Path;
use crate::plan::{Direction, Field, Mapper, Piece, Source};

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
            fields.push(Field { target: target.clone(), on: Vec::new(), when: None, source });
        }
    }
    Ok(fields)
}

/// A field's source; `None` for one that is not mapped.
fn source(value: &Value) -> Result<Option<Source>, String> {
    match value["complex"].as_object().filter(|complex| complex.contains_key("root")) {
        Some(complex) => complex_source(complex),
        None => simple_source(value["simple"].as_str().unwrap_or_default()),
    }
}

fn simple_source(simple: &str) -> Result<Option<Source>, String> {
    let path = |text: &str| Path::parse(text).map_err(|error| error.to_string());
    Ok(match simple {
        "" => None,
        _ if simple.len() > 1 && simple.starts_with('"') && simple.ends_with('"') => {
            Some(text_source(&simple[1..simple.len() - 1])?)
        }
        _ => Some(match lone_hole(simple) {
            Some(inside) => Source::Path(path(inside)?),
            None if simple.contains("${") => text_source(simple)?,
            None => Source::Path(path(simple)?),
        }),
    })
}

/// A complex value whose parts are all empty but the root is a plain one.
fn complex_source(complex: &Map<String, Value>) -> Result<Option<Source>, String> {
    for part in ["filters", "transformers"] {
        if let Some(first) = complex.get(part).and_then(Value::as_array).and_then(|list| list.first()) {
            let operator = first.pointer("/operator").or_else(|| first.pointer("/0/operator"));
            let name = operator.and_then(Value::as_str).unwrap_or("?");
            return Err(format!("the operator `{name}` in `{part}` is not supported yet"));
        }
    }
    let text = |part: &str| complex.get(part).and_then(Value::as_str).unwrap_or_default();
    let (root, accessor) = (text("root"), text("accessor"));
    match (lone_hole(root).unwrap_or(root), accessor) {
        (root, "") => simple_source(root),
        ("" | ".", accessor) => simple_source(accessor),
        (root, accessor) => simple_source(&format!("{root}.{accessor}")),
    }
}

/// The path inside a text that is one `${...}` and nothing else.
fn lone_hole(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|inside| !inside.contains("${"))
}

/// A text, its `${...}` holes read as paths.
fn text_source(text: &str) -> Result<Source, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        if start > 0 {
            pieces.push(Piece::Literal(rest[..start].to_owned()));
        }
        let inside = &rest[start + 2..start + length];
        pieces.push(Piece::Path(Path::parse(inside).map_err(|error| error.to_string())?));
        rest = &rest[start + length + 1..];
    }
    if pieces.is_empty() {
        return Ok(Source::Constant(Value::from(text)));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(Source::Text(pieces))
}

#[cfg(test)]
mod tests {
    use provost_core::Verb;
    use serde_json::json;

    use super::*;
    use crate::Purpose;

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
        let mapped = mapper.run(&source, Purpose::Outgoing(Verb::Get));
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
        let run = |verb| Value::Object(mapper.run(&json!({}), Purpose::Outgoing(verb)).output);
        assert_eq!(run(Verb::Create), json!({"a": "common", "b": "create"}));
        assert_eq!(run(Verb::Update), json!({"a": "common", "b": "old"}));
    }

    #[test]
    fn what_cannot_be_read_says_what_and_where() {
        let operator = json!({"root": "x", "transformers": [{"operator": "concat"}]});
        let block = json!({"User Profile": {"internalMapping": {"t": {"complex": operator}}}});
        let message = mapper(&block).expect_err("unsupported").to_string();
        assert!(message.contains("type `User Profile`, target `t`: the operator `concat`"), "{message}");
        let broken = load(FilePath::new("t.json"), "{\n  \"name\": }").expect_err("broken");
        assert_eq!(broken.line, 2);
        let classifier = load(FilePath::new("t.json"), r#"{"name": "c", "type": "classification"}"#);
        assert!(classifier.expect_err("no mapper").to_string().contains("`type` is `classification`"));
    }
}
