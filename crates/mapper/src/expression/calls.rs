//! The operator table as filters and tests: a transformer is a filter of its name, a
//! filter of the table is a test. Where Jinja has the name, Jinja's stays.

use minijinja::value::{Kwargs, Rest, Value as Jinja, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, State};
use serde_json::Value;

use super::scope::Seen;
use super::values::to_json;
use crate::operators::{self, Operator};

/// What every test takes besides the table's argument.
pub(super) const IGNORE_CASE: &str = "ignore_case";

/// The filters of Jinja that are there.
pub(super) const JINJA_FILTERS: [&str; 47] = [
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
    "zip",
];

/// The tests of Jinja that are there, but for `==` and its like.
pub(super) const JINJA_TESTS: [&str; 36] = [
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "safe",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// How an operator is written in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InExpressions {
    /// As a filter or a test of this name.
    As(String),
    /// Not at all: the name is Jinja's.
    JinjaHas,
}

impl Operator {
    /// How expressions call it.
    pub fn in_expressions(&self) -> InExpressions {
        self.free_names().next().map_or(InExpressions::JinjaHas, InExpressions::As)
    }

    /// Its names in expressions, but for those that Jinja has.
    fn free_names(&self) -> impl Iterator<Item = String> {
        let jinja: &[&str] = if self.is_filter() { &JINJA_TESTS } else { &JINJA_FILTERS };
        let names = std::iter::once(&self.name).chain(self.aliases).map(|name| identifier(name));
        names.filter(|name| !jinja.contains(&name.as_str()))
    }
}

/// A name as expressions can write it: `If_Then_Else`.
fn identifier(name: &str) -> String {
    name.replace('-', "_")
}

/// The operator that a filter or a test of this name is.
pub(super) fn find(name: &str, is_test: bool) -> Option<&'static Operator> {
    let fits = |operator: &&Operator| {
        operator.is_filter() == is_test && operator.free_names().any(|own| own == name)
    };
    operators::all().find(fits)
}

/// The names of all filters, or of all tests.
pub(super) fn names(of_tests: bool) -> Vec<String> {
    let jinja: &[&str] = if of_tests { &JINJA_TESTS } else { &JINJA_FILTERS };
    let fitting = operators::all().filter(|operator| operator.is_filter() == of_tests);
    let ours: &[&str] = if of_tests { &[] } else { &super::texts::NAMES };
    let names = jinja.iter().chain(ours).map(|&name| name.to_owned());
    names.chain(fitting.flat_map(Operator::free_names)).collect()
}

pub(super) fn add_to(environment: &mut Environment<'static>) {
    for operator in operators::all() {
        for name in operator.free_names() {
            if operator.is_filter() {
                environment.add_test(name, move |state: &State<'_, '_>, given: Rest<ValueOrKwargs>| {
                    test(operator, state, given)
                });
            } else {
                environment.add_filter(name, move |state: &State<'_, '_>, given: Rest<ValueOrKwargs>| {
                    filter(operator, state, given)
                });
            }
        }
    }
}

/// A transformer of a value. Nothing in it stays nothing, if its row says so.
fn filter(operator: &Operator, state: &State<'_, '_>, given: Rest<ValueOrKwargs>) -> Result<Jinja, Error> {
    let Given { value, arguments, .. } = Given::read(operator, state, given)?;
    let seen = seen(state)?;
    let document = if operator.sees_document() { seen.document() } else { &Value::Null };
    let environment = environment(operator, &seen)?;
    let found = operators::transform(operator, value, &arguments, document, &environment)
        .map_err(|failure| problem(operator, &failure.message))?;
    Ok(found.map_or_else(
        || {
            seen.note_lack();
            Jinja::UNDEFINED
        },
        |found| Jinja::from(minijinja::value::Serde(&found)),
    ))
}

/// Whether a value passes.
fn test(operator: &Operator, state: &State<'_, '_>, given: Rest<ValueOrKwargs>) -> Result<bool, Error> {
    let Given { value, arguments, ignore_case } = Given::read(operator, state, given)?;
    let environment = environment(operator, &*seen(state)?)?;
    operators::passes(operator, value.as_ref(), &arguments, ignore_case, &environment)
        .map_err(|failure| problem(operator, &failure.message))
}

/// The world outside; for an operator that does not look at it, any.
fn environment(operator: &Operator, seen: &Seen) -> Result<operators::Environment, Error> {
    match seen.environment() {
        Some(environment) => Ok(*environment),
        None if operator.sees_moment() => Err(problem(operator, "only mappers know the moment")),
        None => Ok(operators::Environment::fixed()),
    }
}

fn seen(state: &State<'_, '_>) -> Result<std::sync::Arc<Seen>, Error> {
    Seen::of(state).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "nothing is seen here"))
}

/// What an operator is called with, in the order of its table.
struct Given {
    value: Option<Value>,
    arguments: Vec<Option<Value>>,
    ignore_case: bool,
}

impl Given {
    fn read(operator: &Operator, state: &State<'_, '_>, given: Rest<ValueOrKwargs>) -> Result<Self, Error> {
        let given: Vec<Jinja> = given.0.into_iter().map(ValueOrKwargs::into_value).collect();
        let (positional, named): (&[Jinja], Kwargs) = from_args(&given)?;
        let value = positional.first().map(some).transpose()?.flatten();
        state.consume_fuel(cost(operator, value.as_ref()))?;
        let mut arguments = vec![None; operator.arguments.len()];
        for (at, argument) in positional.iter().skip(1).enumerate() {
            let place = arguments.get_mut(at).ok_or_else(|| problem(operator, &too_many(operator)))?;
            *place = some(argument)?;
        }
        let mut ignore_case = false;
        for name in named.args() {
            let argument = named.peek::<&Jinja>(name)?;
            match operator.position(name) {
                Some(at) => arguments[at] = some(argument)?,
                None if takes_case(operator, name) => ignore_case = argument.is_true(),
                None => return Err(problem(operator, &unknown_argument(operator, name))),
            }
        }
        Ok(Self { value, arguments, ignore_case })
    }
}

/// A value as JSON; nothing if it is missing or null.
fn some(value: &Jinja) -> Result<Option<Value>, Error> {
    to_json(value).map(|value| Some(value).filter(|value| !value.is_null()))
}

/// Whether a name is the one that makes a test ignore case.
pub(super) fn takes_case(operator: &Operator, name: &str) -> bool {
    operator.is_filter() && name == IGNORE_CASE
}

pub(super) fn too_many(operator: &Operator) -> String {
    match operator.arguments {
        [] => "it takes no arguments".to_owned(),
        [_] => "it takes one argument".to_owned(),
        many => format!("it takes at most {} arguments", many.len()),
    }
}

pub(super) fn unknown_argument(operator: &Operator, name: &str) -> String {
    let case = operator.is_filter().then_some(IGNORE_CASE);
    let known = operator.arguments.iter().map(|argument| argument.name).chain(case);
    let hint = provost_core::did_you_mean(name, known).map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("there is no argument `{name}`{hint}")
}

/// The fuel of a call: more for those that run patterns or JavaScript, for each item.
fn cost(operator: &Operator, value: Option<&Value>) -> u64 {
    const CHEAP: u64 = 20;
    const DEAR: u64 = 1_000;
    let items = value.and_then(Value::as_array).map_or(1, Vec::len).max(1) as u64;
    items.saturating_mul(if operator.is_costly() { DEAR } else { CHEAP })
}

fn problem(operator: &Operator, message: &str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("`{}`: {message}", operator.name))
}
