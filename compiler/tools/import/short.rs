//! The short forms that docker's flags and compose files share: one line of text → a setting, or what is wrong with it.

mod health;
mod list;
mod mount;
mod port;

pub use health::seconds;
pub use list::pair;
pub use mount::{device, long_mount, tmpfs, volume};
pub use port::{exposed, published, range};
