//! The nodes at the top of a file, and in an `environment`.

use super::field::{Field, Single, field, single};
use super::{
    Arguments, Children, Merge, NO_ARGUMENTS, NODE, Node, Type, argument, at_least_one, exactly, property,
};
use crate::encode::etcd;
use crate::value::address::ListenAddress;
use crate::value::cpus::Cpus;
use crate::value::path::HostPath;
use crate::value::pin::Pin;
use crate::value::platform::Platform;
use crate::value::port::{Port, PortRange};
use crate::value::size::Size;
use crate::value::storage_driver::StorageDriver;
use crate::value::{Invalid, quoted};

const EXTENDS: super::Property =
    property("extends", Type::Names, "none", "bases that it starts from, in order, with spaces between them");

const FLEET: Node = Node {
    name: "fleet",
    help: "the fleet: its name, and what all its services share",
    arguments: exactly(&[argument("name", Type::Name)]),
    children: Children::Nodes(FLEET_NODES),
    example: r#"fleet "shop" { etcd "https://10.0.0.1:2379" }"#,
    ..NODE
};

const HOST: Node = Node {
    name: "host",
    help: "a host that services run on",
    arguments: exactly(&[argument("name", Type::Name)]),
    properties: &[
        property("address", Type::Address, "", "the address that an interface of it has"),
        property(
            "advertise",
            Type::Address,
            "`address`",
            "the address that other hosts reach it at, behind NAT",
        ),
    ],
    children: Children::Nodes(HOST_NODES),
    merge: Merge::Named,
    example: r#"host "app-1" address="10.0.0.11" { labels role="app" }"#,
    ..NODE
};

const BASE: Node = Node {
    name: "base",
    help: "what several services have in common; a service takes it with `extends`",
    arguments: exactly(&[argument("name", Type::Name)]),
    properties: &[EXTENDS],
    children: Children::Service,
    merge: Merge::Named,
    example: r#"base "node" { user "1000:1000"; tmpfs "/tmp" size="64m" }"#,
    ..NODE
};

const SERVICE: Node = Node {
    name: "service",
    help: "a container that always runs",
    arguments: exactly(&[argument("name", Type::Name)]),
    properties: &[EXTENDS],
    children: Children::Service,
    merge: Merge::Named,
    example: r#"service "redis" { image "redis:7.2.5"; on "db-1"; port "redis" 6379; volume "/data" }"#,
    ..NODE
};

const TASK: Node = Node {
    name: "task",
    help: "a container that runs and ends: before what needs it, or by `schedule`",
    arguments: exactly(&[argument("name", Type::Name)]),
    properties: &[EXTENDS],
    children: Children::Service,
    merge: Merge::Named,
    example: r#"task "report" { image "shop/report:1.0.0"; on "app-1"; schedule "*-*-* 03:00:00" }"#,
    ..NODE
};

const EXTERNAL: Node = Node {
    name: "external",
    help: "something that services need and dpc does not run",
    arguments: exactly(&[argument("name", Type::Name)]),
    children: Children::Nodes(&[Node {
        name: "endpoint",
        help: "where it answers",
        arguments: exactly(&[argument("endpoint", Type::Endpoint)]),
        example: r#"endpoint "pay.example.com:443""#,
        ..NODE
    }]),
    merge: Merge::Named,
    example: r#"external "payments" { endpoint "pay.example.com:443" }"#,
    ..NODE
};

const VAR: Node = Node {
    name: "var",
    help: "a variable for expressions, `{{ var.tag }}`; without a value `--var tag=…` must give it",
    arguments: Arguments {
        list: &[argument("name", Type::Text), argument("value", Type::Text)],
        least: 1,
        most: 2,
    },
    merge: Merge::Named,
    example: r#"var "tag" "1.4.2""#,
    ..NODE
};

