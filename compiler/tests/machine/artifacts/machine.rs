//! The machine that a host's artifacts believe they are on: its addresses, names, release, secrets and `/bin/sh`. It is
//! made in the namespaces of the case; nothing outside is touched.

use crate::artifacts::apart::Case;
use crate::artifacts::etcd;
use crate::artifacts::tool;
use dpc::model::container::{MustBe, Volume};
use dpc::model::fleet::{Check, Target};
use dpc::model::plan::{Plan, Sign, Unit};
use dpc::value::security::Seccomp;
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A text that every secret contains.
pub const SECRET: &str = "s3cr3t";

/// The machine.
pub struct Machine {
    /// A directory in memory.
    pub scratch: PathBuf,
    /// The folder of stand-ins for programs.
    pub programs: PathBuf,
    /// A file for each unit that systemctl says is active.
    pub active: PathBuf,
}

impl Machine {
    /// Makes it.
    pub fn new(case: &Case) -> Self {
        let scratch = std::env::temp_dir();
        mount(&["-t", "tmpfs", "tmpfs", &text(&scratch)]);
        let machine = Self { programs: scratch.join("bin"), active: scratch.join("active"), scratch };
        fs::create_dir(&machine.programs).unwrap();
        fs::create_dir(&machine.active).unwrap();
        machine.network(&case.tree.plan);
        machine.release(case);
        let etcd = case.tree.plan.etcd.as_ref();
        etcd.and_then(|etcd| etcd.password_file.as_ref())
            .iter()
            .for_each(|file| machine.write(file, "secret"));
        for unit in &case.host.units {
            unit.container
                .secrets
                .iter()
                .for_each(|secret| machine.write(&secret.from, &content(&secret.from)));
            let files = unit.container.env_files.iter().chain(&unit.container.label_files);
            files.for_each(|path| machine.write(path, &lines(path).join("\n")));
            if let Some(Seccomp::Profile(path)) =
                unit.container.confinement.seccomp.as_ref().map(|seccomp| &seccomp.value)
            {
                machine.write(path, PROFILE);
            }
        }
        let volumes = case.host.units.iter().flat_map(|unit| &unit.container.volumes);
        volumes.for_each(|volume| machine.volume(volume));
        machine.shell(&case.shell);
        machine.systemctl();
        mount(&["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
        machine
    }

    /// Every address of the fleet is here, and every name leads here.
    fn network(&self, plan: &Plan) {
        tool::run("ip", &["link", "set", "lo", "up"]);
        let mut hosts = "127.0.0.1 localhost\n".to_owned();
        for (index, host) in reached(plan).iter().enumerate() {
            match host.parse::<IpAddr>() {
                Ok(address) if address.is_loopback() || address.is_unspecified() => {}
                Ok(address) => add(address),
                Err(_) => hosts.push_str(&format!("127.0.1.{} {host}\n", index + 1)),
            }
        }
        self.write("/etc/hosts", &hosts);
    }

    /// The host's directory, as activate leaves it.
    fn release(&self, case: &Case) {
        let home = PathBuf::from(format!("/opt/dpc/{}", case.tree.plan.fleet));
        self.write(&text(&home.join("release-of")), &case.tree.name);
        let golden = case.tree.folder.join(&case.host.name);
        tool::run("cp", &["-r", &text(&golden), &text(&home.join("release"))]);
        std::os::unix::fs::symlink("release", home.join("current")).unwrap();
    }

    /// Writes a file at any path; its directory becomes a layer over the present one.
    pub fn write(&self, path: &str, content: &str) {
        let folder = Path::new(path).parent().unwrap();
        if !folder.starts_with(&self.scratch) {
            self.cover(folder.ancestors().find(|folder| folder.is_dir()).unwrap());
        }
        fs::create_dir_all(folder).unwrap();
        fs::write(path, content).unwrap();
    }

    /// What a volume must be is there.
    fn volume(&self, volume: &Volume) {
        match volume.must_be {
            None => {}
            Some(MustBe::File) => self.write(&volume.from, ""),
            Some(MustBe::Directory) => self.write(&format!("{}/kept", volume.from.value), ""),
            Some(MustBe::Mount) => {
                self.write(&format!("{}/kept", volume.from.value), "");
                mount(&["-t", "tmpfs", "-o", "mode=755", "tmpfs", &volume.from]);
            }
        }
    }

    fn cover(&self, folder: &Path) {
        let layer = self.scratch.join("layers").join(text(folder).replace('/', "_"));
        let covered = layer.parent().unwrap();
        let is_covered = |above: &Path| covered.join(text(above).replace('/', "_")).is_dir();
        if folder.ancestors().any(is_covered) {
            return;
        }
        let (upper, work) = (layer.join("upper"), layer.join("work"));
        fs::create_dir_all(&upper).unwrap();
        fs::create_dir_all(&work).unwrap();
        let options = format!("lowerdir={},upperdir={},workdir={}", text(folder), text(&upper), text(&work));
        mount(&["-t", "overlay", "overlay", "-o", &options, &text(folder)]);
    }

    /// `/bin/sh` is the shell that is tried: bash is then as POSIX as it is where it is the system's own shell.
    fn shell(&self, shell: &str) {
        let (shell, sh) = (tool::all(shell).remove(0), Path::new("/bin/sh").canonicalize().unwrap());
        if shell != sh {
            mount(&["--bind", &text(&shell), &text(&sh)]);
        }
    }

    /// systemd is not process 1 here, so the test answers `systemctl is-active --quiet UNIT`.
    fn systemctl(&self) {
        let script = format!(
            "#!/bin/sh\n[ \"$1 $2 $#\" = 'is-active --quiet 3' ] || exit 64\n[ -e \"{}/$3\" ]\n",
            text(&self.active)
        );
        self.program("systemctl", &script);
    }

    /// The client itself, once its arguments are written down, each followed by a NUL. It warns of something at each call, as it does
    /// where its configuration cannot be read.
    pub fn docker(&self, client: &Path) -> PathBuf {
        let log = self.scratch.join("arguments");
        fs::write(&log, "").unwrap();
        let script = format!(
            "#!/bin/sh\nprintf '%s\\0' \"$@\" >>'{}'\necho 'WARNING: it says' >&2\nexec '{}' \"$@\"\n",
            text(&log),
            text(client)
        );
        self.program("docker", &script);
        log
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.programs.join(name);
        // Another one takes the place of one that may be running.
        let made = self.scratch.join("made");
        fs::write(&made, script).unwrap();
        fs::set_permissions(&made, Permissions::from_mode(0o755)).unwrap();
        fs::rename(made, path).unwrap();
    }

    /// Says whether systemd has a unit as active.
    pub fn set_active(&self, unit: &str, active: bool) {
        let path = self.active.join(unit);
        if active {
            fs::write(path, "").unwrap();
        } else {
            drop(fs::remove_file(path));
        }
    }
}

/// The content of a seccomp profile, as a client sends it.
pub const PROFILE: &str = r#"{"defaultAction":"SCMP_ACT_ALLOW"}"#;

/// Returns the lines of a file of variables or labels.
pub fn lines(path: &str) -> [String; 2] {
    let name = path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    [format!("{name}=said 'in' {path}"), "TWO=2".to_owned()]
}

/// Returns the content of a secret's file: everything that a shell could stumble over.
pub fn content(path: &str) -> String {
    format!("{SECRET} of {path} 'one' \"two\" $HOME `id` \\n %s * ünï -e\n  second line #\n")
}

/// Returns all addresses and names that the fleet reaches.
fn reached(plan: &Plan) -> BTreeSet<String> {
    let units = || plan.hosts.iter().flat_map(|host| &host.units);
    let mut reached: BTreeSet<String> = plan.hosts.iter().map(|host| host.address.to_string()).collect();
    reached.extend(units().flat_map(targets).map(|target| target.host));
    reached.extend(plan.etcd.iter().flat_map(etcd::endpoints).map(|endpoint| endpoint.host));
    reached
}

fn targets(unit: &Unit) -> Vec<Target> {
    let waited = unit.waits.iter().flat_map(|wait| match &wait.sign {
        Sign::Unit { .. } | Sign::Started { .. } => Vec::new(),
        Sign::Registration { targets, .. } | Sign::Connection { targets } => targets.clone(),
    });
    let asked = match &unit.health.check {
        Check::Http { address, port, .. } => vec![Target { host: address.to_string(), port: *port }],
        Check::Tcp { targets } => targets.clone(),
        Check::Command { .. } | Check::Exec { .. } | Check::Running => Vec::new(),
    };
    waited.chain(asked).collect()
}

fn add(address: IpAddr) {
    let address = format!("{address}/{}", if address.is_ipv6() { 128 } else { 32 });
    let mut arguments = vec!["address", "add", &address, "dev", "lo"];
    if address.contains(':') {
        arguments.push("nodad");
    }
    tool::run("ip", &arguments);
}

fn mount(arguments: &[&str]) {
    tool::run("mount", arguments);
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
