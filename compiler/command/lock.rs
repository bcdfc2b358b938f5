//! `dpc lock`: asks what the images of a project are, and writes `dpc.lock`. The only command with a network.

use super::Exit;
use super::arguments::{LockArguments, ProjectArguments};
use super::input::counted;
use super::no_project;
use super::terminal::Terminal;
use crate::diagnostic::Report;
use crate::front::check::UNPINNED_IMAGE;
use crate::front::lock::{LOCK, lock as read_lock};
use crate::model::image::LockedImage;
use crate::project::{Disk, Project};
use crate::registry::{Client, Failure, Settings, Source, all};
use crate::text::Sources;
use crate::tools::lock::{Named, Wanted, locked, named, newer, text};
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::suggest::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Runs it.
pub(crate) fn run(arguments: &LockArguments, terminal: &mut Terminal) -> Exit {
    match asked(arguments, terminal) {
        Ok(end) | Err(end) => end,
    }
}

/// The images of a lock.
type LockedImages = BTreeMap<Image, LockedImage>;

fn asked(arguments: &LockArguments, terminal: &mut Terminal) -> Result<Exit, Exit> {
    let project = ProjectArguments {
        directory: arguments.directory.clone(),
        env: None,
        vars: arguments.vars.clone(),
        allow_outside: arguments.allow_outside,
        strict: false,
        format: arguments.format,
    };
    let (disk, request) = terminal.open(&project)?;
    if let Some((registry, _)) = arguments.mirrors.iter().find(|(_, mirror)| !is_mirror(mirror)) {
        let help = "write `--mirror REGISTRY=HOST[:PORT]`, with `http://` before it where it has no TLS; docker's `config.json` says who you are";
        return Err(terminal.error(&format!("the mirror of `{registry}` is no host"), &[help.to_string()]));
    }
    let client = Client::new(source(arguments, terminal)?, &settings(arguments));
    let found = named(&disk, &request, &arguments.services)
        .map_err(|why| no_project::no_entry(terminal, why, &project.directory))?;
    let found = checked(found, terminal)?;
    let path = arguments.directory.join(LOCK);
    // Another one that writes is waited for. It ends with its process.
    let _alone = fs::File::open(&arguments.directory)
        .and_then(|folder| folder.lock().map(|()| folder))
        .map_err(|error| unwritten(&error, terminal))?;
    let before = before(&disk, found.sources.clone(), arguments.update, terminal)?;
    if arguments.check {
        return Ok(verified(&client, &found, &before, terminal));
    }
    let ask = to_ask(&found.chosen, &before, arguments.update);
    let progress = Progress::new(ask.len(), terminal);
    let answers =
        all(&ask, |question| answered(&client, question, arguments.update), |done| progress.tell(done));
    progress.end();
    let (after, failures) = put_together(&found.all, before.clone(), &ask, answers);
    write(&path, &after, &before, terminal)?;
    tell(&before, &after, terminal);
    if arguments.update {
        tell_newer(&client, &found.chosen, arguments.major, terminal);
    }
    for (image, failure) in &failures {
        let help: &[String] = if failure.help.is_empty() { &[] } else { std::slice::from_ref(&failure.help) };
        terminal.error(&format!("`{image}`: {failure}"), help);
    }
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Wrong })
}

/// Returns whether a text names a host that can be asked: nothing of a path, a user or a password.
fn is_mirror(text: &str) -> bool {
    let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
    let host = host.strip_suffix('/').unwrap_or(host);
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(is_host)
}

/// Ends where the project, or a name on the command line, is wrong.
fn checked(mut found: Named, terminal: &mut Terminal) -> Result<Named, Exit> {
    // Only a lock mends that one.
    found.diagnostics.retain(|one| one.is_error() && one.fault.code != UNPINNED_IMAGE.code);
    if !found.diagnostics.is_empty() {
        terminal.say_all(&found.diagnostics, &found.sources, false);
        return Err(Exit::Wrong);
    }
    if let Some(unknown) = found.unknown.first() {
        let help = did_you_mean(unknown, found.known.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| "name a service or task of the project".to_string());
        return Err(terminal.error(&format!("there is no service or task `{unknown}`"), &[help]));
    }
    Ok(found)
}

