//! `images.kdl` → what is known of well-known images: dpc's own list, and that of a project, which comes first.

use super::parse::syntax_error;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::kdl::{self, Document, Entry, Node, Value};
use crate::model::image::{KnownImage, KnownVolume};
use crate::project::{LARGEST_TEMPLATE, Project, Unreadable, text_in_place};
use crate::text::{FileId, Sources, Span};
use crate::value::path::{covers, real};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, LazyLock};

const SHIPPED: &str = include_str!("../../templates/images.kdl");
/// The list of a project.
const OWN: &str = "templates/images.kdl";

/// A list of images that cannot be read.
pub(crate) const BROKEN_IMAGES: Fault = Fault::error(
    "broken-images",
    "`templates/images.kdl` says of images what dpc's own list says",
    "What is known of an image decides which mounts its service must have. A line that is not understood would be a rule that nobody \
     keeps.",
);

/// dpc's own list.
pub(crate) fn shipped() -> &'static [Arc<KnownImage>] {
    static LIST: LazyLock<Vec<Arc<KnownImage>>> = LazyLock::new(|| {
        let read = kdl::read(FileId::default(), Arc::from(SHIPPED));
        images(&read.document, &mut Report::default())
    });
    &LIST
}

/// The list of a project, by name as docker shortens it.
pub(crate) fn known_images(
    project: &dyn Project,
    sources: &mut Sources,
    report: &mut Report,
) -> BTreeMap<String, Arc<KnownImage>> {
    by_name(own(project, sources, report))
}

/// What is known of the image of a name, the whole one as docker completes it: by the project's list, else by dpc's.
pub(crate) fn known<'k>(own: &'k BTreeMap<String, Arc<KnownImage>>, name: &str) -> Option<&'k KnownImage> {
    own.get(whole_name(name)).map(|image| &**image).or_else(|| shipped_of(name))
}

/// What dpc itself knows of the image of a name. The list is read only for a name that it has.
pub(crate) fn shipped_of(name: &str) -> Option<&'static KnownImage> {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        let lines = SHIPPED.lines().filter(|line| line.starts_with("image "));
        lines.flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
    });
    static LIST: LazyLock<BTreeMap<String, Arc<KnownImage>>> =
        LazyLock::new(|| by_name(shipped().iter().cloned()));
    let name = whole_name(name);
    NAMES.contains(name).then(|| LIST.get(name)).flatten().map(|image| &**image)
}

fn by_name(images: impl IntoIterator<Item = Arc<KnownImage>>) -> BTreeMap<String, Arc<KnownImage>> {
    let named = images.into_iter().flat_map(|image| {
        let names: Vec<String> = image.names.iter().map(|name| whole_name(name).to_string()).collect();
        names.into_iter().map(move |name| (name, Arc::clone(&image)))
    });
    named.collect()
}

fn own(project: &dyn Project, sources: &mut Sources, report: &mut Report) -> Vec<Arc<KnownImage>> {
    let text = match text_in_place(project, OWN, LARGEST_TEMPLATE) {
        Err(Unreadable::Missing) => return Vec::new(),
        Err(why) => {
            report.push(broken(Span::default(), format!("`{OWN}` {}", why.words())));
            return Vec::new();
        }
        Ok(text) => text,
    };
    let Ok(file) = sources.add(OWN.to_string(), text) else { return Vec::new() };
    let read = kdl::read(file, Arc::clone(&sources.get(file).text));
    read.errors.into_iter().for_each(|error| report.push(syntax_error(error)));
    images(&read.document, report)
}

fn broken(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&BROKEN_IMAGES, message)
        .at(span, "")
        .help("write for example `image \"postgres\" { port 5432; volume \"/var/lib/postgresql/data\"; scratch \"/run/postgresql\" }`")
}

fn images(document: &Document, report: &mut Report) -> Vec<Arc<KnownImage>> {
    document.nodes().map(|node| Arc::new(image(node, report))).collect()
}

fn image(node: Node<'_>, report: &mut Report) -> KnownImage {
    let mut image = KnownImage { names: words(node), ..KnownImage::default() };
    if node.name() != "image" || image.names.is_empty() {
        report.push_error(|| broken(node.span(), "this is not `image` with a name"));
    }
    for child in node.children().into_iter().flatten() {
        let texts = words(child);
        match (child.name(), texts.is_empty()) {
            ("port", true) => image.ports.extend(numbers(child)),
            ("volume", false) => image.volumes.extend(texts.into_iter().map(|path| KnownVolume {
                path,
                from: version(child, "from"),
                below: version(child, "below"),
            })),
            ("scratch", false) => image.scratch.extend(texts),
            ("writable", false) => image.writable.extend(texts),
            ("owner", false) if texts.len() == 2 => {
                let alpine = child.property("alpine").and_then(Entry::as_text).unwrap_or(&texts[1]);
                image.owners.push((texts[0].clone(), texts[1].clone(), alpine.to_string()));
            }
            _ => report.push_error(|| {
                broken(child.span(), format!("`{}` of an image says nothing here", child.name()))
            }),
        }
    }
    image
}

