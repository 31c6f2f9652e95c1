//! The compiled form that both kinds of mapper files become.

use provost_core::Verb;
use serde_json::{Map, Value};

use crate::effects::{Reference, Secret, Unique};
use crate::operators::Operator;
use crate::{Condition, Dt, Expression, Glue, Path, Place};

/// The mapping that applies before the named type.
pub(crate) const COMMON_TYPE: &str = "dbot_classification_incident_type_all";

/// A mapper, ready to run.
#[derive(Debug)]
pub struct Mapper {
    /// The name by which instances refer to it.
    pub name: String,
    /// Which way it maps; files of the original always say it.
    pub direction: Direction,
    /// Whether a failing field fails the whole mapping. Native mappers are strict,
    /// XSOAR's are not.
    pub strict: bool,
    /// Type name to fields. What a native mapper has outside `types` is the common type.
    pub types: Vec<(String, Vec<Field>)>,
    /// The examples in a native mapper's file.
    pub tests: Vec<SelfTest>,
}

/// Which way a mapper maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A system's account to a user profile.
    Incoming,
    /// A user profile to a system's attributes.
    Outgoing,
}

/// One target and where its value comes from.
#[derive(Debug)]
pub struct Field {
    /// The attribute, or the profile field, that is set.
    pub target: String,
    /// The first rule that applies gives the value.
    pub rules: Vec<Rule>,
}

/// A value and when it is set.
#[derive(Debug)]
pub struct Rule {
    /// The verbs that it is for; empty for all.
    pub on: Vec<Verb>,
    /// The condition under which it is set.
    pub when: Option<Condition>,
    /// From when and until when it is set.
    pub valid: Valid,
    /// Whether it may write over what the account has.
    pub strength: Strength,
    /// Its value.
    pub source: Source,
    /// How it becomes one that nobody has.
    pub unique: Option<Unique>,
    /// What happens where the source gives nothing.
    pub missing: Missing,
}

/// A span of time; open where an end is not said.
#[derive(Debug, Default)]
pub struct Valid {
    /// The first moment.
    pub from: Option<Source>,
    /// The first moment after it.
    pub to: Option<Source>,
}

/// Whether a field may write over what the account has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Always.
    #[default]
    Strong,
    /// Only where the person's data changed; always where the old data are not given.
    Normal,
    /// Only where the account has no value.
    Weak,
}

/// What happens where a source gives nothing.
#[derive(Debug, Default)]
pub enum Missing {
    /// The target is left out.
    #[default]
    Skip,
    /// The target is emptied.
    Clear,
    /// The field fails.
    Error,
    /// Another source is asked.
    Default(Box<Source>),
}

impl Field {
    /// A field that is always set from its source.
    pub fn plain(target: String, source: Source) -> Self {
        let always = Rule {
            on: Vec::new(),
            when: None,
            valid: Valid::default(),
            strength: Strength::default(),
            source,
            unique: None,
            missing: Missing::default(),
        };
        Self { target, rules: vec![always] }
    }
}

/// Where a value comes from.
#[derive(Debug)]
pub enum Source {
    /// The value itself.
    Constant(Value),
    /// A place in the document.
    Path(Path),
    /// A place that selects or changes what is there, in XSOAR's language.
    Dt(Dt),
    /// A text with places in it.
    Text(Vec<Piece>),
    /// A value that is filtered and transformed on its way.
    Pipeline(Box<Pipeline>),
    /// An expression over the document's members.
    Expression(Expression),
    /// An object of values. Members without a value are left out; an object in which only
    /// constants are left is no value.
    Object(Vec<(String, Source)>),
    /// A list of values; those without a value are left out.
    List(Vec<Source>),
    /// What another person's account has.
    Reference(Box<Reference>),
    /// A new secret.
    Secret(Secret),
}

impl Source {
    /// Whether it needs what the document does not hold.
    pub(crate) fn asks(&self) -> bool {
        match self {
            Self::Reference(_) | Self::Secret(_) => true,
            Self::Object(members) => members.iter().any(|(_, member)| member.asks()),
            Self::List(items) => items.iter().any(Self::asks),
            _ => false,
        }
    }
}

/// A part of a text with places.
#[derive(Debug)]
pub enum Piece {
    /// Taken as it is.
    Literal(String),
    /// Replaced by what is found there.
    Place(Place),
}

impl Piece {
    /// A text with its places in `${...}`, as it was written.
    pub(crate) fn written(pieces: &[Self]) -> String {
        let part = |piece: &Self| match piece {
            Self::Literal(text) => text.clone(),
            Self::Place(place) => format!("${{{}}}", place.source()),
        };
        pieces.iter().map(part).collect()
    }
}

/// A value on its way: from the root through filters and accessor to the transformers.
#[derive(Debug)]
pub struct Pipeline {
    /// Where it begins.
    pub root: Source,
    /// All groups must hold; of a group one condition is enough.
    pub filters: Vec<Vec<Filter>>,
    /// What is taken of each element that is kept.
    pub accessor: Option<Place>,
    /// Transformers, first to last.
    pub steps: Vec<Step>,
    /// A part of the steps that can be taken at once.
    pub glue: Option<Glue>,
}

impl Pipeline {
    /// A pipeline of which everything is taken at once that can be.
    pub(crate) fn of(
        root: Source,
        filters: Vec<Vec<Filter>>,
        accessor: Option<Place>,
        steps: Vec<Step>,
    ) -> Box<Self> {
        Box::new(Self { root, filters, accessor, glue: Glue::of(&steps), steps })
    }
}

/// A condition on an element of the root.
#[derive(Debug)]
pub struct Filter {
    /// The operator.
    pub operator: &'static Operator,
    /// Its left side.
    pub left: Left,
    /// Its right side, in the whole document.
    pub right: Option<Source>,
    /// Whether case is ignored.
    pub ignore_case: bool,
}

/// The left side of a filter.
#[derive(Debug)]
pub enum Left {
    /// The element itself.
    Element,
    /// A place within the element.
    Within(Place),
    /// Something in the whole document.
    Document(Source),
}

/// A transformer with its arguments, in the order of its table.
#[derive(Debug)]
pub struct Step {
    /// The operator.
    pub operator: &'static Operator,
    /// Each argument's source; none for one that is not given.
    pub arguments: Vec<Option<Source>>,
}

/// An example in a mapper's file: what goes in and what must come out.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// The document.
    pub given: Map<String, Value>,
    /// The whole output; a secret is `[generated]`.
    pub expect: Map<String, Value>,
    /// The accounts that the system has; `unique` and `ref` look here.
    #[serde(default)]
    pub accounts: Vec<Map<String, Value>>,
    /// The verb; update where it is not said.
    #[serde(default)]
    pub on: Option<Verb>,
    /// The type that is asked for by name, if it is one.
    #[serde(default, rename = "type")]
    pub type_name: Option<String>,
}
