//! A build without a JavaScript engine: bodies are refused when a mapper is loaded.

use super::Body;
use crate::operators::{Environment, Failure, FailureKind};

/// Whether bodies can be run.
pub(super) const AVAILABLE: bool = false;

pub(super) fn run(
    _: &Body,
    _: Vec<String>,
    _: bool,
    _: &Environment,
) -> Result<Vec<Option<String>>, Failure> {
    Err(Failure::new(FailureKind::Argument, "this build has no JavaScript"))
}

/// Nothing runs, so nothing takes time.
pub(crate) fn begin_field() {}

#[cfg(test)]
mod tests {
    use crate::dt::{Dt, DtError, Place};

    #[test]
    fn only_paths_are_read() {
        assert!(matches!(Place::parse("crew.[0].n"), Ok(Place::Path(_))));
        for text in ["crew(val.n)", "crew=val.n", ".=1"] {
            let error = Dt::parse(text).expect_err(text);
            assert!(matches!(error, DtError::NoEngine(_)), "{error}");
            assert!(error.to_string().contains("cargo feature `dt-js`"), "{error}");
        }
    }
}
