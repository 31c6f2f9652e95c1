//! Objects: their members, and lists of them.

use jmespath::Variable;
use provost_core::is_empty;
use serde_json::Value;

use super::lists::{path, unpacked, written_texts};
use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};

pub(super) const OPERATORS: &[Operator] = &[
    Operator {
        name: "getField",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[Argument { name: "field", kind: ArgumentKind::Text, default: None }],
        null: OnNull::Stays,
        about: "Takes the member of an object that a path leads to; nothing where there is none.",
        examples: &[
            Example { value: r#"{"a": {"b": 1}}"#, arguments: &[("field", r#""a.b""#)], gives: "1" },
            Example { value: r#"[{"a": 1}, {}]"#, arguments: &[("field", r#""a""#)], gives: "[1]" },
            Example { value: r#""text""#, arguments: &[("field", r#""a""#)], gives: "null" },
            Example { value: "{}", arguments: &[], gives: "!`field` is not given" },
        ],
        run: get_field,
    },
    Operator {
        name: "WhereFieldEquals",
        aliases: &[],
        kind: Kind::List,
        arguments: &[
            Argument { name: "field", kind: ArgumentKind::Text, default: None },
            Argument { name: "equalTo", kind: ArgumentKind::Any, default: None },
            Argument { name: "getField", kind: ArgumentKind::Text, default: None },
            Argument { name: "stringify", kind: ArgumentKind::Boolean, default: Some("true") },
        ],
        null: OnNull::Called,
        about: "Finds the objects of which a member has a value; several, or none, are JSON text of a list.",
        examples: &[
            Example {
                value: r#"[{"t": "work", "v": "1"}, {"t": "home", "v": "2"}]"#,
                arguments: &[("field", r#""t""#), ("equalTo", r#""home""#), ("getField", r#""v""#)],
                gives: r#""2""#,
            },
            Example {
                value: r#"[{"t": 1}, {"t": 1}]"#,
                arguments: &[("field", r#""t""#), ("equalTo", "1")],
                gives: r#""[{\"t\":1},{\"t\":1}]""#,
            },
            Example {
                value: r#"[{"t": 1}]"#,
                arguments: &[("field", r#""t""#), ("equalTo", r#""1""#), ("stringify", "false")],
                gives: "[]",
            },
        ],
        run: where_field_equals,
    },
    Operator {
        name: "ConvertKeysToTableFieldFormat",
        aliases: &[],
        kind: Kind::Item,
        arguments: &[],
        null: OnNull::Stays,
        about: "Writes the names of an object's members in lower case, letters and digits only.",
        examples: &[
            Example {
                value: r#"{"Job Title": "x", "E-Mail": 1}"#,
                arguments: &[],
                gives: r#"{"jobtitle": "x", "email": 1}"#,
            },
            Example { value: r#"{"A": {"B": 1}}"#, arguments: &[], gives: r#"{"a": {"B": 1}}"# },
            Example { value: r#""a""#, arguments: &[], gives: "!this text is no object" },
        ],
        run: convert_keys,
    },
    Operator {
        name: "GetValuesOfMultipleFields",
        aliases: &[],
        kind: Kind::List,
        arguments: &[
            Argument { name: "key", kind: ArgumentKind::Any, default: None },
            Argument { name: "list", kind: ArgumentKind::Any, default: None },
        ],
        null: OnNull::Called,
        about: "Collects what is in the named members of `key`, an object or a list of them, and then the value.",
        examples: &[
            Example {
                value: r#""x""#,
                arguments: &[("key", r#"{"a": 1, "b": ["y", ""], "c": ""}"#), ("list", r#""b, a, c""#)],
                gives: r#"["y", "", 1, "x"]"#,
            },
            Example {
                value: "[]",
                arguments: &[("key", r#"[{"a": 1}, {"a": 2}]"#), ("list", r#"["a"]"#)],
                gives: "[1, 2]",
            },
            Example { value: r#""x""#, arguments: &[("list", r#""a""#)], gives: "null" },
        ],
        run: values_of_fields,
    },
    Operator {
        name: "Jmespath",
        aliases: &["jmespath"],
        kind: Kind::Item,
        arguments: &[Argument { name: "expression", kind: ArgumentKind::Text, default: None }],
        null: OnNull::Stays,
        about: "Asks a JMESPath expression; a text is read as JSON first.",
        examples: &[
            Example {
                value: r#"{"m": [{"t": "work", "v": 1}, {"t": "home", "v": 2}]}"#,
                arguments: &[("expression", r#""m[?t=='home'].v | [0]""#)],
                gives: "2",
            },
            Example { value: r#""[1, 2]""#, arguments: &[("expression", r#""length(@)""#)], gives: "2" },
            Example {
                value: "{}",
                arguments: &[("expression", r#""a[""#)],
                gives: "!no JMESPath expression",
            },
            Example {
                value: r#""{""#,
                arguments: &[("expression", r#""a""#)],
                gives: "!this text is no JSON",
            },
        ],
        run: ask_jmespath,
    },
];

/// The most brackets, points and other marks in a `JMESPath` expression; each may nest it
/// deeper, and the stack is not endless.
const MOST_MARKS: usize = 200;

fn get_field(call: &Call<'_>) -> Result<Value, Failure> {
    Ok(path(&call.required("field")?)?.resolve(call.value).unwrap_or_default())
}

fn where_field_equals(call: &Call<'_>) -> Result<Value, Failure> {
    let field = call.required("field")?;
    let wanted = call.given("equalTo").unwrap_or(&Value::Null);
    let taken = call.argument_or_empty("getField")?;
    let items = unpacked(call);
    let matching = items
        .iter()
        .filter(|item| item.is_object() && item.get(&field).unwrap_or(&Value::Null) == wanted)
        .map(|item| item.get(&taken).filter(|found| !found.is_null()).unwrap_or(item));
    match matching.collect::<Vec<_>>().as_slice() {
        [single] => Ok((*single).clone()),
        several => {
            let list: Value = several.iter().copied().cloned().collect();
            Ok(if call.argument_flag("stringify")? { Value::from(list.to_string()) } else { list })
        }
    }
}

fn convert_keys(call: &Call<'_>) -> Result<Value, Failure> {
    let no_object = || Failure::new(FailureKind::Cast, format!("{} is no object", cast::kind(call.value)));
    let members = call.value.as_object().ok_or_else(no_object)?;
    let name = |name: &str| {
        let kept = name.chars().take(255).filter(char::is_ascii_alphanumeric);
        kept.map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    Ok(members.iter().map(|(key, value)| (name(key), value.clone())).collect())
}

fn values_of_fields(call: &Call<'_>) -> Result<Value, Failure> {
    let roots: Vec<Value> = match call.given("key") {
        None => return Ok(Value::Null),
        Some(Value::Array(roots)) => roots.clone(),
        Some(root) => vec![root.clone()],
    };
    let fields = written_texts(call.given("list"))?;
    let found = roots.iter().flat_map(|root| fields.iter().filter_map(|field| root.get(field)));
    let values: Vec<Value> = found
        .filter(|value| !is_empty(value))
        .flat_map(|value| match value {
            Value::Array(items) => items.clone(),
            single => vec![single.clone()],
        })
        .chain(call.list().iter().filter(|value| !is_empty(value)).cloned())
        .collect();
    Ok(Value::Array(values))
}

fn ask_jmespath(call: &Call<'_>) -> Result<Value, Failure> {
    let written = call.required("expression")?;
    if written.chars().filter(char::is_ascii_punctuation).count() > MOST_MARKS {
        let message = format!("`expression` has more than {MOST_MARKS} marks");
        return Err(Failure::new(FailureKind::Limit, message));
    }
    let expression = jmespath::compile(&written)
        .map_err(|_| Failure::new(FailureKind::Argument, format!("`{written}` is no JMESPath expression")))?;
    let no_json = || Failure::new(FailureKind::Json, "this text is no JSON");
    let value = match call.value {
        Value::String(text) => Variable::from_json(text).map_err(|_| no_json())?,
        other => Variable::try_from(other).map_err(|_| no_json())?,
    };
    // The library's errors quote the value, which could be a secret.
    let failed = || Failure::new(FailureKind::Argument, format!("`{written}` does not fit this value"));
    let found = expression.search(value).map_err(|_| failed())?;
    serde_json::to_value(found.as_ref()).map_err(|_| failed())
}

#[cfg(test)]
mod tests {
    use super::super::{Environment, find, transform};
    use super::*;

    #[test]
    fn nested_expressions_do_not_exhaust_the_stack() {
        let operator = find("Jmespath").expect("it is in the table");
        for nested in ["!", "(", "[", "{a:", "a.", "a|", "a||", "a[?", "*.", "[].", "f(", "&", "@["] {
            for times in [MOST_MARKS / nested.len(), 10_000] {
                let arguments = [Some(Value::from(nested.repeat(times) + "a"))];
                let _ = transform(
                    operator,
                    Some(Value::from(vec![1])),
                    &arguments,
                    &Value::Null,
                    &Environment::fixed(),
                );
            }
        }
    }
}
