//! The engine of this machine: what `docker image inspect` prints of an image that it has.

use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, FoundImage, FoundPlatform};
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// Asks the engine. It has an image for one platform.
pub(super) fn fetch(image: &Image, platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
    let what = format!("`{image}`");
    let mut inspect = Command::new("timeout");
    inspect.args(["30", "docker", "image", "inspect", "--", &image.to_string()]);
    let output = inspect.output().map_err(|error| {
        Failure::new(FailureKind::Unreachable, format!("docker cannot be asked: {error}"))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("it says nothing");
        return Err(Failure::new(FailureKind::Gone, format!("docker does not show {what}: {said}"))
            .help(format!("`docker pull {image}`")));
    }
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let about = &document[0];
    let digest = digest(about, image).ok_or_else(|| {
        wrong(&what, "was built on this machine: no registry has given it a digest")
            .help("push it, and `dpc lock` it from there")
    })?;
    let config = found::found_config(&about["Config"], about["Created"].as_str(), &what)?;
    let own = format!(
        "{}/{}",
        about["Os"].as_str().unwrap_or_default(),
        about["Architecture"].as_str().unwrap_or_default()
    );
    let mut found = FoundImage { digest: digest.clone(), platforms: [].into() };
    for platform in platforms {
        if !platform.starts_with(&own) {
            return Err(found::no_platform(&what, platform, &[own]));
        }
        let bytes = about["Size"].as_u64().unwrap_or_default();
        found.platforms.insert(
            platform.clone(),
            FoundPlatform { digest: digest.clone(), bytes, config: config.clone() },
        );
    }
    Ok(found)
}

/// The digest that the image's own repository has given it.
fn digest(about: &Value, image: &Image) -> Option<Digest> {
    let all = about["RepoDigests"].as_array()?.iter().filter_map(Value::as_str);
    let named = all.filter_map(|text| text.split_once('@'));
    let mut own = named.filter(|(name, _)| image.name().ends_with(name) || name.ends_with(image.name()));
    own.find_map(|(_, digest)| Digest::parse(digest).ok())
}
