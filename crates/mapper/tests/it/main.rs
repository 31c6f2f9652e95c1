//! The mapping engine against cases written as data, and against anything at all.

mod conformance;
mod convert;
mod documentation;
mod glue;
mod never_panics;
mod real_files;
mod schema;
