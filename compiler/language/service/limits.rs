//! Nodes of services and tasks: limits, rights and kernel parameters.

use crate::language::field::{field, single};
use crate::language::{
    Children, Field, Merge, NODE, Node, Single, Type, argument, at_least_one, exactly, property,
};
use crate::value::Invalid;
use crate::value::boolean;
use crate::value::cpus::Cpus;
use crate::value::device::Permissions;
use crate::value::number;
use crate::value::size::Size;

/// `memory` of `resources`.
pub(crate) const MEMORY: Field<Size> =
    field("memory", Type::Size, "none", "memory; beyond it the process is killed", memory);
/// `memory-swap` of `resources`.
pub(crate) const MEMORY_SWAP: Field<Size> =
    field("memory-swap", Type::Size, "none", "memory and swap together", memory);
/// `cpus` of `resources`.
pub(crate) const CPUS: Field<Cpus> = field("cpus", Type::Decimal, "none", "processors", Cpus::parse);
/// `pids` of `resources`.
pub(crate) const PIDS: Field<i64> =
    field("pids", Type::Integer, "none", "processes and threads", number::within::<1, 4_194_304>);
/// `hard` of `ulimit`.
pub(crate) const HARD: Field<i64> =
    field("hard", Type::Integer, "the soft limit", "the hard limit", number::within::<-1, { i64::MAX }>);
/// `permissions` of `device`.
pub(crate) const PERMISSIONS: Field<Permissions> =
    field("permissions", Type::Choice(Permissions::WORDS), "rwm", "read, write, mknod", Permissions::parse);

/// `resources`.
pub(crate) const RESOURCES: Node = Node {
    name: "resources",
    help: "limits of the container",
    properties: &[MEMORY.row, MEMORY_SWAP.row, CPUS.row, PIDS.row],
    merge: Merge::Properties,
    example: r#"resources memory="1g" cpus=1.5 pids=256"#,
    ..NODE
};

/// `ulimit`.
pub(crate) const ULIMIT: Node = Node {
    name: "ulimit",
    help: "a limit of setrlimit(2)",
    arguments: exactly(&[argument("name", Type::Text), argument("soft", Type::Integer)]),
    properties: &[HARD.row],
    merge: Merge::Named,
    example: r#"ulimit "nofile" 65536"#,
    ..NODE
};

/// `capabilities`.
pub(crate) const CAPABILITIES: Node = Node {
    name: "capabilities",
    help: "capabilities beyond docker's default set, and those to drop",
    children: Children::Nodes(CAPABILITY_NODES),
    default: "docker's default set",
    example: r#"capabilities { drop "ALL"; add "CHOWN" "SETUID" "SETGID" }"#,
    ..NODE
};

/// `device`.
pub(crate) const DEVICE: Node = Node {
    name: "device",
    help: "a device of the host",
    arguments: exactly(&[argument("path", Type::HostPath)]),
    properties: &[
        property("container", Type::ContainerPath, "the same path", "its path in the container"),
        PERMISSIONS.row,
    ],
    merge: Merge::Named,
    example: r#"device "/dev/ttyUSB0" permissions="rw""#,
    ..NODE
};

/// `sysctl`.
pub(crate) const SYSCTL: Node = Node {
    name: "sysctl",
    help: "a kernel parameter of the container's namespaces; `net.*` belongs to the host with host networking",
    arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
    merge: Merge::Named,
    example: r#"sysctl "kernel.shmmax" "68719476736""#,
    ..NODE
};

/// `shm-size`.
pub(crate) const SHM_SIZE: Single<Size> = single(
    Node {
        name: "shm-size",
        help: "the size of /dev/shm",
        arguments: exactly(&[argument("size", Type::Size)]),
        default: "64m",
        example: r#"shm-size "256m""#,
        ..NODE
    },
    Size::parse,
);

/// `init`.
pub(crate) const INIT: Single<bool> = single(
    Node {
        name: "init",
        help: "whether docker's init reaps zombies and forwards signals as process 1",
        arguments: exactly(&[argument("init", Type::Boolean)]),
        default: "#false",
        example: "init #true",
        ..NODE
    },
    boolean::parse,
);

/// `no-new-privileges`.
pub(crate) const NO_NEW_PRIVILEGES: Single<bool> = single(
    Node {
        name: "no-new-privileges",
        help: "whether setuid programs in the container gain nothing",
        arguments: exactly(&[argument("no-new-privileges", Type::Boolean)]),
        default: "#true",
        example: "no-new-privileges #false",
        ..NODE
    },
    boolean::parse,
);

const CAPABILITY_NODES: &[Node] = &[
    Node {
        name: "add",
        help: "capabilities to add",
        arguments: at_least_one(&[argument("capability", Type::Text)]),
        example: r#"add "NET_ADMIN""#,
        ..NODE
    },
    Node {
        name: "drop",
        help: "capabilities to drop",
        arguments: at_least_one(&[argument("capability", Type::Text)]),
        example: r#"drop "ALL""#,
        ..NODE
    },
];

/// A size that docker takes as a limit of memory.
fn memory(text: &str) -> Result<Size, Invalid> {
    Size::parse(text)?.at_least(Size::LEAST_MEMORY)
}
