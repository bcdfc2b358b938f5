//! What the last build left, remembered outside of the output directory: a folder or file that is as it was left, and would
//! be made of the same again, need not be made again.
//!
//! It is kept in the user's cache (XDG Base Directory Specification, `$XDG_CACHE_HOME`), not beside the artifacts: what came
//! with a checkout vouches for nothing.

use super::state::{Staged, State};
use crate::artifacts::{Kept, Made};
use crate::digest::sha256;
use crate::parallel;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What is remembered of folders and files, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The fingerprint of what was compiled, where that was large.
    sources: Option<String>,
    left: BTreeMap<String, Left>,
}

/// How a folder or file was left.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Left {
    /// The fingerprint of all that it was made of.
    made_of: String,
    /// What it came to.
    kept: Kept,
    /// Of what [`State`] finds.
    state: String,
}

/// So many folders are worth a thread.
const WORTH_A_THREAD: usize = 16;

impl Known {
    /// What is remembered of an output directory.
    pub fn read(out: &Path) -> Self {
        let text = place(out).and_then(|place| fs::read_to_string(place).ok());
        text.and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    /// The fingerprint of what was compiled, where that was large.
    pub fn sources(&self) -> Option<&str> {
        self.sources.as_deref()
    }

    /// What a folder or file came to that is as it was left and was made of the same; and whether it is a folder.
    pub fn same(&self, out: &Path, path: &str, made_of: &str) -> Option<(Kept, bool)> {
        self.left.get(path).filter(|left| left.made_of == made_of)?;
        let (left, state) = self.untouched(out, path)?;
        Some((left.kept.clone(), state.is_folder))
    }

    /// The digest of a file that is as it was left, whatever it was made of.
    pub fn digest(&self, out: &Path, path: &str) -> Option<String> {
        Some(self.untouched(out, path)?.0.kept.digest.clone())
    }

    /// A file that is as it was left, whatever it was made of.
    pub fn old(&self, out: &Path, path: &str) -> Option<File> {
        self.untouched(out, path)?;
        File::open(out.join(path)).ok()
    }

    fn untouched(&self, out: &Path, path: &str) -> Option<(&Left, State)> {
        let left = self.left.get(path)?;
        let state = State::of(&out.join(path)).ok()?;
        (state.digest == left.state).then_some((left, state))
    }

    /// Remembers what a build made, where that is not what is known already. That this fails hurts no build.
    /// `staged` has the states of folders that were made as a whole.
    pub fn keep(mut self, out: &Path, made: Vec<Made>, staged: &Staged, sources: Option<String>) {
        let is_same = made.len() == self.left.len() && made.iter().all(|made| !made.is_new);
        if is_same && sources == self.sources {
            return;
        }
        let (mut all, mut new) = (BTreeMap::new(), Vec::new());
        for made in made {
            match self.left.remove(&made.path).filter(|_| !made.is_new) {
                Some(left) => {
                    all.insert(made.path, Left { kept: made.kept, ..left });
                }
                None => new.push(made),
            }
        }
        let of_share = |share: Vec<Made>| -> Vec<_> {
            share.into_iter().filter_map(|made| as_left(out, made, staged)).collect()
        };
        all.extend(parallel::shares(new, WORTH_A_THREAD, of_share).into_iter().flatten());
        if let Some(place) = place(out) {
            let _ = Self { sources, left: all }.write(&place);
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (sources, lines) = text.strip_prefix(&head()?)?.strip_suffix(END)?.split_once('\n')?;
        let line = |line: &str| {
            let mut words = line.splitn(6, ' ');
            let mut word = || words.next();
            let (made_of, state, digest) = (word()?.to_string(), word()?.to_string(), word()?.to_string());
            let page = word()?.parse().ok()?..word()?.parse().ok()?;
            Some((word()?.to_string(), Left { made_of, kept: Kept { digest, page }, state }))
        };
        let sources = Some(sources).filter(|sources| !sources.is_empty()).map(str::to_string);
        Some(Self { sources, left: lines.lines().map(line).collect::<Option<_>>()? })
    }

    fn write(&self, place: &Path) -> io::Result<()> {
        let mut text = head().unwrap_or_default();
        // Writing to memory does not fail.
        let _ = writeln!(text, "{}", self.sources.as_deref().unwrap_or_default());
        for (path, Left { made_of, kept: Kept { digest, page }, state }) in &self.left {
            let _ = writeln!(text, "{made_of} {state} {digest} {} {} {path}", page.start, page.end);
        }
        text += END;
        fs::create_dir_all(place.parent().unwrap_or(place))?;
        let part = place.with_extension(format!("part-{}", std::process::id()));
        fs::write(&part, text)?;
        fs::rename(part, place)
    }
}

/// A folder or file as it was left now; none where a later change could not be told.
fn as_left(out: &Path, made: Made, staged: &Staged) -> Option<(String, Left)> {
    let state = staged.settled(out, &made.path)?.digest;
    Some((made.path, Left { made_of: made.made_of, kept: made.kept, state }))
}

const END: &str = "end\n";

/// Another dpc prints other files: this one is told by its program file.
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
        let folder = std::env::temp_dir().join(format!("dpc-known-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("host/docker")).unwrap();
        fs::write(folder.join("host/docker/a.sh"), "one").unwrap();
        folder
    }

    fn kept() -> Kept {
        Kept { digest: "d".into(), page: 12..345 }
    }

    fn known(out: &Path) -> Known {
        let made = Made { path: "host".into(), made_of: "m".into(), kept: kept(), is_new: true };
        let left = as_left(out, made, &Staged::default()).into_iter().collect();
        Known { sources: Some("s".into()), left }
    }

    #[test]
    fn every_change_is_seen() {
        type Step = fn(&Path);
        let changes: [(&str, Step); 6] = [
            ("content", |file| fs::write(file, "two").unwrap()),
            ("mode", |file| {
                fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap()
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
            let known = known(&out);
            assert_eq!(known.same(&out, "host", "m"), Some((kept(), true)), "{name}");
            assert_eq!(known.same(&out, "host", "n"), None, "{name}");
            change(&out.join("host/docker/a.sh"));
            assert_eq!(known.same(&out, "host", "m"), None, "{name}");
            fs::remove_dir_all(out).unwrap();
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let out = folder("written");
        let known = known(&out);
        known.write(&out.join("cache")).unwrap();
        let text = fs::read_to_string(out.join("cache")).unwrap();
        assert_eq!(Known::parse(&text), Some(known));
        for damaged in [&text[1..], &text[..text.len() - 1], &text.replace("host", "").replace(' ', ""), ""] {
            assert_eq!(Known::parse(damaged), None);
        }
        fs::remove_dir_all(out).unwrap();
    }
}
