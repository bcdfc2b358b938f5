//! A build on its way to the output directory: each file is compared as it comes, and staged where it differs. Nothing is
//! in its place before all of them are there.

use super::anew::Anew;
use super::commit;
use super::compare::{self, Difference, Seen, differs, stands};
use super::failure::{Failure, Stopped};
use super::folders::Folders;
use super::foreseen::{Foreseen, Room};
use super::known::Known;
use super::long::{Ended, Long};
use super::root::{self, Out};
use super::stage::{self, Stage};
use super::state::Staged;
use super::tree::Tree;
use super::{Changes, lock};
use crate::artifacts::{Bundle, Destination, Fill, Kept, Made, below};
use crate::parallel::{self, locked};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Takes the files of a build.
pub struct Writing<'o> {
    out: &'o Path,
    tree: Tree,
    seen: Mutex<Seen>,
    known: OnceLock<Known>,
    /// The fingerprint of what is compiled, where that is large.
    sources: Option<String>,
    rooms: Mutex<Vec<Room>>,
    remembered: Mutex<Vec<Made>>,
    staged: Staged,
    /// Long files that the new ones replace.
    replaced: Mutex<Vec<File>>,
    /// None where nothing is to be written.
    staging: Option<Staging<'o>>,
    // Dropped last, in this order: what was made goes while nobody else is let in.
    made: Option<root::Made>,
    _lock: Option<File>,
}

struct Staging<'o> {
    /// Made for the first file that differs; none where it cannot be.
    stage: OnceLock<Option<Stage<'o>>>,
    failed: Mutex<Option<Failure>>,
}

impl<'o> Writing<'o> {
    /// Takes files to write. Another dpc that is writing there is waited for, after `waiting`.
    pub fn begin(out: &'o Out, foreseen: Foreseen, waiting: &mut dyn FnMut()) -> Result<Self, Stopped> {
        let made = out.make()?;
        let out = out.path();
        let lock = lock::exclusive(out, waiting);
        let staging = Staging { stage: OnceLock::new(), failed: Mutex::new(None) };
        let writing = Self {
            out,
            tree: Tree::plain(out),
            seen: Mutex::default(),
            known: foreseen.known.map(OnceLock::from).unwrap_or_default(),
            sources: foreseen.sources,
            rooms: Mutex::new(foreseen.rooms),
            remembered: Mutex::default(),
            staged: Staged::default(),
            replaced: Mutex::default(),
            staging: Some(staging),
            made: Some(made),
            _lock: lock,
        };
        commit::finish(out)?;
        stage::clear(&out.join(stage::STAGE)).map_err(|failure| vec![failure])?;
        Ok(writing)
    }

    /// Takes files to compare, and writes nothing.
    pub fn compare(out: &'o Out) -> Self {
        let out = out.path();
        Self {
            out,
            _lock: lock::shared(out),
            tree: Tree::committed(out),
            seen: Mutex::default(),
            known: OnceLock::new(),
            sources: None,
            rooms: Mutex::default(),
            remembered: Mutex::default(),
            staged: Staged::default(),
            replaced: Mutex::default(),
            staging: None,
            made: None,
        }
    }

    /// How many files were given so far.
    pub fn count(&self) -> usize {
        self.seen().count()
    }

    /// All files were given: puts those that differ in their places, if there is a writing; says what differs.
    pub fn finish(mut self) -> Result<Changes, Stopped> {
        let seen = std::mem::take(&mut *self.seen());
        let Difference { changes, removed } = seen.difference(&self.tree)?;
        let Some(staging) = self.staging.take().filter(|_| !changes.is_empty()) else {
            self.made = None;
            self.remember();
            return Ok(changes);
        };
        let stage = staging.finish(self.out)?;
        stage.commit(&removed)?;
        self.made = None;
        // The system takes its time to free a large file, and does it when the last who has it open closes it: the process may
        // end meanwhile.
        let replaced = std::mem::take(&mut *locked(&self.replaced));
        if self.is_remembering() {
            parallel::aside(|| drop(replaced));
        }
        self.remember();
        Ok(changes)
    }

    /// A comparison believes nothing but what it reads.
    fn known(&self) -> Option<&Known> {
        self.staging.as_ref()?;
        Some(self.known.get_or_init(|| Known::read(self.out)))
    }

    /// Remembers what was made.
    fn remember(&mut self) {
        let made = std::mem::take(&mut *locked(&self.remembered));
        if let Some(known) = self.known.take() {
            known.keep(self.out, made, &self.staged, self.sources.take());
        }
    }

