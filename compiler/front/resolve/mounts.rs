//! `volume`, `tmpfs`, `file` and `writes` → the mounts of a container.

use super::container_place::ContainerPlace;
use super::environment::read;
use super::merge::{Layered, Merged};
use super::reading::{Reading, refused};
use crate::encode::digest::sha256;
use crate::kdl::Entry;
use crate::language::Field;
use crate::language::service::disk;
use crate::model::container::{ConfigFile, Tmpfs, Volume};
use crate::text::Located;
use crate::text::Span;
use crate::value::Invalid;
use crate::value::mode::Mode;
use crate::value::mounting::{Propagation, VolumeLabel};
use crate::value::path::{ContainerPath, HostPath, ProjectPath, covers, path_to_root, real};
use crate::value::user::{Owner, User};
use std::sync::Arc;

/// Returns the volumes, sorted by path.
///
/// A directory that `activate` makes belongs to the user of the service, who could not write there otherwise; the image alone
/// knows a user by name. A directory that is only read belongs to root.
pub(crate) fn volumes(
    container: &ContainerPlace<'_, '_>,
    merged: &Merged<'_, '_>,
    user: Option<&User>,
    reading: &mut Reading<'_>,
) -> Vec<Volume> {
    let owner = user.and_then(User::owner);
    merged.gather("volume", |setting| volume(container, setting, owner, reading))
}

fn volume(
    container: &ContainerPlace<'_, '_>,
    setting: &Layered<'_, '_>,
    user: Option<Owner>,
    reading: &mut Reading<'_>,
) -> Option<Volume> {
    let path = reading.parsed(setting.argument()?, target)?;
    let from = match setting.property("from") {
        Some(entry) => reading.parsed(entry, source)?,
        None => Located::new(container.default_source(&path, reading)?, path.span),
    };
    let read_only = property_flag(setting, "read-only", reading);
    let docker_socket = property_flag(setting, "docker-socket", reading);
    let opens = path_to_root(&real(&from));
    if let Some(entry) = setting.property("docker-socket").filter(|_| docker_socket && opens.is_none()) {
        let invalid = Invalid::new(format!(
            "`{}` is no socket that makes root on the host, and holds none",
            from.value
        ))
        .help("remove `docker-socket=`");
        reading.push(refused(invalid, entry.span()));
    }
    let property = |name: &str| setting.property(name);
    let shared = property_flag(setting, "shared", reading);
    let selinux = reading.field(&disk::SELINUX, property).map(|label| label.value);
    if let Some(label) = selinux {
        check_label(setting, label, shared, [&from, &path], reading);
    }
    let propagation = reading.field(&disk::PROPAGATION, property).map(|propagation| propagation.value);
    let owner = match property(disk::OWNER.row.name) {
        Some(_) => Some(reading.field(&disk::OWNER, property)?.value),
        None => user.filter(|_| !read_only),
    };
    Some(Volume {
        outside: !covers(&container.settings.data_root.real(), &from.value.real()),
        path,
        from,
        owner,
        mode: mode(setting, &disk::VOLUME_MODE, reading)?,
        read_only,
        shared,
        selinux,
        propagation: propagation.filter(|propagation| *propagation != Propagation::Rprivate),
        docker_socket,
        must_be: reading.field(&disk::MUST_BE, property).map(|kind| kind.value),
    })
}

/// Directories that no engine labels (opencontainers/selinux `go-selinux/label`).
const UNLABELLED: [&str; 25] = [
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/passwd",
    "/etc/pki",
    "/etc/shadow",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/system",
    "/tmp",
    "/usr",
    "/var",
    "/var/lib",
    "/var/log",
];

