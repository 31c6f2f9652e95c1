//! Under which conditions a command is run.

use std::sync::Arc;

use provost_core::{Ledger, Trace};

/// How far a command goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// To the end.
    #[default]
    Write,
    /// The same, also where the account shows that it has all the values already. A system may
    /// show for a while what was there before an earlier write.
    WriteAnyway,
    /// Up to the first write, which the record describes in its place.
    DryRun,
}

/// How one command is run at one instance. A clone notes its steps in the same trace, which no
/// other command may use meanwhile: events name the requests that were noted during a change.
#[derive(Clone, Default)]
pub struct Conditions {
    /// How far it goes.
    pub mode: Mode,
    /// Where the steps are noted.
    pub trace: Trace,
    /// Where changes are written down before and after they are made; `None` for nowhere.
    pub ledger: Option<Arc<dyn Ledger>>,
}

impl Conditions {
    /// With this mode, and nothing else.
    pub fn of(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }
}
