//! The line that says who or what is still waited for, under everything else on a terminal.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{clean, table};

/// How many names are said; more would not fit a line.
const NAMES: usize = 3;

/// How wide the line is that stands there now. Whatever is printed takes it away first.
static SHOWN: AtomicUsize = AtomicUsize::new(0);

/// Whether somebody would see it.
pub(crate) fn is_seen() -> bool {
    std::io::stderr().is_terminal()
}

/// Writes who is waited for, over the line before.
pub(crate) fn show(waiting: &[&str], done: usize) {
    tell(&line(waiting, done));
}

/// Writes a line of our own words, over the one before.
pub(crate) fn tell(line: &str) {
    clear();
    let line = cut(line, table::width_of_stderr());
    let mut terminal = std::io::stderr().lock();
    if write!(terminal, "{line}").and_then(|()| terminal.flush()).is_ok() {
        SHOWN.store(line.chars().count(), Ordering::Relaxed);
    }
}

/// Takes the line away. Blanks do it on every terminal, also on those without escapes.
pub(crate) fn clear() {
    let width = SHOWN.swap(0, Ordering::Relaxed);
    if width > 0 {
        let mut terminal = std::io::stderr().lock();
        // Nobody left to read it is no reason to stop.
        let _ = write!(terminal, "\r{:width$}\r", "").and_then(|()| terminal.flush());
    }
}

fn line(waiting: &[&str], done: usize) -> String {
    let all = waiting.len() + done;
    let names = waiting[..waiting.len().min(NAMES)].join(", ");
    let more = match waiting.len().saturating_sub(NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    clean(&format!("waiting for {names}{more} ({done} of {all} done)")).replace('\n', " ")
}

/// How far a run over many lines is: `before` of those that are done took no time.
pub(crate) fn of_lines(done: u64, all: Option<u64>, before: u64, elapsed: Duration) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = (done - before) as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let Some(all) = all.filter(|all| *all > 0) else { return format!("{done} lines, {rate:.0} a second") };
    let percent = done.min(all) * 100 / all;
    let start = format!("{done} of {all} lines ({percent} %), {rate:.0} a second");
    #[expect(clippy::cast_precision_loss, reason = "a time for people")]
    let left = all.saturating_sub(done) as f64 / rate;
    if left.is_finite() { format!("{start}, {} left", span(left)) } else { start }
}

/// A time in seconds, as people say it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time for people")]
fn span(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// A line that is as wide as the terminal would break, and half of it would stay.
fn cut(line: &str, width: usize) -> String {
    line.chars().take(width.saturating_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_a_few_and_counts_the_rest() {
        assert_eq!(line(&["crm", "hr"], 3), "waiting for crm, hr (3 of 5 done)");
        assert_eq!(line(&["a", "b", "c", "d", "e"], 0), "waiting for a, b, c and 2 more (0 of 5 done)");
        assert_eq!(line(&["a\u{1b}[2J\n"], 0), "waiting for a\u{fffd}[2J  (0 of 1 done)");
    }

    #[test]
    fn a_run_says_how_long_it_will_take() {
        for (done, all, before, seconds, expected) in [
            (10, None, 0, 2, "10 lines, 5 a second"),
            (0, Some(10), 0, 2, "0 of 10 lines (0 %), 0 a second"),
            (60, Some(100), 50, 10, "60 of 100 lines (60 %), 1 a second, 40 s left"),
            (10, Some(1000), 0, 10, "10 of 1000 lines (1 %), 1 a second, 16 min 30 s left"),
            (1, Some(10_000), 0, 1, "1 of 10000 lines (0 %), 1 a second, 2 h 46 min left"),
        ] {
            assert_eq!(of_lines(done, all, before, Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn the_line_never_breaks() {
        assert_eq!(cut("waiting for crm", 10), "waiting f");
        assert_eq!(cut("waiting", 80), "waiting");
    }
}
