//! Registrations of a unit → its script, and the same records as data.

use super::script::{NOT_LED, certificates};
use crate::model::fleet::Record;
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::template::{Value, context};
use serde::Serialize;

/// The values of `register.sh.j2`.
pub(super) fn values(plan: &Plan, host: &HostPlan, unit: &Unit, etcd: &[String]) -> Value {
    let printed = |record: &Record| context! { leased => record.leased, words => Value::from_iter([record.key.as_str(), &record.value]) };
    context! {
        origin => unit.origin.as_str(),
        name => unit.name.as_str(),
        fleet => plan.fleet.as_str(),
        host => host.name.as_str(),
        etcd => etcd.to_vec(),
        certificates => certificates(plan).collect::<Value>(),
        not_led => NOT_LED,
        ttl => unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap_or(30),
        interval => unit.health.interval_seconds,
        retries => unit.health.retries,
        records => records(unit).into_iter().map(printed).collect::<Value>(),
    }
}

/// Permanent records come first: a router is there before its first server.
fn records(unit: &Unit) -> Vec<&Record> {
    let mut records: Vec<&Record> =
        unit.registrations.iter().flat_map(|registration| &registration.records).collect();
    records.sort_by(|a, b| (a.leased, &a.key).cmp(&(b.leased, &b.key)));
    records
}

/// Returns the registrations in the form that other tools read.
#[derive(Serialize)]
struct RegistrationDocument<'r> {
    generated: String,
    records: Vec<Registered<'r>>,
}

/// A record, by its names in order.
#[derive(Serialize)]
struct Registered<'r> {
    format: &'r str,
    key: &'r str,
    leased: bool,
    value: &'r str,
}

/// The records as JSON, for other tools.
pub(super) fn json(unit: &Unit) -> String {
    let generated = format!("by dpc from {}; edit that instead", unit.origin);
    let records = records(unit).into_iter().map(|Record { format, key, value, leased, span: _ }| {
        Registered { format: format.as_str(), key, leased: *leased, value }
    });
    let document = RegistrationDocument { generated, records: records.collect() };
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}
