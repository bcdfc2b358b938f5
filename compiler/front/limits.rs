//! Limits of a project, and of what a build makes of it: a few words can ask for more than any machine holds (each service on
//! every host, a thousand times), and nobody means that. `docs/security.md` lists them.

use crate::diagnostic::{Diagnostic, Fault};
use crate::kdl::Node;
use crate::text::Span;
use std::sync::atomic::{AtomicI64, Ordering};

/// A project that asks for more than dpc handles.
pub(crate) const TOO_LARGE: Fault = Fault::error(
    "too-large",
    "a project stays within what dpc puts together",
    "Few words can ask for more than any machine holds, such as every service on every host a thousand times. A build that \
     takes an hour, or all memory, is no answer; and a service of a thousand ports or a host of a thousand labels is a slip, or \
     an attack on whoever builds it.",
);

/// Hosts of a fleet.
pub(crate) const MOST_HOSTS: usize = 5_000;
/// Containers of a fleet beyond one for each service and task.
pub(crate) const MOST_CONTAINERS: usize = 12_000;
/// Settings of one kind in a service, such as ports; arguments and properties of one node; children of one setting.
pub(crate) const MOST_OF_A_KIND: usize = 1_000;
/// Variables of a project.
pub(crate) const MOST_VARIABLES: usize = 1_000;
/// Listeners of a host on one port, with different addresses or protocols.
pub(crate) const MOST_LISTENERS: usize = 1_000;
/// Includes with wildcards.
pub(crate) const MOST_PATTERNS: usize = 1_000;
/// Files and folders that these includes may look at.
pub(crate) const MOST_LOOKS: usize = 200_000;

/// The rest of a budget for what multiplies: the settings of all containers in bytes, since each container has copies; or
/// containers. A budget grows with what is written.
#[derive(Debug)]
pub(crate) struct Budget(AtomicI64);

/// The budget of a project with almost no text.
const LEAST_ROOM: i64 = 32 * 1024 * 1024;
/// The additional budget for each byte of text.
const ROOM_A_BYTE: i64 = 16;
/// Bytes that a setting takes in addition to its text.
pub(crate) const ROOM_A_SETTING: usize = 64;

/// The budget of a container for what the project's own templates print of it. dpc's own print half of that.
const ROOM_A_SCRIPT: i64 = 32 * 1024;
/// Bytes that each awaited instance takes.
pub(crate) const ROOM_A_WAIT: usize = 32;

impl Budget {
    /// The budget of a project with this many bytes of KDL.
    pub(crate) fn of_settings(bytes: usize) -> Self {
        Self(AtomicI64::new(LEAST_ROOM + ROOM_A_BYTE * bytes as i64))
    }

    /// The budget of a project with this many services and tasks for their containers.
    pub(crate) fn of_containers(workloads: usize) -> Self {
        Self(AtomicI64::new((workloads + MOST_CONTAINERS) as i64))
    }

    /// The budget of a fleet with this many containers for what the project's own templates print.
    pub(crate) fn of_templates(containers: usize) -> Self {
        Self(AtomicI64::new(LEAST_ROOM + ROOM_A_SCRIPT * containers as i64))
    }

    /// Takes some; whether there was so much left.
    pub(crate) fn take(&self, size: usize) -> bool {
        self.0.fetch_sub(size as i64, Ordering::Relaxed) >= size as i64
    }

    /// Returns whether more was asked for than there was.
    pub(crate) fn is_used_up(&self) -> bool {
        self.0.load(Ordering::Relaxed) < 0
    }
}

/// Bytes of the budget that a setting takes.
pub(crate) fn size(node: Node<'_>) -> usize {
    let span = node.span();
    let children = node.children().into_iter().flatten().map(size);
    ROOM_A_SETTING + (span.end - span.start) as usize + children.sum::<usize>()
}

/// Reports that there are too many of something.
pub(crate) fn too_many(what: &str, found: usize, most: usize, span: Span) -> Diagnostic {
    Diagnostic::new(&TOO_LARGE, format!("{what}: {found}, and {most} is the most"))
        .at(span, "more than dpc takes")
}

/// Reports that there are too many containers.
pub(crate) fn no_containers(fleet: Span, workloads: usize) -> Diagnostic {
    let most = workloads + MOST_CONTAINERS;
    Diagnostic::new(&TOO_LARGE, format!("this fleet has more than {most} containers"))
        .at(fleet, "this fleet")
        .help(format!(
            "a fleet has at most {MOST_CONTAINERS} more than services and tasks: lower `instances`, choose fewer hosts by \
             `on`, or divide the fleet"
        ))
}

/// Reports that all containers together have more settings than there is room for.
pub(crate) fn no_room(fleet: Span) -> Diagnostic {
    Diagnostic::new(&TOO_LARGE, "the settings of all containers of this fleet are more than dpc puts together")
        .at(fleet, "this fleet")
        .help(
            "what every service takes over (defaults, bases, env files, config files) and how often a service runs \
             (`instances`, `on`) multiply: make some of it less, or divide the fleet",
        )
}
