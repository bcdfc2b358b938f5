//! The service.

use super::health::health;
use super::{Draft, built_port, port_name};
use crate::encode::terminal;
use crate::kdl::write::literal;
use crate::tools::init::dockerfile::Process;
use crate::tools::init::page::Page;

/// Adds the service to a page; `on` is the text of its node of that name.
pub(crate) fn service(draft: &Draft, on: &str, page: &mut Page) {
    let port = port_name(built_port(draft.built.as_ref()).or(draft.port));
    let extends = draft.base.as_ref().map(|base| format!(" extends={}", literal(base))).unwrap_or_default();
    page.line(0, format!("service {}{extends} {{", literal(&draft.service)), "");
    page.line(
        1,
        format!("image {}", literal(&draft.image)),
        "each release its own tag or digest, never `latest`",
    );
    page.line(1, format!("on {on}"), "by name, or by the labels of hosts: `on role=\"app\"`");
    if let Some(user) = &draft.user {
        page.line(1, format!("user {}", literal(user)), "not root; its volumes are made for it");
    }
    init(draft, page);
    ports(draft, port, page);
    env(draft, port, page);
    storage(draft, page);
    if let Some((node, from, lesson)) = health(draft, port) {
        match from {
            Some(from) => page.taken(from, 1, node, lesson),
            None => page.line(1, node, lesson),
        }
    }
    if draft.registers && draft.port.is_some() {
        page.line(
            1,
            format!("register \"{port}\""),
            "etcd has its address while it is healthy, and only then",
        );
    }
    ending(draft, page);
    page.line(0, "}", "");
}

/// Process 1 has no default actions for signals, and nobody to wait for its orphans.
fn init(draft: &Draft, page: &mut Page) {
    let Some(Process { program, in_shell }) = draft.built.as_ref().and_then(|image| image.process.as_ref())
    else {
        return;
    };
    let name = program.rsplit('/').next().unwrap_or(program);
    if matches!(name, "tini" | "dumb-init" | "docker-init" | "catatonit") {
        return;
    }
    let lesson = if *in_shell {
        "the image starts a shell, which passes no SIGTERM on: write its CMD as [\"…\"]"
    } else {
        "docker's init as process 1: passes signals on, and reaps children"
    };
    page.line(1, "init #true", lesson);
}

fn ports(draft: &Draft, name: &str, page: &mut Page) {
    let built = built_port(draft.built.as_ref());
    if let Some(port) = draft.port {
        let lesson = match built {
            Some(built) if built != port => {
                format!("{built} is not to be had there: the process must listen here")
            }
            _ => "a port of the host itself, checked against all others there".to_string(),
        };
        page.line(1, format!("port \"{name}\" {port}"), &lesson);
    }
    let exposed = draft.built.iter().flat_map(|image| &image.ports);
    for (first, last, protocol) in
        exposed.filter(|(first, _, protocol)| Some(*first) != built || protocol != "tcp")
    {
        let numbers = if first == last { first.to_string() } else { format!("\"{first}-{last}\"") };
        let over = if protocol == "tcp" { String::new() } else { format!(" protocol={}", literal(protocol)) };
        let name = if over.is_empty() { format!("port-{first}") } else { format!("{protocol}-{first}") };
        page.taken(
            "EXPOSE",
            1,
            format!("port {} {numbers}{over}", literal(&name)),
            "the image exposes it, too",
        );
    }
}

/// Gives the process its port in the variable that the image has for it.
fn env(draft: &Draft, port: &str, page: &mut Page) {
    if draft.port.is_none() {
        return;
    }
    let built = built_port(draft.built.as_ref()).map(|port| port.to_string());
    let env = draft.built.iter().flat_map(|image| &image.env);
    let mut holders = env.filter(|(name, value)| Some(*value) == built.as_ref() && is_plain(name));
    let name = holders.next().map_or("PORT", |(name, _)| name.as_str());
    page.line(1, "env {", "");
    let lesson = "one number in one place: yours may read another variable";
    page.line(2, format!("{name} \"{{{{ ports.{port} }}}}\""), lesson);
    page.line(1, "}", "");
}

/// Returns whether a variable is named as variables are, so that it needs no quotes in KDL.
fn is_plain(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
        && name.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_')
}

fn storage(draft: &Draft, page: &mut Page) {
    let image = draft.built.as_ref();
    let volumes = image.map(|image| image.volumes.as_slice()).unwrap_or_default();
    let place = format!("/srv/{}/{}", draft.fleet, draft.service);
    for path in volumes {
        let folder = path.trim_matches('/').replace('/', "-");
        let lesson = format!("in {place}/{} of the host: outlives the container", terminal::line(&folder));
        page.taken("VOLUME", 1, format!("volume {}", literal(path)), &lesson);
    }
    let workdir = image.and_then(|image| image.workdir.as_deref()).filter(|path| *path != "/");
    let too = workdir.map(|path| format!(", {} too,", terminal::line(path))).unwrap_or_default();
    page.line(1, "tmpfs \"/tmp\" size=\"64m\"", "in memory, empty at each start");
    page.line(1, "", &format!("All else{too} is read-only: what it writes and keeps needs a line like"));
    page.line(1, "", &format!("volume \"/data\" (in {place}/data of the host; no image layer is so fast)."));
}

fn ending(draft: &Draft, page: &mut Page) {
    let signal = draft.built.as_ref().and_then(|image| image.stop_signal.as_ref());
    let lesson = "time for requests under way, before SIGKILL";
    match signal {
        Some(signal) => {
            page.taken("STOPSIGNAL", 1, format!("stop signal={} grace=\"30s\"", literal(signal)), lesson);
        }
        None => page.line(1, "stop grace=\"30s\"", lesson),
    }
    if draft.base.is_none() {
        page.line(1, "resources memory=\"512m\"", "beyond it the process is killed, and the host lives");
    }
}
