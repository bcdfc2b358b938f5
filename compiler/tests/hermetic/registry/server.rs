//! A registry that says what a test wants it to say.

use dpc::registry::{Client, Settings, Source};
use dpc::value::image::Image;
use dpc::value::platform::Platform;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came: the path with its query, the header `Authorization`, and the port that it came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    pub authorization: String,
    pub port: u16,
}

/// An answer: status, further headers, body.
pub type Said = (u16, Vec<(String, String)>, Vec<u8>);

/// Documents by path, after what `rule` says to a request.
pub struct Server {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

/// Serves until the process ends.
pub fn serve(rule: impl Fn(&Asked) -> Option<Said> + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (rule, log) = (Arc::new(rule), Arc::clone(&asked));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (rule, log) = (Arc::clone(&rule), Arc::clone(&log));
            thread::spawn(move || answer(stream, port, &*rule, &log));
        }
    });
    Server { port, asked }
}

fn answer(mut stream: TcpStream, port: u16, rule: &dyn Fn(&Asked) -> Option<Said>, log: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    // A client that tries TLS says no line.
    if reader.read_line(&mut first).is_err() {
        return;
    }
    let mut words = first.split(' ');
    let method = words.next().unwrap_or_default().to_string();
    let mut asked = Asked { path: words.next().unwrap_or_default().to_string(), port, ..Asked::default() };
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("authorization") {
            asked.authorization = value.trim().to_string();
        }
    }
    log.lock().unwrap().push(asked.clone());
    let (status, headers, body) = rule(&asked).unwrap_or((404, Vec::new(), b"{}".to_vec()));
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    if method != "HEAD" {
        let _ = stream.write_all(&body);
    }
}

/// The digest of bytes.
pub fn digest(body: &[u8]) -> String {
    let hex: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The documents of `shop/api:1` by their paths: an index of two platforms and an attestation, of one kind or the other.
pub fn documents(config: &Value, docker: bool) -> BTreeMap<String, Vec<u8>> {
    let mut paths = BTreeMap::new();
    let mut put = |kind: &str, body: Vec<u8>| {
        let name = digest(&body);
        paths.insert(format!("/v2/shop/api/{kind}/{name}"), body.clone());
        (name, body)
    };
    let kind = if docker { "vnd.docker.distribution.manifest" } else { "vnd.oci.image" };
    let mut manifests = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let document = json!({ "os": "linux", "architecture": architecture, "created": "2026-01-02T03:04:05Z", "config": config });
        let (config, _) = put("blobs", document.to_string().into_bytes());
        let manifest = json!({ "schemaVersion": 2, "mediaType": format!("application/{kind}.v2+json"), "config": { "digest": config },
            "layers": [{ "size": 1000 }, { "size": 24 }] });
        let (name, _) = put("manifests", manifest.to_string().into_bytes());
        manifests
            .push(json!({ "digest": name, "platform": { "os": "linux", "architecture": architecture } }));
    }
    let (unknown, _) = put("manifests", b"{}".to_vec());
    manifests.push(json!({ "digest": unknown, "platform": { "os": "unknown", "architecture": "unknown" } }));
    let index = json!({ "schemaVersion": 2, "manifests": manifests }).to_string().into_bytes();
    put("manifests", index.clone());
    paths.insert("/v2/shop/api/manifests/1".to_string(), index);
    paths
}

/// What an image says in most tests.
pub fn config() -> Value {
    json!({ "User": "1000:1000", "Volumes": { "/data": {} }, "ExposedPorts": { "8080/tcp": {}, "53/udp": {} }, "Env": ["PATH=/bin", "TOKEN=secret"],
        "Cmd": ["node", "server.js"], "WorkingDir": "/app", "StopSignal": "SIGINT", "Healthcheck": { "Test": ["CMD-SHELL", "curl -f http://127.0.0.1:8080/"] } })
}

/// Says a document of some, where it has it.
pub fn of(documents: &BTreeMap<String, Vec<u8>>, asked: &Asked) -> Option<Said> {
    documents.get(&asked.path).map(|body| (200, Vec::new(), body.clone()))
}

impl Server {
    /// The image that all tests ask for.
    pub fn image(&self) -> Image {
        Image::parse(&format!("127.0.0.1:{}/shop/api:1", self.port)).unwrap()
    }

    /// A client with settings of docker's in a folder.
    pub fn client(&self, docker: Option<PathBuf>) -> Client {
        let patience = Some(Duration::from_secs(2));
        Client::new(Source::Registry, &Settings { docker, patience, ..Settings::default() })
    }

    /// What was asked so far.
    pub fn heard(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| !asked.path.is_empty()).cloned().collect()
    }
}

/// Platforms by their names.
pub fn platforms(names: &[&str]) -> BTreeSet<Platform> {
    names.iter().map(|name| Platform::parse(name).unwrap()).collect()
}
