//! A flag → the files of the host that the container gets, or that docker's client reads. Sources: docker/cli `opts/mount.go`,
//! moby `volume/mounts` and `volume/local`.

use super::{Flag, fields};
use crate::value::mounting::VolumeLabel;
use crate::value::path::{cleaned, real};
use std::collections::BTreeMap;

/// A path of the host that a container gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HostMount {
    /// The path on the host.
    pub(crate) from: String,
    /// Set if the container may write there.
    pub(crate) writable: bool,
    /// Set if it is one of docker's own volumes, in the folder where docker keeps it.
    pub(crate) is_named: bool,
    /// The label of SELinux that docker gives to every file there.
    pub(crate) label: Option<VolumeLabel>,
}

/// A mount point that a flag makes in the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountTarget {
    /// The path, as docker cleans it.
    pub(crate) path: String,
    /// The kind of what is mounted.
    pub(crate) what: &'static str,
    /// Set if the container may write there.
    pub(crate) writable: bool,
}

/// Returns what a flag mounts of the host; none if that is nothing, or docker's own. The error says why it is not known.
pub(crate) fn host_mount(flag: &Flag<'_>) -> Option<Result<HostMount, &'static str>> {
    let value = flag.value?;
    let label = if flag.name == "volume" { label(value) } else { None };
    let (from, writable) = match flag.name {
        "use-api-socket" if is_true(value) => (ENGINE.to_string(), true),
        "volume-driver" => return (value != LOCAL).then_some(Err(OPENS_ANY)),
        _ if !matches!(flag.name, "volume" | "mount" | "device") => return None,
        _ if value.chars().any(char::is_control) => return Some(Err(CONTROL)),
        "volume" => short(value)?,
        "mount" => match long(value)? {
            Ok(found) => found,
            Err(why) => return Some(Err(why)),
        },
        _ => (device(value)?.to_string(), true),
    };
    let is_named = flag.name != "device" && !from.starts_with(['/', '.']);
    let from = if is_named { format!("{VOLUMES}/{from}/_data") } else { from };
    // docker writes the label to every file there, read-only or not.
    let writable = writable || label.is_some();
    Some(leads(&from).map(|from| HostMount { from, writable, is_named, label }))
}

/// Returns the mount point that a flag makes in the container, if any.
pub(crate) fn target(flag: &Flag<'_>) -> Option<MountTarget> {
    let value = flag.value?;
    let (path, what, writable) = match flag.name {
        "volume" => {
            let mut parts = value.split(':');
            let (first, second) = (parts.next()?, parts.next().filter(|part| part.starts_with('/')));
            (second.unwrap_or(first).to_string(), "volume", !is_read_only(parts))
        }
        "tmpfs" => {
            let mut parts = value.split(':');
            (parts.next()?.to_string(), "tmpfs", !is_read_only(parts))
        }
        "mount" => {
            let fields = fields(value);
            let said = mount_fields(&fields);
            let what = if said.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("tmpfs")) {
                "tmpfs"
            } else {
                "volume"
            };
            let read_only = said.get("readonly").is_some_and(|value| is_true(value));
            (said.get("target")?.to_string(), what, !read_only)
        }
        "device" => {
            let mut parts = value.split(':');
            let (first, second) = (parts.next()?, parts.next().filter(|part| part.starts_with('/')));
            (second.unwrap_or(first).to_string(), "device", false)
        }
        _ => return None,
    };
    path.starts_with('/').then(|| MountTarget { path: cleaned(&path), what, writable })
}

/// Returns the device of the host in `HOST[:CONTAINER[:PERMISSIONS]]`; docker takes a relative path from `/`.
/// `vendor.com/class=0` is not a path.
fn device(value: &str) -> Option<&str> {
    let mut parts = value.split(':');
    let host = parts.next()?;
    (host.starts_with('/') || parts.next().is_some_and(|path| path.starts_with('/'))).then_some(host)
}

