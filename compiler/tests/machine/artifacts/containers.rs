//! Each `docker/*.sh` from end to end: docker's real client asks the recording engine for exactly what the plan says, after
//! all that the unit waits for and in the right order; the service manager hears of it when it is healthy; the container's
//! exit status becomes the script's; secrets go from files into the container and nowhere else.

use crate::artifacts::apart::{self, Case};
use crate::artifacts::create_request::{expected, normal};
use crate::artifacts::kind::CONTAINERS;
use crate::artifacts::machine::SECRET;
use crate::artifacts::script::{Script, until};
use crate::artifacts::stage::{Stage, has_check};
use crate::artifacts::tool;
use crate::recording_docker::Failure;
use dpc::model::container::MustBe;
use dpc::model::fleet::Kind;
use dpc::model::plan::{HostPlan, Sign, Unit};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

#[test]
fn scripts_run_what_the_plan_says() {
    let parts = |host: &HostPlan| host.units.iter().map(|unit| vec![unit.clone()]).collect();
    apart::each("artifacts::containers::scripts_run_what_the_plan_says", 16, parts, units);
}

/// Longer than a script sleeps between two looks at its needs.
const LOOK: Duration = Duration::from_millis(1300);

fn units(case: &Case) {
    let mut stage = Stage::new(case);
    // The shell that calls a client does not change what the client makes of its words.
    let clients = if case.shell == "dash" { usize::MAX } else { 1 };
    for (index, client) in tool::all("docker").into_iter().take(clients).enumerate() {
        // A client before docker 25 knows no device of CDI, and `activate` says so.
        let units = case.units.iter().filter(|unit| unit.container.gpus.is_empty() || knows_cdi(&client));
        for unit in units {
            // Only the create request depends on the client; the rest is the script's.
            let whole = index == 0 && CONTAINERS.is_first(case, unit);
            let mut act =
                Act { arguments: stage.machine.docker(&client), stage: &mut stage, unit, client: &client };
            act.whole_life(whole);
            if whole {
                act.other_ends();
            }
            if index == 0 {
                act.without_a_secret();
            }
        }
    }
}

fn knows_cdi(client: &Path) -> bool {
    let version = Command::new(client).arg("--version").output().unwrap().stdout;
    !String::from_utf8_lossy(&version).contains(" 20.")
}

/// A unit and all that it meets.
struct Act<'s, 'c> {
    stage: &'s mut Stage<'c>,
    unit: &'s Unit,
    client: &'s Path,
    arguments: PathBuf,
}

impl Act<'_, '_> {
    /// The whole life of a container, beside one that was left behind: by a power cut, or running by a killed client if `slow`. Then
    /// nothing is there in advance.
    fn whole_life(&mut self, slow: bool) {
        self.stage.reset();
        let label = format!("dpc.fleet={}", self.stage.case.tree.plan.fleet);
        self.docker(&["run", "--detach", "--name", &self.unit.name, "--label", &label, "left-over"]);
        let (bare, raw) = self.plain();
        self.stage.engine.forget();
        if !slow {
            assert!(self.stage.engine.end(&self.unit.name, 137));
            self.satisfy_all();
            self.stage.set_healthy(self.unit, true);
        }
        let script = self.start();
        if slow {
            self.wait_for_each(true);
        }
        self.becomes_ready(&script, slow);
        let tries = self.unit.restart.retries.is_some();
        let status = if self.is_service() || slow && !tries { 7 } else { 0 };
        assert!(self.stage.engine.end(&self.unit.name, status));
        let end = script.end();
        assert_eq!(end.status, i32::try_from(status).ok(), "{}", end.said);
        self.created_as_planned(&bare, &raw);
        self.calls_in_order(slow);
        self.secrets_stay_secret(&end.said);
    }

    fn other_ends(&mut self) {
        self.stopped();
        self.engine_hangs();
        self.ends_before_it_is_healthy();
        if self.is_service() {
            self.by_hand();
            self.counts_ends();
        }
        if self.unit.health.restart {
            self.becomes_sick();
        }
        if self.unit.container.volumes.iter().any(|volume| volume.must_be == Some(MustBe::Mount)) {
            self.without_a_mount();
        }
        if self.unit.run_timeout_seconds.is_some() && self.unit.restart.retries.is_some() {
            self.takes_too_long();
        }
        if self.waits_for_registrations() {
            self.without_etcd();
        }
    }

    /// Each wait holds the script back until it is satisfied.
    fn wait_for_each(&mut self, etcd: bool) {
        if etcd && self.waits_for_registrations() {
            self.stage.etcd.as_mut().unwrap().start();
        }
        let unit = self.unit;
        for wait in &unit.waits {
            sleep(LOOK);
            assert!(self.stage.engine.created().is_empty(), "{} did not wait for {wait:?}", unit.name);
            self.stage.satisfy(wait, etcd);
        }
    }