/// docker labels by `--volume` alone, which has colons between its parts.
fn check_label(
    setting: &Layered<'_, '_>,
    label: VolumeLabel,
    shared: bool,
    paths: [&str; 2],
    reading: &mut Reading<'_>,
) {
    let invalid = if shared && label == VolumeLabel::Private {
        Invalid::new(
            "others could not use it any more: `selinux=\"private\"` labels it for this container alone",
        )
        .help("write `selinux=\"shared\"`")
    } else if UNLABELLED.contains(&&*real(paths[0])) {
        Invalid::new(format!("docker refuses to label `{}`, which the whole host uses", paths[0]))
            .help("mount a directory below it, or run without confinement: `security-opt label=\"disable\"`")
    } else if let Some(path) = paths.iter().find(|path| path.contains(':')) {
        Invalid::new(format!("the path `{path}` holds `:`, where docker would cut it"))
            .help("mount it by another path")
    } else {
        return;
    };
    let place = setting.property(disk::SELINUX.row.name).map_or(setting.node().span(), |entry| entry.span());
    reading.push(refused(invalid, place));
}

/// The path in the container. Docker's way to write both paths in one would be a path too.
fn target(text: &str) -> Result<ContainerPath, Invalid> {
    let Some((from, target)) = text.split_once(":/") else { return ContainerPath::parse(text) };
    let (target, read_only) = match target.split_once(':') {
        Some((target, options)) if options.split(',').any(|option| option == "ro") => {
            (target, " read-only=#true")
        }
        Some((target, _)) => (target, ""),
        None => (target, ""),
    };
    let help = if from.starts_with('/') {
        format!("write `volume \"/{target}\" from=\"{from}\"{read_only}`")
    } else {
        format!(
            "write `volume \"/{target}\"{read_only}`, and it lies below `data-root`; or say `from=` with a whole path on the host"
        )
    };
    Err(Invalid::new(format!("`{text}` is two paths, as docker writes them: the host's and the container's"))
        .help(help))
}

/// The directory on the host.
fn source(text: &str) -> Result<HostPath, Invalid> {
    let help = "leave `from=` out, and it lies below `data-root`; or write a whole path on the host";
    HostPath::parse(text).map_err(|invalid| {
        if text.starts_with('/') { invalid } else { Invalid::new(invalid.message).help(help) }
    })
}

impl ContainerPlace<'_, '_> {
    /// `<data-root>/<fleet>/<service>/<path with dashes>`; a further instance on the same host keeps its data apart. Flat, so
    /// that no volume lies in another.
    fn default_source(&self, path: &Located<ContainerPath>, reading: &mut Reading<'_>) -> Option<HostPath> {
        let service = match self.place.instance {
            1 => self.place.workload.clone(),
            instance => format!("{}-{instance}", self.place.workload),
        };
        let child = format!("{}/{service}/{}", self.settings.name, path.value.flat());
        let source = self.settings.data_root.join(child.trim_end_matches('/'));
        let named = source.map_err(|invalid| Invalid::new(invalid.message).help(ELSEWHERE));
        reading.valid(named, path.span).map(|path| path.value)
    }
}

const ELSEWHERE: &str = "say where it lies on the host with `from=`";

fn property_flag(setting: &Layered<'_, '_>, name: &str, reading: &mut Reading<'_>) -> bool {
    setting.property(name).and_then(|entry| reading.boolean(entry)).is_some_and(|flag| flag.value)
}

fn mode(setting: &Layered<'_, '_>, row: &Field<Mode>, reading: &mut Reading<'_>) -> Option<Mode> {
    reading.field_unless_wrong(row, |name| setting.property(name))
}

