//! Paths: in a container, on a host, in a project. Each is kept in the one form in which paths can be compared as text.

mod container;
mod host;
mod normal;
mod project;
mod real;
mod root;
mod system;

pub use container::{ContainerPath, must_not_be_mounted};
pub use host::HostPath;
pub(crate) use normal::{cleaned, covers};
pub(crate) use project::ProjectPath;
pub(crate) use real::real;
pub(crate) use root::{is_root_socket, named_way, path_to_root};
pub(crate) use system::{holds_accounts, must_not_be_writable};
