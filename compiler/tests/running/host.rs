//! In: an image. Out: one host with an etcd, up, which can lose its power; what its services answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use crate::booted;
use crate::engine::docker;

/// The address that the fleet declares.
pub const ADDRESS: &str = "10.79.0.11";
/// The port of service n is this and n.
pub const PORT: u16 = 8000;
const CONTAINER: &str = "dpc-running";
const NETWORK: &str = "dpc-running";

/// What every host has: an etcd of its own, and the image of the application.
const SETUP: &str = "set -e
cat >/etc/default/etcd <<END
ETCD_LISTEN_CLIENT_URLS=http://10.79.0.11:2379
ETCD_ADVERTISE_CLIENT_URLS=http://10.79.0.11:2379
ETCD_UNSAFE_NO_FSYNC=true
END
systemctl enable --now etcd 2>/dev/null
docker load --quiet --input /images/app.tar
";

/// The host; gone when this is dropped.
pub struct Host;

impl Host {
    /// Boots it, with each of these folders mounted at the path beside it. First it removes the rest of an earlier run.
    pub fn boot(image: &str, folders: &[(&Path, &str)]) -> Result<Host, String> {
        remove();
        docker(&["network", "create", "--subnet", "10.79.0.0/24", NETWORK])?;
        let host = Host;
        let mounts: Vec<String> =
            folders.iter().map(|(folder, path)| format!("{}:{path}:ro", folder.display())).collect();
        let more: Vec<&str> = mounts.iter().flat_map(|mount| ["--volume", mount.as_str()]).collect();
        booted::create(CONTAINER, "bench", [NETWORK, ADDRESS], &more, image)?;
        booted::until_up(CONTAINER)?;
        host.sh(SETUP)?;
        Ok(host)
    }

    /// Runs a shell script in it, and returns its stdout.
    pub fn sh(&self, script: &str) -> Result<String, String> {
        booted::sh(
            CONTAINER,
            &format!("export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=http://{ADDRESS}:2379\n{script}"),
        )
    }

    /// A power cut, and power again.
    pub fn cut_power(&self) -> Result<(), String> {
        docker(&["kill", CONTAINER])?;
        docker(&["start", CONTAINER]).map(drop)
    }

    /// Whether service n answers as a healthy one.
    pub fn answers(&self, n: usize) -> bool {
        get(n).is_some_and(|said| said.contains("200 OK"))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        remove();
    }
}

fn get(n: usize) -> Option<String> {
    let port = PORT + u16::try_from(n).ok()?;
    let address: SocketAddr = format!("{ADDRESS}:{port}").parse().ok()?;
    let limit = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, limit).ok()?;
    stream.set_read_timeout(Some(limit)).ok()?;
    write!(stream, "GET /etc/passwd HTTP/1.0\r\n\r\n").ok()?;
    let mut said = String::new();
    stream.read_to_string(&mut said).ok()?;
    Some(said)
}

fn remove() {
    // Each may be absent, which is as good.
    let _ = docker(&["rm", "--force", "--volumes", CONTAINER]);
    let _ = docker(&["volume", "rm", CONTAINER]);
    let _ = docker(&["network", "rm", NETWORK]);
    booted::remove_cgroups();
}
