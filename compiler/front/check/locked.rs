//! What the lock knows of an image against what the KDL says of its container.

use super::disk::mounted_paths;
use super::ports::first_for_everybody;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::{Container, Network};
use crate::model::fleet::{Check, Fleet, Kind, Placement, Target, Workload};
use crate::model::image::{ExposedPort, ImageConfig};
use crate::text::Located;
use crate::value::path::{covers, real};
use crate::value::port::Protocol;
use crate::value::suggest::{differs_little, listed};
use std::collections::BTreeSet;
use std::path::Path;

/// A `VOLUME` of the image with nothing mounted at it.
pub(crate) const IMAGE_VOLUME: Fault = Fault::error(
    "image-volume",
    "each path that an image declares as a volume has a `volume` or a `tmpfs`",
    "docker mounts an anonymous volume there: it can be written although the root filesystem is read-only, it is empty again in the next \
     container, and the old one stays on the disk at every start.",
);
/// A port of the image that no `port` declares.
pub(crate) const UNDECLARED_PORT: Fault = Fault::warning(
    "undeclared-port",
    "each port that an image exposes is declared by a `port`",
    "On the host's network the process listens on the host's own port, declared or not. A port that dpc does not know is not compared \
     with those of other services: the second one dies at its start.",
);
/// A health check that asks a port which the image does not expose.
pub(crate) const UNEXPOSED_PORT: Fault = Fault::warning(
    "unexposed-port",
    "the port that is asked whether a service is ready is one that its image exposes",
    "Host networking maps no ports: the process listens on the port that its image was made for, unless it is told another one. A check \
     of any other port is never answered, and the service never becomes ready.",
);
/// Root on the host's network, without a word.
pub(crate) const ROOT_ON_HOST: Fault = Fault::warning(
    "root-on-host",
    "a service on the host's network does not run as root by chance",
    "The image says no user, so its process is root, on the network of the host. Where an image starts as root to become another user \
     by itself, `user \"0:0\"` says that it is known.",
);
/// Words that only a shell reads, and no shell.
pub(crate) const SHELL_WORD: Fault = Fault::warning(
    "shell-word",
    "the words of a command are read by what the image starts",
    "An image's entrypoint gets the words as they are. `&&`, `|` and `>` mean something to a shell only; and a shell with `-c` takes one word as \
     its command, and the others as its arguments.",
);
/// A variable that is almost one of the image's.
pub(crate) const SIMILAR_VARIABLE: Fault = Fault::warning(
    "similar-variable",
    "a variable is not almost one of the image's",
    "A name that differs by its case or one letter is another variable: the process reads its own, and nobody reads this one.",
);
/// A signal that the image does not expect.
pub(crate) const OTHER_SIGNAL: Fault = Fault::warning(
    "other-signal",
    "a service is stopped by the signal that its image names",
    "An image names a signal where SIGTERM would not end its process well: nginx finishes its requests at SIGQUIT, Postgres ends its \
     sessions at SIGINT.",
);
/// A health check of the image that dpc does not ask.
pub(crate) const HIDDEN_HEALTH: Fault = Fault::warning(
    "hidden-health",
    "the health check of an image is not replaced without a word",
    "dpc asks by its own check, and switches docker's off. That a port accepts a connection is less than what the image's own check asks.",
);
/// A working directory that the image does not have.
pub(crate) const OTHER_WORKDIR: Fault = Fault::warning(
    "other-workdir",
    "a relative path in a command is read from the directory that the image was made for",
    "docker makes a directory that is not there, and the process starts in it: a program or file that is named without its folder is not \
     found.",
);

/// Holds one container against its image.
pub(super) fn check(fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report) {
    let Some(config) = placement.image_config() else { return };
    let container = &placement.container;
    check_volumes(workload, container, config, report);
    check_command(container, config, report);
    check_variables(container, config, report);
    check_workdir(container, config, report);
    check_signal(container, config, report);
    if container.network.value == Network::Host {
        check_user(fleet, workload, placement, config, report);
    }
    if workload.kind == Kind::Service {
        check_ports(workload, placement, config, report);
        check_health(placement, config, report);
    }
}

fn check_volumes(workload: &Workload, container: &Container, config: &ImageConfig, report: &mut Report) {
    if config.volumes.is_empty() {
        return;
    }
    // docker mounts its own below a directory that is mounted above.
    let mounted: BTreeSet<String> = mounted_paths(container).iter().map(|path| real(path)).collect();
    let is_covered = |path: &str| mounted.contains(&real(path));
    for volume in config.volumes.iter().filter(|volume| !is_covered(volume)) {
        let path = &volume.value;
        report.push(
            Diagnostic::new(&IMAGE_VOLUME, format!("`{}` has no volume for `{path}` of its image", workload.name))
                .at(container.image.span, "this image writes there")
                .at(volume.span, "the lock says so")
                .help(format!(
                    "add `volume \"{path}\"` to keep what is written there, or `tmpfs \"{path}\"` if it may go with the container"
                )),
        );
    }
}

