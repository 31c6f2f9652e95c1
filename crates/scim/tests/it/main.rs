//! What the standard says, case by case.

mod filters;
mod never_panics;
mod patches;
mod resources;
