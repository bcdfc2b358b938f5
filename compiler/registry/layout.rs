//! A folder in the layout of the OCI image specification ("Image Layout"), as `skopeo copy … oci:FOLDER` and `docker buildx build -o
//! type=oci` write it.

use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, FoundImage, FoundPlatform, Manifest};
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Maximum bytes of a document.
const MOST: u64 = 8 << 20;
/// The name of an image in an index.
const NAME: &str = "org.opencontainers.image.ref.name";

/// Looks for an image by its reference or its tag; an index of one image may say no name.
pub(super) fn fetch(
    folder: &Path,
    image: &Image,
    platforms: &BTreeSet<Platform>,
) -> Result<FoundImage, Failure> {
    let what = format!("`{image}`");
    let index: Value = serde_json::from_slice(&read(&folder.join("index.json"))?).unwrap_or_default();
    let entries = index["manifests"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_named = |entry: &&Value| match entry["annotations"][NAME].as_str() {
        Some(name) => name == image.as_str() || Some(name) == image.tag(),
        None => entries.len() == 1,
    };
    let digest =
        entries.iter().find(is_named).and_then(|entry| Digest::parse(entry["digest"].as_str()?).ok());
    let digest = digest
        .ok_or_else(|| Failure::new(FailureKind::Gone, format!("`{}` has no {what}", folder.display())))?;
    let mut found = FoundImage { digest: digest.clone(), platforms: [].into() };
    for platform in platforms {
        let (digest, config, bytes) = match found::manifest(&blob(folder, &digest, &what)?, &what)? {
            Manifest::Image(config, bytes) => (digest.clone(), config, bytes),
            Manifest::Index(entries) => {
                let known: Vec<String> = entries.iter().map(|(platform, _)| platform.clone()).collect();
                let chosen = found::chosen(&entries, platform);
                let chosen = chosen.ok_or_else(|| found::no_platform(&what, platform, &known))?;
                match found::manifest(&blob(folder, chosen, &what)?, &what)? {
                    Manifest::Image(config, bytes) => (chosen.clone(), config, bytes),
                    Manifest::Index(_) => return Err(wrong(&what, "has an index in its index")),
                }
            }
        };
        let (own, config) = found::config(&blob(folder, &config, &what)?, &what)?;
        if !found::candidates(platform).contains(&own) {
            return Err(found::no_platform(&what, platform, &[own]));
        }
        found.platforms.insert(platform.clone(), FoundPlatform { digest, bytes, config });
    }
    Ok(found)
}

fn blob(folder: &Path, digest: &Digest, what: &str) -> Result<Vec<u8>, Failure> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or_default();
    let body = read(&folder.join("blobs").join(algorithm).join(hex))?;
    found::verified(&body, digest, what)?;
    Ok(body)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut body));
    let fault = |error| {
        Failure::new(FailureKind::Unreachable, format!("`{}` cannot be read: {error}", path.display()))
    };
    read.map_err(fault).map(|_| body)
}
