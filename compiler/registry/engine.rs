//! The engine of this machine: what `docker image inspect` prints of an image that it has.

use super::bounded::List;
use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, Configuration, FoundImage, FoundPlatform};
use super::program::{self, Said, Silence};
use super::repository::Repository;
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the engine. It has an image for one platform, and the digest of what it pulled.
pub(super) fn fetch(image: &Image, platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
    let what = format!("`{image}`");
    let said = inspect(image)?;
    let described: List<Configuration> = found::document(&said.output, &format!("docker's word of {what}"))?;
    let described = described.0.into_iter().next().ok_or_else(|| refused(image, "No such image"))?;
    let digest = described.digests.0.iter().find_map(|text| digest(&text.0, image)).ok_or_else(|| {
        wrong(&what, "was built on this machine: no registry has given it a digest")
            .help("push it, and `dpc lock` it from there")
    })?;
    let (own, bytes) = ([described.machine()], described.size.unwrap_or_default());
    let only = FoundPlatform { digest: digest.clone(), bytes, config: described.found() };
    let mut found = FoundImage { digest, platforms: [].into() };
    for platform in platforms {
        found::suits(platform, &own, &what)?;
        found.platforms.insert(platform.clone(), only.clone());
    }
    Ok(found)
}

fn inspect(image: &Image) -> Result<Said, Failure> {
    // Where there is a digest docker means that, but not each version of it looks for a tag beside it.
    let name =
        image.digest().map_or_else(|| image.to_string(), |digest| format!("{}@{digest}", image.name()));
    let said = program::run(None, "docker", &["image", "inspect", "--", &name], "", PATIENCE);
    let said = said.map_err(|silence| {
        let why = match silence {
            Silence::Missing => "is not there",
            Silence::Broken => "cannot be started",
            Silence::Slow => "does not answer in time",
            Silence::TooMuch => "answers without end",
        };
        Failure::new(FailureKind::Unreachable, format!("docker {why}"))
            .help("`dpc lock` without `--from docker` asks the registries")
    })?;
    if said.succeeded { Ok(said) } else { Err(refused(image, &said.errors)) }
}

fn refused(image: &Image, said: &str) -> Failure {
    let is_gone = said.to_ascii_lowercase().contains("no such image");
    let kind = if is_gone { FailureKind::Gone } else { FailureKind::Unreachable };
    let line = said.lines().next().unwrap_or("it says nothing");
    Failure::new(kind, format!("docker does not show `{image}`: {}", quoted(line)))
        .help(format!("`docker pull {image}`"))
}

/// The digest of `name@digest`, if that is the image's own repository.
fn digest(text: &str, image: &Image) -> Option<Digest> {
    let named = Image::parse(text).ok()?;
    let digest = named.digest()?;
    let is_asked = image.digest().is_none_or(|asked| asked == digest);
    let of = |image| Repository::of(image, &BTreeMap::new());
    (is_asked && of(&named) == of(image)).then(|| Digest::parse(digest).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_that_of_its_own_repository() {
        let (one, other) = (format!("sha256:{}", "1".repeat(64)), format!("sha256:{}", "2".repeat(64)));
        let of = |name: &str, image: &str| {
            let image = Image::parse(image).unwrap();
            digest(&format!("{name}@{one}"), &image).is_some()
        };
        for (name, image, is_its_own) in [
            ("redis", "redis:7", true),
            ("redis", "docker.io/library/redis:7", true),
            ("myredis", "redis:7", false),
            ("redis", "shop/redis:7", false),
            ("shop/redis", "redis:7", false),
            ("registry.example.com/redis", "redis:7", false),
            ("redis", &format!("redis:7@{one}"), true),
            ("redis", &format!("redis:7@{other}"), false),
        ] {
            assert_eq!(of(name, image), is_its_own, "{name} of {image}");
        }
    }
}
