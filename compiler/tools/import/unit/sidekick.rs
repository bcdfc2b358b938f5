//! A unit beside another that puts its address into etcd → a registration of the other's port.

use super::exec::commands;
use super::file::UnitFile;
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use std::collections::BTreeMap;

/// Returns the unit that it belongs to, by its index among `stems`.
pub(crate) fn main(unit: &UnitFile, stems: &[String]) -> Option<usize> {
    let named = ["BindsTo", "Requires", "PartOf", "After"].iter().flat_map(|key| unit.all(key));
    let names: Vec<&str> = named.flat_map(|line| line.value.split_whitespace()).collect();
    names.iter().find_map(|name| {
        let stem = name.rsplit_once('.').map_or(*name, |(stem, _)| stem).split('@').next()?;
        stems.iter().position(|known| known == stem)
    })
}

/// Returns the registration that a sidekick makes: the port that its value names, and for how long.
pub(crate) fn registration(unit: &UnitFile, key: &str) -> Option<(Setting, Place)> {
    for line in unit.all(key) {
        let words: Vec<String> = commands(unit, line, &BTreeMap::new())
            .into_iter()
            .flat_map(|command| command.words)
            .map(|word| word.text)
            .collect();
        let puts = words.windows(2).any(|pair| pair[0].ends_with("etcdctl") && !pair[1].is_empty())
            || words.iter().any(|word| word.contains("/v2/keys/") || word.contains("/v3/kv/put"));
        let stores = words
            .iter()
            .any(|word| matches!(word.as_str(), "set" | "put" | "mk" | "update" | "-XPUT" | "PUT"));
        if puts && stores {
            let ttl = ["--ttl", "-ttl", "ttl="].iter().find_map(|flag| after(&words, flag));
            let ttl = ttl.map(|seconds| format!("{seconds}s"));
            let port = words.iter().find_map(|word| port(word));
            return Some((Setting::Register(port, ttl), unit.place(line.number, &line.key)));
        }
    }
    None
}

fn after(words: &[String], flag: &str) -> Option<String> {
    let value = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(flag)? {
        "" => words.get(at + 1).cloned(),
        rest if flag.ends_with('=') => Some(rest.to_string()),
        rest => rest.strip_prefix('=').map(str::to_string),
    })?;
    value.bytes().all(|byte| byte.is_ascii_digit()).then_some(value)
}

/// The port in `{ "host": "…", "port": 8080 }` or behind the last colon of `host:8080`.
fn port(word: &str) -> Option<u16> {
    let behind = match word.split_once("port\"") {
        Some((_, rest)) => rest.trim_start_matches([':', ' ', '"']),
        None if !word.contains("://") => word.rsplit_once(':')?.1,
        None => return None,
    };
    let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
    behind[..end].parse().ok().filter(|port| *port > 0)
}
