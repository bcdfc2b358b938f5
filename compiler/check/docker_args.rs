//! `docker-args`: anything goes, but what takes away what the unit stands on.

use crate::container::Network;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::Placement;
use crate::value::quoted;

/// A raw flag that breaks the unit.
pub const DOCKER_ARGS: Fault = Fault::error(
    "docker-args",
    "raw arguments leave alone what the unit stands on",
    "The unit finds its container by name, watches it while it is detached, reads its exit status after it ended, and \
     restarts it itself. A flag that changes one of these leaves a container that nobody watches, or one that docker and \
     systemd both restart.",
);

/// Flags with why they do not go, and what to do instead.
const REFUSED: &[(&[&str], &str)] = &[
    (&["--name"], "dpc names the container after its fleet, service and instance"),
    (&["--rm"], "the container's exit status is read after it ended; the unit removes it"),
    (&["--restart"], "systemd restarts it; docker must not"),
    (&["--detach", "-d"], "the script detaches the container already"),
    (&["--tty", "-t", "--interactive", "-i"], "no terminal is there"),
    (&["--network", "--net"], "`network \"…\"` says it, and the ports are checked by that"),
    (&["--log-driver", "--log-opt"], "`logs driver=\"…\"` says it"),
    (&["--cidfile"], "the container is found by its name"),
];
const PUBLISH: &[&str] = &["--publish", "-p", "--publish-all", "-P"];

/// Looks for flags that do not go.
pub fn check(placement: &Placement, report: &mut Report) {
    if let Some(first) = placement.container.docker_args.first().filter(|first| !first.starts_with('-')) {
        report.push(
            Diagnostic::new(&DOCKER_ARGS, format!("{} is no flag: docker would take it for the image", quoted(first)))
                .at(first.span, "not a flag")
                .help("write the flag before its value, as in `docker-args \"--gpus\" \"all\"`; what the program is given stands in `command`"),
        );
    }
    for argument in &placement.container.docker_args {
        let flag = flag(argument);
        let host = placement.container.network.value == Network::Host;
        let refused = REFUSED.iter().find(|(flags, _)| flags.contains(&flag)).map(|(_, why)| *why);
        let publish =
            (host && PUBLISH.contains(&flag)).then_some("with host networking docker publishes nothing");
        if let Some(why) = refused.or(publish) {
            report.push(
                Diagnostic::new(&DOCKER_ARGS, format!("`{flag}` cannot stand in `docker-args`"))
                    .at(argument.span, why)
                    .help("remove it"),
            );
        }
    }
}

/// The flag of an argument, without its value; of short flags written in one, such as `-it`, the first that does not go.
fn flag(argument: &str) -> &str {
    let flag = argument.split('=').next().unwrap_or_default();
    let joined = flag.strip_prefix('-').filter(|letters| letters.len() > 1 && !letters.starts_with('-'));
    match joined {
        Some(letters) if letters.chars().all(|c| "dit".contains(c)) => match &letters[..1] {
            "d" => "-d",
            "i" => "-i",
            _ => "-t",
        },
        _ => flag,
    }
}
