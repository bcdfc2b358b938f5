//! Limits of an import. Larger input is refused with its place, so that an import always ends and never fills the memory.

use super::error::ImportError;
use super::found::{Found, FoundContainer, Setting};
use super::place::Place;
use crate::project::Project;
use std::cell::Cell;

/// The most containers of one import.
pub(crate) const MOST_CONTAINERS: usize = 1_000;
/// Maximum number of settings of one container, with the variables of its files.
pub(crate) const MOST_SETTINGS: usize = 2_000;
/// Maximum number of settings of all containers of one import, in each of their environments.
const MOST_SAID: usize = 50_000;
/// The most needs of all containers of one import together.
const MOST_NEEDS: usize = 20_000;
/// The most profiles of one import.
const MOST_PROFILES: usize = 50;
/// The most bytes that variables may fill in.
pub(crate) const MOST_FILLED: usize = 4 * 1024 * 1024;
/// The most bytes of a file of variables or labels.
const LARGEST_LIST: u64 = 1024 * 1024;
/// Maximum bytes of all such files of one import. A file counts each time it is named.
const MOST_LISTED: usize = 4 * 1024 * 1024;

/// Returns what was found, unless it is too much.
pub(crate) fn within(found: Found) -> Result<Found, ImportError> {
    if let Some(container) = found.containers.get(MOST_CONTAINERS) {
        let message = format!(
            "there are {} containers: import at most {MOST_CONTAINERS} at once",
            found.containers.len()
        );
        return Err(ImportError::new(&container.name.place, message));
    }
    for container in &found.containers {
        let count = count_settings(container);
        if count > MOST_SETTINGS {
            let message = format!(
                "`{}` says {count} things: at most {MOST_SETTINGS} are imported",
                container.name.value
            );
            return Err(ImportError::new(&container.name.place, message));
        }
    }
    let times = |container: &FoundContainer| count_settings(container) * container.profiles.len().max(1);
    let count: usize = found.containers.iter().map(times).sum();
    if count > MOST_SAID {
        let message = format!(
            "all containers together say {count} things, once for each profile: at most {MOST_SAID} are imported"
        );
        return Err(ImportError::new(&Place::default(), message));
    }
    let settings = found.containers.iter().flat_map(|container| &container.settings);
    let needs = settings.filter(|setting| matches!(setting.value, Setting::Need(_))).count();
    if needs > MOST_NEEDS {
        let message =
            format!("the services need each other {needs} times: at most {MOST_NEEDS} are imported");
        return Err(ImportError::new(&Place::default(), message));
    }
    let profiles: std::collections::BTreeSet<&String> =
        found.containers.iter().flat_map(|container| &container.profiles).collect();
    if profiles.len() > MOST_PROFILES {
        let message =
            format!("there are {} profiles: import at most {MOST_PROFILES} at once", profiles.len());
        return Err(ImportError::new(&Place::default(), message));
    }
    Ok(found)
}

/// Counts the settings of a container, with the variables of its files.
fn count_settings(container: &FoundContainer) -> usize {
    let files = container.settings.iter().filter_map(|setting| match &setting.value {
        Setting::EnvFile(file) => file.variables.as_ref().map(Vec::len),
        _ => None,
    });
    container.settings.len() + files.sum::<usize>()
}

/// Reads the files of variables and labels of one import, up to a limit for all of them.
pub(crate) struct Lists<'p> {
    /// The project that holds the files.
    pub(crate) project: &'p dyn Project,
    read: Cell<usize>,
}

impl<'p> Lists<'p> {
    /// Nothing is read yet.
    pub(crate) fn new(project: &'p dyn Project) -> Self {
        Self { project, read: Cell::new(0) }
    }

    /// Returns the text of a file; none if it cannot be read, or is no list that somebody wrote.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        if self.read.get() > MOST_LISTED {
            return None;
        }
        let bytes = self.project.read_up_to(path, LARGEST_LIST).ok()?;
        self.read.set(self.read.get() + bytes.len());
        String::from_utf8(bytes).ok()
    }

    /// Fails if the files together are too large.
    pub(crate) fn within(&self) -> Result<(), ImportError> {
        if self.read.get() <= MOST_LISTED {
            return Ok(());
        }
        let message = format!(
            "files of variables and labels come to more than {} MiB, each as often as it is named",
            MOST_LISTED >> 20
        );
        Err(ImportError::new(&Place::default(), message))
    }
}
