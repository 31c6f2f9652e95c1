//! `If-Elif`: the first of several conditions that holds says what comes out.

use serde_json::{Map, Value};

use super::super::{ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};
use super::patterns::Flags;
use super::python::{self, Comparing};
use super::{argument, listed_texts};

pub(super) const OPERATOR: Operator = Operator {
    name: "If-Elif",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[argument("conditions", ArgumentKind::Raw), argument("flags", ArgumentKind::Any)],
    null: OnNull::Stays,
    about: "Gives what belongs to the first condition that holds; `#{path}` is a place in the value.",
    examples: &[
        Example {
            value: r#"{"city": "Oslo", "age": 41}"#,
            arguments: &[(
                "conditions",
                r##""[{'condition': '#{age} >= 50', 'return': 1}, {'condition': \"#{city} in ['Oslo']\", 'return': #{age}}]""##,
            )],
            gives: "41",
        },
        Example {
            value: r#"{"mail": "ANN@oslo.example"}"#,
            arguments: &[
                (
                    "conditions",
                    r#""[{\"condition\": \"regex_match('ann@\\w+', #{mail})\", \"return\": \"known\"}, {\"default\": null}]""#,
                ),
                ("flags", r#""case_insensitive""#),
            ],
            gives: r#""known""#,
        },
        Example {
            value: "{}",
            arguments: &[("conditions", r#""[{'condition': '#{age} > 1', 'return': 1}]""#)],
            gives: r#""""#,
        },
        Example {
            value: "{}",
            arguments: &[("conditions", r#""[{'condition': 'open()', 'return': 1}]""#)],
            gives: "!there is no `open`",
        },
    ],
    run: if_elif,
};

fn if_elif(call: &Call<'_>) -> Result<Value, Failure> {
    let flags = listed_texts(call, "flags")?;
    let has = |flag: &str| flags.iter().any(|given| given == flag);
    let comparing = Comparing {
        flags: Flags {
            ignore_case: has("case_insensitive"),
            multi_line: has("regex_multiline"),
            dot_all: has("regex_dot_all"),
        },
        whole: has("regex_full_match"),
        items: has("list_compare"),
    };
    let evaluate = |text: &str| python::evaluate(text, call.value, comparing);
    let conditions = match call.given("conditions") {
        Some(list @ Value::Array(_)) => list.clone(),
        _ => evaluate(&call.required("conditions")?)?,
    };
    let Value::Array(conditions) = conditions else { return Err(wrong("`conditions` is no list")) };
    for (position, branch) in conditions.into_iter().enumerate() {
        let Value::Object(mut branch) = branch else { return Err(wrong("a condition is no object")) };
        if let Some(default) = branch.remove("default") {
            return Ok(default);
        }
        let condition = text(&branch, position)?;
        let result = branch.remove("return");
        let result = result.ok_or_else(|| wrong(format!("condition {} has no `return`", position + 1)))?;
        if python::is_true(&evaluate(&condition)?) {
            return Ok(result);
        }
    }
    Ok(Value::from(""))
}

fn text(branch: &Map<String, Value>, position: usize) -> Result<String, Failure> {
    let condition = branch.get("condition").and_then(|condition| cast::text(condition).ok());
    condition.ok_or_else(|| wrong(format!("condition {} has no `condition`", position + 1)))
}

fn wrong(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Argument, message)
}
