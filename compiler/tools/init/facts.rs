//! A repository → what it shows of its service: the port, the paths that it writes, its further processes.

use super::dockerfile::BuiltImage;
use super::framework::{Evidence, FRAMEWORKS};
use super::listening::{Listening, health_route, is_variable, of_options, of_server, of_source};
use super::procfile::{self, Entry};
use super::repository::Repository;
use super::source::{Sourced, shown};
use super::started::{source_file, started};
use crate::secret::secret_words;
use crate::tools::known_images;

/// What is shown of a service. Nothing in here is a guess unless its source says so.
#[derive(Clone, Debug, Default)]
pub struct ServiceFacts {
    /// The command of the service, where the image has none.
    pub(crate) command: Option<Sourced<Vec<String>>>,
    /// The port that it listens on by itself.
    pub port: Option<Sourced<u16>>,
    /// The variable that tells it another port.
    pub(crate) port_variable: Option<Sourced<String>>,
    /// Ports beside it, each with a name and the variable that tells it.
    pub(crate) inner_port: Option<Sourced<InnerPort>>,
    /// Variables that it needs on the network of the host.
    pub(crate) env: Vec<Sourced<(&'static str, &'static str)>>,
    /// The path that answers while it is healthy.
    pub(crate) health_path: Option<Sourced<String>>,
    /// Directories that it writes.
    pub(crate) writes: Vec<Sourced<WrittenPath>>,
    /// Further processes of the same image.
    pub(crate) workers: Vec<Worker>,
    /// Lines about what a person must decide.
    pub(crate) notes: Vec<String>,
}

/// A port that a proxy in the image gives to the process behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InnerPort {
    /// The port.
    pub(crate) port: u16,
    /// The variable that tells the proxy.
    pub(crate) variable: &'static str,
}

/// A directory that the process writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrittenPath {
    /// Its path in the container.
    pub(crate) path: String,
    /// Set if it must outlive the container.
    pub(crate) keeps: bool,
}

/// A process beside the one that the image starts by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Worker {
    /// What it is called, such as `worker`.
    pub(crate) name: String,
    /// Its words.
    pub(crate) command: Sourced<Vec<String>>,
}

/// Reads what the repository shows.
pub(crate) fn facts(repository: Repository<'_>, image: Option<&BuiltImage>) -> ServiceFacts {
    let entries = procfile::read(repository);
    let started = started(repository, image, &entries);
    let words = started.as_ref().map(|started| started.value.as_slice()).unwrap_or_default();
    let source = source_file(repository, image, words);
    let evidence = Evidence { repository, image, words };
    let mut facts = ServiceFacts::default();
    facts.of_processes(&entries, image.and_then(BuiltImage::words).is_some(), words);
    FRAMEWORKS.iter().for_each(|read| read(&evidence, &mut facts));
    let shown = Shown { image, started: started.as_ref(), source: source.as_ref() };
    facts.listening(&shown);
    if let (None, Some((path, text))) = (&facts.health_path, &source) {
        facts.health_path = health_route(text).map(|route| Sourced::new(route.to_string(), path.as_str()));
    }
    let base = image.map_or("", |image| &image.base);
    facts.writes.extend(known_images::scratch(base).iter().map(|path| {
        Sourced::new(WrittenPath { path: path.to_string(), keeps: false }, format!("FROM {}", short(base)))
    }));
    facts
}

/// What can show a port.
struct Shown<'s> {
    image: Option<&'s BuiltImage>,
    started: Option<&'s Sourced<Vec<String>>>,
    source: Option<&'s (String, String)>,
}

impl ServiceFacts {
    /// Takes the processes of a Procfile: one is the service itself.
    fn of_processes(&mut self, entries: &[Entry], image_has_command: bool, words: &[String]) {
        let web = entries.iter().find(|entry| entry.name == "web");
        let main = if image_has_command { web } else { procfile::main(entries) };
        if let (Some(main), false) = (main, image_has_command) {
            let command = Sourced::new(main.words(), format!("Procfile: {}", main.name));
            self.command = self.without_secret(command);
        }
        for entry in entries {
            if entry.name == "release" {
                let command = shown(&entry.command);
                self.notes
                    .push(format!("Procfile: release runs {command} before each release; a `task` can"));
            } else if main == Some(entry) || entry.words() == words {
                // It is the service.
            } else if entry.is_told_its_port() {
                self.notes.push(format!(
                    "Procfile: {} listens on a port of its own: `dpc init NAME` adds a service",
                    entry.name
                ));
            } else {
                self.add_worker(&entry.name, entry.words(), format!("Procfile: {}", entry.name));
            }
        }
    }

