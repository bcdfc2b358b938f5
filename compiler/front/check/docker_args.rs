//! `docker-args`: everything is allowed, except flags that the unit depends on, and flags that nobody can read.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::Network;
use crate::model::fleet::Placement;
use crate::text::Span;
use crate::value::docker_flags::{self, Flag};
use crate::value::quoted;

/// A raw flag that breaks the unit.
pub(crate) const DOCKER_ARGS: Fault = Fault::error(
    "docker-args",
    "raw arguments leave alone what the unit stands on",
    "The unit finds its container by name, watches it while it is detached, reads its exit status after it ended, and \
     restarts it itself. A flag that changes one of these leaves a container that nobody watches, or one that docker and \
     systemd both restart.",
);

/// Flags by their long names, with the reason why they are refused, and what to do instead.
const REFUSED: &[(&[&str], &str)] = &[
    (&["name"], "dpc names the container after its fleet, service and instance"),
    (&["rm"], "the container's exit status is read after it ended; the unit removes it"),
    (&["restart"], "systemd restarts it; docker must not"),
    (&["detach"], "the script detaches the container already"),
    (&["attach"], "the script detaches the container"),
    (&["tty", "interactive"], "no terminal is there"),
    (&["network"], "`network \"…\"` says it, and the ports are checked by that"),
    (&["log-driver", "log-opt"], "`logs driver=\"…\"` says it"),
    (&["cidfile"], "the container is found by its name"),
    (&["help"], "docker would print its help and start nothing"),
    (
        &["volumes-from"],
        "what it mounts stands elsewhere, and cannot be checked: name each path with `volume`",
    ),
];
const PUBLISH: &[&str] = &["publish", "publish-all"];

/// Refuses flags that are not allowed.
pub(crate) fn check(placement: &Placement, report: &mut Report) {
    let arguments = &placement.container.docker_args;
    let read = docker_flags::read(arguments.iter().map(|word| word.as_str()), docker_flags::docker);
    let host = placement.container.network.value == Network::Host;
    for flag in &read.flags {
        if let Some(diagnostic) = refused(flag, host, arguments[flag.at].span) {
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

fn refused(flag: &Flag<'_>, host: bool, span: Span) -> Option<Diagnostic> {
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
    let why = REFUSED.iter().find(|(flags, _)| flags.contains(&flag.name)).map(|(_, why)| *why);
    let publish =
        (host && PUBLISH.contains(&flag.name)).then_some("with host networking docker publishes nothing");
    if let Some(why) = why.or(publish) {
        return Some(
            about(format!("`{}` cannot stand in `docker-args`", flag.written))
                .at(span, why)
                .help("remove it"),
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
