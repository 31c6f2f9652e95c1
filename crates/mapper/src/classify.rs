//! Classifiers: which type of incident a document becomes. Their files are XSOAR's; the
//! value that decides is found as a mapper's source is.

use std::collections::HashMap;
use std::path::Path as FilePath;

use provost_core::{At as _, Diagnostic, Flaw};
use serde_json::Value;

use crate::dt;
use crate::effects::Answers;
use crate::evaluate::Evaluation;
use crate::load::{Form, complaints};
use crate::operators::{self, Environment};
use crate::plan::Source;
use crate::run::FieldError;
use crate::xsoar::value::source;

/// The member of the file that says where the deciding value is.
const TRANSFORMER: &str = "transformer";
/// The member that says which value means which type.
const KEYS: &str = "keyTypeMap";

/// A classifier, ready to run.
#[derive(Debug)]
pub struct Classifier {
    /// Its name.
    pub name: String,
    /// Where the deciding value is; nothing decides where the file does not say it.
    key: Option<Source>,
    types: HashMap<String, String>,
    /// The type of what no key fits.
    default: Option<String>,
}

impl Classifier {
    /// Reads a classifier from a file's text. Old files are classifier and mapper in one.
    ///
    /// # Errors
    /// The first thing in the file that cannot be read, with its place.
    pub fn load(file: &FilePath, text: &str) -> Result<Self, Box<Diagnostic>> {
        let content = Form::Xsoar.read(file, text)?;
        compile(&content).map_err(|flaw| {
            let outline = Form::Xsoar.outline(text);
            let first = complaints(file, text, outline.as_ref(), vec![flaw]).into_iter().next();
            Box::new(first.unwrap_or_else(|| Diagnostic::about(file, "this is no classifier")))
        })
    }

    /// The type of a document: that of the value, or of the first element of a list, that
    /// is a key; else the default; else nothing.
    ///
    /// # Errors
    /// A value that cannot be found out.
    pub fn classify(
        &self,
        document: &Value,
        environment: &Environment,
    ) -> Result<Option<String>, FieldError> {
        let value = match &self.key {
            Some(source) => {
                dt::begin_field();
                Evaluation::new(document, environment, &Answers::default())
                    .source(source)
                    .map_err(|problem| FieldError { target: TRANSFORMER.to_owned(), problem })?
            }
            None => None,
        };
        let found = match &value {
            Some(Value::Array(items)) => items.iter().find_map(|item| self.type_of(item)),
            Some(single) => self.type_of(single),
            None => None,
        };
        Ok(found.or(self.default.as_ref()).cloned())
    }

    /// Keys are texts, compared exactly; a number or a boolean is compared as JSON has it.
    fn type_of(&self, value: &Value) -> Option<&String> {
        self.types.get(&operators::text(value).ok()?)
    }
}

fn compile(content: &Value) -> Result<Classifier, Flaw> {
    check_type(content)?;
    let name = crate::xsoar::NAMES.iter().find_map(|key| content[*key].as_str());
    Ok(Classifier {
        key: source(&content[TRANSFORMER]).at(TRANSFORMER)?,
        name: name.ok_or_else(|| Flaw::new("a classifier needs a `name`"))?.to_owned(),
        types: types(content)?,
        default: some_text(&content["defaultIncidentType"]),
    })
}

fn check_type(content: &Value) -> Result<(), Flaw> {
    let is_combined = [TRANSFORMER, KEYS].iter().any(|key| content[*key].is_object());
    let message = match content["type"].as_str() {
        Some("classification") => return Ok(()),
        None if is_combined => return Ok(()),
        None => format!("this is no classifier: it has neither `{TRANSFORMER}` nor `{KEYS}`"),
        Some(word) => format!("`type` is `{word}`, but a classifier's is `classification`"),
    };
    Err(Flaw::new(message).at("type"))
}

/// Which key means which type; a key without a type means none.
fn types(content: &Value) -> Result<HashMap<String, String>, Flaw> {
    let members = content[KEYS].as_object().into_iter().flatten();
    let mut types = HashMap::new();
    for (key, value) in members {
        if !value.is_string() && !value.is_null() {
            return Err(Flaw::new(format!("the type of `{key}` must be a text"))).at(key.as_str()).at(KEYS);
        }
        types.extend(some_text(value).map(|name| (key.clone(), name)));
    }
    Ok(types)
}

