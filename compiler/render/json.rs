//! A plan → `plan.json`, host by host: that of a large fleet is never in memory as a whole.

use crate::plan::{HostPlan, Plan};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};

/// A plan that is being written.
pub struct PlanJson<'w> {
    file: &'w mut (dyn Write + Send),
    /// What follows the last host.
    tail: String,
    hosts: usize,
}

/// Stands for the hosts in a plan that has none.
const NONE: &str = "[]";

impl<'w> PlanJson<'w> {
    /// Writes what comes before the hosts.
    pub fn begin(plan: &Plan, file: &'w mut (dyn Write + Send)) -> io::Result<Self> {
        let without = serde_json::to_string_pretty(&plan.without_hosts())?;
        let (head, tail) = without.rsplit_once(NONE).unwrap_or((&without, ""));
        file.write_all(head.as_bytes())?;
        Ok(Self { file, tail: tail.to_string(), hosts: 0 })
    }

    /// Writes the next host, as [`host`] made it.
    pub fn host(&mut self, json: &[u8]) -> io::Result<()> {
        let before = if self.hosts == 0 { "[\n    " } else { ",\n    " };
        self.hosts += 1;
        self.file.write_all(before.as_bytes())?;
        self.file.write_all(json)
    }

    /// Writes what comes after the hosts.
    pub fn end(self) -> io::Result<()> {
        let after = if self.hosts == 0 { NONE } else { "\n  ]" };
        self.file.write_all(after.as_bytes())?;
        self.file.write_all(self.tail.as_bytes())?;
        self.file.write_all(b"\n")
    }
}

/// One host, as it stands in the plan.
pub fn host(host: &HostPlan) -> Vec<u8> {
    let mut json = Vec::new();
    let mut inside = PrettyFormatter::new();
    // Writing to memory does not fail, and every key of a plan is text.
    let _ = inside.begin_object(&mut io::sink()).and_then(|()| inside.begin_array(&mut io::sink()));
    let _ = host.serialize(&mut Serializer::with_formatter(&mut json, inside));
    json
}

#[cfg(test)]
mod tests {
    use super::{PlanJson, host};
    use crate::plan::{HostPlan, Plan};

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
}
