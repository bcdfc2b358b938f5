//! `#true` and `#false`, as KDL writes them (KDL 2.0.0, 3.16).

use super::{Invalid, quoted};

/// Reads a boolean.
pub(crate) fn parse(text: &str) -> Result<bool, Invalid> {
    match text {
        "#true" => Ok(true),
        "#false" => Ok(false),
        _ => Err(Invalid::new(format!("{} is neither `#true` nor `#false`", quoted(text)))),
    }
}
