//! The registrar of each host against a real etcd: what it puts there is what the plan says, under one lease for each time to live,
//! for as long as a service is ready and healthy; whatever becomes of etcd, and of the registrar.

use crate::artifacts::apart::{self, Case};
use crate::artifacts::etcd::Held;
use crate::artifacts::kind::REGISTRATIONS;
use crate::artifacts::script::{Script, look, until};
use crate::artifacts::stage::{Stage, has_check};
use crate::artifacts::tool;
use dpc::model::plan::{HostPlan, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

#[test]
fn registrations_are_kept() {
    apart::each("artifacts::registrations::registrations_are_kept", 16, registering, units);
}

/// `O_NONBLOCK` of open(2).
const NONBLOCK: i32 = 0o4000;
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
    for unit in &units {
        run_container(&stage, unit);
        stage.set_healthy(unit, true);
    }
    let registrar = stage.registrar();
    units.iter().for_each(|unit| fs::create_dir(stage.runtime_directory().join(&unit.name)).unwrap());
    let mut house = House { stage, units, registrar };
    house.units.iter().for_each(|unit| house.tell("ready", unit));
    house.waits_for_etcd();
    house.is_registered();
    if case.units.iter().any(|unit| REGISTRATIONS.is_first(case, unit)) {
        house.hears_only_what_it_asked();
        house.keeps_nobody_waiting();
        house.goes_on_with_the_next_file();
        house.goes_on_when_it_is_killed();
        house.survives_crashes_of_etcd();
        house.comes_back_to_an_etcd_that_lost_everything();
        house.is_gone_while_unhealthy();
        house.is_gone_when_it_is_withdrawn();
        house.is_gone_when_its_unit_ends();
        house.is_put_right();
    }
    house.ends_with_term();
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
    registrar: Script,
}

