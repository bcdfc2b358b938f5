//! Nodes of services and tasks: limits, rights and kernel parameters.

use crate::language::field::{field, single};
use crate::language::{
    Children, Field, Merge, NODE, Node, Single, Type, argument, at_least_one, exactly, property,
};
use crate::value::Invalid;
use crate::value::boolean;
use crate::value::cpus::Cpus;
use crate::value::cpuset::Cpuset;
use crate::value::device::Permissions;
use crate::value::namespace::{Ipc, Pid};
use crate::value::number;
use crate::value::security::{Apparmor, Seccomp, SelinuxLabel};
use crate::value::size::Size;

/// `memory` of `resources`.
pub(crate) const MEMORY: Field<Size> =
    field("memory", Type::Size, "none", "memory; beyond it the process is killed", memory);
/// `memory-swap` of `resources`.
pub(crate) const MEMORY_SWAP: Field<Size> =
    field("memory-swap", Type::Size, "none", "memory and swap together", memory);
/// `memory-reservation` of `resources`.
pub(crate) const MEMORY_RESERVATION: Field<Size> = field(
    "memory-reservation",
    Type::Size,
    "none",
    "memory that it is brought down to when the host runs short",
    memory,
);
/// `memory-swappiness` of `resources`.
pub(crate) const MEMORY_SWAPPINESS: Field<i64> = field(
    "memory-swappiness",
    Type::Integer,
    "the host's",
    "how readily its memory is swapped out, 0 to 100; control groups 2 have no such setting",
    number::within::<0, 100>,
);
/// `cpuset` of `resources`.
pub(crate) const CPUSET: Field<Cpuset> = field(
    "cpuset",
    Type::Text,
    "every processor",
    "the processors that it runs on, such as `0-3` or `0,2`",
    Cpuset::parse,
);
/// `cpu-shares` of `resources`.
pub(crate) const CPU_SHARES: Field<i64> = field(
    "cpu-shares",
    Type::Integer,
    "1024",
    "its weight where processors are short, beside that of others",
    number::within::<2, 262_144>,
);
/// `oom-score-adj` of `resources`.
pub(crate) const OOM_SCORE_ADJ: Field<i64> = field(
    "oom-score-adj",
    Type::Integer,
    "0",
    "how soon the kernel ends it when the host has no memory left: -1000 never, 1000 first",
    number::within::<-1000, 1000>,
);
/// `vendor` of `gpu`.
pub(crate) const GPU_VENDOR: Field<String> = field(
    "vendor",
    Type::Text,
    "nvidia.com",
    "who describes the devices to CDI",
    crate::language::field::text,
);
/// `seccomp` of `security-opt`.
pub(crate) const SECCOMP: Field<Seccomp> = field(
    "seccomp",
    Type::Text,
    "docker's",
    "the profile of system calls: a file of the host, or `unconfined`",
    Seccomp::parse,
);
/// `apparmor` of `security-opt`.
pub(crate) const APPARMOR: Field<Apparmor> = field(
    "apparmor",
    Type::Text,
    "docker's",
    "the AppArmor profile by its name on the host, or `unconfined`",
    Apparmor::parse,
);
/// `label` of `security-opt`.
pub(crate) const SELINUX_LABEL: Field<Vec<SelinuxLabel>> = field(
    "label",
    Type::Text,
    "docker's",
    "parts of the label of SELinux, such as `type:container_t`, or `disable`",
    SelinuxLabel::parse_all,
);
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
    properties: &[
        MEMORY.row,
        MEMORY_SWAP.row,
        MEMORY_RESERVATION.row,
        MEMORY_SWAPPINESS.row,
        CPUS.row,
        CPUSET.row,
        CPU_SHARES.row,
        PIDS.row,
        OOM_SCORE_ADJ.row,
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

/// `gpu`.
pub(crate) const GPU: Node = Node {
    name: "gpu",
    help: "GPUs of the host, by number or id, or `all`: devices of CDI, which docker 25 and later give",
    arguments: at_least_one(&[argument("gpu", Type::Text)]),
    properties: &[GPU_VENDOR.row],
    example: r#"gpu "all""#,
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

/// `privileged`.
pub(crate) const PRIVILEGED: Single<bool> = single(
    Node {
        name: "privileged",
        help: "whether it has every capability and device, and nothing confines it: root in it is root on the host",
        arguments: exactly(&[argument("privileged", Type::Boolean)]),
        default: "#false",
        example: "privileged #true",
        ..NODE
    },
    boolean::parse,
);

/// `security-opt`.
pub(crate) const SECURITY_OPT: Node = Node {
    name: "security-opt",
    help: "what confines the process, beside `capabilities` and `no-new-privileges`",
    properties: &[SECCOMP.row, APPARMOR.row, SELINUX_LABEL.row],
    merge: Merge::Properties,
    example: r#"security-opt seccomp="/etc/docker/chrome.json""#,
    ..NODE
};

/// `pid`.
pub(crate) const PID: Single<Pid> = single(
    Node {
        name: "pid",
        help: "whose processes it sees: `host` for all of the host",
        arguments: exactly(&[argument("processes", Type::Choice(Pid::WORDS))]),
        default: "private",
        example: r#"pid "host""#,
        ..NODE
    },
    Pid::parse,
);

/// `ipc`.
pub(crate) const IPC: Single<Ipc> = single(
    Node {
        name: "ipc",
        help: "whose shared memory and message queues it has: its own, those of the host, or none",
        arguments: exactly(&[argument("memory", Type::Choice(Ipc::WORDS))]),
        default: "private",
        example: r#"ipc "host""#,
        ..NODE
    },
    Ipc::parse,
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
