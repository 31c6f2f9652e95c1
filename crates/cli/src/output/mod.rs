//! Everything that is printed. Results go to standard output, everything else to
//! standard error; colours only where somebody looks.

mod problem;
mod records;
mod table;

use std::io::Write as _;

use anstyle::{AnsiColor, Style};

pub(crate) use problem::{Hinted, fail, in_words};
pub(crate) use records::{Records, steps};
pub(crate) use table::{Cell, table};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const SKIPPED: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// A text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints a result. A reader that went away ends the program quietly, as a pipe should.
pub(crate) fn say(text: &str) {
    let mut out = anstream::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Prints something that is no result.
pub(crate) fn tell(text: &str) {
    // Nobody left to read it is no reason to stop.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a warning.
pub(crate) fn warn(text: &str) {
    tell(&format!("{} {text}", styled(SKIPPED, "warning:")));
}

/// Prints advice.
pub(crate) fn hint(text: &str) {
    tell(&format!("{} {text}", styled(STRONG, "hint:")));
}
