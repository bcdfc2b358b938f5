//! In: the image that hosts boot from. Out: three hosts with fixed addresses, each with systemd, docker and etcd.

use std::path::Path;
use std::process::Child;
use std::thread;

use crate::command::run;
use crate::engine::{docker, docker_from, docker_spawn};
use crate::{booted, cluster, reach};

/// A host of the fleet: a container of ours that boots systemd.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Host {
    /// The name in the fleet.
    pub name: &'static str,
    /// The address in the fleet.
    pub address: &'static str,
}

/// Two instances of the API, and the cache.
pub const APP_1: Host = Host { name: "app-1", address: "10.77.0.11" };
/// One instance of the API.
pub const APP_2: Host = Host { name: "app-2", address: "10.77.0.12" };
/// Redis.
pub const DB_1: Host = Host { name: "db-1", address: "10.77.0.21" };
/// All hosts, in the order in which needs ask for them.
pub const ALL: [Host; 3] = [DB_1, APP_1, APP_2];

/// Settings of every shell in a host.
const ETCD: &str = "export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=http://10.77.0.11:2379,http://10.77.0.12:2379,http://10.77.0.21:2379";
/// The images, and a secret.
const SETUP: &str = "docker load --quiet --input /images/shop.tar
                     mkdir -p /etc/shop; printf 'sk_test_1\\n' >/etc/shop/stripe.key; chmod 600 /etc/shop/stripe.key";
const NETWORK: &str = "dpc-hosts";
const SUBNET: &str = "10.77.0.0/24";

/// The hosts, up; gone when this is dropped.
pub struct Hosts;

impl Hosts {
    /// Boots all, loads the images, forms the etcd cluster. First it removes the rest of an earlier run.
    pub fn boot(image: &str, service_images: &Path) -> Result<Hosts, String> {
        remove_all();
        docker(&["network", "create", "--subnet", SUBNET, NETWORK])?;
        let hosts = Hosts;
        for host in ALL {
            host.create(image, service_images)?;
        }
        on_all(|host| {
            host.until_up()?;
            host.sh(SETUP).map(drop)
        })?;
        // Writes everything to the disk before something waits for the disk.
        run("sync", &[])?;
        reach::each_other()?;
        cluster::form()?;
        Ok(hosts)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        remove_all();
    }
}

/// Does the same on all hosts at once; the first complaint, if any.
pub fn on_all(act: impl Fn(Host) -> Result<(), String> + Sync) -> Result<(), String> {
    let act = &act;
    thread::scope(|scope| {
        let running = ALL.map(|host| scope.spawn(move || act(host)));
        running.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err("a thread panicked".into())))
    })
}

impl Host {
    /// Runs a shell script in the host, and returns its stdout.
    pub fn sh(self, script: &str) -> Result<String, String> {
        booted::sh(&self.container(), &format!("{ETCD}\n{script}"))
    }

    /// The same with a file as its stdin.
    pub fn sh_from(self, script: &str, input: &Path) -> Result<String, String> {
        docker_from(&["exec", "--interactive", &self.container(), "bash", "-c", script], input)
    }

    /// Starts a shell script in the host, with its stdin and stdout open.
    pub fn spawn(self, script: &str) -> Result<Child, String> {
        let script = format!("{ETCD}\n{script}");
        docker_spawn(&["exec", "--interactive", &self.container(), "bash", "-c", &script])
    }

    /// A power cut: nothing in the host learns of it.
    pub fn cut_power(self) -> Result<(), String> {
        docker(&["kill", &self.container()]).map(drop)
    }

    /// Boots it again, and waits until systemd has done all that it starts by itself.
    pub fn power_on(self) -> Result<(), String> {
        docker(&["start", &self.container()])?;
        self.until_up()
    }

    fn container(self) -> String {
        format!("dpc-hosts-{}", self.name)
    }

    fn create(self, image: &str, service_images: &Path) -> Result<(), String> {
        let images = format!("{}:/images:ro", service_images.display());
        booted::create(&self.container(), self.name, [NETWORK, self.address], &["--volume", &images], image)
    }

    fn until_up(self) -> Result<(), String> {
        booted::until_up(&self.container())
    }
}

fn remove_all() {
    // Each may be absent, which is as good.
    for host in ALL {
        let _ = docker(&["rm", "--force", "--volumes", &host.container()]);
        let _ = docker(&["volume", "rm", &host.container()]);
    }
    let _ = docker(&["network", "rm", NETWORK]);
    booted::remove_cgroups();
}
