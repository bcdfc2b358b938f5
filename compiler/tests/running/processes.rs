//! In: a host. Out: its processes, with the memory and the processor time that they take.

use std::collections::BTreeMap;

use crate::host::Host;

/// A process of the host, or of a container on it.
#[derive(Default)]
pub struct Process {
    /// As the kernel keeps it: at most 15 characters.
    pub name: String,
    /// The control group that systemd knows it by.
    pub group: String,
    /// Number of its threads.
    pub threads: f64,
    /// Its share of the memory, in KiB.
    pub pss: f64,
    /// Its processor time in seconds, with that of its children that ended.
    pub cpu: f64,
}

/// Ticks of the kernel's clock in a second, as it counts for processes.
const TICKS: f64 = 100.0;

/// Those that were there when each file was read.
pub fn processes(host: &Host) -> Result<Vec<Process>, String> {
    let said = host.sh("grep -sE '^(Pss|Name|Threads):|:name=systemd:|^0::|^[0-9]+ \\(' \
             /proc/[0-9]*/smaps_rollup /proc/[0-9]*/status /proc/[0-9]*/cgroup /proc/[0-9]*/stat; true")?;
    let mut found: BTreeMap<&str, Process> = BTreeMap::new();
    for line in said.lines() {
        let Some((path, text)) = line.split_once(':') else { continue };
        let Some(pid) = path.split('/').nth(2) else { continue };
        let process = found.entry(pid).or_default();
        if path.ends_with("/stat") {
            process.cpu = cpu(text);
            continue;
        }
        let (field, value) = text.split_once(':').unwrap_or_default();
        let number =
            || value.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default();
        match field {
            "Name" => value.trim().clone_into(&mut process.name),
            "Threads" => process.threads = number(),
            "Pss" => process.pss = number(),
            _ if process.group.len() < value.len() => value.clone_into(&mut process.group),
            _ => {}
        }
    }
    Ok(found.into_values().collect())
}

/// A name may hold spaces, and anything else.
fn cpu(stat: &str) -> f64 {
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS
}
