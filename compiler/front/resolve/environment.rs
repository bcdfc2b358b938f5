//! `env`, `env-file` and `secret` → the environment of a container.

use super::container_place::ContainerPlace;
use super::merge::{Layered, Merged};
use super::reading::{INVALID_VALUE, Reading};
use crate::diagnostic::{Diagnostic, Fault};
use crate::encode::env_file;
use crate::front::limits::ROOM_A_SETTING;
use crate::front::read::near;
use crate::model::container::Secret;
use crate::project::Unreadable;
use crate::text::Located;
use crate::text::Span;
use crate::value::env_name::EnvName;
use crate::value::path::{ContainerPath, HostPath, ProjectPath};
use crate::value::suggest::listed;
use crate::value::{Invalid, quoted};
use std::collections::BTreeMap;

/// A file of the project that cannot be read.
pub(crate) const FILE_MISSING: Fault = Fault::error(
    "file-missing",
    "a file that a service takes from the project must be there",
    "The bundle carries config files to the hosts. One that is not there would be a service that starts without its \
     configuration, or does not start.",
);
/// One variable twice.
pub(crate) const DUPLICATE_VARIABLE: Fault = Fault::error(
    "duplicate-variable",
    "a variable comes from one place: `env`, one `env-file` or one `secret`",
    "Of two values docker takes the last one that it is given, without a word.",
);

/// A value of an env file that a shell or compose would read in another way.
pub(crate) const ENV_FILE_VALUE: Fault = Fault::warning(
    "env-file-value",
    "a value of an env file has no quotes around it and no comment behind it",
    "A line of an env file is `NAME=value`. docker takes all that stands behind the `=` as it is: quotes belong to the value, so does \
     ` # a comment`, nothing is filled in, and no value goes on in the next line. A line that begins with `#` is a comment. Compose \
     and shells read such files in another way.",
);

/// Returns the variables of the project's files, overlaid by those of `env`; and the files of the host.
pub(super) fn env(
    container: &ContainerPlace<'_, '_>,
    merged: &Merged<'_, '_>,
    reading: &mut Reading<'_>,
) -> (BTreeMap<EnvName, Located<String>>, Vec<Located<HostPath>>) {
    let mut found = BTreeMap::new();
    let mut host_files = Vec::new();
    for setting in merged.all("env-file") {
        let Some(path) = setting.argument().and_then(|entry| reading.text(entry)) else { continue };
        if path.starts_with('/') {
            host_files.extend(reading.valid(HostPath::parse(&path.value), path.span));
        } else {
            from_file(container, &path, &mut found, reading);
        }
    }
    for setting in merged.all("env") {
        let Some(value) = setting.argument().and_then(|entry| reading.text(entry)) else { continue };
        let name = reading.valid(EnvName::parse(setting.key()), setting.node().name_span());
        if let Some(name) = name.filter(|name| reading.fits(&value, name.value.as_str().len() + 1)) {
            found.insert(name.value, value);
        }
    }
    (found, host_files)
}

fn from_file(
    container: &ContainerPlace<'_, '_>,
    path: &Located<String>,
    found: &mut BTreeMap<EnvName, Located<String>>,
    reading: &mut Reading<'_>,
) {
    let Some(path) = reading.valid(ProjectPath::parse(path), path.span) else { return };
    let Some(content) = read(container, path.value.as_str(), path.span, reading) else { return };
    let lines = memchr::memchr_iter(b'\n', &content).count();
    if !reading.has_room(content.len() + lines * ROOM_A_SETTING) {
        return;
    }
    let variables = match env_file::parse(&content) {
        Ok(variables) => variables,
        Err(faults) => {
            reading.push(unreadable(path.value.as_str(), &content, &faults).at(path.span, "this file"));
            return;
        }
    };
    if let Some(diagnostic) = misread(path.value.as_str(), &content, &variables) {
        reading.push(diagnostic.at(path.span, "this file"));
    }
    let mut twice: BTreeMap<Span, Vec<&str>> = BTreeMap::new();
    for variable in variables {
        let value = Located::new(variable.value.to_string(), path.span);
        let Some(name) = reading.valid(EnvName::parse(variable.name), path.span) else { continue };
        if let Some(first) = found.insert(name.value, value) {
            twice.entry(first.span).or_default().push(variable.name);
        }
    }
    twice.into_iter().for_each(|(first, names)| reading.push(duplicate(&names, path.span, first)));
}

