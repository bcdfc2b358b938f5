//! What the last build made: the manifests below the output directory, read back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The paths that the manifests list, and the manifests themselves. A manifest that says nothing sensible owns nothing.
pub fn owned(out: &Path) -> BTreeSet<String> {
    let mut owned = BTreeSet::new();
    let Some(root) = listed(out, "") else { return owned };
    owned.insert("MANIFEST".to_string());
    for path in root {
        if let Some(folder) = path.strip_suffix("/MANIFEST") {
            owned.extend(listed(out, folder).into_iter().flatten());
        }
        owned.insert(path);
    }
    owned
}

/// The paths in one manifest, below the output directory.
fn listed(out: &Path, folder: &str) -> Option<Vec<String>> {
    let place = out.join(folder).join("MANIFEST");
    if !fs::symlink_metadata(&place).ok()?.is_file() {
        return None;
    }
    let text = fs::read_to_string(place).ok()?;
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    Some(text.lines().filter_map(path).map(|path| format!("{prefix}{path}")).collect())
}

/// The path of one line as sha256sum(1) writes it. One that leads out of the directory is nobody's.
fn path(line: &str) -> Option<String> {
    let escaped = line.strip_prefix('\\');
    let line = escaped.unwrap_or(line);
    let (digest, path) = line.split_once("  ")?;
    let plausible = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    let path = match escaped {
        Some(_) => path.replace("\\n", "\n").replace("\\\\", "\\"),
        None => path.to_string(),
    };
    let inside = !path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    (plausible && inside).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_stay_inside() {
        let digest = "0".repeat(64);
        assert_eq!(path(&format!("{digest}  docker/a.sh")), Some("docker/a.sh".into()));
        for bad in ["/etc/passwd", "../a", "a/../../b", "a//b", ""] {
            assert_eq!(path(&format!("{digest}  {bad}")), None, "{bad}");
        }
        assert_eq!(path("# a comment"), None);
        assert_eq!(path("abc  a"), None);
    }
}
