//! Each `etcd/*.sh` against a real etcd: what it puts there is what the plan and the `.json` say, under one lease, for as
//! long as the service is healthy; whatever becomes of etcd.

use crate::artifacts::apart::{self, Case};
use crate::artifacts::etcd::Held;
use crate::artifacts::kind::REGISTRATIONS;
use crate::artifacts::script::{Script, look, until};
use crate::artifacts::stage::{Stage, has_check};
use crate::artifacts::tool;
use dpc::model::fleet::Record;
use dpc::model::plan::{HostPlan, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

#[test]
fn registrations_are_kept() {
    apart::each("artifacts::registrations::registrations_are_kept", 16, registering, units);
}

/// Between two looks into etcd, each of which starts etcdctl.
const A_MOMENT: Duration = Duration::from_millis(200);

fn registering(host: &HostPlan) -> Vec<Vec<Unit>> {
    let units: Vec<Unit> = host.units.iter().filter(|unit| !unit.registrations.is_empty()).cloned().collect();
    if units.is_empty() { Vec::new() } else { vec![units] }
}

fn units(case: &Case) {
    let mut stage = Stage::new(case);
    stage.machine.docker(&tool::all("docker")[0]);
    let units: Vec<&Unit> = case.units.iter().collect();
    units.iter().for_each(|unit| the_json_says_the_same(case, unit));
    for unit in &units {
        run_container(&stage, unit);
        stage.set_healthy(unit, true);
    }
    let mut house = House { scripts: Vec::new(), stage, units };
    house.scripts = house.units.iter().map(|unit| house.start(unit)).collect();
    house.waits_for_etcd();
    house.is_registered();
    if case.units.iter().any(|unit| REGISTRATIONS.is_first(case, unit)) {
        house.is_replaced_without_a_gap();
        house.survives_a_crash_of_etcd();
        house.comes_back_to_an_etcd_that_lost_everything();
        house.is_gone_while_unhealthy();
    }
    house.ends_with_term();
}

fn the_json_says_the_same(case: &Case, unit: &Unit) {
    let path = case.tree.folder.join(&case.host.name).join(format!("etcd/{}.json", unit.name));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut listed: Vec<Record> = serde_json::from_value(json["records"].clone()).unwrap();
    let mut planned: Vec<Record> = records(unit).cloned().collect();
    listed.sort_by(|one, other| one.key.cmp(&other.key));
    planned.sort_by(|one, other| one.key.cmp(&other.key));
    assert_eq!(listed, planned);
}

fn records(unit: &Unit) -> impl Iterator<Item = &Record> {
    unit.registrations.iter().flat_map(|registration| &registration.records)
}

/// The container whose health the registration asks about.
fn run_container(stage: &Stage, unit: &Unit) {
    let mut command = Command::new(&tool::all("docker")[0]);
    command.args(["run", "--detach", "--name", &unit.name, "image"]).env("DOCKER_HOST", stage.engine.host());
    assert!(command.output().unwrap().status.success());
}

/// All units of a host that register, tested together.
struct House<'c> {
    stage: Stage<'c>,
    units: Vec<&'c Unit>,
    scripts: Vec<Script>,
}

