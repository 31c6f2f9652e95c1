//! The expression language: Jinja, one for mappers, manifests and messages.
//!
//! Values keep their type, and nothing in an expression can reach files, the network or
//! the clock.

use std::sync::LazyLock;

use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;

/// For values: what is missing may be tested (`a or b`) but neither printed nor passed on.
static VALUES: LazyLock<Environment<'static>> = LazyLock::new(|| environment(UndefinedBehavior::SemiStrict));

/// For conditions: what is missing is simply not equal to anything.
static CONDITIONS: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Chainable));

fn environment(undefined: UndefinedBehavior) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(undefined);
    environment
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    source: String,
    compiled: minijinja::Expression<'static, 'static>,
}

/// A compiled expression that is only asked whether it holds.
#[derive(Debug)]
pub struct Condition(Expression);

/// Why an expression cannot be read or has no value.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{expression}`: {problem}")]
pub struct ExpressionError {
    /// The expression as written.
    pub expression: String,
    /// What is wrong with it.
    pub problem: String,
}

/// The names that an expression can see.
#[derive(Debug, Clone)]
pub struct Scope(minijinja::Value);

impl Scope {
    /// A scope of named values, usually a JSON object or a struct of borrowed ones.
    pub fn new<T: Serialize>(names: &T) -> Self {
        Self(minijinja::Value::from(minijinja::value::Serde(names)))
    }

    /// The members of a document. One that is null counts as missing, since a null that
    /// is printed would become the text `none`.
    pub fn of_document(document: &Value) -> Self {
        Self::new(&without_nulls(document))
    }

