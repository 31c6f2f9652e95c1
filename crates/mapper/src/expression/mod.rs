//! The expression language: Jinja, one for mappers, manifests and messages.
//!
//! Values keep their type, and nothing in an expression can reach files, the network or
//! the clock. [`calls`] makes the operator table filters and tests, [`functions`] are
//! those of mappers, [`check`] finds mistakes before anything runs, [`scope`] is what is
//! seen. What is simple goes without the engine, through [`plain`].

mod calls;
mod check;
mod format;
mod functions;
mod plain;
mod scope;
mod slices;
#[cfg(test)]
mod tests;
mod texts;
mod values;
mod view;

use std::borrow::Cow;
use std::sync::LazyLock;

use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde_json::Value;

pub use calls::InExpressions;
pub use scope::Scope;
pub use view::{Named, View};

use crate::tables::Tables;
use check::{Check, Checked};
use plain::Plain;
use scope::Seen;

/// How much an expression may do: one for each step, and one for 64 bytes that a filter
/// reads or makes. A text of a megabyte goes through thirty filters.
const FUEL: u64 = 1_000_000;

/// The longest expression, in bytes.
const LONGEST: usize = 4 << 10;

/// For values: what is missing may be tested (`a or b`) but neither printed nor passed on.
static VALUES: LazyLock<Environment<'static>> = LazyLock::new(|| environment(UndefinedBehavior::SemiStrict));

/// For conditions: what is missing is simply not equal to anything.
static CONDITIONS: LazyLock<Environment<'static>> =
    LazyLock::new(|| environment(UndefinedBehavior::Chainable));

fn environment(undefined: UndefinedBehavior) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(undefined);
    environment.set_fuel(Some(FUEL));
    calls::add_to(&mut environment);
    functions::add_to(&mut environment);
    format::guard(&mut environment);
    slices::add_to(&mut environment, undefined);
    texts::add_to(&mut environment);
    environment
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    source: String,
    tables: Tables,
    names: Vec<String>,
    sees_document: bool,
    compiled: minijinja::Expression<'static, 'static>,
    /// The same without the engine, where it is simple.
    plain: Option<Plain>,
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

impl Expression {
    /// Compiles an expression of a manifest or a message, which knows neither tables nor
    /// the moment.
    ///
    /// # Errors
    /// Text that is no expression, or that uses what is not there.
    pub fn parse(source: &str) -> Result<Self, ExpressionError> {
        Self::parse_in(&VALUES, source, Check { tables: None, may_clear: false })
    }

    /// Compiles an expression of a mapper with these tables.
    ///
    /// # Errors
    /// Text that is no expression, or that uses what is not there.
    pub fn of_mapper(source: &str, tables: &Tables) -> Result<Self, ExpressionError> {
        Self::parse_in(&VALUES, source, Check { tables: Some(tables), may_clear: true })
    }

