//! In: hosts that are up. Out: that they and this machine reach one another, or what on this machine may be in the way: then
//! the machine is broken, not what is tested.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::command::run;
use crate::host::{ALL, Host};

/// A port that nothing else on the hosts has.
const PORT: u16 = 7;

/// Every host from this machine, and from every other host.
pub fn each_other() -> Result<(), String> {
    let listen = |host: Host| {
        let listen = format!("systemd-socket-activate --accept --listen {}:{PORT} true", host.address);
        host.sh(&format!(
            "systemd-run --quiet --unit reach {listen}; until ss -ltn | grep -q ':{PORT} '; do sleep 0.1; done"
        ))
    };
    ALL.iter().try_for_each(|&host| listen(host).map(drop))?;
    let outcome = ALL.iter().try_for_each(|&host| from_everywhere(host));
    ALL.iter().try_for_each(|&host| host.sh("systemctl stop reach || true").map(drop))?;
    outcome
}

fn from_everywhere(to: Host) -> Result<(), String> {
    let address: SocketAddr =
        format!("{}:{PORT}", to.address).parse().map_err(|_| "no address".to_owned())?;
    if let Err(error) = TcpStream::connect_timeout(&address, Duration::from_secs(20)) {
        return Err(broken(&format!("this machine does not reach {} at {address}: {error}", to.name)));
    }
    for from in ALL.into_iter().filter(|&from| from != to) {
        from.sh(&format!("timeout 20 bash -c '</dev/tcp/{}/{PORT}'", to.address)).map_err(|error| {
            broken(&format!("{} does not reach {} at {address}: {error}", from.name, to.name))
        })?;
    }
    Ok(())
}

fn broken(what: &str) -> String {
    let bridged = fs::read_to_string("/proc/sys/net/bridge/bridge-nf-call-iptables");
    let bridged = bridged.map_or("br_netfilter is not loaded".to_owned(), |value| {
        format!("net.bridge.bridge-nf-call-iptables is {}", value.trim())
    });
    let rules = run("iptables", &["--list-rules", "FORWARD"]).unwrap_or_else(|error| error);
    format!(
        "this machine is not fit: {what}\n{bridged}; iptables of this machine:\n{rules}\n\
         containers on one bridge must reach one another: let FORWARD accept 10.77.0.0/24, or set that sysctl to 0"
    )
}
