//! Glued text taken at once: a chain of `concat` steps, and the `ParseJSON` that often
//! follows, done without the texts between.
//!
//! This is a shortcut and nothing else. Wherever it is not sure to give what the steps
//! give one by one (lists, values that are no text, marks that JSON would read), it gives
//! nothing, and the steps are taken.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::{Map, Value};

use crate::Place;
use crate::operators;
use crate::plan::{Piece, Source, Step};

/// Stands for a hole while a chain is compiled.
const HOLE: char = '\u{f8ff}';

/// The steps of a pipeline that are taken at once.
#[derive(Debug)]
pub struct Glue {
    /// Which steps.
    steps: Range<usize>,
    parts: Vec<Part>,
    /// What `ParseJSON` makes of the text; without it, the text is the result.
    skeleton: Option<Node>,
}

/// A part of the glued text.
#[derive(Debug)]
enum Part {
    Literal(String),
    /// The value at the beginning.
    Value,
    /// An argument, or a piece of one.
    Argument(Spot),
}

/// Where an argument stands: which step's, which of its arguments, and which piece of it if
/// it is a text with places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) step: usize,
    pub(crate) argument: usize,
    pub(crate) piece: Option<usize>,
}

/// JSON with holes in its texts.
#[derive(Debug)]
enum Node {
    Constant(Value),
    Text(Vec<Bit>),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

#[derive(Debug)]
enum Bit {
    Literal(String),
    /// The hole of this number.
    Hole(usize),
}

impl Glue {
    /// The first chain among the steps that can be taken at once.
    pub(crate) fn of(steps: &[Step]) -> Option<Self> {
        let from = steps.iter().position(is_simple_concat)?;
        let chain = steps[from..].iter().take_while(|step| is_simple_concat(step)).count();
        let mut parts = vec![Part::Value];
        for (position, step) in steps.iter().enumerate().skip(from).take(chain) {
            let (before, after) = (parts_of(step, position, 0), parts_of(step, position, 1));
            parts = before.into_iter().chain(parts).chain(after).collect();
        }
        let to = from + chain;
        let skeleton =
            steps.get(to).filter(|step| step.operator.name == "ParseJSON").and_then(|_| skeleton(&parts));
        Some(Self { steps: from..to + usize::from(skeleton.is_some()), parts, skeleton })
    }

    /// Which steps it stands for.
    pub(crate) fn steps(&self) -> &Range<usize> {
        &self.steps
    }

    /// What its steps make of a value; nothing where they have to be taken one by one.
    pub(crate) fn apply<'a>(
        &'a self,
        value: &'a Value,
        argument: impl Fn(Spot) -> Option<Cow<'a, Value>>,
    ) -> Option<Value> {
        let mut holes = Holes::default();
        for part in &self.parts {
            let hole = match part {
                Part::Literal(_) => continue,
                Part::Value => text(Cow::Borrowed(value))?,
                Part::Argument(spot) => match argument(*spot) {
                    Some(value) => text(value)?,
                    None => Cow::Borrowed(""),
                },
            };
            holes.push(hole);
        }
        match &self.skeleton {
            None => Some(Value::String(self.text(&holes))),
            Some(node) => holes.all().all(is_plain_in_json).then(|| node.fill(&holes)),
        }
    }

    fn text(&self, holes: &Holes<'_>) -> String {
        let mut filled = holes.all();
        let mut text = String::with_capacity(64);
        for part in &self.parts {
            text.push_str(match part {
                Part::Literal(literal) => literal,
                Part::Value | Part::Argument(_) => filled.next().unwrap_or_default(),
            });
        }
        text
    }
}

/// Most chains have few holes, for which no list is made.
#[derive(Default)]
struct Holes<'a> {
    first: [Cow<'a, str>; 8],
    count: usize,
    more: Vec<Cow<'a, str>>,
}

impl<'a> Holes<'a> {
    fn push(&mut self, text: Cow<'a, str>) {
        match self.first.get_mut(self.count) {
            Some(place) => *place = text,
            None => self.more.push(text),
        }
        self.count += 1;
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(&self.more).take(self.count).map(AsRef::as_ref)
    }

    fn get(&self, number: usize) -> &str {
        let more = || self.more.get(number - self.first.len());
        self.first.get(number).or_else(more).map(AsRef::as_ref).unwrap_or_default()
    }
}

