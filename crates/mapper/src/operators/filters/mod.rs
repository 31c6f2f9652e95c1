//! Filters: yes or no.
//!
//! Of a list, one item that passes is enough. A negation is the opposite of that: no item
//! passes its twin, and so it also passes where there is nothing.

/// Examples of filters as JSON: left, right if there is one, and the answer.
macro_rules! examples {
    ($($left:literal $(, $right:literal)? => $gives:literal;)+) => {
        &[$($crate::operators::Example { value: $left, arguments: &[$(("right", $right))?], gives: $gives }),+]
    };
}

mod dates;
mod numbers;
mod scripts;
mod texts;
mod values;

use serde_json::Value;

use super::{Argument, ArgumentKind, Call, Failure, Kind, OnNull, Operator, cast};

const TABLES: [&[Operator]; 5] = [texts::TABLE, numbers::TABLE, values::TABLE, dates::TABLE, scripts::TABLE];

pub(super) const OPERATORS: &[Operator] = &joined::<{ rows() }>();

/// What the rows of filters share.
const FILTER: Operator = Operator {
    name: "",
    aliases: &[],
    kind: Kind::Filter,
    arguments: &[Argument { name: "right", kind: ArgumentKind::Any, default: None }],
    null: OnNull::Called,
    about: "",
    examples: &[],
    run: |_| Ok(Value::Bool(false)),
};

/// What the rows of filters share that look at a list as a whole.
const WHOLE: Operator = Operator { kind: Kind::WholeFilter, ..FILTER };

const fn rows() -> usize {
    let (mut rows, mut table) = (0, 0);
    while table < TABLES.len() {
        rows += TABLES[table].len();
        table += 1;
    }
    rows
}

const fn joined<const N: usize>() -> [Operator; N] {
    let mut all = [const { FILTER }; N];
    let (mut next, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            all[next] = copy(&TABLES[table][row]);
            next += 1;
            row += 1;
        }
        table += 1;
    }
    all
}

const fn copy(row: &Operator) -> Operator {
    let Operator { name, aliases, kind, arguments, null, about, examples, run } = *row;
    Operator { name, aliases, kind, arguments, null, about, examples, run }
}

/// Whether a value passes; some values cannot be asked.
type Passes = Result<bool, Failure>;

fn answer(passes: Passes) -> Result<Value, Failure> {
    passes.map(Value::from)
}

/// The negation of a test: no item of the left side passes it.
fn none(call: &Call<'_>, test: fn(&Call<'_>) -> Passes) -> Result<Value, Failure> {
    for value in call.list() {
        if test(&Call { value, ..*call })? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn not(passes: Passes) -> Result<Value, Failure> {
    passes.map(|passes| Value::from(!passes))
}

/// The right side; null where there is none.
fn right<'a>(call: &Call<'a>) -> &'a Value {
    call.given("right").unwrap_or(&Value::Null)
}

/// A text as it is compared: in lower case where case is ignored.
fn folded(call: &Call<'_>, text: String) -> String {
    if call.ignore_case { text.to_lowercase() } else { text }
}

/// Whether two values are the same text, or else the same list or object.
fn same(call: &Call<'_>, left: &Value, right: &Value) -> bool {
    match (cast::text(left), cast::text(right)) {
        (Ok(left), Ok(right)) => folded(call, left) == folded(call, right),
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Environment, passes};
    use super::*;

    fn odd() -> Vec<Value> {
        vec![
            json!(null),
            json!(false),
            json!(1e300),
            json!(u64::MAX),
            json!(""),
            json!(","),
            json!("\u{e5}(["),
            json!("9".repeat(400)),
            json!("in 99999999999 years"),
            json!("-9999-01-01"),
            json!([]),
            json!([[], null, {}]),
            json!({"a": 1}),
        ]
    }

    #[test]
    fn no_value_makes_them_panic() {
        let environment = Environment::fixed();
        for operator in OPERATORS {
            for left in odd() {
                let _ = passes(operator, Some(&left), &[None], true, &environment);
                for right in odd() {
                    let _ = passes(operator, Some(&left), &[Some(right)], false, &environment);
                }
            }
        }
    }

    #[test]
    fn case_is_ignored_where_that_is_asked() {
        let environment = Environment::fixed();
        let names = ["isEqualString", "containsString", "startWith", "endWith", "match", "inList", "in"];
        for name in names.into_iter().chain(["containsGeneral", "StringContainsArray"]) {
            let operator = OPERATORS.iter().find(|row| row.name == name).expect(name);
            let ask = |ignore_case| {
                passes(operator, Some(&json!("ANN")), &[Some(json!("ann"))], ignore_case, &environment)
            };
            assert_eq!((ask(false), ask(true)), (Ok(false), Ok(true)), "{name}");
        }
    }

    #[test]
    fn a_negation_is_the_opposite_of_its_twin() {
        let environment = Environment::fixed();
        let mut twins = 0;
        for row in OPERATORS {
            let name = row.name;
            let twin = name.strip_prefix("not").or_else(|| name.strip_prefix("isNot"));
            let Some(twin) = twin else { continue };
            let is_twin = |row: &&Operator| {
                let other = row.name.strip_prefix("is").unwrap_or(row.name);
                other.eq_ignore_ascii_case(twin)
            };
            let twin = OPERATORS.iter().find(is_twin).expect(name);
            twins += 1;
            for left in odd() {
                for right in odd() {
                    let ask = |row| passes(row, Some(&left), &[Some(right.clone())], false, &environment);
                    let (yes, no) = (ask(twin), ask(row));
                    assert_eq!(yes.map(|yes| !yes), no, "{name} {left} {right}");
                }
            }
        }
        assert_eq!(twins, 11);
    }
}
