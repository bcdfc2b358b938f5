//! In: a folder for its data. Out: a docker engine: the machine's own where one answers, else one of ours, which ends
//! with the value.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::command;
use crate::patience::eventually;

/// The folder of our engine's socket: a path under `target/` can be too long for a socket.
const RUNTIME: &str = "/run/dpc-hosts";
const SOCKET: &str = "unix:///run/dpc-hosts/docker.sock";

static ENDPOINT: OnceLock<&str> = OnceLock::new();

/// An engine that answers. If it is ours it ends when this is dropped.
pub struct Engine {
    own: Option<Child>,
}

impl Engine {
    /// Uses the machine's engine or starts one, with its data under `cache`.
    pub fn find_or_start(cache: &Path) -> Result<Engine, String> {
        if command::answers("docker", &["info"]) {
            ENDPOINT.get_or_init(|| "");
            return Ok(Engine { own: None });
        }
        let child = start(cache)?;
        ENDPOINT.get_or_init(|| SOCKET);
        let engine = Engine { own: Some(child) };
        eventually("the docker engine to answer", || docker(&["info"]).is_ok())
            .map_err(|error| format!("{error}: see `{}`", cache.join("dockerd.log").display()))?;
        Ok(engine)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(child) = &mut self.own else { return };
        // Not `Child::kill`: the engine must unmount what it mounted.
        if command::run("kill", &["-TERM", &child.id().to_string()]).is_ok() {
            // Its end is all that is waited for; how it ended changes nothing here.
            let _ = child.wait();
        }
        let _ = fs::remove_dir_all(RUNTIME);
    }
}

/// Runs the docker client against the engine.
pub fn docker(arguments: &[&str]) -> Result<String, String> {
    command::run_with("docker", arguments, &variables())
}

/// The same with a file as its stdin.
pub fn docker_from(arguments: &[&str], input: &Path) -> Result<String, String> {
    command::run_from("docker", arguments, &variables(), input)
}

/// Starts the docker client, with its stdin and stdout open.
pub fn docker_spawn(arguments: &[&str]) -> Result<Child, String> {
    Command::new("docker")
        .args(arguments)
        .envs(variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`docker` does not start: {error}"))
}

fn variables() -> Vec<(&'static str, &'static str)> {
    ENDPOINT
        .get()
        .filter(|endpoint| !endpoint.is_empty())
        .map(|endpoint| ("DOCKER_HOST", *endpoint))
        .into_iter()
        .collect()
}

fn start(cache: &Path) -> Result<Child, String> {
    fs::create_dir_all(RUNTIME).map_err(|error| format!("cannot make `{RUNTIME}`: {error}"))?;
    let log = cache.join("dockerd.log");
    let log = File::create(&log).map_err(|error| format!("cannot write `{}`: {error}", log.display()))?;
    let errors = log.try_clone().map_err(|error| format!("cannot write the engine's log: {error}"))?;
    Command::new("dockerd")
        .arg("--data-root")
        .arg(cache.join("docker"))
        .args(["--exec-root", "/run/dpc-hosts/exec", "--pidfile", "/run/dpc-hosts/docker.pid"])
        // No bridge of its own: the hosts have a network of theirs.
        .args(["--host", SOCKET, "--bridge", "none"])
        .stdout(Stdio::from(log))
        .stderr(Stdio::from(errors))
        .spawn()
        .map_err(|error| format!("`dockerd` does not start: {error}"))
}
