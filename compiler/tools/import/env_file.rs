//! Files of variables: docker's grammar, and compose's, which has quotes.

use super::found::{EnvFile, Setting};
use super::limits::Lists;
use crate::encode;

/// A file for `docker run --env-file`.
pub(crate) fn docker(path: &str, lists: &Lists<'_>) -> Setting {
    let read = lists.text(&relative(path)).filter(|_| !path.starts_with('/'));
    let parsed =
        read.as_deref().and_then(|text| encode::env_file::parse(text.as_bytes()).ok()).map(|variables| {
            variables
                .iter()
                .map(|variable| (variable.name.to_string(), Some(variable.value.to_string())))
                .collect()
        });
    Setting::EnvFile(EnvFile { path: path.to_string(), plain: parsed.is_some(), variables: parsed })
}

/// A path without `./` before it.
pub(crate) fn relative(path: &str) -> String {
    path.trim_start_matches("./").to_string()
}