/// The nodes at the top of a file.
pub(crate) const TOP_NODES: &[Node] = &[
    Node {
        name: "include",
        help: "other files of the project, by path or glob, from the folder of the file that says it",
        arguments: at_least_one(&[argument("path", Type::ProjectPath)]),
        example: r#"include "hosts.kdl" "services/*.kdl""#,
        ..NODE
    },
    FLEET,
    HOST,
    BASE,
    SERVICE,
    TASK,
    EXTERNAL,
    VAR,
    Node {
        name: "environment",
        help: "what is different with `--env NAME`",
        arguments: exactly(&[argument("name", Type::Name)]),
        children: Children::Environment,
        merge: Merge::Named,
        example: r#"environment "staging" { service "api" { instances 1 } }"#,
        ..NODE
    },
];

/// The nodes in an environment: each is laid over its namesake.
pub(crate) const ENVIRONMENT_NODES: &[Node] = &[
    FLEET,
    HOST,
    BASE,
    SERVICE,
    TASK,
    EXTERNAL,
    VAR,
    Node {
        name: "remove",
        help: "takes away a `host`, `base`, `service`, `task` or `external`",
        arguments: exactly(&[
            argument("node", Type::Choice(&["host", "base", "service", "task", "external"])),
            argument("name", Type::Name),
        ]),
        merge: Merge::Named,
        example: r#"remove "service" "debug""#,
        ..NODE
    },
];

/// `data-root`.
pub(crate) const DATA_ROOT: Single<HostPath> = single(
    Node {
        name: "data-root",
        help: "where volumes live on the hosts unless they say otherwise",
        arguments: exactly(&[argument("path", Type::HostPath)]),
        default: "/srv",
        example: r#"data-root "/srv""#,
        ..NODE
    },
    HostPath::parse,
);

/// `pin`.
pub(crate) const PIN: Single<Pin> = single(
    Node {
        name: "pin",
        help: "makes every image without a digest, or that `dpc.lock` does not have, an error",
        arguments: exactly(&[argument("pin", Type::Choice(Pin::WORDS))]),
        default: "tags are allowed",
        example: r#"pin "digest""#,
        ..NODE
    },
    Pin::parse,
);

/// `memory`.
pub(crate) const MEMORY: Single<Size> = single(
    Node {
        name: "memory",
        help: "the memory of the host; the limits of its services must fit",
        arguments: exactly(&[argument("size", Type::Size)]),
        default: "unknown: not checked",
        example: r#"memory "16g""#,
        ..NODE
    },
    Size::parse,
);

/// `ephemeral-ports`.
pub(crate) const EPHEMERAL_PORTS: Single<PortRange> = single(
    Node {
        name: "ephemeral-ports",
        help: "the kernel's range for outgoing connections, `net.ipv4.ip_local_port_range`",
        arguments: exactly(&[argument("range", Type::Port)]),
        default: "32768-60999",
        example: r#"ephemeral-ports "32768-60999""#,
        ..NODE
    },
    PortRange::parse,
);

/// `storage-driver`.
pub(crate) const STORAGE_DRIVER: Single<StorageDriver> = single(
    Node {
        name: "storage-driver",
        help: "the storage driver that docker must report there",
        arguments: exactly(&[argument("driver", Type::Choice(StorageDriver::WORDS))]),
        default: "any but devicemapper",
        example: r#"storage-driver "overlay2""#,
        ..NODE
    },
    StorageDriver::declared,
);

/// `platform` of a host.
pub(crate) const HOST_PLATFORM: Single<Platform> = single(
    Node {
        name: "platform",
        help: "the platform of the host, which `dpc lock` looks for in the images",
        arguments: exactly(&[argument("platform", Type::Text)]),
        default: "linux/amd64",
        example: r#"platform "linux/arm64""#,
        ..NODE
    },
    Platform::parse,
);

/// `cpus`.
pub(crate) const CPUS: Single<Cpus> = single(
    Node {
        name: "cpus",
        help: "the processors of the host; no service may be limited to more, which docker refuses",
        arguments: exactly(&[argument("count", Type::Decimal)]),
        default: "unknown: `activate` checks it",
        example: "cpus 8",
        ..NODE
    },
    Cpus::parse,
);

