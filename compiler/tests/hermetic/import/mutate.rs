//! The examples with lines taken away, doubled, moved, cut and filled with each other's values: an import ends soon, with an
//! error that names its place, or with KDL that compiles or whose report names each line that a person must finish.

use crate::import::corpus::{silent, unfinished, unsaid};
use crate::import::examples::{examples, options, root};
use dpc::project::{Disk, Memory, Project, Unreadable};
use dpc::tools::import::yaml::{YamlKind, YamlNode};
use dpc::tools::import::{self, ImportError, ImportReport};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// One change of a text.
#[derive(Clone, Debug)]
enum Change {
    Drop(usize),
    Double(usize),
    Move(usize, usize),
    /// The value of one line behind the key of another.
    Value(usize, usize),
    Indent(usize, bool),
    Cut(usize, usize),
    Replace(usize, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0..400usize;
    let odd = vec![
        "    <<: *all",
        "  deep: &deep [[[[{a: *deep}]]]]",
        "    x: &x {a: 1}",
        "    y: *x",
        "    <<: [*x, *x]",
        "- ",
        "  image:",
        "    ports: {}",
        "    environment: [[a]]",
        "    volumes: ~",
        "    command: {a: b}",
        "    image: ''",
        "    deploy: x",
        "    ports: ['0', '-1', '99999:1', ':80', '80:', '1-70000:1', 'a:b:c:d']",
        "    volumes: ['', ':', '/', '/:/', 'a:/..', './x:/proc', '/a:/b:ro,z,q']",
        "    networks: {a: {aliases: [db, db]}}",
        "    healthcheck: {test: [], interval: -1s, retries: 999}",
        "    env_file: [{path: 1}, x]",
        "    extends: web",
        "ExecStart=",
        "ExecStart=/usr/bin/docker run",
        "[Service]",
        "EnvironmentFile=-",
        "docker run -p -e -v",
        "\\",
        "'",
        "--",
        "{{ x }} {{",
        "\t",
        "\u{feff}",
    ];
    prop_oneof![
        at().prop_map(Change::Drop),
        at().prop_map(Change::Double),
        (at(), at()).prop_map(|(from, to)| Change::Move(from, to)),
        (at(), at()).prop_map(|(from, to)| Change::Value(from, to)),
        (at(), any::<bool>()).prop_map(|(line, deeper)| Change::Indent(line, deeper)),
        (at(), 0..60usize).prop_map(|(line, end)| Change::Cut(line, end)),
        (at(), proptest::sample::select(odd)).prop_map(|(line, text)| Change::Replace(line, text)),
    ]
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    for change in changes {
        let count = lines.len().max(1);
        if lines.is_empty() {
            lines.push(String::new());
        }
        match change {
            Change::Drop(at) => drop(lines.remove(at % count)),
            Change::Double(at) => lines.insert(at % count, lines[at % count].clone()),
            Change::Move(from, to) => {
                let line = lines.remove(from % count);
                lines.insert(to % count, line);
            }
            Change::Value(from, to) => {
                let split = |line: &str| line.find([':', '=']).map_or(line.len(), |at| at + 1);
                let value = lines[from % count][split(&lines[from % count])..].to_string();
                let key = lines[to % count][..split(&lines[to % count])].to_string();
                lines[to % count] = key + &value;
            }
            Change::Indent(at, true) => lines[at % count].insert_str(0, "  "),
            Change::Indent(at, false) => {
                let line = lines[at % count].clone();
                lines[at % count] = line.strip_prefix("  ").unwrap_or(&line).to_string();
            }
            Change::Cut(at, end) => {
                let line = &mut lines[at % count];
                line.truncate(line.floor_char_boundary(*end));
            }
            Change::Replace(at, text) => lines[at % count] = text.to_string(),
        }
    }
    lines.join("\n") + "\n"
}

/// An example's folder with one file of it changed.
struct Changed<'c> {
    name: String,
    text: &'c str,
    rest: Disk,
}

impl Project for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        if path == self.name { Ok(self.text.as_bytes().to_vec()) } else { self.rest.read(path) }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        self.rest.list(directory)
    }
}

/// The time that this thread was on a processor, which other work on the machine does not lengthen.
pub fn busy() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

fn holds(
    import: impl FnOnce() -> Result<(String, ImportReport), ImportError>,
    folder: &Path,
    source: &str,
) -> Result<(), TestCaseError> {
    let start = busy();
    let made = import();
    prop_assert!(busy() - start < Duration::from_secs(10), "this takes too long:\n{}", source);
    match made {
        Ok((kdl, report)) => {
            let wrong = unfinished("mutated", &kdl, &report, folder);
            prop_assert!(wrong.is_empty(), "{}\n{}\n{}", source, kdl, wrong.join("\n"));
        }
        Err(trouble) => {
            let text = trouble.to_string();
            prop_assert!(!trouble.message.is_empty() && !text.contains('\n'), "{}\n{}", source, text);
        }
    }
    Ok(())
}

