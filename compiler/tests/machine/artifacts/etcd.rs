//! A real etcd at the endpoints of the plan, with TLS and client certificates if the plan has them; and its keys.

use crate::artifacts::machine::Machine;
use crate::artifacts::tool;
use dpc::model::fleet::{self, Target};
use dpc::value::port::Port;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::{IpAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// An etcd that ends with the value.
pub struct Etcd {
    plan: fleet::Etcd,
    folder: PathBuf,
    process: Option<Child>,
}

/// The value of a key in etcd.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The value.
    pub value: String,
    /// The lease that it goes with; 0 for none.
    pub lease: i64,
}

impl Etcd {
    /// An etcd that does not run yet, with the certificates at the paths of the plan.
    pub fn new(machine: &Machine, plan: &fleet::Etcd) -> Self {
        let folder = machine.scratch.join("etcd");
        fs::create_dir(&folder).unwrap();
        let etcd = Self { plan: plan.clone(), folder, process: None };
        if plan.endpoints.iter().any(|url| url.to_string().starts_with("https")) {
            etcd.certify(machine);
        }
        etcd
    }

    /// One certificate is its own authority, the server's and the client's.
    fn certify(&self, machine: &Machine) {
        let names: Vec<String> = endpoints(&self.plan).map(|endpoint| alternative(&endpoint)).collect();
        let names = format!("subjectAltName={}", names.join(","));
        let words =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=etcd";
        let mut arguments: Vec<&str> = words.split(' ').collect();
        let (cert, key) = (self.path("cert.pem"), self.path("key.pem"));
        arguments.extend(["-addext", &names, "-addext", "extendedKeyUsage=serverAuth,clientAuth"]);
        arguments.extend(["-keyout", &key, "-out", &cert]);
        tool::run("openssl", &arguments);
        // The path of the system's authorities for Go on Debian, if the plan names none.
        let system = "/etc/ssl/certs/ca-certificates.crt".to_owned();
        machine.write(
            self.plan.cacert.as_ref().map_or(system.as_str(), |path| path),
            &fs::read_to_string(&cert).unwrap(),
        );
        for (path, made) in [(&self.plan.cert, &cert), (&self.plan.key, &key)] {
            path.iter().for_each(|path| machine.write(path, &fs::read_to_string(made).unwrap()));
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// Runs it, and waits until it answers.
    pub fn start(&mut self) {
        let listen: Vec<String> = self.plan.endpoints.iter().map(|url| listening(&url.to_string())).collect();
        let advertised = self.plan.endpoints.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let peer = "http://127.0.0.1:23800";
        let mut command = Command::new("etcd");
        command.args(["--data-dir", &self.path("data"), "--unsafe-no-fsync"]);
        command.args(["--listen-client-urls", &listen.join(","), "--advertise-client-urls", &advertised]);
        command.args(["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]);
        command.args(["--initial-cluster", &format!("default={peer}")]);
        if advertised.contains("https") {
            command.args(["--cert-file", &self.path("cert.pem"), "--key-file", &self.path("key.pem")]);
        }
        if self.plan.cert.is_some() {
            command.args(["--client-cert-auth", "--trusted-ca-file", &self.path("cert.pem")]);
        }
        let log = fs::File::create(self.folder.join("log")).unwrap();
        self.process = Some(command.stdout(Stdio::null()).stderr(log).spawn().unwrap());
        self.wait();
    }

    fn wait(&self) {
        for _ in 0..150 {
            if self.ctl(&["endpoint", "health"]).is_ok() {
                return;
            }
            sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap();
        panic!("etcd does not answer: {:?}\n{log}", self.ctl(&["endpoint", "health"]));
    }

    /// Returns whether it runs.
    pub fn runs(&self) -> bool {
        self.process.is_some()
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Takes away all that it kept.
    pub fn lose_everything(&self) {
        fs::remove_dir_all(self.folder.join("data")).unwrap();
    }

    /// Puts a key.
    pub fn put(&self, key: &str) {
        self.ctl(&["put", "--", key, "there"]).unwrap();
    }

    /// Puts a key that ends with a lease.
    pub fn put_with(&self, key: &str, lease: i64) {
        self.ctl(&["put", &format!("--lease={lease:x}"), "--", key, "there"]).unwrap();
    }

    /// Deletes a key.
    pub fn delete(&self, key: &str) {
        self.ctl(&["del", "--", key]).unwrap();
    }

    /// Returns all keys with their values.
    pub fn held(&self) -> BTreeMap<String, Held> {
        let json = self.ctl(&["get", "--prefix", "", "--write-out", "json"]).unwrap();
        let answer: Value = serde_json::from_str(&json).unwrap();
        let pairs = answer["kvs"].as_array().cloned().unwrap_or_default();
        let held =
            |pair: &Value| Held { value: decode(&pair["value"]), lease: pair["lease"].as_i64().unwrap_or(0) };
        pairs.iter().map(|pair| (decode(&pair["key"]), held(pair))).collect()
    }

    /// The seconds that a lease was granted for; -1 when there is none.
    pub fn granted_seconds(&self, lease: i64) -> i64 {
        let json = self.ctl(&["lease", "timetolive", &format!("{lease:x}"), "--write-out", "json"]).unwrap();
        let answer: Value = serde_json::from_str(&json).unwrap();
        if answer["ttl"] == -1 { -1 } else { answer["granted-ttl"].as_i64().unwrap() }
    }

    fn ctl(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("etcdctl");
        command.env("ETCDCTL_API", "3").args(["--endpoints", &self.plan.endpoints[0].to_string()]);
        for (flag, path) in
            [("--cacert", &self.plan.cacert), ("--cert", &self.plan.cert), ("--key", &self.plan.key)]
        {
            if let Some(path) = path {
                command.args([flag, path]);
            }
        }
        let output = command.args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(String::from_utf8(output.stdout).unwrap()) } else { Err(said) }
    }
}

impl Drop for Etcd {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The endpoints of a cluster.
pub fn endpoints(etcd: &fleet::Etcd) -> impl Iterator<Item = Target> {
    etcd.endpoints.iter().map(|url| {
        let url = url.to_string();
        let (_, address) = url.split_once("://").unwrap();
        let (host, port) = address.rsplit_once(':').unwrap();
        Target { host: host.trim_matches(['[', ']']).to_owned(), port: Port::parse(port).unwrap() }
    })
}

fn alternative(endpoint: &Target) -> String {
    let kind = if endpoint.host.parse::<IpAddr>().is_ok() { "IP" } else { "DNS" };
    format!("{kind}:{}", endpoint.host)
}

/// etcd listens on addresses only.
fn listening(url: &str) -> String {
    let (scheme, address) = url.split_once("://").unwrap();
    format!("{scheme}://{}", address.to_socket_addrs().unwrap().next().unwrap())
}

/// Decodes base64 (RFC 4648), in which JSON carries any bytes.
fn decode(text: &Value) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for byte in text.as_str().unwrap_or_default().bytes().filter(|&byte| byte != b'=') {
        let digit = DIGITS.iter().position(|&digit| digit == byte).unwrap();
        (bits, count) = (bits << 6 | u32::try_from(digit).unwrap(), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(bytes).unwrap()
}