/// `unprivileged-ports`.
pub(crate) const UNPRIVILEGED_PORTS: Single<Port> = single(
    Node {
        name: "unprivileged-ports",
        help: "the first port that users other than root may bind, `net.ipv4.ip_unprivileged_port_start`",
        arguments: exactly(&[argument("port", Type::Port)]),
        default: "1024",
        example: "unprivileged-ports 80",
        ..NODE
    },
    Port::parse,
);

/// `address` of `reserve`.
pub(crate) const RESERVED_ADDRESS: Field<ListenAddress> = field(
    "address",
    Type::Address,
    "every address",
    "the address that they are bound to",
    ListenAddress::parse,
);

/// `user` of `etcd`.
pub(crate) const ETCD_USER: Field<String> =
    field("user", Type::Text, "none", "the user of etcd's own, with `password-file`", etcd_user);

/// `prefix` of `etcd`.
pub(crate) const PREFIX: Field<String> =
    field("prefix", Type::Text, "/services", "where the keys of registrations begin", prefix);

const FLEET_NODES: &[Node] = &[
    Node {
        name: "etcd",
        help: "the etcd cluster that services register in",
        arguments: at_least_one(&[argument("endpoint", Type::Url)]),
        properties: &[
            PREFIX.row,
            property("cacert", Type::HostPath, "none", "the authority's certificate, on every host"),
            property("cert", Type::HostPath, "none", "the client's certificate, on every host"),
            property("key", Type::HostPath, "none", "the client's key, on every host"),
            ETCD_USER.row,
            property("password-file", Type::HostPath, "none", "the file with its password, on every host"),
        ],
        example: r#"etcd "https://10.0.0.1:2379" prefix="/services""#,
        ..NODE
    },
    DATA_ROOT.node,
    PIN.node,
    Node {
        name: "defaults",
        help: "what every service and task starts from",
        arguments: NO_ARGUMENTS,
        children: Children::Service,
        example: r#"defaults { resources memory="512m" pids=256 }"#,
        ..NODE
    },
];

const HOST_NODES: &[Node] = &[
    Node {
        name: "labels",
        help: "labels that `on` chooses hosts by",
        any_property: true,
        merge: Merge::Properties,
        example: r#"labels role="app" zone="a""#,
        ..NODE
    },
    Node {
        name: "reserve",
        help: "ports that belong to the host itself, such as sshd's",
        arguments: at_least_one(&[argument("port", Type::Port)]),
        properties: &[RESERVED_ADDRESS.row],
        merge: Merge::Named,
        example: r#"reserve 22 9100 "30000-30100""#,
        ..NODE
    },
    MEMORY.node,
    CPUS.node,
    UNPRIVILEGED_PORTS.node,
    EPHEMERAL_PORTS.node,
    STORAGE_DRIVER.node,
    HOST_PLATFORM.node,
];

/// etcdctl would cut a name at its colon.
fn etcd_user(text: &str) -> Result<String, Invalid> {
    if text.is_empty() || text.contains(':') || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Invalid::new(format!("{} is no user of etcd", quoted(text)))
            .help("write a name without `:` and spaces, such as `dpc`"));
    }
    Ok(text.to_string())
}

/// A prefix begins with `/` and ends without one, so that keys are joined by it in one way.
fn prefix(text: &str) -> Result<String, Invalid> {
    let invalid = |why: &str| {
        Invalid::new(format!("{} cannot begin the keys in etcd{why}", quoted(text)))
            .help("write it as a path, such as `/services`")
    };
    if !text.starts_with('/') || text.ends_with('/') {
        return Err(invalid(""));
    }
    // The names of other fleets are there.
    if let Some(reader) = ["/skydns", "/traefik"].into_iter().find(|reader| etcd::covers(reader, text)) {
        return Err(invalid(&format!(": what is below `{reader}` has other readers")));
    }
    let usual = PREFIX.row.default;
    if text != usual && etcd::covers(usual, text) {
        return Err(invalid(&format!(": the keys of other fleets are below `{usual}`")));
    }
    etcd::key(text, &[]).map_err(|why| invalid(&format!(": {why}")))
}