fn mutated(kind: &str, ends: &[&str], index: usize) -> (std::path::PathBuf, String) {
    let all: Vec<_> = examples(kind, ends).into_iter().filter(|path| path.is_file()).collect();
    let example = all[index % all.len()].clone();
    let text = fs::read_to_string(&example).unwrap();
    (example, text)
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn compose(index in 0..1000usize, changes in prop::collection::vec(change(), 1..6)) {
        let (example, text) = mutated("compose", &[".yaml"], index);
        let text = changed(&text, &changes);
        let folder = example.parent().unwrap();
        let name = example.file_name().unwrap().to_string_lossy().into_owned();
        let project = Changed { name: name.clone(), text: &text, rest: Disk::open(folder, false).unwrap() };
        let import = || {
            let found = import::compose::files(&[name], &BTreeMap::new(), &project)?;
            Ok(import::convert(&found, &options(), &project))
        };
        holds(import, folder, &text)?;
    }

    #[test]
    fn compose_values(index in 0..1000usize, seeds in prop::collection::vec((0..2000usize, 0..15usize), 1..10)) {
        let (example, text) = mutated("compose", &[".yaml"], index);
        let Ok(node) = import::yaml::read(&"x.yaml".into(), &text) else { return Ok(()) };
        let mut value = tree(&node);
        for (at, what) in seeds {
            let mut at = at % size(&value);
            replace(&mut value, &mut at, what);
        }
        // YAML reads JSON.
        let text = value.to_string();
        let folder = example.parent().unwrap();
        let project = Changed { name: "x.yaml".into(), text: &text, rest: Disk::open(folder, false).unwrap() };
        let import = || {
            let found = import::compose::files(&["x.yaml".to_string()], &BTreeMap::new(), &project)?;
            Ok(import::convert(&found, &options(), &project))
        };
        holds(import, folder, &text)?;
        // A service that extends or includes others stands in several places.
        let plain = !text.contains("\"extends\"") && !text.contains("\"include\"");
        if let (true, Ok(found)) = (plain, import::compose::files(&["x.yaml".to_string()], &BTreeMap::new(), &project)) {
            let root = import::yaml::read(&"x.yaml".into(), &text).unwrap();
            let (_, report) = import::convert(&found, &options(), &project);
            let silent = silent(&report, &root);
            prop_assert!(silent.is_empty(), "{}\n{}", text, silent.join("\n"));
        }
    }

    #[test]
    fn command_lines(index in 0..1000usize, other in 0..1000usize, changes in prop::collection::vec(change(), 1..6)) {
        let (example, text) = mutated("run", &[".sh"], index);
        let (_, more) = mutated("run", &[".sh"], other);
        let text = changed(&(text + &more), &changes);
        let folder = example.parent().unwrap();
        let project = Disk::open(folder, false).unwrap();
        let import = || Ok(import::convert(&import::run::text("run.sh", &text, &project)?, &options(), &project));
        holds(import, folder, &text)?;
    }

    #[test]
    fn units(index in 0..1000usize, changes in prop::collection::vec(change(), 1..6)) {
        let folders = examples("unit", &[""]);
        let folder = &folders[index % folders.len()];
        let mut files: Vec<(String, String)> = fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        }).collect();
        files.sort();
        for (_, text) in &mut files {
            *text = changed(text, &changes);
        }
        let project = Disk::open(folder, false).unwrap();
        let import = || Ok(import::convert(&import::unit::units(&files, &project)?, &options(), &project));
        holds(import, folder, &format!("{files:#?}"))?;
        if let Ok(found) = import::unit::units(&files, &project) {
            let (_, report) = import::convert(&found, &options(), &project);
            // An empty value removes earlier values, which are not reported.
            let resets = files.iter().any(|(_, text)| text.lines().any(|line| line.trim_end().ends_with('=')));
            for (file, text) in files.iter().filter(|(file, _)| !resets && !file.ends_with(".env")) {
                let silent = unsaid(&report, file, text);
                prop_assert!(silent.is_empty(), "{}\n{}", text, silent.join("\n"));
            }
        }
    }

    #[test]
    fn containers(index in 0..1000usize, seeds in prop::collection::vec((0..5000usize, 0..15usize), 1..8)) {
        let (example, text) = mutated("container", &[".json"], index);
        let mut value: Value = serde_json::from_str(&text).unwrap();
        for (at, what) in seeds {
            let mut at = at % size(&value);
            replace(&mut value, &mut at, what);
        }
        let text = value.to_string();
        let diff = fs::read_to_string(example.with_extension("diff")).unwrap_or_default();
        let known = import::container::KnownContainers { diffs: [(String::new(), diff)].into(), ..Default::default() };
        let project = Memory::default();
        let import = || Ok(import::convert(&import::container::inspected("x.json", &text, &known)?, &options(), &project));
        holds(import, &root().join("examples/import/container"), &text)?;
    }
}

fn tree(node: &YamlNode) -> Value {
    match &node.kind {
        YamlKind::Null => Value::Null,
        YamlKind::Text(text, _) => Value::from(text.as_str()),
        YamlKind::List(items) => items.iter().map(tree).collect(),
        YamlKind::Map(entries) => entries.iter().map(|(key, node)| (key.clone(), tree(node))).collect(),
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(size).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Puts another value in the place of one.
fn replace(value: &mut Value, at: &mut usize, what: usize) {
    if *at == 0 {
        *value = [
            Value::Null,
            Value::from(-1),
            Value::from(i64::MAX),
            Value::from(u64::MAX),
            Value::from(1.5),
            Value::from(""),
            Value::from("a b\n\u{0}{{ x }}"),
            Value::from("../../x"),
            Value::from(true),
            Value::from(vec!["", "/", "container:x"]),
            serde_json::json!({"": {}, "a": [1]}),
            serde_json::json!([[{"Type": "bind"}]]),
            Value::from("80:80"),
            Value::from("db"),
            Value::from("${A:-${B}}/x:y"),
        ][what]
            .clone();
    }
    let before = *at;
    *at = at.wrapping_sub(1);
    if before == 0 {
        return;
    }
    let children: Vec<&mut Value> = match value {
        Value::Array(list) => list.iter_mut().collect(),
        Value::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        replace(child, at, what);
        if *at == usize::MAX {
            return;
        }
    }
}
