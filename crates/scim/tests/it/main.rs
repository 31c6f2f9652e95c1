//! What the standard says, case by case.

mod filters;
mod patches;
mod resources;