    fn parse_in(
        environment: &'static Environment<'static>,
        source: &str,
        check: Check<'_>,
    ) -> Result<Self, ExpressionError> {
        let wrong = |problem| ExpressionError { expression: source.to_owned(), problem };
        if source.len() > LONGEST {
            let problem = format!("it is longer than {LONGEST} bytes; tables hold more");
            return Err(ExpressionError { expression: source.chars().take(40).collect(), problem });
        }
        // Before it is compiled, since that is one call within another for each operation.
        let Checked { names, sees_document, plain, guarded } = check.check(source).map_err(wrong)?;
        let compiled = environment
            .compile_expression_owned(guarded.unwrap_or_else(|| source.to_owned()))
            .map_err(|error| explain(source, &error))?;
        let tables = check.tables.cloned().unwrap_or_default();
        Ok(Self { source: source.to_owned(), tables, names, sees_document, compiled, plain })
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that it reads, such as `params`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether it may look at more than those names, as `FormatTemplate` does.
    pub(crate) fn sees_document(&self) -> bool {
        self.sees_document
    }

    /// Its value; `None` when something that it needs is not there, or when it is none.
    /// Null is `clear`.
    ///
    /// # Errors
    /// What keeps it from having a value although everything that it reads is there, such
    /// as adding a text to a number.
    pub fn evaluate(&self, scope: &Scope) -> Result<Option<Value>, ExpressionError> {
        let seen = Seen::new(scope, &self.tables);
        let root = minijinja::Value::from_dyn_object(seen.clone());
        let found = self.compiled.eval(root).and_then(|value| match value {
            value if value.is_undefined() || value.is_none() => Ok(None),
            value => values::to_json(&value).map(Some),
        });
        match found {
            Ok(value) => Ok(value),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Ok(None),
            Err(error) if error.kind() == ErrorKind::OutOfFuel => Err(explain(&self.source, &error)),
            // Filters that want a list complain of the type before they see that nothing is there.
            Err(_) if seen.lacked() || self.lacks_something(scope) => Ok(None),
            Err(error) => Err(explain(&self.source, &error)),
        }
    }

    /// Its value in a document, as [`Self::evaluate`] has it; the scope is only made where
    /// it is needed.
    ///
    /// # Errors
    /// As of [`Self::evaluate`].
    pub(crate) fn evaluate_in<'a>(
        &'a self,
        document: &'a Value,
        scope: impl FnOnce() -> Scope,
    ) -> Result<Option<Cow<'a, Value>>, ExpressionError> {
        match self.plain.as_ref().map(|plain| plain.value(document)) {
            Some(Ok(found)) => Ok(found),
            _ => Ok(self.evaluate(&scope())?.map(Cow::Owned)),
        }
    }

    /// Its value in a view, as [`Self::evaluate`] has it.
    ///
    /// # Errors
    /// As of [`Self::evaluate`].
    pub(crate) fn evaluate_seen<'a>(
        &'a self,
        view: &'a View<'_>,
    ) -> Result<Option<Cow<'a, Value>>, ExpressionError> {
        match self.plain.as_ref().map(|plain| plain.seen(view.names())) {
            Some(Ok(found)) => Ok(found),
            _ => Ok(self.evaluate(view.scope())?.map(Cow::Owned)),
        }
    }

    fn lacks_something(&self, scope: &Scope) -> bool {
        let names = self.compiled.undeclared_variables(true);
        names.iter().any(|name| !functions::is_one(name) && !scope.has(name))
    }
}

impl Condition {
    /// The condition as written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The names that it reads.
    pub fn names(&self) -> &[String] {
        self.0.names()
    }

    /// Whether it may look at more than those names.
    pub(crate) fn sees_document(&self) -> bool {
        self.0.sees_document
    }

    /// Compiles a condition of a mapper with these tables.
    ///
    /// # Errors
    /// Text that is no expression, or that uses what is not there.
    pub fn of_mapper(source: &str, tables: &Tables) -> Result<Self, ExpressionError> {
        Expression::parse_in(&CONDITIONS, source, Check { tables: Some(tables), may_clear: false }).map(Self)
    }

    /// Whether it holds for a document, as [`Self::holds`] has it; the scope is only made
    /// where it is needed.
    ///
    /// # Errors
    /// As of [`Self::holds`].
    pub(crate) fn holds_in(
        &self,
        document: &Value,
        scope: impl FnOnce() -> Scope,
    ) -> Result<bool, ExpressionError> {
        match self.0.plain.as_ref().map(|plain| plain.holds(document)) {
            Some(Ok(holds)) => Ok(holds),
            _ => self.holds(&scope()),
        }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// What keeps the expression from having a value, such as adding a text to a number.
    pub fn holds(&self, scope: &Scope) -> Result<bool, ExpressionError> {
        let Expression { source, tables, compiled, .. } = &self.0;
        let root = minijinja::Value::from_dyn_object(Seen::new(scope, tables));
        compiled.eval(root).map(|value| value.is_true()).map_err(|error| explain(source, &error))
    }
}

fn explain(source: &str, error: &minijinja::Error) -> ExpressionError {
    let problem = match error.kind() {
        ErrorKind::OutOfFuel => "it takes too long or makes too much".to_owned(),
        kind => error.detail().map_or_else(|| kind.to_string(), str::to_owned),
    };
    ExpressionError { expression: source.to_owned(), problem }
}
