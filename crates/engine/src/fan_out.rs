//! One command at many instances, side by side.

use std::panic::AssertUnwindSafe;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use provost_core::{Fault, FaultKind, Trace, UserCommand};

use crate::outcome::Recorder;
use crate::{Instance, Outcome, run};

/// Runs the command everywhere and hands over each outcome when it is there, with the
/// position of its instance. A slow or broken instance holds up no other.
pub async fn run_everywhere(
    instances: &[Instance],
    command: &UserCommand,
    mut on_outcome: impl FnMut(usize, Outcome),
) {
    let mut running: FuturesUnordered<_> = instances
        .iter()
        .enumerate()
        .map(|(position, instance)| async move { (position, run_guarded(instance, command).await) })
        .collect();
    while let Some((position, outcome)) = running.next().await {
        on_outcome(position, outcome);
    }
}

/// A bug of ours at one instance must not take the others' records with it.
async fn run_guarded(instance: &Instance, command: &UserCommand) -> Outcome {
    AssertUnwindSafe(run(instance, command)).catch_unwind().await.unwrap_or_else(|_| {
        let fault = Fault::new(FaultKind::Bug, "this is a bug in Provost; the account's state is not known")
            .with_hint("please report it with the output of the same command and `-v`");
        Recorder::new(instance, &command.profile, Trace::default()).failed(command.verb, fault, None)
    })
}
