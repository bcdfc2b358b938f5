//! Paths in a container.

use super::normal::{check_absolute, covers};
use crate::value::{Invalid, text::text_value};
use std::sync::Arc;

text_value! {
    /// An absolute path in a container, in normal form.
    ContainerPath
}

impl ContainerPath {
    /// Reads a path in a container.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_absolute(text)?;
        Ok(Self(Arc::from(text)))
    }

    /// The same path as on a host: both have one grammar.
    pub(super) fn from_host(text: &Arc<str>) -> Self {
        Self(Arc::clone(text))
    }

    /// Returns its parts with dashes between them: `app-uploads` for `/app/uploads`.
    pub(crate) fn flat(&self) -> String {
        self.0[1..].replace('/', "-")
    }
}

/// Says why nothing may be mounted at a path in a container: the mount would hide what every image needs, or the kernel's own
/// files.
pub fn must_not_be_mounted(path: &str) -> Option<&'static str> {
    if NEEDED.contains(&path) || is_libraries(path) {
        return Some("a mount here hides what the image needs to start");
    }
    KERNEL.iter().any(|kernel| covers(kernel, path)).then_some("the kernel's own files are here")
}

/// Debian's libraries of one architecture: `/usr/lib/x86_64-linux-gnu`.
fn is_libraries(path: &str) -> bool {
    let below = path.strip_prefix("/usr").unwrap_or(path).strip_prefix("/lib/");
    below.is_some_and(|name| name.contains("-linux-") && !name.contains('/'))
}

/// Directories that hold an image's programs, libraries and accounts. A path below them is fine: `/etc/app`.
const NEEDED: [&str; 22] = [
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/share",
];

/// File systems of the kernel, with everything below: the engine refuses mounts in most of it.
const KERNEL: [&str; 2] = ["/proc", "/sys"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            ContainerPath::parse,
            &[
                ("/", "/"),
                ("/data", "/data"),
                ("/var/lib/a b", "/var/lib/a b"),
                ("/a:b,c\"d", "/a:b,c\"d"),
                ("/..a/.b", "/..a/.b"),
                ("/ü", "/ü"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let whole = "write the whole path, for example `/srv/data`";
        refused(
            ContainerPath::parse,
            &[
                ("", "the path is empty", "write the whole path, for example `/srv/data`"),
                ("data", "the path `data` is not absolute", "write `/data`"),
                ("./data", "the path `./data` is not absolute", "write `/data`"),
                ("../data", "the path `../data` is not absolute", "start it with `/`"),
                ("~/data", "the path `~/data` stands for a path that depends on who asks", whole),
                ("$HOME", "the path `$HOME` stands for a path that depends on who asks", whole),
                ("/data/", "the path `/data/` ends with a slash", "write `/data`"),
                ("/data//", "the path `/data//` has two slashes in a row", "write `/data`"),
                ("//data", "the path `//data` has two slashes in a row", "write `/data`"),
                ("//", "the path `//` ends with a slash", "write `/`"),
                ("/a/./b", "the path `/a/./b` has a part `.`", "write `/a/b`"),
                (
                    "/a/../b",
                    "the path `/a/../b` has a part `..`, and nobody sees where it leads",
                    "write the path that it means",
                ),
                ("/a\0", "the path `/a\\u{0}` holds a control character", "write `/a`"),
                ("/a\nb", "the path `/a\\nb` holds a control character", "write `/ab`"),
                ("/a\u{a0}b", "the path `/a\u{a0}b` holds a character that nobody sees", "write `/ab`"),
                ("/a\u{202e}b", "the path `/a\\u{202e}b` holds a character that nobody sees", "write `/ab`"),
                ("/a ", "the path `/a ` has a part that begins or ends with a space", "write `/a`"),
                (
                    "/a/ b /c",
                    "the path `/a/ b /c` has a part that begins or ends with a space",
                    "write `/a/b/c`",
                ),
                ("C:\\data", "the path `C:\\data` is not absolute", "write `/C:\\data`"),
            ],
        );
        assert!(
            ContainerPath::parse(&format!("/{}", "a".repeat(256)))
                .unwrap_err()
                .message
                .ends_with("has a part of more than 255 bytes")
        );
        assert!(
            ContainerPath::parse(&"/a".repeat(2048))
                .unwrap_err()
                .message
                .ends_with("is longer than 4095 bytes")
        );
    }

    #[test]
    fn knows_what_must_not_be_mounted() {
        for (text, refused) in [
            ("/", true),
            ("/etc", true),
            ("/etc/app", false),
            ("/proc/1", true),
            ("/sys", true),
            ("/system", false),
            ("/dev", true),
            ("/dev/shm", false),
            ("/usr/local/bin", true),
            ("/usr/local/bin/tool", false),
            ("/usr/share", true),
            ("/lib/x86_64-linux-gnu", true),
            ("/usr/lib/aarch64-linux-gnu", true),
            ("/usr/lib/x86_64-linux-gnu/app", false),
            ("/usr/share/nginx/html", false),
            ("/var", false),
            ("/tmp", false),
        ] {
            assert_eq!(must_not_be_mounted(text).is_some(), refused, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "/|(/[a-z0-9_,:-]([A-Z_ ,:-]{0,7}[a-z0-9])?){1,4}") {
            prop_assert!(round_trips(ContainerPath::parse, &text));
        }

        #[test]
        fn any_text(text in "[a./]{0,20}|.*") {
            if round_trips(ContainerPath::parse, &text) {
                prop_assert!(!text.contains("/../") && !text.ends_with("/.."));
            }
        }
    }
}
