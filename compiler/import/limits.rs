//! How much an import takes: what is larger is refused with its place, so that nothing runs for ever or fills the memory.

use super::found::Found;
use super::place::Place;
use super::trouble::Trouble;
use crate::project::Project;

/// The most containers of one import.
pub const MOST_CONTAINERS: usize = 1_000;
/// The most things that may be said about one container, the variables of its files among them.
pub const MOST_SETTINGS: usize = 5_000;
/// The most needs of all containers of one import together.
const MOST_NEEDS: usize = 20_000;
/// The most profiles of one import.
const MOST_PROFILES: usize = 50;
/// The most bytes that variables may fill in.
pub const MOST_FILLED: usize = 4 * 1024 * 1024;
/// The most bytes of a file of variables or labels.
const LARGEST_LIST: usize = 1024 * 1024;

/// What was found, unless it is too much.
pub fn within(found: Found) -> Result<Found, Trouble> {
    if let Some(container) = found.containers.get(MOST_CONTAINERS) {
        let message = format!(
            "there are {} containers: import at most {MOST_CONTAINERS} at once",
            found.containers.len()
        );
        return Err(Trouble::new(&container.name.place, message));
    }
    for container in &found.containers {
        let files = container.settings.iter().filter_map(|setting| match &setting.value {
            super::found::Setting::EnvFile(file) => file.variables.as_ref().map(Vec::len),
            _ => None,
        });
        let count = container.settings.len() + files.sum::<usize>();
        if count > MOST_SETTINGS {
            let message = format!(
                "`{}` says {count} things: at most {MOST_SETTINGS} are imported",
                container.name.value
            );
            return Err(Trouble::new(&container.name.place, message));
        }
    }
    let settings = found.containers.iter().flat_map(|container| &container.settings);
    let needs = settings.filter(|setting| matches!(setting.value, super::found::Setting::Need(_))).count();
    if needs > MOST_NEEDS {
        let message =
            format!("the services need each other {needs} times: at most {MOST_NEEDS} are imported");
        return Err(Trouble::new(&Place::default(), message));
    }
    let profiles: std::collections::BTreeSet<&String> =
        found.containers.iter().flat_map(|container| &container.profiles).collect();
    if profiles.len() > MOST_PROFILES {
        let message =
            format!("there are {} profiles: import at most {MOST_PROFILES} at once", profiles.len());
        return Err(Trouble::new(&Place::default(), message));
    }
    Ok(found)
}

/// The text of a file of variables or labels; none where it cannot be read, and where it is no list that somebody wrote.
pub fn list(path: &str, project: &dyn Project) -> Option<String> {
    let bytes = project.read(path).ok().filter(|bytes| bytes.len() <= LARGEST_LIST)?;
    String::from_utf8(bytes).ok()
}
