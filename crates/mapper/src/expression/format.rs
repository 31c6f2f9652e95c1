//! The filter `format` of expressions, kept from a panic of its own: a precision of more
//! than four digits is refused.

use minijinja::value::{Rest, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State, Value, filters};

/// The longest precision, in digits.
const DIGITS: usize = 4;

/// Puts the guarded filter in place of the other.
pub(super) fn guard(environment: &mut Environment<'static>) {
    environment.add_filter("format", format);
}

fn format(state: &mut State<'_, '_>, text: &Value, given: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    if text.as_str().is_some_and(is_too_precise) {
        let problem = format!("a precision has at most {DIGITS} digits");
        return Err(Error::new(ErrorKind::InvalidOperation, problem));
    }
    filters::format(state, text, given)
}

fn is_too_precise(text: &str) -> bool {
    let precisions = text.split('%').skip(1).filter_map(|spec| spec.split_once('.'));
    precisions
        .filter(|(before, _)| !before.contains(char::is_alphabetic))
        .any(|(_, after)| after.chars().take_while(char::is_ascii_digit).count() > DIGITS)
}
