//! Django: `manage.py`, its settings, and Celery beside it.

use super::{Evidence, python_requirements};
use crate::tools::init::facts::ServiceFacts;
use crate::tools::init::listening::program;
use crate::tools::init::repository::Repository;

/// Reads them.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let settings = settings(evidence.repository);
    if let Some((_, settings)) = &settings {
        stored(evidence, settings, facts);
    }
    let requirements = python_requirements(evidence.repository);
    let is_celery = evidence.words.iter().any(|word| program(word) == "celery");
    let celery = requirements.iter().find(|(_, name)| name == "celery").filter(|_| !is_celery);
    match (celery, settings) {
        (Some((file, _)), Some((module, settings))) if facts.workers.is_empty() => {
            celery_beside(evidence, file, &module, settings, facts);
        }
        (Some((file, _)), None) if facts.workers.is_empty() => {
            let command = "`command \"celery\" \"-A\" \"MODULE\" \"worker\"`";
            facts
                .notes
                .push(format!("{file}: celery, whose worker is a service of this image with {command}"));
        }
        _ => {}
    }
}

/// The worker of Celery, and its schedule if there is one.
fn celery_beside(
    evidence: &Evidence<'_>,
    file: &str,
    module: &str,
    settings: (String, String),
    facts: &mut ServiceFacts,
) {
    let application = module.split('.').next().unwrap_or(module);
    let own = format!("{application}/celery.py");
    let text = evidence.repository.text(&own);
    let source = match &text {
        Some(_) => format!("{file}: celery, whose application is {own}"),
        None => format!("a guess: {file} has celery, and manage.py names {application}"),
    };
    let words = |rest: &[&str]| {
        ["celery", "-A", application].iter().chain(rest).map(|word| word.to_string()).collect()
    };
    facts.add_worker("worker", words(&["worker"]), source);
    let beats = |text: &str| text.contains("beat_schedule") || text.contains("CELERY_BEAT_SCHEDULE");
    let schedule = [(own, text.unwrap_or_default()), settings].into_iter().find(|(_, text)| beats(text));
    if let Some((path, _)) = schedule {
        let words = words(&["beat", "--schedule", "/tmp/celerybeat-schedule"]);
        facts.add_worker("beat", words, format!("{path}: a schedule"));
    }
}

/// The module that `manage.py` names, and the file of its settings.
fn settings(repository: Repository<'_>) -> Option<(String, (String, String))> {
    let text = repository.text("manage.py")?;
    let (_, behind) = text.split_once("DJANGO_SETTINGS_MODULE")?;
    let quoted = behind.split(['"', '\'']).nth(2)?;
    let is_module = quoted.chars().all(|char| char.is_ascii_alphanumeric() || "_.".contains(char));
    let module = is_module.then(|| quoted.to_string())?;
    let path = module.replace('.', "/");
    let file = repository.first([format!("{path}.py"), format!("{path}/base.py")]);
    Some((module, file.unwrap_or_default()))
}

/// What the settings keep below the project's directory.
fn stored(evidence: &Evidence<'_>, (path, text): &(String, String), facts: &mut ServiceFacts) {
    let media = text.lines().find_map(|line| line.trim().strip_prefix("MEDIA_ROOT")).and_then(|line| {
        let below = line.contains("BASE_DIR").then(|| line.split(['"', '\'']).nth(1)).flatten()?;
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
        (!below.is_empty() && below.chars().all(is_plain)).then_some(below)
    });
    if let Some(below) = media {
        facts.writes.extend(evidence.written(below, true, &format!("{path}: MEDIA_ROOT")));
    }
    let database = text.lines().find(|line| line.contains("sqlite3") && line.contains("BASE_DIR"));
    if database.is_some() {
        facts.notes.push(format!(
            "{path}: the database is a file beside the program, which is read-only: move it into a volume"
        ));
    }
}