    /// Whether a name, such as `params.url`, has a value.
    fn has(&self, path: &str) -> bool {
        let mut value = self.0.clone();
        for name in path.split('.') {
            match value.get_attr(name) {
                Ok(found) if !found.is_undefined() && !found.is_none() => value = found,
                _ => return false,
            }
        }
        true
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(name, member)| (name.clone(), without_nulls(member)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

impl Expression {
    /// Compiles an expression.
    ///
    /// # Errors
    /// Text that is no expression.
    pub fn parse(source: &str) -> Result<Self, ExpressionError> {
        Self::parse_in(&VALUES, source)
    }

    fn parse_in(environment: &'static Environment<'static>, source: &str) -> Result<Self, ExpressionError> {
        match environment.compile_expression_owned(source.to_owned()) {
            Ok(compiled) => {
                // Names of filters are looked up when they are reached, so they are reached once.
                match compiled.eval(minijinja::Value::UNDEFINED) {
                    Err(error) if is_unknown(error.kind()) => Err(explain(source, &error)),
                    _ => Ok(Self { source: source.to_owned(), compiled }),
                }
            }
            Err(error) => Err(explain(source, &error)),
        }
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that it reads, such as `params`.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.compiled.undeclared_variables(false).into_iter().collect();
        names.sort();
        names
    }

    /// Its value; `None` when something that it needs is not there, or when it is none.
    ///
    /// # Errors
    /// What keeps it from having a value although everything that it reads is there, such
    /// as adding a text to a number.
    pub fn evaluate(&self, scope: &Scope) -> Result<Option<Value>, ExpressionError> {
        match self.compiled.eval(scope.0.clone()) {
            Ok(value) if value.is_undefined() || value.is_none() => Ok(None),
            Ok(value) => serde_json::to_value(&value)
                .map(Some)
                .map_err(|error| self.error(&format!("has no JSON value: {error}"))),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Ok(None),
            Err(error) if is_unknown(error.kind()) => Err(explain(&self.source, &error)),
            // Filters that want a list complain of the type before they see that nothing is there.
            Err(_) if self.lacks_something(scope) => Ok(None),
            Err(error) => Err(explain(&self.source, &error)),
        }
    }

    fn lacks_something(&self, scope: &Scope) -> bool {
        self.compiled.undeclared_variables(true).iter().any(|name| !scope.has(name))
    }

    fn error(&self, problem: &str) -> ExpressionError {
        ExpressionError { expression: self.source.clone(), problem: problem.to_owned() }
    }
}

impl Condition {
    /// The condition as written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The names that it reads.
    pub fn names(&self) -> Vec<String> {
        self.0.names()
    }

    /// Compiles a condition.
    ///
    /// # Errors
    /// Text that is no expression.
    pub fn parse(source: &str) -> Result<Self, ExpressionError> {
        Expression::parse_in(&CONDITIONS, source).map(Self)
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// What keeps the expression from having a value, such as adding a text to a number.
    pub fn holds(&self, scope: &Scope) -> Result<bool, ExpressionError> {
        let Expression { source, compiled } = &self.0;
        compiled.eval(scope.0.clone()).map(|value| value.is_true()).map_err(|error| explain(source, &error))
    }
}

fn is_unknown(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownMethod
    )
}

fn explain(source: &str, error: &minijinja::Error) -> ExpressionError {
    let problem = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    ExpressionError { expression: source.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(expression: &str) -> Result<Option<Value>, ExpressionError> {
        let scope = Scope::of_document(&json!({
            "email": "Ann@Example.com", "givenname": "Ann", "surname": "Example",
            "n": 7, "flag": false, "nothing": null, "list": [1, "b"], "deep": {"b": 1, "a": [true]},
        }));
        Expression::parse(expression)?.evaluate(&scope)
    }

    #[test]
    fn values_keep_their_type_and_order() {
        let cases = [
            ("email | lower", json!("ann@example.com")),
            ("n", json!(7)),
            ("n / 2", json!(3.5)),
            ("flag", json!(false)),
            ("list", json!([1, "b"])),
            ("deep", json!({"b": 1, "a": [true]})),
            ("deep.a[0]", json!(true)),
            ("givenname ~ ' ' ~ surname", json!("Ann Example")),
            ("displayname or (givenname ~ ' ' ~ surname)", json!("Ann Example")),
            ("missing | default('x')", json!("x")),
            ("{'a': n, 'z': [email]}", json!({"a": 7, "z": ["Ann@Example.com"]})),
            ("(email | split('@'))[0] | upper", json!("ANN")),
        ];
        for (expression, expected) in cases {
            assert_eq!(value(expression), Ok(Some(expected)), "{expression}");
        }
    }

    #[test]
    fn what_is_missing_makes_no_value() {
        for expression in [
            "missing",
            "nothing",
            "nothing | lower",
            "missing | lower",
            "givenname ~ missing",
            "givenname ~ nothing",
            "missing.deep",
            "deep.x.y",
            "missing | split('@')",
            "missing | round",
            "deep.x | sort",
        ] {
            assert_eq!(value(expression), Ok(None), "{expression}");
        }
    }

    #[test]
    fn mistakes_are_errors() {
        for expression in ["email |", "email | lowr", "missing | lowr", "n + email", "{% if %}"] {
            assert!(value(expression).is_err(), "{expression}: {:?}", value(expression));
        }
        assert!(value("email.lower()").is_err(), "there are no methods");
        assert!(Expression::parse("a | lowr").is_err(), "known before anything runs");
    }

    #[test]
    fn in_a_condition_what_is_missing_equals_nothing() {
        let scope = Scope::new(&json!({"type": "staff"}));
        let cases = [
            ("type == 'staff'", true),
            ("kind != 'staff'", true),
            ("kind.deep == 'x'", false),
            ("kind", false),
        ];
        for (condition, expected) in cases {
            assert_eq!(
                Condition::parse(condition).and_then(|c| c.holds(&scope)),
                Ok(expected),
                "{condition}"
            );
        }
    }

    #[test]
    fn names_are_known_before_running() {
        assert_eq!(Expression::parse("a.b ~ c | lower").expect("valid").names(), ["a", "c"]);
    }
}
