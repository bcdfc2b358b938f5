//! dpc reads services described in KDL and writes what each host runs.

pub mod encode;
pub mod source;
pub mod syntax;
pub mod value;
