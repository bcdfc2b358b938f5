//! The service, and the further processes of its image.

use super::health::health;
use super::storage::storage;
use super::{Draft, port_name};
use crate::kdl::write::literal;
use crate::tools::init::dockerfile::Process;
use crate::tools::init::facts::Worker;
use crate::tools::init::found::name;
use crate::tools::init::listening::program;
use crate::tools::init::page::Page;
use crate::tools::init::source::GUESS;
use std::collections::BTreeSet;

/// Adds the service to a page; `on` is the text of its node of that name.
pub(crate) fn service(draft: &Draft, on: &str, page: &mut Page) {
    let shown = draft.facts.port.as_ref().or(draft.port.as_ref()).map(|port| port.value);
    let port = port_name(shown);
    begin(draft, &draft.service.value, &draft.service.source, page);
    page.sourced(
        1,
        format!("image {}", literal(&draft.image.value)),
        &draft.image.source,
        "each release has its own tag",
    );
    page.sourced(1, format!("on {on}"), &draft.hosts.source, "by name, or by labels: `on role=\"app\"`");
    user(draft, page);
    init(draft, page);
    if let Some(command) = &draft.facts.command {
        let port = draft.port.as_ref().map(|_| port);
        page.sourced(1, started(draft, &command.value, port), &command.source, "");
    }
    ports(draft, port, page);
    env(draft, port, page);
    storage(draft, None, page);
    health(draft, port, page);
    if draft.registers && draft.port.is_some() {
        let source = if draft.etcd.is_empty() { "the fleet's etcd" } else { "--etcd" };
        page.sourced(
            1,
            format!("register \"{port}\""),
            source,
            "it has the address while the service is healthy",
        );
    }
    ending(draft, page);
    page.line(0, "}", "");
    for (name, worker) in workers(draft) {
        page.gap();
        self::worker(draft, &name, worker, on, page);
    }
}

fn begin(draft: &Draft, name: &str, source: &str, page: &mut Page) {
    let extends = draft.base.as_ref().map(|base| format!(" extends={}", literal(base))).unwrap_or_default();
    page.sourced(0, format!("service {}{extends} {{", literal(name)), source, "");
}

/// The names of the services of the workers, each once.
pub(crate) fn workers(draft: &Draft) -> Vec<(String, &Worker)> {
    let mut taken = BTreeSet::from([draft.service.value.clone()]);
    let named = |worker: &'_ Worker| name(&format!("{}-{}", draft.service.value, worker.name));
    let workers = draft.facts.workers.iter().filter_map(|worker| Some((named(worker)?.to_string(), worker)));
    workers.filter(|(name, _)| taken.insert(name.clone())).collect()
}

/// A process of the same image, with the same files.
fn worker(draft: &Draft, name: &str, worker: &Worker, on: &str, page: &mut Page) {
    let own = &draft.service.value;
    begin(draft, name, &worker.command.source, page);
    page.line(1, format!("image {}", literal(&draft.image.value)), &format!("as `{own}`"));
    page.line(1, format!("on {on}"), &format!("as `{own}`"));
    if let Some(user) = &draft.user {
        page.line(1, format!("user {}", literal(&user.value)), &format!("as `{own}`"));
    }
    page.sourced(1, started(draft, &worker.command.value, None), &worker.command.source, "");
    storage(draft, Some(own), page);
    page.line(0, "}", "");
}

/// The command, past an entry point that would take it as arguments. `$PORT` is the port of the service.
fn started(draft: &Draft, words: &[String], port: Option<&str>) -> String {
    let is_wrapper = |process: &Process| {
        let name = process.words.first().map_or("", |word| program(word));
        !process.in_shell && (name.contains("entrypoint") || name.ends_with(".sh") || is_init(name))
    };
    let entrypoint = draft.built.as_ref().and_then(|image| image.entrypoint.as_ref());
    let node = if entrypoint.is_none_or(is_wrapper) { "command" } else { "entrypoint" };
    let written: Vec<String> = words.iter().map(|word| literal(word)).collect();
    let written = written.join(" ");
    match port {
        Some(port) => format!("{node} {}", written.replace("$PORT", &format!("{{{{ ports.{port} }}}}"))),
        None => format!("{node} {written}"),
    }
}

fn user(draft: &Draft, page: &mut Page) {
    match (&draft.user, &draft.base) {
        (Some(user), _) => {
            page.sourced(1, format!("user {}", literal(&user.value)), &user.source, "");
        }
        (None, Some(_)) => {}
        (None, None) => {
            page.line(1, "", "Nothing shows a user but the image's own, often root: `user \"1000:1000\"` is safer, if it can.");
        }
    }
}