    fn waits_for_registrations(&self) -> bool {
        self.unit.waits.iter().any(|wait| matches!(wait.sign, Sign::Registration { .. }))
    }

    /// If etcd does not answer, a port that is open must do.
    fn without_etcd(&mut self) {
        self.stage.reset();
        self.stage.etcd.as_mut().unwrap().kill();
        let script = self.start();
        self.wait_for_each(false);
        self.stage.set_healthy(self.unit, true);
        self.runs(&script);
        assert!(self.stage.engine.end(&self.unit.name, 0));
        script.end();
    }

    /// A service tells when it is healthy, and not before.
    fn becomes_ready(&mut self, script: &Script, slow: bool) {
        self.runs(script);
        if !self.is_service() {
            return;
        }
        if slow && has_check(self.unit) {
            assert!(!script.is_ready_within(LOOK), "{} was ready before it was healthy", self.unit.name);
            self.stage.set_healthy(self.unit, true);
        }
        script.becomes_ready();
    }

    /// TERM stops the container, and its status becomes the script's.
    fn stopped(&mut self) {
        let script = self.all_is_well();
        script.signal("TERM");
        assert_eq!(script.end().status, Some(143));
        let stop = format!("POST /containers/{}/stop", self.unit.name);
        assert_eq!(self.stage.engine.requests().iter().filter(|request| request.call() == stop).count(), 1);
    }

    /// An engine that takes a request and never answers keeps no signal waiting, and is said.
    fn engine_hangs(&mut self) {
        self.stage.reset();
        self.satisfy_all();
        let never = |method, path_end| Failure { method, path_end, status: 0, message: "", times: 1 };
        self.stage.engine.fail(never("POST", "/create"));
        let script = self.start();
        until(
            || format!("it does not make {}: {}", self.unit.name, script.said()),
            || self.stage.engine.requests().iter().any(|request| request.path == "/containers/create"),
        );
        let sent = Instant::now();
        script.signal("TERM");
        let end = script.end();
        assert_eq!(end.status, Some(143), "{}", end.said);
        assert!(end.said.contains("is stopped before docker has made its container"), "{}", end.said);
        assert!(sent.elapsed() < Duration::from_secs(20), "{}: {}", sent.elapsed().as_secs(), end.said);
        for (limit, failure) in
            [("allowed=600", never("POST", "/create")), ("patience=60", never("DELETE", ""))]
        {
            let call = if failure.method == "POST" { "run" } else { "rm" };
            self.stage.engine.fail(failure);
            fs::write(format!("/run/dpc/{}.made", self.unit.name), "").unwrap();
            let end = self.with(limit, |act| act.start().end());
            assert_ne!(end.status, Some(0), "{}", end.said);
            let said =
                format!("{}: docker does not answer: `docker {call}` takes longer than 1 s", self.unit.name);
            assert!(end.said.contains(&said), "{}", end.said);
        }
    }

    /// Does something with another script, in which a limit is one second.
    fn with<T>(&self, limit: &str, act: impl FnOnce(&Self) -> T) -> T {
        let path =
            format!("/opt/dpc/{}/current/docker/{}.sh", self.stage.case.tree.plan.fleet, self.unit.name);
        let script = fs::read_to_string(&path).unwrap();
        assert!(script.contains(limit), "{script}");
        let number = limit.trim_end_matches(|c: char| c.is_ascii_digit());
        fs::write(&path, script.replace(limit, &format!("{number}1"))).unwrap();
        let done = act(self);
        fs::write(&path, script).unwrap();
        done
    }

    /// A process that does not answer any more is stopped, so that its unit starts again.
    fn becomes_sick(&mut self) {
        let script = self.all_is_well();
        script.becomes_ready();
        self.stage.set_healthy(self.unit, false);
        let end = script.end();
        assert_eq!(end.status, Some(1), "{}", end.said);
        assert!(end.said.contains("is not healthy any more, and starts again: "), "{}", end.said);
        assert!(self.stage.engine.requests().iter().any(|request| request.call().ends_with("/stop")));
    }

    /// A disk that is not mounted is not written beside.
    fn without_a_mount(&mut self) {
        let volumes = &self.unit.container.volumes;
        let volume = volumes.iter().find(|volume| volume.must_be == Some(MustBe::Mount)).unwrap();
        tool::run("umount", &[&volume.from]);
        self.stage.reset();
        self.satisfy_all();
        let end = self.start().end();
        tool::run("mount", &["-t", "tmpfs", "-o", "mode=755", "tmpfs", &volume.from]);
        assert_eq!(end.status, Some(1), "{}", end.said);
        assert!(end.said.contains("is no mount, and must be one"), "{}", end.said);
        assert!(self.stage.engine.created().is_empty());
    }

