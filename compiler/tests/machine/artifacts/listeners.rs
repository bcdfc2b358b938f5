//! Applications as far as others see them: addresses that accept connections, and answer HTTP where that is asked.

use crate::artifacts::tool;
use dpc::model::fleet::Target;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The listeners at this moment.
#[derive(Default)]
pub struct Listeners {
    open: BTreeMap<Target, Listener>,
}

enum Listener {
    Plain { thread: JoinHandle<()>, closed: Arc<AtomicBool> },
    Tls(Child),
}

/// What is answered with 200.
#[derive(Clone)]
pub enum Page {
    /// This request; everything else is answered with 404.
    Plain {
        /// Its text.
        request: String,
    },
    /// Whatever is asked by TLS.
    Tls,
}

impl Listeners {
    /// Accepts connections from now on.
    pub fn open(&mut self, target: &Target, page: Option<Page>) {
        if self.open.contains_key(target) {
            return;
        }
        if let Some(Page::Tls) = page {
            self.open.insert(target.clone(), Listener::Tls(tls(target)));
            return;
        }
        let listener = TcpListener::bind((target.host.as_str(), target.port.get()))
            .unwrap_or_else(|error| panic!("{target:?}: {error}"));
        let closed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closed);
        let thread = thread::spawn(move || accept(&listener, &seen, page.as_ref()));
        self.open.insert(target.clone(), Listener::Plain { thread, closed });
    }

    /// Refuses connections from now on.
    pub fn close(&mut self, target: &Target) {
        match self.open.remove(target) {
            None => {}
            Some(Listener::Plain { thread, closed }) => {
                closed.store(true, Ordering::SeqCst);
                drop(TcpStream::connect((target.host.as_str(), target.port.get())));
                thread.join().unwrap();
            }
            Some(Listener::Tls(mut child)) => {
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
    }

    /// Refuses all.
    pub fn close_all(&mut self) {
        let targets: Vec<Target> = self.open.keys().cloned().collect();
        targets.iter().for_each(|target| self.close(target));
    }
}

fn accept(listener: &TcpListener, closed: &AtomicBool, page: Option<&Page>) {
    for stream in listener.incoming() {
        if closed.load(Ordering::SeqCst) {
            return;
        }
        match (stream, page) {
            (Ok(stream), Some(Page::Plain { request })) => answer(stream, request),
            // Until the client has seen enough.
            (Ok(mut stream), _) => {
                stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
                drop(stream.read(&mut [0]));
            }
            _ => {}
        }
    }
}

/// A client that only tests whether the port is open sends nothing. Like some servers this one reads once, so that a request in
/// pieces is none.
fn answer(mut stream: TcpStream, wanted: &str) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap_or(0);
    let status = if request[..length] == *wanted.as_bytes() { "200 OK" } else { "404 Not Found" };
    drop(stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()));
}

/// A server of openssl's own, with a certificate that nobody knows.
fn tls(target: &Target) -> Child {
    let path = |name: &str| std::env::temp_dir().join(name).to_str().unwrap().to_owned();
    let (key, certificate) = (path("tls.key"), path("tls.crt"));
    let subject = ["-subj", "/CN=nobody", "-keyout", &key, "-out", &certificate];
    tool::run("openssl", &[&["req", "-x509", "-newkey", "rsa:2048", "-nodes"][..], &subject].concat());
    let place = format!("{}:{}", target.host, target.port);
    let mut server = Command::new("openssl");
    server.args(["s_server", "-quiet", "-www", "-accept", &place, "-key", &key, "-cert", &certificate]);
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
