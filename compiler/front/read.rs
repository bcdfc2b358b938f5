//! A project → its KDL files: the entry and everything that it includes.
//!
//! From then on every file exists, is UTF-8, and is there once, by whatever links it was reached. No file includes itself by
//! way of others.

mod folders;
mod glob;
mod near;
mod text;

pub(crate) use folders::Listings;
pub(crate) use near::near;

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::limits::{MOST_LOOKS, MOST_PATTERNS, TOO_LARGE};
use crate::kdl::{self, Node};
use crate::large::parallel::shares;
use crate::project::{LARGEST_KDL, MOST_FILES, Project, Unreadable, utf8_text};
use crate::text::{FileId, Sources, SourcesFull, Span};
use crate::value::quoted;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The file that a build starts from.
pub const ENTRY: &str = "dpc.kdl";
/// The suffix of KDL files.
const ENDING: &str = ".kdl";

/// An `include` of a file that cannot be read.
pub(crate) const INCLUDE_MISSING: Fault = Fault::error(
    "include-missing",
    "an included file must be there, be a regular file called `.kdl` and be UTF-8",
    "A file that is silently left out is a service that silently stops being deployed.",
);
/// A glob that matches nothing.
pub(crate) const INCLUDE_EMPTY: Fault = Fault::warning(
    "include-empty",
    "an include with a wildcard should match a file",
    "A folder that was renamed leaves a pattern that matches nothing, and its services disappear from the plan without \
     another word.",
);
/// Files that include each other.
pub(crate) const INCLUDE_CYCLE: Fault = Fault::error(
    "include-cycle",
    "files must not include each other in a circle",
    "Each file is read once, so a circle would do no harm; but nobody can say what includes what any more, and it is \
     always a slip.",
);
/// A file outside the project.
pub(crate) const OUTSIDE_PROJECT: Fault = Fault::error(
    "outside-project",
    "a file outside the project is read only with `--allow-outside`",
    "What is built must be what was reviewed. A file outside the repository is not in the pull request, and on another \
     machine it says something else.",
);

/// Reads the entry and everything it includes, in a defined order: depth first, by place of the `include`, then by path.
pub fn read(project: &dyn Project, report: &mut Report) -> Result<Sources, Unreadable> {
    let mut reader = ProjectReader {
        project,
        sources: Sources::default(),
        states: HashMap::new(),
        circles: BTreeSet::new(),
        trail: Vec::new(),
        is_full: false,
        folders: Listings::new(project),
        patterns: MOST_PATTERNS,
        looks: MOST_LOOKS,
        ahead: AtomicUsize::new(0),
    };
    let (entry, may_include) = reader.add(Content::read(project, ENTRY)?, ENTRY)?;
    reader.states.insert(entry.place.clone(), ReadState::Open);
    let mut stack = Vec::new();
    stack.extend(may_include.then(|| reader.open(entry, report)));
    while let Some(includes) = stack.last_mut() {
        let Some(include) = includes.pop() else {
            reader.close();
            stack.pop();
            continue;
        };
        stack.extend(reader.follow(include, report));
    }
    Ok(reader.sources)
}

/// The most files of a circle that are named.
const DRAWN: usize = 12;

/// Maximum bytes of files that are read ahead, so that not all files of a project that is too large are read first, nor one file
/// by each of many links.
const MOST_AHEAD: usize = 64 * 1024 * 1024;

struct ProjectReader<'p> {
    project: &'p dyn Project,
    folders: Listings<'p>,
    /// The number of further includes with wildcards, and of files and folders that they may look at.
    patterns: usize,
    looks: usize,
    /// Bytes that were read ahead.
    ahead: AtomicUsize,
    sources: Sources,
    /// The state of each file, by its path.
    states: HashMap<String, ReadState>,
    /// Includes that close a circle and are reported.
    circles: BTreeSet<Span>,
    /// The files that are open.
    trail: Vec<OpenFile>,
    /// Set if there is more than a project may have.
    is_full: bool,
}

/// A file whose includes are followed.
struct OpenFile {
    file: FileId,
    place: String,
    /// The `include` that led to it.
    by: Option<Span>,
}

#[derive(Clone, Copy, PartialEq)]
enum ReadState {
    Open,
    /// Read with all its includes, or impossible to read.
    Done,
}

struct Include {
    path: String,
    span: Span,
    /// Set if a pattern found it. A pattern may find the file that it stands in.
    is_match: bool,
    /// The file, where it was read ahead.
    ahead: Option<Result<Content, Unreadable>>,
}

