//! What the container starts → its words, and the file of the repository that they run.

use super::dockerfile::{BuiltImage, words};
use super::listening::{of_server, program};
use super::procfile::{self, Entry};
use super::repository::Repository;
use super::source::{Sourced, shown};

/// The words that the service starts with: of the Dockerfile, else of the Procfile, else of the package.
pub(crate) fn started(
    repository: Repository<'_>,
    image: Option<&BuiltImage>,
    entries: &[Entry],
) -> Option<Sourced<Vec<String>>> {
    let built = image.and_then(BuiltImage::words).map(|(source, words)| Sourced::new(words, source));
    let written = || {
        let main = procfile::main(entries)?;
        Some(Sourced::new(words(&main.command), format!("Procfile: {}", main.name)))
    };
    // Without a Dockerfile nothing else says what runs.
    let of_package = || image.is_none().then(|| script(repository, "start")).flatten();
    let started = built.or_else(written).or_else(of_package)?;
    let named = named_script(&started.value).and_then(|name| script(repository, name));
    let named = named.or_else(|| in_shell_script(repository, image, &started.value));
    Some(named.unwrap_or_else(|| Sourced { value: without_shell(started.value), ..started }))
}

/// `npm start`, `yarn run serve` → the name of the script.
fn named_script(words: &[String]) -> Option<&str> {
    let at = words.iter().position(|word| matches!(program(word), "npm" | "yarn" | "pnpm" | "bun"))?;
    let mut behind = words[at + 1..].iter().map(String::as_str).filter(|word| !word.starts_with('-'));
    match behind.next()? {
        "run" | "run-script" => behind.next(),
        name => Some(name),
    }
}

fn script(repository: Repository<'_>, name: &str) -> Option<Sourced<Vec<String>>> {
    let json: serde_json::Value = serde_json::from_str(&repository.text("package.json")?).ok()?;
    let script = json.get("scripts")?.get(name)?.as_str()?;
    Some(Sourced::new(words(script), "package.json: scripts"))
}

/// `./start.sh` → the line of it that starts a server.
fn in_shell_script(
    repository: Repository<'_>,
    image: Option<&BuiltImage>,
    started: &[String],
) -> Option<Sourced<Vec<String>>> {
    let path = inside(image, started.iter().find(|word| word.ends_with(".sh"))?);
    let text = repository.text(path)?;
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with('#')).map(words);
    let server = lines.rfind(|words| of_server(words).is_some())?;
    Some(Sourced::new(server, shown(path)))
}

/// A path of the container as one of the repository.
fn inside<'w>(image: Option<&BuiltImage>, word: &'w str) -> &'w str {
    let workdir = image.and_then(|image| image.workdir.as_deref()).unwrap_or("/app");
    let inside = word.strip_prefix(workdir).map_or(word, |inside| inside.trim_start_matches('/'));
    inside.trim_start_matches("./")
}

/// `sh -c "exec node server.js"` → the words within.
fn without_shell(started: Vec<String>) -> Vec<String> {
    match &started[..] {
        [shell, option, command, ..]
            if matches!(program(shell), "sh" | "bash" | "ash") && option.ends_with('c') =>
        {
            words(command)
        }
        _ => started,
    }
}

/// The file of the repository that the words run, as it can stand in a comment, and its text.
pub(crate) fn source_file(
    repository: Repository<'_>,
    image: Option<&BuiltImage>,
    words: &[String],
) -> Option<(String, String)> {
    let mut paths: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_module = at > 0 && words[at - 1] == "-m";
        paths.extend(files_of(inside(image, word), is_module));
    }
    let name = words.first().map_or("", |word| program(word));
    if repository.has("go.mod") {
        paths.extend(["main.go".to_string(), format!("cmd/{name}/main.go")]);
    }
    if repository.has("Cargo.toml") {
        paths.extend(["src/main.rs".to_string(), format!("src/bin/{name}.rs")]);
    }
    let (path, text) = repository.first(paths)?;
    Some((shown(&path), text))
}

/// The files that a word of a command may stand for.
fn files_of(word: &str, is_module: bool) -> Vec<String> {
    let is_dotted = |text: &str| {
        text.chars().all(|char| char.is_ascii_alphanumeric() || "_.".contains(char)) && !text.is_empty()
    };
    let module = word.split_once(':').filter(|(module, _)| !module.contains('/')).map(|(module, _)| module);
    let module = module.or(is_module.then_some(word)).filter(|module| is_dotted(module));
    if let Some(module) = module {
        let path = module.replace('.', "/");
        return vec![format!("{path}.py"), format!("{path}/__main__.py"), format!("src/{path}.py")];
    }
    let stem = [".js", ".mjs", ".cjs"].iter().find_map(|end| word.strip_suffix(end));
    let bare = stem.or_else(|| Some(word).filter(|word| !word.contains('.')));
    let of_build = bare.and_then(|stem| stem.strip_prefix("dist/").or_else(|| stem.strip_prefix("build/")));
    if let Some(stem) = of_build {
        return vec![
            word.to_string(),
            format!("src/{stem}.ts"),
            format!("src/{stem}.js"),
            format!("{stem}.ts"),
        ];
    }
    if stem.is_some() || word.ends_with(".py") || word.ends_with(".ts") {
        return vec![word.to_string()];
    }
    Vec::new()
}
