//! The command line, facts of the repository, and answers → the draft.

use super::super::Exit;
use super::super::arguments::InitArguments;
use super::super::terminal::Terminal;
use super::place::Destination;
use super::questions::Questions;
use super::values::{at_least_one, invalid_message, known_host, new_host, with_help, words};
use crate::tools::init::draft::{Draft, asked_path, is_root, placeholders, proposed_user};
use crate::tools::init::found::{RepositoryFacts, name};
use crate::tools::init::source::{ANSWER, GUESS, Sourced};
use crate::tools::init::surroundings::{HostSurroundings, Surroundings, free_port};
use crate::value::address::EtcdUrl;
use crate::value::image::Image;
use crate::value::name::Name;
use crate::value::port::Port;
use crate::value::quoted;
use crate::value::suggest::did_you_mean;
use crate::value::url_path::UrlPath;
use crate::value::user::User;

/// Asks for everything. Each answer can build on the ones before it.
pub(crate) fn answered(
    arguments: &InitArguments,
    found: &RepositoryFacts,
    place: &Destination,
    questions: &mut Questions,
    terminal: &mut Terminal,
) -> Result<Draft, Exit> {
    let asked = &mut Answering { arguments, found, place, questions, terminal };
    let service = asked.service()?;
    let fleet = asked.fleet(None, &service)?;
    let image = asked.image(&fleet.value, &service.value)?;
    let hosts = asked.hosts()?;
    let base = asked.base()?;
    let user = asked.user(base.is_some())?;
    let port = asked.port(&hosts.value, user.as_ref().map(|user| user.value.as_str()))?;
    let health_path = asked.health_path(port.is_some())?;
    let etcd = asked.etcd()?;
    let registers = !etcd.is_empty() || asked.joined().is_some_and(|joined| joined.has_etcd);
    let (built, facts) = (found.image.clone(), found.service.clone());
    Ok(Draft { fleet, etcd, hosts, service, image, base, user, port, health_path, registers, built, facts })
}

/// Asks for the fleet of a compose file's services, and its hosts.
pub(crate) fn began(
    arguments: &InitArguments,
    found: &RepositoryFacts,
    place: &Destination,
    project: Option<&str>,
    questions: &mut Questions,
    terminal: &mut Terminal,
) -> Result<(String, Vec<(String, String)>), Exit> {
    let asked = &mut Answering { arguments, found, place, questions, terminal };
    let service = asked.proposed_service();
    let fleet = asked.fleet(project, &service)?;
    Ok((fleet.value, asked.hosts()?.value))
}

struct Answering<'a> {
    arguments: &'a InitArguments,
    found: &'a RepositoryFacts,
    place: &'a Destination,
    questions: &'a mut Questions,
    terminal: &'a mut Terminal,
}

