//! Nodes of services and tasks: what runs: image, place, command, environment.

use crate::language::field::single;
use crate::language::{
    Argument, Arguments, Children, Merge, NODE, Node, Scope, Single, Type, argument, at_least_one, exactly,
    property, required,
};
use crate::value::container_hostname::ContainerHostname;
use crate::value::image::Image;
use crate::value::number;
use crate::value::path::ContainerPath;
use crate::value::platform::Platform;
use crate::value::user::User;

/// `image`.
pub(crate) const IMAGE: Single<Image> = single(
    Node {
        name: "image",
        help: "the image to run, with a tag or a digest; `activate` pulls it, the unit never does",
        arguments: exactly(&[argument("reference", Type::Image)]),
        example: r#"image "registry.example.com/shop/api:1.4.2""#,
        ..NODE
    },
    Image::parse,
);

/// `platform`.
pub(crate) const PLATFORM: Single<Platform> = single(
    Node {
        name: "platform",
        help: "the platform of the image, where it is another than the host's",
        arguments: exactly(&[argument("platform", Type::Text)]),
        default: "the host's",
        example: r#"platform "linux/amd64""#,
        ..NODE
    },
    Platform::parse,
);

/// `on`.
pub(crate) const ON: Node = Node {
    name: "on",
    help: "the hosts it runs on: by name, `\"*\"` for all, or all that carry the labels given as properties",
    arguments: Arguments { list: &[argument("host", Type::Name)], least: 0, most: usize::MAX },
    any_property: true,
    example: r#"on role="app""#,
    ..NODE
};

/// `instances`.
pub(crate) const INSTANCES: Single<i64> = single(
    Node {
        name: "instances",
        help: "how many run on each host; the port of instance n is the port + n - 1",
        arguments: exactly(&[argument("count", Type::Integer)]),
        default: "1",
        scope: Scope::Service,
        example: "instances 2",
        ..NODE
    },
    number::within::<1, 1000>,
);

/// `command`.
pub(crate) const COMMAND: Node = Node {
    name: "command",
    help: "what the container runs instead of the image's command, a word an argument",
    arguments: at_least_one(&[argument("word", Type::Text)]),
    default: "the image's",
    example: r#"command "npm" "run" "migrate""#,
    ..NODE
};

/// `entrypoint`.
pub(crate) const ENTRYPOINT: Node = Node {
    name: "entrypoint",
    help: "what the container starts instead of the image's entrypoint, a word an argument",
    arguments: at_least_one(&[argument("word", Type::Text)]),
    default: "the image's",
    example: r#"entrypoint "/usr/bin/tini" "--""#,
    ..NODE
};

/// `user`.
pub(crate) const USER: Single<User> = single(
    Node {
        name: "user",
        help: "the user that the process runs as",
        arguments: exactly(&[argument("user", Type::User)]),
        default: "the image's",
        example: r#"user "1000:1000""#,
        ..NODE
    },
    User::parse,
);

/// `group-add`.
pub(crate) const GROUP_ADD: Node = Node {
    name: "group-add",
    help: "further groups of the process, by number or by a name of the image's /etc/group",
    arguments: at_least_one(&[argument("group", Type::Text)]),
    example: r#"group-add "video" "998""#,
    ..NODE
};

/// `hostname`.
pub(crate) const HOSTNAME: Single<ContainerHostname> = single(
    Node {
        name: "hostname",
        help: "the name that the container has for itself; nobody else resolves it",
        arguments: exactly(&[argument("name", Type::Text)]),
        default: "the host's with host networking, else the container's id",
        example: r#"hostname "web""#,
        ..NODE
    },
    ContainerHostname::parse,
);

/// `workdir`.
pub(crate) const WORKDIR: Single<ContainerPath> = single(
    Node {
        name: "workdir",
        help: "the directory that the process starts in",
        arguments: exactly(&[argument("path", Type::ContainerPath)]),
        default: "the image's",
        example: r#"workdir "/app""#,
        ..NODE
    },
    ContainerPath::parse,
);

/// `env`.
pub(crate) const ENV: Node = Node {
    name: "env",
    help: "environment variables",
    children: Children::Any(Argument { name: "value", kind: Type::Text }),
    merge: Merge::Named,
    example: r#"env { PORT "{{ ports.http }}"; NODE_ENV "production" }"#,
    ..NODE
};

/// `env-file`.
pub(crate) const ENV_FILE: Node = Node {
    name: "env-file",
    help: "environment variables from a file: of the project, read when dpc builds, or of the host, by its absolute path, read \
           at each start; `env` goes before it; a line is `NAME=value`, taken as it is, without quotes",
    arguments: exactly(&[argument("path", Type::FilePath)]),
    merge: Merge::Named,
    example: r#"env-file "api.env""#,
    ..NODE
};

/// `secret`.
pub(crate) const SECRET: Node = Node {
    name: "secret",
    help: "a secret that is read from a file on the host at start: an environment variable, or a file with `path`",
    arguments: exactly(&[argument("name", Type::Text)]),
    properties: &[
        required("from", Type::HostPath, "the file on the host that holds the secret"),
        property("path", Type::ContainerPath, "", "mount it read-only here instead of setting a variable"),
    ],
    merge: Merge::Named,
    example: r#"secret "STRIPE_KEY" from="/etc/shop/stripe.key""#,
    ..NODE
};
