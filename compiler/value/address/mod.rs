//! Addresses: of hosts, of listeners, of external services, of etcd.

mod endpoint;
mod etcd_url;
mod host;
mod listen;
mod literal;

pub(crate) use endpoint::{Endpoint, EndpointHost};
pub(crate) use etcd_url::EtcdUrl;
pub(crate) use host::HostAddress;
pub(crate) use listen::ListenAddress;
