//! Registrations of a unit → the file that tells the host's registrar what to put into etcd; a host → its registrar.

use super::script::{certificates, etcd_password, probes};
use super::shell::{CLOCK, NOT_LED, PROBE_HTTP, PROBE_PROXIED, PROBE_TCP};
use crate::model::fleet::{Check, Record};
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::template::{Value, context};

/// The values of `register.sh.j2` and `register.service.j2`.
pub(super) fn registrar(plan: &Plan, host: &HostPlan, etcd: &[String], origin: &str) -> Value {
    context! {
        origin,
        fleet => plan.fleet.as_str(),
        host => host.name.as_str(),
        etcd => etcd.to_vec(),
        etcd_password => etcd_password(plan).unwrap_or_default(),
        certificates => certificates(plan).collect::<Value>(),
        not_led => NOT_LED,
        clock => CLOCK,
        probes => [PROBE_TCP, PROBE_PROXIED, PROBE_HTTP].join("\n"),
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
        checks => checks(unit),
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
    if matches!(unit.health.check, Check::Command { .. } | Check::Exec { .. }) {
        seconds + 3
    } else {
        seconds
    }
}

/// The lines that ask for its health; none for what is healthy while it runs. Only docker reaches into a container, so that is left
/// to the unit's script.
fn checks(unit: &Unit) -> Vec<String> {
    match &unit.health.check {
        Check::Command { .. } | Check::Exec { .. } => vec![format!("script {}", unit.name)],
        _ => probes(unit).into_iter().map(|words| words.join(" ")).collect(),
    }
}

/// Permanent records come first: a router is there before its first server.
fn records(unit: &Unit) -> Vec<&Record> {
    let mut records: Vec<&Record> = unit.records().collect();
    records.sort_by(|a, b| (a.leased, &a.key).cmp(&(b.leased, &b.key)));
    records
}
