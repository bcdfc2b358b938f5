//! A container → its mount points inside mounted directories of the host. runc makes a mount point there, and follows a link in its
//! place, within the container.

use crate::model::container::Container;
use crate::model::plan::Unit;
use crate::text::Span;
use crate::value::docker_flags;
use crate::value::path::{covers, real};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A mount point in a directory of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountPoint<'c> {
    /// Its path in the container.
    pub(crate) path: Cow<'c, str>,
    /// The directory of the host.
    pub(crate) directory: Cow<'c, str>,
    /// Its path below that.
    pub(crate) below: String,
    /// The place of the mount in the KDL.
    pub(crate) span: Span,
    /// The place of the directory's mount in the KDL.
    pub(crate) outer: Span,
}

impl MountPoint<'_> {
    /// Its place on the host.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}", real(&self.directory).trim_end_matches('/'), self.below)
    }
}

/// Returns the directories above a place.
pub(crate) fn above(place: &str) -> impl Iterator<Item = &str> {
    place.match_indices('/').map(|(at, _)| &place[..at.max(1)])
}

/// Returns the directories of a host that its containers write.
pub(super) fn written_directories(units: &[Unit]) -> BTreeSet<String> {
    let mounts = units.iter().flat_map(|unit| mounts(&unit.container));
    mounts.filter(|mount| mount.is_written).filter_map(|mount| Some(real(&mount.directory?))).collect()
}

/// Returns all mount points of one container. A container with docker's socket needs no other way to become root.
pub(crate) fn mount_points(container: &Container) -> Vec<MountPoint<'_>> {
    let mut mounts = mounts(container);
    mounts.sort_by(|one, other| one.path.split('/').cmp(other.path.split('/')));
    let mut found = Vec::new();
    // Mounts above the present one, the deepest last.
    let mut above: Vec<&ContainerMount<'_>> = Vec::new();
    for mount in &mounts {
        while above.pop_if(|outer| !covers(&outer.path, &mount.path)).is_some() {}
        if let Some(outer) = above.last() {
            found.extend(mount_point(outer, mount));
        }
        above.push(mount);
    }
    found
}

fn mount_point<'c>(outer: &ContainerMount<'c>, mount: &ContainerMount<'c>) -> Option<MountPoint<'c>> {
    let directory = outer.directory.clone()?;
    let below = mount.path[outer.path.len()..].trim_start_matches('/').to_string();
    let path = mount.path.clone();
    (!below.is_empty()).then_some(MountPoint { path, directory, below, span: mount.span, outer: outer.span })
}

struct ContainerMount<'c> {
    path: Cow<'c, str>,
    span: Span,
    /// The directory of the host that is there, if one is.
    directory: Option<Cow<'c, str>>,
    is_written: bool,
}

impl<'c> ContainerMount<'c> {
    fn new(path: impl Into<Cow<'c, str>>, span: Span) -> Self {
        Self { path: path.into(), span, directory: None, is_written: false }
    }
}

/// Returns the paths at which a container has a mount, each once.
pub(super) fn mounted_paths(container: &Container) -> BTreeSet<String> {
    all_mounts(container).map(|mount| mount.path.into_owned()).collect()
}

fn mounts(container: &Container) -> Vec<ContainerMount<'_>> {
    if container.volumes.is_empty() && container.docker_args.is_empty() {
        return Vec::new();
    }
    all_mounts(container).collect()
}

fn all_mounts(container: &Container) -> impl Iterator<Item = ContainerMount<'_>> {
    let volumes = container.volumes.iter().map(|volume| ContainerMount {
        directory: (!volume.docker_socket).then(|| volume.from.as_str().into()),
        is_written: !volume.read_only,
        ..ContainerMount::new(volume.path.as_str(), volume.path.span)
    });
    let tmpfs = container.tmpfs.iter().map(|tmpfs| &tmpfs.path);
    let files = container.files.iter().map(|file| &file.path);
    let secrets = container.secrets.iter().filter_map(|secret| secret.path.as_ref());
    let others = tmpfs.chain(files).chain(secrets).map(|path| ContainerMount::new(path.as_str(), path.span));
    let devices = container
        .devices
        .iter()
        .map(|device| ContainerMount::new(device.container.as_str(), device.path.span));
    volumes.chain(others).chain(devices).chain(arguments(container))
}

fn arguments(container: &Container) -> Vec<ContainerMount<'_>> {
    let arguments = &container.docker_args;
    let read = docker_flags::read(arguments.iter().map(|word| word.as_str()), docker_flags::docker);
    let mount = |flag: &docker_flags::Flag<'_>| {
        let target = docker_flags::target(flag)?;
        let host = docker_flags::host_mount(flag).and_then(Result::ok).filter(|_| flag.name != "device");
        Some(ContainerMount {
            is_written: target.writable,
            directory: host.map(|mount| mount.from.into()),
            ..ContainerMount::new(target.path, arguments[flag.value_at].span)
        })
    };
    read.flags.iter().filter_map(mount).collect()
}
