//! A docker engine that runs nothing and remembers what it was asked: the real client talks to it through `DOCKER_HOST`.
//!
//! In: HTTP on a unix socket. Out: the answers of an engine whose containers exist, run and end, so that a script of `docker
//! run`, `inspect`, `wait` and `rm` goes from end to end; and the list of requests for the test. Source: Docker Engine API 1.41
//! to 1.44.

mod engine;
mod http;

use std::fs::{DirBuilder, remove_dir_all};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use serde_json::Value;

pub use engine::{Failure, Options, Request};

/// An engine that answers until it is dropped.
pub struct RecordingDocker {
    directory: PathBuf,
    engine: Arc<engine::Shared>,
}

impl RecordingDocker {
    /// An engine with every image, whose containers run until they are stopped.
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// An engine as described.
    pub fn with(options: Options) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("dpc-docker-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&directory).unwrap();
        let listener = UnixListener::bind(directory.join("docker.sock")).unwrap();
        let engine = Arc::new(engine::Shared::new(options));
        let shared = Arc::clone(&engine);
        thread::spawn(move || accept(&listener, &shared));
        Self { directory, engine }
    }

    /// The value of `DOCKER_HOST` for the client.
    pub fn host(&self) -> String {
        format!("unix://{}/docker.sock", self.directory.display())
    }

    /// Everything that was asked so far, in order, without the client's pings.
    pub fn requests(&self) -> Vec<Request> {
        self.engine.lock().requests.clone()
    }

    /// The names and bodies of the containers that were created so far, in order, also of those removed since.
    pub fn created(&self) -> Vec<(String, Value)> {
        self.engine.lock().created.clone()
    }

    /// Forgets requests and created containers; running containers stay.
    pub fn forget(&self) {
        let mut engine = self.engine.lock();
        engine.requests.clear();
        engine.created.clear();
    }

    /// Forgets what was asked about a container, and its creation; it stays.
    #[cfg(feature = "artifacts")]
    pub fn forget_of(&self, name: &str) {
        let mut engine = self.engine.lock();
        let Some(at) = engine.created.iter().position(|(created, _)| created == name) else { return };
        engine.created.remove(at);
        let create =
            engine.requests.iter().rposition(|request| request.path.starts_with("/containers/create"));
        create.into_iter().for_each(|at| drop(engine.requests.remove(at)));
        let start = engine.requests.iter().rfind(|request| request.path.ends_with("/start"));
        let id = start.and_then(|request| request.path.split('/').nth(2)).unwrap_or(name).to_owned();
        engine.requests.retain(|request| !request.path.contains(&id));
        engine.requests.retain(|request| !request.path.contains(name));
    }

    /// Lets the next requests that match fail.
    pub fn fail(&self, failure: Failure) {
        self.engine.lock().failures.push(failure);
    }

    /// Sets the exit status of commands of `docker exec`.
    #[cfg(feature = "artifacts")]
    pub fn answer_exec(&self, status: i64) {
        self.engine.lock().options.exec_status = status;
    }

    /// Ends a running container by itself with `status`; says whether there was one.
    pub fn end(&self, name: &str, status: i64) -> bool {
        self.engine.end(name, status)
    }
}

impl Drop for RecordingDocker {
    fn drop(&mut self) {
        self.engine.close();
        // The listener waits for a client: this one tells it to look whether it shall go on.
        drop(UnixStream::connect(self.directory.join("docker.sock")));
        drop(remove_dir_all(&self.directory));
    }
}

fn accept(listener: &UnixListener, engine: &Arc<engine::Shared>) {
    for stream in listener.incoming().map_while(Result::ok) {
        if engine.lock().closed {
            return;
        }
        let engine = Arc::clone(engine);
        thread::spawn(move || http::serve(stream, &engine));
    }
}
