//! Texts with `{{ holes }}`, and JSON made of them.

use serde_json::Value;

use std::borrow::Cow;

use crate::{Expression, ExpressionError, View};

/// A text with holes. A text that is one hole and nothing else keeps the value's type.
#[derive(Debug)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Hole(Expression),
}

/// Why a template cannot be read or filled.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum TemplateError {
    /// A `{{` without its `}}`.
    #[error("`{{{{` without a closing `}}}}` in `{0}`")]
    Open(String),
    /// A hole's expression is wrong.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    /// A hole has no value.
    #[error("`{0}` has no value here")]
    Missing(String),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// An unclosed hole, or an expression that cannot be read.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let inside = &rest[start + 2..];
            let end = hole_end(inside).ok_or_else(|| TemplateError::Open(source.to_owned()))?;
            pieces.push(Piece::Hole(Expression::parse(inside[..end].trim())?));
            rest = &inside[end + 2..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { source: source.to_owned(), pieces })
    }

    /// The template as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that its holes read.
    pub fn names(&self) -> Vec<String> {
        let holes = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(expression) => Some(expression.names()),
            Piece::Text(_) => None,
        });
        holes.flatten().cloned().collect()
    }

    /// The filled template; one lone hole keeps its value's type.
    ///
    /// # Errors
    /// A hole without a value, or one that fails.
    pub fn value(&self, view: &View<'_>) -> Result<Value, TemplateError> {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => fill(hole, view).map(Cow::into_owned),
            _ => self.text(view, str::to_owned).map(Value::String),
        }
    }

    /// The filled template as text, each hole's text passed through `escape`.
    ///
    /// # Errors
    /// As for [`Template::value`].
    pub fn text(&self, view: &View<'_>, escape: impl Fn(&str) -> String) -> Result<String, TemplateError> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(literal) => text.push_str(literal),
                Piece::Hole(hole) => text.push_str(&escape(&as_text(&*fill(hole, view)?))),
            }
        }
        Ok(text)
    }
}

fn fill<'a>(hole: &'a Expression, view: &'a View<'_>) -> Result<Cow<'a, Value>, TemplateError> {
    hole.evaluate_seen(view)?.ok_or_else(|| TemplateError::Missing(hole.source().to_owned()))
}

fn as_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// Where the hole ends: the first `}}` outside of quotes.
fn hole_end(inside: &str) -> Option<usize> {
    let mut quote = None;
    let mut characters = inside.char_indices();
    while let Some((at, c)) = characters.next() {
        match quote {
            Some(_) if c == '\\' => drop(characters.next()),
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => quote = Some(c),
            None if inside[at..].starts_with("}}") => return Some(at),
            _ => {}
        }
    }
    None
}

/// JSON whose texts, and the names of its members, are templates.
#[derive(Debug)]
pub enum ValueTemplate {
    /// No hole anywhere.
    Constant(Value),
    /// A text with holes.
    Text(Template),
    /// A list with holes somewhere.
    List(Vec<ValueTemplate>),
    /// An object with holes somewhere.
    Object(Vec<(Template, ValueTemplate)>),
}

impl ValueTemplate {
    /// Compiles all texts in a value.
    ///
    /// # Errors
    /// The first text that is no template.
    pub fn parse(value: &Value) -> Result<Self, TemplateError> {
        Ok(match value {
            Value::String(text) if text.contains("{{") => Self::Text(Template::parse(text)?),
            Value::Array(items) => Self::List(items.iter().map(Self::parse).collect::<Result<_, _>>()?),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, member)| Ok((Template::parse(name)?, Self::parse(member)?)))
                    .collect::<Result<_, TemplateError>>()?,
            ),
            other => Self::Constant(other.clone()),
        })
    }

    /// The names that its holes read.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Text(template) => template.names(),
            Self::List(items) => items.iter().flat_map(Self::names).collect(),
            Self::Object(members) => {
                members.iter().flat_map(|(name, member)| [name.names(), member.names()].concat()).collect()
            }
        }
    }

    /// The filled value.
    ///
    /// # Errors
    /// A hole without a value, or one that fails.
    pub fn value(&self, view: &View<'_>) -> Result<Value, TemplateError> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Text(template) => template.value(view)?,
            Self::List(items) => items.iter().map(|item| item.value(view)).collect::<Result<_, _>>()?,
            Self::Object(members) => members
                .iter()
                .map(|(name, member)| Ok((name.text(view, str::to_owned)?, member.value(view)?)))
                .collect::<Result<_, TemplateError>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope() -> View<'static> {
        View::new(json!({"id": "a/b", "n": 3, "on": true, "body": {"m": "x}}y"}}))
    }

    #[test]
    fn a_lone_hole_keeps_its_type() {
        let cases = [
            ("{{ n }}", json!(3)),
            ("{{on}}", json!(true)),
            ("n={{ n }}, {{ id }}", json!("n=3, a/b")),
            ("{{ '}}' ~ body.m }}", json!("}}x}}y")),
            (r#"{{ id | replace("/", "\\") }}"#, json!(r"a\b")),
            ("no holes", json!("no holes")),
        ];
        for (source, expected) in cases {
            assert_eq!(Template::parse(source).and_then(|t| t.value(&scope())), Ok(expected), "{source}");
        }
    }

    #[test]
    fn only_holes_are_escaped() {
        let path = Template::parse("/users/{{ id }}").expect("valid");
        assert_eq!(path.text(&scope(), |text| text.replace('/', "%2F")), Ok("/users/a%2Fb".to_owned()));
    }

    #[test]
    fn errors_name_the_hole() {
        assert_eq!(
            Template::parse("{{ nope }}").and_then(|t| t.value(&scope())),
            Err(TemplateError::Missing("nope".to_owned()))
        );
        assert_eq!(
            Template::parse("a {{ b").expect_err("open").to_string(),
            "`{{` without a closing `}}` in `a {{ b`"
        );
    }

    #[test]
    fn values_are_filled_at_any_depth() {
        let body = ValueTemplate::parse(&json!({"{{ id }}": [{"x": "{{ n }}"}], "y": null})).expect("valid");
        assert_eq!(body.value(&scope()), Ok(json!({"a/b": [{"x": 3}], "y": null})));
        assert_eq!(body.names(), ["id", "n"]);
    }
}
