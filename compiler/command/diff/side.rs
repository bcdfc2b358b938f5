//! The words of `--base` and `--head` → a plan and its files: of a directory, of a commit, or written before.

use super::super::arguments::DiffArguments;
use super::super::file::text_of_file;
use super::super::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::front::read::ENTRY;
use crate::front::resolve::Request;
use crate::model::plan::{Plan, VERSION};
use crate::output::artifacts::{Artifacts, DATA};
use crate::pipeline;
use crate::project::{Disk, GitError, LARGEST_FILE, Project, Repository, Unreadable};
use crate::template::Templates;
use crate::text::Sources;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The source of a side.
pub(crate) struct SideSource {
    name: String,
    origin: SideOrigin,
}

enum SideOrigin {
    Directory(PathBuf),
    Plan(PathBuf),
    Commit(Repository, String),
}

/// A side, compiled as far as it goes.
pub(crate) struct CompiledSide {
    /// Its name in messages.
    pub(crate) name: String,
    /// The plan and its files; none where it does not compile.
    pub(crate) result: Option<(Arc<Plan>, SideFiles)>,
    /// The diagnostics of the side.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The sources that the diagnostics point into.
    pub(crate) sources: Sources,
}

/// The source of a side's files.
pub(crate) enum SideFiles {
    /// They are printed from the plan.
    Printed(Box<Templates>),
    /// They were beside it.
    Read(Artifacts),
    /// They are not there.
    Unknown,
}

/// The reason why a side does not exist or cannot be read.
pub(super) struct SideError {
    message: String,
    help: Option<String>,
}

impl SideError {
    fn new(message: String) -> Self {
        Self { message, help: None }
    }

    fn help(self, help: &str) -> Self {
        Self { help: Some(help.to_string()), ..self }
    }

    /// Prints it.
    pub(crate) fn say(&self, terminal: &mut Terminal) {
        terminal.error(&self.message, self.help.as_slice());
    }
}

impl From<GitError> for SideError {
    fn from(GitError { message, help }: GitError) -> Self {
        Self { message, help }
    }
}

/// Finds both sides.
pub(crate) fn sides(arguments: &DiffArguments) -> Result<(SideSource, SideSource), SideError> {
    let head = match &arguments.head {
        Some(text) => named(text, "HEAD", &arguments.directory)?,
        None => SideSource {
            name: arguments.directory.display().to_string(),
            origin: SideOrigin::Directory(arguments.directory.clone()),
        },
    };
    let tip = match &head.origin {
        SideOrigin::Commit(_, id) => id.clone(),
        _ => "HEAD".to_string(),
    };
    let base = match &arguments.base {
        Some(text) => named(text, &tip, &arguments.directory),
        None => merge_base(&arguments.directory, &tip),
    };
    Ok((base?, head))
}

fn merge_base(directory: &Path, tip: &str) -> Result<SideSource, GitError> {
    let repository = Repository::of(directory)?;
    let branch = repository.default_branch()?;
    let id = repository.merge_base(&branch, tip)?;
    let shown = branch.strip_prefix("refs/remotes/").unwrap_or(&branch);
    Ok(commit(repository, &format!("{shown}..."), id))
}

fn commit(repository: Repository, text: &str, id: String) -> SideSource {
    let short: String = id.chars().take(12).collect();
    SideSource { name: format!("{text} ({short})"), origin: SideOrigin::Commit(repository, id) }
}

/// Finds what a text names. It must be one thing: a guess might compare with something else than was meant.
fn named(text: &str, tip: &str, directory: &Path) -> Result<SideSource, GitError> {
    let side = |origin: fn(PathBuf) -> SideOrigin, path: &str| SideSource {
        name: path.to_string(),
        origin: origin(PathBuf::from(path)),
    };
    let of_commit = |text: &str| {
        let repository = Repository::of(directory)?;
        let id = repository.commit(text, tip)?;
        Ok(commit(repository, text, id))
    };
    match text.split_once(':') {
        Some(("dir", path)) => return Ok(side(SideOrigin::Directory, path)),
        Some(("plan", path)) => return Ok(side(SideOrigin::Plan, path)),
        Some(("ref", name)) => return of_commit(name),
        _ => {}
    }
    let path = Path::new(text);
    let kinds = [("dir", path.is_dir()), ("plan", path.is_file())];
    let found = kinds.into_iter().find(|(_, is)| *is).map(|(kind, _)| kind);
    let is_commit = Repository::of(directory).is_ok_and(|repository| repository.knows(text));
    match (found, is_commit) {
        (Some(kind), true) => Err(GitError {
            message: format!("`{text}` is a path here, and the name of a commit"),
            help: Some(format!("write `{kind}:{text}` or `ref:{text}`")),
        }),
        (Some("dir"), false) => Ok(side(SideOrigin::Directory, text)),
        (Some(_), false) => Ok(side(SideOrigin::Plan, text)),
        (None, _) => of_commit(text),
    }
}