/// The directories in memory, sorted by path.
pub(crate) fn tmpfs(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> Vec<Tmpfs> {
    merged.gather("tmpfs", |setting| {
        let path = reading.parsed(setting.argument()?, tmpfs_path)?;
        let size = match setting.property(disk::TMPFS_SIZE.row.name) {
            Some(_) => Some(reading.field(&disk::TMPFS_SIZE, |name| setting.property(name))?.value),
            None => None,
        };
        let mode = mode(setting, &disk::TMPFS_MODE, reading)?;
        let owner = reading.field(&disk::TMPFS_OWNER, |name| setting.property(name)).map(|owner| owner.value);
        Some(Tmpfs { path, size, mode, owner, exec: property_flag(setting, "exec", reading) })
    })
}

/// `--tmpfs` ends its path at the first `:`.
fn tmpfs_path(text: &str) -> Result<ContainerPath, Invalid> {
    let path = ContainerPath::parse(text)?;
    if text.contains(':') {
        Err(Invalid::new(format!("the path `{text}` holds `:`, where docker would cut it"))
            .help("mount a directory above it"))
    } else {
        Ok(path)
    }
}

/// The paths that the application writes, sorted.
pub(crate) fn writes(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> Vec<Located<ContainerPath>> {
    let mut found: Vec<Located<ContainerPath>> = merged
        .all("writes")
        .flat_map(|setting| setting.node().arguments())
        .filter_map(|entry| reading.parsed(entry, ContainerPath::parse))
        .collect();
    found.sort_by(|a, b| a.value.cmp(&b.value));
    found.dedup();
    found
}

/// The config files with their content, sorted by path.
pub(super) fn files(
    container: &ContainerPlace<'_, '_>,
    merged: &Merged<'_, '_>,
    reading: &mut Reading<'_>,
) -> Vec<ConfigFile> {
    merged.gather("file", |setting| file(container, setting, reading))
}

fn file(
    container: &ContainerPlace<'_, '_>,
    setting: &Layered<'_, '_>,
    reading: &mut Reading<'_>,
) -> Option<ConfigFile> {
    let path = reading.parsed(setting.argument()?, ContainerPath::parse)?;
    let (source, content) = match (setting.property("source"), setting.property("content")) {
        (Some(source), None) => sourced(container, setting, source, reading)?,
        (None, Some(content)) => {
            if let Some(template) = setting.property("template") {
                let invalid =
                    Invalid::new("`template` goes with `source`: `content` is a value like any other");
                reading.push(refused(invalid.help("remove it"), template.span()));
            }
            (None, reading.text(content)?.value.into_bytes())
        }
        (Some(_), Some(content)) => {
            reading.push(refused(
                Invalid::new("a file has its content from `source` or from `content`, not from both")
                    .help("remove one of the two"),
                content.span(),
            ));
            return None;
        }
        (None, None) => {
            reading.push(refused(
                Invalid::new(format!("nothing says what `{}` holds", path.value))
                    .help("add `source=\"path/in/the/project\"` or `content=\"…\"`"),
                setting.node().span(),
            ));
            return None;
        }
    };
    Some(ConfigFile {
        path,
        source,
        mode: mode(setting, &disk::FILE_MODE, reading)?,
        sha256: sha256(&content),
        content: Arc::from(content),
    })
}

fn sourced(
    container: &ContainerPlace<'_, '_>,
    setting: &Layered<'_, '_>,
    source: Entry<'_>,
    reading: &mut Reading<'_>,
) -> Option<(Option<ProjectPath>, Vec<u8>)> {
    let path = reading.parsed(source, ProjectPath::parse)?;
    let content = read(container, path.value.as_str(), path.span, reading)?;
    if !reading.has_room(content.len()) {
        return None;
    }
    let filled = if property_flag(setting, "template", reading) {
        filled(content, path.value.as_str(), path.span, reading)?
    } else {
        content
    };
    Some((Some(path.value), filled))
}

fn filled(content: Vec<u8>, path: &str, span: Span, reading: &mut Reading<'_>) -> Option<Vec<u8>> {
    if let Ok(text) = String::from_utf8(content) {
        Some(reading.content(&text, path, span)?.into_bytes())
    } else {
        reading.push(refused(
            Invalid::new(format!("`{path}` is not UTF-8 text, so nothing can be filled in")),
            span,
        ));
        None
    }
}
