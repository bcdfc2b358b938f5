//! Every example under `examples/import`, its KDL and its report.

use crate::import::examples::{Imported, examples, options, root};
use dpc::diagnostic::Severity;
use dpc::front::resolve::Request;
use dpc::pipeline::analyse;
use dpc::project::Disk;
use dpc::tools::import::{self, Handling, ImportError, ImportReport};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The command lines of one example, imported.
pub fn run(example: &Path) -> Result<(String, ImportReport), ImportError> {
    let project = Disk::open(example.parent().unwrap(), false).unwrap();
    let name = example.file_name().unwrap().to_string_lossy();
    let text = fs::read_to_string(example).unwrap();
    let found = import::run::text(&name, &text, &project)?;
    Ok(import::convert(&found, &options(), &project))
}

/// Imports a compose file, or a folder with `compose.yaml` and its overrides.
fn compose(example: &Path) -> Result<(String, ImportReport), ImportError> {
    let folder = if example.is_dir() { example } else { example.parent().unwrap() };
    let project = Disk::open(folder, false).unwrap();
    let files = if example.is_dir() {
        ["compose.yaml", "compose.override.yaml"]
            .iter()
            .filter(|name| folder.join(name).exists())
            .map(|name| name.to_string())
            .collect()
    } else {
        vec![example.file_name().unwrap().to_string_lossy().into_owned()]
    };
    let found = import::compose::files(&files, &BTreeMap::new(), &project)?;
    let (kdl, report) = import::convert(&found, &options(), &project);
    assert!(!format!("{kdl}{}", report.value()).contains("do-not-print"), "{}: a secret", example.display());
    Ok((kdl, report))
}

#[test]
fn compose_files() {
    let folders = examples("compose", &[""]).into_iter().filter(|path| path.join("compose.yaml").exists());
    let examples = examples("compose", &[".yaml", ".json"]).into_iter().chain(folders).collect();
    golden("compose", examples, 40, compose);
}

/// The units in a folder, imported.
fn unit(folder: &Path) -> Result<(String, ImportReport), ImportError> {
    let project = Disk::open(folder, false).unwrap();
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".service") || name.ends_with(".timer"))
        .collect();
    names.sort();
    let files: Vec<(String, String)> = names
        .into_iter()
        .map(|name| (name.clone(), fs::read_to_string(folder.join(name)).unwrap()))
        .collect();
    Ok(import::convert(&import::unit::units(&files, &project)?, &options(), &project))
}

/// Imports the output of `docker inspect`, with a diff and an image if they exist.
pub fn container(example: &Path) -> Result<(String, ImportReport), ImportError> {
    let project = Disk::open(example.parent().unwrap(), false).unwrap();
    let name = example.file_name().unwrap().to_string_lossy().into_owned();
    let mut known = import::container::KnownContainers::default();
    let read = |end: &str| fs::read_to_string(example.with_extension(end)).ok();
    known.diffs.extend(read("diff").map(|diff| (String::new(), diff)));
    if let Some(image) = read("image") {
        known.add_images(&name, &image)?;
    }
    let found = import::container::inspected(&name, &read("json").unwrap(), &known)?;
    Ok(import::convert(&found, &options(), &project))
}

#[test]
fn units() {
    golden("unit", examples("unit", &[""]), 13, unit);
}

#[test]
fn containers() {
    golden("container", examples("container", &[".json"]), 5, container);
}

#[test]
fn command_lines() {
    golden("run", examples("run", &[".sh"]), 80, run);
}