    /// A run that takes too long is stopped, and tried again as often as it is said.
    fn takes_too_long(&mut self) {
        self.stage.reset();
        self.satisfy_all();
        let limit = format!("timeout {}", self.unit.run_timeout_seconds.unwrap());
        let end = self.with(&limit, |act| act.start().end());
        assert_eq!(end.status, Some(124), "{}", end.said);
        let retries = usize::try_from(self.unit.restart.retries.as_ref().unwrap().value).unwrap();
        assert_eq!(end.said.matches("is stopped: it takes longer than").count(), 1 + retries, "{}", end.said);
        assert_eq!(self.stage.engine.created().len(), 1 + retries, "{}", end.said);
    }

    /// A start that failed is not ready, and has the container's status.
    fn ends_before_it_is_healthy(&mut self) {
        if !(self.is_service() && has_check(self.unit)) {
            return;
        }
        self.stage.reset();
        self.satisfy_all();
        let script = self.start();
        self.runs(&script);
        assert!(self.stage.engine.end(&self.unit.name, 3));
        assert!(!script.is_ready_within(LOOK));
        assert_eq!(script.end().status, Some(3));
    }

    /// A file that is not there ends the start before a container is made with an empty value.
    fn without_a_secret(&mut self) {
        for secret in self.unit.container.secrets.iter().filter(|secret| secret.path.is_none()) {
            let content = fs::read_to_string(secret.from.as_str()).unwrap();
            fs::remove_file(secret.from.as_str()).unwrap();
            self.stage.reset();
            self.satisfy_all();
            let end = self.start().end();
            assert_ne!(end.status, Some(0));
            assert!(end.said.contains("is empty, or not there"), "{}", end.said);
            assert!(self.stage.engine.created().is_empty());
            fs::write(secret.from.as_str(), content).unwrap();
        }
    }

    /// On a terminal, `healthy` says how the container is, and a second start beside the unit is refused.
    fn by_hand(&mut self) {
        let script = self.all_is_well();
        script.becomes_ready();
        assert_eq!(self.script(&["healthy"]).end().status, Some(0));
        if has_check(self.unit) {
            self.stage.set_healthy(self.unit, false);
            assert_eq!(self.script(&["healthy"]).end().status, Some(1));
        }
        self.stage.machine.set_active(&format!("{}.service", self.unit.name), true);
        let refused = self.script(&[]).end();
        assert_eq!(refused.status, Some(1), "{}", refused.said);
        assert_eq!(self.stage.engine.created().len(), 1);
        assert_eq!(self.script(&["other"]).end().status, Some(1));
        assert!(self.stage.engine.end(&self.unit.name, 0));
        assert_eq!(script.end().status, Some(0));
    }

    /// What ends soon or cannot be made is counted, for its next start waits the longer the more often it did; what somebody killed is not.
    fn counts_ends(&mut self) {
        let counted = |act: &Self| {
            let path = format!("/run/dpc/{}.ends", act.unit.name);
            fs::read_to_string(path).unwrap_or_default()
        };
        assert_eq!(self.script(&["stop"]).end().status, Some(0));
        let script = self.all_is_well();
        assert!(self.stage.engine.end(&self.unit.name, 3));
        assert_eq!((script.end().status, counted(self).as_str()), (Some(3), "1\n"));
        let failure =
            Failure { method: "POST", path_end: "/create", status: 400, message: "invalid option", times: 1 };
        self.stage.engine.fail(failure);
        let end = self.start().end();
        assert!(end.status != Some(0) && end.said.contains("invalid option"), "{}", end.said);
        assert_eq!(counted(self), "2\n");
        let script = self.all_is_well();
        self.docker(&["kill", &self.unit.name]);
        assert_eq!((script.end().status, counted(self).as_str()), (Some(137), "2\n"));
    }

    fn all_is_well(&mut self) -> Script {
        self.stage.reset();
        self.satisfy_all();
        self.stage.set_healthy(self.unit, true);
        let script = self.start();
        self.runs(&script);
        script
    }

    /// Satisfies every wait, by a port or a unit.
    fn satisfy_all(&mut self) {
        let unit = self.unit;
        let etcd = self.waits_for_registrations() && self.stage.etcd.as_ref().is_some_and(|etcd| etcd.runs());
        unit.waits.iter().for_each(|wait| self.stage.satisfy(wait, etcd));
    }

    fn start(&self) -> Script {
        self.stage.start(&format!("docker/{}.sh", self.unit.name), &[], self.is_service())
    }

    fn script(&self, arguments: &[&str]) -> Script {
        self.stage.start(&format!("docker/{}.sh", self.unit.name), arguments, false)
    }

