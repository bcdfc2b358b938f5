//! The files of a repository → facts about the service in it.

use super::dockerfile::{self, BuiltImage, TooLarge};
use super::facts::{ServiceFacts, facts};
use super::manifest::{MANIFESTS, Manifest, Package, gradle};
use super::repository::Repository;
use super::source::Sourced;
use crate::project::Project;
use crate::tools::import::run::from_image;
use crate::value::name::Name;

/// Facts about a repository.
#[derive(Clone, Debug, Default)]
pub struct RepositoryFacts {
    /// The manifest with a name, of the language that the image is for; its file is the source.
    pub(crate) package: Option<Sourced<Package>>,
    /// The image as the Dockerfile builds it.
    pub image: Option<BuiltImage>,
    /// What is shown of its service.
    pub service: ServiceFacts,
    /// Dockerfiles that are too large to be read.
    pub(crate) too_large: Vec<&'static str>,
    /// The compose file, and the one that compose lays over it.
    pub(crate) compose: Vec<String>,
    /// The name of the project in the compose file.
    pub(crate) project: Option<Sourced<String>>,
}

/// The names of compose files, in the order in which compose looks for them.
const COMPOSE: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// Looks at the project.
pub fn found(project: &dyn Project) -> RepositoryFacts {
    let repository = Repository(project);
    let (mut image, mut too_large) = (None, Vec::new());
    for path in ["Dockerfile", "Containerfile"] {
        match repository.text(path).map(|text| dockerfile::read(&text)) {
            Some(Ok(read)) => image = image.or(read),
            Some(Err(TooLarge)) => too_large.push(path),
            None => {}
        }
    }
    let package = package(repository, image.as_ref());
    let service = facts(repository, image.as_ref());
    let compose = repository.first(COMPOSE.map(str::to_string));
    let over = compose.as_ref().and_then(|(path, _)| {
        let (stem, _) = path.rsplit_once('.')?;
        repository.first(["yaml", "yml"].map(|end| format!("{stem}.override.{end}")))
    });
    let project = compose.as_ref().and_then(|(path, text)| {
        let name = text.lines().find_map(|line| line.strip_prefix("name:"))?;
        Some(Sourced::new(name.trim().trim_matches(['"', '\'']).to_string(), format!("{path}: its name")))
    });
    let compose = compose.into_iter().chain(over).map(|(path, _)| path).collect();
    RepositoryFacts { package, image, service, too_large, compose, project }
}

/// Reads the first manifest with a name; those of the language that the image is for come first.
fn package(repository: Repository<'_>, image: Option<&BuiltImage>) -> Option<Sourced<Package>> {
    let base = image.map(|image| from_image(&image.base)).unwrap_or_default();
    let is_of_base = |manifest: &&Manifest| manifest.images.iter().any(|name| base.starts_with(name));
    let (first, rest): (Vec<_>, Vec<_>) = MANIFESTS.iter().partition(is_of_base);
    first.into_iter().chain(rest).find_map(|manifest| {
        let mut package = (manifest.read)(&repository.text(manifest.path)?)?;
        let beside = repository.first(gradle::BUILD.map(str::to_string));
        let Some((path, text)) = beside.filter(|_| gradle::SETTINGS.contains(&manifest.path)) else {
            return Some(Sourced::new(package, manifest.path));
        };
        let group = gradle::value(&text, "group");
        package.owner = group.and_then(|group| Some(group.rsplit('.').next()?.to_string()));
        package.version = gradle::value(&text, "version");
        Some(Sourced::new(package, format!("{} and {path}", manifest.path)))
    })
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
