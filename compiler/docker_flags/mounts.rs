//! A flag → what of the host it gives to the container, or has docker's client read. Sources: docker/cli `opts/mount.go`, moby `volume/mounts` and
//! `volume/local`.

use super::{Flag, fields};
use crate::value::path::real;
use std::collections::BTreeMap;

/// A path of the host that a container gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostMount {
    /// Where the path leads.
    pub from: String,
    /// Whether the container writes there.
    pub writable: bool,
}

/// What a flag gives of the host; none where that is nothing, or docker's own. An error says why nobody knows what it is.
pub fn host_mount(flag: &Flag<'_>) -> Option<Result<HostMount, &'static str>> {
    let value = flag.value?;
    let (from, writable) = match flag.name {
        "use-api-socket" if is_true(value) => (ENGINE.to_string(), true),
        _ if !matches!(flag.name, "volume" | "mount" | "device") => return None,
        _ if value.chars().any(char::is_control) => return Some(Err("a control character is in it")),
        "volume" => short(value)?,
        "mount" => match long(value)? {
            Ok(found) => found,
            Err(why) => return Some(Err(why)),
        },
        _ => (value.split(':').next().filter(|path| path.starts_with('/'))?.to_string(), true),
    };
    Some(leads(&from).map(|from| HostMount { from, writable }))
}

/// The file of the host that docker's client reads as root for a flag, and what it is called; none where it reads none. An error
/// says why nobody knows which file.
pub fn host_file(flag: &Flag<'_>) -> Option<Result<(String, &'static str), &'static str>> {
    let value = flag.value?;
    let (path, what) = match flag.name {
        "env-file" => (value, "file of variables"),
        "label-file" => (value, "file of labels"),
        "security-opt" => {
            let profile = value.strip_prefix("seccomp").and_then(|rest| rest.strip_prefix(['=', ':']))?;
            (!matches!(profile, "unconfined" | "builtin")).then_some((profile, "seccomp profile"))?
        }
        _ => return None,
    };
    Some(leads(path).map(|path| (path, what)))
}

/// What `--use-api-socket` mounts.
const ENGINE: &str = "/run/docker.sock";

/// docker's client runs in `/` under systemd, and puts that before what begins with a dot.
fn leads(path: &str) -> Result<String, &'static str> {
    if path.split('/').any(|part| part == "..") {
        return Err("`..` is in it, and nobody sees where it leads");
    }
    Ok(real(path))
}

/// `SOURCE:TARGET[:OPTIONS]`.
fn short(value: &str) -> Option<(String, bool)> {
    let mut parts = value.split(':');
    let (source, target) = (parts.next()?, parts.next()?);
    let is_path = source.starts_with(['/', '.']) && target.starts_with('/');
    let read_only = parts.any(|options| options.split(',').any(|option| option == "ro"));
    is_path.then(|| (source.to_string(), !read_only))
}

/// `type=bind,source=…,target=…`: keys in any case, and of two the last counts.
fn long(value: &str) -> Option<Result<(String, bool), &'static str>> {
    let fields = fields(value);
    let mut said = BTreeMap::new();
    for field in &fields {
        let (key, value) = field.split_once('=').unwrap_or((field, "true"));
        let key = match &*key.trim().to_ascii_lowercase() {
            "src" => "source".to_string(),
            "ro" => "readonly".to_string(),
            "volume-opt" => format!("volume-opt {}", value.split('=').next().unwrap_or_default()),
            key => key.to_string(),
        };
        said.insert(key, value);
    }
    // The driver of local volumes mounts what these say: a directory of the host, or its disk.
    let kind = said.get("volume-opt type").and_then(|option| option.strip_prefix("type="));
    let remote = matches!(kind, Some("nfs" | "nfs4" | "cifs" | "tmpfs"));
    let binds =
        |option: &str| option.split(['=', ',', ' ']).any(|word| matches!(word, "bind" | "rbind" | "move"));
    let opens = |option: &str| if remote { binds(option) } else { !option.starts_with("type=") };
    if fields.iter().filter_map(|field| volume_option(field)).any(opens) {
        return Some(Err("its `volume-opt` can open any directory and disk of the host"));
    }
    let source = said.get("source").filter(|source| source.starts_with(['/', '.']))?;
    let read_only = said.get("readonly").is_some_and(|value| is_true(value));
    Some(Ok((source.to_string(), !read_only)))
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
    use crate::docker_flags::{docker, read};

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
        ] {
            assert_eq!(mounted(words), Some(Ok(("/run".to_string(), true))), "{words:?}");
        }
        for words in [
            &["-v", "/run:/x:ro"][..],
            &["-v", "/run:/x:z,ro"],
            &["--mount", "type=bind,source=/run,target=/x,readonly"],
            &["--mount", "type=bind,ro=true,source=/run,target=/x"],
        ] {
            assert_eq!(mounted(words), Some(Ok(("/run".to_string(), false))), "{words:?}");
        }
    }

    #[test]
    fn what_is_docker_s_own_is_no_mount_of_the_host() {
        for words in [
            &["-v", "data:/x"][..],
            &["-v", "/x"],
            &["-v", "/x:ro"],
            &["-e", "-v=/run:/x"],
            &["--mount", "type=tmpfs,target=/x"],
            &["--mount", "source=data,target=/x"],
            &["--mount", "source=data,target=/x,volume-opt=type=nfs,volume-opt=device=:/export"],
            &["--device", "vendor.com/class=0"],
        ] {
            assert_eq!(mounted(words), None, "{words:?}");
        }
    }

    #[test]
    fn what_nobody_can_follow_is_said() {
        for words in [
            &["-v", "/srv/../run:/x"][..],
            &["-v", "../run:/x"],
            &["-v", "/run\n:/x"],
            &["--mount", "target=/x,source=/run\nro"],
            &["--mount", "target=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/"],
            &["--mount", "target=/x,volume-opt=device=/dev/sda1,volume-opt=type=ext4"],
            // To the kernel a bind is one whatever type stands beside it.
            &["--mount", "target=/x,volume-opt=type=nfs,volume-opt=device=/,volume-opt=o=bind"],
            &["--mount", "target=/x,volume-opt=type=tmpfs,volume-opt=device=/,\"volume-opt=o=rw,bind\""],
            &["--mount", "target=/x,volume-opt=type=nfs,Volume-Opt=type=overlay,volume-opt=o=lowerdir=/"],
        ] {
            assert!(matches!(mounted(words), Some(Err(_))), "{words:?}");
        }
    }
}
