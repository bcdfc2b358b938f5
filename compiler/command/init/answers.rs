//! The command line, facts of the repository, and answers → the draft.

use super::super::Exit;
use super::super::arguments::InitArguments;
use super::super::terminal::Terminal;
use super::place::Destination;
use super::questions::Questions;
use super::values::{at_least_one, invalid_message, known_host, new_host, with_help, words};
use crate::tools::init::draft::{Draft, asked_path, built_port, is_root, placeholders, proposed_user};
use crate::tools::init::found::{RepositoryFacts, name};
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
    let fleet = asked.fleet(None)?;
    let image = asked.image(&fleet, &service)?;
    let hosts = asked.hosts()?;
    let base = asked.base()?;
    let user = asked.user(base.is_some())?;
    let port = asked.port(&hosts, user.as_deref())?;
    let health_path = asked.health_path(port)?;
    let etcd = asked.etcd()?;
    let registers = !etcd.is_empty() || asked.joined().is_some_and(|joined| joined.has_etcd);
    let built = found.image.clone();
    Ok(Draft { fleet, etcd, hosts, service, image, base, user, port, health_path, registers, built })
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
    let fleet = asked.fleet(project)?;
    Ok((fleet, asked.hosts()?))
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

    fn service(&mut self) -> Result<String, Exit> {
        let folder = std::env::current_dir().ok();
        let folder = folder.as_deref().and_then(|path| path.file_name()).and_then(|name| name.to_str());
        let package = self.found.package.as_ref().map(|package| package.name.as_str());
        let proposed = [package, folder].into_iter().flatten().find_map(name);
        let proposed = proposed.map_or("app".to_string(), |name| name.to_string());
        let taken = self.joined().map(|joined| joined.names.clone()).unwrap_or_default();
        let given = self.arguments.name.as_deref();
        self.ask("name of the service", given, &proposed, |text| {
            let name = Name::parse(text).map_err(invalid_message)?.to_string();
            if taken.contains(&name) {
                Err(format!("`{name}` is in the fleet already: choose another name"))
            } else {
                Ok(name)
            }
        })
    }

    /// Asks for the fleet's name. The proposal for a new fleet is the project's name, or the owner of the package.
    fn fleet(&mut self, project: Option<&str>) -> Result<String, Exit> {
        if let Some(joined) = self.joined() {
            return Ok(joined.fleet.clone());
        }
        let owner = self.found.package.as_ref().and_then(|package| package.owner.as_deref());
        let named = |text: &str| name(text).filter(|name| Name::parse_fleet(name.as_str()).is_ok());
        let proposed = [project, owner].into_iter().flatten().find_map(named);
        let proposed = proposed.map_or("apps".to_string(), |name| name.to_string());
        let read = |text: &str| Name::parse_fleet(text).map(|name| name.to_string()).map_err(invalid_message);
        self.ask("name of the fleet", self.arguments.fleet_name.as_deref(), &proposed, read)
    }

    fn image(&mut self, fleet: &str, service: &str) -> Result<String, Exit> {
        let version = self.found.package.as_ref().and_then(|package| package.version.as_deref());
        let tagged = |tag: &str| format!("registry.example.com/{fleet}/{service}:{tag}");
        let proposed = version.map(tagged).filter(|image| Image::parse(image).is_ok());
        let proposed = proposed.unwrap_or_else(|| tagged("1.0.0"));
        self.ask("image, with its tag", self.arguments.image.as_deref(), &proposed, |text| {
            let image = Image::parse(text).map_err(invalid_message)?;
            if image.is_floating() {
                Err(format!("`{text}` is another image tomorrow: write a tag other than `latest`"))
            } else {
                Ok(text.to_string())
            }
        })
    }

    fn hosts(&mut self) -> Result<Vec<(String, String)>, Exit> {
        let given = (!self.arguments.hosts.is_empty()).then(|| self.arguments.hosts.join(" "));
        if let Some(joined) = self.joined() {
            let known: Vec<&str> = joined.hosts.keys().map(String::as_str).collect();
            let question = format!("hosts to run on (of {})", known.join(", "));
            let proposed = known.first().copied().unwrap_or_default();
            return self.ask(&question, given.as_deref(), proposed, |text| {
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
        self.ask("hosts, as NAME=ADDRESS", given.as_deref(), &proposed.join(" "), |text| {
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

    fn user(&mut self, extends: bool) -> Result<Option<String>, Exit> {
        // A base sets the user of its services, unless somebody gives one.
        let proposed = proposed_user(self.found.image.as_ref()).filter(|_| !extends);
        let proposed = proposed.unwrap_or_else(|| "none".to_string());
        self.ask(
            "user, or none for the image's",
            self.arguments.user.as_deref(),
            &proposed,
            |text| match text {
                "none" => Ok(None),
                text => User::parse(text).map(|user| Some(user.to_string())).map_err(invalid_message),
            },
        )
    }

    fn port(&mut self, hosts: &[(String, String)], user: Option<&str>) -> Result<Option<u16>, Exit> {
        let unknown = HostSurroundings::unknown();
        let joined = self.joined();
        let chosen: Vec<&HostSurroundings> = hosts
            .iter()
            .map(|(name, _)| joined.and_then(|joined| joined.hosts.get(name)).unwrap_or(&unknown))
            .collect();
        let built = built_port(self.found.image.as_ref());
        let free = free_port(built.unwrap_or(8080), chosen.iter().copied(), is_root(user));
        let proposed = free.map_or("none".to_string(), |port| port.to_string());
        let taken = |port: u16| chosen.iter().any(|host| host.takes(port));
        let given = self.arguments.port.as_deref();
        self.ask("port that it listens on, or none", given, &proposed, |text| {
            if text == "none" {
                return Ok(None);
            }
            let port = Port::parse(text).map_err(invalid_message)?.get();
            match (taken(port), port < 1024 && !is_root(user)) {
                (true, _) => Err(format!("port {port} is taken there: {proposed} is free")),
                (_, true) => Err(format!("port {port} needs root: choose one from 1024 on")),
                _ => Ok(Some(port)),
            }
        })
    }

    fn health_path(&mut self, port: Option<u16>) -> Result<Option<String>, Exit> {
        let given = self.arguments.health.as_deref();
        let built = self.found.image.as_ref();
        let known = built.and_then(asked_path);
        let has_other = known.is_none() && built.is_some_and(|image| image.health.is_some());
        if port.is_none() || (has_other && given.is_none()) {
            return Ok(None);
        }
        let proposed = known.unwrap_or_else(|| "none".to_string());
        self.ask("path of its health check by HTTP, or none", given, &proposed, |text| match text {
            "none" => Ok(None),
            text => UrlPath::parse(text).map(|path| Some(path.to_string())).map_err(invalid_message),
        })
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