/// Process 1 has no default actions for signals, and nobody to wait for its orphans.
fn init(draft: &Draft, page: &mut Page) {
    let process = draft.built.as_ref().and_then(|image| image.process());
    let Some((source, Process { words, in_shell })) = process else { return };
    let name = words.first().map_or("", |word| program(word));
    if is_init(name) {
        return;
    }
    let lesson = if *in_shell {
        format!("{source} starts a shell, which passes no SIGTERM on: write it as [\"…\"]")
    } else {
        format!("the process of {source} gets signals, and its orphans are reaped")
    };
    page.sourced(1, "init #true", GUESS, &lesson);
}

fn is_init(program: &str) -> bool {
    matches!(program, "tini" | "dumb-init" | "docker-init" | "catatonit")
}

fn ports(draft: &Draft, name: &str, page: &mut Page) {
    let shown = draft.facts.port.as_ref();
    match &draft.port {
        Some(port) => {
            let teller = draft
                .facts
                .port_variable
                .as_ref()
                .map_or("the process must listen here".to_string(), |told| {
                    format!("{} tells the process", told.value)
                });
            let lesson = match shown {
                Some(shown) if shown.value != port.value => {
                    format!("{} is not to be had there, and {teller}", shown.value)
                }
                None => teller,
                Some(_) => String::new(),
            };
            page.sourced(1, format!("port \"{name}\" {}", port.value), &port.source, &lesson);
        }
        None if shown.is_none() => {
            page.line(
                1,
                "",
                "Nothing shows a port: a service that listens has a line like `port \"http\" 8080`.",
            );
        }
        None => {}
    }
    let exposed = draft.built.iter().flat_map(|image| &image.ports);
    let is_main =
        |first: u16, protocol: &str| protocol == "tcp" && shown.is_some_and(|shown| shown.value == first);
    for (first, last, protocol) in exposed.filter(|(first, _, protocol)| !is_main(*first, protocol)) {
        let numbers = if first == last { first.to_string() } else { format!("\"{first}-{last}\"") };
        let over = if protocol == "tcp" { String::new() } else { format!(" protocol={}", literal(protocol)) };
        let name = if over.is_empty() { format!("port-{first}") } else { format!("{protocol}-{first}") };
        page.taken(1, format!("port {} {numbers}{over}", literal(&name)), "EXPOSE", "");
    }
    if let (Some(inner), Some(_)) = (&draft.facts.inner_port, &draft.port) {
        page.taken(1, format!("port \"inner\" {}", inner.value.port), &inner.source, "");
    }
}

/// Gives the process its port in the variable that it reads.
fn env(draft: &Draft, port: &str, page: &mut Page) {
    let has_port = draft.port.is_some();
    let in_command = draft.facts.command.iter().flat_map(|command| &command.value);
    let is_filled_in = in_command.into_iter().any(|word| word.contains("$PORT"));
    let variable = draft.facts.port_variable.as_ref().filter(|_| has_port && !is_filled_in);
    let inner = draft.facts.inner_port.as_ref().filter(|_| has_port);
    if variable.is_none() && inner.is_none() && draft.facts.env.is_empty() {
        return;
    }
    page.line(1, "env {", "");
    if let Some(variable) = variable {
        let line = format!("{} \"{{{{ ports.{port} }}}}\"", variable.value);
        page.sourced(2, line, &variable.source, "one number in one place");
    }
    if let Some(inner) = inner {
        let line = format!("{} \"{{{{ ports.inner }}}}\"", inner.value.variable);
        page.taken(2, line, &inner.source, "");
    }
    for env in &draft.facts.env {
        let (name, value) = env.value;
        page.sourced(2, format!("{name} {}", literal(value)), &env.source, "");
    }
    page.line(1, "}", "");
}

fn ending(draft: &Draft, page: &mut Page) {
    let signal = draft.built.as_ref().and_then(|image| image.stop_signal.as_ref());
    if let Some(signal) = signal {
        page.taken(1, format!("stop signal={}", literal(signal)), "STOPSIGNAL", "");
    }
    for note in &draft.facts.notes {
        page.line(1, "", note);
    }
    if draft.base.is_none() {
        page.line(1, "", "Nothing shows limits: `resources memory=\"512m\"` sets one, and `stop grace=\"30s\"` gives requests");
        page.line(1, "", "that are under way more than 10 seconds.");
    }
}
