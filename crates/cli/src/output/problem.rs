//! How errors are shown: what failed, where, and what to do.

use std::fmt;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use provost_core::{Diagnostic, Severity};

use super::{BAD, clean, hint, label, tell_styled};

/// Usage or configuration.
const USAGE: u8 = 2;

/// An error with advice, kept apart from its text.
#[derive(Debug)]
pub(crate) struct Hinted {
    message: String,
    hints: Vec<String>,
}

impl Hinted {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}

/// An error's text without its place in a file, and its advice.
pub(crate) fn in_words(error: &anyhow::Error) -> (String, Vec<String>) {
    match (diagnostic(error), error.downcast_ref::<Hinted>()) {
        (Some(diagnostic), _) => (diagnostic.message.clone(), diagnostic.hint.iter().cloned().collect()),
        (None, Some(hinted)) => (hinted.message.clone(), hinted.hints.clone()),
        (None, None) => (format!("{error:#}"), Vec::new()),
    }
}

fn diagnostic(error: &anyhow::Error) -> Option<&Diagnostic> {
    error.chain().find_map(|cause| {
        cause
            .downcast_ref::<Diagnostic>()
            .or_else(|| cause.downcast_ref::<Box<Diagnostic>>().map(AsRef::as_ref))
    })
}

/// Shows why a command could not begin; the exit status says so too.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    match diagnostic(error) {
        Some(diagnostic) => tell_styled(&render(diagnostic)),
        None => label(BAD, "error:", &format!("{error:#}")),
    }
    for cause in error.chain().filter_map(|cause| cause.downcast_ref::<Hinted>()) {
        cause.hints.iter().for_each(|text| hint(text));
    }
    ExitCode::from(USAGE)
}

/// Shows a complaint about a file.
pub(crate) fn tell_diagnostic(diagnostic: &Diagnostic) {
    tell_styled(&format!("{}\n", render(diagnostic)));
}

/// A complaint about a file, with its line underlined.
pub(crate) fn render(diagnostic: &Diagnostic) -> String {
    let file = diagnostic.file.display().to_string();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP,
    };
    let title = level.primary_title(clean(&diagnostic.message));
    let start = byte_of(&diagnostic.excerpt, diagnostic.column);
    let end = match diagnostic.length {
        0 => word_end(&diagnostic.excerpt, start),
        length => byte_of(&diagnostic.excerpt, diagnostic.column + length),
    };
    let report = if diagnostic.excerpt.is_empty() {
        let place = if diagnostic.line == 0 {
            file
        } else {
            format!("{file}:{}:{}", diagnostic.line, diagnostic.column)
        };
        title.element(annotate_snippets::Origin::path(place))
    } else {
        title.element(
            Snippet::source(diagnostic.excerpt.as_str())
                .path(file)
                .line_start(diagnostic.line)
                .annotation(AnnotationKind::Primary.span(start..end)),
        )
    };
    let report = match &diagnostic.hint {
        Some(hint) => report.element(Level::HELP.message(clean(hint))),
        None => report,
    };
    Renderer::styled().render(&[report])
}

/// The byte where a column, counted in characters from 1, begins.
fn byte_of(line: &str, column: usize) -> usize {
    line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at)
}

fn word_end(line: &str, start: usize) -> usize {
    let rest = &line[start..];
    let length = rest.find(|c: char| c.is_whitespace() || ":,{}[]".contains(c)).unwrap_or(rest.len());
    start + length.max(rest.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_line_is_shown_with_the_word_underlined() {
        let found =
            Diagnostic::at(Path::new("provost.yaml"), "a: 1\nlookpu: é\n", 2, 1, "unknown key `lookpu`")
                .with_hint("did you mean `lookup`?");
        let shown = anstream::adapter::strip_str(&render(&found)).to_string();
        for expected in
            ["error: unknown key `lookpu`", "provost.yaml:2:1", "2 | lookpu: é", "^^^^^^", "did you mean"]
        {
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn places_beyond_the_line_do_no_harm() {
        render(&Diagnostic::at(Path::new("x"), "é", 1, 99, "m"));
        render(&Diagnostic::at(Path::new("x"), "", 7, 3, "m"));
        render(&Diagnostic::about(Path::new("x"), "m"));
    }
}
