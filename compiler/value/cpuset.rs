//! Sets of processors by their numbers: `0-3`, `0,2`.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// Processors of a host by number (cpuset(7), list format).
    Cpuset
}

/// Linux is built for 8192 at most.
const MOST: u16 = 8191;

impl Cpuset {
    /// Reads numbers and ranges with commas between them.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text.split(',').map(range).collect::<Option<Vec<_>>>() {
            Some(_) => Ok(Self(Arc::from(text))),
            None => Err(Invalid::new(format!("{} is not a list of processors", quoted(text)))
                .help("write numbers and ranges from 0 on, for example `0-3` or `0,2`")),
        }
    }

    /// Returns how many processors a host must have.
    pub(crate) fn needed(&self) -> u16 {
        self.0.split(',').filter_map(range).max().unwrap_or(0) + 1
    }
}

/// Returns the last number of a range.
fn range(text: &str) -> Option<u16> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last && last <= MOST).then_some(last)
}

fn number(text: &str) -> Option<u16> {
    let is_plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for (text, needed) in [("0", 1), ("0-3", 4), ("0,2", 3), ("7,0-1", 8), ("8191", 8192)] {
            accepted(Cpuset::parse, &[(text, text)]);
            assert_eq!(Cpuset::parse(text).unwrap().needed(), needed);
        }
    }

    #[test]
    fn refuses() {
        let help = "write numbers and ranges from 0 on, for example `0-3` or `0,2`";
        for text in ["", "3-1", "0-", ",", "0, 1", "a", "-1", "01", "8192"] {
            refused(Cpuset::parse, &[(text, &format!("`{text}` is not a list of processors"), help)]);
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[0-9,-]{0,9}|\\PC*") {
            round_trips(Cpuset::parse, &text);
        }
    }
}