    fn is_remembering(&self) -> bool {
        self.known.get().is_some()
    }

    /// Whether a folder is to be moved to its place as a whole.
    fn is_absent(&self, folder: &str) -> bool {
        let missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        !folder.is_empty() && self.tree.about(folder).is_err_and(missing)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        locked(&self.seen)
    }

    fn stage(&self) -> Option<&Stage<'o>> {
        self.staging.as_ref()?.stage(self.out)
    }

    fn failed(&self, failure: Failure) {
        if let Some(staging) = &self.staging {
            staging.fail(failure);
        }
    }

    /// What a file is written to that will mostly be another than the one that is there.
    fn anew(&self, path: &str) -> Option<Anew> {
        let room = locked(&self.rooms).extract_if(.., |room| room.path == path).next()?;
        Anew::begin(room.file, &self.out.join(path), self.known()?.digest(self.out, path)?)
    }

    fn look(&self, folder: &str, files: &Bundle) -> Vec<compare::Sight> {
        let paths: Vec<String> = files.files().map(|file| below(folder, file.path)).collect();
        let mut folders = Folders::new(&self.tree);
        let mut buffer = Vec::new();
        let found =
            files.files().zip(&paths).map(|(file, path)| match stands(&self.tree, &mut folders, path) {
                Ok((place, about)) => differs(&place, &about, &mut buffer, file),
                Err(found) => Some(found),
            });
        let found: Vec<_> = found.collect();
        let sight = |(path, found): (String, _)| compare::Sight { path: path.into(), found };
        paths.into_iter().zip(found).map(sight).collect()
    }
}

impl<'o> Staging<'o> {
    fn stage(&self, out: &'o Path) -> Option<&Stage<'o>> {
        let make = || Stage::new(out).map_err(|failure| self.fail(failure)).ok();
        self.stage.get_or_init(make).as_ref()
    }

    fn fail(&self, failure: Failure) {
        locked(&self.failed).get_or_insert(failure);
    }

    /// The stage, with every file in it.
    fn finish(self, out: &'o Path) -> Result<Stage<'o>, Stopped> {
        self.stage(out);
        let failed = self.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (self.stage.into_inner().flatten(), failed) {
            (Some(stage), None) => Ok(stage),
            (_, failed) => Err(Stopped::Before(failed.into_iter().collect())),
        }
    }
}

impl Destination for Writing<'_> {
    fn put(&self, folder: &str, files: &Bundle) {
        let made = self.look(folder, files);
        if made.iter().any(|made| made.found.is_some())
            && let Some(stage) = self.stage()
        {
            let new = files.files().zip(&made).filter(|(_, made)| made.found.is_some());
            let mut written = Vec::new();
            let is_whole = self.is_remembering() && self.is_absent(folder);
            let added = stage.add(folder, new.map(|(file, _)| file), |path, file| {
                if is_whole {
                    written.extend(file.metadata().ok().map(|about| (path, about)));
                }
            });
            match added {
                Err(failure) => self.failed(failure),
                Ok(()) if is_whole => self.staged.add(folder, written.into_iter()),
                Ok(()) => {}
            }
        }
        self.seen().add(made);
    }

    fn same(&self, path: &str, made_of: &str) -> Option<Kept> {
        let (kept, is_folder) = self.known()?.same(self.out, path, made_of)?;
        let path_of_digest = if is_folder { below(path, "MANIFEST") } else { path.to_string() };
        self.seen().add(vec![compare::Sight { path: path_of_digest.into(), found: None }]);
        Some(kept)
    }

    fn old(&self, path: &str) -> Option<File> {
        self.known()?.old(self.out, path)
    }

    fn made(&self, made: Made) {
        locked(&self.remembered).push(made);
    }

    fn stream(&self, path: &str, fill: Fill<'_>) -> io::Result<(String, bool)> {
        let stage = || self.stage();
        let stands = stands(&self.tree, &mut Folders::new(&self.tree), path);
        let mut long = Long::new(self.out, path, stands, &stage, self.anew(path));
        let digest = fill(&mut long);
        let Ended { found, failure, replaced } = long.finish(digest.as_deref().ok());
        failure.into_iter().for_each(|failure| self.failed(failure));
        locked(&self.replaced).extend(replaced);
        let is_new = found.is_some();
        self.seen().add(vec![compare::Sight { path: path.into(), found }]);
        Ok((digest?, is_new))
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // The stage first: it is in a directory that may be taken away.
        self.staging = None;
        if let Some(made) = &self.made {
            made.undo();
        }
    }
}
