//! The command line → where the files go, and the fleet that they join, if there is one.

use super::super::Exit;
use super::super::arguments::InitArguments;
use super::super::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::front::read::ENTRY;
use crate::front::resolve::Request;
use crate::pipeline::{self, Analysis};
use crate::project::Disk;
use crate::tools::init::surroundings::{Surroundings, surroundings};
use std::fs;
use std::path::{Path, PathBuf};

/// The destination of the files.
pub(super) struct Destination {
    /// The directory that paths are seen from: the fleet's, or the current one.
    pub(crate) root: PathBuf,
    /// The path of the current directory from there; empty if it is the same.
    pub(crate) below: String,
    /// The fleet that is there.
    pub(crate) joined: Option<JoinedFleet>,
}

/// A fleet that the service joins.
pub(crate) struct JoinedFleet {
    /// Its directory, as seen from the current one: `.`, `..` and so on.
    pub(crate) above: String,
    /// Its files.
    pub(crate) project: Disk,
    /// The hosts and services of the fleet.
    pub(crate) surroundings: Surroundings,
    /// The diagnostics of the fleet without the service.
    pub(crate) known: Vec<Diagnostic>,
}

/// Looks for a fleet here and above, up to the top of the repository. Refuses if there is nothing to begin.
pub(crate) fn place(arguments: &InitArguments, terminal: &mut Terminal) -> Result<Destination, Exit> {
    let here = Path::new(ENTRY);
    let is_here = fs::symlink_metadata(here).is_ok();
    if is_here && (arguments.fleet || arguments.name.is_none()) {
        return Err(terminal.error(
            "`dpc.kdl` is here already, and `dpc init` overwrites nothing",
            &["name a service to add it to the fleet: `dpc init NAME`".to_string()],
        ));
    }
    let above = match (arguments.fleet, is_here) {
        (true, _) => None,
        (false, true) => Some((PathBuf::from("."), String::new())),
        (false, false) => fleet_above(terminal)?,
    };
    let Some((root, below)) = above else {
        return Ok(Destination { root: PathBuf::from("."), below: String::new(), joined: None });
    };
    let joined = join(&root, terminal)?;
    Ok(Destination { root, below, joined: Some(joined) })
}

/// Returns the nearest directory above that holds an entry, as `../..`, and the way back from there.
fn fleet_above(terminal: &mut Terminal) -> Result<Option<(PathBuf, String)>, Exit> {
    let here = fs::canonicalize(".")
        .map_err(|error| terminal.error(&format!("the current directory cannot be read: {error}"), &[]))?;
    let mut above = PathBuf::new();
    let mut directory = here.as_path();
    // Files beyond the repository are not reviewed with this one.
    while !directory.join(".git").exists() {
        let Some(parent) = directory.parent() else { return Ok(None) };
        above.push("..");
        if parent.join(ENTRY).is_file() {
            let below = here.strip_prefix(parent).ok().and_then(Path::to_str).map(str::to_string);
            return Ok(below.map(|below| (above, below)));
        }
        directory = parent;
    }
    Ok(None)
}

fn join(root: &Path, terminal: &mut Terminal) -> Result<JoinedFleet, Exit> {
    let above = root.display().to_string();
    let project = Disk::open(root, false)
        .map_err(|error| unreadable(root, &format!("cannot be read: {error}"), terminal))?;
    let looked = surroundings(&project).map_err(|why| unreadable(root, &why.words(), terminal))?;
    let surroundings = looked.map_err(|faulty| {
        terminal.say_all(&faulty.diagnostics, &faulty.sources, false);
        terminal.say(&format!("the fleet in `{above}` does not compile, so that no service can join it\n"));
        Exit::Wrong
    })?;
    let checked = pipeline::analyse(&project, &Request::default()).map(Analysis::checked);
    let known = checked.map_err(|why| unreadable(root, &why.words(), terminal))?.diagnostics;
    Ok(JoinedFleet { above, project, surroundings, known })
}

fn unreadable(root: &Path, reason: &str, terminal: &mut Terminal) -> Exit {
    let message = format!("`{}` {reason}", root.join(ENTRY).display());
    terminal.error(&message, &["a service joins the fleet above it".to_string()])
}

impl Destination {
    /// Returns the path in the project of a file in the current directory.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.below.is_empty() { name.to_string() } else { format!("{}/{name}", self.below) }
    }

    /// The path of the file of a service.
    pub(crate) fn target(&self, service: &str) -> String {
        match &self.joined {
            Some(joined) if joined.above == "." => format!("services/{service}.kdl"),
            _ => self.path(ENTRY),
        }
    }

    /// A path of the project as it is seen from here.
    pub(crate) fn shown(&self, path: &str) -> String {
        match path.strip_prefix(&self.below) {
            Some(inside) if !self.below.is_empty() => inside.trim_start_matches('/').to_string(),
            _ => path.to_string(),
        }
    }
}
