//! Registrations of a unit → its script, and the same records as data.

use super::script::{origin_of, strings};
use crate::fleet::Record;
use crate::jinja::Item;
use crate::plan::{HostPlan, Plan, Unit};
use serde::Serialize;

/// The values of `register.sh.j2`.
pub fn context<'p>(plan: &'p Plan, host: &'p HostPlan, unit: &'p Unit, etcd: &'p [String]) -> Item<'p> {
    let ttl = unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap_or(30);
    Item::from([
        ("origin", origin_of(unit)),
        ("name", Item::from(unit.name.as_str())),
        ("fleet", Item::from(plan.fleet.as_str())),
        ("host", Item::from(host.name.as_str())),
        ("etcd", strings(etcd.iter().map(String::as_str))),
        ("ttl", Item::from(ttl)),
        ("interval", Item::from(unit.health.interval_seconds)),
        ("retries", Item::from(unit.health.retries)),
        ("records", Item::from(records(unit).into_iter().map(printed).collect::<Vec<_>>())),
    ])
}

/// What stays comes first: a router is there before its first server.
fn records(unit: &Unit) -> Vec<&Record> {
    let mut records: Vec<&Record> =
        unit.registrations.iter().flat_map(|registration| &registration.records).collect();
    records.sort_by(|a, b| (a.leased, &a.key).cmp(&(b.leased, &b.key)));
    records
}

fn printed(record: &Record) -> Item<'_> {
    Item::from([
        ("leased", Item::from(record.leased)),
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
    let records = records(unit).into_iter().map(|Record { format, key, value, leased, span: _ }| {
        Registered { format, key, leased: *leased, value }
    });
    let document = Document { generated, records: records.collect() };
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}
