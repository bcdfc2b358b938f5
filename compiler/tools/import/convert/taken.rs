//! The ports of one host and who has them.

use std::collections::BTreeMap;

/// Ranges of ports by their first port, with their last port.
type Ranges<T> = BTreeMap<u16, (u16, T)>;

/// Ports that are taken so far.
#[derive(Default)]
pub(crate) struct TakenPorts {
    of: BTreeMap<String, Transport>,
}

/// The ports of one transport.
#[derive(Default)]
struct Transport {
    /// Ranges with their owners; no two overlap.
    owners: Ranges<String>,
    /// The same ranges, with neighbours joined.
    runs: Ranges<()>,
}

impl TakenPorts {
    /// Returns the owner of a port of the range.
    pub(crate) fn owner(&self, protocol: &str, range: (u16, u16)) -> Option<&str> {
        overlapping(&self.of.get(protocol)?.owners, range).map(|(_, owner)| owner.as_str())
    }

    /// Returns the next free range behind one, of the same length.
    pub(crate) fn free(&self, protocol: &str, (mut first, mut last): (u16, u16)) -> Option<(u16, u16)> {
        let runs = self.of.get(protocol).map(|transport| &transport.runs);
        while let Some((end, ())) = runs.and_then(|runs| overlapping(runs, (first, last))) {
            let by = *end - first;
            (first, last) = (end.checked_add(1)?, last.checked_add(by)?.checked_add(1)?);
        }
        Some((first, last))
    }

    /// Gives a range to its owner, unless a part of it belongs to another.
    pub(crate) fn take(&mut self, protocol: &str, (mut first, mut last): (u16, u16), owner: &str) {
        let Transport { owners, runs } = self.of.entry(protocol.to_string()).or_default();
        if overlapping(owners, (first, last)).is_some() {
            return;
        }
        owners.insert(first, (last, owner.to_string()));
        if let Some((before, (end, ()))) = runs.range(..first).next_back()
            && end.checked_add(1) == Some(first)
        {
            first = *before;
        }
        if let Some((end, ())) = last.checked_add(1).and_then(|next| runs.remove(&next)) {
            last = end;
        }
        runs.insert(first, (last, ()));
    }
}

/// Returns the first range that holds a port of another owner.
fn overlapping<T>(ranges: &Ranges<T>, (first, last): (u16, u16)) -> Option<&(u16, T)> {
    let before = ranges.range(..=first).next_back().map(|(_, range)| range).filter(|range| range.0 >= first);
    before.or_else(|| ranges.range(first..).next().filter(|(next, _)| **next <= last).map(|(_, range)| range))
}

#[cfg(test)]
mod tests {
    use super::TakenPorts;

    #[test]
    fn ports_go_to_who_asks_first() {
        let mut taken = TakenPorts::default();
        taken.take("tcp", (80, 80), "a");
        taken.take("tcp", (82, 90), "b");
        taken.take("tcp", (81, 81), "c");
        taken.take("tcp", (85, 95), "d");
        let owner = |range| taken.owner("tcp", range);
        assert_eq!(
            [owner((80, 80)), owner((81, 99)), owner((90, 95)), owner((91, 95))],
            [Some("a"), Some("c"), Some("b"), None]
        );
        assert_eq!(taken.free("tcp", (80, 80)), Some((91, 91)));
        assert_eq!(taken.free("tcp", (70, 79)), Some((70, 79)));
        assert_eq!(taken.free("tcp", (79, 81)), Some((91, 93)));
        assert_eq!(taken.free("udp", (80, 80)), Some((80, 80)));
        taken.take("tcp", (1000, 65535), "e");
        assert_eq!(taken.free("tcp", (1000, 1000)), None);
    }
}