impl SideSource {
    /// Compiles the side. If it is `optional`, a missing project counts as one that does not compile.
    pub(crate) fn build(&self, optional: bool, arguments: &DiffArguments) -> Result<CompiledSide, SideError> {
        match &self.origin {
            SideOrigin::Plan(path) => self.read_plan(path, arguments),
            SideOrigin::Directory(path) => {
                let disk = Disk::open(path, arguments.allow_outside).map_err(|error| {
                    SideError::new(format!("`{}` cannot be entered: {error}", path.display()))
                })?;
                self.compiled(&disk, optional, arguments)
            }
            SideOrigin::Commit(repository, id) => {
                let commit = repository.open(id, arguments.allow_outside)?;
                self.compiled(&commit, optional, arguments)
            }
        }
    }

    fn compiled(
        &self,
        project: &dyn Project,
        optional: bool,
        arguments: &DiffArguments,
    ) -> Result<CompiledSide, SideError> {
        let vars = arguments.vars.iter().cloned().collect();
        let request = Request { environment: arguments.env.clone(), vars };
        let no_entry = |why: Unreadable| {
            SideError::new(format!("`{ENTRY}` {} in {}", why.words(), self.name)).help(
                "a project holds `dpc.kdl`; where the base has none yet, \
                 compare with nothing: `--base-errors=ignore`",
            )
        };
        let built = |result, diagnostics, sources| CompiledSide {
            name: self.name.clone(),
            result,
            diagnostics,
            sources,
        };
        if optional && project.place(ENTRY) == Err(Unreadable::Missing) {
            return Ok(built(None, Vec::new(), Sources::default()));
        }
        let outcome = pipeline::analyse(project, &request).map_err(no_entry)?.checked();
        let result = outcome
            .result
            .map(pipeline::plan)
            .map(|planned| (planned.plan, SideFiles::Printed(Box::new(planned.templates))));
        Ok(built(result, outcome.diagnostics, outcome.sources))
    }

    /// Reads a plan that was written before, with the files beside it if they exist.
    fn read_plan(&self, path: &Path, arguments: &DiffArguments) -> Result<CompiledSide, SideError> {
        let shown = path.display();
        let text =
            text_of_file(path, LARGEST_FILE).map_err(|why| SideError::new(format!("`{shown}` {why}")))?;
        let plan: Plan = serde_json::from_str(&text).map_err(|error| {
            SideError::new(format!("`{shown}` is no plan: {error}"))
                .help("give the `plan.json` that `dpc build` wrote")
        })?;
        if plan.version != VERSION {
            let message =
                format!("`{shown}` is a plan of version {}, and this dpc reads {VERSION}", plan.version);
            return Err(SideError::new(message).help("compare with the commit that it was built from"));
        }
        if plan.environment != arguments.env {
            let name = |name: &Option<String>| name.clone().map_or("none".into(), |name| format!("`{name}`"));
            let message = format!(
                "`{shown}` was built for another environment: {}, not {}",
                name(&plan.environment),
                name(&arguments.env)
            );
            return Err(SideError::new(message).help("give the same `--env`"));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let files = files_beside(folder, &plan)
            .map_err(|why| SideError::new(format!("the files beside `{shown}` {why}")))?;
        let files = files.map_or(SideFiles::Unknown, SideFiles::Read);
        Ok(CompiledSide {
            name: self.name.clone(),
            result: Some((Arc::new(plan), files)),
            diagnostics: Vec::new(),
            sources: Sources::default(),
        })
    }
}

/// The maximum number of files beside a plan.
const MOST_FILES: usize = 500_000;

/// Returns the files of every host if all are there as `dpc build` writes them; an error if they are too many.
fn files_beside(folder: &Path, plan: &Plan) -> Result<Option<Artifacts>, String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(disk) = Disk::open(folder, false) else { return Ok(None) };
    let mut files = Artifacts::default();
    let mut count = 0;
    let mut open: Vec<String> = plan.hosts.iter().map(|host| host.name.clone()).collect();
    if open.iter().any(|host| disk.read(&format!("{host}/MANIFEST")).is_err()) {
        return Ok(None);
    }
    while let Some(folder) = open.pop() {
        let Ok(listed) = disk.list(&folder) else { return Ok(None) };
        for (name, is_folder) in listed {
            let path = format!("{folder}/{name}");
            count += 1;
            if is_folder {
                open.push(path);
            } else {
                match disk.read(&path) {
                    Ok(content) => files.insert(path, content, DATA),
                    Err(Unreadable::TooMuchRead) => return Err("have more than 512 MiB together".to_string()),
                    Err(_) => return Ok(None),
                }
            }
            if count > MOST_FILES {
                return Err(format!("are more than {MOST_FILES}"));
            }
        }
    }
    Ok(Some(files))
}
