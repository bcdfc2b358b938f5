//! Next.js: `package.json`, and the server that its standalone build makes.

use super::Evidence;
use crate::tools::init::facts::ServiceFacts;
use crate::tools::init::source::Sourced;

/// Reads them.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let Some(text) = evidence.repository.text("package.json") else { return };
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&text) else { return };
    let has_next = package.get("dependencies").is_some_and(|all| all.get("next").is_some());
    if !has_next || !evidence.starts(&["next", "server.js"]) {
        return;
    }
    facts.port = Some(Sourced::new(3000, "package.json: next listens there by itself"));
    facts.port_variable = Some(Sourced::new("PORT".to_string(), "package.json: next reads it"));
    let is_standalone = evidence.words.iter().any(|word| word.ends_with("server.js"));
    if is_standalone && !evidence.image.is_some_and(|image| image.env.contains_key("HOSTNAME")) {
        // docker sets HOSTNAME, which names one address of the host.
        facts.env.push(Sourced::new(
            ("HOSTNAME", "0.0.0.0"),
            "package.json: next listens on the address that it names, and docker sets it",
        ));
    }
    facts.writes.extend(evidence.written(".next/cache", false, "package.json: next keeps its cache there"));
}