/// The includes of a file that are still to be read, the next one last.
type Includes = Vec<Include>;

/// A file as it was read.
struct Content {
    place: String,
    text: String,
    /// Few files include something, so the text is looked at before it is read as KDL.
    may_include: bool,
}

impl Content {
    fn read(project: &dyn Project, path: &str) -> Result<Self, Unreadable> {
        Self::at(project, project.place(path)?, path)
    }

    fn at(project: &dyn Project, place: String, path: &str) -> Result<Self, Unreadable> {
        let content = project.read_up_to(path, LARGEST_KDL)?;
        // A file with another name is not KDL, and not for the excerpts of messages.
        if !place.ends_with(ENDING) || !path.ends_with(ENDING) {
            return Err(Unreadable::NotKdl);
        }
        let text = utf8_text(content)?;
        let may_include = text::may_include(&text);
        Ok(Self { place, text, may_include })
    }
}

impl ProjectReader<'_> {
    /// Adds a file, and returns whether it may include others. Inside the project its name is its place, so that the order of
    /// includes does not decide which link names it.
    fn add(&mut self, content: Content, path: &str) -> Result<(OpenFile, bool), Unreadable> {
        self.is_full = self.sources.len() == MOST_FILES;
        if self.is_full {
            return Err(Unreadable::TooMany);
        }
        let Content { place, text, may_include } = content;
        let shown = if path == ENTRY || glob::leads_outside(&place) { path } else { &place };
        let added = self.sources.add(shown.to_string(), text);
        self.is_full = added.is_err();
        let file = added.map_err(|SourcesFull| Unreadable::TooMuch)?;
        Ok((OpenFile { file, place, by: None }, may_include))
    }

    fn open(&mut self, opened: OpenFile, report: &mut Report) -> Includes {
        let file = opened.file;
        self.trail.push(opened);
        let mut includes = Includes::new();
        let path = self.sources.get(file).path.clone();
        for (pattern, span) in includes_of(file, &self.sources) {
            includes.extend(self.expand(&path, &pattern, span, report));
        }
        self.fetch(&mut includes);
        includes.reverse();
        includes
    }

    /// Reads files ahead on all processors: most of the time for many small files is spent in the system.
    fn fetch(&mut self, includes: &mut [Include]) {
        let wanted = includes.iter_mut().filter(|include| !self.states.contains_key(&include.path));
        let wanted: Vec<&mut Include> = wanted.take(MOST_FILES).collect();
        if wanted.len() < 2 {
            return;
        }
        self.states.reserve(wanted.len());
        self.sources.reserve(wanted.len());
        let (project, ahead) = (self.project, &self.ahead);
        let of_share = |share: Vec<&mut Include>| {
            for include in share {
                if ahead.load(Ordering::Relaxed) > MOST_AHEAD {
                    return;
                }
                let content = Content::read(project, &include.path);
                ahead.fetch_add(content.as_ref().map_or(0, |content| content.text.len()), Ordering::Relaxed);
                include.ahead = Some(content);
            }
        };
        shares(wanted, of_share);
    }

    fn close(&mut self) {
        if let Some(opened) = self.trail.pop() {
            self.states.insert(opened.place, ReadState::Done);
        }
    }

    fn expand(&mut self, from: &str, pattern: &str, span: Span, report: &mut Report) -> Vec<Include> {
        let Some(pattern) = glob::join(glob::folder(from), pattern) else {
            report.push(
                Diagnostic::new(&INCLUDE_MISSING, "an include without a path")
                    .at(span, "names no file")
                    .help("write the path of a file, or remove it"),
            );
            return Vec::new();
        };
        if glob::leads_outside(&pattern) && !self.project.allows_outside() {
            report.push(self.unreadable(&pattern, span, Unreadable::Outside));
            return Vec::new();
        }
        if pattern.is_empty() {
            report.push(
                Diagnostic::new(&INCLUDE_MISSING, "this is the folder of the project")
                    .at(span, "names no file")
                    .help("an include names files: for all of the folder write `*.kdl`"),
            );
            return Vec::new();
        }
        if !glob::is_pattern(&pattern) {
            return vec![Include { path: pattern, span, is_match: false, ahead: None }];
        }
        if self.patterns == 0 || self.looks == 0 {
            self.looks = 0;
            report.push_error(|| too_many_patterns(span));
            return Vec::new();
        }
        self.patterns -= 1;
        match glob::expand(&self.folders, &pattern, &mut self.looks) {
            Err(glob::GlobError::Looks) => {
                self.looks = 0;
                report.push(too_many_patterns(span));
            }
            Err(glob::GlobError::Pattern(why)) => report.push(
                Diagnostic::new(&INCLUDE_MISSING, format!("{} is not a pattern: {why}", quoted(&pattern)))
                    .at(span, "cannot match")
                    .help("`*` stands for any letters, `**` for any folders, `[ab]` for one of some letters"),
            ),
            Err(glob::GlobError::Deep) => report.push(
                Diagnostic::new(
                    &INCLUDE_MISSING,
                    format!("{} leads more than {} folders deep", quoted(&pattern), glob::DEEPEST),
                )
                .at(span, "looks into every folder")
                .help("name the folders that it means"),
            ),
            Err(glob::GlobError::Folder(why)) => report.push(self.unreadable(&pattern, span, why)),
            Ok(paths) if paths.is_empty() => report.push(
                Diagnostic::new(&INCLUDE_EMPTY, format!("no file matches `{pattern}`"))
                    .at(span, "matches nothing")
                    .help("correct the pattern, or remove it; it is relative to the folder of the file that includes"),
            ),
            Ok(paths) => {
                let include = |path| Include { path, span, is_match: true, ahead: None };
                return paths.into_iter().map(include).collect();
            }
        }
        Vec::new()
    }

    /// Adds the file of an include, if it is not read yet and can be. Returns its includes.
    fn follow(&mut self, include: Include, report: &mut Report) -> Option<Includes> {
        // A path that is a place needs no second look.
        if self.is_full || report.is_full() || self.knows(&include.path, &include, report) {
            return None;
        }
        let place = match &include.ahead {
            Some(content) => content.as_ref().map(|content| content.place.clone()).map_err(|why| *why),
            None => self.project.place(&include.path),
        };
        if place.as_ref().is_ok_and(|place| *place != include.path && self.knows(place, &include, report)) {
            return None;
        }
        let Include { path, span, ahead, .. } = include;
        let content = ahead
            .unwrap_or_else(|| place.and_then(|place| Content::at(self.project, place, &path)))
            .and_then(|content| self.add(content, &path));
        match content {
            Ok((opened, may_include)) => {
                let state = if may_include { ReadState::Open } else { ReadState::Done };
                self.states.insert(opened.place.clone(), state);
                may_include.then(|| self.open(OpenFile { by: Some(span), ..opened }, report))
            }
            Err(why) => {
                report.push_error(|| self.unreadable(&path, span, why));
                self.states.insert(path, ReadState::Done);
                None
            }
        }
    }

    /// Returns whether a file is known by its place; it must not be open.
    fn knows(&mut self, place: &str, include: &Include, report: &mut Report) -> bool {
        let Some(state) = self.states.get(place) else { return false };
        let finds_itself = include.is_match && self.trail.last().is_some_and(|opened| opened.place == place);
        // A pattern can lead into as many circles as it matches files.
        if *state == ReadState::Open && !finds_itself && self.circles.insert(include.span) {
            report.push(self.cycle(place, include.span));
        }
        true
    }

    fn cycle(&self, again: &str, span: Span) -> Diagnostic {
        let start = self.trail.iter().position(|opened| opened.place == again);
        let ring = &self.trail[start.unwrap_or(0)..];
        let again = ring.first().map_or(again, |opened| self.path(opened));
        let diagnostic = Diagnostic::new(&INCLUDE_CYCLE, self.cycle_text(ring, again))
            .at(span, format!("includes `{again}` again"));
        // The first file of the ring was included from outside of it.
        ring.iter()
            .skip(1)
            .take(DRAWN)
            .filter_map(|opened| Some((self.path(opened), opened.by?)))
            .fold(diagnostic, |diagnostic, (path, by)| diagnostic.at(by, format!("includes `{path}`")))
            .help(match ring.len() {
                1 => "remove this include",
                _ => "remove one of these includes; a file is read once however often it is included",
            })
    }

    fn cycle_text(&self, ring: &[OpenFile], last: &str) -> String {
        if ring.len() == 1 {
            return format!("`{last}` includes itself");
        }
        let paths = ring.iter().map(|opened| format!("`{}`", self.path(opened)));
        let mut drawn: Vec<String> = paths.take(DRAWN).collect();
        if ring.len() > DRAWN {
            drawn.push(format!("{} more", ring.len() - DRAWN));
        }
        drawn.push(format!("`{last}`"));
        format!("files include each other: {}", drawn.join(" → "))
    }

    fn path(&self, opened: &OpenFile) -> &str {
        &self.sources.get(opened.file).path
    }

    fn unreadable(&self, path: &str, span: Span, why: Unreadable) -> Diagnostic {
        let fault = if why == Unreadable::Outside { &OUTSIDE_PROJECT } else { &INCLUDE_MISSING };
        let diagnostic =
            Diagnostic::new(fault, format!("`{path}` {}", why.words())).at(span, "included here");
        match why {
            Unreadable::Outside => {
                diagnostic.help("move it into the project, or build with `--allow-outside`")
            }
            Unreadable::Missing => diagnostic.help(near(&self.folders, path).map_or_else(
                || "paths are relative to the folder of the file that includes them".to_string(),
                |meant| format!("did you mean `{meant}`?"),
            )),
            Unreadable::NotAFile => {
                diagnostic.help(format!("an include names files: for all of a folder write `{path}/*.kdl`"))
            }
            Unreadable::OfGit => diagnostic.help("what a project needs is in files of its own"),
            Unreadable::NotKdl => diagnostic.help("an include reads KDL, from files that are called `.kdl`"),
            Unreadable::NotText { .. } => diagnostic.help("save the file as UTF-8"),
            _ => diagnostic,
        }
    }
}

