//! Texts of a container that nothing rewrites, and that may name other containers: labels, config files, what is mounted.

use super::names::ServiceNames;
use crate::project::Project;
use crate::tools::import::found::{Found, FoundContainer, FoundMount, MountSource, Setting};
use std::collections::BTreeSet;

/// The texts, by the container's index.
pub(crate) struct Mentions {
    of: Vec<Vec<String>>,
    words: BTreeSet<String>,
    /// The containers that name a container, in a text that nothing rewrites or as a whole value.
    namers: Vec<BTreeSet<usize>>,
}

/// The most bytes of a file that is searched.
const LARGEST: u64 = 64 * 1024;
/// The most bytes that are searched in all files.
const MOST: usize = 4 * 1024 * 1024;
/// The most files of one directory.
const MOST_FILES: usize = 50;

impl Mentions {
    /// Reads them.
    pub(super) fn new(found: &Found, names: &ServiceNames, project: &dyn Project) -> Self {
        let mut rest = MOST;
        let of: Vec<Vec<String>> =
            found.containers.iter().map(|container| of_container(container, project, &mut rest)).collect();
        let written = found.containers.iter().flat_map(super::ports::texts);
        let values = found.containers.iter().flat_map(super::needs::variables).map(|(_, value)| value);
        let all = of.iter().flatten().map(String::as_str).chain(written).chain(values);
        let words =
            all.flat_map(|text| text.split(|c: char| !is_host(c))).filter(|word| word.contains(['-', '_']));
        let words = words.map(str::to_string).collect();
        let mut namers = vec![BTreeSet::new(); found.containers.len()];
        for (index, texts) in of.iter().enumerate() {
            let values =
                super::needs::variables(&found.containers[index]).into_iter().map(|(_, value)| value);
            let words = texts.iter().flat_map(|text| text.split(|c: char| !is_host(c) && c != '.'));
            words.chain(values).filter_map(|word| names.of(word)).for_each(|target| {
                namers[target].insert(index);
            });
        }
        Self { of, words, namers }
    }

    /// The containers that name one, other than by what is rewritten.
    pub(crate) fn namers(&self, index: usize) -> impl Iterator<Item = usize> {
        self.namers[index].iter().copied().filter(move |other| *other != index)
    }

    /// The texts of a container.
    pub(crate) fn of(&self, index: usize) -> &[String] {
        &self.of[index]
    }

    /// Returns whether any text of the source holds a word, which has a dash or an underscore.
    pub(crate) fn hold(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn of_container(container: &FoundContainer, project: &dyn Project, rest: &mut usize) -> Vec<String> {
    let mut texts = Vec::new();
    for setting in &container.settings {
        match &setting.value {
            Setting::Label(_, value) => texts.push(value.clone()),
            Setting::File(file) => {
                texts.extend(file.content.clone());
                texts.extend(file.source.as_deref().and_then(|path| text(path, project, rest)));
            }
            Setting::Mount(FoundMount { source: MountSource::Relative(path), .. }) => {
                texts.extend(mounted(path, project, rest));
            }
            _ => {}
        }
    }
    texts
}

/// The text of a file, or of each file in a directory.
fn mounted(path: &str, project: &dyn Project, rest: &mut usize) -> Vec<String> {
    let inside = path.trim_start_matches("./").trim_end_matches('/');
    if inside.is_empty() || inside.starts_with("..") {
        return Vec::new();
    }
    if let Some(text) = text(inside, project, rest) {
        return vec![text];
    }
    let files = project.list(inside).unwrap_or_default().into_iter().filter(|(_, folder)| !folder);
    files.take(MOST_FILES).filter_map(|(name, _)| text(&format!("{inside}/{name}"), project, rest)).collect()
}

fn text(path: &str, project: &dyn Project, rest: &mut usize) -> Option<String> {
    let bytes = project.read_up_to(path.trim_start_matches("./"), LARGEST.min(*rest as u64)).ok()?;
    *rest -= bytes.len();
    String::from_utf8(bytes).ok()
}
