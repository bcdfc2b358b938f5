//! In: etcd on the hosts. Out: the registrations there.

use std::collections::BTreeMap;

use crate::host::Host;

/// The prefix of the API's instances, in the plain form.
pub const API: &str = "/services/shop/api/http/";

/// When a registration that is not renewed must be gone: the TTL of 30 s, which begins anew with the election of another
/// leader, and some time for that election.
pub const TTL_AT_WORST: u64 = 75;

/// Returns all keys with this prefix, as a host sees them.
pub fn keys(seen_from: Host, prefix: &str) -> Result<BTreeMap<String, String>, String> {
    let said = seen_from.sh(&format!("etcdctl get --prefix -- '{prefix}'"))?;
    let lines: Vec<&str> = said.lines().collect();
    Ok(lines.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect())
}

/// Returns whether a key is there.
pub fn registered(seen_from: Host, key: &str) -> bool {
    keys(seen_from, key).is_ok_and(|found| found.contains_key(key))
}

/// Returns whether a key ends by itself when nobody renews its lease.
pub fn leased(seen_from: Host, key: &str) -> Result<bool, String> {
    Ok(seen_from.sh(&format!("etcdctl get --write-out json -- {key}"))?.contains("\"lease\":"))
}
