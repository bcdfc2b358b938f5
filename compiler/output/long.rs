//! A file that is too long to be held: compared with what is there while it is written, and staged from the first byte
//! that differs; or written anew, where it will mostly be another.

use super::anew::Anew;
use super::compare::{Found, other_mode};
use super::failure::Failure;
use super::stage::Stage;
use crate::artifacts::DATA;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A file that is being written.
pub struct Long<'w> {
    out: &'w Path,
    path: &'w str,
    /// Where a build writes to; none where it only compares.
    stage: &'w (dyn Fn() -> Option<&'w Stage<'w>> + Sync),
    old: Option<Old>,
    /// It is not compared.
    anew: Option<Anew>,
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
    /// Compares with the file at a place, or with what is there instead; not so one that is written anew.
    pub fn new(
        out: &'w Path,
        path: &'w str,
        stands: Result<(PathBuf, Metadata), Found>,
        stage: &'w (dyn Fn() -> Option<&'w Stage<'w>> + Sync),
        anew: Option<Anew>,
    ) -> Self {
        let (old, found, new, failure, replaced) = (None, None, None, None, None);
        let mut long = Self { out, path, stage, old, anew, found, new, failure, replaced };
        match stands {
            Ok(_) if long.anew.is_some() => {}
            Ok((place, about)) => match File::open(&place) {
                Ok(file) => {
                    long.old =
                        Some(Old { place, about, reader: BufReader::with_capacity(BUFFER, file), same: 0 });
                }
                Err(error) => long.found = Some(Found::blocked(Failure::unreadable(&place, &error))),
            },
            Err(found) => (long.found, long.anew) = (Some(found), None),
        }
        long
    }

    /// Nothing more comes. `digest` is that of all that came.
    pub fn finish(mut self, digest: Option<&str>) -> Ended {
        if self.failure.is_none()
            && let Err(error) = self.end(digest)
        {
            self.note(&error);
        }
        Ended { found: self.found, failure: self.failure, replaced: self.replaced }
    }

    fn end(&mut self, digest: Option<&str>) -> io::Result<()> {
        if let Some(anew) = self.anew.take() {
            self.found = anew.differs(digest);
            if self.found.is_some()
                && let Some(stage) = (self.stage)()
            {
                self.replaced = Some(anew.put(stage, self.path)?);
            }
            return Ok(());
        }
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
            stage.settle(file.get_ref(), DATA)?;
        }
        Ok(())
    }

    /// From here on the file is another one than the old: what was the same is copied.
    fn depart(&mut self, found: Found) -> io::Result<()> {
        self.found = Some(found);
        let Some(old) = self.old.take() else { return Ok(()) };
        self.begin()?;
        if let Some(new) = &mut self.new {
            io::copy(&mut File::open(old.place)?.take(old.same), new)?;
        }
        self.replaced = Some(old.reader.into_inner());
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.new.is_none()
            && let Some(stage) = (self.stage)()
        {
            // What comes of a host is longer than its buffer, and written from where it is.
            self.new = Some(BufWriter::new(stage.create(self.path, DATA)?));
        }
        Ok(())
    }

    fn note(&mut self, error: &io::Error) {
        let place = self.out.join(self.path);
        self.failure.get_or_insert_with(|| Failure::unwritable(&place, error));
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Some(anew) = &mut self.anew {
            return anew.write(bytes);
        }
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
    use crate::digest::sha256;
    use crate::directory::unnamed;
    use crate::output::stage::STAGE;
    use std::fs;

    /// What is staged where `new` comes in the place of `old`, which is or is not expected to be another; none where nothing is.
    fn staged(old: &str, new: &str, is_expected: bool) -> Option<String> {
        let out = std::env::temp_dir().join(format!("dpc-long-{}", std::process::id()));
        fs::create_dir_all(&out).unwrap();
        let place = out.join("plan.json");
        fs::write(&place, old).unwrap();
        let stage = Stage::new(&out).unwrap();
        let get = || Some(&stage);
        let stands = Ok((place.clone(), place.metadata().unwrap()));
        let begun = || Anew::begin(unnamed(&out, 4).unwrap(), &place, sha256(old.as_bytes()));
        let anew = if is_expected { begun() } else { None };
        let mut long = Long::new(&out, "plan.json", stands, &get, anew);
        new.as_bytes().chunks(3).for_each(|piece| long.write_all(piece).unwrap());
        let ended = long.finish(Some(&sha256(new.as_bytes())));
        assert!(ended.failure.is_none());
        let found = fs::read_to_string(out.join(STAGE).join("tree/plan.json")).ok();
        assert_eq!((ended.found.is_some(), ended.replaced.is_some()), (found.is_some(), found.is_some()));
        drop(stage);
        fs::remove_dir_all(out).unwrap();
        found
    }

    #[test]
    fn only_another_file_is_staged() {
        for is_expected in [false, true] {
            for new in ["same, other", "same, other and longer", "same", "other", "", "same, old and longer"]
            {
                assert_eq!(staged("same, old", new, is_expected).as_deref(), Some(new));
            }
            assert_eq!(staged("same, old", "same, old", is_expected), None);
        }
    }
}