    /// Adds a process, unless it is there, or its command holds a secret.
    pub(super) fn add_worker(&mut self, name: &str, words: Vec<String>, source: String) {
        if self.workers.iter().any(|worker| worker.command.value == words) {
            return;
        }
        if let Some(command) = self.without_secret(Sourced::new(words, source)) {
            self.workers.push(Worker { name: name.to_string(), command });
        }
    }

    /// A command that may stand in KDL.
    fn without_secret(&mut self, command: Sourced<Vec<String>>) -> Option<Sourced<Vec<String>>> {
        if secret_words(&command.value).is_empty() {
            return Some(command);
        }
        self.notes.push(format!("{} holds a secret, and is left out", command.source));
        None
    }

    /// Finds the port. What the Dockerfile and the command say wins over what a framework does by itself.
    fn listening(&mut self, shown: &Shown<'_>) {
        let words = shown.started.map(|started| (started.value.as_slice(), started.source.as_str()));
        let by_option = words.and_then(|(words, source)| Some((of_options(words)?, source)));
        let by_server = words.and_then(|(words, source)| Some((of_server(words)?, source)));
        let by_source = shown.source.and_then(|(path, text)| Some((of_source(text)?, path.as_str())));
        let port = |shown: &Option<(Listening, &str)>| {
            let (listening, source) = shown.as_ref()?;
            Some(Sourced::new(listening.port?, *source))
        };
        let built = shown.image.and_then(image_port);
        self.port = built
            .or_else(|| port(&by_option))
            .or(self.port.take())
            .or_else(|| port(&by_server))
            .or_else(|| port(&by_source))
            .or_else(|| base_port(shown.image?));
        let variable = |shown: Option<(Listening, &str)>| {
            let (listening, source) = shown?;
            Some(Sourced::new(listening.variable?, format!("{source} reads it")))
        };
        let by_framework = self.port_variable.take();
        self.port_variable = if by_option.is_some() {
            variable(by_option)
        } else {
            let held = self.port.as_ref().and_then(|port| image_variable(shown.image?, port.value));
            let by_program = if by_server.is_some() { by_server } else { by_source };
            held.or(by_framework).or_else(|| variable(by_program))
        };
        if let (None, Some(variable)) = (&self.port, &self.port_variable) {
            let source = format!("a guess, since {} and any port will do", variable.source);
            self.port = Some(Sourced::new(FREE, source));
        }
    }
}

/// The port of a program that listens wherever it is told.
const FREE: u16 = 8080;

/// The port that the Dockerfile names.
pub(crate) fn image_port(image: &BuiltImage) -> Option<Sourced<u16>> {
    let tcp = image.ports.iter().find(|(_, _, protocol)| protocol == "tcp");
    let exposed = tcp.map(|(first, ..)| Sourced::new(*first, "EXPOSE"));
    let told = || image.env.get("PORT")?.parse().ok().filter(|port| *port > 0);
    exposed.or_else(|| told().map(|port| Sourced::new(port, "ENV PORT")))
}

/// The port of the image that it starts from.
fn base_port(image: &BuiltImage) -> Option<Sourced<u16>> {
    let port = known_images::ports(&image.base).first()?;
    Some(Sourced::new(*port, format!("FROM {}: the image listens there by itself", short(&image.base))))
}

/// The variable of the image that holds the port.
fn image_variable(image: &BuiltImage, port: u16) -> Option<Sourced<String>> {
    let port = port.to_string();
    let mut holders = image.env.iter().filter(|(name, value)| **value == port && is_variable(name));
    holders.next().map(|(name, _)| Sourced::new(name.clone(), format!("ENV {name}")))
}

/// The name of an image as it can stand in a comment.
pub(crate) fn short(image: &str) -> String {
    shown(image.split('@').next().unwrap_or_default())
}
