//! The cache of the last build: a folder or file is not made again if it is unchanged and its inputs are the same.
//!
//! It is kept in the user's cache (XDG Base Directory Specification, `$XDG_CACHE_HOME`), not beside the artifacts: a cache that
//! came with a checkout cannot be trusted.

use super::parallel::{locked, map};
use super::state::OutputStamp;
use crate::encode::digest::sha256;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The cache of one output directory.
#[derive(Debug, Default)]
pub struct LastBuild {
    /// None if the fleet is too small to be cached.
    out: Option<PathBuf>,
    last: BTreeMap<String, CacheEntry>,
    noted: Mutex<BTreeMap<String, CacheEntry>>,
}

/// A folder or file of a build, by its path below the output directory.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CacheEntry {
    /// The fingerprint of its inputs.
    made_of: String,
    /// The digest of a folder's manifest, or of a file itself.
    digest: String,
    /// The state that [`OutputStamp`] finds; empty for output of this build until it is in its place.
    state: String,
}

impl LastBuild {
    /// The cache of one output directory.
    pub fn read(out: &Path) -> Self {
        let text = place(out).and_then(|place| fs::read_to_string(place).ok());
        let last = text.and_then(|text| parse(&text)).unwrap_or_default();
        Self { out: Some(out.to_path_buf()), last, noted: Mutex::default() }
    }

    /// Returns whether the cache has any entry.
    pub(super) fn is_used(&self) -> bool {
        self.out.is_some()
    }

    /// Cached digest of an output that is unchanged since the last build, keyed by the fingerprint of its inputs.
    pub(super) fn unchanged(&self, path: &str, made_of: &str) -> Option<String> {
        let entry = self.last.get(path).filter(|entry| entry.made_of == made_of)?;
        let state = OutputStamp::of(&self.out.as_ref()?.join(path)).ok()?;
        (state.digest == entry.state).then(|| self.note(path, entry.clone()))
    }

    /// Adds the entry of a folder or file that this build makes: the fingerprint of its inputs, and its digest.
    pub(super) fn add_entry(&self, path: &str, made_of: &str, digest: &str) {
        let (made_of, digest) = (made_of.to_string(), digest.to_string());
        self.note(path, CacheEntry { made_of, digest, state: String::new() });
    }

    fn note(&self, path: &str, entry: CacheEntry) -> String {
        let digest = entry.digest.clone();
        locked(&self.noted).insert(path.to_string(), entry);
        digest
    }

    /// Writes the cache, once all files are in their places. A build succeeds even if this fails.
    pub(crate) fn keep(self) {
        let Some(out) = self.out else { return };
        let noted = self.noted.into_inner().unwrap_or_else(PoisonError::into_inner);
        if noted == self.last {
            return;
        }
        let settled = |(path, mut entry): (String, CacheEntry)| {
            if entry.state.is_empty() {
                entry.state = OutputStamp::settled(&out.join(&path))?.digest;
            }
            Some((path, entry))
        };
        let entries = map(noted.into_iter().collect(), settled).into_iter().flatten().collect();
        if let Some(place) = place(&out) {
            let _ = write(&entries, &place);
        }
    }
}

fn parse(text: &str) -> Option<BTreeMap<String, CacheEntry>> {
    let lines = text.strip_prefix(&head()?)?.strip_suffix(END)?;
    let line = |line: &str| {
        let mut words = line.splitn(4, ' ').map(str::to_string);
        let (made_of, state, digest) = (words.next()?, words.next()?, words.next()?);
        Some((words.next()?, CacheEntry { made_of, digest, state }))
    };
    lines.lines().map(line).collect()
}

fn write(entries: &BTreeMap<String, CacheEntry>, place: &Path) -> io::Result<()> {
    let mut text = head().unwrap_or_default();
    for (path, CacheEntry { made_of, digest, state }) in entries {
        // Writing to memory does not fail.
        let _ = writeln!(text, "{made_of} {state} {digest} {path}");
    }
    text += END;
    fs::create_dir_all(place.parent().unwrap_or(place))?;
    let part = place.with_extension(format!("part-{}", std::process::id()));
    fs::write(&part, text)?;
    fs::rename(part, place)
}

const END: &str = "end\n";

/// Identifies this dpc by its program file: another version may print other files.
fn head() -> Option<String> {
    let about = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let program = [about.dev() as i64, about.ino() as i64, about.ctime(), about.ctime_nsec()];
    Some(format!("dpc {}, program {program:?}, compiled and left:\n", env!("CARGO_PKG_VERSION")))
}

fn place(out: &Path) -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    let name = sha256(out.canonicalize().ok()?.as_os_str().as_bytes());
    Some(cache.join("dpc").join(&name[..32]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("dpc-memory-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("host/docker")).unwrap();
        fs::write(folder.join("host/docker/a.sh"), "one").unwrap();
        folder
    }

    fn memory(out: &Path) -> LastBuild {
        let state = OutputStamp::settled(&out.join("host")).unwrap().digest;
        let entry = CacheEntry { made_of: "m".into(), digest: "d".into(), state };
        let last = BTreeMap::from([("host".to_string(), entry)]);
        LastBuild { out: Some(out.to_path_buf()), last, noted: Mutex::default() }
    }

    #[test]
    fn every_change_is_seen() {
        type Step = fn(&Path);
        let changes: [(&str, Step); 6] = [
            ("content", |file| fs::write(file, "two").unwrap()),
            ("mode", |file| {
                fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            }),
            ("replaced", |file| {
                fs::write(file.with_extension("new"), "one").unwrap();
                fs::rename(file.with_extension("new"), file).unwrap();
            }),
            ("removed", |file| fs::remove_file(file).unwrap()),
            ("added", |file| fs::write(file.with_extension("more"), "").unwrap()),
            ("linked", |file| std::os::unix::fs::symlink("a.sh", file.with_extension("link")).unwrap()),
        ];
        for (name, change) in changes {
            let out = folder(name);
            let memory = memory(&out);
            assert_eq!(memory.unchanged("host", "m").as_deref(), Some("d"), "{name}");
            assert_eq!(memory.unchanged("host", "n"), None, "{name}");
            change(&out.join("host/docker/a.sh"));
            assert_eq!(memory.unchanged("host", "m"), None, "{name}");
            fs::remove_dir_all(out).unwrap();
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let out = folder("written");
        let entries = memory(&out).last;
        write(&entries, &out.join("cache")).unwrap();
        let text = fs::read_to_string(out.join("cache")).unwrap();
        assert_eq!(parse(&text), Some(entries));
        for damaged in [&text[1..], &text[..text.len() - 1], &text.replace("host", "").replace(' ', ""), ""] {
            assert_eq!(parse(damaged), None);
        }
        fs::remove_dir_all(out).unwrap();
    }
}
