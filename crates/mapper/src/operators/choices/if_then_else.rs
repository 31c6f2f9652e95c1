//! `If-Then-Else`: one of two values, by one condition or two.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use super::patterns::{Flags, compiled, too_long};
use super::{argument, javascript, listed, listed_texts};

pub(super) const OPERATOR: Operator = Operator {
    name: "If-Then-Else",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        argument("condition", ArgumentKind::Text),
        argument("equals", ArgumentKind::Any),
        argument("lhs", ArgumentKind::Any),
        argument("rhs", ArgumentKind::Any),
        argument("then", ArgumentKind::Any),
        argument("else", ArgumentKind::Any),
        argument("options", ArgumentKind::Any),
        argument("lhsB", ArgumentKind::Any),
        argument("rhsB", ArgumentKind::Any),
        argument("conditionB", ArgumentKind::Text),
        Argument { name: "conditionInBetween", kind: ArgumentKind::Text, default: Some("and") },
        argument("optionsB", ArgumentKind::Any),
    ],
    null: OnNull::Stays,
    about: "Gives one value where a condition such as `value==rhs` holds, else another one.",
    examples: &[
        Example {
            value: r#""staff""#,
            arguments: &[("equals", r#""staff""#), ("then", "1"), ("else", "2")],
            gives: "1",
        },
        Example {
            value: r#"["ANN", "eve"]"#,
            arguments: &[
                ("condition", r#""value =~ rhs""#),
                ("rhs", r#""^a(?=n)""#),
                ("options", r#""case_insensitive, input_data_type:then=value""#),
                ("else", r#""-""#),
            ],
            gives: r#"["ANN", "-"]"#,
        },
        Example {
            value: "5",
            arguments: &[
                ("condition", r#""value>rhs""#),
                ("rhs", "3"),
                ("conditionB", r#""value<rhsB""#),
                ("rhsB", r#""4""#),
                ("then", r#""between""#),
            ],
            gives: r#""""#,
        },
        Example {
            value: r#""a""#,
            arguments: &[("condition", r#""value is rhs""#)],
            gives: "!`is` is no comparison",
        },
    ],
    run: if_then_else,
};

/// The arguments that make a condition.
struct Names {
    condition: &'static str,
    left: &'static str,
    right: &'static str,
    options: &'static str,
}

const FIRST: Names = Names { condition: "condition", left: "lhs", right: "rhs", options: "options" };

const SECOND: Names = Names { condition: "conditionB", left: "lhsB", right: "rhsB", options: "optionsB" };

fn if_then_else(call: &Call<'_>) -> Result<Value, Failure> {
    let mut holds = holds(call, &FIRST)?;
    let is_second_given = ["conditionInBetween", SECOND.condition, SECOND.left, SECOND.right, SECOND.options]
        .iter()
        .any(|name| call.given(name).is_some());
    if is_second_given {
        let second = self::holds(call, &SECOND)?;
        holds = match call.argument_or_empty("conditionInBetween")?.trim() {
            "and" | "" => holds && second,
            "or" => holds || second,
            _ => return Err(wrong("`conditionInBetween` is neither `and` nor `or`")),
        };
    }
    let branch = if holds { "then" } else { "else" };
    let value = Options::of(call, &FIRST)?.read(call, branch)?;
    Ok(if value.is_null() { Value::from("") } else { value })
}

fn holds(call: &Call<'_>, names: &Names) -> Result<bool, Failure> {
    let options = Options::of(call, names)?;
    let condition = call.argument_or_empty(names.condition)?;
    let condition = condition.trim();
    if condition.is_empty() {
        let legacy = names.left == FIRST.left || call.given("equals").is_some();
        let right = options.read(call, if legacy { "equals" } else { names.right })?;
        return compare(call.value, "==", &right, &options);
    }
    let known = ["value", names.left, names.right];
    let parts = known.iter().find_map(|left| {
        let rest = condition.strip_prefix(left)?;
        known.iter().find_map(|right| Some((*left, rest.strip_suffix(right)?, *right)))
    });
    let (left, operator, right) = parts.ok_or_else(|| {
        wrong(format!("`{}` must be a comparison such as `value=={}`", names.condition, names.right))
    })?;
    let operator: Vec<&str> = operator.split_whitespace().collect();
    compare(&options.read(call, left)?, &operator.join(" "), &options.read(call, right)?, &options)
}

fn compare(left: &Value, operator: &str, right: &Value, options: &Options) -> Result<bool, Failure> {
    match operator {
        "=~" => return options.matches(left, right),
        "in list" => return Ok(options.lists(right, left)),
        "not in list" => return Ok(!options.lists(right, left)),
        _ => {}
    }
    let (left, right) = &options.folded(left, right);
    let order = javascript::order(left, right);
    Ok(match operator {
        "===" => javascript::strictly_equal(left, right),
        "!==" => !javascript::strictly_equal(left, right),
        "==" => javascript::loosely_equal(left, right),
        "!=" => !javascript::loosely_equal(left, right),
        ">" => order.is_some_and(Ordering::is_gt),
        ">=" => order.is_some_and(Ordering::is_ge),
        "<" => order.is_some_and(Ordering::is_lt),
        "<=" => order.is_some_and(Ordering::is_le),
        other => return Err(wrong(format!("`{other}` is no comparison"))),
    })
}

/// The options of a condition: names, some with a value after the last `=`.
struct Options(Vec<String>);

impl Options {
    fn of(call: &Call<'_>, names: &Names) -> Result<Self, Failure> {
        listed_texts(call, names.options).map(Self)
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|option| option == name)
    }

    /// An operand or a branch, as the type that the options give it.
    fn read(&self, call: &Call<'_>, name: &str) -> Result<Value, Failure> {
        let given = if name == "value" { Some(call.value) } else { call.given(name) };
        let given = given.cloned().unwrap_or_default();
        let named = format!("input_data_type:{name}");
        let kind =
            self.0.iter().rev().find_map(|option| option.rsplit_once('=').filter(|(left, _)| *left == named));
        match (kind.map(|(_, kind)| kind), given) {
            (None | Some("raw"), given) => Ok(given),
            (Some("value"), _) => Ok(call.value.clone()),
            (Some("json"), Value::String(text)) => serde_json::from_str(&text)
                .map_err(|_| Failure::new(FailureKind::Json, format!("`{name}` is no JSON"))),
            (Some("json"), given) => Ok(given),
            (Some(kind), _) => Err(wrong(format!("`{kind}` is none of `value`, `json` and `raw`"))),
        }
    }

    /// Both sides in lower case where case is ignored and both are texts.
    fn folded(&self, left: &Value, right: &Value) -> (Value, Value) {
        match (left, right) {
            (Value::String(left), Value::String(right)) if self.has("case_insensitive") => {
                (Value::from(left.to_lowercase()), Value::from(right.to_lowercase()))
            }
            _ => (left.clone(), right.clone()),
        }
    }

    fn matches(&self, left: &Value, right: &Value) -> Result<bool, Failure> {
        let flags = Flags {
            ignore_case: self.has("case_insensitive"),
            multi_line: self.has("regex_multiline"),
            dot_all: self.has("regex_dot_all"),
        };
        let text = javascript::text(left);
        let found = compiled(&javascript::text(right), flags)?.find(text.as_str()).map_err(|_| too_long())?;
        let is_whole = |length: usize| !self.has("regex_full_match") || length == text.len();
        Ok(found.is_some_and(|found| is_whole(found.as_str().len())))
    }

    fn lists(&self, list: &Value, value: &Value) -> bool {
        let fold = |text: String| if self.has("case_insensitive") { text.to_lowercase() } else { text };
        let value = fold(javascript::text(value));
        listed(list).iter().any(|item| fold(javascript::text(item)) == value)
    }
}

fn wrong(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Argument, message)
}
