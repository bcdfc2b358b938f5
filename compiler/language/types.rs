//! The types of values: what KDL may hold there, and how the documentation calls it.

/// The type of an argument or property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Any text.
    Text,
    /// A name that other nodes refer to; it becomes part of unit, container and key names.
    Name,
    /// Several names with spaces between them.
    Names,
    /// An image reference.
    Image,
    /// An absolute path in the container.
    ContainerPath,
    /// An absolute path on the host.
    HostPath,
    /// A path in the project.
    ProjectPath,
    /// A path in the project, or an absolute path on the host.
    FilePath,
    /// A time span with its unit.
    Duration,
    /// A number of bytes with its unit.
    Size,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Decimal,
    /// `#true` or `#false`.
    Boolean,
    /// A port, or a range as text.
    Port,
    /// An IP address.
    Address,
    /// An IP address, or docker's word for the host.
    HostsAddress,
    /// `host:port`.
    Endpoint,
    /// A URL of an etcd member.
    Url,
    /// A user, with a group or without.
    User,
    /// A numeric owner.
    Owner,
    /// A file mode as octal text.
    Mode,
    /// A signal's name.
    Signal,
    /// A systemd calendar expression.
    Calendar,
    /// A DNS name.
    Domain,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Type {
    /// Returns the words of the documentation and the messages for it.
    pub(crate) fn words(self) -> String {
        match self {
            Type::Text => "text".into(),
            Type::Name => "a name (`a-z`, `0-9`, `-`)".into(),
            Type::Names => "names with spaces between them".into(),
            Type::Image => "an image reference, such as `redis:7.2.5`".into(),
            Type::ContainerPath => "an absolute path in the container".into(),
            Type::HostPath => "an absolute path on the host".into(),
            Type::ProjectPath => "a path in the project".into(),
            Type::FilePath => "a path in the project, or an absolute path on the host".into(),
            Type::Duration => "a duration, such as `500ms`, `30s`, `5m`".into(),
            Type::Size => "a size, such as `512m` or `2g`".into(),
            Type::Integer => "a whole number".into(),
            Type::Decimal => "a number, such as `1.5`".into(),
            Type::Boolean => "`#true` or `#false`".into(),
            Type::Port => "a port, or a range such as `\"10000-10100\"`".into(),
            Type::Address => "an IP address".into(),
            Type::HostsAddress => "an IP address, or `host-gateway`".into(),
            Type::Endpoint => "`host:port`".into(),
            Type::Url => "a URL, such as `https://10.0.0.1:2379`".into(),
            Type::User => "a user, such as `1000`, `1000:1000` or `node`".into(),
            Type::Owner => "a numeric owner, such as `1000:1000`".into(),
            Type::Mode => "a file mode, such as `\"0644\"`".into(),
            Type::Signal => "a signal, such as `SIGTERM`".into(),
            Type::Calendar => "a calendar expression of systemd.time(7), such as `*-*-* 03:00:00`".into(),
            Type::Domain => "a DNS name".into(),
            Type::Choice(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
            }
        }
    }
}
