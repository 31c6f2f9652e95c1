//! Templates: texts and JSON with holes for places in the value and in the document.

mod holes;

use serde_json::Value;

use super::text::bounded;
use super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator, cast};
use holes::Holes;
pub(super) use holes::document_text;

pub(super) const OPERATORS: &[Operator] = &[FORMAT_TEMPLATE, CONCAT_FORMAT];

const FORMAT_TEMPLATE: Operator = Operator {
    name: "FormatTemplate",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("template", ArgumentKind::Raw),
        Argument::of("template_type", ArgumentKind::Text).or("raw"),
        Argument::of("ctx_data", ArgumentKind::Any),
        Argument::of("ctx_inputs", ArgumentKind::Any),
        Argument::of("ctx_inc", ArgumentKind::Any),
        Argument::of("variable_markers", ArgumentKind::Raw).or("${,}"),
        Argument::of("keep_symbol_to_null", ArgumentKind::Boolean).or("false"),
    ],
    null: OnNull::Stays,
    about: "Fills a text or JSON: ${.place} is taken from the value, ${place} from `ctx_data` or, without \
            it, from the document; a lone hole keeps its type, and without a template the value is one.",
    examples: &[
        Example::of(
            r#"{"first": "Ann", "last": "Example"}"#,
            &[("template", r#""${.first} ${.last} <${.mail}>""#)],
            r#""Ann Example <>""#,
        ),
        Example::of(
            r#"{"n": 7}"#,
            &[
                ("template", r#""{\"number\": \"${.n}\", \"of\": \"no. ${.n}\"}""#),
                ("template_type", r#""json""#),
            ],
            r#"{"number": 7, "of": "no. 7"}"#,
        ),
        Example::of(
            r#""<team>/<lead>""#,
            &[
                ("ctx_data", r#"{"team": "crew"}"#),
                ("variable_markers", r#""<,>""#),
                ("keep_symbol_to_null", "true"),
            ],
            r#""crew/<lead>""#,
        ),
        Example::of("{}", &[("template", r#""${.none}""#)], "null"),
        Example::of("{}", &[("template", r#""${.a=val.length}""#)], "!a hole holds an expression"),
    ],
    run: format_template,
};

const CONCAT_FORMAT: Operator = Operator {
    name: "ConcatFormat",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        Argument::of("prefix", ArgumentKind::Raw),
        Argument::of("suffix", ArgumentKind::Raw),
        Argument::of("ctx_data", ArgumentKind::Any),
        Argument::of("ctx_inputs", ArgumentKind::Any),
        Argument::of("ctx_inc", ArgumentKind::Any),
        Argument::of("variable_markers", ArgumentKind::Raw).or("${,}"),
        Argument::of("keep_symbol_to_null", ArgumentKind::Boolean).or("false"),
    ],
    null: OnNull::Stays,
    about: "Puts a text before and one after the value; their holes ${place} are filled from `ctx_data` or, \
            without it, from the document.",
    examples: &[
        Example::of(
            r#""ann""#,
            &[("suffix", r#""@${domain}""#), ("ctx_data", r#"{"domain": "example.org"}"#)],
            r#""ann@example.org""#,
        ),
        Example::of(r#""ann""#, &[("prefix", r#""${none}-""#)], r#""-ann""#),
        Example::of(
            r#""ann""#,
            &[("prefix", r#""${none}-""#), ("keep_symbol_to_null", "true")],
            r#""${none}-ann""#,
        ),
        Example::of("7", &[], "7"),
    ],
    run: concat_format,
};

fn format_template(call: &Call<'_>) -> Result<Value, Failure> {
    let given = call.given("template").filter(|template| template.as_str() != Some(""));
    let holes = Holes::of(call, given.is_some())?;
    match (given, call.argument_text("template_type")?.as_deref()) {
        (None, _) => holes.fill(call.value),
        (Some(template), None | Some("" | "raw")) => holes.fill(template),
        (Some(template), Some("json")) => holes.fill(&json(template, "template")?),
        _ => Err(Failure::new(FailureKind::Argument, "`template_type` must be raw or json")),
    }
}

fn concat_format(call: &Call<'_>) -> Result<Value, Failure> {
    let holes = Holes::of(call, false)?;
    let affix = |name: &str| match call.given(name).map(plain).filter(|text| !text.is_empty()) {
        Some(text) => holes.fill(&Value::from(text)).map(|value| Some(plain(&value))),
        None => Ok(None),
    };
    match (affix("prefix")?, affix("suffix")?) {
        (None, None) => Ok(call.value.clone()),
        (prefix, suffix) => {
            let text = prefix.unwrap_or_default() + &plain(call.value) + &suffix.unwrap_or_default();
            bounded(text.len())?;
            Ok(Value::from(text))
        }
    }
}

/// A value as a part of a text: nothing and what is empty adds nothing.
fn plain(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Object(members) if members.is_empty() => String::new(),
        other => holes::rendered(other),
    }
}

/// A value that may be written as JSON in a text.
fn json(value: &Value, name: &str) -> Result<Value, Failure> {
    if !value.is_string() {
        return Ok(value.clone());
    }
    serde_json::from_str(&cast::text(value)?)
        .map_err(|error| Failure::new(FailureKind::Json, format!("`{name}` is no JSON: {error}")))
}
