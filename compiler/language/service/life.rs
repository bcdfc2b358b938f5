//! Nodes of services and tasks: how it stops, starts again and logs; labels and raw arguments.

use crate::language::field::{field, single};
use crate::language::{
    Arguments, Children, Field, Merge, NODE, Node, Scope, Single, Type, argument, at_least_one, exactly,
    property,
};
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
/// `max-delay` of `restart`.
pub(crate) const MAX_DELAY: Field<Duration> = field(
    "max-delay",
    Type::Duration,
    "1m",
    "time before the next start of a service that ends again and again",
    Duration::parse,
);
/// `retries` of `restart`.
pub(crate) const RESTART_RETRIES: Field<i64> = field(
    "retries",
    Type::Integer,
    "a service never gives up, a task at once",
    "starts after a failure, until it gives up",
    number::within::<0, 1000>,
);
/// `within` of `restart`.
pub(crate) const WITHIN: Field<Duration> =
    field("within", Type::Duration, "1h", "time in which a service has these `retries`", Duration::parse);
/// `every` of `schedule`.
pub(crate) const EVERY: Field<Duration> = field(
    "every",
    Type::Duration,
    "by the calendar",
    "time between the end of a run and the next one, instead of a calendar",
    Duration::parse,
);
/// `random-delay` of `schedule`.
pub(crate) const RANDOM_DELAY: Field<Duration> = field(
    "random-delay",
    Type::Duration,
    "none",
    "a run is put off by a random time up to this",
    Duration::parse,
);
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
    help: "how it is started again: a service after it ended, a task after it failed",
    properties: &[DELAY.row, MAX_DELAY.row, RESTART_RETRIES.row, WITHIN.row],
    merge: Merge::Properties,
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
pub(crate) const SCHEDULE: Node = Node {
    name: "schedule",
    help: "when a task runs; without it, it runs once a boot and whenever it changed",
    arguments: Arguments { list: &[argument("calendar", Type::Calendar)], least: 0, most: 100 },
    properties: &[
        EVERY.row,
        property("persistent", Type::Boolean, "#true", "whether a run that the host missed is made up for"),
        RANDOM_DELAY.row,
    ],
    scope: Scope::Task,
    example: r#"schedule "*-*-* 03:00:00" random-delay="10m""#,
    ..NODE
};

/// `timeout`.
pub(crate) const TASK_TIMEOUT: Single<Duration> = single(
    Node {
        name: "timeout",
        help: "time that a run of a task may take; then it is stopped, and has failed",
        arguments: exactly(&[argument("time", Type::Duration)]),
        default: "as long as it takes",
        scope: Scope::Task,
        example: r#"timeout "2h""#,
        ..NODE
    },
    Duration::parse,
);

/// `after`.
pub(crate) const AFTER: Node = Node {
    name: "after",
    help: "units of the host itself that must be started before it; disks of its volumes are waited for anyway",
    arguments: at_least_one(&[argument("unit", Type::Text)]),
    merge: Merge::Named,
    example: r#"after "remote-fs.target" "nvidia-persistenced.service""#,
    ..NODE
};

/// `on-failure`.
pub(crate) const ON_FAILURE: Node = Node {
    name: "on-failure",
    help: "a task that runs when this one fails: a task that has no retries left, a service that gives up",
    arguments: exactly(&[argument("task", Type::Name)]),
    example: r#"on-failure "page""#,
    ..NODE
};

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
