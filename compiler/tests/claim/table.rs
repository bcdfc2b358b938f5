//! In: the figures of each round. Out: a table of medians, and of ratios to the first form, each with its spread.

use crate::forms::{FORMS, Form};
use crate::load::FIGURES;

/// One round: for each form, its figures.
pub type Round = [[f64; FIGURES.len()]; FORMS.len()];

/// The table, in Markdown. A ratio is taken within a round, where the machine was the same, and then the median of these.
pub fn table(rounds: &[Round]) -> String {
    let mut lines = String::from("| | form | median | lowest – highest | beside bare | lowest – highest |\n");
    lines.push_str("|---|---|--:|--:|--:|--:|\n");
    for (figure, name) in FIGURES.iter().enumerate() {
        for (form, Form { name: form_name, .. }) in FORMS.iter().enumerate() {
            let values = sorted(rounds.iter().map(|round| round[form][figure]));
            let ratios = sorted(rounds.iter().map(|round| round[form][figure] / round[0][figure]));
            lines.push_str(&format!("| {name} | {form_name} | {} |{} |\n", spread(&values), beside(&ratios)));
        }
    }
    lines
}

/// Returns nothing if the first form has none of what is counted.
fn beside(ratios: &[f64]) -> String {
    if ratios.iter().all(|ratio| ratio.is_finite()) {
        format!(" {}", spread(ratios))
    } else {
        " – | –".into()
    }
}

fn spread(sorted: &[f64]) -> String {
    let shown = |value: f64| if value < 100.0 { format!("{value:.2}") } else { format!("{value:.0}") };
    let [Some(lowest), Some(highest)] = [sorted.first(), sorted.last()] else { return " – | –".into() };
    format!("{} | {} – {}", shown(sorted[sorted.len() / 2]), shown(*lowest), shown(*highest))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
