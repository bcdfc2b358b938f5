//! `dpc import`: KDL from compose files, command lines, containers and units, and what became of every key.

use super::Exit;
use super::arguments::{ImportArguments, ImportContainer, ImportOptions, ImportSource};
use super::file::{text_of_file, text_of_stdin};
use super::terminal::Terminal;
use crate::project::Disk;
use crate::tools::import::container::{KnownContainers, LONGEST};
use crate::tools::import::found::Found;
use crate::tools::import::{self, Handling, ImportError, ImportReport, Options};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs it.
pub(crate) fn run(arguments: &ImportArguments, terminal: &mut Terminal) -> Exit {
    terminal.speak(arguments.source.options().format);
    match imported(arguments, terminal) {
        Ok(end) | Err(end) => end,
    }
}

fn imported(arguments: &ImportArguments, terminal: &mut Terminal) -> Result<Exit, Exit> {
    let source = &arguments.source;
    let options = source.options();
    let folder = folder(source);
    let project = Disk::open(&folder, false).map_err(|error| {
        terminal.error(&format!("`{}` cannot be entered: {error}", folder.display()), &[])
    })?;
    let found = read_source(source, &folder, &project, terminal)?.map_err(|error| {
        let end = terminal.error(&error.to_string(), &[]);
        if error.unreadable { end } else { Exit::Wrong }
    })?;
    let (text, report) = import::convert(&found, &turned(source, options, &folder), &project);
    write_kdl(options, &text, terminal)?;
    tell(options, &report, terminal);
    Ok(if options.strict && report.has_losses() { Exit::Wrong } else { Exit::Done })
}

/// The folder that paths start from: the current one, or that of a compose file elsewhere.
fn folder(source: &ImportSource) -> PathBuf {
    let elsewhere = match source {
        ImportSource::Compose(compose) => compose.files.first().map(Path::new),
        _ => None,
    };
    let elsewhere = elsewhere.filter(|path| path.is_absolute() || path.starts_with(".."));
    elsewhere.and_then(Path::parent).unwrap_or(Path::new(".")).to_path_buf()
}

fn read_source(
    source: &ImportSource,
    folder: &Path,
    project: &Disk,
    terminal: &mut Terminal,
) -> Result<Result<Found, ImportError>, Exit> {
    Ok(match source {
        ImportSource::Compose(compose) => {
            let inside = |file: &String| match Path::new(file).strip_prefix(folder) {
                Ok(inside) => inside.to_string_lossy().into_owned(),
                Err(_) => file.clone(),
            };
            let files: Vec<String> = compose.files.iter().map(inside).collect();
            import::compose::files(&files, &compose.vars.iter().cloned().collect(), project)
        }
        ImportSource::Container(container) => containers(container, terminal)?,
        ImportSource::Unit(unit) => {
            let files: Result<Vec<_>, Exit> =
                unit.files.iter().map(|file| text(Some(file), terminal)).collect();
            import::unit::units(&files?, project)
        }
        ImportSource::Run(run) if run.words.is_empty() => {
            let (name, text) = text(run.file.as_deref(), terminal)?;
            import::run::text(&name, &text, project)
        }
        ImportSource::Run(run) => import::run::words(&run.words, project),
    })
}

/// Reads containers from files, and from the engine through docker's own client.
fn containers(
    arguments: &ImportContainer,
    terminal: &mut Terminal,
) -> Result<Result<Found, ImportError>, Exit> {
    let mut known = KnownContainers::default();
    for file in &arguments.images {
        let (name, text) = text(Some(file), terminal)?;
        known.add_images(&name, &text).map_err(|error| terminal.error(&error.to_string(), &[]))?;
    }
    for diff in &arguments.diffs {
        let (name, file) = diff.split_once('=').unwrap_or(("", diff));
        known.diffs.insert(name.to_string(), text(Some(file), terminal)?.1);
    }
    let mut whole = Found::default();
    for name in &arguments.names {
        let (file, text) = if name.ends_with(".json") || name == "-" {
            text(Some(name), terminal)?
        } else {
            (format!("container {name}"), inspect(name, &mut known, terminal)?)
        };
        match import::container::inspected(&file, &text, &known) {
            Ok(found) => whole.containers.extend(found.containers),
            Err(error) => return Ok(Err(error)),
        }
    }
    Ok(Ok(whole))
}

