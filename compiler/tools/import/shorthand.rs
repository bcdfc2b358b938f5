//! The short forms that docker's flags and compose files share: one line of text → a setting, or what is wrong with it.

mod health;
mod list;
mod mount;
mod port;

pub(crate) use health::seconds;
pub(crate) use list::pair;
pub(crate) use mount::{device, long_mount, tmpfs, volume};
pub(crate) use port::{as_long, exposed, published, range};
