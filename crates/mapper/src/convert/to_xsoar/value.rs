//! From a compiled source to a value object, in the shape that the product writes: every
//! member is there, and their names are sorted.

use serde_json::{Map, Value, json};

use super::super::{PARSE_JSON, as_text, is_cast};
use crate::convert::same::{is_nothing, same};
use crate::operators::ArgumentKind;
use crate::plan::{Filter, Left, Piece, Pipeline, Source, Step};
use crate::xsoar::value::{place, source as compiled};

type Result<T> = std::result::Result<T, String>;

/// A value object under construction.
#[derive(Default)]
struct Parts {
    root: String,
    accessor: String,
    filters: Vec<Value>,
    transformers: Vec<Value>,
}

/// A value object that is one text.
pub(super) fn simple(text: &Value) -> Value {
    json!({"complex": null, "simple": text.as_str().unwrap_or_default()})
}

/// The value object that is compiled to this source.
pub(in crate::convert) fn value(source: &Source) -> Result<Value> {
    let value = parts(source)?.into_value();
    let is_same = match compiled(&value).map_err(|flaw| flaw.message)? {
        Some(written) => same(source, &written),
        None => matches!(source, Source::Constant(Value::Null)),
    };
    if is_same { Ok(value) } else { Err("XSOAR's files have no way to write this value".to_owned()) }
}

impl Parts {
    fn of(root: String) -> Self {
        Self { root, ..Self::default() }
    }

    fn into_value(self) -> Value {
        let Self { root, accessor, filters, transformers } = self;
        if accessor.is_empty() && filters.is_empty() && transformers.is_empty() {
            return simple(&root.into());
        }
        // In a complex value the product writes the empty text as nothing.
        let root = if root == "\"\"" { "" } else { &root };
        let complex =
            json!({"accessor": accessor, "filters": filters, "root": root, "transformers": transformers});
        json!({"complex": complex, "simple": ""})
    }
}

fn parts(source: &Source) -> Result<Parts> {
    match source {
        Source::Constant(Value::Null) => Ok(Parts::default()),
        Source::Constant(Value::String(text)) => Ok(Parts::of(format!("\"{text}\""))),
        Source::Constant(other) => {
            let parse = json!({"args": {}, "operator": PARSE_JSON});
            Ok(Parts { transformers: vec![parse], ..Parts::of(format!("\"{other}\"")) })
        }
        Source::Path(_) | Source::Dt(_) => Ok(Parts::of(root(place_of(source).unwrap_or_default())?)),
        Source::Text(pieces) => Ok(Parts::of(Piece::written(pieces))),
        Source::Pipeline(pipeline) => piped(pipeline),
        Source::Expression(expression) => {
            Err(format!("the expression `{}` has no equivalent", expression.source()))
        }
        Source::Object(_) | Source::List(_) => {
            Err("an object or a list that is made of values has no equivalent".to_owned())
        }
        Source::Reference(_) => Err("`ref` has no equivalent".to_owned()),
        Source::Secret(_) => Err("`generate` has no equivalent".to_owned()),
    }
}

/// A place as it stands in `simple` or `root`: as it is, or in `${...}` where it would be
/// taken for something else.
fn root(text: &str) -> Result<String> {
    let meant = place(text).map_err(|flaw| flaw.message)?;
    let candidates = [text.to_owned(), format!("${{{text}}}")];
    let is_meant = |written: &&String| matches!(compiled(&json!({"simple": written})), Ok(Some(found)) if same(&found, &meant));
    candidates.iter().find(is_meant).cloned().ok_or_else(|| format!("the path `{text}` has no equivalent"))
}

fn piped(pipeline: &Pipeline) -> Result<Parts> {
    let mut parts = parts(&pipeline.root)?;
    let selects = !pipeline.filters.is_empty() || pipeline.accessor.is_some();
    if selects && !parts.transformers.is_empty() {
        return Err("`where` and `take` after a filter or a constant have no equivalent".to_owned());
    }
    let groups = pipeline.filters.iter();
    let root = parts.root.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(&parts.root);
    parts.filters = groups
        .map(|group| group.iter().map(|one| filter(one, root)).collect::<Result<Value>>())
        .collect::<Result<_>>()?;
    if let Some(accessor) = &pipeline.accessor {
        accessor.source().clone_into(&mut parts.accessor);
    }
    for step in &pipeline.steps {
        parts.transformers.push(transformer(step)?);
    }
    Ok(parts)
}

fn filter(filter: &Filter, root: &str) -> Result<Value> {
    let mut written = Map::new();
    written.insert("ignoreCase".to_owned(), filter.ignore_case.into());
    written.insert("left".to_owned(), left(&filter.left, root)?);
    written.insert("operator".to_owned(), filter.operator.name.into());
    if let Some(right) = filter.right.as_ref().filter(|right| !is_nothing(right)) {
        written.insert("right".to_owned(), operand(right, ArgumentKind::Any)?);
    }
    Ok(Value::Object(written))
}

/// The left side repeats the root, if it is in the element.
fn left(left: &Left, root: &str) -> Result<Value> {
    let context = |path: &str| json!({"isContext": true, "value": {"complex": null, "simple": path}});
    match left {
        Left::Element => Ok(context(root)),
        Left::Within(place) if root == "." || root.is_empty() => Ok(context(place.source())),
        Left::Within(place) => Ok(context(&format!("{root}.{}", place.source()))),
        Left::Document(Source::Constant(Value::Null)) => Ok(json!({"isContext": false, "value": null})),
        // What begins as the root does is written so that it is not taken for the element's.
        Left::Document(source) => match place_of(source) {
            Some(path) if path.starts_with(root) || root == "." => {
                let hole = format!("${{{path}}}");
                Ok(json!({"isContext": false, "value": {"complex": null, "simple": hole}}))
            }
            _ => operand(source, ArgumentKind::Any),
        },
    }
}

fn place_of(source: &Source) -> Option<&str> {
    match source {
        Source::Path(path) => Some(path.source()),
        Source::Dt(dt) => Some(dt.source()),
        _ => None,
    }
}

fn transformer(step: &Step) -> Result<Value> {
    let mut arguments = Map::new();
    for (argument, given) in step.operator.arguments.iter().zip(&step.arguments) {
        if let Some(given) = given.as_ref().filter(|given| !is_nothing(given)) {
            arguments.insert(argument.name.to_owned(), operand(given, argument.kind)?);
        }
    }
    Ok(json!({"args": arguments, "operator": step.operator.name}))
}

fn operand(source: &Source, kind: ArgumentKind) -> Result<Value> {
    let literal_or_place = |is_context: bool, text: &str| {
        Ok(json!({"isContext": is_context, "value": {"complex": null, "simple": text}}))
    };
    match source {
        Source::Constant(Value::String(text)) => literal_or_place(false, text),
        Source::Constant(constant) if is_cast(kind) && as_text(constant).is_some() => {
            literal_or_place(false, &as_text(constant).unwrap_or_default())
        }
        Source::Path(_) | Source::Dt(_) => literal_or_place(true, place_of(source).unwrap_or_default()),
        Source::Text(pieces) => literal_or_place(false, &Piece::written(pieces)),
        other => Ok(json!({"isContext": false, "value": parts(other)?.into_value()})),
    }
}
