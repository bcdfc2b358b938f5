//! Nodes of services and tasks: limits, rights and kernel parameters.

use crate::language::{Children, Merge, NODE, Node, Type, argument, at_least_one, exactly, property};
use crate::value::device::Permissions;

/// `resources`.
pub(crate) const RESOURCES: Node = Node {
    name: "resources",
    help: "limits of the container",
    properties: &[
        property("memory", Type::Size, "none", "memory; beyond it the process is killed"),
        property("memory-swap", Type::Size, "none", "memory and swap together"),
        property("cpus", Type::Decimal, "none", "processors"),
        property("pids", Type::Integer, "none", "processes and threads"),
    ],
    merge: Merge::Properties,
    example: r#"resources memory="1g" cpus=1.5 pids=256"#,
    ..NODE
};

/// `ulimit`.
pub(crate) const ULIMIT: Node = Node {
    name: "ulimit",
    help: "a limit of setrlimit(2)",
    arguments: exactly(&[argument("name", Type::Text), argument("soft", Type::Integer)]),
    properties: &[property("hard", Type::Integer, "the soft limit", "the hard limit")],
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
        property("permissions", Type::Choice(Permissions::WORDS), "rwm", "read, write, mknod"),
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
pub(crate) const SHM_SIZE: Node = Node {
    name: "shm-size",
    help: "the size of /dev/shm",
    arguments: exactly(&[argument("size", Type::Size)]),
    default: "64m",
    example: r#"shm-size "256m""#,
    ..NODE
};

/// `init`.
pub(crate) const INIT: Node = Node {
    name: "init",
    help: "whether docker's init reaps zombies and forwards signals as process 1",
    arguments: exactly(&[argument("init", Type::Boolean)]),
    default: "#false",
    example: "init #true",
    ..NODE
};

/// `no-new-privileges`.
pub(crate) const NO_NEW_PRIVILEGES: Node = Node {
    name: "no-new-privileges",
    help: "whether setuid programs in the container gain nothing",
    arguments: exactly(&[argument("no-new-privileges", Type::Boolean)]),
    default: "#true",
    example: "no-new-privileges #false",
    ..NODE
};

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