/// A `concat` whose arguments cannot fail.
fn is_simple_concat(step: &Step) -> bool {
    let is_simple = |source: &Source| match source {
        Source::Constant(value) => text(Cow::Borrowed(value)).is_some(),
        Source::Path(_) => true,
        Source::Text(pieces) => pieces.iter().all(|piece| !matches!(piece, Piece::Place(Place::Dt(_)))),
        _ => false,
    };
    step.operator.name == "concat" && step.arguments.iter().flatten().all(is_simple)
}

/// An argument of a simple `concat`: nothing, a literal, a place, or the pieces of a text.
fn parts_of(step: &Step, position: usize, argument: usize) -> Vec<Part> {
    let spot = |piece| Part::Argument(Spot { step: position, argument, piece });
    match step.arguments.get(argument).and_then(Option::as_ref) {
        None => Vec::new(),
        Some(Source::Constant(value)) => {
            text(Cow::Borrowed(value)).map(|text| Part::Literal(text.into_owned())).into_iter().collect()
        }
        Some(Source::Text(pieces)) => {
            let part = |(position, piece): (usize, &Piece)| match piece {
                Piece::Literal(literal) => Part::Literal(literal.clone()),
                Piece::Place(_) => spot(Some(position)),
            };
            pieces.iter().enumerate().map(part).collect()
        }
        Some(_) => vec![spot(None)],
    }
}

/// A value as `concat` reads it, or nothing where it would fail.
fn text(value: Cow<'_, Value>) -> Option<Cow<'_, str>> {
    match value {
        Cow::Borrowed(Value::String(text)) => Some(Cow::Borrowed(text)),
        Cow::Owned(Value::String(text)) => Some(Cow::Owned(text)),
        other => operators::text(&other).ok().map(Cow::Owned),
    }
}

/// Whether JSON reads a text between quotes as it stands.
fn is_plain_in_json(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
}

/// The JSON that the parts are, if every hole is inside one of its texts.
fn skeleton(parts: &[Part]) -> Option<Node> {
    let mut text = String::new();
    let mut holes = 0;
    for part in parts {
        match part {
            Part::Literal(literal) if literal.contains(HOLE) => return None,
            Part::Literal(literal) => text.push_str(literal),
            Part::Value | Part::Argument(_) => {
                text.extend([HOLE.to_string(), holes.to_string(), HOLE.to_string()]);
                holes += 1;
            }
        }
    }
    // An escaped mark could be taken for a hole, so a text that names it is left to its steps.
    if text.to_ascii_lowercase().contains(r"\uf8ff") {
        return None;
    }
    node(serde_json::from_str(&text).ok()?)
}

fn node(value: Value) -> Option<Node> {
    Some(match value {
        Value::String(text) if text.contains(HOLE) => Node::Text(bits(&text)),
        Value::Array(items) => Node::List(items.into_iter().map(node).collect::<Option<_>>()?),
        Value::Object(members) => {
            let member = |(name, value): (String, Value)| {
                if name.contains(HOLE) { None } else { Some((name, node(value)?)) }
            };
            Node::Object(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        constant => Node::Constant(constant),
    })
}

/// Between two marks stands a hole's number, and outside of them what is literal.
fn bits(text: &str) -> Vec<Bit> {
    let bit = |(position, between): (usize, &str)| match between.parse() {
        Ok(hole) if position % 2 == 1 => Bit::Hole(hole),
        _ => Bit::Literal(between.to_owned()),
    };
    let is_empty = |bit: &Bit| matches!(bit, Bit::Literal(literal) if literal.is_empty());
    text.split(HOLE).enumerate().map(bit).filter(|bit| !is_empty(bit)).collect()
}

impl Node {
    fn fill(&self, holes: &Holes<'_>) -> Value {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Text(bits) => Value::String(bits.iter().map(|bit| bit.text(holes)).collect()),
            Self::List(items) => Value::Array(items.iter().map(|item| item.fill(holes)).collect()),
            Self::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (name, member) in members {
                    object.insert(name.clone(), member.fill(holes));
                }
                Value::Object(object)
            }
        }
    }
}

impl Bit {
    fn text<'a>(&'a self, holes: &'a Holes<'_>) -> &'a str {
        match self {
            Self::Literal(literal) => literal,
            Self::Hole(number) => holes.get(*number),
        }
    }
}
