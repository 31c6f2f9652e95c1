//! Mappers: rules that turn a user profile into a system's attributes, or back.
//!
//! XSOAR mapper files (`xsoar`) and native YAML mappers (`native`) are read into one
//! compiled form, [`Mapper`], which runs without I/O. The expression language of mappers
//! and manifests is here too: [`Expression`] and [`Template`].
//!
//! Start at [`Mapper::load`] and [`Mapper::run`].

mod classify;
pub mod compare;
mod convert;
mod dt;
mod effects;
mod evaluate;
mod explain;
mod expression;
mod glue;
mod job;
mod lint;
mod load;
mod native;
pub mod operators;
mod path;
mod plan;
mod reading;
mod run;
mod schema;
mod selftest;
mod tables;
mod template;
mod xsoar;

pub use classify::Classifier;
pub use convert::{ConvertError, Converted, convert};
pub use dt::{Dt, DtError, Place};
pub use effects::{Answers, Class, ROUNDS, Reference, Request, Secret, Unique};
pub use explain::{Explained, Kind, Outcome, Taken};
pub use expression::{Condition, Expression, ExpressionError, InExpressions, Named, Scope, View};
pub use glue::Glue;
pub use job::Job;
pub use lint::{Around, Checked};
pub use load::Form;
pub use operators::{Environment, Operator};
pub use path::{Path, PathError};
pub use plan::{
    Direction, Field, Filter, Left, Mapper, Missing, Piece, Pipeline, Rule, SelfTest, Source, Step, Strength,
    Valid,
};
pub use reading::{LONGEST_DOCUMENT, Names, Reads};
pub use run::{FieldError, Mapped, Purpose};
pub use schema::schema;
pub use tables::{LARGEST_TABLE, ReadFile, Tables};
pub use template::{Template, TemplateError, ValueTemplate};
