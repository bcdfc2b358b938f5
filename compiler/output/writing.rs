//! A build on its way to the output directory. Each file is compared when it comes, and staged if it differs. No file moves to
//! its place before all of them are there.

use super::commit;
use super::compare::{self, ArtifactStates, Difference, differs, existing_file};
use super::failure::{Failure, Incomplete};
use super::folders::OutputFolders;
use super::root::{self, OutputRoot};
use super::stage::{self, Stage};
use super::tree::Tree;
use super::{Changes, lock};
use crate::large::parallel::locked;
use crate::output::artifacts::{Artifacts, below};
use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Takes the files of a build, from any thread.
pub struct TreeWriter<'o> {
    out: &'o Path,
    tree: Tree,
    seen: Mutex<ArtifactStates>,
    /// None if nothing is to be written.
    staging: Option<Staging<'o>>,
    // Dropped last, in this order: new folders go while nobody else is let in.
    made: Option<root::CreatedFolders>,
    _lock: Option<File>,
}

struct Staging<'o> {
    /// Made for the first file that differs; none if it cannot be made.
    stage: OnceLock<Option<Stage<'o>>>,
    failed: Mutex<Option<Failure>>,
}

impl<'o> TreeWriter<'o> {
    /// Takes files to write. If another dpc writes there, calls `waiting` and waits for it.
    pub fn begin(out: &'o OutputRoot, waiting: &mut dyn FnMut()) -> Result<Self, Incomplete> {
        let made = out.make()?;
        let out = out.path();
        let writing = Self {
            out,
            _lock: lock::exclusive(out, waiting),
            tree: Tree::plain(out),
            seen: Mutex::default(),
            staging: Some(Staging { stage: OnceLock::new(), failed: Mutex::new(None) }),
            made: Some(made),
        };
        commit::finish(out)?;
        stage::clear(&out.join(stage::STAGE)).map_err(|failure| vec![failure])?;
        Ok(writing)
    }

    /// Takes files to compare, and writes nothing.
    pub(crate) fn compare(out: &'o OutputRoot) -> Self {
        let out = out.path();
        Self {
            out,
            _lock: lock::shared(out),
            tree: Tree::committed(out),
            seen: Mutex::default(),
            staging: None,
            made: None,
        }
    }

    /// Counts the files that were given so far.
    pub(crate) fn count(&self) -> usize {
        locked(&self.seen).count()
    }

    /// Takes files below a folder, which is empty for the outermost.
    pub(crate) fn put(&self, folder: &str, files: &Artifacts) {
        let made = self.look(folder, files);
        let mut new = files.files.iter().zip(&made).filter(|(_, made)| made.found.is_some()).peekable();
        if new.peek().is_some()
            && let Some(staging) = &self.staging
            && let Some(stage) = staging.stage(self.out)
            && let Err(failure) = stage.add(folder, new.map(|(file, _)| file))
        {
            staging.fail(failure);
        }
        locked(&self.seen).add(made);
    }

    /// Takes a file that is known to be unchanged.
    pub(crate) fn keep(&self, path: &str) {
        locked(&self.seen).add(vec![compare::FileState { path: path.into(), found: None }]);
    }

    /// Ends the build: moves files that differ to their paths if it may write, and returns the differences.
    pub fn finish(mut self) -> Result<Changes, Incomplete> {
        let seen = std::mem::take(&mut *locked(&self.seen));
        let Difference { changes, removed } = seen.difference(&self.tree)?;
        if let Some(staging) = self.staging.take().filter(|_| !changes.is_empty()) {
            staging.finish(self.out)?.commit(&removed)?;
        }
        self.made = None;
        Ok(changes)
    }

    fn look(&self, folder: &str, files: &Artifacts) -> Vec<compare::FileState> {
        let paths: Vec<String> = files.files.keys().map(|path| below(folder, path)).collect();
        let mut folders = OutputFolders::new(&self.tree);
        let mut buffer = Vec::new();
        let found = files.files.values().zip(&paths).map(|(file, path)| {
            match existing_file(&self.tree, &mut folders, path) {
                Ok((place, about)) => differs(&place, &about, &mut buffer, file),
                Err(found) => Some(found),
            }
        });
        let found: Vec<_> = found.collect();
        let sight = |(path, found): (String, _)| compare::FileState { path: path.into(), found };
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
    fn finish(self, out: &'o Path) -> Result<Stage<'o>, Incomplete> {
        self.stage(out);
        let failed = self.failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (self.stage.into_inner().flatten(), failed) {
            (Some(stage), None) => Ok(stage),
            (_, failed) => Err(Incomplete::Before(failed.into_iter().collect())),
        }
    }
}

impl Drop for TreeWriter<'_> {
    fn drop(&mut self) {
        // The stage goes first: its directory may be removed next.
        self.staging = None;
        if let Some(made) = &self.made {
            made.undo();
        }
    }
}
