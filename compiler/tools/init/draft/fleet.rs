//! A new fleet: in one file with its service, or as a repository.

use super::{Draft, PLACEHOLDER, service};
use crate::kdl::write::literal;
use crate::tools::init::page::Page;
use crate::tools::init::source::GUESS;
use std::collections::BTreeMap;

/// A fleet of one service in one file.
pub fn alone(draft: &Draft) -> Page {
    let mut page = Page::default();
    header(&mut page, "What runs where.");
    head(draft, &mut page);
    page.gap();
    for host in &draft.hosts.value {
        self::host(host, &draft.hosts.source, &mut page);
        page.gap();
    }
    let names: Vec<String> = draft.hosts.value.iter().map(|(name, _)| literal(name)).collect();
    service(draft, &names.join(" "), &mut page);
    page
}

/// The repository of a fleet: by path.
pub fn fleet(draft: &Draft) -> BTreeMap<String, Page> {
    let mut entry = Page::default();
    header(&mut entry, "The fleet: what all its services share.");
    entry.line(0, "include \"hosts.kdl\" \"environments/*.kdl\" \"services/*.kdl\"", "");
    entry.gap();
    head(draft, &mut entry);
    let mut machines = Page::default();
    machines.line(
        0,
        "",
        "The hosts. They need docker and systemd, and for registrations etcdctl; nothing of dpc.",
    );
    for (index, host) in draft.hosts.value.iter().enumerate() {
        if index > 0 {
            machines.gap();
        }
        self::host(host, &draft.hosts.source, &mut machines);
    }
    let mut own = Page::default();
    service(draft, "role=\"app\"", &mut own);
    BTreeMap::from([
        ("dpc.kdl".to_string(), entry),
        ("hosts.kdl".to_string(), machines),
        ("environments/staging.kdl".to_string(), staging(draft)),
        (format!("services/{}.kdl", draft.service.value), own),
    ])
}

fn header(page: &mut Page, what: &str) {
    page.line(0, "", what);
    page.line(
        0,
        "",
        "`dpc check` says what is wrong with it, `dpc build` writes the files of every host to out/,",
    );
    page.line(0, "", "`dpc explain volume` explains a node, and `dpc explain` lists the rules.");
    page.gap();
}

fn head(draft: &Draft, page: &mut Page) {
    let node = format!("fleet {} {{", literal(&draft.fleet.value));
    page.sourced(0, node, &draft.fleet.source, "units and containers carry the name");
    let endpoints: Vec<String> = draft.etcd.iter().map(|url| literal(url)).collect();
    if endpoints.is_empty() {
        page.line(1, "", "etcd \"https://10.0.0.1:2379\" lets services `register` where others find them");
    } else {
        page.sourced(1, format!("etcd {}", endpoints.join(" ")), "--etcd", "where services register");
    }
    page.sourced(1, "data-root \"/srv\"", "dpc's default", "where volumes live on the hosts");
    page.line(0, "}", "");
}

fn host((name, address): &(String, String), source: &str, page: &mut Page) {
    let lesson = if address.starts_with("192.0.2.") {
        "to be replaced by the address at which others reach it"
    } else {
        "the address at which others reach it"
    };
    page.sourced(0, format!("host {} address={} {{", literal(name), literal(address)), source, lesson);
    page.sourced(1, "labels role=\"app\"", GUESS, "what services choose hosts by");
    page.sourced(1, "reserve 22", GUESS, "sshd listens there; no service gets the port");
    page.line(0, "}", "");
}

/// The same hosts at other addresses.
fn staging(draft: &Draft) -> Page {
    let mut page = Page::default();
    page.line(0, "", "What is different with `dpc build --env staging`; all else is as without.");
    page.line(0, "environment \"staging\" {", "");
    for (index, (name, _)) in draft.hosts.value.iter().enumerate() {
        // The third network for documentation, so that no address is one of production.
        let address = format!("203.0.113.{}", index + 10);
        let node = format!("host {} address={}", literal(name), literal(&address));
        page.sourced(1, node, GUESS, "to be replaced by the address of a machine of staging");
    }
    let service = literal(&draft.service.value);
    page.line(1, "", &format!("service {service} {{ … }} is laid over what the service says"));
    page.line(0, "}", "");
    page
}

/// Hosts for a user who names none.
pub fn placeholders(count: usize, name: &str) -> Vec<(String, String)> {
    let prefix = PLACEHOLDER.trim_end_matches("10");
    (0..count).map(|index| (format!("{name}-{}", index + 1), format!("{prefix}{}", index + 10))).collect()
}
