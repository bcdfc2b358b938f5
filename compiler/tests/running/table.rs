//! In: the figures of each form. Out: a table.

use crate::figures::{FIGURES, Figures};

/// A form on a host, with its figures for each number of services.
pub type Column = (String, Vec<Figures>);

/// The table, in Markdown: a row for each figure, in a cell those of all numbers.
pub fn table(columns: &[Column]) -> String {
    let headings: String = columns.iter().map(|(name, _)| format!(" {name} |")).collect();
    let mut lines = format!("| |{headings} at most |\n|---|{}\n", "--:|".repeat(columns.len() + 1));
    for (figure, (name, limit)) in FIGURES.iter().enumerate() {
        let cells: String = columns.iter().map(|(_, all)| format!(" {} |", cell(all, figure))).collect();
        lines.push_str(&format!("| {name} |{cells} {limit} |\n"));
    }
    lines
}

fn cell(all: &[Figures], figure: usize) -> String {
    let found: Vec<String> = all.iter().filter_map(|figures| figures[figure]).map(shown).collect();
    if found.is_empty() { "–".into() } else { found.join(" / ") }
}

fn shown(value: f64) -> String {
    if value < 10.0 { format!("{value:.2}") } else { format!("{value:.0}") }
}
