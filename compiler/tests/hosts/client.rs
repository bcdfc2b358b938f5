//! In: an address, or a registration. Out: answers of the API; and traffic that runs while something happens, with every
//! request counted.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::host::Host;
use crate::patience::pause;
use crate::registry;
use crate::watch::Watch;

/// One request; the body if the answer's status is 200.
pub fn get(address: &str, path: &str) -> Result<String, String> {
    request(address, path).map_err(|error| format!("GET {address}{path}: {error}"))
}

/// The version that an instance says it is, after a request that reached both redis.
pub fn version(address: &str) -> Result<String, String> {
    let body = get(address, "/count")?;
    field(&body, "version").ok_or(format!("no version in `{body}`"))
}

/// The text of a field of a flat JSON object.
pub fn field(body: &str, name: &str) -> Option<String> {
    let rest = body.split_once(&format!("\"{name}\":"))?.1;
    Some(rest.split([',', '}']).next()?.trim_matches('"').to_owned())
}

/// Requests that were sent and failed.
#[derive(Default)]
pub struct Tally {
    /// All requests.
    pub sent: usize,
    /// Requests that got no 200.
    pub failed: usize,
    /// The first error, and the seconds until it came.
    pub first_failure: Option<String>,
}

/// Clients at work until they are asked for their tally.
pub struct Traffic {
    stop: Arc<AtomicBool>,
    tally: Arc<Mutex<Tally>>,
    threads: Vec<JoinHandle<()>>,
    watch: Option<Watch>,
}

impl Traffic {
    /// Clients that watch in etcd, through a host, where the instances are, and send to each in turn.
    pub fn resolving(through: Host) -> Result<Traffic, String> {
        let addresses = Arc::new(Mutex::new(Vec::new()));
        let mut traffic = Traffic::to(Arc::clone(&addresses));
        let watch = Watch::start(through, registry::API, move |found| {
            if let Ok(mut known) = addresses.lock() {
                *known = found.values().cloned().collect();
            }
        })?;
        traffic.watch = Some(watch);
        Ok(traffic)
    }

    /// Clients that send to these addresses.
    pub fn to_addresses(addresses: &[&str]) -> Traffic {
        Traffic::to(Arc::new(Mutex::new(addresses.iter().map(|&address| address.to_owned()).collect())))
    }

    /// Ends the clients, and counts.
    pub fn finish(self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            // A client that panicked has counted nothing wrong.
            let _ = thread.join();
        }
        drop(self.watch);
        self.tally.lock().map(|mut tally| std::mem::take(&mut *tally)).unwrap_or_default()
    }

    fn to(addresses: Arc<Mutex<Vec<String>>>) -> Traffic {
        let stop = Arc::new(AtomicBool::new(false));
        let tally = Arc::new(Mutex::new(Tally::default()));
        let threads = (0..2)
            .map(|client| {
                let (stop, tally, addresses) =
                    (Arc::clone(&stop), Arc::clone(&tally), Arc::clone(&addresses));
                thread::spawn(move || send_until(&stop, &tally, &addresses, client))
            })
            .collect();
        Traffic { stop, tally, threads, watch: None }
    }
}

fn send_until(stop: &AtomicBool, tally: &Mutex<Tally>, addresses: &Mutex<Vec<String>>, client: usize) {
    let start = Instant::now();
    let mut turn = client;
    while !stop.load(Ordering::Relaxed) {
        turn += 1;
        let address = addresses.lock().ok().and_then(|all| all.get(turn % all.len().max(1)).cloned());
        if let Some(address) = address {
            count(tally, get(&address, "/count"), start);
        }
        pause(0.01);
    }
}

fn count(tally: &Mutex<Tally>, answer: Result<String, String>, start: Instant) {
    let Ok(mut tally) = tally.lock() else { return };
    tally.sent += 1;
    if let Err(error) = answer {
        tally.failed += 1;
        let second = start.elapsed().as_secs_f64();
        tally.first_failure.get_or_insert_with(|| format!("after {second:.1} s: {error}"));
    }
}

fn request(address: &str, path: &str) -> Result<String, String> {
    let address: SocketAddr = address.parse().map_err(|_| "no address".to_owned())?;
    let limit = Duration::from_secs(20);
    let said = (|| {
        let mut stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut said = String::new();
        stream.read_to_string(&mut said)?;
        Ok::<_, std::io::Error>(said)
    })()
    .map_err(|error| error.to_string())?;
    let (head, body) = said.split_once("\r\n\r\n").ok_or_else(|| format!("cut off: `{said}`"))?;
    if head.starts_with("HTTP/1.1 200") { Ok(body.to_owned()) } else { Err(said) }
}
