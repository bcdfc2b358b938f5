//! In: hosts that are up. Out: an etcd cluster of them that answers, or what each of them reports about it.

use crate::host::{ALL, Host, on_all};
use crate::patience::eventually;

/// Forms the cluster, and waits until every member answers.
pub fn form() -> Result<(), String> {
    on_all(|host| host.sh(&start(host)).map(drop))?;
    eventually("the etcd cluster", || ALL[0].sh("etcdctl endpoint health --cluster").is_ok())
        .map(drop)
        .map_err(|error| error + &explanations())
}

/// Its log is not synced: a power cut is the end of a container, which takes nothing from a file that was written, and a
/// slow disk would only end etcd's patience.
fn start(host: Host) -> String {
    let cluster = ALL.map(|host| format!("{}=http://{}:2380", host.name, host.address)).join(",");
    let Host { name, address } = host;
    format!(
        "cat >/etc/default/etcd <<END\n\
         ETCD_NAME={name}\n\
         ETCD_INITIAL_CLUSTER={cluster}\n\
         ETCD_INITIAL_ADVERTISE_PEER_URLS=http://{address}:2380\n\
         ETCD_LISTEN_PEER_URLS=http://{address}:2380\n\
         ETCD_LISTEN_CLIENT_URLS=http://{address}:2379\n\
         ETCD_ADVERTISE_CLIENT_URLS=http://{address}:2379\n\
         ETCD_UNSAFE_NO_FSYNC=true\n\
         END\n\
         systemctl enable etcd 2>/dev/null; systemctl start --no-block etcd"
    )
}

/// Returns the answers to what a person would ask on each host.
fn explanations() -> String {
    let ask = "systemctl status etcd --no-pager --full --lines 0; journalctl --unit etcd --no-pager --lines 20 --output cat; \
               etcdctl endpoint health 2>&1; true";
    let said = |host: Host| format!("\n--- {}\n{}", host.name, host.sh(ask).unwrap_or_else(|error| error));
    ALL.map(said).concat()
}
