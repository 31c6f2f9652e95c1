//! Parts of texts and lists: `surname[:3]`.
//!
//! The engine takes the part of something missing to be an empty list, which would be
//! printed as `[]`. Here it is missing too, as with filters: each thing of which a part is
//! taken goes through a filter that wants it to be there.

use minijinja::machinery::ast::{Expr, Slice, Spanned};
use minijinja::machinery::parse_expr;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

/// The filter; no file can name it, since [`super::check`] does not know it.
const IS_THERE: &str = "is_there";

pub(super) fn add_to(environment: &mut Environment<'static>, undefined: UndefinedBehavior) {
    let is_strict = undefined != UndefinedBehavior::Chainable;
    environment.add_filter(IS_THERE, move |value: &Value| match value {
        value if value.is_undefined() && is_strict => Err(Error::from(ErrorKind::UndefinedError)),
        value => Ok(value.clone()),
    });
}

/// Where the thing stands of which a part is taken, in bytes; `None` if that cannot be said.
pub(super) fn operand(source: &str, slice: &Spanned<Slice<'_>>) -> Option<(usize, usize)> {
    let first = start(&slice.expr).unwrap_or(slice.span().start_offset as usize);
    let end = slice.expr.span().end_offset as usize;
    // Parentheses are in no expression's span.
    let bracket = source.get(end..)?.find(|c: char| c != ')' && !c.is_whitespace())? + end;
    source[bracket..].starts_with('[').then_some((first, bracket))
}

/// Where a chain such as `a.b[0]` starts. The engine has each link from the one before it,
/// so that only the first knows.
fn start(expression: &Expr<'_>) -> Option<usize> {
    let (before, span) = match expression {
        Expr::GetAttr(member) => (&member.expr, member.span()),
        Expr::GetItem(item) => (&item.expr, item.span()),
        Expr::Slice(slice) => (&slice.expr, slice.span()),
        Expr::Call(call) => (&call.expr, call.span()),
        _ => return None,
    };
    Some(start(before).unwrap_or(span.start_offset as usize))
}

/// The expression with the filter at these operands; `None` if it would not be the same.
pub(super) fn guarded(source: &str, operands: &[(usize, usize)]) -> Option<String> {
    let mut guarded = String::new();
    for (at, c) in source.char_indices() {
        for _ in operands.iter().filter(|(_, end)| *end == at) {
            guarded.extend([" | ", IS_THERE, ")"]);
        }
        for _ in operands.iter().filter(|(start, _)| *start == at) {
            guarded.push('(');
        }
        guarded.push(c);
    }
    parse_expr(&guarded).is_ok().then_some(guarded)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::expression::{Condition, Expression, ExpressionError, Scope, Tables};

    fn scope() -> Scope {
        let document = json!({
            "surname": "Li", "tags": ["a", "b", "c"], "deep": {"tags": ["ü", "v"]}, "n": 1, "nothing": null,
        });
        Scope::of_document(&document, &crate::Environment::fixed())
    }

    fn value(expression: &str) -> Result<Option<Value>, ExpressionError> {
        Expression::of_mapper(expression, &Tables::default())?.evaluate(&scope())
    }

    #[test]
    fn parts_are_those_of_jinja() {
        let cases = [
            ("surname[:1]", json!("L")),
            ("'ü' ~ surname[:1] ~ 'ü' ~ surname[-1:]", json!("üLüi")),
            ("tags[n:]", json!(["b", "c"])),
            ("tags[tags[:1] | length:]", json!(["b", "c"])),
            ("tags[1:][1:][0]", json!("c")),
            ("tags[::-1][:2]", json!(["c", "b"])),
            ("deep.tags[0][:1]", json!("ü")),
            ("( ( surname ~ 'x' ) ) [1:]", json!("ix")),
            ("(missing or surname)[:1]", json!("L")),
            ("(missing or tags)[-1:][0]", json!("c")),
            ("['a', 'b'][1:]", json!(["b"])),
            ("range(3)[1:]", json!([1, 2])),
            ("- [1, 2][1:][0]", json!(-2)),
            ("missing[:1] if missing else surname[:1]", json!("L")),
            ("{'a': tags[:1], 'b': [surname[:1]]}", json!({"a": ["a"], "b": ["L"]})),
            ("'missing[:1]' ~ surname[1:]", json!("missing[:1]i")),
            ("tags[:2] | join('+')", json!("a+b")),
        ];
        for (expression, expected) in cases {
            assert_eq!(value(expression), Ok(Some(expected)), "{expression}");
        }
    }

    #[test]
    fn a_part_of_what_is_missing_is_missing() {
        for expression in [
            "missing[:1]",
            "nothing[:1]",
            "missing[:1] ~ surname",
            "(missing[:1] | lower) ~ surname",
            "surname ~ deep.missing[:1]",
            "surname ~ deep['missing'][:1][:1]",
            "surname ~ tags[7][:1]",
            "surname ~ (missing or nothing)[:1]",
            "surname ~ (missing if n == 1 else surname)[:1]",
        ] {
            assert_eq!(value(expression), Ok(None), "{expression}");
        }
    }

    #[test]
    fn conditions_take_what_is_missing() {
        let holds = |source| Condition::of_mapper(source, &Tables::default()).expect(source).holds(&scope());
        assert_eq!(holds("missing[:1] == 'x'"), Ok(false));
        assert_eq!(holds("missing[:1] or surname[:1] == 'L'"), Ok(true));
    }

    #[test]
    fn things_of_which_parts_are_taken_are_read() {
        let names =
            |source| Expression::of_mapper(source, &Tables::default()).expect(source).names().to_vec();
        assert_eq!(names("surname[:1] ~ deep.tags[n:m]"), ["deep", "m", "n", "surname"]);
        assert_eq!(names("a if today() else clear"), ["a"]);
    }

    #[test]
    fn files_cannot_name_the_filter() {
        assert!(Expression::parse("surname | is_there").is_err());
    }
}
