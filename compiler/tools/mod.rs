//! What stands on the pipeline and knows no command line.

pub mod diff;
pub mod format;
pub mod import;
pub mod init;
