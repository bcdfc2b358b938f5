//! What stands in a `service`, a `task`, a `base` and in `fleet { defaults { … } }`.

use super::{
    Argument, Arguments, Children, Merge, NODE, Node, Scope, Type, argument, at_least_one, exactly, property,
    required,
};

const PROTOCOLS: Type = Type::Choice(&["tcp", "udp", "sctp"]);

/// The nodes of services and tasks, in the order in which the documentation lists them.
pub const SERVICE_NODES: &[Node] = &[
    Node {
        name: "image",
        help: "the image to run, with a tag or a digest; `activate` pulls it, the unit never does",
        arguments: exactly(&[argument("reference", Type::Image)]),
        example: r#"image "registry.example.com/shop/api:1.4.2""#,
        ..NODE
    },
    Node {
        name: "on",
        help: "the hosts it runs on: by name, `\"*\"` for all, or all that carry the labels given as properties",
        arguments: Arguments { list: &[argument("host", Type::Name)], least: 0, most: usize::MAX },
        any_property: true,
        example: r#"on role="app""#,
        ..NODE
    },
    Node {
        name: "instances",
        help: "how many run on each host; the port of instance n is the port + n - 1",
        arguments: exactly(&[argument("count", Type::Integer)]),
        default: "1",
        scope: Scope::Service,
        example: "instances 2",
        ..NODE
    },
    Node {
        name: "command",
        help: "what the container runs instead of the image's command, a word an argument",
        arguments: at_least_one(&[argument("word", Type::Text)]),
        default: "the image's",
        example: r#"command "npm" "run" "migrate""#,
        ..NODE
    },
    Node {
        name: "entrypoint",
        help: "what the container starts instead of the image's entrypoint, a word an argument",
        arguments: at_least_one(&[argument("word", Type::Text)]),
        default: "the image's",
        example: r#"entrypoint "/usr/bin/tini" "--""#,
        ..NODE
    },
    Node {
        name: "user",
        help: "the user that the process runs as",
        arguments: exactly(&[argument("user", Type::User)]),
        default: "the image's",
        example: r#"user "1000:1000""#,
        ..NODE
    },
    Node {
        name: "workdir",
        help: "the directory that the process starts in",
        arguments: exactly(&[argument("path", Type::ContainerPath)]),
        default: "the image's",
        example: r#"workdir "/app""#,
        ..NODE
    },
    Node {
        name: "port",
        help: "a port that the process listens on; with host networking it is a port of the host",
        arguments: exactly(&[argument("name", Type::Name), argument("port", Type::Port)]),
        properties: &[
            property("protocol", PROTOCOLS, "tcp", "the transport"),
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
    },
    Node {
        name: "env",
        help: "environment variables",
        children: Children::Any(Argument { name: "value", kind: Type::Text }),
        merge: Merge::Named,
        example: r#"env { PORT "{{ ports.http }}"; NODE_ENV "production" }"#,
        ..NODE
    },
    Node {
        name: "env-file",
        help: "environment variables from a file of the project, read when dpc builds; `env` goes before it",
        arguments: exactly(&[argument("path", Type::ProjectPath)]),
        merge: Merge::Named,
        example: r#"env-file "api.env""#,
        ..NODE
    },
    Node {
        name: "secret",
        help: "a secret that is read from a file on the host at start: an environment variable, or a file with `path`",
        arguments: exactly(&[argument("name", Type::Text)]),
        properties: &[
            required("from", Type::HostPath, "the file on the host that holds the secret"),
            property(
                "path",
                Type::ContainerPath,
                "",
                "mount it read-only here instead of setting a variable",
            ),
        ],
        merge: Merge::Named,
        example: r#"secret "STRIPE_KEY" from="/etc/shop/stripe.key""#,
        ..NODE
    },
    Node {
        name: "file",
        help: "a config file that dpc carries to the host and mounts read-only",
        arguments: exactly(&[argument("path", Type::ContainerPath)]),
        properties: &[
            property("source", Type::ProjectPath, "", "the file in the project"),
            property("content", Type::Text, "", "the content itself, instead of `source`"),
            property(
                "template",
                Type::Boolean,
                "#false",
                "whether `{{ expressions }}` in the source are filled in",
            ),
            property("mode", Type::Mode, "0644", "its mode"),
        ],
        merge: Merge::Named,
        example: r#"file "/app/config.json" source="files/api.json""#,
        ..NODE
    },
    Node {
        name: "volume",
        help: "a directory of the host where the service keeps data",
        arguments: exactly(&[argument("path", Type::ContainerPath)]),
        properties: &[
            property(
                "from",
                Type::HostPath,
                "`<data-root>/<fleet>/<service>/<path>`",
                "the directory on the host",
            ),
            property(
                "owner",
                Type::Owner,
                "the `user`, where it is numeric",
                "who owns the directory when `activate` makes it",
            ),
            property("mode", Type::Mode, "0755", "its mode when `activate` makes it"),
            property("read-only", Type::Boolean, "#false", "whether the service may only read it"),
            property("shared", Type::Boolean, "#false", "whether other services may write there too"),
            property("docker-socket", Type::Boolean, "#false", "that docker's socket is mounted on purpose"),
        ],
        merge: Merge::Named,
        example: r#"volume "/app/uploads" from="/srv/uploads" owner="1000:1000""#,
        ..NODE
    },
    Node {
        name: "tmpfs",
        help: "a directory in memory, empty at every start",
        arguments: exactly(&[argument("path", Type::ContainerPath)]),
        properties: &[
            property("size", Type::Size, "half of the host's memory", "how much it may hold"),
            property("mode", Type::Mode, "1777", "its mode"),
        ],
        merge: Merge::Named,
        example: r#"tmpfs "/tmp" size="64m""#,
        ..NODE
    },
    Node {
        name: "writes",
        help: "paths that the application writes; each must be in a volume or tmpfs",
        arguments: at_least_one(&[argument("path", Type::ContainerPath)]),
        merge: Merge::Named,
        example: r#"writes "/var/log/app""#,
        ..NODE
    },
    Node {
        name: "read-only",
        help: "whether the root filesystem of the container is read-only",
        arguments: exactly(&[argument("read-only", Type::Boolean)]),
        default: "#true",
        example: "read-only #false",
        ..NODE
    },
    Node {
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
    },
    Node {
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
    },
    Node {
        name: "register",
        help: "puts the address of a port into etcd while the service is healthy",
        arguments: exactly(&[argument("port", Type::Name)]),
        properties: &[property(
            "ttl",
            Type::Duration,
            "30s",
            "time after which a dead host's registration is gone",
        )],
        children: Children::Nodes(REGISTER_NODES),
        merge: Merge::Named,
        scope: Scope::Service,
        example: r#"register "http" { coredns "api.shop.internal" }"#,
        ..NODE
    },
    Node {
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
    },
    Node {
        name: "ulimit",
        help: "a limit of setrlimit(2)",
        arguments: exactly(&[argument("name", Type::Text), argument("soft", Type::Integer)]),
        properties: &[property("hard", Type::Integer, "the soft limit", "the hard limit")],
        merge: Merge::Named,
        example: r#"ulimit "nofile" 65536"#,
        ..NODE
    },
    Node {
        name: "capabilities",
        help: "capabilities beyond docker's default set, and those to drop",
        children: Children::Nodes(CAPABILITY_NODES),
        default: "docker's default set",
        example: r#"capabilities { drop "ALL"; add "CHOWN" "SETUID" "SETGID" }"#,
        ..NODE
    },
    Node {
        name: "device",
        help: "a device of the host",
        arguments: exactly(&[argument("path", Type::HostPath)]),
        properties: &[
            property("container", Type::ContainerPath, "the same path", "its path in the container"),
            property(
                "permissions",
                Type::Choice(&["r", "w", "m", "rw", "rm", "wm", "rwm"]),
                "rwm",
                "read, write, mknod",
            ),
        ],
        merge: Merge::Named,
        example: r#"device "/dev/ttyUSB0" permissions="rw""#,
        ..NODE
    },
    Node {
        name: "label",
        help: "a label of the container",
        arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
        merge: Merge::Named,
        example: r#"label "com.example.team" "checkout""#,
        ..NODE
    },
    Node {
        name: "extra-host",
        help: "a line in the container's /etc/hosts",
        arguments: exactly(&[argument("name", Type::Domain), argument("address", Type::Address)]),
        merge: Merge::Named,
        example: r#"extra-host "legacy.internal" "10.0.0.5""#,
        ..NODE
    },
    Node {
        name: "dns",
        help: "name servers of the container, in order",
        arguments: at_least_one(&[argument("server", Type::Address)]),
        properties: &[property("search", Type::Domain, "the host's", "the search domain")],
        default: "the host's",
        example: r#"dns "10.0.0.2" search="shop.internal""#,
        ..NODE
    },
    Node {
        name: "sysctl",
        help: "a kernel parameter of the container's namespaces; `net.*` belongs to the host with host networking",
        arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
        merge: Merge::Named,
        example: r#"sysctl "kernel.shmmax" "68719476736""#,
        ..NODE
    },
    Node {
        name: "shm-size",
        help: "the size of /dev/shm",
        arguments: exactly(&[argument("size", Type::Size)]),
        default: "64m",
        example: r#"shm-size "256m""#,
        ..NODE
    },
    Node {
        name: "init",
        help: "whether docker's init reaps zombies and forwards signals as process 1",
        arguments: exactly(&[argument("init", Type::Boolean)]),
        default: "#false",
        example: "init #true",
        ..NODE
    },
    Node {
        name: "no-new-privileges",
        help: "whether setuid programs in the container gain nothing",
        arguments: exactly(&[argument("no-new-privileges", Type::Boolean)]),
        default: "#true",
        example: "no-new-privileges #false",
        ..NODE
    },
    Node {
        name: "stop",
        help: "how it is stopped: the signal, and the time until it is killed",
        properties: &[
            property("signal", Type::Signal, "the image's, or SIGTERM", "the signal"),
            property("grace", Type::Duration, "10s", "time between the signal and SIGKILL"),
        ],
        merge: Merge::Properties,
        example: r#"stop signal="SIGTERM" grace="30s""#,
        ..NODE
    },
    Node {
        name: "restart",
        help: "how it comes back after it ended; a service never gives up",
        properties: &[property("delay", Type::Duration, "5s", "time before the next start")],
        merge: Merge::Properties,
        scope: Scope::Service,
        example: r#"restart delay="5s""#,
        ..NODE
    },
    Node {
        name: "network",
        help: "the network of the container: the host's own, docker's bridge with its NAT, or none",
        arguments: exactly(&[argument("network", Type::Choice(&["host", "bridge", "none"]))]),
        default: "host",
        example: r#"network "bridge""#,
        ..NODE
    },
    Node {
        name: "logs",
        help: "where the output goes",
        properties: &[
            property(
                "driver",
                Type::Choice(&["journald", "json-file", "local", "none"]),
                "journald",
                "docker's log driver",
            ),
            property("max-size", Type::Size, "docker's", "size of a log file, with `json-file` and `local`"),
            property(
                "max-file",
                Type::Integer,
                "docker's",
                "how many log files are kept, with `json-file` and `local`",
            ),
        ],
        merge: Merge::Properties,
        example: r#"logs driver="local" max-size="10m" max-file=3"#,
        ..NODE
    },
    Node {
        name: "schedule",
        help: "when a task runs; without it, it runs once a boot and whenever it changed",
        arguments: exactly(&[argument("calendar", Type::Calendar)]),
        scope: Scope::Task,
        example: r#"schedule "*-*-* 03:00:00""#,
        ..NODE
    },
    Node {
        name: "docker-args",
        help: "the escape hatch: arguments for `docker run` as they are; dpc checks nothing about them",
        arguments: at_least_one(&[argument("argument", Type::Text)]),
        example: r#"docker-args "--gpus" "all""#,
        ..NODE
    },
    Node {
        name: "remove",
        help: "takes away what an earlier layer brought: the node, and its name where it has one",
        arguments: Arguments {
            list: &[argument("node", Type::Text), argument("name", Type::Text)],
            least: 1,
            most: 2,
        },
        merge: Merge::Named,
        example: r#"remove "env" "DEBUG""#,
        ..NODE
    },
];

const REGISTER_NODES: &[Node] = &[
    Node {
        name: "json",
        help: "a JSON object with fleet, service, host, instance, address, port and protocol",
        properties: &[property(
            "key",
            Type::Text,
            "`<prefix>/<fleet>/<service>/<port>.json/…`",
            "the key's directory",
        )],
        example: "json",
        ..NODE
    },
    Node {
        name: "coredns",
        help: "a record that CoreDNS's etcd plugin and SkyDNS answer from",
        arguments: exactly(&[argument("name", Type::Domain)]),
        properties: &[
            property("prefix", Type::Text, "/skydns", "the plugin's `path`"),
            property("ttl", Type::Duration, "the registration's", "the record's time to live"),
            property("priority", Type::Integer, "10", "SRV priority"),
            property("weight", Type::Integer, "100", "SRV weight"),
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
            property("name", Type::Name, "`<fleet>-<service>-<port>`", "the name of router and service"),
            property(
                "router",
                Type::Choice(&["http", "tcp", "udp"]),
                "http; udp for a udp port",
                "the kind of router",
            ),
            property("root", Type::Text, "traefik", "the provider's `rootKey`"),
            property("entrypoint", Type::Name, "Traefik's default", "the entry point"),
            property("middlewares", Type::Names, "none", "middlewares by name"),
            property("tls", Type::Boolean, "#false", "whether the router terminates TLS"),
            property("cert-resolver", Type::Name, "none", "the certificate resolver, with `tls`"),
            property(
                "scheme",
                Type::Choice(&["http", "https", "h2c"]),
                "http",
                "how Traefik speaks to the servers",
            ),
        ],
        example: r#"traefik rule="Host(`shop.example.com`)""#,
        ..NODE
    },
    Node {
        name: "grpc",
        help: "an endpoint for gRPC-Go's etcd resolver",
        arguments: exactly(&[argument("target", Type::Text)]),
        merge: Merge::Named,
        example: r#"grpc "shop/api""#,
        ..NODE
    },
];

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
