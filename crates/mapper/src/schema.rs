//! The JSON Schema of native mappers, for editors: the keys with a sentence each, and the
//! operators with their arguments from the operator table.
//!
//! It describes what `native::written` reads; a test holds the two together. What a schema
//! cannot say, such as whether an expression is one, is left to `provost mapper check`.

use provost_core::Verb;
use serde_json::{Map, Value, json};

use crate::lint::HEARSAY;
use crate::operators::{self, Argument, ArgumentKind, Operator};

/// The classes of characters, as `generate` names them.
const CLASSES: [&str; 4] = ["lower", "upper", "digit", "symbol"];

/// The JSON Schema (draft 2020-12) of a native mapper's file.
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A native mapper of Provost",
        "type": "object",
        "required": ["mapper", "direction"],
        "additionalProperties": false,
        "properties": {
            "mapper": text("The mapper's name."),
            "direction": words(
                "Which way it maps: an account to a profile, or a profile to an account.",
                &["incoming", "outgoing"],
            ),
            "description": text("Words for people."),
            "xsoar": {
                "description": "Members of the XSOAR file that the mapper was converted from; without effect.",
                "type": "object",
            },
            "strict": {
                "description": "Whether a rule that fails ends the command.",
                "type": "boolean",
                "default": true,
            },
            "fields": refer("fields"),
            "types": {
                "description": "Fields that apply where a type is asked for by name, after `fields`.",
                "type": "object",
                "additionalProperties": refer("fields"),
            },
            "tables": {
                "description": "Tables that `lookup` looks in: keys and values, or a CSV file.",
                "type": "object",
                "additionalProperties": {"type": "object"},
            },
            "tests": {
                "description": "Examples, which `provost mapper test` runs.",
                "type": "array",
                "items": refer("test"),
            },
        },
        "$defs": {
            "fields": {
                "description": "Each target with what stands behind it.",
                "type": "object",
                "additionalProperties": refer("field"),
            },
            "field": {"anyOf": [refer("short"), refer("rule"), refer("rules")]},
            "short": {
                "description": "A text is a path or an expression, a list is made of them; \
                                numbers and truth values stand for themselves.",
                "type": ["string", "number", "boolean", "array"],
            },
            "rules": {
                "description": "Several rules, of which the first that applies is taken.",
                "type": "object",
                "required": ["rules"],
                "additionalProperties": false,
                "properties": {"rules": {
                    "description": "Several rules, of which the first that applies is taken.",
                    "type": "array",
                    "items": {"anyOf": [refer("short"), refer("rule")]},
                }},
            },
            "rule": rule(),
            "value": {
                "description": "A text is a path or an expression; lists and objects are made of them; \
                                numbers and truth values stand for themselves.",
                "not": {"type": "null"},
            },
            "verb": {"enum": Verb::ALL.map(Verb::as_str)},
            "condition": {"anyOf": [single_condition(), {
                "type": "object",
                "required": ["any"],
                "properties": {"any": list("Conditions of which one is enough.", &single_condition())},
            }]},
            "filter": named(operators::all().filter(|operator| operator.is_filter())),
            "step": {"anyOf": [refer("bare-step"), refer("step-with-arguments")]},
            "bare-step": named(transformers()),
            "step-with-arguments": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": false,
                "properties": with_arguments(),
            },
            "test": test(),
        },
    })
}

fn test() -> Value {
    json!({
        "type": "object",
        "required": ["given", "expect"],
        "additionalProperties": false,
        "properties": {
            "given": {"description": "What goes in.", "type": "object"},
            "expect": {"description": "All that must come out.", "type": "object"},
            "accounts": {
                "description": "The accounts that the system has, for `unique` and `ref`.",
                "type": "array",
                "items": {"type": "object"},
            },
            "on": {
                "description": "The command that is mapped for.",
                "$ref": "#/$defs/verb",
                "default": "update",
            },
            "type": text("The type that is mapped, where one is asked for by name."),
        },
    })
}

fn rule() -> Value {
    json!({
        "description": "One of `value`, `from`, `clear`, `xsoar`, `generate` and `ref` says where the value comes from; \
                        the other keys say when and how it is set.",
        "type": "object",
        "additionalProperties": false,
        "oneOf": [
            {"required": ["value"]},
            {"required": ["from"]},
            {"required": ["clear"], "properties": {"clear": {"const": true}}},
            {"required": ["xsoar"]},
            {"required": ["generate"]},
            {"required": ["ref"]},
        ],
        "dependentSchemas": {"where": with_source(), "take": with_source(), "then": with_source()},
        "not": {"required": ["default", "missing"], "properties": {"clear": {"const": false}}},
        "properties": {
            "value": refer("value"),
            "from": text("A path, as XSOAR writes it; `where`, `take` and `then` work on what is there."),
            "where": list("Which elements of a list are kept: all conditions must hold.", &refer("condition")),
            "take": text("What is taken of each element that is kept."),
            "then": list("Transformers, first to last.", &refer("step")),
            "clear": {"description": "Empties the target.", "type": "boolean"},
            "xsoar": {"description": "A value object of an XSOAR file, as it is.", "type": "object"},
            "generate": generate(),
            "ref": reference(),
            "unique": unique(),
            "on": {
                "description": "The commands for which the field is mapped; all where it is not said.",
                "anyOf": [refer("verb"), {"type": "array", "items": refer("verb")}],
            },
            "when": {
                "description": "An expression; the field is mapped where it holds.",
                "type": ["string", "boolean"],
            },
            "valid": {
                "description": "From when and until when the field is mapped.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "from": {"description": "An expression that gives the first moment."},
                    "to": {"description": "An expression that gives the first moment after it."},
                },
            },
            "strength": words(
                "Whether it may write over what the account has. `weak`: only where there is nothing; \
                 `normal`: only where the profile differs from `olduserdata`, if that is given.",
                &["strong", "normal", "weak"],
            ),
            "default": {"description": "What is set where the source is missing.", "$ref": "#/$defs/value"},
            "missing": words(
                "What happens where the source is missing: the target is left out or emptied, or the \
                 field fails.",
                &["skip", "clear", "error"],
            ),
        },
    })
}