/// Returns the file of the host that docker's client reads as root for a flag, with its name; none if it reads none. The error
/// says why nobody knows which file.
pub(crate) fn host_file(flag: &Flag<'_>) -> Option<Result<(String, &'static str), &'static str>> {
    let value = flag.value?;
    let (path, what) = match flag.name {
        "env-file" => (value, "file of variables"),
        "label-file" => (value, "file of labels"),
        "runtime" if value.starts_with('/') => (value, "runtime"),
        "security-opt" => {
            let profile = value.strip_prefix("seccomp").and_then(|rest| rest.strip_prefix(['=', ':']))?;
            (!matches!(profile, "unconfined" | "builtin")).then_some((profile, "seccomp profile"))?
        }
        "blkio-weight-device"
        | "device-read-bps"
        | "device-read-iops"
        | "device-write-bps"
        | "device-write-iops" => (value.rsplit_once(':')?.0, "device"),
        _ => return None,
    };
    Some(leads(path).map(|path| (path, what)))
}

/// The path that `--use-api-socket` mounts.
const ENGINE: &str = "/run/docker.sock";
/// The folder of docker's named volumes.
const VOLUMES: &str = "/var/lib/docker/volumes";
/// docker's own driver of volumes.
const LOCAL: &str = "local";
const CONTROL: &str = "a control character is in it";
const OPENS_ANY: &str = "a driver of volumes can open any directory of the host";

/// Under systemd docker's client runs in `/`, and puts that before a path that begins with a dot.
fn leads(path: &str) -> Result<String, &'static str> {
    if path.split('/').any(|part| part == "..") {
        return Err("`..` is in it, and nobody sees where it leads");
    }
    if path.chars().any(char::is_control) {
        return Err(CONTROL);
    }
    Ok(real(path))
}

/// `SOURCE:TARGET[:OPTIONS]`.
fn short(value: &str) -> Option<(String, bool)> {
    let mut parts = value.split(':');
    let (source, target) = (parts.next()?, parts.next()?);
    let read_only = is_read_only(parts);
    (!source.is_empty() && target.starts_with('/')).then(|| (source.to_string(), !read_only))
}

/// Returns the label in `SOURCE:TARGET:OPTIONS`.
fn label(value: &str) -> Option<VolumeLabel> {
    value.split(':').skip(2).flat_map(|options| options.split(',')).find_map(VolumeLabel::of_letter)
}

fn is_read_only<'v>(mut options: impl Iterator<Item = &'v str>) -> bool {
    options.any(|options| options.split(',').any(|option| option == "ro"))
}

/// `type=bind,source=…,target=…`: keys in any case. The last of two counts.
fn long(value: &str) -> Option<Result<(String, bool), &'static str>> {
    let fields = fields(value);
    let said = mount_fields(&fields);
    if said.get("volume-driver").is_some_and(|driver| *driver != LOCAL) {
        return Some(Err(OPENS_ANY));
    }
    // The driver of local volumes mounts the device of its options: a directory of the host, or its disk.
    let kind = said.get("volume-opt type").and_then(|option| option.strip_prefix("type="));
    let remote = matches!(kind, Some("nfs" | "nfs4" | "cifs" | "tmpfs"));
    let binds =
        |option: &str| option.split(['=', ',', ' ']).any(|word| matches!(word, "bind" | "rbind" | "move"));
    let opens = |option: &str| if remote { binds(option) } else { !option.starts_with("type=") };
    if fields.iter().filter_map(|field| volume_option(field)).any(opens) {
        return Some(Err("its `volume-opt` can open any directory and disk of the host"));
    }
    let is_volume = said.get("type").is_none_or(|kind| kind.eq_ignore_ascii_case("volume"));
    let source = said.get("source").filter(|source| is_volume || source.starts_with(['/', '.']))?;
    let read_only = said.get("readonly").is_some_and(|value| is_true(value));
    Some(Ok((source.to_string(), !read_only)))
}

