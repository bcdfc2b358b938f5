//! What a build will probably need once the fleet is compiled, made ready by a processor that has nothing to do meanwhile.

use super::known::Known;
use super::root::Out;
use crate::digest::Digest;
use crate::source::Sources;

/// What is there for a build to begin with.
#[derive(Default)]
pub struct Foreseen {
    /// What the last build left, where that was read.
    pub(super) known: Option<Known>,
    /// The digest of what is compiled.
    pub(super) sources: Option<String>,
    /// Whether that was something else the last time.
    pub(super) are_others: bool,
}

impl Foreseen {
    /// What the last build left, and whether it compiled the same sources.
    pub fn new(out: &Out, sources: &Sources) -> Self {
        let known = Known::read(out.path());
        let sources = digest(sources);
        let are_others = known.sources().is_some_and(|known| known != sources);
        Self { known: Some(known), sources: Some(sources), are_others }
    }
}

fn digest(sources: &Sources) -> String {
    let texts =
        sources.iter().flat_map(|(_, source)| [&source.path, "\0", &source.text, "\0"].map(str::as_bytes));
    texts.fold(Digest::default(), Digest::and).finish()
}
