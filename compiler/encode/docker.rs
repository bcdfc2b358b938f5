//! Values into the flags of `docker run` that are little languages: `--mount`, `--tmpfs`, `--env`, `--label`, `--sysctl`.
//!
//! Rule: `--mount` is one record of CSV as Go reads it: a field with a comma, a quote or a line break stands between
//! double quotes, and a double quote in it is doubled. `--tmpfs` ends its path at the first `:`; the others end their name at
//! the first `=` and take the rest as it is. Sources: Docker's reference,
//! "docker container run"; RFC 4180 and the documentation of Go's encoding/csv; what they leave open was tried with the CLIs
//! 20.10.24 and 28.2.2. The grammars of paths and names refuse what docker would change.
//!
//! The results are arguments: they still need [`shell::word`](super::shell::word) in a script.

use crate::value::env_name::EnvName;
use crate::value::label_name::LabelName;
use crate::value::path::ContainerPath;
use crate::value::sysctl::Sysctl;

/// The value of `--mount` that binds `source`, an absolute path of the host in normal form, to a path of the container.
pub fn bind(source: &str, target: &ContainerPath, read_only: bool) -> String {
    let read_only = if read_only { ",readonly" } else { "" };
    format!("type=bind,{},{}{read_only}", field("source", source), field("target", target))
}

/// The value of `--tmpfs` from a path and options such as `size=64m`.
pub fn tmpfs(path: &ContainerPath, options: &[String]) -> String {
    if options.is_empty() { path.to_string() } else { format!("{path}:{}", options.join(",")) }
}

/// The value of `--env`. A name alone would copy the variable from the client's environment.
pub fn env(name: &EnvName, value: &str) -> String {
    format!("{name}={value}")
}

/// The value of `--label`.
pub fn label(name: &LabelName, value: &str) -> String {
    format!("{name}={value}")
}

/// The value of `--sysctl`.
pub(crate) fn sysctl(name: &Sysctl, value: &str) -> String {
    format!("{name}={value}")
}

fn field(key: &str, value: &str) -> String {
    if value.contains([',', '"']) {
        format!("\"{key}={}\"", value.replace('"', "\"\""))
    } else {
        format!("{key}={value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(source: &str, target: &str) -> String {
        bind(source, &ContainerPath::parse(target).unwrap(), true)
    }

    #[test]
    fn a_mount_reads_as_written_by_hand() {
        assert_eq!(bound("/srv/x", "/data"), "type=bind,source=/srv/x,target=/data,readonly");
    }

    #[test]
    fn a_mount_quotes_the_fields_that_need_it() {
        assert_eq!(bound("/a,b", "/c \"d\"="), "type=bind,\"source=/a,b\",\"target=/c \"\"d\"\"=\",readonly");
    }

    #[test]
    fn the_options_of_a_tmpfs_follow_its_path() {
        let path = ContainerPath::parse("/tmp").unwrap();
        assert_eq!(tmpfs(&path, &[]), "/tmp");
        assert_eq!(tmpfs(&path, &["size=64m".into(), "mode=1777".into()]), "/tmp:size=64m,mode=1777");
    }
}
