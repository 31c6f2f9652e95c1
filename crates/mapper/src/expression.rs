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
            Ok(compiled) => Ok(Self { source: source.to_owned(), compiled }),
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

    /// Its value; `None` when something that it reads is not there, or when it is none.
    ///
    /// # Errors
    /// Everything else that keeps it from having a value, such as adding a text to a number.
    pub fn evaluate(&self, scope: &Scope) -> Result<Option<Value>, ExpressionError> {
        match self.compiled.eval(scope.0.clone()) {
            Ok(value) if value.is_undefined() || value.is_none() => Ok(None),
            Ok(value) => serde_json::to_value(&value)
                .map(Some)
                .map_err(|error| self.error(&format!("has no JSON value: {error}"))),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Ok(None),
            Err(error) => Err(explain(&self.source, &error)),
        }
    }

    fn error(&self, problem: &str) -> ExpressionError {
        ExpressionError { expression: self.source.clone(), problem: problem.to_owned() }
    }
}

impl Condition {
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
    /// What keeps the expression from having a value, such as a text compared by `<`.
    pub fn holds(&self, scope: &Scope) -> Result<bool, ExpressionError> {
        let Expression { source, compiled } = &self.0;
        compiled.eval(scope.0.clone()).map(|value| value.is_true()).map_err(|error| explain(source, &error))
    }
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
        let scope = Scope::new(&json!({
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
        for expression in
            ["missing", "nothing", "missing | lower", "givenname ~ missing", "missing.deep", "deep.x.y"]
        {
            assert_eq!(value(expression), Ok(None), "{expression}");
        }
    }

    #[test]
    fn mistakes_are_errors() {
        for expression in ["email |", "email | lowr", "n + email", "{% if %}"] {
            assert!(value(expression).is_err(), "{expression}: {:?}", value(expression));
        }
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