/// Holds every example of a kind against its golden files.
fn golden(
    kind: &str,
    examples: Vec<PathBuf>,
    least: usize,
    import: impl Fn(&Path) -> Result<(String, ImportReport), ImportError>,
) {
    assert!(examples.len() >= least, "{} examples of {kind}", examples.len());
    let folder = root().join("golden/import").join(kind);
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    fs::create_dir_all(&folder).unwrap();
    let mut expected = BTreeSet::new();
    let mut wrong = Vec::new();
    for example in examples {
        let name = example.file_stem().unwrap().to_string_lossy().into_owned();
        let made = match import(&example) {
            Ok((kdl, report)) => {
                let formatted = dpc::tools::format::format(dpc::text::FileId(0), &kdl).unwrap();
                wrong.extend((formatted != kdl).then(|| format!("{name}: `dpc fmt` would change it")));
                let folder = if example.is_dir() { &*example } else { example.parent().unwrap() };
                wrong.extend(unfinished(&name, &kdl, &report, folder));
                vec![(format!("{name}.kdl"), kdl), (format!("{name}.report"), report.text(true))]
            }
            Err(trouble) => vec![(format!("{name}.error"), format!("{trouble}\n"))],
        };
        for (file, text) in made {
            let path = folder.join(&file);
            if update {
                fs::write(&path, &text).unwrap();
            } else if fs::read_to_string(&path).ok().as_deref() != Some(&*text) {
                wrong.push(format!("{}: differs:\n{text}", path.display()));
            }
            expected.insert(file);
        }
    }
    for entry in fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().file_name().to_string_lossy().into_owned();
        if expected.contains(&file) {
            continue;
        }
        if update {
            fs::remove_file(folder.join(&file)).unwrap();
        } else {
            wrong.push(format!("golden/import/{kind}/{file}: no example makes it"));
        }
    }
    assert!(wrong.is_empty(), "{} (UPDATE_GOLDEN=1 rewrites):\n{}", wrong.len(), wrong.join("\n"));
}

/// Checks that the result compiles in each of its environments, or that the report names each line that a person must finish.
pub fn unfinished(name: &str, kdl: &str, report: &ImportReport, folder: &Path) -> Vec<String> {
    let names = kdl.lines().filter_map(|line| line.strip_prefix("environment \"")?.split('"').next());
    let environments: Vec<Option<String>> = names.map(|name| Some(name.to_string())).chain([None]).collect();
    let named: BTreeSet<usize> = report.of(Handling::Decide).filter_map(|entry| entry.line).collect();
    let mut wrong = Vec::new();
    for (number, _) in kdl.lines().enumerate().filter(|(_, line)| line.trim().starts_with("// decide: ")) {
        if !named.contains(&(number + 1)) {
            wrong.push(format!("{name}: line {} says `decide`, and the report does not", number + 1));
        }
    }
    // One decision names all variables without a value; what they stand in is not judged before they have one.
    let without_value = |line: &str| Some(line.strip_prefix("var \"")?.strip_suffix('"')?.to_string());
    let open: Vec<String> =
        kdl.lines().filter_map(without_value).filter(|name| !name.contains('"')).collect();
    for variable in &open {
        if !report.of(Handling::Decide).any(|entry| entry.words.contains(variable)) {
            wrong.push(format!(
                "{name}: the variable {variable} has no value, and the report does not say so"
            ));
        }
    }
    let lines: Vec<&str> = kdl.lines().collect();
    let judged = |line: usize| !open.iter().any(|name| lines[line - 1].contains(&format!("var.{name} ")));
    let vars: BTreeMap<String, String> =
        open.iter().map(|name| (name.clone(), "unset".to_string())).collect();
    for environment in environments {
        let request = Request { environment, vars: vars.clone() };
        let outcome = analyse(&Imported::new(kdl, folder), &request).unwrap();
        for diagnostic in outcome.diagnostics {
            // No line of another file is to be finished.
            let span = diagnostic.span().filter(|span| outcome.sources.path(*span) == "dpc.kdl");
            let line = span.map(|span| outcome.sources.position(span).0);
            let finished = line.is_some_and(|line| named.contains(&line) || !judged(line));
            if diagnostic.fault.severity == Severity::Error && !finished {
                wrong.push(format!("{name}: does not compile, and nothing says so: {}", diagnostic.message));
            }
        }
    }
    wrong
}

