//! Arguments through a running systemd: a user manager starts programs from a unit, which write down what they get.
//!
//! `systemd --test` shows lines before `$` is replaced; only a start replaces it. A manager needs a cgroup of its own and a
//! machine that says it was booted with systemd, so this needs root, and makes both for one process only.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use dpc::encode::unit;

use crate::project::Project;
use crate::readers::{texts, tool};

const NOBODY: u32 = 65534;

#[test]
fn arguments_arrive_at_programs() {
    let (Some(systemd), Some(_)) = (tool::find("systemd"), tool::find("unshare")) else { return };
    let texts: Vec<String> = texts::sample(10_000).into_iter().map(|text| text.replace('\0', "")).collect();
    let directory = Project::empty();
    let Some(cgroups) = Cgroups::new() else { return tool::skip("a cgroup for a systemd of its own") };
    write_units(&directory.root, &texts);
    let manager = Manager::start(&systemd, &directory.root, &cgroups);
    wait_for(&directory.root.join("out/done"));
    drop(manager);
    let arrived = String::from_utf8(fs::read(directory.root.join("out/arguments")).unwrap()).unwrap();
    let arrived: Vec<&str> = arrived.split_terminator('\0').collect();
    texts::same(&arrived, &texts).unwrap();
    let tally = texts::Tally::default();
    tally.count(texts.len(), arrived.len());
    tally.print("ExecStart= arguments (a running systemd)");
}

/// One service whose programs append their arguments to one file, a hundred each, and say when they are done.
fn write_units(directory: &Path, texts: &[String]) {
    let program = directory.join("arguments.sh");
    let out = directory.join("out");
    fs::write(&program, format!("#!/bin/sh\nprintf '%s\\0' \"$@\" >> {}/arguments\n", out.display()))
        .unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let mut service = "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\n".to_owned();
    for some in texts.chunks(texts::BATCH) {
        let arguments: Vec<String> = some.iter().map(|text| unit::argument(text).unwrap()).collect();
        service.push_str(&format!("ExecStart={} {}\n", program.display(), arguments.join(" ")));
    }
    service.push_str(&format!("ExecStart=/bin/touch {}/done\n", out.display()));
    fs::create_dir(directory.join("units")).unwrap();
    fs::write(directory.join("units/default.target"), "[Unit]\nWants=arguments.service\n").unwrap();
    fs::write(directory.join("units/arguments.service"), service).unwrap();
    for name in ["out", "runtime"] {
        fs::create_dir(directory.join(name)).unwrap();
        fs::set_permissions(directory.join(name), Permissions::from_mode(0o700)).unwrap();
        drop(chown(directory.join(name), Some(NOBODY), Some(NOBODY)));
    }
}

/// A user manager that is killed with the value.
struct Manager(Child);

impl Manager {
    fn start(systemd: &Path, directory: &Path, cgroups: &Cgroups) -> Self {
        let joins: String =
            cgroups.0.iter().map(|group| format!("echo $$ > {}/cgroup.procs\n", group.display())).collect();
        let script = format!(
            "set -e\n{joins}mount -t tmpfs tmpfs /run\nmkdir -p /run/systemd/system\n\
             exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups {} --user --log-target=null\n",
            systemd.display()
        );
        let child = Command::new("unshare")
            .args(["--mount", "sh", "-c", &script])
            .env_clear()
            .envs([("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("HOME", "/nonexistent")])
            .envs([
                ("SYSTEMD_UNIT_PATH", directory.join("units")),
                ("XDG_RUNTIME_DIR", directory.join("runtime")),
            ])
            .stdin(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A cgroup in each hierarchy that systemd uses, removed with the value.
struct Cgroups(Vec<PathBuf>);

impl Cgroups {
    /// Returns none if the user may not make them.
    fn new() -> Option<Self> {
        let mut groups = Self(Vec::new());
        for root in ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"].map(Path::new) {
            if !root.join("cgroup.procs").is_file() {
                continue;
            }
            let group = root.join(format!("dpc-readers-{}", std::process::id()));
            fs::create_dir(&group).ok()?;
            groups.0.push(group.clone());
            for file in
                ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"].map(|name| group.join(name))
            {
                if file.exists() {
                    chown(&file, Some(NOBODY), Some(NOBODY)).ok()?;
                }
            }
        }
        (!groups.0.is_empty()).then_some(groups)
    }
}

impl Drop for Cgroups {
    fn drop(&mut self) {
        // A group can be removed a moment after its last process ended.
        for _ in 0..50 {
            if self.0.iter().all(|group| remove(group).is_ok()) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
    }
}

fn remove(group: &Path) -> std::io::Result<()> {
    if !group.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(group)?.flatten().filter(|entry| entry.path().is_dir()) {
        remove(&entry.path())?;
    }
    fs::remove_dir(group)
}

fn wait_for(file: &Path) {
    let start = Instant::now();
    while !file.exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "systemd did not run the unit to its end");
        sleep(Duration::from_millis(20));
    }
}
