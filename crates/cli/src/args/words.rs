//! Arguments that are one of a few words.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Reads one of the words of a table.
pub(super) fn words<T: Clone + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
    of_word: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|one| word(one.clone())))
        .try_map(move |text| of_word(&text).ok_or("it is none of the words"))
}
