//! The mapping engine against cases written as data, and against anything at all.

mod conformance;
mod glue;
mod never_panics;
mod real_files;
