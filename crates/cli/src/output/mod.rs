//! Everything that is printed. Results go to standard output, everything else to
//! standard error; colours only where somebody looks. Texts of others are made harmless
//! here, in every form but JSON.

mod answers;
mod clean;
mod hints;
mod meter;
mod problem;
pub(crate) mod progress;
mod records;
mod results;
mod table;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};

pub(crate) use answers::Answers;
pub(crate) use clean::clean;
pub(crate) use hints::{Hints, tell_hints};
pub(crate) use meter::Meter;
pub(crate) use problem::{Hinted, fail, in_words, tell_diagnostic};
pub(crate) use records::{Records, note, result, tell_steps};
pub(crate) use results::{Answered, Results};
pub(crate) use table::{Cell, table};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const SKIPPED: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// Whether results can be written no longer.
static NOBODY_READS: AtomicBool = AtomicBool::new(false);
/// Whether results were lost that somebody waits for.
static LOST: AtomicBool = AtomicBool::new(false);

/// A text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{}{style:#}", clean(text))
}

/// Prints a result. A reader that went away wants no more, but what was begun at the
/// systems is finished, and the exit status stays true. Any other error is told.
pub(crate) fn say(text: &str) {
    if NOBODY_READS.load(Ordering::Relaxed) {
        return;
    }
    progress::clear();
    let mut out = anstream::stdout().lock();
    let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) else { return };
    NOBODY_READS.store(true, Ordering::Relaxed);
    if error.kind() != ErrorKind::BrokenPipe {
        LOST.store(true, Ordering::Relaxed);
        label(BAD, "error:", &format!("could not write the results: {error}"));
    }
}

/// Whether all results could be written so far.
pub(crate) fn is_heard() -> bool {
    !NOBODY_READS.load(Ordering::Relaxed)
}

/// The exit status: results that were lost are no success.
pub(crate) fn status(status: ExitCode) -> ExitCode {
    let is_lost = LOST.load(Ordering::Relaxed);
    if is_lost && status == ExitCode::SUCCESS { ExitCode::FAILURE } else { status }
}

/// Prints something that is no result.
pub(crate) fn tell(text: &str) {
    tell_styled(&clean(text));
}

/// The same for a text whose parts are clean and in styles of ours, such as a table.
pub(crate) fn tell_styled(text: &str) {
    progress::clear();
    // Nobody left to read it is no reason to stop.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn label(style: Style, label: &str, text: &str) {
    tell_styled(&format!("{} {}", styled(style, label), clean(text)));
}

/// Prints a warning.
pub(crate) fn warn(text: &str) {
    label(SKIPPED, "warning:", text);
}

/// Prints advice.
pub(crate) fn hint(text: &str) {
    label(STRONG, "hint:", text);
}

/// Prints what went wrong at an instance.
pub(crate) fn complain(instance: &str, text: &str) {
    label(BAD, &format!("{instance}:"), text);
}