/// What steps need to work on.
fn with_source() -> Value {
    json!({"anyOf": [{"required": ["from"]}, {"required": ["value"]}]})
}

fn generate() -> Value {
    json!({
        "description": "A secret that nobody can guess and nobody is shown.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "length": whole("How many characters.", 24, (8, 256)),
            "classes": list("Of which classes; each occurs.", &json!({"enum": CLASSES})),
        },
    })
}

fn reference() -> Value {
    json!({
        "description": "What another person's account has.",
        "type": "object",
        "required": ["where"],
        "additionalProperties": false,
        "properties": {
            "kind": words("What is looked for.", &["user"]),
            "where": {
                "description": "Look-up attributes with their values, tried in turn.",
                "type": "object",
                "minProperties": 1,
                "additionalProperties": refer("value"),
            },
            "take": text("`id`, `username`, `email`, or a path into the account."),
            "missing": words("What happens when nobody is found.", &["skip", "error"]),
        },
    })
}

fn unique() -> Value {
    json!({
        "description": "The value gets a suffix until no other account has it.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "by": text("The attribute that must be free; the target where it is not said."),
            "suffix": text("The suffix, an expression over `n`."),
            "from": whole("The first `n`.", 2, (0, u32::MAX)),
            "max": whole("The last `n`.", 99, (0, u32::MAX)),
            "length": {"description": "The most characters.", "type": "integer", "minimum": 1},
        },
    })
}

fn whole(about: &str, default: u32, (least, most): (u32, u32)) -> Value {
    json!({"description": about, "type": "integer", "default": default, "minimum": least, "maximum": most})
}

fn single_condition() -> Value {
    json!({
        "type": "object",
        "required": ["is"],
        "additionalProperties": false,
        "properties": {
            "left": {
                "description": "A path within the element, the element itself where it is not said; \
                                `{path: ...}` looks in the whole document.",
                "type": ["string", "object"],
            },
            "is": refer("filter"),
            "right": {
                "description": "A text with `${...}` holes, another constant, `{path: ...}` or `{from: ..., then: ...}`.",
            },
            "ignore-case": {"description": "Whether case is ignored.", "type": "boolean", "default": false},
        },
    })
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn text(about: &str) -> Value {
    json!({"description": about, "type": "string"})
}

fn list(about: &str, items: &Value) -> Value {
    json!({"description": about, "type": "array", "items": items})
}

fn words(about: &str, words: &[&str]) -> Value {
    json!({"description": about, "enum": words})
}

fn transformers() -> impl Iterator<Item = &'static Operator> {
    operators::all().filter(|operator| !operator.is_filter())
}

/// The names of operators, those from write-ups marked as out of date.
fn names(operator: &'static Operator) -> impl Iterator<Item = &'static str> {
    std::iter::once(operator.name).chain(operator.aliases.iter().copied())
}

fn named(operators: impl Iterator<Item = &'static Operator>) -> Value {
    let one = |operator: &'static Operator| {
        names(operator).map(|name| marked(name, json!({"const": name, "description": operator.about})))
    };
    json!({"anyOf": operators.flat_map(one).collect::<Vec<_>>()})
}

fn marked(name: &str, mut schema: Value) -> Value {
    if HEARSAY.contains(&name) {
        schema["deprecated"] = Value::from(true);
    }
    schema
}

fn with_arguments() -> Map<String, Value> {
    let one = |operator: &'static Operator| {
        let arguments: Map<String, Value> = operator
            .arguments
            .iter()
            .map(|argument| (argument.name.to_owned(), of_argument(argument)))
            .collect();
        let schema = json!({
            "description": operator.about,
            "type": "object",
            "additionalProperties": false,
            "properties": arguments,
        });
        names(operator).map(move |name| (name.to_owned(), marked(name, schema.clone())))
    };
    transformers().flat_map(one).collect()
}

/// Any argument may be a text with holes, `{path: ...}` or `{from: ..., then: ...}`.
fn of_argument(argument: &Argument) -> Value {
    let (about, own_type) = match argument.kind {
        ArgumentKind::Text => ("A text.", None),
        ArgumentKind::Raw => ("A text that fills its own holes.", None),
        ArgumentKind::Number => ("A number.", Some("number")),
        ArgumentKind::Boolean => ("`true` or `false`.", Some("boolean")),
        ArgumentKind::Any => ("Anything.", None),
    };
    let mut schema = json!({"description": about});
    if let Some(own_type) = own_type {
        schema["type"] = json!([own_type, "string", "object"]);
    }
    if let Some(default) = argument.default {
        schema["default"] = Value::from(default);
    }
    schema
}
