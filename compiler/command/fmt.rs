//! `dpc fmt`: lays out KDL files, and writes those that differ: all of them, or none if one is wrong.

use super::Exit;
use super::arguments::FmtArguments;
use super::file::text_of_stdin;
use super::no_project;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::front::parse::syntax_error;
use crate::front::read::{OUTSIDE_PROJECT, read};
use crate::project::{Disk, LARGEST_KDL, Project, Unreadable, utf8_text};
use crate::text::{FileId, Sources, SourcesFull};
use crate::tools::format::{FormatError, format};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod place;

use place::RealPath;

/// Runs it.
pub(crate) fn run(arguments: &FmtArguments, terminal: &mut Terminal) -> Exit {
    let stdin = Path::new("-");
    let done = match &arguments.paths[..] {
        [path] if path == stdin => piped(arguments, terminal),
        paths if paths.iter().any(|path| path == stdin) => {
            Err(terminal.error("`-` stands alone", &["name files, or pipe one".to_string()]))
        }
        paths => formatted(arguments, paths, terminal),
    };
    match done {
        Ok(end) | Err(end) => end,
    }
}

/// stdin → stdout.
fn piped(arguments: &FmtArguments, terminal: &mut Terminal) -> Result<Exit, Exit> {
    let text = text_of_stdin(LARGEST_KDL).map_err(|why| terminal.error(&format!("stdin {why}"), &[]))?;
    let mut files = FilesToFormat::default();
    files.add_text("<stdin>".to_string(), text, terminal)?;
    let formatted = files.formatted(terminal)?.concat();
    if !arguments.check {
        terminal.print(&formatted);
    } else if *formatted != *files.sources.get(FileId(0)).text {
        terminal.print("<stdin>\n");
        return Ok(Exit::Wrong);
    }
    Ok(Exit::Done)
}

fn formatted(arguments: &FmtArguments, paths: &[PathBuf], terminal: &mut Terminal) -> Result<Exit, Exit> {
    let mut files = FilesToFormat::default();
    for path in paths {
        if path.is_dir() { files.add_project(path, terminal)? } else { files.add_file(path, terminal)? }
    }
    let formatted = files.formatted(terminal)?;
    let mut end = Exit::Done;
    for ((place, (_, source)), text) in files.places.iter().zip(files.sources.iter()).zip(&formatted) {
        if **text == *source.text {
            continue;
        }
        if arguments.check {
            end = Exit::Wrong;
        } else {
            place.write(text).map_err(|error| {
                terminal.error(&format!("`{}` cannot be written: {error}", source.path), &[])
            })?;
        }
        if arguments.check || !terminal.is_quiet() {
            terminal.print(&format!("{}\n", source.path));
        }
    }
    Ok(end)
}

/// The files to lay out, each with its place on the disk.
#[derive(Default)]
struct FilesToFormat {
    sources: Sources,
    places: Vec<RealPath>,
    known: BTreeSet<RealPath>,
    report: Report,
}

impl FilesToFormat {
    /// Adds the entry in a directory and its includes. Includes from outside belong to another project.
    fn add_project(&mut self, directory: &Path, terminal: &mut Terminal) -> Result<(), Exit> {
        let disk = open(directory, terminal)?;
        let mut report = Report::default();
        let sources =
            read(&disk, &mut report).map_err(|why| no_project::no_entry(terminal, why, directory))?;
        let shown = |diagnostic: &&Diagnostic| {
            diagnostic.fault.severity == Severity::Error && diagnostic.fault.code != OUTSIDE_PROJECT.code
        };
        let faults: Vec<Diagnostic> = report.into_sorted().iter().filter(shown).cloned().collect();
        if !faults.is_empty() {
            terminal.say_all(&faults, &sources, false);
            return Err(Exit::Wrong);
        }
        for (_, source) in sources.iter() {
            self.add(&directory.join(&source.path), source.text.to_string(), terminal)?;
        }
        Ok(())
    }

    /// A file by its name.
    fn add_file(&mut self, path: &Path, terminal: &mut Terminal) -> Result<(), Exit> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let disk = open(folder, terminal)?;
        let content = match path.file_name().and_then(|name| name.to_str()) {
            None => Err("is no name of a file in UTF-8".into()),
            Some(name) => disk.read_up_to(name, LARGEST_KDL).and_then(utf8_text).map_err(|why| match why {
                Unreadable::Outside => "is a link that leads out of its folder; name the file itself".into(),
                why => why.words(),
            }),
        };
        let text =
            content.map_err(|reason| terminal.error(&format!("`{}` {reason}", path.display()), &[]))?;
        self.add(path, text, terminal)
    }

    /// A file once, however often it is named.
    fn add(&mut self, path: &Path, text: String, terminal: &mut Terminal) -> Result<(), Exit> {
        let place = RealPath::new(path);
        if self.known.insert(place.clone()) {
            let shown = path.strip_prefix(".").unwrap_or(path).display().to_string();
            self.add_text(shown, text, terminal)?;
            self.places.push(place);
        }
        Ok(())
    }

    fn add_text(&mut self, shown: String, text: String, terminal: &mut Terminal) -> Result<(), Exit> {
        let added = self.sources.add(shown.clone(), text);
        let message = || format!("`{shown}` {}", Unreadable::TooMuch.words());
        added.map(drop).map_err(|SourcesFull| terminal.error(&message(), &[]))
    }

    /// Returns every file laid out. First it prints everything that is wrong with any of them.
    fn formatted(&mut self, terminal: &mut Terminal) -> Result<Vec<String>, Exit> {
        let mut all = Vec::new();
        for (file, source) in self.sources.iter() {
            match format(file, &source.text) {
                Ok(text) => all.push(text),
                Err(FormatError::Syntax(errors)) => {
                    errors.into_iter().for_each(|error| self.report.push(syntax_error(error)));
                }
                Err(FormatError::Unfaithful) => {
                    let message =
                        format!("`{}` cannot be laid out without changing what it says", source.path);
                    return Err(terminal
                        .error(&message, &["this is a fault of dpc; nothing was written".to_string()]));
                }
            }
        }
        if self.report.is_empty() {
            return Ok(all);
        }
        terminal.say_all(&std::mem::take(&mut self.report).into_sorted(), &self.sources, false);
        Err(Exit::Wrong)
    }
}

fn open(directory: &Path, terminal: &mut Terminal) -> Result<Disk, Exit> {
    Disk::open(directory, false).map_err(|error| {
        terminal.error(&format!("`{}` cannot be entered: {error}", directory.display()), &[])
    })
}
