//! Artifacts → files below the output directory: all of them, or none.
//!
//! Files that did not change are not touched. Files that dpc did not make are neither overwritten nor removed: what it made
//! is what the manifests of the last build list. Nothing is written through a symbolic link. A build that was killed while
//! it replaced files is finished by the next one, and read through until then.

mod commit;
mod compare;
mod failure;
mod folders;
mod lock;
mod owned;
mod root;
mod stage;
mod tree;

pub use failure::{Failure, Stopped};
pub use root::Out;

use crate::artifacts::Artifacts;
use stage::Stage;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tree::Tree;

/// Fewer files than this are read or written before a second thread would have started.
const WORTH_A_THREAD: usize = 256;

/// What a build does to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    New,
    /// Its bytes or its mode differ.
    Changed,
    /// dpc made it, and no longer does.
    Removed,
    /// dpc made it and no longer does, but somebody changed it since: it stays, and is theirs from now on.
    Kept,
}

/// The files that a build changes, by path below the output directory.
pub type Changes = BTreeMap<String, Change>;

/// What would change, without changing it.
pub fn compare(out: &Out, artifacts: &Artifacts) -> Result<Changes, Vec<Failure>> {
    let _lock = lock::shared(out.path());
    Ok(compare::difference(&Tree::committed(out.path()), artifacts)?.changes)
}

/// Makes the output directory hold the artifacts. Another dpc that is writing there is waited for, after `waiting`.
pub fn write(out: &Out, artifacts: &Artifacts, waiting: &mut dyn FnMut()) -> Result<Changes, Stopped> {
    let made = out.make()?;
    let written = locked(out.path(), artifacts, waiting);
    if written.is_err() {
        made.undo();
    }
    written
}

/// Where the bytes of `path` below an output directory are: in their place, unless a build was killed on the way there.
pub fn current(out: &Path, path: &str) -> PathBuf {
    Tree::committed(out).about(path).map_or_else(|_| out.join(path), |(place, _)| place)
}

fn locked(out: &Path, artifacts: &Artifacts, waiting: &mut dyn FnMut()) -> Result<Changes, Stopped> {
    let _lock = lock::exclusive(out, waiting);
    commit::finish(out)?;
    stage::clear(&out.join(stage::STAGE)).map_err(|failure| vec![failure])?;
    let difference = compare::difference(&Tree::plain(out), artifacts)?;
    if difference.changes.is_empty() {
        return Ok(difference.changes);
    }
    let stage = Stage::new(out)?;
    stage.fill(artifacts, &difference.changes)?;
    stage.commit(&difference.removed)?;
    Ok(difference.changes)
}
