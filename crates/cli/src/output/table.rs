//! Tables for people: no lines, columns that are empty everywhere left out.

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};

use super::clean;

/// How wide a terminal is taken to be that does not say so.
const USUAL_WIDTH: usize = 80;

/// A cell: its text and its style.
pub(crate) struct Cell(pub(crate) String, pub(crate) Option<Style>);

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(text.to_owned(), None)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text, None)
    }
}

/// Lays rows out under their headings.
pub(crate) fn table(headings: &[&str], rows: &[Vec<Cell>]) -> String {
    let used: Vec<usize> =
        (0..headings.len()).filter(|&column| rows.iter().any(|row| !row[column].0.is_empty())).collect();
    let mut table = Table::new();
    let arrangement = arrangement(table.width());
    table.load_style(presets::NOTHING).set_content_arrangement(arrangement);
    table.set_header(used.iter().map(|&column| headings[column].to_uppercase()).collect::<Vec<_>>());
    for row in rows {
        table.add_row(used.iter().map(|&column| cell(&row[column])).collect::<Vec<_>>());
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// Some terminals do not know how wide they are and say 0: then nothing is wrapped.
fn arrangement(width: Option<u16>) -> ContentArrangement {
    if width == Some(0) { ContentArrangement::Disabled } else { ContentArrangement::Dynamic }
}

/// How many columns the terminal has that standard error goes to.
pub(super) fn width_of_stderr() -> usize {
    let mut table = Table::new();
    let width = table.use_stderr().width();
    width.filter(|width| *width > 0).map_or(USUAL_WIDTH, usize::from)
}

fn cell(cell: &Cell) -> comfy_table::Cell {
    let shown = comfy_table::Cell::new(clean(&cell.0));
    match cell.1.and_then(Style::get_fg_color) {
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Green)) => shown.fg(comfy_table::Color::Green),
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Yellow)) => shown.fg(comfy_table::Color::Yellow),
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Red)) => shown.fg(comfy_table::Color::Red),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_columns_does_not_wrap() {
        for (width, wraps) in [(None, true), (Some(80), true), (Some(0), false)] {
            let is_dynamic = matches!(arrangement(width), ContentArrangement::Dynamic);
            assert_eq!(is_dynamic, wraps, "{width:?}");
        }
    }

    #[test]
    fn cells_cannot_command_the_terminal() {
        let shown = table(&["id", "note"], &[vec!["\u{1b}[2J7".into(), "one\ntwo\u{202e}".into()]]);
        assert_eq!(shown, " ID     NOTE\n \u{fffd}[2J7  one\n        two\u{fffd}");
    }
}