impl House<'_> {
    /// What its service says about a unit.
    fn tell(&self, what: &str, unit: &Unit) {
        let end = self.stage.start("etcd/register.sh", &[what, &unit.name], false).end();
        assert_eq!((end.status, end.said.as_str()), (Some(0), ""), "{what} {}", unit.name);
    }

    /// A missing etcd is reported once, and ends nothing.
    fn waits_for_etcd(&mut self) {
        let registrar = &self.registrar;
        until(
            || "silence about an etcd that is away".to_owned(),
            || registrar.said().contains("etcd does not answer"),
        );
        assert!(self.registrar.runs());
        self.stage.etcd.as_mut().unwrap().start();
    }

    /// Keys, values and leases are as planned.
    fn is_registered(&self) {
        self.all_are_registered();
        let mut leases = BTreeSet::new();
        for unit in &self.units {
            let ttl = unit.registrations.iter().map(|registration| registration.ttl_seconds).min().unwrap();
            for lease in self.leases(unit) {
                assert_eq!(self.etcd().granted_seconds(lease), i64::try_from(ttl).unwrap());
                leases.insert((ttl, lease));
            }
        }
        let times: BTreeSet<u64> = leases.iter().map(|(ttl, _)| *ttl).collect();
        assert_eq!(times.len(), leases.len(), "there is more than one lease for a time to live: {leases:?}");
        let said = self.registrar.said();
        assert_eq!(said.matches("etcd does not answer").count(), 1, "{said}");
        assert!(said.contains("etcd answers again"), "{said}");
    }

    fn all_are_registered(&self) {
        self.holds(|held| self.leased_and_lasting(held, true));
    }

    /// Its pipe holds the end of a line whose begin was read before, on a host that is busy.
    fn hears_only_what_it_asked(&mut self) {
        let pipe = self.stage.runtime_directory().join(".register/wake");
        for part in ["o", "k\n"] {
            let mut pipe = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
            pipe.write_all(part.as_bytes()).unwrap();
            sleep(A_MOMENT);
        }
        assert!(self.registrar.runs(), "{}", self.registrar.said());
    }

    /// One that hangs reads nothing, and its pipe is full.
    fn keeps_nobody_waiting(&mut self) {
        self.registrar.signal("STOP");
        let pipe = self.stage.runtime_directory().join(".register/wake");
        let mut pipe = OpenOptions::new().read(true).write(true).custom_flags(NONBLOCK).open(pipe).unwrap();
        while pipe.write(&[b'\n'; 4096]).is_ok() {}
        self.units.iter().for_each(|unit| self.tell("ready", unit));
        self.registrar.signal("CONT");
        self.all_are_registered();
    }

    /// HUP runs another file, with the same leases; readers never miss a key.
    fn goes_on_with_the_next_file(&mut self) {
        self.misses_no_key(|house| house.registrar.signal("HUP"));
    }

    /// So does the next registrar after one that was killed.
    fn goes_on_when_it_is_killed(&mut self) {
        self.misses_no_key(|house| {
            house.registrar.signal("KILL");
            house.registrar = house.stage.registrar();
        });
    }

    fn misses_no_key(&mut self, change: impl FnOnce(&mut Self)) {
        let leases = |house: &Self| house.units.iter().map(|unit| house.leases(unit)).collect::<Vec<_>>();
        let before = leases(self);
        change(self);
        for _ in 0..10 {
            sleep(A_MOMENT);
            assert!(self.leased_and_lasting(&self.etcd().held(), true), "a key was missing");
        }
        assert_eq!(leases(self), before, "there is another lease");
        assert!(self.registrar.runs());
    }

    /// An etcd that was killed and has its data comes back with the keys, and the scripts go on. Each time they say so.
    fn survives_crashes_of_etcd(&mut self) {
        for outage in 1..3 {
            self.stage.etcd.as_mut().unwrap().kill();
            self.says(outage, "etcd does not answer");
            self.stage.etcd.as_mut().unwrap().start();
            self.says(outage, "etcd answers again");
        }
        self.all_are_registered();
        assert!(self.registrar.runs());
    }

    /// The lease is gone with everything else: another one is granted.
    fn comes_back_to_an_etcd_that_lost_everything(&mut self) {
        let etcd = self.stage.etcd.as_mut().unwrap();
        etcd.kill();
        etcd.lose_everything();
        etcd.start();
        assert!(etcd.held().is_empty());
        self.all_are_registered();
        assert!(self.registrar.runs());
    }

    /// A unit that is not healthy loses its leased keys, and gets them back.
    fn is_gone_while_unhealthy(&mut self) {
        let units = self.units.clone();
        units.iter().for_each(|unit| self.stage.set_healthy(unit, false));
        self.holds(|held| self.only_healthy(held));
        units.iter().for_each(|unit| self.stage.set_healthy(unit, true));
        self.all_are_registered();
    }

    /// When the command ends the keys are gone, though no registrar runs. Its service takes its time in the real stop only.
    fn is_gone_when_it_is_withdrawn(&mut self) {
        self.registrar.signal("STOP");
        self.units.iter().for_each(|unit| self.tell("withdraw", unit));
        let held = self.etcd().held();
        assert!(self.leased_and_lasting(&held, false), "after they were withdrawn there is {held:?}");
        self.units.iter().for_each(|unit| self.tell("withdraw", unit));
        self.registrar.signal("CONT");
        self.units.iter().for_each(|unit| self.tell("ready", unit));
        self.all_are_registered();
    }

    /// systemd removes the directory of a unit that ended.
    fn is_gone_when_its_unit_ends(&mut self) {
        let directory = |unit: &Unit| self.stage.runtime_directory().join(&unit.name);
        self.units.iter().for_each(|unit| fs::remove_dir_all(directory(unit)).unwrap());
        self.holds(|held| self.leased_and_lasting(held, false));
        // One that ended before it could say so is not ready. What was left half-way hinders no other.
        self.units.iter().for_each(|unit| self.tell("ready", unit));
        assert!(self.units.iter().all(|unit| !directory(unit).exists()));
        let half = self.stage.runtime_directory().join("half");
        fs::create_dir(&half).unwrap();
        fs::write(half.join("ready"), "1.1 1.2\n").unwrap();
        self.units.iter().for_each(|unit| fs::create_dir(directory(unit)).unwrap());
        self.units.iter().for_each(|unit| self.tell("ready", unit));
        self.all_are_registered();
    }

    /// A key that somebody else deletes, writes over, or brings back from a backup.
    fn is_put_right(&self) {
        let leased =
            |unit: &&Unit| unit.records().find(|record| record.leased).map(|record| record.key.clone());
        let keys: Vec<String> = self.units.iter().filter_map(leased).collect();
        let lease = self.leases(self.units[0]).into_iter().next();
        for (index, key) in keys.iter().enumerate() {
            if index % 2 == 0 { self.etcd().delete(key) } else { self.etcd().put(key) }
        }
        lease.into_iter().for_each(|lease| self.etcd().put_with("/services/old", lease));
        self.all_are_registered();
    }

    /// TERM removes leased keys; the others stay.
    fn ends_with_term(self) {
        self.registrar.signal("TERM");
        let House { registrar, stage, units } = self;
        let end = registrar.end();
        assert_eq!(end.status, Some(0), "{}", end.said);
        assert!(end.said.contains("all registrations taken away"), "{}", end.said);
        let held = stage.etcd.as_ref().unwrap().held();
        assert!(is(&units, &held, |_| false), "after TERM there is {held:?}");
    }

    fn says(&self, times: usize, what: &str) {
        let said = || self.registrar.said();
        until(|| format!("{what} {times} times: {}", said()), || said().matches(what).count() == times);
    }

    fn holds(&self, right: impl Fn(&BTreeMap<String, Held>) -> bool) {
        let what = || format!("etcd holds {:#?}\n{}", self.etcd().held(), self.registrar.said());
        look(A_MOMENT, what, || right(&self.etcd().held()));
    }

    /// Returns whether exactly the planned records are there: permanent ones, and leased ones if `leased`.
    fn leased_and_lasting(&self, held: &BTreeMap<String, Held>, leased: bool) -> bool {
        is(&self.units, held, |_| leased)
    }

    /// Returns whether the leased records of units that cannot be unhealthy are there, and no others.
    fn only_healthy(&self, held: &BTreeMap<String, Held>) -> bool {
        is(&self.units, held, |unit| !has_check(unit))
    }

    fn leases(&self, unit: &Unit) -> BTreeSet<i64> {
        let held = self.etcd().held();
        let leased = unit.records().filter(|record| record.leased);
        leased.map(|record| held[&record.key].lease).collect()
    }

    fn etcd(&self) -> &crate::artifacts::etcd::Etcd {
        self.stage.etcd.as_ref().unwrap()
    }
}

fn is(units: &[&Unit], held: &BTreeMap<String, Held>, leased: impl Fn(&Unit) -> bool) -> bool {
    let records = units.iter().flat_map(|unit| unit.records().map(move |record| (unit, record)));
    let planned = records.filter(|(unit, record)| !record.leased || leased(unit));
    let planned: BTreeMap<_, _> =
        planned.map(|(_, record)| (record.key.clone(), (record.value.clone(), record.leased))).collect();
    let held: BTreeMap<_, _> =
        held.iter().map(|(key, held)| (key.clone(), (held.value.clone(), held.lease != 0))).collect();
    planned == held
}
