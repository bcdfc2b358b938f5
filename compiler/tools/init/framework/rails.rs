//! Rails: `Gemfile`, `config/puma.rb`, `config/routes.rb`, and what its generated Dockerfile starts.

use super::Evidence;
use crate::tools::init::facts::{InnerPort, ServiceFacts};
use crate::tools::init::listening::{of_server, of_source};
use crate::tools::init::source::Sourced;

/// Reads them.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let Some(gemfile) = evidence.repository.text("Gemfile") else { return };
    let gems = gems(&gemfile);
    let has = |gem: &str| gems.iter().any(|known| known == gem);
    if has("rails") {
        if evidence.starts(&["thrust"]) && !evidence.words.is_empty() {
            proxied(facts);
        } else if evidence.starts(&["puma"]) || of_server(evidence.words).is_some() {
            served(evidence, facts);
        }
        kept(evidence, facts);
    }
    if evidence.repository.has("bin/jobs") && has("solid_queue") {
        add(facts, "jobs", &["./bin/jobs"], "bin/jobs");
    } else if has("sidekiq") {
        add(facts, "sidekiq", &["bundle", "exec", "sidekiq"], "Gemfile: sidekiq");
    }
}

/// Adds a worker, where no Procfile names one.
fn add(facts: &mut ServiceFacts, name: &str, words: &[&str], source: &str) {
    if facts.workers.is_empty() {
        facts.add_worker(name, words.iter().map(|word| word.to_string()).collect(), source.to_string());
    }
}

/// `gem "rails"`, but for the groups of development and tests.
fn gems(gemfile: &str) -> Vec<String> {
    let mut gems = Vec::new();
    let mut is_elsewhere = false;
    for line in gemfile.lines().map(str::trim) {
        if line.starts_with("group ") {
            is_elsewhere = line.contains(":development") || line.contains(":test");
        } else if line == "end" {
            is_elsewhere = false;
        } else if let Some(gem) = line.strip_prefix("gem ").filter(|_| !is_elsewhere) {
            gems.extend(gem.split(['"', '\'']).nth(1).map(str::to_string));
        }
    }
    gems
}

/// Thruster listens for the world, and gives Puma a port of its own.
fn proxied(facts: &mut ServiceFacts) {
    facts.port = Some(Sourced::new(80, "CMD: thrust listens there by itself"));
    facts.port_variable = Some(Sourced::new("HTTP_PORT".to_string(), "CMD: thrust reads it"));
    let inner = InnerPort { port: 3000, variable: "TARGET_PORT" };
    facts.inner_port = Some(Sourced::new(inner, "CMD: thrust starts Puma there"));
}

fn served(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let puma = evidence.repository.text("config/puma.rb");
    let listening = puma.as_deref().and_then(of_source);
    if let Some(listening) = listening {
        facts.port = listening.port.map(|port| Sourced::new(port, "config/puma.rb"));
        facts.port_variable =
            listening.variable.map(|variable| Sourced::new(variable, "config/puma.rb reads it"));
    }
    if facts.port.is_none() {
        facts.port = Some(Sourced::new(3000, "Gemfile: rails listens there by itself"));
    }
}

/// The path of the check that `rails new` writes, what Rails writes, and the key that it needs.
fn kept(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let repository = evidence.repository;
    facts.health_path = repository.text("config/routes.rb").and_then(|routes| {
        let route = routes
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("get ") && line.contains("rails/health#show"))?;
        let path = route.split(['"', '\'']).nth(1)?.trim_start_matches('/');
        Some(Sourced::new(format!("/{path}"), "config/routes.rb"))
    });
    facts.writes.extend(evidence.written("tmp", false, "Gemfile: rails keeps its cache and pids there"));
    facts.writes.extend(evidence.written("log", false, "Gemfile: rails writes logs there"));
    if repository.has("config/storage.yml") {
        facts.writes.extend(evidence.written("storage", true, "config/storage.yml"));
    }
    if repository.0.read_up_to("config/credentials.yml.enc", 1024 * 1024).is_ok() {
        facts.notes.push(
            "config/credentials.yml.enc: rails reads it with the secret RAILS_MASTER_KEY, from a file of the host"
                .to_string(),
        );
    }
}