fn words(node: Node<'_>) -> Vec<String> {
    node.arguments().filter_map(|entry| entry.as_text().map(ToString::to_string)).collect()
}

fn numbers(node: Node<'_>) -> impl Iterator<Item = u16> {
    node.arguments().filter_map(|entry| match entry.value() {
        Value::Number(number) => number.parse().ok(),
        _ => None,
    })
}

fn version(node: Node<'_>, name: &str) -> Option<u64> {
    match node.property(name)?.value() {
        Value::Number(number) => number.parse().ok(),
        _ => None,
    }
}

/// Something that a service of a known image must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lacking<'k> {
    /// A volume.
    Volume(&'k str),
    /// A directory in memory.
    Tmpfs(&'k str),
    /// A root filesystem that can be written, for what its start changes.
    WritableRoot(&'k str),
}

impl KnownImage {
    /// What a container lacks that has mounts at some paths.
    pub(crate) fn lacking<'k>(
        &'k self,
        tag: Option<&str>,
        mounted: &[String],
        read_only: bool,
    ) -> Vec<Lacking<'k>> {
        let mounted: Vec<String> = mounted.iter().map(|path| real(path)).collect();
        let is_covered = |path: &str| mounted.iter().any(|mount| covers(mount, &real(path)));
        // A mount above does not keep what the image declares as a volume: docker mounts its own there. One below holds a part of
        // it, by whatever the image was told.
        let is_kept = |path: &str| mounted.iter().any(|mount| covers(&real(path), mount));
        let is_written = |path: &&String| read_only && !is_covered(path);
        let kept = self.kept(tag).filter(|path| !is_kept(path)).map(Lacking::Volume);
        let scratch = self.scratch.iter().filter(is_written).map(|path| Lacking::Tmpfs(path));
        let changed = self.writable.iter().filter(is_written).take(1).map(|path| Lacking::WritableRoot(path));
        kept.chain(scratch).chain(changed).collect()
    }

    /// The paths that a version keeps; a tag without a number is the latest.
    pub(crate) fn kept(&self, tag: Option<&str>) -> impl Iterator<Item = &str> {
        let digits = tag.map(|tag| tag.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
        let major = digits.and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX);
        let has = move |volume: &&KnownVolume| {
            volume.from.is_none_or(|from| major >= from) && volume.below.is_none_or(|below| major < below)
        };
        self.volumes.iter().filter(has).map(|volume| volume.path.as_str())
    }
}

/// The name without what docker adds to it: `docker.io/library/redis` is `redis`.
fn whole_name(name: &str) -> &str {
    let hub = ["docker.io/", "index.docker.io/", "registry-1.docker.io/"];
    let name = hub.iter().find_map(|hub| name.strip_prefix(hub)).unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name)
}

/// The last part of the name of an image: `postgis` of `postgis/postgis:16`.
pub(crate) fn last_part(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or_default();
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Memory;

    #[test]
    fn the_list_is_read_whole_and_has_each_image_once() {
        let mut report = Report::default();
        let read = kdl::read(FileId::default(), Arc::from(SHIPPED));
        let list = images(&read.document, &mut report);
        assert!(read.errors.is_empty() && report.is_empty());
        let mut names: Vec<&String> = list.iter().flat_map(|image| &image.names).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        for name in names {
            assert!(whole_name(name) == name && shipped_of(name).is_some(), "{name}");
        }
        assert!(count > 60, "{count}");
    }

    #[test]
    fn an_image_is_known_by_its_whole_name() {
        let list = known_images(&Memory::default(), &mut Sources::default(), &mut Report::default());
        let postgres = known(&list, "docker.io/library/postgres").unwrap();
        assert!(
            known(&list, "postgres") == Some(postgres)
                && known(&list, "registry.example.com/shop/postgres").is_none()
        );
        for (tag, kept) in [
            (Some("16.4"), "/var/lib/postgresql/data"),
            (Some("18-alpine"), "/var/lib/postgresql"),
            (None, "/var/lib/postgresql"),
        ] {
            assert_eq!(postgres.kept(tag).collect::<Vec<_>>(), [kept], "{tag:?}");
        }
    }
}
