//! A plan → `plan.json`, host by host: that of a large fleet is never in memory as a whole.

use super::host::is_crowd;
use crate::parallel::shares;
use crate::plan::{HostPlan, Plan, Unit};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// A plan that is being written.
pub struct PlanJson<'w> {
    file: &'w mut (dyn Write + Send),
    /// What follows the last host.
    tail: Vec<u8>,
    hosts: usize,
}

/// Stands for the hosts in a plan that has none, and for the units in a host that has none.
const NONE: &[u8] = b"[]";

impl<'w> PlanJson<'w> {
    /// Writes what comes before the hosts.
    pub fn begin(plan: &Plan, file: &'w mut (dyn Write + Send)) -> io::Result<Self> {
        let (head, tail) = around(&plan.without_hosts(), 0);
        file.write_all(&head)?;
        Ok(Self { file, tail, hosts: 0 })
    }

    /// Writes the next host, as [`host`] made it.
    pub fn host(&mut self, json: &[Vec<u8>]) -> io::Result<()> {
        let before = if self.hosts == 0 { "[\n    " } else { ",\n    " };
        self.hosts += 1;
        self.file.write_all(before.as_bytes())?;
        json.iter().try_for_each(|piece| self.file.write_all(piece))
    }

    /// Writes what comes after the hosts.
    pub fn end(self) -> io::Result<()> {
        let after = if self.hosts == 0 { NONE } else { b"\n  ]" };
        self.file.write_all(after)?;
        self.file.write_all(&self.tail)?;
        self.file.write_all(b"\n")
    }
}

/// One host, as it stands in the plan, in pieces that follow each other.
pub fn host(host: &HostPlan) -> Vec<Vec<u8>> {
    if is_crowd(host) {
        return crowd(host);
    }
    let mut json = Vec::with_capacity(BYTES_A_UNIT * (host.units.len() + 1));
    add(&mut json, host, DEPTH_OF_HOST);
    vec![json]
}

/// A host with many units, which are printed on all processors.
fn crowd(host: &HostPlan) -> Vec<Vec<u8>> {
    let (mut head, tail) = around(&host.without_units(), DEPTH_OF_HOST);
    head.push(b'[');
    let print = |units: Vec<(usize, &Unit)>| {
        let mut json = Vec::with_capacity(BYTES_A_UNIT * units.len());
        for (index, unit) in units {
            json.extend_from_slice(line(DEPTH_OF_UNIT, index == 0));
            add(&mut json, unit, DEPTH_OF_UNIT);
        }
        json
    };
    let units = shares(host.units.iter().enumerate().collect(), WORTH_A_THREAD, print);
    let mut end = line(DEPTH_OF_UNIT - 1, true).to_vec();
    end.push(b']');
    end.extend_from_slice(&tail);
    std::iter::once(head).chain(units).chain([end]).collect()
}

/// In the array of the object that the plan is.
const DEPTH_OF_HOST: usize = 2;
/// In the array of a host.
const DEPTH_OF_UNIT: usize = DEPTH_OF_HOST + 2;

/// So many units are worth a thread.
const WORTH_A_THREAD: usize = 16;

/// What stands before and behind the list that a value ends with, which has nothing in it.
fn around(value: &impl Serialize, depth: usize) -> (Vec<u8>, Vec<u8>) {
    let mut head = Vec::new();
    add(&mut head, value, depth);
    let none = head.windows(NONE.len()).rposition(|piece| piece == NONE).unwrap_or(head.len());
    let mut tail = head.split_off(none);
    tail.drain(..NONE.len().min(tail.len()));
    (head, tail)
}

fn add(json: &mut Vec<u8>, value: &impl Serialize, depth: usize) {
    let layout = Layout { depth, is_empty: true };
    // Writing to memory does not fail, and every key of a plan is text.
    let _ = value.serialize(&mut Serializer::with_formatter(json, layout));
}

/// What most units take at most.
const BYTES_A_UNIT: usize = 2816;

/// The layout of serde_json's `PrettyFormatter`, which writes the white space of a line piece by piece: a third of the time
/// that a plan takes.
struct Layout {
    depth: usize,
    /// Whether the array or object that was opened last has nothing in it.
    is_empty: bool,
}

/// What stands between two values, and before the first of them but for the comma.
const LINE: &[u8; 66] = b",\n                                                                ";

/// What of that stands before a value which is no deeper than its spaces.
fn line(depth: usize, is_first: bool) -> &'static [u8] {
    &LINE[usize::from(is_first)..(2 + 2 * depth).min(LINE.len())]
}

impl Layout {
    fn open(&mut self, file: &mut (impl Write + ?Sized), sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        file.write_all(sign)
    }

    fn close(&mut self, file: &mut (impl Write + ?Sized), sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !self.is_empty {
            self.line(file, true)?;
        }
        self.is_empty = false;
        file.write_all(sign)
    }

    fn line(&mut self, file: &mut (impl Write + ?Sized), is_first: bool) -> io::Result<()> {
        self.is_empty = false;
        file.write_all(line(self.depth, is_first))?;
        (LINE.len()..2 + 2 * self.depth).try_for_each(|_| file.write_all(b" "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: Write + ?Sized>(&mut self, file: &mut W) -> io::Result<()> {
        self.open(file, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, file: &mut W) -> io::Result<()> {
        self.close(file, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, file: &mut W, is_first: bool) -> io::Result<()> {
        self.line(file, is_first)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, file: &mut W) -> io::Result<()> {
        self.open(file, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, file: &mut W) -> io::Result<()> {
        self.close(file, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, file: &mut W, is_first: bool) -> io::Result<()> {
        self.line(file, is_first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, file: &mut W) -> io::Result<()> {
        file.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::{Layout, PlanJson, host};
    use crate::plan::{HostPlan, Plan};
    use serde::Serialize;
    use serde_json::json;

    fn plan(names: &[&str]) -> Plan {
        let host = |name: &&str| HostPlan {
            name: name.to_string(),
            address: "10.0.0.1".into(),
            storage_driver: None,
            reserved_ports: vec!["8080".into()],
            units: Vec::new(),
        };
        let hosts = names.iter().map(host).collect();
        Plan { hosts, fleet: "\"hosts\": []".into(), ..Plan::default() }
    }

    #[test]
    fn it_is_what_serde_writes() {
        for names in [&[][..], &["a"], &["a", "b", "c"]] {
            let plan = plan(names);
            let mut written = Vec::new();
            let mut json = PlanJson::begin(&plan, &mut written).unwrap();
            plan.hosts.iter().for_each(|one| json.host(&host(one)).unwrap());
            json.end().unwrap();
            let expected = serde_json::to_string_pretty(&plan).unwrap() + "\n";
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }

    #[test]
    fn the_layout_is_that_of_serde() {
        let around = |inner, depth| match depth % 2 {
            0 => json!([1, inner]),
            _ => json!({ "a": inner, "b": [], "c": {}, "d": "e" }),
        };
        let deep = (0..40).fold(json!([]), around);
        let mut written = Vec::new();
        let layout = Layout { depth: 0, is_empty: true };
        deep.serialize(&mut serde_json::Serializer::with_formatter(&mut written, layout)).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string_pretty(&deep).unwrap());
    }
}
