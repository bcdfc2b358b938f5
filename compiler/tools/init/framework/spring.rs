//! Spring Boot: `pom.xml` or `build.gradle`, and `application.properties`.

use super::Evidence;
use crate::tools::init::facts::ServiceFacts;
use crate::tools::init::listening::program;
use crate::tools::init::manifest::{Pom, gradle};
use crate::tools::init::source::Sourced;

/// Reads them.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let builds = ["pom.xml", gradle::BUILD[0], gradle::BUILD[1]].map(str::to_string);
    let Some((build, text)) = evidence.repository.first(builds) else { return };
    let pom = (build == "pom.xml").then(|| Pom::read(&text));
    let depends_on = |artifact: &str| {
        pom.as_ref().map_or_else(|| gradle::depends_on(&text, artifact), |pom| pom.depends_on(artifact))
    };
    let is_web = ["spring-boot-starter-web", "spring-boot-starter-webflux", "spring-boot-starter-webmvc"]
        .iter()
        .any(|starter| depends_on(starter));
    if !is_web || !evidence.starts(&["java"]) {
        return;
    }
    let files = ["properties", "yml", "yaml"].map(|end| format!("src/main/resources/application.{end}"));
    let (path, settings) = evidence.repository.first(files).unwrap_or_default();
    let port = if path.ends_with("properties") {
        property(&settings, "server.port")
    } else {
        nested_port(&settings)
    };
    facts.port = match port {
        Some(value) => number(value).map(|port| Sourced::new(port, program(&path))),
        None => Some(Sourced::new(8080, format!("{build}: spring-boot listens there by itself"))),
    };
    facts.port_variable =
        Some(Sourced::new("SERVER_PORT".to_string(), format!("{build}: spring-boot reads it")));
    // Another port or path of its own, or one below that of the application.
    let is_moved = ["management", "context-path", "base-path"].iter().any(|word| settings.contains(word));
    if depends_on("spring-boot-starter-actuator") && !is_moved {
        let source = format!("{build}: spring-boot-starter-actuator");
        facts.health_path = Some(Sourced::new("/actuator/health".to_string(), source));
    }
}

/// `server.port=8081`.
fn property<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines()
        .find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix('='))
        .map(str::trim)
}

/// `port:` below `server:`.
fn nested_port(text: &str) -> Option<&str> {
    let behind = text.lines().skip_while(|line| line.trim_end() != "server:").skip(1);
    let mut inside = behind.take_while(|line| line.starts_with([' ', '\t']) || line.trim().is_empty());
    inside.find_map(|line| line.trim().strip_prefix("port:")).map(str::trim)
}

/// `8081`, or `${PORT:8081}`.
fn number(value: &str) -> Option<u16> {
    value.rsplit(['{', ':']).next()?.trim_end_matches('}').parse().ok().filter(|port| *port > 0)
}
