//! Applications as far as others see them: addresses that accept connections, and answer HTTP where that is asked.

use dpc::model::fleet::Target;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The listeners at this moment.
#[derive(Default)]
pub struct Listeners {
    open: BTreeMap<Target, Listener>,
}

struct Listener {
    thread: JoinHandle<()>,
    closed: Arc<AtomicBool>,
}

/// A page that is answered with 200: this path, asked of this host. Everything else is answered with 404.
#[derive(Clone)]
pub struct Page {
    /// The path.
    pub path: String,
    /// The value of the `Host` header.
    pub host: String,
}

impl Listeners {
    /// Accepts connections from now on.
    pub fn open(&mut self, target: &Target, page: Option<Page>) {
        if self.open.contains_key(target) {
            return;
        }
        let listener = TcpListener::bind((target.host.as_str(), target.port.get()))
            .unwrap_or_else(|error| panic!("{target:?}: {error}"));
        let closed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closed);
        let thread = thread::spawn(move || accept(&listener, &seen, page.as_ref()));
        self.open.insert(target.clone(), Listener { thread, closed });
    }

    /// Refuses connections from now on.
    pub fn close(&mut self, target: &Target) {
        let Some(listener) = self.open.remove(target) else { return };
        listener.closed.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((target.host.as_str(), target.port.get())));
        listener.thread.join().unwrap();
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
        if let (Ok(stream), Some(page)) = (stream, page) {
            answer(stream, page);
        }
    }
}

/// A client that only tests whether the port is open sends nothing. Like some servers this one reads once, so that a request in
/// pieces is none.
fn answer(mut stream: TcpStream, page: &Page) {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap_or(0);
    let wanted = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: dpc\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        page.path, page.host
    );
    let status = if request[..length] == *wanted.as_bytes() { "200 OK" } else { "404 Not Found" };
    drop(stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()));
}
