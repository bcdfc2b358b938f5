//! Registrations of a unit → its script, and the same records as data.

use super::script::{origin_of, strings};
use crate::fleet::Record;
use crate::jinja::{Value, map};
use crate::plan::{HostPlan, Plan, Unit};
use serde::Serialize;

/// The values of `register.sh.j2`.
pub fn context(plan: &Plan, host: &HostPlan, unit: &Unit, etcd: &Value) -> Value {
    let ttl = unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap_or(30);
    map([
        ("origin", origin_of(unit)),
        ("name", Value::from(unit.name.as_str())),
        ("fleet", Value::from(plan.fleet.as_str())),
        ("host", Value::from(host.name.as_str())),
        ("etcd", etcd.clone()),
        ("ttl", Value::from(ttl)),
        ("interval", Value::from(unit.health.interval_seconds)),
        ("retries", Value::from(unit.health.retries)),
        ("records", Value::from(records(unit).map(|record| printed(&record)).collect::<Vec<_>>())),
    ])
}

/// What stays comes first: a router is there before its first server.
fn records(unit: &Unit) -> impl Iterator<Item = Record> {
    let mut records: Vec<Record> =
        unit.registrations.iter().flat_map(|registration| registration.records.iter().cloned()).collect();
    records.sort_by(|a, b| (a.leased, &a.key).cmp(&(b.leased, &b.key)));
    records.into_iter()
}

fn printed(record: &Record) -> Value {
    map([
        ("leased", Value::from(record.leased)),
        ("words", strings([record.key.as_str(), record.value.as_str()])),
    ])
}

/// What other tools read.
#[derive(Serialize)]
struct Document<'r> {
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
pub fn json(unit: &Unit) -> String {
    let generated = format!("by dpc from {}; edit that instead", unit.origin);
    let records: Vec<Record> = records(unit).collect();
    let records = records.iter().map(|Record { format, key, value, leased, span: _ }| Registered {
        format,
        key,
        leased: *leased,
        value,
    });
    let document = Document { generated, records: records.collect() };
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}
