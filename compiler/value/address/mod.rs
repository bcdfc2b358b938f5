//! Addresses: of hosts, to listen on, of what is somewhere else, of etcd.

mod endpoint;
mod etcd_url;
mod host;
mod listen;
mod literal;

pub use endpoint::{Endpoint, EndpointHost};
pub use etcd_url::{EtcdUrl, Scheme};
pub use host::HostAddress;
pub use listen::ListenAddress;
