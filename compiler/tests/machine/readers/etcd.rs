//! Keys and values through a transaction of `etcdctl` into a real etcd on the loopback interface, and back.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use dpc::encode::json::Member;
use dpc::encode::{etcd, json};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::project::Project;
use crate::readers::{texts, tool};

#[test]
fn keys_and_values_arrive() {
    let (Some(server), Some(etcdctl), Some(sh)) =
        (tool::find("etcd"), tool::find("etcdctl"), tool::find("dash"))
    else {
        return;
    };
    let etcd = Etcd::start(&server, &etcdctl);
    // Ten registrations of ten parts each: a process of etcdctl costs a hundred times as much as a part.
    texts::batches("parts of etcd keys (etcd)", (texts::text(), texts::text()), |batch, tally| {
        let records: Vec<(String, String)> =
            batch.chunks(10).enumerate().map(|(index, some)| record(index, some)).collect();
        let parts = batch.iter().filter(|(part, _)| etcd::part(part).is_ok());
        tally.count(batch.len(), parts.count());
        arrive(&etcd, &sh, records)
    });
    texts::batches("values in etcd (etcdctl txn)", texts::text(), |batch, tally| {
        tally.count(batch.len(), batch.len());
        let key = |index: usize| format!("/dpc/{index}");
        arrive(&etcd, &sh, batch.into_iter().enumerate().map(|(index, text)| (key(index), text)).collect())
    });
}

/// Puts them in one transaction, as the registrar does, and reads them back.
fn arrive(etcd: &Etcd, sh: &Path, mut records: Vec<(String, String)>) -> Result<(), TestCaseError> {
    let put = |(key, value): &(String, String)| {
        format!("put -- {} {}\n", etcd::word(key).unwrap(), etcd::quoted(value))
    };
    let puts: String = records.iter().map(put).collect();
    let stored = etcd.run(sh, &format!("etcdctl txn <<'END'\n\n{puts}\n\nEND\n"));
    prop_assert!(stored.status.success(), "{}", String::from_utf8_lossy(&stored.stderr));
    let listed = etcd.run(sh, "etcdctl get --prefix -- /dpc\netcdctl del --prefix -- /dpc >/dev/null\n");
    records.sort();
    let expected: String = records.iter().map(|(key, value)| format!("{key}\n{value}\n")).collect();
    prop_assert_eq!(String::from_utf8_lossy(&listed.stdout), expected);
    Ok(())
}

/// Parts that are refused are left out of the key; the value tells the same texts back.
fn record(index: usize, pairs: &[(String, String)]) -> (String, String) {
    let index = index.to_string();
    let mut parts = vec![index.as_str()];
    parts.extend(pairs.iter().map(|(part, _)| part.as_str()).filter(|part| etcd::part(part).is_ok()));
    let names: Vec<String> =
        pairs.iter().enumerate().map(|(index, (name, _))| format!("{index}{name}")).collect();
    let members: Vec<_> =
        names.iter().zip(pairs).map(|(name, (_, text))| (name.as_str(), Member::Text(text))).collect();
    let value = json::object(&members);
    let read: serde_json::Value = serde_json::from_str(&value).unwrap();
    assert!(members.iter().all(|(name, text)| read[name] == serde_json::json!(text_of(text))));
    (etcd::key("/dpc", &parts).unwrap(), value)
}

fn text_of<'a>(value: &Member<'a>) -> &'a str {
    match value {
        Member::Text(text) => text,
        _ => "",
    }
}

/// Readers get the key itself, and scan keys that start with it and a `/`.
#[test]
fn what_covers_a_key_finds_it() {
    let (Some(server), Some(etcdctl), Some(sh)) =
        (tool::find("etcd"), tool::find("etcdctl"), tool::find("dash"))
    else {
        return;
    };
    let etcd = Etcd::start(&server, &etcdctl);
    let config = ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(mut keys in vec("/dpc(/[ab]{1,2}){1,3}", 1..12))| {
        keys.sort();
        keys.dedup();
        let puts: String = keys.iter().map(|key| format!("etcdctl put -- {key} x >/dev/null\n")).collect();
        let above = keys[0].clone();
        let scan = format!("{puts}etcdctl get --keys-only -- {above}\netcdctl get --prefix --keys-only -- {above}/\netcdctl del --prefix -- /dpc >/dev/null\n");
        let output = String::from_utf8(etcd.run(&sh, &scan).stdout).unwrap();
        let found: Vec<&str> = output.split('\n').filter(|line| !line.is_empty()).collect();
        let covered: Vec<&String> = keys.iter().filter(|key| etcd::covers(&above, key)).collect();
        prop_assert_eq!(found, covered);
    });
}

/// An etcd that ends with the value.
struct Etcd {
    process: Child,
    endpoint: String,
    directory: Project,
    path: String,
}

impl Etcd {
    fn start(server: &Path, etcdctl: &Path) -> Self {
        let directory = Project::empty();
        let (client, peer) = (free_address(), free_address());
        let process = Command::new(server)
            .args(["--listen-client-urls", &client, "--advertise-client-urls", &client])
            .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
            .args(["--initial-cluster", &format!("default={peer}"), "--unsafe-no-fsync"])
            .arg("--data-dir")
            .arg(directory.root.join("data"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bin = etcdctl.parent().unwrap_or(Path::new("/usr/bin")).display();
        let etcd = Self { process, endpoint: client, directory, path: format!("{bin}:/usr/bin:/bin") };
        etcd.wait(etcdctl);
        etcd
    }

    fn wait(&self, etcdctl: &Path) {
        for _ in 0..100 {
            let mut command = Command::new(etcdctl);
            let health =
                command.env("ETCDCTL_API", "3").args(["--endpoints", &self.endpoint, "endpoint", "health"]);
            if tool::run(health).status.success() {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        panic!("etcd does not answer at {}", self.endpoint);
    }

    fn run(&self, sh: &Path, script: &str) -> std::process::Output {
        let file = self.directory.root.join("script.sh");
        fs::write(&file, script).unwrap();
        let environment = [("ETCDCTL_API", "3"), ("ETCDCTL_ENDPOINTS", &self.endpoint), ("PATH", &self.path)];
        tool::run(Command::new(sh).arg(file).env_clear().envs(environment))
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