/// Returns the fields of a mount by the present names of their keys. The last of two counts.
fn mount_fields(fields: &[String]) -> BTreeMap<String, &str> {
    fn pair(field: &str) -> (String, &str) {
        let key = field.split('=').next().unwrap_or_default();
        let value = field.get(key.len() + 1..).unwrap_or("true");
        let key = match &*key.trim().to_ascii_lowercase() {
            "src" => "source".to_string(),
            "dst" | "destination" => "target".to_string(),
            "ro" => "readonly".to_string(),
            "volume-opt" => format!("volume-opt {}", value.split('=').next().unwrap_or_default()),
            key => key.to_string(),
        };
        (key, value)
    }
    fields.iter().map(|field| pair(field)).collect()
}

/// The option of a volume's driver in a field.
fn volume_option(field: &str) -> Option<&str> {
    let (key, option) = field.split_once('=')?;
    key.trim().eq_ignore_ascii_case("volume-opt").then_some(option)
}

/// Go's strconv.ParseBool.
fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::docker_flags::{docker, read};

    fn mounted(words: &[&str]) -> Option<Result<(String, bool), &'static str>> {
        let read = read(words.iter().copied(), docker);
        let found = read.flags.iter().find_map(host_mount)?;
        Some(found.map(|mount| (mount.from, mount.writable)))
    }

    #[test]
    fn every_spelling_of_a_mount_is_read() {
        for words in [
            &["-v", "/run:/x"][..],
            &["-v/run:/x"],
            &["-v=/run:/x"],
            &["-v", "//run/:/x"],
            &["-v", "/run/.:/x"],
            &["-v", "./run:/x"],
            &["-v", "/var/run:/x"],
            &["-v", "/var/./run//:/x"],
            &["-v", "/run:/x:z"],
            // A label is written to what is there.
            &["-v", "/run:/x:z,ro"],
            &["-v", "/run:/x:rw,Z"],
            &["--volume=/run:/x"],
            &["--init", "-v", "/run:/x"],
            &["-dPv", "/run:/x"],
            &["-e", "-v", "-v", "/run:/x"],
            &["--mount", "type=bind,source=/run,target=/x"],
            &["--mount=type=bind,src=/run,dst=/x"],
            &["--mount", "TYPE=BIND,SOURCE=/run,Target=/x"],
            &["--mount", "target=/x,\"source=/run\",\"type=bind\""],
            &["--mount", "type=bind,source=/srv,source=/run,target=/x"],
            &["--mount", "type=bind,source=/run,target=/x,readonly=false"],
            &["--mount", "type=bind,source=/run,target=/x,ro,readonly=0"],
            &["--mount", "type=bind,source=./run,target=/x"],
            &["--mount", "type=bind,source=/proc/1/root/run,target=/x"],
            &["--device", "/run"],
            &["--device=//run:/x"],
            &["--device=run:/x"],
        ] {
            assert_eq!(mounted(words), Some(Ok(("/run".to_string(), true))), "{words:?}");
        }
        for words in [
            &["-v", "/run:/x:ro"][..],
            &["--mount", "type=bind,source=/run,target=/x,readonly"],
            &["--mount", "type=bind,ro=true,source=/run,target=/x"],
        ] {
            assert_eq!(mounted(words), Some(Ok(("/run".to_string(), false))), "{words:?}");
        }
    }

    #[test]
    fn what_is_docker_s_own_is_no_mount_of_the_host() {
        for words in [
            &["-v", "/x"][..],
            &["-v", "/x:ro"],
            &["-e", "-v=/run:/x"],
            &["--mount", "type=tmpfs,target=/x"],
            &["--mount", "type=image,source=data,target=/x"],
            &["--device", "vendor.com/class=0"],
            &["--device", "vendor.com/class=0:1"],
            &["--volume-driver", "local"],
        ] {
            assert_eq!(mounted(words), None, "{words:?}");
        }
    }

    #[test]
    fn a_volume_that_docker_knows_by_name_lies_where_docker_keeps_it() {
        for words in [
            &["-v", "data:/x"][..],
            &["--mount", "source=data,target=/x"],
            &["--mount", "type=volume,src=data,dst=/x,volume-driver=local"],
            &["--mount", "source=data,target=/x,volume-opt=type=nfs,volume-opt=device=:/export"],
        ] {
            let from = "/var/lib/docker/volumes/data/_data".to_string();
            assert_eq!(mounted(words), Some(Ok((from, true))), "{words:?}");
        }
    }

    #[test]
    fn every_spelling_of_a_target_is_read() {
        for words in [
            &["-v", "/srv/x:/usr"][..],
            &["-v", "data:/usr/:ro"],
            &["-v/usr"],
            &["--tmpfs=/usr"],
            &["--tmpfs", "//usr/.:size=1m"],
            &["--mount", "type=tmpfs,destination=/usr"],
            &["--mount", "DST=/x/../usr,src=data"],
            &["--device", "/dev/null:/usr:r"],
            &["--device=/usr"],
        ] {
            let read = read(words.iter().copied(), docker);
            let found = read.flags.iter().find_map(target).map(|target| target.path);
            assert_eq!(found.as_deref(), Some("/usr"), "{words:?}");
        }
    }

    #[test]
    fn every_spelling_of_a_file_is_read() {
        for words in [
            &["--env-file", "/srv/x"][..],
            &["--env-file=//srv/./x"],
            &["--label-file", "srv/x"],
            &["-dP", "--label-file=./srv/x"],
            &["--security-opt", "seccomp=/srv/x"],
            &["--security-opt=seccomp:/srv/x"],
            &["--runtime", "/srv/x"],
        ] {
            let read = read(words.iter().copied(), docker);
            let found: Vec<_> = read.host_paths().map(|(_, mount)| (mount.from, mount.writable)).collect();
            assert_eq!(found, [("/srv/x".to_string(), false)], "{words:?}");
        }
        for words in [&["--security-opt", "seccomp=unconfined"][..], &["--runtime=runc"], &["-v", "data:/x"]]
        {
            assert_eq!(read(words.iter().copied(), docker).host_paths().count(), 0, "{words:?}");
        }
        let read = read(["--env-file", "/srv/x\n/y"], docker);
        assert!(matches!(host_file(&read.flags[0]), Some(Err(_))));
    }

    #[test]
    fn the_devices_of_limits_are_read_by_root() {
        for name in ["blkio-weight-device", "device-read-bps", "device-write-iops"] {
            let word = format!("--{name}=/srv/data/sda:1mb");
            let read = read([word.as_str()], docker);
            assert_eq!(host_file(&read.flags[0]), Some(Ok(("/srv/data/sda".to_string(), "device"))));
        }
    }

    #[test]
    fn what_nobody_can_follow_is_said() {
        for words in [
            &["--volume-driver", "rclone"][..],
            &["--mount", "type=volume,source=data,target=/x,volume-driver=rclone"],
            &["-v", "/srv/../run:/x"],
            &["-v", "../run:/x"],
            &["-v", "/run\n:/x"],
            &["--mount", "target=/x,source=/run\nro"],
            &["--mount", "target=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/"],
            &["--mount", "target=/x,volume-opt=device=/dev/sda1,volume-opt=type=ext4"],
            // For the kernel a bind mount stays one, whatever type stands beside it.
            &["--mount", "target=/x,volume-opt=type=nfs,volume-opt=device=/,volume-opt=o=bind"],
            &["--mount", "target=/x,volume-opt=type=tmpfs,volume-opt=device=/,\"volume-opt=o=rw,bind\""],
            &["--mount", "target=/x,volume-opt=type=nfs,Volume-Opt=type=overlay,volume-opt=o=lowerdir=/"],
        ] {
            assert!(matches!(mounted(words), Some(Err(_))), "{words:?}");
        }
    }
}
