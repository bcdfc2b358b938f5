//! Registrations of a unit → the file that tells the host's registrar what to put into etcd; a host → its registrar.

use super::script::certificates;
use super::shell::{CLOCK, NOT_LED};
use crate::encode::json::host_port;
use crate::model::fleet::{Check, Record, Target};
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::template::{Value, context};

/// The values of `register.sh.j2` and `register.service.j2`.
pub(super) fn registrar(plan: &Plan, host: &HostPlan, etcd: &[String], origin: &str) -> Value {
    context! {
        origin,
        fleet => plan.fleet.as_str(),
        host => host.name.as_str(),
        etcd => etcd.to_vec(),
        certificates => certificates(plan).collect::<Value>(),
        not_led => NOT_LED,
        clock => CLOCK,
    }
}

/// The values of `registration.j2`.
pub(super) fn values(unit: &Unit) -> Value {
    context! {
        origin => unit.origin.as_str(),
        name => unit.name.as_str(),
        ttl => unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap_or(30),
        interval => unit.health.interval_seconds,
        retries => unit.health.retries,
        limit => limit(unit),
        checks => checks(unit).into_iter().map(Value::from_iter).collect::<Value>(),
        records => records(unit).into_iter().map(printed).collect::<Value>(),
    }
}

fn printed(record: &Record) -> Value {
    let Record { key, value, leased, format: _, span: _ } = record;
    let lasts = if *leased { "leased" } else { "lasting" };
    context! { lasts, key => key.as_str(), value => value.as_str() }
}

/// Seconds until an answer is late. The script of a unit has its own limits, which it keeps a little later.
fn limit(unit: &Unit) -> u64 {
    let seconds = unit.health.timeout_seconds;
    if matches!(unit.health.check, Check::Command { .. }) { seconds + 3 } else { seconds }
}

/// The words of each line that asks for its health; none for what is healthy while it runs. Only docker reaches into a container,
/// so that is left to the unit's script.
fn checks(unit: &Unit) -> Vec<Vec<String>> {
    match &unit.health.check {
        Check::Http { address, port, path } => {
            let host = host_port(&address.to_string(), *port);
            vec![vec!["http".to_string(), address.to_string(), port.to_string(), host, path.to_string()]]
        }
        Check::Tcp { targets } => {
            let words =
                |target: &Target| vec!["tcp".to_string(), target.host.clone(), target.port.to_string()];
            targets.iter().map(words).collect()
        }
        Check::Command { .. } => vec![vec!["script".to_string(), unit.name.clone()]],
        Check::Running => Vec::new(),
    }
}

/// Permanent records come first: a router is there before its first server.
fn records(unit: &Unit) -> Vec<&Record> {
    let mut records: Vec<&Record> = unit.records().collect();
    records.sort_by(|a, b| (a.leased, &a.key).cmp(&(b.leased, &b.key)));
    records
}
