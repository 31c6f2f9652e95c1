//! Filters of expressions that write the languages of systems: of manifests above all.

use indexmap::IndexMap;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};

/// The names of these filters.
pub(super) const NAMES: [&str; 4] = ["quoted", "numbered", "keyed", "merged"];

pub(super) fn add_to(environment: &mut Environment<'static>) {
    environment.add_filter("quoted", quoted);
    environment.add_filter("numbered", numbered);
    environment.add_filter("keyed", keyed);
    environment.add_filter("merged", merged);
}

/// A text in quotes, so that no value can end them. The filters of SCIM (RFC 7644, section
/// 3.4.2.2) and Okta want it as JSON writes it; `soql` has single quotes, and a backslash
/// before what would end them; `odata` doubles them (`OData` 4.01, part 2, section 5.1.1.6.1).
fn quoted(text: &Value, language: Option<&str>) -> Result<String, Error> {
    let wrong = |message| Err(Error::new(ErrorKind::InvalidOperation, message));
    if !matches!(text.kind(), ValueKind::String | ValueKind::Number | ValueKind::Bool) {
        return wrong(format!("`quoted` wants a text, not {}", text.kind()));
    }
    let text = text.to_string();
    match language {
        None => Ok(as_json(&text)),
        Some("odata") => Ok(format!("'{}'", text.replace('\'', "''"))),
        Some("soql") => Ok(format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))),
        Some(other) => wrong(format!("`quoted` knows `odata` and `soql`, not `{other}`")),
    }
}

/// A text as JSON writes it.
pub(super) fn as_json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The items of a list, a numbered line each: `1. first`.
fn numbered(items: &Value) -> Result<String, Error> {
    let lines = items.try_iter()?.zip(1..).map(|(item, number)| format!("{number}. {item}\n"));
    Ok(lines.collect())
}

/// An object around each item of a list: `['1', '2'] | keyed('value')` is
/// `[{"value": "1"}, {"value": "2"}]`. Named arguments are further members.
#[expect(clippy::needless_pass_by_value, reason = "the library hands named arguments over so")]
fn keyed(items: &Value, name: &str, more: Kwargs) -> Result<Value, Error> {
    let mut members = Vec::new();
    for member in more.args() {
        members.push((member.to_owned(), more.get::<Value>(member)?));
    }
    let around = |item: Value| {
        Value::from_pairs(std::iter::once((name.to_owned(), item)).chain(members.iter().cloned()))
    };
    Ok(items.try_iter()?.map(around).collect())
}

/// An object with the members of another one in it, at any depth. What is null or an empty
/// list there is taken out, since both mean that an attribute has no value (RFC 7643,
/// section 2.5).
fn merged(below: &Value, above: &Value) -> Result<Value, Error> {
    let mut members: IndexMap<String, Value> = IndexMap::new();
    for key in below.try_iter()? {
        members.insert(key.to_string(), below.get_item(&key)?);
    }
    for key in above.try_iter()? {
        let (name, value) = (key.to_string(), above.get_item(&key)?);
        if value.is_none() || value.kind() == ValueKind::Seq && value.len() == Some(0) {
            members.shift_remove(&name);
            continue;
        }
        let value = match members.get(&name) {
            Some(own) if own.kind() == ValueKind::Map && value.kind() == ValueKind::Map => {
                merged(own, &value)?
            }
            _ => value,
        };
        members.insert(name, value);
    }
    Ok(Value::from_pairs(members))
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
        let in_language = |language: &str, value: &str| {
            Expression::parse(&format!("value | quoted('{language}')"))
                .and_then(|e| e.evaluate(&Scope::new(&json!({"value": value}))))
        };
        assert_eq!(in_language("odata", "x' or 'y"), Ok(Some(json!("'x'' or ''y'"))));
        assert_eq!(in_language("soql", r"x\' OR 'y"), Ok(Some(json!(r"'x\\\' OR \'y'"))));
        assert!(in_language("sql", "x").is_err());
        let numbered = Expression::parse("l | map(attribute='t') | numbered").expect("valid");
        let lines = numbered.evaluate(&Scope::new(&json!({"l": [{"t": "a"}, {"t": "b"}]})));
        assert_eq!(lines, Ok(Some(json!("1. a\n2. b\n"))));
    }

    #[test]
    fn objects_are_made_and_merged() {
        let scope = json!({
            "ids": ["1", "2"],
            "own": {"id": 1, "name": {"first": "Ann", "last": "B"}, "title": "x", "phones": [1], "keep": [2]},
            "new": {"name": {"last": "Example"}, "title": null, "phones": [], "more": true},
        });
        let cases = [
            ("ids | keyed('value')", json!([{"value": "1"}, {"value": "2"}])),
            (
                "ids | keyed('value', operation='delete')",
                json!([{"value": "1", "operation": "delete"}, {"value": "2", "operation": "delete"}]),
            ),
            (
                "own | merged(new)",
                json!({"id": 1, "name": {"first": "Ann", "last": "Example"}, "keep": [2], "more": true}),
            ),
        ];
        for (text, expected) in cases {
            let found = Expression::parse(text).and_then(|e| e.evaluate(&Scope::new(&scope)));
            assert_eq!(found, Ok(Some(expected)), "{text}");
        }
    }
}