fn check_ports(workload: &Workload, placement: &Placement, config: &ImageConfig, report: &mut Report) {
    let container = &placement.container;
    if placement.instance > 1 || config.ports.is_empty() {
        return;
    }
    let is_declared = |exposed: &ExposedPort| {
        let mut ports = container.ports.iter().filter(|port| port.protocol == exposed.protocol);
        ports.any(|port| port.range.overlaps(exposed.port.into()))
    };
    if let Some(diagnostic) = unexposed(placement, config) {
        report.push(diagnostic);
        return;
    }
    let unknown: Vec<&Located<ExposedPort>> =
        config.ports.iter().filter(|exposed| !is_declared(exposed)).collect();
    let (Some(first), true) = (unknown.first(), container.network.value == Network::Host) else { return };
    let named: Vec<String> = unknown.iter().map(ToString::to_string).collect();
    report.push(
        Diagnostic::new(
            &UNDECLARED_PORT,
            format!(
                "no `port` of `{}` declares {} of its image",
                workload.name,
                listed(named.iter().map(String::as_str))
            ),
        )
        .at(container.image.span, "this image exposes it")
        .at(first.span, "the lock says so")
        .help(format!("add `{}`", declaration(first.value))),
    );
}

fn declaration(ExposedPort { port, protocol }: ExposedPort) -> String {
    let known = format!("port \"{protocol}-{port}\" {port}");
    if protocol == Protocol::Tcp { known } else { format!("{known} protocol=\"{protocol}\"") }
}

/// The default check of a port that the image does not expose, where it exposes others.
fn unexposed(placement: &Placement, config: &ImageConfig) -> Option<Diagnostic> {
    let Check::Tcp { targets } = &placement.health.check else { return None };
    if placement.container.network.value != Network::Host {
        return None;
    }
    let exposed: Vec<ExposedPort> = config.ports.iter().map(|port| port.value).collect();
    let is_exposed = |target: &Target| {
        exposed.iter().any(|exposed| exposed.protocol == Protocol::Tcp && exposed.port == target.port)
    };
    let is_asked = placement.health_by_default && exposed.iter().any(|port| port.protocol == Protocol::Tcp);
    let target = targets.iter().find(|target| !is_exposed(target)).filter(|_| is_asked)?;
    let port = placement.container.ports.iter().find(|port| port.range.first() == target.port)?;
    // What sets another port is told by a variable, or by the command.
    let number = target.port.to_string();
    let mut told = placement.container.env.values().chain(&placement.container.command);
    if told.any(|text| text.value.contains(&number)) {
        return None;
    }
    let first = config.ports.first()?;
    Some(
        Diagnostic::new(&UNEXPOSED_PORT, format!("the image does not expose port {number}, which is asked for its health"))
            .at(port.span, "asked, since there is no `health`")
            .at(first.span, format!("the image exposes {first}"))
            .help("declare the port that the process listens on, or tell the process this one by a variable or its command"),
    )
}

fn check_user(
    fleet: &Fleet,
    workload: &Workload,
    placement: &Placement,
    config: &ImageConfig,
    report: &mut Report,
) {
    let container = &placement.container;
    if container.user.is_some() {
        return;
    }
    let Some(user) = config.user.as_ref().filter(|user| user.is_root() != Some(true)) else {
        report.push(
            Diagnostic::new(&ROOT_ON_HOST, format!("`{}` runs as root on the host's network", workload.name))
                .at(container.image.span, "the image names no other user")
                .help("add `user \"1000:1000\"` with a user that the image works as, or `user \"0:0\"` if root is meant"),
        );
        return;
    };
    let first = first_for_everybody(fleet.hosts.get(&placement.host));
    for port in container.ports.iter().filter(|port| port.range.first().get() < first) {
        report.push(super::ports::privileged(workload, port, user, first));
    }
}

/// Signs that stand between the words of a shell's commands.
const SIGNS: &[&str] = &["&&", "||", "|", ";", ">", ">>", "<", "2>&1", "2>", "&"];

fn check_command(container: &Container, config: &ImageConfig, report: &mut Report) {
    let own: Vec<&str> = container.entrypoint.iter().map(|word| word.as_str()).collect();
    let entrypoint: Vec<&str> =
        if own.is_empty() { config.entrypoint.iter().map(String::as_str).collect() } else { own };
    let words = &container.command;
    if runs_shell(&entrypoint) {
        if let [_, second, ..] = &words[..] {
            report.push(
                Diagnostic::new(&SHELL_WORD, "the shell reads one word as its command")
                    .at(second.span, "an argument of the command before, and no part of it")
                    .help("write the whole command as one word"),
            );
        }
        return;
    }
    let texts: Vec<&str> = words.iter().map(|word| word.as_str()).collect();
    let sign = words.iter().find(|word| SIGNS.contains(&word.as_str()));
    if let Some(sign) = sign.filter(|_| !texts.first().is_some_and(|first| is_shell(first))) {
        report.push(
            Diagnostic::new(&SHELL_WORD, format!("`{}` is for a shell, and none reads it", sign.value))
                .at(sign.span, "the program gets this as an argument")
                .help("write `command \"sh\" \"-c\" \"…\"` with the whole line as one word"),
        );
    }
}

