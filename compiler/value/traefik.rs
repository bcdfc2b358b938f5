//! Words of Traefik's configuration: kinds of routers, and schemes of servers.

use super::choice::choice;
use super::port::Protocol;

/// The kind of a router of Traefik, by what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// HTTP requests.
    Http,
    /// TCP connections.
    Tcp,
    /// UDP packets.
    Udp,
}

choice!(Router { Http = "http", Tcp = "tcp", Udp = "udp" });

impl Router {
    /// The protocol of the ports that it sends to.
    pub(crate) fn transport(self) -> Protocol {
        if self == Self::Udp { Protocol::Udp } else { Protocol::Tcp }
    }
}

/// The scheme of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerScheme {
    /// HTTP.
    Http,
    /// HTTP over TLS.
    Https,
    /// HTTP/2 without TLS.
    H2c,
}

choice!(ServerScheme { Http = "http", Https = "https", H2c = "h2c" });
