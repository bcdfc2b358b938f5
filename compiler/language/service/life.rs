//! Nodes of services and tasks: how it stops, starts again and logs; labels and raw arguments.

use crate::language::field::{field, single};
use crate::language::{
    Arguments, Children, Field, Merge, NODE, Node, Scope, Single, Type, argument, at_least_one, exactly,
};
use crate::value::calendar::Calendar;
use crate::value::duration::Duration;
use crate::value::log_driver::LogDriver;
use crate::value::number;
use crate::value::signal::Signal;
use crate::value::size::Size;

/// `signal` of `stop`.
pub(crate) const SIGNAL: Field<Signal> =
    field("signal", Type::Signal, "the image's, or SIGTERM", "the signal", Signal::parse);
/// `grace` of `stop`.
pub(crate) const GRACE: Field<Duration> =
    field("grace", Type::Duration, "10s", "time between the signal and SIGKILL", Duration::parse);
/// `delay` of `restart`.
pub(crate) const DELAY: Field<Duration> =
    field("delay", Type::Duration, "5s", "time before the next start", Duration::parse);
/// `driver` of `logs`.
pub(crate) const DRIVER: Field<LogDriver> = field(
    "driver",
    Type::Text,
    "journald",
    "a log driver that docker brings, or a plugin by its name",
    LogDriver::parse,
);
/// `max-size` of `logs`.
pub(crate) const MAX_SIZE: Field<Size> = field(
    "max-size",
    Type::Size,
    "docker's",
    "size of a log file, with `json-file` and `local`",
    Size::parse,
);
/// `max-file` of `logs`.
pub(crate) const MAX_FILE: Field<i64> = field(
    "max-file",
    Type::Integer,
    "docker's",
    "how many log files are kept, with `json-file` and `local`",
    number::within::<1, 1000>,
);

/// `label`.
pub(crate) const LABEL: Node = Node {
    name: "label",
    help: "a label of the container",
    arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
    merge: Merge::Named,
    example: r#"label "com.example.team" "checkout""#,
    ..NODE
};

/// `label-file`.
pub(crate) const LABEL_FILE: Node = Node {
    name: "label-file",
    help: "labels of the container from a file of the host, read at each start; `label` goes before it",
    arguments: exactly(&[argument("path", Type::HostPath)]),
    merge: Merge::Named,
    example: r#"label-file "/etc/shop/labels""#,
    ..NODE
};

/// `stop`.
pub(crate) const STOP: Node = Node {
    name: "stop",
    help: "how it is stopped: the signal, and the time until it is killed",
    properties: &[SIGNAL.row, GRACE.row],
    merge: Merge::Properties,
    example: r#"stop signal="SIGTERM" grace="30s""#,
    ..NODE
};

/// `restart`.
pub(crate) const RESTART: Node = Node {
    name: "restart",
    help: "how it comes back after it ended; a service never gives up",
    properties: &[DELAY.row],
    merge: Merge::Properties,
    scope: Scope::Service,
    example: r#"restart delay="5s""#,
    ..NODE
};

/// `logs`.
pub(crate) const LOGS: Node = Node {
    name: "logs",
    help: "where the output goes",
    properties: &[DRIVER.row, MAX_SIZE.row, MAX_FILE.row],
    children: Children::Nodes(LOGS_NODES),
    merge: Merge::Properties,
    example: r#"logs driver="fluentd" { option "fluentd-address" "tcp://10.0.0.9:24224" }"#,
    ..NODE
};

const LOGS_NODES: &[Node] = &[Node {
    name: "option",
    help: "an option of the driver, by docker's name for it",
    arguments: exactly(&[argument("name", Type::Text), argument("value", Type::Text)]),
    merge: Merge::Named,
    example: r#"option "mode" "non-blocking""#,
    ..NODE
}];

/// `schedule`.
pub(crate) const SCHEDULE: Single<Calendar> = single(
    Node {
        name: "schedule",
        help: "when a task runs; without it, it runs once a boot and whenever it changed",
        arguments: exactly(&[argument("calendar", Type::Calendar)]),
        scope: Scope::Task,
        example: r#"schedule "*-*-* 03:00:00""#,
        ..NODE
    },
    Calendar::parse,
);

/// `docker-args`.
pub(crate) const DOCKER_ARGS: Node = Node {
    name: "docker-args",
    help: "the escape hatch: arguments for `docker run` as they are; dpc checks nothing about them",
    arguments: at_least_one(&[argument("argument", Type::Text)]),
    example: r#"docker-args "--gpus" "all""#,
    ..NODE
};

/// `remove`.
pub(crate) const REMOVE: Node = Node {
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
};
