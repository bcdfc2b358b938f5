//! Paths: in a container, on a host, in a project. Each is held in the one form in which it can be compared
//! as text.

mod container;
mod host;
mod normal;
mod project;
mod real;

pub use container::ContainerPath;
pub use host::{HostPath, engine_socket, must_not_be_writable};
pub use normal::covers;
pub use project::ProjectPath;
pub use real::real;
