//! In: a bundle and a host. Out: the bundle activated there, with its exit status and what it said; and what a host
//! runs, to compare before with after.

use std::path::Path;
use std::process;
use std::time::Instant;

use crate::bundle::{Variant, bundle};
use crate::command::run;
use crate::host::{ALL, Host, on_all};
use crate::patience::{ensure, eventually};

/// The end of an activation.
pub struct Activation {
    /// Its exit status.
    pub status: i32,
    /// Its output, stdout and stderr together.
    pub said: String,
    /// Its duration.
    pub seconds: f64,
}

impl Activation {
    /// It must have ended so.
    pub fn expect(self, status: i32) -> Result<Activation, String> {
        ensure(self.status == status, || {
            format!("activate ended with {} instead of {status}: {}", self.status, self.said)
        })?;
        Ok(self)
    }

    /// It must have said so.
    pub fn saying(self, words: &str) -> Result<Activation, String> {
        ensure(self.said.contains(words), || format!("activate does not say `{words}`: {}", self.said))?;
        Ok(self)
    }
}

/// Copies a release to a host and activates it there.
pub fn activate(host: Host, variant: Variant) -> Result<Activation, String> {
    copy(host, variant)?;
    run_activate(host, "/tmp/release/activate")
}

/// Copies a release to a host, to `/tmp/release`.
pub fn copy(host: Host, variant: Variant) -> Result<(), String> {
    let folder = bundle(variant)?.join(host.name);
    let archive = folder.with_extension(format!("{}.tar", process::id()));
    run("tar", &["-C", path(&folder)?, "-cf", path(&archive)?, "."])?;
    host.sh_from(
        "rm -rf /tmp/release && mkdir /tmp/release && tar -C /tmp/release -x --no-same-owner",
        &archive,
    )?;
    run("rm", &[path(&archive)?]).map(drop)
}

/// Runs an `activate` that is on the host, with arguments if they follow its path.
pub fn run_activate(host: Host, command: &str) -> Result<Activation, String> {
    let start = Instant::now();
    let said = host.sh(&format!("{command} 2>&1; echo \"status $?\""))?;
    let (said, status) = said.rsplit_once("status ").ok_or("activate printed no status")?;
    let status = status.parse().map_err(|_| format!("`{status}` is no exit status"))?;
    Ok(Activation { status, said: said.to_owned(), seconds: start.elapsed().as_secs_f64() })
}

/// Puts the base release on every host, whatever was there before: each scenario begins so.
pub fn baseline() -> Result<(), String> {
    on_all(|host| activate(host, Variant::Base)?.expect(0).map(drop))?;
    on_all(as_should)
}

/// Checks that a host runs what its release says.
pub fn as_should(host: Host) -> Result<(), String> {
    eventually(&format!("{} to be as it should", host.name), || is_as_should(host)).map(drop).map_err(
        |error| {
            let said = status(host).map_or_else(|error| error, |status| status.said);
            format!("{error}:\n{said}")
        },
    )
}

/// Returns whether what runs is what should.
pub fn is_as_should(host: Host) -> bool {
    status(host).is_ok_and(|status| status.status == 0)
}

fn status(host: Host) -> Result<Activation, String> {
    run_activate(host, "/opt/dpc/shop/current/activate --status")
}

/// Takes everything of the fleet off the hosts, as if they were new.
pub fn strip() -> Result<(), String> {
    on_all(|host| {
        host.sh("systemctl stop shop.target 'shop-*' 2>/dev/null; \
                 find /etc/systemd/system -lname '*dpc*' -delete; rm -f /etc/systemd/system/multi-user.target.wants/shop.target; \
                 systemctl daemon-reload; systemctl reset-failed; \
                 docker ps -aq --filter label=dpc.fleet | xargs -r docker rm -f >/dev/null; \
                 rm -rf /opt/dpc /srv/* /etc/sysctl.d/60-dpc.conf; sysctl -qw net.ipv4.ip_local_reserved_ports=")
            .map(drop)
    })?;
    ALL[0].sh("etcdctl del --prefix '' >/dev/null").map(drop)
}

/// The containers of a host, by name and id.
pub fn containers(host: Host) -> Result<String, String> {
    host.sh("docker ps --all --no-trunc --format '{{.Names}} {{.ID}}' | sort")
}

/// Everything that an activation is to bring about on a host, and nothing that differs between two equal ones.
pub fn state(host: Host) -> Result<String, String> {
    host.sh(&format!(
        "readlink /opt/dpc/shop/current /opt/dpc/shop/good; ls -A /opt/dpc/shop | grep -v previous; \
         find /etc/systemd/system -lname '*dpc*' | sort; \
         systemctl list-units --all --plain --no-legend 'shop*' | awk '{{print $1, $3, $4}}' | sort; \
         docker ps --all --format '{{{{.Names}}}} {{{{.State}}}} {{{{.Label \"dpc.hash\"}}}}' | sort; \
         etcdctl get --prefix /services/.ports/{0}/; etcdctl get --prefix '' | grep -A1 {0}-; cat /etc/sysctl.d/60-dpc.conf",
        host.name
    ))
}

fn path(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("the path `{}` is not UTF-8", path.display()))
}
