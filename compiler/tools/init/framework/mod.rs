//! What a framework does by itself, shown by the files of a repository → ports, paths, processes.
//!
//! A framework in a manifest says nothing of an image that starts something else: see [`Evidence::starts`].

mod django;
mod laravel;
mod next;
mod pages;
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
    &[rails::read, next::read, django::read, laravel::read, spring::read, pages::read];

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
    // A quoted requirement of a list, or the key of a table of poetry or pipenv.
    for path in ["pyproject.toml", "Pipfile"] {
        let text = repository.text(path).unwrap_or_default();
        found.extend(text.lines().flat_map(requirements_of).map(|name| (path, name)));
    }
    found
}

fn requirements_of(line: &str) -> Vec<String> {
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    let quoted = line.split(['"', '\'']).skip(1).step_by(2);
    quoted.chain([key]).map(requirement).collect()
}

/// `Django[bcrypt]>=5` → `django`.
fn requirement(line: &str) -> String {
    let is_name = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let end = line.find(|char| !is_name(char)).unwrap_or(line.len());
    line[..end].to_lowercase().replace('_', "-")
}