fn too_many_patterns(span: Span) -> Diagnostic {
    let message = format!(
        "a project has at most {MOST_PATTERNS} includes with wildcards, which look at {MOST_LOOKS} files and folders together"
    );
    Diagnostic::new(&TOO_LARGE, message)
        .at(span, "one too many")
        .help("include folders once, from one file, or name the files")
}

/// Returns the patterns that a file includes; `parse` reports faults of its syntax.
fn includes_of(file: FileId, sources: &Sources) -> Vec<(String, Span)> {
    let document = kdl::read(file, Arc::clone(&sources.get(file).text)).document;
    let includes = document.nodes().filter(|node| node.name() == "include");
    let entries = includes.flat_map(Node::arguments);
    entries.filter_map(|entry| Some((entry.as_text()?.to_string(), entry.value_span()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Memory;
    use std::ops::Range;

    #[test]
    fn a_project_has_so_many_files_and_no_more() {
        let mut project = Memory::default();
        project.insert(ENTRY, "include \"*/*.kdl\" \"gone.kdl\"\n");
        for number in 1..MOST_FILES {
            project.insert(format!("s/{number}.kdl"), "");
        }
        let said = |project: &Memory| {
            let mut report = Report::default();
            let files = read(project, &mut report).unwrap().len();
            (files, report.into_sorted().into_iter().map(|found| found.message).collect::<Vec<_>>())
        };
        assert_eq!(said(&project), (MOST_FILES, vec!["`gone.kdl` does not exist".to_string()]));
        for more in ["t/1.kdl", "t/2.kdl"] {
            project.insert(more, "");
        }
        let one = "`t/1.kdl` is one file too many: a project may have 50000".to_string();
        assert_eq!(said(&project), (MOST_FILES, vec![one]));
    }

    #[test]
    fn many_files_are_read_ahead_and_stay_in_their_order() {
        let mut project = Memory::default();
        project.insert("dpc.kdl", "include \"s/*.kdl\"\ninclude \"gone.kdl\"\n");
        for number in 100..300 {
            let text =
                if number == 150 { "include \"290.kdl\"\n".to_string() } else { format!("n{number}\n") };
            project.insert(format!("s/{number}.kdl"), text);
        }
        let mut report = Report::default();
        let sources = read(&project, &mut report).unwrap();
        let found: Vec<&str> = sources.iter().map(|(_, source)| source.path.as_str()).collect();
        let listed = |numbers: Range<usize>| numbers.map(|number| format!("s/{number}.kdl"));
        let wanted = std::iter::once("dpc.kdl".to_string());
        let wanted = wanted.chain(listed(100..151)).chain(listed(290..291)).chain(listed(151..290));
        assert_eq!(found, wanted.chain(listed(291..300)).collect::<Vec<_>>());
        assert_eq!(
            report.into_sorted().iter().map(|found| found.fault.code).collect::<Vec<_>>(),
            ["include-missing"]
        );
    }
}
