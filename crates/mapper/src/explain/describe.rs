//! The parts of a mapper in words, about as they are written.

use serde_json::Value;

use super::Kind;
use crate::plan::{Filter, Left, Piece, Source, Step};

/// The kind of a source that is one step; `None` for one that is made of steps.
pub(crate) fn kind_of(source: &Source) -> Option<Kind> {
    match source {
        Source::Constant(_) => Some(Kind::Constant),
        Source::Path(_) => Some(Kind::Path),
        Source::Dt(_) => Some(Kind::Dt),
        Source::Text(_) => Some(Kind::Text),
        Source::Expression(_) => Some(Kind::Expression),
        // What is asked is noted where it is asked.
        Source::Reference(_) | Source::Secret(_) => None,
        Source::Pipeline(_) | Source::Object(_) | Source::List(_) => None,
    }
}

/// A source as it is written.
pub(crate) fn source(source: &Source) -> String {
    match source {
        Source::Constant(value) => value.to_string(),
        Source::Path(path) => path.source().to_owned(),
        Source::Dt(dt) => dt.source().to_owned(),
        Source::Text(pieces) => Value::from(Piece::written(pieces)).to_string(),
        Source::Expression(expression) => expression.source().to_owned(),
        Source::Pipeline(pipeline) => format!("{}, filtered and transformed", self::source(&pipeline.root)),
        Source::Object(_) => "an object".to_owned(),
        Source::List(_) => "a list".to_owned(),
        Source::Reference(_) => "another account".to_owned(),
        Source::Secret(_) => "a secret".to_owned(),
    }
}

/// A transformer with the arguments that it is given.
pub(crate) fn call(step: &Step, arguments: &[Option<Value>]) -> String {
    let given: Vec<String> = step
        .operator
        .arguments
        .iter()
        .zip(arguments)
        .filter_map(|(argument, value)| Some(format!("{}: {}", argument.name, value.as_ref()?)))
        .collect();
    if given.is_empty() {
        return step.operator.name.to_owned();
    }
    format!("{}({})", step.operator.name, given.join(", "))
}

/// Filters: all groups, of each one.
pub(crate) fn condition(groups: &[Vec<Filter>]) -> String {
    let group = |group: &Vec<Filter>| group.iter().map(filter).collect::<Vec<_>>().join(" or ");
    groups.iter().map(group).collect::<Vec<_>>().join(", and ")
}

fn filter(filter: &Filter) -> String {
    let left = match &filter.left {
        Left::Element => "the value".to_owned(),
        Left::Within(place) => place.source().to_owned(),
        Left::Document(other) => source(other),
    };
    let right = filter.right.as_ref().map(|right| format!(" {}", source(right))).unwrap_or_default();
    format!("{left} {}{right}", filter.operator.name)
}
