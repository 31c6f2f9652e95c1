//! The operator table, for people and programs.

use std::process::ExitCode;

use provost_mapper::InExpressions;
use provost_mapper::operators::{self, Operator};
use serde_json::{Value, json};

use crate::args::{Format, Global};
use crate::output::{self, Cell, Hinted};

/// Lists all operators, or explains one.
pub(crate) fn show(global: &Global, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let chosen: Vec<&Operator> = match name {
        Some(name) => vec![operators::find(name).map_err(Hinted::new)?],
        None => operators::all().collect(),
    };
    match (global.output, chosen.as_slice()) {
        (Format::Json, _) => {
            output::say(&format!("{:#}", chosen.iter().map(|operator| as_json(operator)).collect::<Value>()));
        }
        (Format::Jsonl, _) => {
            for operator in &chosen {
                output::say(&as_json(operator).to_string());
            }
        }
        (_, [operator]) if name.is_some() => explain(operator),
        _ => {
            let rows: Vec<Vec<Cell>> = chosen
                .iter()
                .map(|operator| vec![operator.name.into(), arguments(operator).into(), operator.about.into()])
                .collect();
            output::say(&output::table(&["operator", "arguments", "about"], &rows));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(operator: &Operator) {
    let in_expressions = in_expressions(operator);
    output::say(&format!(
        "{} ({})\n{}\n{in_expressions}\n",
        operator.name,
        arguments(operator),
        operator.about
    ));
    let rows: Vec<Vec<Cell>> = operator
        .examples
        .iter()
        .map(|example| {
            let given: Vec<String> =
                example.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            let gives = example
                .gives
                .strip_prefix('!')
                .map_or_else(|| example.gives.to_owned(), |why| format!("error: {why}"));
            vec![example.value.into(), given.join(", ").into(), gives.into()]
        })
        .collect();
    output::say(&output::table(&["value", "arguments", "gives"], &rows));
}

/// How an operator is written in an expression.
fn in_expressions(operator: &Operator) -> String {
    let InExpressions::As(name) = operator.in_expressions() else {
        let form = if operator.is_filter() { "test" } else { "filter" };
        return format!("In an expression, `{}` is Jinja's {form} of that name and not this.", operator.name);
    };
    let sign = if operator.is_filter() { "is" } else { "|" };
    let arguments: Vec<&str> = operator.arguments.iter().map(|argument| argument.name).collect();
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    format!("In an expression: `value {sign} {name}{arguments}`")
}

/// The arguments with their defaults.
fn arguments(operator: &Operator) -> String {
    let one = |argument: &operators::Argument| match argument.default {
        Some(default) => format!("{} = {default}", argument.name),
        None => argument.name.to_owned(),
    };
    operator.arguments.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn as_json(operator: &Operator) -> Value {
    let arguments: Vec<Value> = operator
        .arguments
        .iter()
        .map(|argument| json!({"name": argument.name, "default": argument.default}))
        .collect();
    json!({
        "name": operator.name,
        "aliases": operator.aliases,
        "filter": operator.is_filter(),
        "expression": match operator.in_expressions() {
            InExpressions::As(name) => Some(name),
            InExpressions::JinjaHas => None,
        },
        "arguments": arguments,
        "about": operator.about,
    })
}
