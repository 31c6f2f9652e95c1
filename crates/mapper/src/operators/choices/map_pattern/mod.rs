//! `MapPattern`: a table from patterns to new values.

mod wildcard;

use std::sync::Arc;

use fancy_regex::Regex;
use serde_json::Value;

use super::super::patterns::Template;
use super::super::{Argument, ArgumentKind, Call, Example, Failure, FailureKind, Kind, OnNull, Operator};
use super::patterns::{Flags, compiled, too_long, whole};
use super::template::{Places, each_text};
use super::{argument, listed_texts, python};
use crate::Path;
use wildcard::of_wildcard;

pub(super) const OPERATOR: Operator = Operator {
    name: "MapPattern",
    aliases: &[],
    kind: Kind::Item,
    arguments: &[
        argument("mappings", ArgumentKind::Raw),
        Argument { name: "algorithm", kind: ArgumentKind::Text, default: Some("literal") },
        Argument { name: "caseless", kind: ArgumentKind::Boolean, default: Some("true") },
        Argument { name: "priority", kind: ArgumentKind::Text, default: Some("first_match") },
        argument("context", ArgumentKind::Any),
        argument("flags", ArgumentKind::Any),
        Argument { name: "compare_fields", kind: ArgumentKind::Boolean, default: Some("false") },
        argument("wildcards", ArgumentKind::Any),
        argument("default_value", ArgumentKind::Any),
    ],
    null: OnNull::Stays,
    about: "Gives what belongs to the first pattern, or the last, that matches the whole value.",
    examples: &[
        Example {
            value: r#""Room 4""#,
            arguments: &[("algorithm", r#""wildcard""#), ("mappings", r#"{"room ?": "small", "*": "?"}"#)],
            gives: r#""small""#,
        },
        Example {
            value: r#""ann.example""#,
            arguments: &[
                ("algorithm", r#""regex""#),
                (
                    "mappings",
                    r#""{\"(\\\\w+)\\\\.(.+)\": {\"exclude\": \"b.*\", \"output\": [\"\\\\2\", \"\\\\1\"]}}""#,
                ),
            ],
            gives: r#"["example", "ann"]"#,
        },
        Example {
            value: r#"{"kind": "staff", "name": "Ann"}"#,
            arguments: &[
                ("compare_fields", "true"),
                ("context", r#"{"city": "Oslo"}"#),
                ("mappings", r#"{"kind": {"STAFF": {"next": {"name": {"Ann": "${.name} of ${city}"}}}}}"#),
            ],
            gives: r#""Ann of Oslo""#,
        },
        Example {
            value: r#""x""#,
            arguments: &[("mappings", r#"{"y": 1}"#), ("default_value", r#""none""#)],
            gives: r#""none""#,
        },
    ],
    run: map_pattern,
};

fn map_pattern(call: &Call<'_>) -> Result<Value, Failure> {
    let mappings = mappings(call)?;
    let algorithm = call.argument_or_empty("algorithm")?;
    let table = Table::of(call)?;
    let found = match call.value {
        Value::Object(_) if table.fields => table.of_fields(call.value, &mappings, &algorithm)?,
        Value::Object(_) | Value::Array(_) => None,
        _ if table.fields => None,
        value => table.look_up(value, &mappings, &algorithm)?,
    };
    let default = call.given("default_value").filter(|default| python::is_true(default));
    Ok(found.or_else(|| default.cloned()).unwrap_or_else(|| call.value.clone()))
}

fn mappings(call: &Call<'_>) -> Result<Value, Failure> {
    match call.given("mappings") {
        Some(Value::String(text)) => serde_json::from_str(text)
            .map_err(|error| Failure::new(FailureKind::Json, format!("`mappings` is no JSON: {error}"))),
        Some(given) => Ok(given.clone()),
        None => Err(wrong("`mappings` is not given")),
    }
}

/// A row: a pattern, and what belongs to it.
struct Row<'a> {
    pattern: &'a str,
    algorithm: Option<&'a str>,
    output: &'a Value,
    exclude: Vec<&'a str>,
    next: Option<&'a Value>,
    ignore_syntax: bool,
}

impl<'a> Row<'a> {
    fn of(pattern: &'a str, content: &'a Value) -> Self {
        if !content.is_object() {
            return Self {
                pattern,
                algorithm: None,
                output: content,
                exclude: Vec::new(),
                next: None,
                ignore_syntax: false,
            };
        }
        let exclude = &content["exclude"];
        let exclude = exclude.as_array().map_or(std::slice::from_ref(exclude), Vec::as_slice);
        Self {
            pattern,
            algorithm: content["algorithm"].as_str().filter(|name| !name.is_empty()),
            output: &content["output"],
            exclude: exclude.iter().filter_map(Value::as_str).filter(|pattern| !pattern.is_empty()).collect(),
            next: Some(&content["next"]).filter(|next| python::is_true(next)),
            ignore_syntax: python::is_true(&content["ignore_syntax"]),
        }
    }
}

/// The rows of an object, or of all objects in a list.
fn rows<'a>(mappings: &'a Value, rows: &mut Vec<Row<'a>>) -> Result<(), Failure> {
    match mappings {
        Value::Array(parts) => parts.iter().try_for_each(|part| self::rows(part, rows)),
        Value::Object(members) => {
            rows.extend(members.iter().map(|(pattern, content)| Row::of(pattern, content)));
            Ok(())
        }
        _ => Err(wrong("`mappings` must hold objects, or lists of them")),
    }
}

/// A row that matches; with the pattern where its groups may be put into the output.
enum Match {
    Plain,
    Groups(Arc<Regex>),
}

/// What all rows share.
struct Table<'a> {
    value: &'a Value,
    context: Option<&'a Value>,
    fields: bool,
    /// Patterns that match anything.
    wildcards: Vec<String>,
    flags: Flags,
    last: bool,
}

impl<'a> Table<'a> {
    fn of(call: &Call<'a>) -> Result<Self, Failure> {
        Ok(Self {
            value: call.value,
            context: call.given("context"),
            fields: call.argument_flag("compare_fields")?,
            wildcards: listed_texts(call, "wildcards")?,
            flags: flags(call)?,
            last: match call.argument_or_empty("priority")?.as_str() {
                "first_match" | "" => false,
                "last_match" => true,
                other => return Err(wrong(format!("there is no priority `{other}`"))),
            },
        })
    }

    /// The first field whose value is in the field's own table.
    fn of_fields(&self, object: &Value, mappings: &Value, algorithm: &str) -> Result<Option<Value>, Failure> {
        let fields = mappings.as_object().ok_or_else(|| wrong("`mappings` must name fields"))?;
        for (field, mappings) in fields {
            let path = Path::parse(field).map_err(|error| wrong(error.to_string()))?;
            let found = self.look_up(&path.resolve(object).unwrap_or_default(), mappings, algorithm)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn look_up(&self, source: &Value, mappings: &Value, algorithm: &str) -> Result<Option<Value>, Failure> {
        let mut all = Vec::new();
        rows(mappings, &mut all)?;
        let (mut algorithm, mut result) = (algorithm, None);
        for row in all {
            // As in the script, an algorithm holds for the rows that follow, too.
            algorithm = row.algorithm.unwrap_or(algorithm);
            let Some(found) = self.matches(&row, algorithm, source)? else { continue };
            let output = self.output(&row, &found, algorithm, source)?;
            if output.is_some() {
                result = output;
                if !self.last {
                    break;
                }
            }
        }
        Ok(result)
    }

    fn matches(&self, row: &Row<'_>, algorithm: &str, source: &Value) -> Result<Option<Match>, Failure> {
        if source.is_array() || source.is_object() {
            return Ok(None);
        }
        let text = text_of(source);
        let found = if self.wildcards.iter().any(|wildcard| wildcard == row.pattern) {
            Some(Match::Plain)
        } else {
            match self.matches_text(row.pattern, algorithm, &text) {
                Err(failure) if failure.kind == FailureKind::Argument && row.ignore_syntax => None,
                found => found?,
            }
        };
        for pattern in &row.exclude {
            if found.is_some() && self.matches_text(pattern, algorithm, &text)?.is_some() {
                return Ok(None);
            }
        }
        Ok(found)
    }

    fn matches_text(&self, pattern: &str, algorithm: &str, text: &str) -> Result<Option<Match>, Failure> {
        let regex = match algorithm {
            "literal" if self.flags.ignore_case => {
                return Ok((pattern.to_lowercase() == text.to_lowercase()).then_some(Match::Plain));
            }
            "literal" => return Ok((pattern == text).then_some(Match::Plain)),
            "wildcard" => compiled(&whole(&of_wildcard(pattern)), Flags { dot_all: true, ..self.flags })?,
            "regex" | "regmatch" => compiled(&whole(pattern), self.flags)?,
            "dt" => return Err(Failure::new(FailureKind::Limit, "the algorithm `dt` is not supported")),
            other => return Err(wrong(format!("there is no algorithm `{other}`"))),
        };
        if !regex.is_match(text).map_err(|_| too_long())? {
            return Ok(None);
        }
        Ok(Some(if algorithm == "regex" { Match::Groups(regex) } else { Match::Plain }))
    }

    /// What comes out of a row that matches; nothing where its own table has no match.
    fn output(
        &self,
        row: &Row<'_>,
        found: &Match,
        algorithm: &str,
        source: &Value,
    ) -> Result<Option<Value>, Failure> {
        let text = text_of(source);
        let groups = match found {
            Match::Groups(regex) => {
                regex.captures(text.as_str()).map_err(|_| too_long())?.map(|all| (regex, all))
            }
            Match::Plain => None,
        };
        let expand = |template: &str| match &groups {
            Some((regex, all)) => Template::parse(template, regex).map(|template| template.of(all)),
            None => Ok(template.to_owned()),
        };
        let output = match self.context {
            _ if row.output.is_null() => self.value.clone(),
            None => each_text(row.output, &|template| expand(template).map(Value::from))?,
            Some(document) => {
                let places = Places { document, value: self.value, node: source };
                each_text(row.output, &|template| places.filled(template, &expand))?
            }
        };
        match row.next {
            Some(next) if row.output.is_null() && self.fields && output.is_object() => {
                self.of_fields(&output, next, algorithm)
            }
            Some(next) => self.look_up(&output, next, algorithm),
            None => Ok(Some(output)),
        }
    }
}

/// A value as patterns see it.
fn text_of(value: &Value) -> String {
    if value.is_null() { String::new() } else { python::text(value) }
}

fn flags(call: &Call<'_>) -> Result<Flags, Failure> {
    let mut flags = Flags { ignore_case: call.argument_flag("caseless")?, ..Flags::default() };
    for flag in listed_texts(call, "flags")? {
        match flag.as_str() {
            "dotall" | "s" => flags.dot_all = true,
            "multiline" | "m" => flags.multi_line = true,
            "ignorecase" | "i" => flags.ignore_case = true,
            "unicode" | "u" | "" => {}
            other => return Err(wrong(format!("there is no flag `{other}`"))),
        }
    }
    Ok(flags)
}

fn wrong(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Argument, message)
}
