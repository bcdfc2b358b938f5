//! The engine's memory and its answers: containers that are created, run, end and are removed.

use std::collections::BTreeMap;
use std::process::{Child, Command};
use std::sync::{Condvar, Mutex, MutexGuard};

use serde_json::{Map, Value, json};

/// The behaviour of the engine.
#[derive(Clone, Debug)]
pub struct Options {
    /// The API's version; a client that knows only an older one uses that.
    pub api_version: &'static str,
    /// The status every container exits with at once; without it they run until they are stopped.
    pub exit_status: Option<i64>,
    /// The status a container exits with when it is stopped.
    pub stop_status: i64,
    /// The images that are there; without a list, every one.
    pub images: Option<Vec<String>>,
    /// The health that `docker inspect` shows for a running container with a health check.
    pub health: &'static str,
    /// The exit status of commands of `docker exec`.
    pub exec_status: i64,
    /// The storage driver of `docker info`.
    pub storage_driver: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            api_version: "1.44",
            exit_status: None,
            stop_status: 143,
            images: None,
            health: "healthy",
            exec_status: 0,
            storage_driver: "overlay2",
        }
    }
}

/// A request as the client made it, its path without the API's version.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// The path, such as `/containers/create`.
    pub path: String,
    /// The pairs behind the `?`, decoded.
    pub query: Vec<(String, String)>,
    /// The JSON body, or null.
    pub body: Value,
}

