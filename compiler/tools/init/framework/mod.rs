//! What a framework does by itself, shown by the files of a repository → ports, paths, processes.
//!
//! A framework in a manifest says nothing of an image that starts something else: see [`Evidence::starts`].

mod django;
mod laravel;
mod next;
mod rails;
mod spring;

use super::dockerfile::BuiltImage;
use super::facts::{ServiceFacts, WrittenPath};
use super::listening::program;
use super::repository::Repository;
use super::source::Sourced;

/// The files of a repository, its image, and the words that it starts with.
pub(crate) struct Evidence<'e> {
    pub(crate) repository: Repository<'e>,
    pub(crate) image: Option<&'e BuiltImage>,
    pub(crate) words: &'e [String],
}

/// Adds what one framework shows.
pub(crate) type FrameworkReader = fn(&Evidence<'_>, &mut ServiceFacts);

/// All that are known.
pub(crate) const FRAMEWORKS: &[FrameworkReader] =
    &[rails::read, next::read, django::read, laravel::read, spring::read];

impl Evidence<'_> {
    /// Returns whether one of these programs is started; without any evidence of what is, the manifest counts.
    pub(super) fn starts(&self, programs: &[&str]) -> bool {
        let nothing_shown = self.image.is_none() && self.words.is_empty();
        nothing_shown || self.words.iter().any(|word| programs.contains(&program(word)))
    }

    /// A path below the directory that the process starts in.
    fn path(&self, below: &str) -> Option<String> {
        let workdir = self.image?.workdir.as_deref()?;
        Some(format!("{}/{below}", workdir.trim_end_matches('/')))
    }

    /// A directory there that the process writes.
    pub(super) fn written(&self, below: &str, keeps: bool, source: &str) -> Option<Sourced<WrittenPath>> {
        let path = self.path(below)?;
        Some(Sourced::new(WrittenPath { path, keeps }, source))
    }
}

/// The names of the packages that a Python project requires, in small letters, with `-` for `_`.
pub(super) fn python_requirements(repository: Repository<'_>) -> Vec<(&'static str, String)> {
    const LISTS: [&str; 4] =
        ["requirements.txt", "requirements/base.txt", "requirements/production.txt", "requirements/prod.txt"];
    let mut found = Vec::new();
    for path in LISTS {
        let text = repository.text(path).unwrap_or_default();
        found.extend(text.lines().map(|line| (path, requirement(line))));
    }
    let text = repository.text("pyproject.toml").unwrap_or_default();
    // A quoted requirement of a list, or the key of poetry's table.
    for line in text.lines().map(str::trim) {
        let key = line.split_once('=').map(|(key, _)| key.trim()).unwrap_or_default();
        found.push(("pyproject.toml", requirement(key)));
        found.extend(
            line.split(['"', '\'']).skip(1).step_by(2).map(|text| ("pyproject.toml", requirement(text))),
        );
    }
    found
}

/// `Django[bcrypt]>=5` → `django`.
fn requirement(line: &str) -> String {
    let is_name = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let end = line.find(|char| !is_name(char)).unwrap_or(line.len());
    line[..end].to_lowercase().replace('_', "-")
}