/// Reports every line of an env file that docker would not take in one message: they have one place in the KDL.
fn unreadable(path: &str, content: &[u8], faults: &[env_file::EnvFileFault]) -> Diagnostic {
    let words = |fault: &env_file::EnvFileFault| {
        let before = &content[..fault.range.start.min(content.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line}: {}", fault.refused)
    };
    let (first, others) = match faults {
        [first, others @ ..] => (words(first), others),
        [] => (String::new(), faults),
    };
    let diagnostic = Diagnostic::new(&INVALID_VALUE, format!("in `{path}`, {first}"));
    let diagnostic = others.iter().take(SHOWN).fold(diagnostic, |all, fault| all.help(words(fault)));
    match others.len().saturating_sub(SHOWN) {
        0 => diagnostic.help("a line is `NAME=value`, without quotes and without `export`"),
        more => diagnostic.help(format!(
            "and {more} lines more; a line is `NAME=value`, without quotes and without `export`"
        )),
    }
}

/// Reports the lines that docker reads in another way than their author.
fn misread(path: &str, content: &[u8], variables: &[env_file::Variable<'_>]) -> Option<Diagnostic> {
    let words = |variable: &env_file::Variable<'_>| {
        let what = unmeant(variable.value)?;
        let line = memchr::memchr_iter(b'\n', &content[..variable.name_range.start]).count() + 1;
        Some(format!("line {line}: `{}` gets {what} too", variable.name))
    };
    let mut lines = variables.iter().filter_map(words).take(SHOWN + 1);
    let diagnostic = Diagnostic::new(&ENV_FILE_VALUE, format!("in `{path}`, {}", lines.next()?));
    let diagnostic = lines.fold(diagnostic, Diagnostic::help);
    Some(diagnostic.help("docker takes a value as it is: leave them out, or write the variable in `env`"))
}

/// Returns what an application gets that the author of a value did not mean.
fn unmeant(value: &str) -> Option<&'static str> {
    let value = value.trim_end();
    let is_within = |quote| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if is_within('"') || is_within('\'') {
        return Some("its quotes");
    }
    value.contains(" # ").then_some("the comment behind it")
}

/// Number of further lines that a message shows.
const SHOWN: usize = 5;

fn duplicate(names: &[&str], one: Span, other: Span) -> Diagnostic {
    let listed = listed(names.iter().copied());
    let (what, stand, come) = match names.len() {
        1 => ("the variable", "stands", "comes"),
        _ => ("the variables", "stand", "come"),
    };
    if one == other {
        return Diagnostic::new(&DUPLICATE_VARIABLE, format!("{what} {listed} {stand} twice in this file"))
            .at(one, "this file")
            .help("keep one line of each");
    }
    Diagnostic::new(&DUPLICATE_VARIABLE, format!("{what} {listed} {come} from two places"))
        .at(one.max(other), "again here")
        .at(one.min(other), "first here")
        .help("keep one of them; `env` may replace what an `env-file` says")
}

/// Reads a file of the project, or reports why it cannot.
pub(super) fn read(
    container: &ContainerPlace<'_, '_>,
    path: &str,
    span: Span,
    reading: &mut Reading<'_>,
) -> Option<Vec<u8>> {
    match container.context.project.read(path) {
        Ok(content) => Some(content),
        Err(why) => {
            reading.push_error(|| missing(container, path, span, why));
            None
        }
    }
}

fn missing(container: &ContainerPlace<'_, '_>, path: &str, span: Span, why: Unreadable) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&FILE_MISSING, format!("`{path}` {}", why.words())).at(span, "this file");
    match why {
        Unreadable::Missing => diagnostic.help(match near(&container.context.folders, path) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "paths are relative to the folder of `dpc.kdl`".to_string(),
        }),
        Unreadable::Outside => diagnostic.help("copy it into the project"),
        Unreadable::NotAFile => diagnostic.help("name a file, one for each line"),
        _ => diagnostic,
    }
}

/// Returns the secrets, sorted by name; `env` holds the other variables of the container.
pub(crate) fn secrets(
    merged: &Merged<'_, '_>,
    env: &BTreeMap<EnvName, Located<String>>,
    reading: &mut Reading<'_>,
) -> Vec<Secret> {
    let mut found = Vec::new();
    for setting in merged.all("secret") {
        if let Some(secret) = secret(setting, reading) {
            if let Some(value) = env.get(secret.name.as_str()).filter(|_| secret.path.is_none()) {
                reading.push(duplicate(&[&secret.name], setting.node().span(), value.span));
            }
            found.push(secret);
        }
    }
    found
}

fn secret(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> Option<Secret> {
    let entry = setting.argument()?;
    let path = match setting.property("path") {
        Some(entry) => Some(reading.parsed(entry, ContainerPath::parse)?),
        None => None,
    };
    let name = match path {
        None => reading.parsed(entry, variable_name)?.value,
        Some(_) => reading.text(entry)?.value,
    };
    let from = reading.parsed(setting.property("from")?, HostPath::parse)?;
    Some(Secret { name, from, path })
}

/// The script reads a secret into a variable of its own before it calls docker. So sh must be able to assign the name, and
/// neither sh, docker's client nor the loader may act on it.
fn variable_name(text: &str) -> Result<String, Invalid> {
    EnvName::parse(text)?;
    let plain = !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let acted_on = ["LD_", "DOCKER_", "BASH_"].iter().any(|prefix| text.starts_with(prefix))
        || ["PATH", "IFS", "HOME", "ENV", "PWD", "OLDPWD", "SHELLOPTS"].contains(&text);
    match (plain, acted_on) {
        (true, false) => Ok(text.to_string()),
        (false, _) => Err(Invalid::new(format!(
            "a secret cannot become the variable {}: sh cannot assign it",
            quoted(text)
        ))
        .help("write letters, digits and `_`; or add `path=\"…\"` to mount the secret as a file")),
        (true, true) => Err(Invalid::new(format!(
            "a secret cannot become the variable {}: it changes how docker is called",
            quoted(text)
        ))
        .help("add `path=\"…\"` to mount the secret as a file")),
    }
}
