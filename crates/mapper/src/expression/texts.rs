//! Filters of expressions that write the languages of systems: of manifests above all.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Value};

/// The names of these filters.
pub(super) const NAMES: [&str; 2] = ["quoted", "numbered"];

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("quoted", quoted);
    environment.add_filter("numbered", numbered);
}

/// A text in double quotes, as the filters of SCIM (RFC 7644, section 3.4.2.2) and Okta
/// want it: as JSON writes it, so that no value can end its quotes.
fn quoted(text: &Value) -> Result<String, Error> {
    match text.kind() {
        ValueKind::String | ValueKind::Number | ValueKind::Bool => {
            Ok(serde_json::Value::from(text.to_string()).to_string())
        }
        kind => Err(Error::new(ErrorKind::InvalidOperation, format!("`quoted` wants a text, not {kind}"))),
    }
}

/// The items of a list, a numbered line each: `1. first`.
fn numbered(items: &Value) -> Result<String, Error> {
    let lines = items.try_iter()?.zip(1..).map(|(item, number)| format!("{number}. {item}\n"));
    Ok(lines.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Expression, Scope};

    #[test]
    fn values_stay_in_their_quotes() {
        let cases = [
            ("ann@example.com", r#""ann@example.com""#),
            (r#"x" or profile.login pr or ""#, r#""x\" or profile.login pr or \"""#),
            ("a\\", r#""a\\""#),
            ("a\nb", r#""a\nb""#),
        ];
        let quote = |value: &Value| {
            Expression::parse("value | quoted")
                .and_then(|e| e.evaluate(&Scope::new(&json!({"value": value}))))
        };
        for (value, expected) in cases {
            assert_eq!(quote(&json!(value)), Ok(Some(json!(expected))), "{value}");
        }
        assert!(quote(&json!(["a"])).is_err());
        let numbered = Expression::parse("l | map(attribute='t') | numbered").expect("valid");
        let lines = numbered.evaluate(&Scope::new(&json!({"l": [{"t": "a"}, {"t": "b"}]})));
        assert_eq!(lines, Ok(Some(json!("1. a\n2. b\n"))));
    }
}