/// Asks docker about a container, its image and its layer.
fn inspect(name: &str, known: &mut KnownContainers, terminal: &mut Terminal) -> Result<String, Exit> {
    let text = docker(&["container", "inspect", "--", name], terminal)?;
    let id = serde_json::from_str::<serde_json::Value>(&text).ok();
    let image = id.as_ref().and_then(|value| value[0]["Image"].as_str().map(str::to_string));
    if let Some(image) = image {
        let image = docker(&["image", "inspect", "--", &image], terminal)?;
        known
            .add_images("docker image inspect", &image)
            .map_err(|error| terminal.error(&error.to_string(), &[]))?;
    }
    let diff = docker(&["diff", "--", name], terminal)?;
    let real = id.as_ref().and_then(|value| value[0]["Name"].as_str()).unwrap_or(name);
    known.diffs.insert(real.trim_start_matches('/').to_string(), diff);
    Ok(text)
}

/// Returns the output of docker's client.
fn docker(words: &[&str], terminal: &mut Terminal) -> Result<String, Exit> {
    let ran = Command::new("docker").args(words).stdin(Stdio::null()).output();
    let output = ran.map_err(|error| {
        terminal.error(
            &format!("docker's client cannot be run: {error}"),
            &["name a file with what it printed".to_string()],
        )
    })?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(terminal.error(&format!("docker {}: {}", words.join(" "), said.trim()), &[]))
    }
}

/// The content of a file, or of stdin.
fn text(file: Option<&str>, terminal: &mut Terminal) -> Result<(String, String), Exit> {
    let (name, read) = match file {
        Some(file) if file != "-" => (file, text_of_file(Path::new(file), LONGEST as u64)),
        _ => ("stdin", text_of_stdin(LONGEST as u64)),
    };
    match read {
        Ok(text) => Ok((name.to_string(), text)),
        Err(why) => Err(terminal.error(&format!("`{name}` {why}"), &[])),
    }
}

fn turned(source: &ImportSource, options: &ImportOptions, folder: &Path) -> Options {
    let profiles = match source {
        ImportSource::Compose(compose) => compose.profiles.clone(),
        _ => Vec::new(),
    };
    Options {
        fleet: options.fleet.clone(),
        hosts: options.hosts.clone(),
        writable_root: options.writable_root,
        profiles,
        folder: project_folder(source, folder),
        ready: options.ready,
    }
}

/// The name of the folder that a compose file is in.
fn project_folder(source: &ImportSource, folder: &Path) -> Option<String> {
    let ImportSource::Compose(compose) = source else { return None };
    let beside = compose.files.first().and_then(|file| Path::new(file).parent()).unwrap_or(folder);
    let beside = if beside.as_os_str().is_empty() { folder } else { beside };
    let whole = beside.canonicalize().ok()?;
    Some(whole.file_name()?.to_string_lossy().into_owned())
}

/// Writes the KDL to stdout, or to a file that does not exist yet.
fn write_kdl(options: &ImportOptions, text: &str, terminal: &mut Terminal) -> Result<(), Exit> {
    let Some(file) = &options.output else {
        terminal.print(text);
        terminal.result("kdl", || text.into());
        return Ok(());
    };
    if let Some(link) = link_above(file) {
        let message = format!("`{}` is a symbolic link, and dpc writes through none", link.display());
        return Err(terminal.error(&message, &["name the folder that it leads to".to_string()]));
    }
    let made = OpenOptions::new().write(true).create_new(true).open(file);
    made.and_then(|mut made| made.write_all(text.as_bytes())).map_err(|error| {
        let message = format!("`{}` cannot be written: {error}", file.display());
        terminal.error(
            &message,
            &["import never overwrites: name another file, or move this one away".to_string()],
        )
    })
}

/// Returns a link among the folders on the way to a file: a reviewed link must not decide where the file goes.
fn link_above(file: &Path) -> Option<&Path> {
    let here = std::env::current_dir().unwrap_or_default();
    let is_below = |folder: &Path| file.is_relative() || folder.starts_with(&here) && folder != here;
    let is_link = |folder: &Path| std::fs::symlink_metadata(folder).is_ok_and(|about| about.is_symlink());
    file.ancestors().skip(1).find(|folder| is_below(folder) && is_link(folder))
}

fn tell(options: &ImportOptions, report: &ImportReport, terminal: &mut Terminal) {
    terminal.result("report", || report.value());
    let quiet = terminal.is_quiet() && report.of(Handling::Decide).next().is_none();
    if !quiet && !terminal.is_json() {
        terminal.say(&report.text(options.all));
    }
}
