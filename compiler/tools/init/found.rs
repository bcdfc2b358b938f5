//! The files of a repository → facts about the service in it.

use super::dockerfile::{self, BuiltImage, TooLarge};
use super::manifest::{MANIFESTS, Package};
use crate::project::Project;
use crate::value::name::Name;

/// Facts about a repository.
#[derive(Clone, Debug, Default)]
pub struct RepositoryFacts {
    /// The first manifest with a name.
    pub(crate) package: Option<Package>,
    /// The image as the Dockerfile builds it.
    pub(crate) image: Option<BuiltImage>,
    /// Dockerfiles that are too large to be read.
    pub(crate) too_large: Vec<&'static str>,
    /// The compose file, and the one that compose lays over it.
    pub(crate) compose: Vec<String>,
}

/// The names of compose files, in the order in which compose looks for them.
const COMPOSE: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// Maximum bytes of a file that is looked at.
const LARGEST: u64 = 1024 * 1024;

/// Looks at the top of the project. A file that is too large for its name is skipped.
pub(crate) fn found(project: &dyn Project) -> RepositoryFacts {
    let text = |path: &str| {
        let content = project.read_up_to(path, LARGEST).ok()?;
        Some(String::from_utf8_lossy(&content).into_owned())
    };
    let package = MANIFESTS.iter().find_map(|(path, read)| read(&text(path)?));
    let (mut image, mut too_large) = (None, Vec::new());
    for path in ["Dockerfile", "Containerfile"] {
        match text(path).map(|text| dockerfile::read(&text)) {
            Some(Ok(read)) => image = image.or(read),
            Some(Err(TooLarge)) => too_large.push(path),
            None => {}
        }
    }
    let compose = COMPOSE.iter().find(|path| text(path).is_some());
    let over = compose.and_then(|path| path.rsplit_once('.')).map(|(stem, _)| {
        ["yaml", "yml"]
            .map(|end| format!("{stem}.override.{end}"))
            .into_iter()
            .find(|path| text(path).is_some())
    });
    let compose = compose.map(|path| path.to_string()).into_iter().chain(over.flatten()).collect();
    RepositoryFacts { package, image, too_large, compose }
}

/// The nearest name that dpc takes.
pub fn name(text: &str) -> Option<Name> {
    let lower = text.to_lowercase();
    let dashed: String =
        lower.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '-' }).collect();
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    let joined = parts.join("-");
    let named = joined.trim_start_matches(|char: char| !char.is_ascii_lowercase());
    let short = named.get(..Name::LONGEST).unwrap_or(named).trim_end_matches('-');
    Name::parse(short).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_made_to_fit() {
        for (text, wanted) in [
            ("api", Some("api")),
            ("My_Service.v2", Some("my-service-v2")),
            ("--x--", Some("x")),
            ("42", None),
            ("7zip", Some("zip")),
            ("é", None),
            (&"a".repeat(60), Some("a".repeat(40).as_str())),
        ] {
            assert_eq!(super::name(text).map(|name| name.to_string()).as_deref(), wanted, "{text}");
        }
    }
}