fn source(arguments: &LockArguments, terminal: &mut Terminal) -> Result<Source, Exit> {
    match arguments.from.as_str() {
        "registry" => Ok(Source::Registry),
        "docker" => Ok(Source::Engine),
        other => match other.strip_prefix("oci:") {
            Some(folder) if !folder.is_empty() => Ok(Source::Layout(PathBuf::from(folder))),
            _ => Err(terminal.error(
                &format!("`--from {other}` is no source"),
                &["write `registry`, `docker` or `oci:DIR`".to_string()],
            )),
        },
    }
}

fn settings(arguments: &LockArguments) -> Settings {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || Some(variable("HOME")?.join(".docker"));
    // As docker's client reads them; the small letters are curl's.
    let word = |names: [&str; 2]| {
        names.into_iter().find_map(|name| std::env::var(name).ok()).filter(|word| !word.is_empty())
    };
    Settings {
        docker: variable("DOCKER_CONFIG").or_else(home),
        certificates: variable("SSL_CERT_FILE"),
        mirrors: arguments.mirrors.iter().cloned().collect(),
        proxy: word(["HTTPS_PROXY", "https_proxy"]),
        no_proxy: word(["NO_PROXY", "no_proxy"]),
        patience: None,
    }
}

/// The lock as it is. One that is broken is written anew only by `--update`: every tag is then asked for again.
fn before(
    disk: &Disk,
    mut sources: Sources,
    update: bool,
    terminal: &mut Terminal,
) -> Result<LockedImages, Exit> {
    let mut report = Report::default();
    let lock = read_lock(disk as &dyn Project, &mut sources, &mut report);
    if !report.has_errors() {
        return Ok(lock.images);
    }
    if !update {
        terminal.say_all(&report.into_sorted(), &sources, false);
        return Err(Exit::Wrong);
    }
    terminal.remark(&format!("{LOCK} could not be read, and is written anew\n"));
    Ok(lock.images)
}

/// Holds what the lock says against what is said of the digests in it, whatever the tags name by now.
fn verified(client: &Client, found: &Named, before: &LockedImages, terminal: &mut Terminal) -> Exit {
    let images: Vec<(&Image, &BTreeSet<Platform>)> = found.chosen.iter().collect();
    let ask = |(image, platforms): &(&Image, &BTreeSet<Platform>)| {
        let known = before.get(*image)?;
        Some(client.fetch(&image.with_digest(&known.digest), platforms).map(locked))
    };
    let answers = all(&images, ask, |_| ());
    let mut end = Exit::Done;
    for ((image, _), answer) in images.into_iter().zip(answers) {
        let said = match answer {
            None => format!("missing {image}\n"),
            Some(Err(failure)) => format!("unknown {image}  {failure}\n"),
            Some(Ok(said)) if before.get(image).is_some_and(|known| differ(known, &said)) => {
                format!("wrong   {image}  the image says something else than the lock\n")
            }
            Some(Ok(_)) => continue,
        };
        terminal.print(&said);
        end = Exit::Wrong;
    }
    if end == Exit::Done {
        let images = counted(found.chosen.len(), "image");
        terminal.remark(&format!("{LOCK} says what the images say: {images}\n"));
    }
    end
}

/// Returns whether two entries differ in more than their places.
fn differ(one: &LockedImage, other: &LockedImage) -> bool {
    one.digest != other.digest || one.platforms != other.platforms
}

/// A question: an image, its platforms, and its entry where it has one that is whole.
struct Question {
    image: Image,
    platforms: BTreeSet<Platform>,
    known: Option<LockedImage>,
}

fn to_ask(chosen: &Wanted, before: &LockedImages, update: bool) -> Vec<Question> {
    let question = |(image, platforms): (&Image, &BTreeSet<_>)| {
        let is_whole =
            |known: &&LockedImage| platforms.iter().all(|platform| known.platforms.contains_key(platform));
        let known = before.get(image).filter(is_whole).cloned();
        // A digest names the same for ever.
        let is_done = known.is_some() && (!update || image.digest().is_some());
        (!is_done).then(|| Question { image: image.clone(), platforms: platforms.clone(), known })
    };
    chosen.iter().filter_map(question).collect()
}

fn answered(client: &Client, question: &Question, update: bool) -> Result<LockedImage, Failure> {
    if let Some(known) = question.known.as_ref().filter(|_| update)
        && client.digest(&question.image)? == known.digest
    {
        return Ok(known.clone());
    }
    client.fetch(&question.image, &question.platforms).map(locked)
}

