//! Texts that name a container by a port that is another now, and that nothing rewrites.

use super::draft::WorkloadDraft;
use super::needs::variables;
use super::ports::PortDraft;
use super::references::{names_host, references};
use super::together::Together;
use crate::tools::import::place::Place;

/// Asks about every other container that goes on naming the old port of this one.
pub(crate) fn old_port(draft: &mut WorkloadDraft<'_, '_>, port: &PortDraft, place: &Place) {
    let known = draft.known;
    let (own, name) = (draft.index, draft.name());
    for index in known.mentions.namers(own) {
        let container = &known.found.containers[index];
        let is_own = |name: &str| known.names.seen_by(container, name) == Some(own);
        let named = |text: &String| {
            references(text, is_own).iter().any(|one| one.port.is_none_or(|number| number == port.inside))
        };
        let by_text = known.mentions.of(index).iter().any(named);
        // A host without a port beside it stands for the old one.
        let values = variables(container);
        let by_host = values.iter().any(|(variable, value)| names_host(variable) && is_own(value))
            && !values.iter().any(|(_, value)| *value == port.inside.to_string());
        if by_text || by_host {
            let item = format!("`{name}` {} → {} for `{}`", port.inside, port.first, known.names.own(index));
            draft.ask_together(Together::Moved, place, item);
        }
    }
}
