//! Nodes of services and tasks: files, volumes and what is written.

use crate::language::field::{field, single};
use crate::language::{Field, Merge, NODE, Node, Single, Type, argument, at_least_one, exactly, property};
use crate::model::container::MustBe;
use crate::value::boolean;
use crate::value::mode::Mode;
use crate::value::mounting::{Propagation, VolumeLabel};
use crate::value::size::Size;
use crate::value::user::Owner;

/// `mode` of `file`.
pub(crate) const FILE_MODE: Field<Mode> = field("mode", Type::Mode, "0644", "its mode", Mode::parse);
/// `owner` of `volume`.
pub(crate) const OWNER: Field<Owner> = field(
    "owner",
    Type::Owner,
    "the `user` by number; without a user, the image's",
    "who owns the directory when `activate` makes it",
    Owner::parse,
);
/// `mode` of `volume`.
pub(crate) const VOLUME_MODE: Field<Mode> =
    field("mode", Type::Mode, "0755", "its mode when `activate` makes it", Mode::parse);
/// `must-be` of `volume`.
pub(crate) const MUST_BE: Field<MustBe> = field(
    "must-be",
    Type::Choice(MustBe::WORDS),
    "made below `data-root`",
    "what it must be on the host, where it is never made; asked at each start",
    MustBe::parse,
);
/// `size` of `tmpfs`.
pub(crate) const TMPFS_SIZE: Field<Size> =
    field("size", Type::Size, "half of the host's memory", "how much it may hold", Size::parse);
/// `mode` of `tmpfs`.
pub(crate) const TMPFS_MODE: Field<Mode> =
    field("mode", Type::Mode, "1777", "its mode", Mode::parse_directory);

/// `selinux` of `volume`.
pub(crate) const SELINUX: Field<VolumeLabel> = field(
    "selinux",
    Type::Choice(VolumeLabel::WORDS),
    "what it has",
    "the label that docker gives the directory and all in it, where the host has SELinux: for every container, or this one alone",
    VolumeLabel::parse,
);
/// `propagation` of `volume`.
pub(crate) const PROPAGATION: Field<Propagation> = field(
    "propagation",
    Type::Choice(Propagation::WORDS),
    "rprivate",
    "whether what is mounted below it later is seen: `rslave` shows the container what the host mounts",
    Propagation::parse,
);
/// `owner` of `tmpfs`.
pub(crate) const TMPFS_OWNER: Field<Owner> =
    field("owner", Type::Owner, "the `user`, where it is numeric", "who owns it", Owner::parse);

/// `file`.
pub(crate) const FILE: Node = Node {
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
        FILE_MODE.row,
    ],
    merge: Merge::Named,
    example: r#"file "/app/config.json" source="files/api.json""#,
    ..NODE
};

/// `volume`.
pub(crate) const VOLUME: Node = Node {
    name: "volume",
    help: "a directory of the host where the service keeps data",
    arguments: exactly(&[argument("path", Type::ContainerPath)]),
    properties: &[
        property(
            "from",
            Type::HostPath,
            "`<data-root>/<fleet>/<service>/<path>`, the path with `-` between its parts",
            "the directory on the host",
        ),
        OWNER.row,
        VOLUME_MODE.row,
        MUST_BE.row,
        property("read-only", Type::Boolean, "#false", "whether the service may only read it"),
        SELINUX.row,
        PROPAGATION.row,
        property("shared", Type::Boolean, "#false", "whether other services may write there too"),
        property(
            "docker-socket",
            Type::Boolean,
            "#false",
            "that docker's socket, or what else makes root on the host, is mounted on purpose",
        ),
    ],
    merge: Merge::Named,
    example: r#"volume "/app/uploads" from="/srv/uploads" owner="1000:1000""#,
    ..NODE
};

/// `tmpfs`.
pub(crate) const TMPFS: Node = Node {
    name: "tmpfs",
    help: "a directory in memory, empty at every start",
    arguments: exactly(&[argument("path", Type::ContainerPath)]),
    properties: &[
        TMPFS_SIZE.row,
        TMPFS_MODE.row,
        TMPFS_OWNER.row,
        property("exec", Type::Boolean, "#false", "whether programs in it may run"),
    ],
    merge: Merge::Named,
    example: r#"tmpfs "/tmp" size="64m""#,
    ..NODE
};

/// `writes`.
pub(crate) const WRITES: Node = Node {
    name: "writes",
    help: "paths that the application writes; each must be in a volume or tmpfs",
    arguments: at_least_one(&[argument("path", Type::ContainerPath)]),
    merge: Merge::Named,
    example: r#"writes "/var/log/app""#,
    ..NODE
};

/// `read-only`.
pub(crate) const READ_ONLY: Single<bool> = single(
    Node {
        name: "read-only",
        help: "whether the root filesystem of the container is read-only",
        arguments: exactly(&[argument("read-only", Type::Boolean)]),
        default: "#true",
        example: "read-only #false",
        ..NODE
    },
    boolean::parse,
);
