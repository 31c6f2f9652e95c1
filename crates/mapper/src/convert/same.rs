//! Whether two sources are the same for every document. What is compared is the compiled
//! form, so a converted rule that passes gives what the original gives.

use serde_json::Value;

use crate::Place;
use crate::operators::ArgumentKind;
use crate::plan::{Filter, Left, Piece, Pipeline, Source, Step};

/// Whether two sources are the same. A `false` may also mean that nobody can tell.
pub(super) fn same(a: &Source, b: &Source) -> bool {
    match (bare(a), bare(b)) {
        (Source::Constant(a), Source::Constant(b)) => a == b,
        (Source::Path(a), Source::Path(b)) => a == b,
        (Source::Dt(a), Source::Dt(b)) => a.source() == b.source(),
        (Source::Text(a), Source::Text(b)) => all(a, b, same_piece),
        (Source::Pipeline(a), Source::Pipeline(b)) => same_pipeline(a, b),
        (Source::Constant(value), Source::Pipeline(pipeline))
        | (Source::Pipeline(pipeline), Source::Constant(value)) => parsed(pipeline).as_ref() == Some(value),
        _ => false,
    }
}

/// A pipeline through which the value only passes is its root.
pub(super) fn bare(source: &Source) -> &Source {
    match source {
        Source::Pipeline(pipeline) if passes_on(pipeline) => bare(&pipeline.root),
        other => other,
    }
}

fn passes_on(pipeline: &Pipeline) -> bool {
    pipeline.filters.is_empty() && pipeline.accessor.is_none() && pipeline.steps.is_empty()
}

/// The constant that a text becomes by being read as JSON.
fn parsed(pipeline: &Pipeline) -> Option<Value> {
    let selects = !pipeline.filters.is_empty() || pipeline.accessor.is_some();
    match (&pipeline.root, pipeline.steps.as_slice()) {
        (Source::Constant(Value::String(text)), [step])
            if step.operator.name == super::PARSE_JSON && !selects =>
        {
            serde_json::from_str(text).ok()
        }
        _ => None,
    }
}

fn same_pipeline(a: &Pipeline, b: &Pipeline) -> bool {
    let same_accessor = match (&a.accessor, &b.accessor) {
        (Some(a), Some(b)) => same_place(a, b),
        (None, None) => true,
        _ => false,
    };
    same_accessor
        && same(&a.root, &b.root)
        && all(&a.filters, &b.filters, |a, b| all(a, b, same_filter))
        && all(&a.steps, &b.steps, same_step)
}

fn same_filter(a: &Filter, b: &Filter) -> bool {
    let same_left = match (&a.left, &b.left) {
        (Left::Element, Left::Element) => true,
        (Left::Within(a), Left::Within(b)) => same_place(a, b),
        (Left::Document(a), Left::Document(b)) => same(a, b),
        _ => false,
    };
    same_left
        && a.operator.name == b.operator.name
        && a.ignore_case == b.ignore_case
        && same_argument(a.right.as_ref(), b.right.as_ref(), ArgumentKind::Any)
}

fn same_step(a: &Step, b: &Step) -> bool {
    let kinds = a.operator.arguments.iter().map(|argument| argument.kind);
    a.operator.name == b.operator.name
        && a.arguments
            .iter()
            .zip(&b.arguments)
            .zip(kinds)
            .all(|((a, b), kind)| same_argument(a.as_ref(), b.as_ref(), kind))
}

/// Whether an argument is as good as not given.
pub(super) fn is_nothing(source: &Source) -> bool {
    matches!(source, Source::Constant(Value::Null))
}

/// Numbers and flags may be written as texts, where an operator wants nothing else.
fn same_argument(a: Option<&Source>, b: Option<&Source>, kind: ArgumentKind) -> bool {
    match (a.filter(|a| !is_nothing(a)), b.filter(|b| !is_nothing(b))) {
        (None, None) => true,
        (Some(Source::Constant(a)), Some(Source::Constant(b))) if super::is_cast(kind) => {
            super::as_text(a).is_some() && super::as_text(a) == super::as_text(b)
        }
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}

fn same_piece(a: &Piece, b: &Piece) -> bool {
    match (a, b) {
        (Piece::Literal(a), Piece::Literal(b)) => a == b,
        (Piece::Place(a), Piece::Place(b)) => same_place(a, b),
        _ => false,
    }
}

fn same_place(a: &Place, b: &Place) -> bool {
    matches!((a, b), (Place::Path(_), Place::Path(_)) | (Place::Dt(_), Place::Dt(_)))
        && a.source() == b.source()
}

fn all<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}
