//! How a health check speaks to a port: `http`, `https`.

use super::choice::choice;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The scheme of a URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain.
    #[default]
    Http,
    /// By TLS.
    Https,
}

choice!(Scheme { Http = "http", Https = "https" });

impl Scheme {
    /// Returns whether it is the usual one.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::Http
    }
}
