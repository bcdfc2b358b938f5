//! Nodes of services and tasks: registrations in etcd and their formats.

use crate::encode::etcd;
use crate::language::Field;
use crate::language::field::{field, text};
use crate::language::{Children, Merge, NODE, Node, Property, Scope, Type, argument, exactly, property};
use crate::value::duration::Duration;
use crate::value::traefik::{Router, ServerScheme};

/// `ttl` of `register`.
pub(crate) const TTL: Field<Duration> = field(
    "ttl",
    Type::Duration,
    "30s",
    "time after which a dead host's registration is gone",
    Duration::parse,
);
/// `prefix` of `coredns`.
pub(crate) const PREFIX: Field<String> =
    field("prefix", Type::Text, etcd::SKYDNS, "the plugin's `path`", text);
/// `root` of `traefik`.
pub(crate) const ROOT: Field<String> =
    field("root", Type::Text, etcd::TRAEFIK, "the provider's `rootKey`", text);
/// `router` of `traefik`.
pub(crate) const ROUTER: Field<Router> = field(
    "router",
    Type::Choice(Router::WORDS),
    "http; udp for a udp port",
    "the kind of router",
    Router::parse,
);
/// `scheme` of `traefik`.
pub(crate) const SCHEME: Field<ServerScheme> = field(
    "scheme",
    Type::Choice(ServerScheme::WORDS),
    "http",
    "how Traefik speaks to the servers",
    ServerScheme::parse,
);

/// `register`.
pub(crate) const REGISTER: Node = Node {
    name: "register",
    help: "puts the address of a port into etcd while the service is healthy",
    arguments: exactly(&[argument("port", Type::Name)]),
    properties: &[TTL.row],
    children: Children::Nodes(REGISTER_NODES),
    merge: Merge::Named,
    scope: Scope::Service,
    example: r#"register "http" { coredns "api.shop.internal" }"#,
    ..NODE
};

const OUTSIDE: Property = property(
    "outside",
    Type::Boolean,
    "#false",
    "whether its keys may lie elsewhere than below the name of the fleet",
);

const REGISTER_NODES: &[Node] = &[
    Node {
        name: "json",
        help: "a JSON object with fleet, service, host, instance, address, port and protocol",
        properties: &[
            property(
                "key",
                Type::Text,
                "`<prefix>/<fleet>/<service>/<port>.json/…`",
                "the key's directory, below `<prefix>/<fleet>`",
            ),
            OUTSIDE,
        ],
        example: "json",
        ..NODE
    },
    Node {
        name: "coredns",
        help: "a record that CoreDNS's etcd plugin and SkyDNS answer from",
        arguments: exactly(&[argument("name", Type::Domain)]),
        properties: &[
            PREFIX.row,
            property("ttl", Type::Duration, "the registration's", "the record's time to live"),
            property("priority", Type::Integer, "10", "SRV priority"),
            property("weight", Type::Integer, "100", "SRV weight"),
            OUTSIDE,
        ],
        merge: Merge::Named,
        example: r#"coredns "api.shop.internal""#,
        ..NODE
    },
    Node {
        name: "traefik",
        help: "a router and its servers for Traefik's etcd provider",
        properties: &[
            property(
                "rule",
                Type::Text,
                "",
                "the router's rule; without it the servers alone, for a router kept elsewhere",
            ),
            property(
                "name",
                Type::Text,
                "`<fleet>_<service>_<port>`",
                "the name of router and service, which begins with `<fleet>_`",
            ),
            ROUTER.row,
            ROOT.row,
            property("entrypoint", Type::Name, "Traefik's default", "the entry point"),
            property("middlewares", Type::Names, "none", "middlewares by name"),
            property("tls", Type::Boolean, "#false", "whether the router terminates TLS"),
            property("cert-resolver", Type::Name, "none", "the certificate resolver, with `tls`"),
            SCHEME.row,
            OUTSIDE,
        ],
        example: r#"traefik rule="Host(`shop.example.com`)""#,
        ..NODE
    },
    Node {
        name: "grpc",
        help: "an endpoint for gRPC-Go's etcd resolver",
        arguments: exactly(&[argument("target", Type::Text)]),
        properties: &[OUTSIDE],
        merge: Merge::Named,
        example: r#"grpc "shop/api""#,
        ..NODE
    },
];
