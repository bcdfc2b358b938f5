//! The formats of records in etcd: `coredns`.

use super::choice::choice;

/// The reader that a record in etcd is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordFormat {
    /// `host:port`.
    Plain,
    /// An object with address, port and metadata.
    Json,
    /// CoreDNS's etcd plugin.
    Coredns,
    /// Traefik's KV provider.
    Traefik,
    /// etcd's own naming resolver for gRPC.
    Grpc,
}

choice!(RecordFormat {
    Plain = "plain",
    Json = "json",
    Coredns = "coredns",
    Traefik = "traefik",
    Grpc = "grpc",
});