    fn is_service(&self) -> bool {
        self.unit.kind == Kind::Service
    }

    /// Waits until the script watches its container.
    fn runs(&self, script: &Script) {
        let is_start = |call: &str| call.ends_with("/start") && call.starts_with("POST /containers/");
        until(
            || format!("it does not start {}: {}", self.unit.name, script.said()),
            || self.stage.engine.requests().iter().any(|request| is_start(&request.call())),
        );
    }

    /// Returns the client itself, behind the script that writes its arguments down.
    fn docker(&self, arguments: &[&str]) {
        let mut command = Command::new(self.client);
        let output = command.args(arguments).env("DOCKER_HOST", self.stage.engine.host()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Returns the requests of this client without a flag, and with the raw arguments of the unit alone.
    fn plain(&self) -> (Value, Value) {
        let raw: Vec<&str> = self.unit.container.docker_args.iter().map(|word| word.value.as_str()).collect();
        self.docker(&["run", "--detach", "image"]);
        if !raw.is_empty() {
            self.docker(&[&["run", "--detach"][..], &raw, &["image"]].concat());
        }
        // The first is the one that was left behind.
        let created = self.stage.engine.created();
        (created[1].1.clone(), created.last().unwrap().1.clone())
    }

    fn created_as_planned(&self, bare: &Value, raw: &Value) {
        let [(name, body)] = &self.stage.engine.created()[..] else {
            panic!("{:?}", self.stage.engine.created())
        };
        assert_eq!(name, &self.unit.name);
        let expected = expected(&self.stage.case.tree.plan.fleet, self.unit, bare, raw);
        let differences = differences("", &normal(body.clone()), &expected);
        assert!(differences.is_empty(), "{name} is not as planned:\n{}", differences.join("\n"));
        self.files_are_there(body);
    }

    /// Checks that the release holds each mounted file, with the content of the plan.
    fn files_are_there(&self, body: &Value) {
        for file in &self.unit.container.files {
            let mounts = body["HostConfig"]["Mounts"].as_array().unwrap();
            let mount = mounts.iter().find(|mount| mount["Target"] == json!(file.path.value)).unwrap();
            let source = mount["Source"].as_str().unwrap();
            let digest = tool::run("sha256sum", &["--", source]);
            let digest = digest.trim_start_matches('\\');
            assert!(digest.starts_with(&file.sha256), "{source} is not {}", file.sha256);
        }
    }

    /// Each call once, in the order in which they were first made; how often the script looks is its own affair.
    fn calls_in_order(&self, left_running: bool) {
        let name = &self.unit.name;
        let mut calls: Vec<String> = Vec::new();
        for call in self.stage.engine.requests().iter().map(|request| request.call()) {
            let is_need = self
                .unit
                .waits
                .iter()
                .any(|wait| matches!(&wait.sign, Sign::Started { unit } if call.contains(unit.as_str())));
            let is_look = call == "GET /info" || call.contains("/exec") || is_need;
            if !is_look && calls.last() != Some(&call) {
                calls.push(call);
            }
        }
        let id = self.id();
        let mut expected = vec!["GET /containers/json".to_owned(), format!("DELETE /containers/{name}")];
        if left_running {
            expected.extend([format!("POST /containers/{name}/stop"), format!("DELETE /containers/{name}")]);
        }
        expected.extend([
            "POST /containers/create".to_owned(),
            format!("POST /containers/{id}/wait"),
            format!("POST /containers/{id}/start"),
            format!("GET /containers/{name}/json"),
        ]);
        // It ended at once: did somebody kill it?
        expected.extend(self.is_service().then(|| "GET /events".to_owned()));
        assert_eq!(calls, expected);
    }

    /// The id of the container that the script made: the engine counts them.
    fn id(&self) -> String {
        let requests = self.stage.engine.requests();
        let start = requests.iter().find(|request| request.path.ends_with("/start")).unwrap();
        start.path.split('/').nth(2).unwrap().to_owned()
    }

    fn secrets_stay_secret(&self, said: &str) {
        let arguments = String::from_utf8(fs::read(&self.arguments).unwrap()).unwrap();
        assert!(arguments.contains("--name\0") && arguments.contains(&self.unit.name));
        assert!(!arguments.contains(SECRET) && !said.contains(SECRET), "a secret got out");
    }
}

/// Lists the differences of two requests, a line each.
fn differences(path: &str, is: &Value, should: &Value) -> Vec<String> {
    match (is, should) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort();
            names.dedup();
            names
                .iter()
                .flat_map(|name| differences(&format!("{path}/{name}"), &is[*name], &should[*name]))
                .collect()
        }
        _ if is == should => Vec::new(),
        _ => vec![format!("{path}: is {is}, should be {should}")],
    }
}
