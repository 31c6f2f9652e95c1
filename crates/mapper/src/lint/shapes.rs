//! Members of XSOAR files that are of a kind which cannot be meant. They are read as if they
//! were not there, and that should not happen unseen.

use provost_core::{Flaw, Key, is_empty};
use serde_json::Value;

/// What a member is. It may always be missing, null or empty.
enum Shape {
    Text,
    /// An object with these members, among others.
    Object(&'static [(&'static str, &'static Shape)]),
    /// An object whose members are alike.
    Each(&'static Shape),
    List(&'static Shape),
    /// A list, or one of its items.
    ListOrOne(&'static Shape),
}

static TEXT: Shape = Shape::Text;
static FILE: Shape = Shape::Object(&[("mapping", &Shape::Each(&BLOCK))]);
static BLOCK: Shape = Shape::Object(&[("internalMapping", &Shape::Each(&VALUE))]);
static VALUE: Shape = Shape::Object(&[("simple", &TEXT), ("complex", &COMPLEX)]);
static COMPLEX: Shape = Shape::Object(&[
    ("root", &TEXT),
    ("accessor", &TEXT),
    ("filters", &Shape::List(&Shape::ListOrOne(&CONDITION))),
    ("transformers", &Shape::List(&STEP)),
]);
static CONDITION: Shape = Shape::Object(&[("operator", &TEXT), ("left", &OPERAND), ("right", &OPERAND)]);
static STEP: Shape = Shape::Object(&[("operator", &TEXT), ("args", &Shape::Each(&OPERAND))]);
static OPERAND: Shape = Shape::Object(&[("value", &VALUE)]);

/// What is odd in a file.
pub(super) fn flaws(content: &Value) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    look(content, &FILE, &mut Vec::new(), &mut flaws);
    flaws
}

fn look(value: &Value, shape: &'static Shape, way: &mut Vec<Key>, flaws: &mut Vec<Flaw>) {
    let mut behind = |key: Key, value, shape| {
        way.push(key);
        look(value, shape, way, flaws);
        way.pop();
    };
    match (shape, value) {
        (Shape::Text, Value::String(_)) => {}
        (Shape::Object(known), Value::Object(members)) => {
            for (name, shape) in *known {
                members.get(*name).into_iter().for_each(|member| behind((*name).into(), member, shape));
            }
        }
        (Shape::Each(shape), Value::Object(members)) => {
            members.iter().for_each(|(name, member)| behind(name.as_str().into(), member, shape));
        }
        (Shape::List(shape) | Shape::ListOrOne(shape), Value::Array(items)) => {
            items.iter().enumerate().for_each(|(at, item)| behind(at.into(), item, shape));
        }
        (Shape::ListOrOne(shape), Value::Object(_)) => look(value, shape, way, flaws),
        (shape, value) if !is_empty(value) => {
            let message = format!("this must be {}; it has no effect", in_words(shape));
            flaws.push(Flaw::warning(message).along(way));
        }
        _ => {}
    }
}

fn in_words(shape: &Shape) -> &'static str {
    match shape {
        Shape::Text => "a text",
        Shape::Object(_) | Shape::Each(_) => "an object",
        Shape::List(_) | Shape::ListOrOne(_) => "a list",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use provost_core::Outline;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_meant_is_told() {
        let root = |complex: &str| format!(r#"{{"complex": {{"root": "a", {complex}}}}}"#);
        let cases = [
            ("3".to_owned(), Some("an object")),
            (r#"{"simple": 3}"#.to_owned(), Some("a text")),
            (r#"{"complex": "x"}"#.to_owned(), Some("an object")),
            (r#"{"complex": {"root": 3}}"#.to_owned(), Some("a text")),
            (root(r#""filters": "x""#), Some("a list")),
            (root(r#""filters": [3]"#), Some("a list")),
            (root(r#""filters": [["x"]]"#), Some("an object")),
            (root(r#""filters": [{"operator": "isExists", "left": 3}]"#), Some("an object")),
            (root(r#""transformers": [3]"#), Some("an object")),
            (root(r#""transformers": [{"operator": "trim", "args": {"x": "y"}}]"#), Some("an object")),
            (
                root(r#""transformers": [{"operator": "trim", "args": {"x": {"value": {"simple": 1}}}}]"#),
                Some("a text"),
            ),
            (r#"{"simple": null, "complex": ""}"#.to_owned(), None),
            (root(r#""filters": {}, "transformers": null, "accessor": """#), None),
            (root(r#""filters": [{"operator": "isExists", "left": {}, "right": null}]"#), None),
        ];
        for (written, expected) in cases {
            let written: Value = serde_json::from_str(&written).expect("JSON");
            let found = flaws(&json!({"mapping": {"T": {"internalMapping": {"a": written}}}}));
            let found: Vec<&str> = found.iter().map(|flaw| flaw.message.as_str()).collect();
            let expected = expected.map(|kind| format!("this must be {kind}; it has no effect"));
            assert_eq!(found, expected.iter().collect::<Vec<_>>(), "{written}");
        }
    }

    #[test]
    fn it_has_a_place() {
        let text = r#"{"mapping": {"T": {"internalMapping": {"a": {"simple": 3}}}}}"#;
        let content = serde_json::from_str(text).expect("JSON");
        let outline: Outline = provost_core::json::outline(text).expect("an outline");
        let flaw = flaws(&content).remove(0);
        assert_eq!(outline.complain(Path::new("t.json"), text, flaw).column, 56);
    }
}
