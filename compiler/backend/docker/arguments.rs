//! Checks the words of `docker run`: all together the kernel must take them.

use super::run::{RunFlag, flags, image_and_command};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::Container;
use crate::model::fleet::{Fleet, Placement, Workload};
use crate::text::Span;

/// More arguments than the kernel takes.
pub(crate) const TOO_MANY_ARGUMENTS: Fault = Fault::error(
    "too-many-arguments",
    "the arguments of a container's `docker run` come to 1 MiB at most",
    "Linux starts a program with 2 MiB of arguments and environment together, and 8 bytes more for each (execve(2), with the \
     usual limit of the stack). dpc leaves half of that to secrets, which the script has in its environment, and to what \
     systemd and root's shell put there. Beyond it every start fails: `Argument list too long`.",
);

/// The most, in bytes.
const MOST: usize = 1024 * 1024;

/// Bytes of each argument in addition to its text: NUL, and a pointer.
const EACH: usize = 9;

/// Number of the largest variables that a message shows.
const SHOWN: usize = 3;

/// Adds up the words of one container.
pub(crate) fn check(fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    if at_most(container) < MOST {
        return;
    }
    let words = flags(&fleet.name, &workload.name, container).into_iter().flat_map(RunFlag::into_words);
    let words = words.map(|word| word.len()).chain(image_and_command(container).map(str::len));
    let sum: usize = words.map(|length| length + EACH).sum();
    if sum <= MOST {
        return;
    }
    let message =
        format!("the arguments of `{}` come to {sum} bytes, and {MOST} are the most", workload.name);
    let diagnostic = Diagnostic::new(&TOO_MANY_ARGUMENTS, message);
    let diagnostic = match largest(container) {
        largest if largest.is_empty() => diagnostic.at(workload.span, "this service"),
        largest => largest
            .into_iter()
            .take(SHOWN)
            .fold(diagnostic, |diagnostic, (length, span)| diagnostic.at(span, format!("{length} bytes"))),
    };
    report.push(diagnostic.help("put what is large into a file: `file \"/path\" source=\"…\"`"));
}

/// Returns the places that take the most.
fn largest(container: &Container) -> Vec<(usize, Span)> {
    let variables = container.env.iter().map(|(name, value)| (name.len() + value.len(), value.span));
    let raw = container.docker_args.iter().map(|word| (word.len(), word.span));
    let mut found: Vec<(usize, Span)> = variables.chain(raw).collect();
    found.sort_by_key(|(length, span)| (std::cmp::Reverse(*length), *span));
    found
}

/// Returns an upper limit of the bytes of the words, without making them.
fn at_most(container: &Container) -> usize {
    /// Flags, punctuation and short values.
    const SHORT: usize = 256;
    /// A mount has two paths (PATH_MAX each), quotes doubled.
    const MOUNT: usize = 4 * 4096;
    let texts = container.env.iter().map(|(name, value)| name.len() + value.len());
    let labels = container.labels.iter().map(|(name, value)| name.len() + value.len());
    let sysctls = container.sysctls.iter().map(|(name, value)| name.len() + value.value.len());
    let options = container.logs.options.iter().map(|(name, value)| name.len() + value.value.len());
    let words = container.command.iter().chain(&container.entrypoint).map(|word| word.len());
    let raw = container.docker_args.iter().map(|word| word.len());
    let long: usize = texts
        .chain(labels)
        .chain(options)
        .chain(sysctls)
        .chain(words)
        .chain(raw)
        .map(|length| length + SHORT)
        .sum();
    let mounts = container.volumes.len()
        + container.files.len()
        + container.secrets.len()
        + container.tmpfs.len()
        + container.devices.len()
        + container.client_files().count();
    let short = container.ports.len()
        + container.extra_hosts.len()
        + container.dns.len()
        + container.ulimits.len()
        + container.cap_add.len()
        + container.cap_drop.len()
        + container.group_add.len()
        + container.gpus.len()
        + container.confinement.label.len();
    long + mounts * MOUNT + (short + FIXED) * SHORT
}

/// Flags that stand once.
const FIXED: usize = 64;
