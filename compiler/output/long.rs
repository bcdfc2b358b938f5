//! A file that is too long to be held: compared with what is there while it is written, and staged from the first byte
//! that differs.

use super::compare::{Found, other_mode};
use super::failure::Failure;
use super::foreseen::Copied;
use super::stage::Stage;
use crate::artifacts::DATA;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that is being written.
pub struct Long<'w> {
    out: &'w Path,
    path: &'w str,
    /// Where a build writes to; none where it only compares.
    stage: &'w (dyn Fn() -> Option<&'w Stage<'w>> + Sync),
    old: Option<Old>,
    /// A copy of what is there.
    copied: Option<Copied>,
    /// What stands there instead, as far as is known.
    found: Option<Found>,
    new: Option<BufWriter<File>>,
    failure: Option<Failure>,
    replaced: Option<File>,
}

/// What became of a file that was written.
pub struct Ended {
    /// What stands in its place, where that is not the file.
    pub found: Option<Found>,
    /// Why it could not be written.
    pub failure: Option<Failure>,
    /// The file that it is to replace, still open.
    pub replaced: Option<File>,
}

/// The regular file that is there, read up to where it is the same.
struct Old {
    place: PathBuf,
    about: Metadata,
    reader: BufReader<File>,
    same: u64,
}

impl<'w> Long<'w> {
    /// Compares with the file at a place, or with what is there instead.
    pub fn new(
        out: &'w Path,
        path: &'w str,
        stands: Result<(PathBuf, Metadata), Found>,
        stage: &'w (dyn Fn() -> Option<&'w Stage<'w>> + Sync),
        copied: Option<Copied>,
    ) -> Self {
        let (old, found, new, failure, replaced) = (None, None, None, None, None);
        let mut long = Self { out, path, stage, old, copied, found, new, failure, replaced };
        match stands {
            Ok((place, about)) => match File::open(&place) {
                Ok(file) => {
                    long.old =
                        Some(Old { place, about, reader: BufReader::with_capacity(BUFFER, file), same: 0 });
                }
                Err(error) => long.found = Some(Found::blocked(Failure::unreadable(&place, &error))),
            },
            Err(found) => long.found = Some(found),
        }
        long
    }

    /// Nothing more comes.
    pub fn finish(mut self) -> Ended {
        if self.failure.is_none()
            && let Err(error) = self.end()
        {
            self.note(&error);
        }
        Ended { found: self.found, failure: self.failure, replaced: self.replaced }
    }

    fn end(&mut self) -> io::Result<()> {
        if let Some(old) = &mut self.old {
            let differs = match old.same == old.about.len() {
                true => other_mode(&old.about, DATA),
                false => Some(Found::OtherContent),
            };
            let Some(found) = differs else { return Ok(()) };
            self.depart(found)?;
        }
        self.begin()?;
        if let (Some(mut file), Some(stage)) = (self.new.take(), (self.stage)()) {
            file.flush()?;
            // A copy may have been longer.
            let length = file.get_mut().stream_position()?;
            file.get_ref().set_len(length)?;
            stage.settle(file.get_ref(), DATA)?;
        }
        Ok(())
    }

    /// From here on the file is another one than the old: what was the same is copied.
    fn depart(&mut self, found: Found) -> io::Result<()> {
        self.found = Some(found);
        let Some(old) = self.old.take() else { return Ok(()) };
        if !self.begin_with_copy(&old)? {
            self.begin()?;
            if let Some(new) = &mut self.new {
                io::copy(&mut File::open(old.place)?.take(old.same), new)?;
            }
        }
        self.replaced = Some(old.reader.into_inner());
        Ok(())
    }

    /// Goes on behind what is the same in a copy of the old file, if there is one.
    fn begin_with_copy(&mut self, old: &Old) -> io::Result<bool> {
        let Some(mut copied) = self.copied.take().filter(|copied| copied.is_of(&old.about)) else {
            return Ok(false);
        };
        let Some(stage) = (self.stage)() else { return Ok(false) };
        if stage.adopt(self.path, &copied.file).is_err() {
            return Ok(false);
        }
        copied.file.seek(SeekFrom::Start(old.same))?;
        self.new = Some(BufWriter::with_capacity(BUFFER, copied.file));
        Ok(true)
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.new.is_none()
            && let Some(stage) = (self.stage)()
        {
            self.new = Some(BufWriter::with_capacity(BUFFER, stage.create(self.path, DATA)?));
        }
        Ok(())
    }

    fn note(&mut self, error: &io::Error) {
        let place = self.out.join(self.path);
        self.failure.get_or_insert_with(|| Failure::unwritable(&place, error));
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(old) = &mut self.old {
            if old.continues_with(bytes) {
                return Ok(());
            }
            self.depart(Found::OtherContent)?;
        }
        self.begin()?;
        self.new.as_mut().map_or(Ok(()), |new| new.write_all(bytes))
    }
}

const BUFFER: usize = 64 * 1024;

impl Old {
    /// Whether these bytes come next in it.
    fn continues_with(&mut self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while !rest.is_empty() {
            let Ok(buffer) = self.reader.fill_buf() else { return false };
            let count = buffer.len().min(rest.len());
            if count == 0 || buffer[..count] != rest[..count] {
                return false;
            }
            self.reader.consume(count);
            rest = &rest[count..];
        }
        self.same += bytes.len() as u64;
        true
    }
}

impl Write for Long<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.add(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                self.note(&error);
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What is staged where `new` replaces `old`, which `meanwhile` may change after it was copied; and whether the copy was used.
    fn staged(old: &str, new: &str, meanwhile: fn(&Path)) -> (String, bool) {
        let out = std::env::temp_dir().join(format!("dpc-long-{}", std::process::id()));
        fs::create_dir_all(&out).unwrap();
        let place = out.join("plan.json");
        fs::write(&place, old).unwrap();
        let copied = Copied::new(&out, "plan.json").unwrap();
        let inode = |about: Metadata| std::os::unix::fs::MetadataExt::ino(&about);
        // While it is open, nothing else gets its number.
        let held = copied.file.try_clone().unwrap();
        meanwhile(&place);
        let stage = Stage::new(&out).unwrap();
        let get = || Some(&stage);
        let stands = Ok((place.clone(), place.metadata().unwrap()));
        let mut long = Long::new(&out, "plan.json", stands, &get, Some(copied));
        new.as_bytes().chunks(3).for_each(|piece| long.write_all(piece).unwrap());
        let ended = long.finish();
        assert!(ended.failure.is_none() && ended.found.is_some());
        let staged = out.join(super::super::stage::STAGE).join("tree/plan.json");
        let found = (
            fs::read_to_string(&staged).unwrap(),
            inode(staged.metadata().unwrap()) == inode(held.metadata().unwrap()),
        );
        drop(stage);
        fs::remove_dir_all(out).unwrap();
        found
    }

    #[test]
    fn a_copy_becomes_the_new_file() {
        for new in ["same, other", "same, other and longer", "same", "other", "", "same, old and longer"] {
            assert_eq!(staged("same, old", new, |_| {}), (new.to_owned(), true));
        }
        let changed = |place: &Path| fs::write(place, "same, odd").unwrap();
        assert_eq!(staged("same, old", "same, new", changed), ("same, new".to_owned(), false));
    }
}
