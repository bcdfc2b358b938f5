//! Nodes of services and tasks: ports, networks, names, needs and health.

use crate::language::{Merge, NODE, Node, Scope, Type, argument, at_least_one, exactly, property};
use crate::model::container::Network;
use crate::value::port::Protocol;

/// `port`.
pub(crate) const PORT: Node = Node {
    name: "port",
    help: "a port that the process listens on; with host networking it is a port of the host",
    arguments: exactly(&[argument("name", Type::Name), argument("port", Type::Port)]),
    properties: &[
        property("protocol", Type::Choice(Protocol::WORDS), "tcp", "the transport"),
        property("address", Type::Address, "every address", "the address that the process binds"),
        property(
            "container",
            Type::Integer,
            "the same port",
            "with `network \"bridge\"`: the port inside the container",
        ),
    ],
    merge: Merge::Named,
    scope: Scope::Service,
    example: r#"port "http" 8080"#,
    ..NODE
};

/// `needs`.
pub(crate) const NEEDS: Node = Node {
    name: "needs",
    help: "a service, task or external that must be ready before this one starts",
    arguments: exactly(&[argument("name", Type::Name)]),
    properties: &[
        property("timeout", Type::Duration, "60s", "how long to wait before the start is tried anew"),
        property("port", Type::Name, "every tcp port", "the port to wait for"),
        property("host", Type::Name, "its own host, or any", "the host whose instances to use"),
    ],
    merge: Merge::Named,
    example: r#"needs "redis" timeout="60s""#,
    ..NODE
};

/// `health`.
pub(crate) const HEALTH: Node = Node {
    name: "health",
    help: "how to tell that it is ready and healthy: exactly one of `http`, `tcp` and `command`",
    properties: &[
        property("http", Type::Name, "", "the port that answers HTTP with a 2xx or 3xx status"),
        property("path", Type::Text, "/", "the path to ask for, with `http`"),
        property("tcp", Type::Name, "", "the port that accepts a connection"),
        property("command", Type::Text, "", "a shell command in the container that exits with 0"),
        property("interval", Type::Duration, "5s", "time between two checks"),
        property("timeout", Type::Duration, "2s", "time that one check may take"),
        property("retries", Type::Integer, "3", "failures in a row that make it unhealthy"),
        property("start-period", Type::Duration, "30s", "time that it may take to become ready"),
    ],
    default: "every tcp port accepts a connection",
    scope: Scope::Service,
    example: r#"health http="http" path="/healthz" interval="5s""#,
    ..NODE
};

/// `extra-host`.
pub(crate) const EXTRA_HOST: Node = Node {
    name: "extra-host",
    help: "a line in the container's /etc/hosts",
    arguments: exactly(&[argument("name", Type::Domain), argument("address", Type::Address)]),
    merge: Merge::Named,
    example: r#"extra-host "legacy.internal" "10.0.0.5""#,
    ..NODE
};

/// `dns`.
pub(crate) const DNS: Node = Node {
    name: "dns",
    help: "name servers of the container, in order",
    arguments: at_least_one(&[argument("server", Type::Address)]),
    properties: &[property("search", Type::Domain, "the host's", "the search domain")],
    default: "the host's",
    example: r#"dns "10.0.0.2" search="shop.internal""#,
    ..NODE
};

/// `network`.
pub(crate) const NETWORK: Node = Node {
    name: "network",
    help: "the network of the container: the host's own, docker's bridge with its NAT, or none",
    arguments: exactly(&[argument("network", Type::Choice(Network::WORDS))]),
    default: "host",
    example: r#"network "bridge""#,
    ..NODE
};
