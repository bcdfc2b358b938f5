//! Laravel: `composer.json`, and the directories that its skeleton has.

use super::Evidence;
use crate::tools::init::facts::ServiceFacts;

/// Directories that hold what a new container makes again.
const SCRATCH: &[&str] = &[
    "bootstrap/cache",
    "storage/framework/cache",
    "storage/framework/sessions",
    "storage/framework/views",
    "storage/logs",
];

/// Reads them.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let Some(text) = evidence.repository.text("composer.json") else { return };
    let Ok(package) = serde_json::from_str::<serde_json::Value>(&text) else { return };
    let requires = |name: &str| package.get("require").is_some_and(|all| all.get(name).is_some());
    if !requires("laravel/framework") {
        return;
    }
    let source = "composer.json: laravel writes there";
    facts.writes.extend(SCRATCH.iter().filter_map(|below| evidence.written(below, false, source)));
    facts.writes.extend(evidence.written("storage/app", true, "composer.json: laravel keeps files there"));
    if requires("laravel/horizon") && facts.workers.is_empty() {
        let words = ["php", "artisan", "horizon"].map(str::to_string).to_vec();
        facts.add_worker("horizon", words, "composer.json: laravel/horizon".to_string());
    }
    let example = evidence.repository.text(".env.example").unwrap_or_default();
    if example.lines().any(|line| line.starts_with("APP_KEY=")) {
        facts
            .notes
            .push(".env.example: laravel reads the secret APP_KEY, from a file of the host".to_string());
    }
}