fn some_text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Mapper, Purpose};

    fn load(content: &Value) -> Result<Classifier, Box<Diagnostic>> {
        Classifier::load(FilePath::new("c.json"), &format!("{content:#}"))
    }

    fn classifier(transformer: &Value, default: &str) -> Classifier {
        let types =
            json!({"new": "Hire", "gone": "Leave", "7": "Seven", "true": "Flag", "void": "", "none": null});
        let file = json!({
            "name": "C", "type": "classification", "feed": false, "unknown": {"a": [1]},
            "transformer": transformer, "keyTypeMap": types, "defaultIncidentType": default,
        });
        load(&file).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn the_value_decides_then_the_default() {
        let simple = json!({"simple": "event.kind", "complex": null});
        let complex = json!({"complex": {
            "root": "events", "accessor": "kind",
            "filters": [[{"operator": "isEqualString", "left": {"isContext": true, "value": {"simple": "events.of"}}, "right": {"value": {"simple": "us"}}}]],
            "transformers": [{"operator": "toLowerCase"}],
        }});
        let cases = [
            (&simple, json!({"event": {"kind": "new"}}), Some("Hire")),
            (&simple, json!({"event": {"kind": "New"}}), None),
            (&simple, json!({"event": {"kind": " new"}}), None),
            (&simple, json!({"event": {"kind": 7}}), Some("Seven")),
            (&simple, json!({"event": {"kind": 7.0}}), Some("Seven")),
            (&simple, json!({"event": {"kind": true}}), Some("Flag")),
            (&simple, json!({"event": {"kind": ["x", {"a": 1}, "gone", "new"]}}), Some("Leave")),
            (&simple, json!({"event": {"kind": {"new": 1}}}), None),
            (&simple, json!({"event": {"kind": "void"}}), None),
            (&simple, json!({"event": {"kind": "none"}}), None),
            (&simple, json!({}), None),
            (
                &complex,
                json!({"events": [{"of": "them", "kind": "NEW"}, {"of": "us", "kind": "GONE"}]}),
                Some("Leave"),
            ),
            (&json!({}), json!({"event": {"kind": "new"}}), None),
        ];
        for (transformer, document, expected) in cases {
            for default in ["", "Other"] {
                let found = classifier(transformer, default).classify(&document, &Environment::fixed());
                let expected = expected.or(Some(default).filter(|default| !default.is_empty()));
                assert_eq!(found, Ok(expected.map(str::to_owned)), "{document}");
            }
        }
    }

    #[test]
    fn a_value_that_cannot_be_found_out_is_an_error() {
        let steps = json!([{"operator": "ParseJSON"}]);
        let broken = classifier(&json!({"complex": {"root": "kind", "transformers": steps}}), "Other");
        let error = broken.classify(&json!({"kind": "{"}), &Environment::fixed()).expect_err("no JSON");
        assert!(error.to_string().starts_with("field `transformer`: `ParseJSON`"), "{error}");
    }

    #[test]
    fn what_is_no_classifier_says_why_and_where() {
        let keys = json!({"a": "A"});
        let cases = [
            (json!({"name": "C", "type": "mapping-incoming"}), 3, "`type` is `mapping-incoming`"),
            (json!({"name": "C", "mapping": {}}), 1, "neither `transformer` nor `keyTypeMap`"),
            (json!({"keyTypeMap": keys}), 1, "a classifier needs a `name`"),
            (json!({"name": "C", "keyTypeMap": {"a": "A", "b": 1}}), 5, "the type of `b` must be a text"),
            (
                json!({"name": "C", "transformer": {"complex": {"root": "x", "transformers": [{"operator": "conct"}]}}}),
                8,
                "there is no operator `conct`",
            ),
        ];
        for (file, line, expected) in cases {
            let error = load(&file).expect_err(expected);
            assert!(error.line == line && error.message.contains(expected), "{error}");
        }
        assert_eq!(Classifier::load(FilePath::new("c.json"), "{\n\"a\": }").expect_err("broken").line, 2);
    }

    #[test]
    fn old_files_are_classifier_and_mapper_in_one() {
        let fields = json!({"Email": {"simple": "mail"}});
        let file = json!({
            "name": "Old", "transformer": {"simple": "kind"}, "keyTypeMap": {"new": "User Profile"},
            "mapping": {"User Profile": {"internalMapping": fields}},
        });
        let document = json!({"kind": "new", "mail": "ann@example.com"});
        let classifier = load(&file).expect("a classifier");
        let found = classifier.classify(&document, &Environment::fixed());
        assert_eq!(found, Ok(Some("User Profile".to_owned())));
        let mapper = Mapper::load(FilePath::new("old.json"), &file.to_string()).expect("a mapper");
        let mapped = mapper.run(&document, Purpose::Incoming, &Environment::fixed());
        assert_eq!(Value::Object(mapped.output), json!({"Email": "ann@example.com"}));
    }
}