/// Returns whether an entrypoint is a shell that takes the next word as its command.
pub(super) fn runs_shell(entrypoint: &[impl AsRef<str>]) -> bool {
    let words: Vec<&str> = entrypoint.iter().map(AsRef::as_ref).collect();
    matches!(words[..], [shell, "-c" | "-ec" | "-lc"] if is_shell(shell))
}

fn is_shell(program: &str) -> bool {
    let name = Path::new(program).file_name().and_then(|name| name.to_str());
    matches!(name, Some("sh" | "bash" | "ash" | "dash" | "zsh"))
}

/// The fewest letters of a name that another can be almost.
const LEAST: usize = 5;
/// The most variables of an image that are looked at: each is compared with each of the service.
const MOST_VARIABLES: usize = 100;

fn is_similar(name: &str, known: &str) -> bool {
    known.len() >= LEAST && name.len().abs_diff(known.len()) < 2 && differs_little(name, known)
}

fn check_variables(container: &Container, config: &ImageConfig, report: &mut Report) {
    for (name, value) in &container.env {
        if config.variables.contains(name.as_str()) || name.len() < LEAST {
            continue;
        }
        let Some(meant) = config.variables.iter().take(MOST_VARIABLES).find(|known| is_similar(name, known))
        else {
            continue;
        };
        report.push(
            Diagnostic::new(
                &SIMILAR_VARIABLE,
                format!("the image has a variable `{meant}`, and this is `{name}`"),
            )
            .at(value.span, format!("the value of `{name}`"))
            .help(format!("write `{meant}` if that is meant")),
        );
    }
}

fn check_signal(container: &Container, config: &ImageConfig, report: &mut Report) {
    let (Some(signal), Some(own)) = (&container.stop.signal, &config.stop_signal) else { return };
    if signal.value != own.value {
        let message = format!("this stops it by {}, and its image names {}", signal.value, own.value);
        report.push(
            Diagnostic::new(&OTHER_SIGNAL, message)
                .at(signal.span, "another signal")
                .at(own.span, "the image's own")
                .help(format!("remove `signal=`, so that the image's own `{}` is used", own.value)),
        );
    }
}

fn check_health(placement: &Placement, config: &ImageConfig, report: &mut Report) {
    let Some(health) = config.health.as_ref().filter(|health| is_asked(health)) else { return };
    if !placement.health_by_default {
        return;
    }
    report.push(
        Diagnostic::new(&HIDDEN_HEALTH, "the image has a health check, which is not asked")
            .at(placement.container.image.span, "dpc asks whether its ports accept a connection")
            .at(health.span, "the image's own")
            .help(format!(
                "say which one is meant: `health command={}`, or `health tcp=\"…\"`",
                command(health)
            )),
    );
}

/// Returns whether a check of an image asks anything: `NONE` switches one off.
fn is_asked(health: &[String]) -> bool {
    matches!(health, [kind, _, ..] if kind == "CMD" || kind == "CMD-SHELL")
}

/// The check as a value in KDL.
fn command(health: &[String]) -> String {
    let words: Vec<&str> = health.iter().skip(1).map(String::as_str).collect();
    crate::kdl::write::text(&words.join(" "))
}

fn check_workdir(container: &Container, config: &ImageConfig, report: &mut Report) {
    let (Some(workdir), Some(own)) = (&container.workdir, &config.workdir) else { return };
    let words = if container.entrypoint.is_empty() { &config.entrypoint } else { return };
    let started = words.iter().chain(config.command.iter().filter(|_| container.command.is_empty()));
    let own_words: Vec<&String> = started.collect();
    let Some(relative) = own_words.iter().find(|word| is_relative(word)) else { return };
    if !covers(&own.value, &workdir.value) && workdir.value != own.value {
        report.push(
            Diagnostic::new(
                &OTHER_WORKDIR,
                format!("`{relative}` of the image is not read from `{}`", workdir.value),
            )
            .at(workdir.span, "it starts here")
            .at(own.span, "the image was made to start here")
            .help("remove `workdir`, or write the command with whole paths"),
        );
    }
}

/// Returns whether a word names a file by a relative path.
fn is_relative(word: &str) -> bool {
    let known = [".js", ".mjs", ".cjs", ".py", ".rb", ".jar", ".sh", ".php", ".ts"];
    !word.starts_with(['/', '-'])
        && (word.starts_with("./") || known.iter().any(|ending| word.ends_with(ending)))
}
