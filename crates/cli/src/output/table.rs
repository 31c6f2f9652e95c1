//! Tables for people: no lines, columns that are empty everywhere left out.

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};

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
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(used.iter().map(|&column| headings[column].to_uppercase()).collect::<Vec<_>>());
    for row in rows {
        table.add_row(used.iter().map(|&column| cell(&row[column])).collect::<Vec<_>>());
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

fn cell(cell: &Cell) -> comfy_table::Cell {
    let shown = comfy_table::Cell::new(&cell.0);
    match cell.1.and_then(Style::get_fg_color) {
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Green)) => shown.fg(comfy_table::Color::Green),
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Yellow)) => shown.fg(comfy_table::Color::Yellow),
        Some(anstyle::Color::Ansi(anstyle::AnsiColor::Red)) => shown.fg(comfy_table::Color::Red),
        _ => shown,
    }
}
