//! Tools on the pipeline. They know no command line.

pub mod diff;
pub mod format;
pub mod import;
pub mod init;
pub(crate) mod known_images;
#[cfg(feature = "registry")]
pub(crate) mod lock;
