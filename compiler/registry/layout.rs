//! A folder in the layout of the OCI image specification ("Image Layout"), as `skopeo copy … oci:FOLDER` and `docker buildx build -o
//! type=oci` write it, or a folder of several.
//!
//! A layout names an image by a reference, or by a bare tag. A bare tag is one of the repository that the folder is called after, or
//! of any where the layout stands alone.

use super::bounded::Text;
use super::failure::{Failure, FailureKind, wrong};
use super::found::{self, FoundImage, FoundPlatform, Manifest};
use super::repository::Repository;
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::quoted;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Maximum bytes of a document, and layouts in a folder.
const MOST: u64 = 8 << 20;
const MOST_LAYOUTS: usize = 1_000;
/// The names of an image in an index: containerd writes the whole reference, others that or a tag.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];

/// Looks for an image by its digest, its reference or its tag; an index of one image may say no name.
pub(super) fn fetch(
    folder: &Path,
    image: &Image,
    platforms: &BTreeSet<Platform>,
) -> Result<FoundImage, Failure> {
    let what = format!("`{image}`");
    let (folder, digest) = named(folder, image)?;
    let mut found = FoundImage { digest: digest.clone(), platforms: [].into() };
    for platform in platforms {
        let (digest, config, bytes) = match found::manifest(&blob(&folder, &digest, &what)?, &what)? {
            Manifest::Image(config, bytes) => (digest.clone(), config, bytes),
            Manifest::Index(entries) => {
                let chosen = found::chosen(&entries, platform, &what)?;
                match found::manifest(&blob(&folder, chosen, &what)?, &what)? {
                    Manifest::Image(config, bytes) => (chosen.clone(), config, bytes),
                    Manifest::Index(_) => return Err(wrong(&what, "has an index in its index")),
                }
            }
        };
        let (own, config) = found::config(&blob(&folder, &config, &what)?, &what)?;
        found::suits(platform, &[own], &what)?;
        found.platforms.insert(platform.clone(), FoundPlatform { digest, bytes, config });
    }
    Ok(found)
}

/// The layout of an image, and the digest that it has there.
fn named(folder: &Path, image: &Image) -> Result<(PathBuf, Digest), Failure> {
    let layouts = layouts(folder)?;
    let is_alone = layouts.len() == 1;
    for layout in layouts {
        // A digest names the same in every layout.
        if let Some(digest) = image.digest().and_then(|digest| Digest::parse(digest).ok()) {
            if place(&layout, &digest).is_file() {
                return Ok((layout, digest));
            }
            continue;
        }
        let index = layout.join("index.json");
        let entries = found::annotated(&read(&index)?, &shown(&index))?;
        let is_only = is_alone && entries.len() == 1;
        let mut own = entries
            .into_iter()
            .filter(|(_, annotations)| is_named(&layout, image, annotations, is_alone, is_only));
        if let Some((digest, _)) = own.next() {
            return Ok((layout, digest));
        }
    }
    Err(Failure::new(FailureKind::Gone, format!("{} has no `{image}`", shown(folder))))
}

fn is_named(
    layout: &Path,
    image: &Image,
    annotations: &BTreeMap<String, Text>,
    is_alone: bool,
    is_only: bool,
) -> bool {
    let Some(Text(name)) = NAMES.iter().find_map(|name| annotations.get(*name)) else { return is_only };
    let (repository, tag) = (Repository::of(image, &BTreeMap::new()), image.tag().unwrap_or("latest"));
    let is_whole = |name: &Image| {
        Repository::of(name, &BTreeMap::new()) == repository && name.tag().unwrap_or("latest") == tag
    };
    let is_called_so = || {
        let own = layout.canonicalize().unwrap_or_default();
        own.file_name().is_some_and(|own| repository.path.rsplit('/').next() == own.to_str())
    };
    Image::parse(name).is_ok_and(|name| is_whole(&name)) || name == tag && (is_alone || is_called_so())
}

/// The folder itself, or the layouts in it in the order of their names.
fn layouts(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_layout = |path: &PathBuf| path.join("index.json").is_file();
    if is_layout(&folder.to_path_buf()) {
        return Ok(vec![folder.to_path_buf()]);
    }
    let entries = fs::read_dir(folder).map_err(|error| unread(folder, &error.to_string()))?;
    let mut layouts: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(is_layout).take(MOST_LAYOUTS).collect();
    layouts.sort();
    if layouts.is_empty() { Err(unread(folder, "it has no `index.json`")) } else { Ok(layouts) }
}

/// The file of a digest, which holds neither a slash nor a dot.
fn place(folder: &Path, digest: &Digest) -> PathBuf {
    let (algorithm, hex) = digest.split_once(':').unwrap_or_default();
    folder.join("blobs").join(algorithm).join(hex)
}

fn blob(folder: &Path, digest: &Digest, what: &str) -> Result<Vec<u8>, Failure> {
    let body = read(&place(folder, digest))?;
    found::verified(&body, digest, what)?;
    Ok(body)
}

/// Reads a file. A pipe, which nobody may write to, is none.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let fault = |error: std::io::Error| unread(path, &error.to_string());
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(unread(path, "it is no file"));
    }
    File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut body)).map_err(fault)?;
    if body.len() as u64 > MOST { Err(unread(path, "it is too large")) } else { Ok(body) }
}

fn unread(path: &Path, why: &str) -> Failure {
    Failure::new(FailureKind::Unreachable, format!("{} cannot be read: {why}", shown(path)))
}

fn shown(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}