/// The new lock: what the project names, as it was answered or else as it was. An image that is not known stays as it was.
fn put_together(
    wanted: &Wanted,
    mut before: LockedImages,
    asked: &[Question],
    answers: Vec<Result<LockedImage, Failure>>,
) -> (LockedImages, Vec<(Image, Failure)>) {
    let mut failures = Vec::new();
    for (question, answer) in asked.iter().zip(answers) {
        match answer {
            Ok(image) => drop(before.insert(question.image.clone(), image)),
            Err(failure) => failures.push((question.image.clone(), failure)),
        }
    }
    before.retain(|image, _| wanted.contains_key(image));
    (before, failures)
}

/// Replaces the file where something changed: all of it, or nothing.
fn write(
    path: &Path,
    after: &LockedImages,
    before: &LockedImages,
    terminal: &mut Terminal,
) -> Result<(), Exit> {
    let new = text(after);
    if fs::symlink_metadata(path).is_ok_and(|about| !about.is_file()) {
        return Err(unwritten(&"it is not a regular file", terminal));
    }
    let is_same = fs::read(path).is_ok_and(|old| old == new.as_bytes());
    if is_same || after.is_empty() && before.is_empty() {
        return Ok(());
    }
    let beside = path.with_file_name(format!(".{LOCK}.{}", std::process::id()));
    let written = fs::File::create_new(&beside)
        .and_then(|mut file| file.write_all(new.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        unwritten(&error, terminal)
    })
}

fn unwritten(why: &dyn std::fmt::Display, terminal: &mut Terminal) -> Exit {
    terminal.error(&format!("`{LOCK}` cannot be written: {why}"), &["nothing of it was changed".to_string()])
}

/// Says what changed, an image a line.
fn tell(before: &LockedImages, after: &LockedImages, terminal: &mut Terminal) {
    let mut lines = Vec::new();
    for (image, new) in after {
        match before.get(image) {
            None => lines.push(format!("new     {image}  {}\n", short(&new.digest))),
            Some(old) if old.digest != new.digest => {
                lines.push(format!("moved   {image}  {} → {}\n", short(&old.digest), short(&new.digest)));
            }
            Some(old) if old.platforms.keys().ne(new.platforms.keys()) => {
                lines.push(format!("grown   {image}  for other platforms\n"));
            }
            Some(_) => {}
        }
    }
    lines.extend(
        before.keys().filter(|image| !after.contains_key(*image)).map(|image| format!("gone    {image}\n")),
    );
    let changed = lines.len();
    terminal
        .result("changes", || lines.iter().map(|line| serde_json::Value::from(line.trim_end())).collect());
    if !terminal.is_json() {
        lines.iter().for_each(|line| terminal.print(line));
    }
    terminal.remark(&format!("{LOCK}: {}, {changed} changed\n", counted(after.len(), "image")));
}

fn short(digest: &str) -> &str {
    digest.get(.."sha256:".len() + 12).unwrap_or(digest)
}

/// Names newer tags of the same shape. A source that does not list its tags has none.
fn tell_newer(client: &Client, chosen: &Wanted, major: bool, terminal: &mut Terminal) {
    let tagged: Vec<&Image> =
        chosen.keys().filter(|image| image.digest().is_none() && image.tag().is_some()).collect();
    let tags = all(&tagged, |image| client.tags(image).unwrap_or_default(), |_| ());
    for (image, tags) in tagged.iter().zip(&tags) {
        let tag = image.tag().unwrap_or_default();
        if let Some(found) = newer(tag, tags.iter().map(String::as_str), major) {
            terminal.print(&format!("newer   {image}  {}:{found} is there\n", image.name()));
        }
    }
}

/// How far it is, on a terminal.
struct Progress {
    all: usize,
    is_shown: bool,
}

impl Progress {
    fn new(all: usize, terminal: &Terminal) -> Self {
        Self { all, is_shown: all > 1 && !terminal.is_quiet() && io::stderr().is_terminal() }
    }

    fn tell(&self, done: usize) {
        if self.is_shown {
            let _ = write!(io::stderr().lock(), "\rasked for {done} of {} images", self.all);
        }
    }

    fn end(&self) {
        if self.is_shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
