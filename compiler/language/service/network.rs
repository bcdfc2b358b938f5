//! Nodes of services and tasks: ports, networks, names, needs and health.

use crate::language::field::{field, single};
use crate::language::{
    Arguments, Children, Field, Merge, NODE, Node, Scope, Single, Type, argument, at_least_one, exactly,
    property,
};
use crate::model::container::Network;
use crate::model::fleet::Until;
use crate::value::address::ListenAddress;
use crate::value::dns::Fqdn;
use crate::value::duration::Duration;
use crate::value::number;
use crate::value::port::Protocol;
use crate::value::scheme::Scheme;
use crate::value::status::StatusCodes;
use crate::value::url_path::UrlPath;

/// `protocol` of `port`.
pub(crate) const PROTOCOL: Field<Protocol> =
    field("protocol", Type::Choice(Protocol::WORDS), "tcp", "the transport", Protocol::parse);
/// `address` of `port`.
pub(crate) const ADDRESS: Field<ListenAddress> = field(
    "address",
    Type::Address,
    "every address",
    "the address that the process binds",
    ListenAddress::parse,
);
/// `timeout` of `needs`.
pub(crate) const NEED_TIMEOUT: Field<Duration> = field(
    "timeout",
    Type::Duration,
    "60s",
    "how long to wait before the start is tried anew",
    Duration::parse,
);
/// `until` of `needs`.
pub(crate) const UNTIL: Field<Until> = field(
    "until",
    Type::Choice(Until::WORDS),
    "ready",
    "whether it must be ready, or started is enough; a task is ready once it has succeeded",
    Until::parse,
);
/// `path` of `health`.
pub(crate) const PATH: Field<UrlPath> =
    field("path", Type::Text, "/", "the path to ask for, with `http`", UrlPath::parse);
/// `scheme` of `health`.
pub(crate) const SCHEME: Field<Scheme> = field(
    "scheme",
    Type::Choice(Scheme::WORDS),
    "http",
    "how to ask it; with `https` any certificate will do",
    Scheme::parse,
);
/// `host` of `health`.
pub(crate) const HOST: Field<Fqdn> =
    field("host", Type::Domain, "the address and the port", "the name to ask for, with `http`", Fqdn::parse);
/// `status` of `health`.
pub(crate) const STATUS: Field<StatusCodes> = field(
    "status",
    Type::Text,
    "200-399",
    "codes that count as healthy, with spaces between them, with `http`",
    StatusCodes::parse,
);
/// `interval` of `health`.
pub(crate) const INTERVAL: Field<Duration> =
    field("interval", Type::Duration, "5s", "time between two checks", Duration::parse);
/// `timeout` of `health`.
pub(crate) const TIMEOUT: Field<Duration> =
    field("timeout", Type::Duration, "2s", "time that one check may take", Duration::parse);
/// `retries` of `health`.
pub(crate) const RETRIES: Field<i64> = field(
    "retries",
    Type::Integer,
    "3",
    "failures in a row that make it unhealthy",
    number::within::<1, 100>,
);
/// `start-period` of `health`.
pub(crate) const START_PERIOD: Field<Duration> =
    field("start-period", Type::Duration, "30s", "time that it may take to become ready", Duration::parse);
/// `search` of `dns`.
pub(crate) const SEARCH: Field<Fqdn> =
    field("search", Type::Domain, "the host's", "the search domain", Fqdn::parse);

/// `service` of `network`.
pub(crate) const SERVICE: &str = "service";

/// `port`.
pub(crate) const PORT: Node = Node {
    name: "port",
    help: "a port that the process listens on; with host networking it is a port of the host",
    arguments: exactly(&[argument("name", Type::Name), argument("port", Type::Port)]),
    properties: &[
        PROTOCOL.row,
        ADDRESS.row,
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
        NEED_TIMEOUT.row,
        UNTIL.row,
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
    help: "how to tell that it is ready and healthy: exactly one of `http`, `tcp` and `command`, which may be a node with words, too",
    properties: &[
        property("http", Type::Name, "", "the port that answers HTTP"),
        PATH.row,
        SCHEME.row,
        HOST.row,
        STATUS.row,
        property("tcp", Type::Name, "", "the port that accepts a connection"),
        property("command", Type::Text, "", "a shell command in the container that exits with 0"),
        INTERVAL.row,
        TIMEOUT.row,
        RETRIES.row,
        START_PERIOD.row,
        property("restart", Type::Boolean, "#false", "whether it is started again when it is unhealthy"),
    ],
    children: Children::Nodes(HEALTH_NODES),
    default: "every tcp port accepts a connection",
    scope: Scope::Service,
    example: r#"health http="http" path="/healthz" interval="5s""#,
    ..NODE
};

const HEALTH_NODES: &[Node] = &[HEADER, HEALTH_COMMAND];

const HEALTH_COMMAND: Node = Node {
    name: "command",
    help: "a program in the container that exits with 0, by its words: the image needs no shell",
    arguments: at_least_one(&[argument("word", Type::Text)]),
    example: r#"command "pg_isready" "--quiet""#,
    ..NODE
};

const HEADER: Node = Node {
    name: "header",
    help: "a header of the request, with `http`",
    arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
    merge: Merge::Named,
    example: r#"header "X-Forwarded-Proto" "https""#,
    ..NODE
};

/// `extra-host`.
pub(crate) const EXTRA_HOST: Node = Node {
    name: "extra-host",
    help: "a line in the container's /etc/hosts; `host-gateway` is the host as seen from docker's bridge",
    arguments: exactly(&[argument("name", Type::Domain), argument("address", Type::HostsAddress)]),
    merge: Merge::Named,
    example: r#"extra-host "legacy.internal" "10.0.0.5""#,
    ..NODE
};

/// `dns`.
pub(crate) const DNS: Node = Node {
    name: "dns",
    help: "name servers of the container, in order",
    arguments: at_least_one(&[argument("server", Type::Address)]),
    properties: &[SEARCH.row],
    default: "the host's",
    example: r#"dns "10.0.0.2" search="shop.internal""#,
    ..NODE
};

/// `network`.
pub(crate) const NETWORK: Single<Network> = single(
    Node {
        name: "network",
        help: "the network of the container: the host's own, docker's bridge with its NAT, none, or that of another service's container",
        arguments: Arguments {
            list: &[argument("network", Type::Choice(Network::WORDS))],
            least: 0,
            most: 1,
        },
        properties: &[property(
            SERVICE,
            Type::Name,
            "its own",
            "the service whose network it has, beside it on each host: a sidecar, or what goes out by a VPN",
        )],
        default: "host",
        example: r#"network "bridge""#,
        ..NODE
    },
    Network::parse,
);