impl House<'_> {
    fn start(&self, unit: &Unit) -> Script {
        self.stage.start(&format!("etcd/{}.sh", unit.name), &[], false)
    }

    /// A missing etcd is reported once, and ends nothing.
    fn waits_for_etcd(&mut self) {
        for script in &mut self.scripts {
            until(
                || "silence about an etcd that is away".to_owned(),
                || script.said().contains("etcd does not answer"),
            );
            assert!(script.runs());
        }
        self.stage.etcd.as_mut().unwrap().start();
    }

    /// Keys, values and leases are as planned.
    fn is_registered(&self) {
        self.holds(|held| self.leased_and_lasting(held, true));
        for unit in &self.units {
            let leases = self.leases(unit);
            let ttl = unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap();
            assert!(leases.len() <= 1, "{} has leases {leases:?}", unit.name);
            for lease in leases {
                assert_eq!(self.etcd().granted_seconds(lease), i64::try_from(ttl).unwrap());
            }
        }
        for script in &self.scripts {
            assert_eq!(script.said().matches("etcd does not answer").count(), 1, "{}", script.said());
        }
    }

    /// HUP moves the keys to another lease; readers never miss one.
    fn is_replaced_without_a_gap(&mut self) {
        let before: Vec<BTreeSet<i64>> = self.units.iter().map(|unit| self.leases(unit)).collect();
        self.scripts.iter().for_each(|script| script.signal("HUP"));
        look(
            A_MOMENT,
            || "HUP replaced nothing".to_owned(),
            || {
                assert!(self.leased_and_lasting(&self.etcd().held(), true), "a key was missing after HUP");
                let mut pairs = self.units.iter().zip(&before);
                pairs.all(|(unit, old)| {
                    self.leases(unit).is_disjoint(old) && old.iter().all(|lease| self.is_over(*lease))
                })
            },
        );
    }

    /// An etcd that was killed and has its data comes back with the keys, and the scripts go on.
    fn survives_a_crash_of_etcd(&mut self) {
        self.stage.etcd.as_mut().unwrap().kill();
        sleep(Duration::from_secs(1));
        self.stage.etcd.as_mut().unwrap().start();
        self.holds(|held| self.leased_and_lasting(held, true));
        assert!(self.scripts.iter_mut().all(Script::runs));
    }

    /// The lease is gone with everything else: another one is granted.
    fn comes_back_to_an_etcd_that_lost_everything(&mut self) {
        let etcd = self.stage.etcd.as_mut().unwrap();
        etcd.kill();
        etcd.lose_everything();
        etcd.start();
        assert!(etcd.held().is_empty());
        self.holds(|held| self.leased_and_lasting(held, true));
        assert!(self.scripts.iter_mut().all(Script::runs));
    }

    /// A unit that is not healthy loses its leased keys, and gets them back.
    fn is_gone_while_unhealthy(&mut self) {
        let units = self.units.clone();
        units.iter().for_each(|unit| self.stage.set_healthy(unit, false));
        self.holds(|held| self.only_healthy(held));
        units.iter().for_each(|unit| self.stage.set_healthy(unit, true));
        self.holds(|held| self.leased_and_lasting(held, true));
    }

    /// TERM removes leased keys; the others stay.
    fn ends_with_term(mut self) {
        self.scripts.iter().for_each(|script| script.signal("TERM"));
        for script in std::mem::take(&mut self.scripts) {
            let end = script.end();
            assert_eq!(end.status, Some(0), "{}", end.said);
            assert!(end.said.contains("registration taken away"), "{}", end.said);
        }
        let held = self.etcd().held();
        assert!(self.leased_and_lasting(&held, false), "after TERM there is {held:?}");
    }

    fn holds(&self, right: impl Fn(&BTreeMap<String, Held>) -> bool) {
        let what = || {
            let said: Vec<String> = self.scripts.iter().map(Script::said).collect();
            format!("etcd holds {:#?}\n{}", self.etcd().held(), said.join(""))
        };
        look(A_MOMENT, what, || right(&self.etcd().held()));
    }

    /// Returns whether exactly the planned records are there: permanent ones, and leased ones if `leased`.
    fn leased_and_lasting(&self, held: &BTreeMap<String, Held>, leased: bool) -> bool {
        self.is(held, |_| leased)
    }

    /// Returns whether the leased records of units that cannot be unhealthy are there, and no others.
    fn only_healthy(&self, held: &BTreeMap<String, Held>) -> bool {
        self.is(held, |unit| !has_check(unit))
    }

    fn is(&self, held: &BTreeMap<String, Held>, leased: impl Fn(&Unit) -> bool) -> bool {
        let records = self.units.iter().flat_map(|unit| records(unit).map(move |record| (unit, record)));
        let planned = records.filter(|(unit, record)| !record.leased || leased(unit));
        let planned: BTreeMap<_, _> =
            planned.map(|(_, record)| (record.key.clone(), (record.value.clone(), record.leased))).collect();
        let held: BTreeMap<_, _> =
            held.iter().map(|(key, held)| (key.clone(), (held.value.clone(), held.lease != 0))).collect();
        planned == held
    }

    fn leases(&self, unit: &Unit) -> BTreeSet<i64> {
        let held = self.etcd().held();
        let leased = records(unit).filter(|record| record.leased);
        leased.map(|record| held[&record.key].lease).collect()
    }

    fn is_over(&self, lease: i64) -> bool {
        self.etcd().granted_seconds(lease) == -1
    }

    fn etcd(&self) -> &crate::artifacts::etcd::Etcd {
        self.stage.etcd.as_ref().unwrap()
    }
}
