//! A script of dpc's that runs: as its unit starts it, with `NOTIFY_SOCKET` where a unit would have one.

use crate::artifacts::machine::Machine;
use std::fs::{self, File};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// The longest time for something that takes a moment.
const PATIENCE: Duration = Duration::from_secs(60);

/// The script.
pub struct Script {
    child: Child,
    folder: PathBuf,
    notified: Option<Receiver<String>>,
}

/// The end of a script.
#[derive(Debug)]
pub struct End {
    /// The exit status; none for a signal.
    pub status: Option<i32>,
    /// Its output, stdout and stderr together.
    pub said: String,
}

/// The start of a script.
pub struct Start<'m> {
    /// The machine that it runs on.
    pub machine: &'m Machine,
    /// The script.
    pub path: String,
    /// Its arguments.
    pub arguments: &'m [&'m str],
    /// The address of the engine for docker's client.
    pub docker_host: String,
    /// Set if the service manager waits for a message.
    pub notify: bool,
}

impl Start<'_> {
    /// Starts it.
    pub fn spawn(&self) -> Script {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = self.machine.scratch.join(format!("run-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder).unwrap();
        let said = File::create(folder.join("said")).unwrap();
        let script = fs::read_to_string(&self.path).unwrap();
        let mut command = Command::new(script.lines().next().unwrap().trim_start_matches("#!"));
        command.arg(&self.path).args(self.arguments).env_clear();
        command.env("PATH", format!("{}:/usr/bin:/bin", self.machine.programs.display()));
        command.env("DOCKER_HOST", &self.docker_host);
        let notified = self.notify.then(|| {
            let socket = folder.join("notify");
            command.env("NOTIFY_SOCKET", &socket);
            listen(UnixDatagram::bind(socket).unwrap())
        });
        command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        Script { child: command.spawn().unwrap(), folder, notified }
    }
}

impl Script {
    /// Waits until it ends.
    pub fn end(mut self) -> End {
        let mut status = None;
        let Self { child, folder, .. } = &mut self;
        until(
            || format!("the script goes on: {}", said(folder)),
            || {
                status = child.try_wait().unwrap();
                status.is_some()
            },
        );
        End { status: status.and_then(|status| status.code()), said: self.said() }
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        crate::artifacts::tool::run("kill", &["-s", name, &self.child.id().to_string()]);
    }

    /// Returns the output so far.
    pub fn said(&self) -> String {
        said(&self.folder)
    }

    /// Returns whether it runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Returns whether the service manager was told `READY=1` (sd_notify(3)) within a time.
    pub fn is_ready_within(&self, time: Duration) -> bool {
        self.notified.as_ref().unwrap().recv_timeout(time).is_ok()
    }

    /// The same with all patience.
    pub fn becomes_ready(&self) {
        assert!(self.is_ready_within(PATIENCE), "never ready: {}", self.said());
    }
}

/// Receives the messages for the service manager. systemd-notify(1) goes on once the manager has taken its last message, which
/// only says so (sd_notify_barrier(3)).
fn listen(socket: UnixDatagram) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = [0; 256];
        while let Ok(length) = socket.recv(&mut bytes) {
            let message = String::from_utf8_lossy(&bytes[..length]).into_owned();
            if message.lines().any(|line| line == "READY=1") && sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

fn said(folder: &Path) -> String {
    fs::read_to_string(folder.join("said")).unwrap()
}

/// Waits until a condition holds, which costs little to see.
pub fn until(what: impl Fn() -> String, condition: impl FnMut() -> bool) {
    look(Duration::from_millis(20), what, condition);
}

/// Looks again and again whether a condition holds.
pub fn look(every: Duration, what: impl Fn() -> String, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "{}", what());
        sleep(every);
    }
}