#[test]
fn no_flag_is_dropped_silently() {
    let mut silent = Vec::new();
    for example in examples("run", &[".sh"]) {
        let Ok((_, report)) = run(&example) else { continue };
        let text = fs::read_to_string(&example).unwrap();
        for command in import::shell::commands(&text).unwrap() {
            let Some(split) = import::run::DockerRun::new(&command, &mut BTreeMap::new()) else { continue };
            for flag in split.flags {
                let key = format!("--{}", flag.name);
                let told = report
                    .entries
                    .iter()
                    .any(|entry| entry.place.line == flag.line && entry.place.key.starts_with(&key));
                if !told && flag.value != "false" {
                    silent.push(format!("{}: {key}", example.display()));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn no_key_is_dropped_silently() {
    let mut wrong = Vec::new();
    for example in examples("compose", &[".yaml", ".json"]) {
        let Ok((_, report)) = compose(&example) else { continue };
        let file = example.file_name().unwrap().to_string_lossy().into_owned();
        let root = import::yaml::read(&file.as_str().into(), &fs::read_to_string(&example).unwrap()).unwrap();
        wrong.extend(silent(&report, &root).into_iter().map(|key| format!("{file}: {key}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The keys of a compose file that a report says nothing about.
pub fn silent(report: &ImportReport, root: &import::yaml::YamlNode) -> Vec<String> {
    let tops = root.entries().iter().map(|(key, node)| (key.clone(), node)).filter(|(key, _)| {
        !key.starts_with("x-") && !matches!(key.as_str(), "services" | "secrets" | "configs")
    });
    let services = root.get("services").map(|node| node.entries()).unwrap_or_default().iter();
    let keys = services.flat_map(|(name, node)| {
        node.entries().iter().map(move |(key, node)| (format!("services.{name}.{key}"), node))
    });
    let told = |key: &str| report.entries.iter().any(|entry| entry.place.key.starts_with(key));
    keys.chain(tops)
        .filter(|(key, node)| node.text() != Some("") && !is_empty(node) && !told(key))
        .map(|(key, node)| format!("line {}: {key}", node.line))
        .collect()
}

#[test]
fn no_assignment_of_a_unit_is_dropped_silently() {
    let mut wrong = Vec::new();
    for example in examples("unit", &[""]) {
        let Ok((_, report)) = unit(&example) else { continue };
        for entry in fs::read_dir(&example).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if !file.ends_with(".env") {
                let text = fs::read_to_string(&path).unwrap();
                wrong.extend(
                    unsaid(&report, &file, &text)
                        .into_iter()
                        .map(|line| format!("{}: {line}", path.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns the assignments of a unit that a report does not mention. A unit that is lost as a whole counts as mentioned.
pub fn unsaid(report: &ImportReport, file: &str, text: &str) -> Vec<String> {
    let whole = |entry: &&import::report::ReportEntry| &*entry.place.file == file && entry.place.key == file;
    if report.entries.iter().any(|entry| whole(&entry)) {
        return Vec::new();
    }
    let mut continued = false;
    let mut unsaid = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let begins = !continued && line.contains('=') && !line.trim_start().starts_with(['#', ';', '[']);
        continued =
            line.trim_end().ends_with('\\') || (continued && line.trim_start().starts_with(['#', ';']));
        let empty = line.split_once('=').is_some_and(|(_, value)| value.trim().is_empty());
        let told = report
            .entries
            .iter()
            .any(|entry| &*entry.place.file == file && entry.place.line == number as u32 + 1);
        if begins && !empty && !told {
            unsaid.push(format!("{}: {line}", number + 1));
        }
    }
    unsaid
}

fn is_empty(node: &import::yaml::YamlNode) -> bool {
    node.text().is_none() && node.items().is_empty() && node.entries().is_empty()
}
