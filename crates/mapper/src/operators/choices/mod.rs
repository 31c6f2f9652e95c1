//! Choices: defaults, conditions and tables from old values to new ones.

mod email_domains;
mod if_elif;
mod if_then_else;
mod javascript;
mod map_pattern;
mod map_ranges;
mod map_values;
mod patterns;
mod python;
mod set_if_empty;
mod template;

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Example, Failure, Kind, OnNull, Operator, cast};

pub(super) const OPERATORS: &[Operator] = &[
    set_if_empty::OPERATOR,
    if_then_else::OPERATOR,
    if_elif::OPERATOR,
    CONVERT_ALL_EXCEPT,
    map_values::OPERATOR,
    map_pattern::OPERATOR,
    map_ranges::OPERATOR,
    email_domains::WITHOUT,
    email_domains::ONLY,
];

const CONVERT_ALL_EXCEPT: Operator = Operator {
    name: "ConvertAllExcept",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[argument("convertTo", ArgumentKind::Any), argument("except", ArgumentKind::Any)],
    null: OnNull::Stays,
    about: "Keeps the values that are listed and makes all others the same.",
    examples: &[
        Example {
            value: r#"["b", "c"]"#,
            arguments: &[("convertTo", r#""other""#), ("except", r#""a, b""#)],
            gives: r#"["b", "other"]"#,
        },
        Example { value: "7", arguments: &[("convertTo", "0"), ("except", "[7]")], gives: "7" },
        Example { value: r#""x""#, arguments: &[("except", r#""a""#)], gives: "null" },
    ],
    run: |call| Ok(convert_all_except(call)),
};

fn convert_all_except(call: &Call<'_>) -> Value {
    let kept = call.given("except").map(listed).unwrap_or_default();
    let is_kept = kept.iter().any(|kept| match (cast::text(kept), cast::text(call.value)) {
        (Ok(kept), Ok(value)) => kept == value,
        _ => kept == call.value,
    });
    if is_kept { call.value.clone() } else { call.given("convertTo").cloned().unwrap_or_default() }
}

/// An argument without a default.
const fn argument(name: &'static str, kind: ArgumentKind) -> Argument {
    Argument { name, kind, default: None }
}

/// What scripts take for a list: a list, a text that is one in JSON, or one with commas.
pub(super) fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => {
            in_json(text).unwrap_or_else(|| text.split(',').map(|item| Value::from(item.trim())).collect())
        }
        other => vec![other.clone()],
    }
}

fn in_json(text: &str) -> Option<Vec<Value>> {
    let text = text.trim();
    if text.starts_with('[') && text.ends_with(']') { serde_json::from_str(text).ok() } else { None }
}

/// An argument that scripts take for a list of texts.
fn listed_texts(call: &Call<'_>, name: &str) -> Result<Vec<String>, Failure> {
    let items = call.given(name).map(listed).unwrap_or_default();
    items.iter().map(cast::text).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Environment, transform};
    use super::*;

    /// Calls an operator with arguments by name.
    fn call(operator: &'static Operator, value: &Value, arguments: &Value) -> Result<Value, String> {
        let given = operator.arguments.iter().map(|argument| arguments.get(argument.name).cloned());
        let given: Vec<Option<Value>> = given.collect();
        let value = Some(value.clone()).filter(|value| !value.is_null());
        let result = transform(operator, value, &given, &Value::Null, &Environment::fixed());
        result.map(Option::unwrap_or_default).map_err(|failure| failure.message)
    }

    #[test]
    fn patterns_have_a_priority_and_tables_of_their_own() {
        let names = json!({"(\\w+) (\\w+)": {"output": "\\2", "next": {"E.*": "e", "X.*": "x"}}, ".*": null});
        let cases = [
            (json!("Ann Example"), json!({"mappings": names}), json!("e")),
            (json!("Ann Other"), json!({"mappings": names}), json!("Ann Other")),
            (
                json!("Ann Example"),
                json!({"mappings": names, "priority": "last_match"}),
                json!("Ann Example"),
            ),
            (json!("aN"), json!({"mappings": {"AN": 1}}), json!(1)),
            (json!("aN"), json!({"mappings": {"AN": 1}, "caseless": "false"}), json!("aN")),
            (json!("a\nb"), json!({"mappings": {"a.b": 1}, "flags": "s"}), json!(1)),
            (json!(true), json!({"mappings": [{"b": 1}, {"True": 2}]}), json!(2)),
            (json!("anything"), json!({"mappings": {"?": 3}, "wildcards": "?,*"}), json!(3)),
            (json!({"a": 1}), json!({"mappings": {".*": 3}}), json!({"a": 1})),
            (json!("["), json!({"mappings": {"(": {"ignore_syntax": true, "output": 1}}}), json!("[")),
        ];
        for (value, mut arguments, expected) in cases {
            let algorithm =
                if arguments["mappings"].to_string().contains("AN") { "literal" } else { "regex" };
            arguments["algorithm"] = json!(algorithm);
            assert_eq!(call(&map_pattern::OPERATOR, &value, &arguments), Ok(expected), "{value} {arguments}");
        }
    }

    #[test]
    fn what_fills_a_hole_is_never_a_template_itself() {
        let arguments = json!({
            "algorithm": "regex", "context": {"key": "k", "back": "\\1"},
            "mappings": {"(.*)!": "\\1 ${back} ${..}"},
        });
        let got = call(&map_pattern::OPERATOR, &json!("${key}!"), &arguments);
        assert_eq!(got, Ok(json!("${key} \\1 ${key}!")));
    }

    #[test]
    fn a_second_condition_counts_where_it_is_given() {
        let cases = [
            (json!({"conditionB": "value==rhsB", "rhsB": "y"}), "no"),
            (json!({"conditionB": "value==rhsB", "rhsB": "y", "conditionInBetween": "or"}), "yes"),
            (json!({"conditionB": "lhsB in list rhsB", "lhsB": "B", "rhsB": "a, b"}), "no"),
            (
                json!({"conditionB": "lhsB in list rhsB", "lhsB": "B", "rhsB": "a, b", "optionsB": "case_insensitive"}),
                "yes",
            ),
            (json!({"rhsB": "x"}), "yes"),
            (json!({}), "yes"),
        ];
        for (mut arguments, expected) in cases {
            for (name, value) in [("condition", "value===rhs"), ("rhs", "x"), ("then", "yes"), ("else", "no")]
            {
                arguments[name] = json!(value);
            }
            let got = call(&if_then_else::OPERATOR, &json!("x"), &arguments);
            assert_eq!(got, Ok(json!(expected)), "{arguments}");
        }
    }

    #[test]
    fn patterns_that_never_end_are_cut_off() {
        let slow = json!({"condition": "value=~rhs", "rhs": "^(a|b|ab)*(?=c)\\1c$"});
        let got = call(&if_then_else::OPERATOR, &json!("ab".repeat(2_000)), &slow);
        assert_eq!(got, Err("the pattern takes too long on this text".to_owned()));
        for part in ["(", "[", "(?=", "a|", "a{9}{9}", "(a", "\\", "[^"] {
            let rhs = part.repeat(5_000);
            let arguments = json!({"condition": "value=~rhs", "rhs": rhs});
            let _ = call(&if_then_else::OPERATOR, &json!("aaa"), &arguments);
        }
    }

    #[test]
    fn no_value_and_no_argument_makes_them_panic() {
        let odd = [
            json!(null),
            json!(true),
            json!(-1.5),
            json!(""),
            json!("a,[b"),
            json!("[1,\"\u{e5}\"]"),
            json!("\\"),
            json!("${"),
            json!("#{"),
            json!("'\\u12"),
            json!("{\"[!\": \"\\\\9\"}"),
            json!([]),
            json!([null, ["x"], {}]),
            json!({}),
            json!({"a": {"next": [], "exclude": 1}}),
            json!("value==rhs"),
            json!("regex"),
            json!("wildcard"),
        ];
        for operator in OPERATORS {
            for value in &odd {
                for first in &odd {
                    for second in &odd {
                        let arguments: Vec<Option<Value>> = (0..operator.arguments.len())
                            .map(|at| Some(if at % 2 == 0 { first.clone() } else { second.clone() }))
                            .collect();
                        let _ = transform(
                            operator,
                            Some(value.clone()),
                            &arguments,
                            &Value::Null,
                            &Environment::fixed(),
                        );
                    }
                }
            }
        }
    }
}