impl<'a> Answering<'a> {
    fn joined(&self) -> Option<&'a Surroundings> {
        self.place.joined.as_ref().map(|joined| &joined.surroundings)
    }

    fn ask<T>(
        &mut self,
        question: &str,
        given: Option<&str>,
        proposed: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Exit> {
        self.questions.ask(question, given, proposed, read, self.terminal)
    }

    /// Asks, and returns the answer with its source: the option, the one of the proposal, or the person.
    fn ask_sourced<T: PartialEq>(
        &mut self,
        (question, option): (&str, &str),
        given: Option<&str>,
        proposed: &Sourced<String>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Sourced<T>, Exit> {
        let value = self.ask(question, given, &proposed.value, &read)?;
        let is_proposed = read(&proposed.value).is_ok_and(|proposed| proposed == value);
        let source = match given {
            Some(_) => option,
            None if is_proposed => &proposed.source,
            None => ANSWER,
        };
        Ok(Sourced::new(value, source))
    }

    fn service(&mut self) -> Result<Sourced<String>, Exit> {
        let proposed = self.proposed_service();
        let taken = self.joined().map(|joined| joined.names.clone()).unwrap_or_default();
        let given = self.arguments.name.as_deref();
        self.ask_sourced(("name of the service", ANSWER), given, &proposed, |text| {
            let name = Name::parse(text).map_err(invalid_message)?.to_string();
            if taken.contains(&name) {
                Err(format!("`{name}` is in the fleet already: choose another name"))
            } else {
                Ok(name)
            }
        })
    }

    /// The name of the package, else of the directory.
    fn proposed_service(&self) -> Sourced<String> {
        let folder = std::env::current_dir().ok();
        let folder = folder.as_deref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        let package = self.found.package.as_ref();
        let named = |text: &str, source: &str| Some(Sourced::new(name(text)?.to_string(), source));
        let by_package = package.and_then(|package| named(&package.value.name, &package.source));
        let by_folder = || folder.and_then(|folder| named(folder, "the name of the directory"));
        by_package.or_else(by_folder).unwrap_or_else(|| Sourced::new("app".to_string(), GUESS))
    }

    /// Asks for the fleet's name. The proposal for a new fleet is the project's name, the owner of the package, or the service.
    fn fleet(&mut self, project: Option<&str>, service: &Sourced<String>) -> Result<Sourced<String>, Exit> {
        if let Some(joined) = self.joined() {
            return Ok(Sourced::new(joined.fleet.clone(), "the fleet"));
        }
        let given_project = project.map(|name| Sourced::new(name.to_string(), "the compose file"));
        let owner = self.found.package.as_ref().and_then(|package| {
            Some(Sourced::new(package.value.owner.clone()?, format!("{}: the owner", package.source)))
        });
        let own = Sourced::new(service.value.clone(), "as the service");
        let named = |shown: Sourced<String>| {
            let name = name(&shown.value).filter(|name| Name::parse_fleet(name.as_str()).is_ok())?;
            Some(Sourced::new(name.to_string(), shown.source))
        };
        let shown = [given_project, self.found.project.clone(), owner, Some(own)];
        let proposed = shown.into_iter().flatten().find_map(named);
        // The name of a target of systemd is no fleet's.
        let proposed =
            proposed.unwrap_or_else(|| Sourced::new(format!("fleet-{}", service.value), "as the service"));
        let read = |text: &str| Name::parse_fleet(text).map(|name| name.to_string()).map_err(invalid_message);
        let given = self.arguments.fleet_name.as_deref();
        self.ask_sourced(("name of the fleet", "--fleet-name"), given, &proposed, read)
    }

    fn image(&mut self, fleet: &str, service: &str) -> Result<Sourced<String>, Exit> {
        let package = self.found.package.as_ref();
        let tagged = |tag: &str| format!("registry.example.com/{fleet}/{service}:{tag}");
        let by_version = package.and_then(|package| {
            let image = tagged(package.value.version.as_deref()?);
            let source = format!("a guess, but for the tag of {}", package.source);
            Image::parse(&image).is_ok().then(|| Sourced::new(image, source))
        });
        let proposed = by_version.unwrap_or_else(|| Sourced::new(tagged("1.0.0"), GUESS));
        let given = self.arguments.image.as_deref();
        self.ask_sourced(("image, with its tag", "--image"), given, &proposed, |text| {
            let image = Image::parse(text).map_err(invalid_message)?;
            if image.is_floating() {
                Err(format!("`{text}` is another image tomorrow: write a tag other than `latest`"))
            } else {
                Ok(text.to_string())
            }
        })
    }

    fn hosts(&mut self) -> Result<Sourced<Vec<(String, String)>>, Exit> {
        let given = (!self.arguments.hosts.is_empty()).then(|| self.arguments.hosts.join(" "));
        if let Some(joined) = self.joined() {
            let known: Vec<&str> = joined.hosts.keys().map(String::as_str).collect();
            let question = format!("hosts to run on (of {})", known.join(", "));
            let first = known.first().copied().unwrap_or_default().to_string();
            let source = if known.len() == 1 { "the fleet's only host" } else { GUESS };
            let proposed = Sourced::new(first, source);
            return self.ask_sourced((&question, "--host"), given.as_deref(), &proposed, |text| {
                words(text)
                    .map(|word| known_host(word, &known))
                    .collect::<Result<Vec<_>, _>>()
                    .and_then(at_least_one)
            });
        }
        let (count, prefix) = if self.arguments.fleet { (2, "app") } else { (1, "host") };
        let proposed = placeholders(count, prefix);
        let proposed: Vec<String> =
            proposed.iter().map(|(name, address)| format!("{name}={address}")).collect();
        let proposed = Sourced::new(proposed.join(" "), GUESS);
        let given = given.as_deref();
        self.ask_sourced(("hosts, as NAME=ADDRESS", "--host"), given, &proposed, |text| {
            words(text).map(new_host).collect::<Result<Vec<_>, _>>().and_then(at_least_one)
        })
    }

    fn base(&mut self) -> Result<Option<String>, Exit> {
        let bases = self.joined().map(|joined| joined.bases.clone()).unwrap_or_default();
        let given = self.arguments.extends.as_deref();
        if bases.is_empty() && given.is_none() {
            return Ok(None);
        }
        let question = format!("base to extend (of {})", bases.join(", "));
        self.ask(&question, given, "none", |text| match text {
            "none" => Ok(None),
            base if bases.iter().any(|known| known == base) => Ok(Some(base.to_string())),
            base => {
                let meant = did_you_mean(base, bases.iter().map(String::as_str));
                Err(with_help(format!("the fleet has no base {}", quoted(base)), meant))
            }
        })
    }

    fn user(&mut self, extends: bool) -> Result<Option<Sourced<String>>, Exit> {
        // A base sets the user of its services, unless somebody gives one.
        let proposed = proposed_user(self.found.image.as_ref()).filter(|_| !extends);
        let proposed = proposed.unwrap_or_else(none);
        let given = self.arguments.user.as_deref();
        let question = ("user, or none for the image's", "--user");
        let user = self.ask_sourced(question, given, &proposed, |text| match text {
            "none" => Ok(None),
            text => User::parse(text).map(|user| Some(user.to_string())).map_err(invalid_message),
        })?;
        Ok(some(user))
    }

    fn port(&mut self, hosts: &[(String, String)], user: Option<&str>) -> Result<Option<Sourced<u16>>, Exit> {
        let unknown = HostSurroundings::unknown();
        let joined = self.joined();
        let chosen: Vec<&HostSurroundings> = hosts
            .iter()
            .map(|(name, _)| joined.and_then(|joined| joined.hosts.get(name)).unwrap_or(&unknown))
            .collect();
        let shown = self.found.service.port.as_ref();
        let wanted = shown.map_or(8080, |shown| shown.value);
        let free = free_port(wanted, chosen.iter().copied(), is_root(user));
        let free = free.map_or("none".to_string(), |port| port.to_string());
        let proposed = shown.map(|shown| Sourced::new(free.clone(), shown.source.as_str()));
        let proposed = proposed.unwrap_or_else(none);
        let taken = |port: u16| chosen.iter().any(|host| host.takes(port));
        let given = self.arguments.port.as_deref();
        let question = ("port that it listens on, or none", "--port");
        let port = self.ask_sourced(question, given, &proposed, |text| {
            if text == "none" {
                return Ok(None);
            }
            let port = Port::parse(text).map_err(invalid_message)?.get();
            match (taken(port), port < 1024 && !is_root(user)) {
                (true, _) => Err(format!("port {port} is taken there: {free} is free")),
                (_, true) => Err(format!("port {port} needs root: choose one from 1024 on")),
                _ => Ok(Some(port)),
            }
        })?;
        Ok(some(port))
    }

    fn health_path(&mut self, has_port: bool) -> Result<Option<Sourced<String>>, Exit> {
        let given = self.arguments.health.as_deref();
        let built = self.found.image.as_ref();
        let asked = built.and_then(asked_path).map(|path| Sourced::new(path, "HEALTHCHECK"));
        let has_other = asked.is_none() && built.is_some_and(|image| image.health.is_some());
        if let (false, Some(path)) = (has_port, given.filter(|path| *path != "none")) {
            let message = format!("no port is known to ask for {}", quoted(path));
            return Err(self.terminal.error(&message, &["name it: `--port PORT`".to_string()]));
        }
        if !has_port || (has_other && given.is_none()) {
            return Ok(None);
        }
        let shown = self.found.service.health_path.clone();
        let proposed =
            asked.or(shown).filter(|path| UrlPath::parse(&path.value).is_ok()).unwrap_or_else(none);
        let question = ("path of its health check by HTTP, or none", "--health");
        let path = self.ask_sourced(question, given, &proposed, |text| match text {
            "none" => Ok(None),
            text => UrlPath::parse(text).map(|path| Some(path.to_string())).map_err(invalid_message),
        })?;
        Ok(some(path))
    }

    fn etcd(&mut self) -> Result<Vec<String>, Exit> {
        let read = |text: &String| EtcdUrl::parse(text).map(|url| url.to_string()).map_err(invalid_message);
        let parsed: Result<Vec<String>, String> = self.arguments.etcd.iter().map(read).collect();
        let endpoints = parsed.map_err(|why| self.terminal.error(&why, &[]))?;
        match (self.joined(), endpoints.is_empty()) {
            (Some(_), false) => Err(self
                .terminal
                .error("`--etcd` is the fleet's to say", &["write it into its `fleet` node".to_string()])),
            _ => Ok(endpoints),
        }
    }
}

/// The proposal where nothing is shown.
fn none() -> Sourced<String> {
    Sourced::new("none".to_string(), String::new())
}

/// An answer, unless it is `none`.
fn some<T>(answer: Sourced<Option<T>>) -> Option<Sourced<T>> {
    Some(Sourced::new(answer.value?, answer.source))
}
