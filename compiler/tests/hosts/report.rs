//! In: the figures of the scenarios. Out: the table at the end.

use crate::client::Tally;

/// Figures of all scenarios, in the order in which they were taken.
#[derive(Default)]
pub struct Report {
    rows: Vec<[String; 5]>,
}

impl Report {
    /// Requests that ran while something happened.
    pub fn traffic(&mut self, during: &str, seconds: f64, tally: &Tally) {
        self.row(during, &tally.sent.to_string(), &tally.failed.to_string(), &format!("{seconds:.1}"), "");
    }

    /// Records the seconds from a fault until all was well again.
    pub fn recovery(&mut self, fault: &str, seconds: f64) {
        self.row(fault, "", "", "", &format!("{seconds:.1}"));
    }

    /// The table, with a line of headings.
    pub fn table(&self) -> String {
        let headings = ["what happened", "sent", "failed", "seconds", "recovered after"].map(str::to_owned);
        let rows: Vec<&[String; 5]> = std::iter::once(&headings).chain(&self.rows).collect();
        let width = rows.iter().map(|row| row[0].chars().count()).max().unwrap_or_default();
        let line = |row: &&[String; 5]| {
            format!("{:width$}  {:>7} {:>7} {:>8} {:>16}\n", row[0], row[1], row[2], row[3], row[4])
        };
        rows.iter().map(line).collect()
    }

    fn row(&mut self, what: &str, sent: &str, failed: &str, seconds: &str, recovery: &str) {
        self.rows.push([what, sent, failed, seconds, recovery].map(str::to_owned));
    }
}
