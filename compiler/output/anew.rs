//! A long file that is expected to be another than the one that is there: it is written from its first byte on and compared
//! with nothing, since digests say whether it is. Until then it has no name in the file system: nothing is left of it where
//! it is not needed.

use super::compare::{Found, other_mode};
use super::stage::Stage;
use crate::artifacts::DATA;
use crate::directory;
use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

/// A file that is being written.
pub struct Anew {
    new: BufWriter<File>,
    old: File,
    about_old: Metadata,
    digest_of_old: String,
}

impl Anew {
    /// Begins `new`, an empty file without a name, in the place of a file that has this digest. None where that cannot be had.
    pub fn begin(new: File, place: &Path, digest_of_old: String) -> Option<Self> {
        let old = directory::open_file(place).ok()?;
        let about_old = old.metadata().ok()?;
        Some(Self { new: BufWriter::new(new), old, about_old, digest_of_old })
    }

    /// Writes what comes next.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.new.write_all(bytes)
    }

    /// What stands in its place, where that is not a file with the digest of what was written; all is another where that is not
    /// known.
    pub fn differs(&self, digest: Option<&str>) -> Option<Found> {
        match digest == Some(&self.digest_of_old) {
            true => other_mode(&self.about_old, DATA),
            false => Some(Found::OtherContent),
        }
    }

    /// Gives it a name in the stage. Out: the old file, still open.
    pub fn put(self, stage: &Stage<'_>, path: &str) -> io::Result<File> {
        let mut new = self.new.into_inner()?;
        // What room was not needed goes back.
        let length = new.stream_position()?;
        new.set_len(length)?;
        if stage.adopt(path, &new).is_err() {
            // A system without /proc has no way to give it one.
            let mut named = stage.create(path, DATA)?;
            new.rewind()?;
            io::copy(&mut new, &mut named)?;
            new = named;
        }
        stage.settle(&new, DATA)?;
        Ok(self.old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;
    use crate::output::stage::STAGE;
    use std::fs;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let out = std::env::temp_dir().join(format!("dpc-anew-{name}-{}", std::process::id()));
        fs::create_dir_all(&out).unwrap();
        fs::write(out.join("plan.json"), "old").unwrap();
        out
    }

    fn begun(out: &Path) -> Anew {
        let new = directory::unnamed(out, 100_000).unwrap();
        Anew::begin(new, &out.join("plan.json"), sha256(b"old")).unwrap()
    }

    /// What is staged of a file that is written by `begun`.
    fn staged(out: &Path, mut begun: Anew, text: &str) -> String {
        let stage = Stage::new(out).unwrap();
        text.as_bytes().chunks(3).for_each(|piece| begun.write(piece).unwrap());
        begun.put(&stage, "plan.json").unwrap();
        fs::read_to_string(out.join(STAGE).join("tree/plan.json")).unwrap()
    }

    #[test]
    fn what_was_written_gets_a_name() {
        let out = folder("name");
        assert_eq!(staged(&out, begun(&out), "new and longer"), "new and longer");
        let file = File::options().read(true).write(true).create_new(true).open(out.join("other")).unwrap();
        fs::remove_file(out.join("other")).unwrap();
        // A file whose name was taken away can never have one again.
        let nameless = Anew { new: BufWriter::new(file), ..begun(&out) };
        assert_eq!(staged(&out, nameless, "no way to link it"), "no way to link it");
        fs::remove_dir_all(out).unwrap();
    }

    #[test]
    fn the_same_is_known_by_its_digest() {
        let out = folder("digest");
        assert!(begun(&out).differs(Some(&sha256(b"old"))).is_none());
        assert!(matches!(begun(&out).differs(Some(&sha256(b"new"))), Some(Found::OtherContent)));
        assert!(matches!(begun(&out).differs(None), Some(Found::OtherContent)));
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(out.join("plan.json"), mode).unwrap();
        assert!(matches!(begun(&out).differs(Some(&sha256(b"old"))), Some(Found::OtherMode)));
        fs::remove_dir_all(out).unwrap();
    }
}
