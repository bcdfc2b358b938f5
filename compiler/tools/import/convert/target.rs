//! Paths of a container that something is mounted at.

use super::draft::WorkloadDraft;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::value::path::{ContainerPath, must_not_be_mounted};

/// Returns whether something can be mounted there.
pub(crate) fn target(draft: &mut WorkloadDraft<'_, '_>, path: &str, place: &Place) -> bool {
    let reason = match ContainerPath::parse(path) {
        Ok(path) => must_not_be_mounted(path.as_str()).map(str::to_string),
        Err(invalid) => Some(invalid.message),
    };
    if let Some(reason) = &reason {
        let words = format!("nothing is mounted at `{path}`: {reason}; mount something below it");
        draft.say(Handling::Lost, place, words);
    }
    reason.is_none()
}