impl Request {
    /// The path that sorts the calls: `POST /containers/create`.
    pub fn call(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn query(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// A failure for requests to come.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The method, such as `POST`.
    pub method: &'static str,
    /// The end of the path, such as `/start`.
    pub path_end: &'static str,
    /// The status to answer with; 0 for no answer at all.
    pub status: u16,
    /// The message that the client shows.
    pub message: &'static str,
    /// The number of requests that fail.
    pub times: u32,
}

/// The reply to the client.
#[derive(Debug)]
pub enum Reply {
    /// The answer to `/_ping`, which carries the API's version.
    Ping,
    /// A status alone.
    Empty(u16),
    /// A status and a body.
    Json(u16, Value),
    /// The exit status of a container, once it has one.
    Wait(String),
    /// Nothing, as long as the engine is there.
    Nothing,
    /// A raw stream that ends with the container, or at once.
    Stream(Option<String>),
}

/// The state of the engine.
pub struct Engine {
    /// Its behaviour.
    pub options: Options,
    /// The requests so far.
    pub requests: Vec<Request>,
    /// The containers that were created: names and bodies.
    pub created: Vec<(String, Value)>,
    /// The requests that shall fail.
    pub failures: Vec<Failure>,
    /// Set if it shall answer no more.
    pub closed: bool,
    containers: Vec<Container>,
    /// The ids of containers that a client killed or stopped.
    killed: Vec<String>,
    /// The last status of containers by id, also of those removed since.
    exited: BTreeMap<String, i64>,
    count: u32,
}

/// The engine, shared by the threads that answer its clients.
pub struct Shared {
    engine: Mutex<Engine>,
    changed: Condvar,
}

struct Container {
    id: String,
    name: String,
    body: Value,
    state: State,
    process: Option<Process>,
}

/// The process that a running container is to whoever looks for it by its number.
struct Process(Child);

impl Process {
    fn start() -> Self {
        Self(Command::new("sleep").arg("infinity").spawn().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Created,
    Running,
    Exited(i64),
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Created => "created",
            State::Running => "running",
            State::Exited(_) => "exited",
        }
    }
}

impl Shared {
    /// An engine without containers.
    pub fn new(options: Options) -> Self {
        let engine = Engine {
            options,
            requests: Vec::new(),
            created: Vec::new(),
            failures: Vec::new(),
            closed: false,
            containers: Vec::new(),
            killed: Vec::new(),
            exited: BTreeMap::new(),
            count: 0,
        };
        Self { engine: Mutex::new(engine), changed: Condvar::new() }
    }

    /// Locks the state of the engine.
    pub fn lock(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Records a request and answers it.
    pub fn answer(&self, request: &Request) -> Reply {
        if request.path == "/_ping" {
            return Reply::Ping;
        }
        let mut engine = self.lock();
        engine.requests.push(request.clone());
        let reply = engine.failure(request).unwrap_or_else(|| engine.route(request));
        self.changed.notify_all();
        reply
    }

    /// The exit status of a container once it ended or is gone; nothing when the engine closes before.
    pub fn wait(&self, id: &str) -> Option<i64> {
        let mut engine = self.lock();
        loop {
            match engine.find(id).map(|container| container.state) {
                _ if engine.closed => return None,
                Some(State::Exited(status)) => return Some(status),
                Some(_) => {}
                None => return Some(engine.exited.get(id).copied().unwrap_or(137)),
            }
            engine = self.changed.wait(engine).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// Waits until the engine closes.
    pub fn until_closed(&self) {
        let mut engine = self.lock();
        while !engine.closed {
            engine = self.changed.wait(engine).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// Ends a running container.
    pub fn end(&self, name: &str, status: i64) -> bool {
        let ended = self.lock().leave(name, status);
        self.changed.notify_all();
        ended
    }

    /// Answers no more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

impl Engine {
    fn failure(&mut self, request: &Request) -> Option<Reply> {
        let failure = self.failures.iter_mut().find(|failure| {
            failure.times > 0 && failure.method == request.method && request.path.ends_with(failure.path_end)
        })?;
        failure.times -= 1;
        Some(if failure.status == 0 { Reply::Nothing } else { error(failure.status, failure.message) })
    }

    fn route(&mut self, request: &Request) -> Reply {
        let path: Vec<_> = request.path.trim_start_matches('/').split('/').collect();
        match (request.method.as_str(), &path[..]) {
            ("GET", ["version"]) => Reply::Json(200, self.version()),
            ("GET", ["info"]) => Reply::Json(200, self.info()),
            ("POST", ["containers", "create"]) => self.create(request),
            ("GET", ["containers", "json"]) => self.list(request),
            ("GET", ["events"]) => self.kills(request),
            ("GET", ["images", name @ .., "json"]) => self.image(&name.join("/")),
            ("POST", ["images", "create"]) => Reply::Json(200, json!({"status": "Pull complete"})),
            ("GET", ["exec", _, "json"]) => {
                Reply::Json(200, json!({"Running": false, "ExitCode": self.options.exec_status}))
            }
            ("POST", ["exec", _, "start"]) => Reply::Stream(None),
            (_, ["containers", name, action @ ..]) => self.act(request, name, action),
            _ => error(404, "page not found"),
        }
    }

    /// Answers a request about one container.
    fn act(&mut self, request: &Request, name: &str, action: &[&str]) -> Reply {
        let Some(container) = self.find(name) else {
            return error(404, &format!("No such container: {name}"));
        };
        let (id, running) = (container.id.clone(), container.state == State::Running);
        match (request.method.as_str(), action) {
            ("GET", ["json"]) => Reply::Json(200, self.inspect(name)),
            ("DELETE", []) if running && request.query("force") != Some("1") => {
                error(409, &format!("You cannot remove a running container {id}"))
            }
            ("DELETE", []) => {
                self.containers.retain(|container| container.id != id);
                Reply::Empty(204)
            }
            ("POST", ["start"]) if running => Reply::Empty(304),
            ("POST", ["start"]) => self.run(&id),
            ("POST", ["stop" | "kill"]) if running => {
                self.killed.push(id);
                let status = if action == ["stop"] { self.options.stop_status } else { 137 };
                self.leave(name, status);
                Reply::Empty(204)
            }
            ("POST", ["stop"]) => Reply::Empty(304),
            ("POST", ["kill"]) => {
                error(409, &format!("Cannot kill container: {name}: container is not running"))
            }
            ("POST", ["wait"]) => Reply::Wait(id),
            ("POST", ["attach"]) => Reply::Stream(Some(id)),
            ("POST", ["resize"]) | ("GET", ["logs"]) => Reply::Empty(200),
            ("POST", ["exec"]) if running => Reply::Json(201, json!({"Id": id})),
            ("POST", ["exec"]) => error(409, &format!("container {name} is not running")),
            _ => error(404, "page not found"),
        }
    }

    fn create(&mut self, request: &Request) -> Reply {
        let image = request.body["Image"].as_str().unwrap_or_default();
        if !self.has_image(image) {
            return error(404, &format!("No such image: {image}"));
        }
        self.count += 1;
        let id = format!("{:08x}", self.count).repeat(8);
        let name = request.query("name").map_or_else(|| format!("unnamed-{}", self.count), str::to_owned);
        if let Some(other) = self.containers.iter().find(|container| container.name == name) {
            let words = format!(
                "Conflict. The container name \"/{name}\" is already in use by container \"{}\".",
                other.id
            );
            return error(409, &words);
        }
        self.created.push((name.clone(), request.body.clone()));
        self.containers.push(Container {
            id: id.clone(),
            name,
            body: request.body.clone(),
            state: State::Created,
            process: None,
        });
        Reply::Json(201, json!({"Id": id, "Warnings": []}))
    }

    fn run(&mut self, id: &str) -> Reply {
        if let Some(container) = self.find_mut(id) {
            container.state = State::Running;
            container.process = Some(Process::start());
        }
        if let Some(status) = self.options.exit_status {
            self.leave(id, status);
        }
        Reply::Empty(204)
    }

    /// Ends a container, which must run; one that was started with `--rm` goes with it.
    fn leave(&mut self, name: &str, status: i64) -> bool {
        let Some(container) = self.find_mut(name).filter(|container| container.state == State::Running)
        else {
            return false;
        };
        container.state = State::Exited(status);
        container.process = None;
        let (id, goes) = (container.id.clone(), container.body["HostConfig"]["AutoRemove"] == json!(true));
        self.containers.retain(|container| container.id != id || !goes);
        self.exited.insert(id, status);
        true
    }

    fn find(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| container.is_called(name))
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Container> {
        self.containers.iter_mut().find(|container| container.is_called(name))
    }

    fn inspect(&self, name: &str) -> Value {
        self.find(name).map_or(Value::Null, |container| container.inspect(&self.options))
    }

    /// The filters are labels.
    fn list(&self, request: &Request) -> Reply {
        let filters: Value =
            serde_json::from_str(request.query("filters").unwrap_or("{}")).unwrap_or_default();
        let labels: Vec<&String> = filters["label"].as_object().into_iter().flat_map(Map::keys).collect();
        let all = request.query("all") == Some("1");
        let listed = self.containers.iter().filter(|container| {
            (all || container.state == State::Running) && labels.iter().all(|label| container.has(label))
        });
        let rows = listed.map(|container| {
            json!({
                "Id": container.id, "Names": [format!("/{}", container.name)], "Image": container.body["Image"],
                "State": container.state.as_str(), "Status": "", "Labels": container.body["Labels"], "Ports": [], "Mounts": [],
            })
        });
        Reply::Json(200, rows.collect())
    }

    /// The events of a container that a client asks for: whether it was killed.
    fn kills(&self, request: &Request) -> Reply {
        let filters = request.query("filters").unwrap_or_default();
        let asked = self.killed.iter().find(|id| filters.contains(id.as_str()));
        asked.map_or(Reply::Empty(200), |id| {
            Reply::Json(200, json!({"Type": "container", "Action": "kill", "Actor": {"ID": id}}))
        })
    }

    fn image(&self, name: &str) -> Reply {
        if self.has_image(name) {
            return Reply::Json(
                200,
                json!({"Id": format!("sha256:{:064x}", name.len()), "RepoTags": [name]}),
            );
        }
        error(404, &format!("No such image: {name}"))
    }

    fn has_image(&self, name: &str) -> bool {
        self.options.images.as_ref().is_none_or(|images| images.iter().any(|image| image == name))
    }

    fn version(&self) -> Value {
        let api = self.options.api_version;
        json!({"Version": "0.0.0-recording", "ApiVersion": api, "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"})
    }

    fn info(&self) -> Value {
        json!({"ServerVersion": "0.0.0-recording", "Driver": self.options.storage_driver, "OSType": "linux"})
    }
}

impl Container {
    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.id == name || (name.len() >= 12 && self.id.starts_with(name))
    }

    /// Whether it has a label, such as `dpc.fleet=shop`.
    fn has(&self, label: &str) -> bool {
        let (name, value) = label.split_once('=').unwrap_or((label, ""));
        self.body["Labels"][name] == json!(value)
    }

    fn inspect(&self, options: &Options) -> Value {
        let mut config = self.body.clone();
        let host_config = config["HostConfig"].take();
        json!({
            "Id": self.id, "Name": format!("/{}", self.name), "Image": format!("sha256:{:064x}", 1),
            "Created": "2000-01-01T00:00:00Z", "State": self.state_json(options), "RestartCount": 0,
            "Config": config, "HostConfig": host_config, "Mounts": [], "NetworkSettings": {},
        })
    }

    fn state_json(&self, options: &Options) -> Value {
        let status = self.state.as_str();
        let exit_code = if let State::Exited(status) = self.state { status } else { 0 };
        let running = self.state == State::Running;
        let mut state = json!({
            "Status": status, "Running": running, "Paused": false, "Restarting": false, "OOMKilled": false,
            "Dead": false, "Pid": self.process.as_ref().map_or(0, |process| process.0.id()), "ExitCode": exit_code, "Error": "",
            "StartedAt": "2000-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z",
        });
        if !self.body["Healthcheck"].is_null() {
            state["Health"] = json!({"Status": options.health, "FailingStreak": 0, "Log": []});
        }
        state
    }
}

fn error(status: u16, message: &str) -> Reply {
    Reply::Json(status, json!({"message": message}))
}
