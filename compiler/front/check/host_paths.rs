//! A container → the paths of its host that it gets, and those that root reads for it.

use crate::model::container::Container;
use crate::text::Span;
use crate::value::docker_flags;
use crate::value::log_driver as log_drivers;
use crate::value::mounting::VolumeLabel;
use crate::value::path::real;

/// A path of a host.
pub(crate) struct HostPath<'c> {
    /// The path that it leads to.
    pub(crate) real: String,
    /// The path as it was written; empty if none was.
    pub(crate) written: &'c str,
    /// Its place in the KDL.
    pub(crate) span: Span,
    /// The role of the path for the container.
    pub(crate) role: PathRole,
}

/// The role of a host path for a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathRole {
    /// A `volume`.
    Volume { writable: bool, shared: bool, docker_socket: bool, label: Option<VolumeLabel> },
    /// A mount of `docker-args`.
    Argument { writable: bool, label: Option<VolumeLabel> },
    /// A volume of docker's that `docker-args` name.
    Named { writable: bool },
    /// A device.
    Device,
    /// A file that root reads when the container starts, with its name.
    Read(&'static str),
}

impl PathRole {
    /// Returns the label of SELinux that docker gives to what is there.
    pub(crate) fn label(self) -> Option<VolumeLabel> {
        match self {
            PathRole::Volume { label, .. } | PathRole::Argument { label, .. } => label,
            _ => None,
        }
    }

    /// Returns whether the container writes there.
    pub(crate) fn is_written(self) -> bool {
        let (PathRole::Volume { writable, .. }
        | PathRole::Argument { writable, .. }
        | PathRole::Named { writable }) = self
        else {
            return false;
        };
        writable
    }
}

/// Returns all paths of one container.
pub(super) fn of(container: &Container) -> Vec<HostPath<'_>> {
    let volumes = container.volumes.iter().map(|volume| {
        let role = PathRole::Volume {
            // docker writes the label to every file there, read-only or not.
            writable: !volume.read_only || volume.selinux.is_some(),
            shared: volume.shared,
            docker_socket: volume.docker_socket,
            label: volume.selinux,
        };
        HostPath::new(&volume.from, volume.from.span, role)
    });
    let secrets = container
        .secrets
        .iter()
        .map(|secret| HostPath::new(&secret.from, secret.from.span, PathRole::Read("secret")));
    let devices = container
        .devices
        .iter()
        .map(|device| HostPath::new(&device.path, device.path.span, PathRole::Device));
    let files = container.client_files().map(|(what, path, span)| {
        let role = PathRole::Read(match what {
            "env" => "file of variables",
            "label" => "file of labels",
            _ => "seccomp profile",
        });
        HostPath::new(path, span, role)
    });
    let logs = container.logs.options.iter().filter_map(|(name, value)| {
        let (path, what) = log_drivers::host_file(name, value)?;
        Some(HostPath::new(path, value.span, PathRole::Read(what)))
    });
    let written = volumes.chain(secrets).chain(devices).chain(files).chain(logs);
    written.chain(arguments(container)).collect()
}

/// Returns the paths of `docker-args`. The check of `docker-args` reports flags that cannot be read.
fn arguments(container: &Container) -> Vec<HostPath<'_>> {
    let arguments = &container.docker_args;
    let read = docker_flags::read(arguments.iter().map(|word| word.as_str()), docker_flags::docker);
    let mut found = Vec::new();
    for flag in &read.flags {
        let span = arguments[flag.value_at].span;
        let Some(value) = flag.value else { continue };
        if let Some(Ok(mount)) = docker_flags::host_mount(flag) {
            let role = match flag.name {
                "device" => PathRole::Device,
                _ if mount.is_named => PathRole::Named { writable: mount.writable },
                _ => PathRole::Argument { writable: mount.writable, label: mount.label },
            };
            found.push(HostPath { real: mount.from, written: value, span, role });
        }
        if let Some(Ok((real, what))) = docker_flags::host_file(flag) {
            found.push(HostPath { real, written: value, span, role: PathRole::Read(what) });
        }
    }
    found
}

impl<'c> HostPath<'c> {
    /// A path at its place.
    pub(super) fn new(written: &'c str, span: Span, role: PathRole) -> Self {
        Self { real: real(written), written, span, role }
    }
}
