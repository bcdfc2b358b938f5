//! `docker-args`: everything is allowed, except what a node says, what the unit depends on, and what nobody can read.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::{Container, Network};
use crate::model::fleet::Placement;
use crate::text::Span;
use crate::value::docker_flags::{self, Flag, Flags, InArguments};
use crate::value::quoted;

/// A raw flag that breaks the unit.
pub(crate) const DOCKER_ARGS: Fault = Fault::error(
    "docker-args",
    "raw arguments leave alone what the unit stands on, and what a node says",
    "The unit finds its container by name, watches it while it is detached, reads its exit status after it ended, and \
     restarts it itself. A flag that changes one of these leaves a container that nobody watches, or one that docker and \
     systemd both restart. Of two values docker takes the last one: a time to stop that systemd does not know of ends in SIGKILL, and a \
     user, a limit or a writable root that only docker knows of is not checked. docs/docker-run.md has every flag.",
);

/// Refuses flags that are not allowed.
pub(crate) fn check(placement: &Placement, report: &mut Report) {
    let arguments = &placement.container.docker_args;
    let read = docker_flags::read(arguments.iter().map(|word| word.as_str()), docker_flags::docker);
    let host = placement.container.network.value == Network::Host;
    let joined = placement.container.joined.is_some();
    check_uts(&placement.container, &read, report);
    for flag in &read.flags {
        if let Some(diagnostic) = refused(flag, host, joined, arguments[flag.at].span) {
            report.push(diagnostic);
        }
    }
    if let Some(word) = arguments.get(read.end) {
        report.push(
            Diagnostic::new(&DOCKER_ARGS, format!("{} is no flag: docker would take it for the image", quoted(word)))
                .at(word.span, "not a flag")
                .help("write the flag before its value, as in `docker-args \"--gpus\" \"all\"`; what the program is given stands in `command`"),
        );
    }
}

/// docker: "conflicting options: hostname and the UTS mode".
fn check_uts(container: &Container, read: &Flags<'_>, report: &mut Report) {
    let arguments = &container.docker_args;
    let is_host = |flag: &&Flag<'_>| flag.name == "uts" && flag.value == Some("host");
    let Some(uts) = read.flags.iter().rev().find(is_host) else { return };
    let domain = read.flags.iter().find(|flag| flag.name == "domainname");
    let hostname = container.hostname.as_ref().map(|name| ("`hostname`", name.span));
    let domain = domain.map(|flag| ("`--domainname`", arguments[flag.value_at].span));
    for (what, span) in hostname.into_iter().chain(domain) {
        let message =
            format!("{what} cannot be set where the container has the host's names: docker refuses both");
        report.push(
            Diagnostic::new(&DOCKER_ARGS, message)
                .at(arguments[uts.value_at].span, "the host's names")
                .at(span, "a name of its own")
                .help("remove one of the two"),
        );
    }
}

fn refused(flag: &Flag<'_>, host: bool, joined: bool, span: Span) -> Option<Diagnostic> {
    let about = |message: String| Diagnostic::new(&DOCKER_ARGS, message);
    if !flag.known && !flag.assigned {
        let message = format!("docker 28 has no flag {}", quoted(&flag.written));
        let help =
            "remove it; if a later docker has it, write its value behind `=`, so that it takes no other word";
        return Some(about(message).at(span, "not a flag of `docker run`").help(help));
    }
    if flag.value.is_none() {
        let message = format!("`{}` has no value: docker would take what follows for it", flag.written);
        return Some(about(message).at(span, "needs a value").help("write its value behind it"));
    }
    if let Some((why, help)) = not_here(flag, host, joined) {
        return Some(
            about(format!("`{}` cannot stand in `docker-args`", flag.written)).at(span, why).help(help),
        );
    }
    let label = flag.value.filter(|value| flag.name == "label" && value.starts_with("dpc."));
    if label.is_some() {
        let message = format!("`{}` cannot give a label of dpc's own", flag.written);
        let why = "`activate` knows by it whose container this is, and how it was made";
        return Some(about(message).at(span, why).help("give the label another name than `dpc.…`"));
    }
    let unreadable = |does: &str, why: &str, help: &str| {
        about(format!("what `{}` {does} cannot be checked", flag.written)).at(span, why).help(help)
    };
    let mount = docker_flags::host_mount(flag).and_then(Result::err);
    let mount = mount.map(|why| unreadable("mounts", why, "name a directory of the host with `volume`"));
    let file = || docker_flags::host_file(flag).and_then(Result::err);
    mount.or_else(|| file().map(|why| unreadable("reads", why, "write where the file lies, without `..`")))
}

/// Returns why a flag cannot stand there, and what to do.
fn not_here(flag: &Flag<'_>, host: bool, joined: bool) -> Option<(String, String)> {
    let undoes =
        flag.value.is_some_and(|value| flag.name == "security-opt" && value.starts_with("no-new-privileges"));
    if undoes {
        return Some(said("no-new-privileges #false"));
    }
    let of_network = ["add-host", "dns", "dns-option", "dns-search", "domainname", "expose", "mac-address"];
    if joined && of_network.contains(&flag.name) {
        let why = "it belongs to the network, which is another container's";
        return Some((
            why.to_string(),
            "write it where that network is made, in the other service".to_string(),
        ));
    }
    if host && flag.name == "mac-address" {
        return Some(("docker takes none on the host's network".to_string(), "remove it".to_string()));
    }
    match docker_flags::in_arguments(flag.name)? {
        InArguments::Said(node) => Some(said(node)),
        InArguments::Refused(why) => Some((why.to_string(), "remove it".to_string())),
        InArguments::Also(_) | InArguments::Raw => None,
    }
}

fn said(node: &str) -> (String, String) {
    let name = node.split(' ').next().unwrap_or_default();
    (format!("`{name}` says it, and is checked"), format!("write for example `{node}`"))
}
