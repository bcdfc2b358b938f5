//! The command line. The only module that declares it.

use super::pages;
use crate::value::address::HostAddress;
use crate::value::name::Name;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Compiles services written in KDL to what each host runs: docker run scripts, systemd units and etcd registrations.
#[derive(Parser, Debug)]
#[command(name = "dpc", version, about, max_term_width = 100, after_help = pages::DPC)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Invocation,
    /// Use colors: `auto` does on a terminal, and obeys NO_COLOR and CLICOLOR_FORCE.
    #[arg(long, global = true, value_name = "auto|always|never", default_value = "auto")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) color: When,
    /// Print errors and results only: no warnings, no summary.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub(crate) enum Invocation {
    /// Compile a project and write the files of every host.
    #[command(after_help = pages::BUILD)]
    Build(BuildArguments),
    /// Say what is wrong with a project, in every environment, and write nothing.
    #[command(after_help = pages::CHECK)]
    Check(CheckArguments),
    /// Print a service or task as it is after merging, with the place of every value.
    #[command(after_help = pages::SHOW)]
    Show(ShowArguments),
    /// Explain a rule by its code, or a node of the language.
    #[command(after_help = pages::EXPLAIN)]
    Explain(ExplainArguments),
    /// Begin: write a first dpc.kdl for the service in this directory.
    #[command(after_help = pages::INIT)]
    Init(InitArguments),
    /// Lay out KDL files, and keep their comments.
    #[command(after_help = pages::FMT)]
    Fmt(FmtArguments),
    /// Print who needs whom.
    #[command(after_help = pages::GRAPH)]
    Graph(GraphArguments),
    /// Make KDL of compose files, command lines, containers or units.
    #[command(after_help = pages::IMPORT)]
    Import(ImportArguments),
    /// Ask the registries what the project's images are, and write dpc.lock.
    #[cfg(feature = "registry")]
    #[command(after_help = pages::LOCK)]
    Lock(LockArguments),
    /// Print what a change does to the hosts, and why.
    #[command(after_help = pages::DIFF)]
    Diff(DiffArguments),
    /// Print a completion script for a shell.
    #[command(after_help = pages::COMPLETIONS)]
    Completions(CompletionsArguments),
}

/// Which project, and for what.
#[derive(Args, Debug)]
pub(super) struct ProjectArguments {
    /// The directory that holds dpc.kdl.
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub(crate) directory: PathBuf,
    /// Build for an environment of the project.
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Give a variable of the project a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) vars: Vec<(String, String)>,
    /// Read included files outside the project too.
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Say what is wrong as text on stderr, or print one JSON document on stdout.
    #[arg(long, value_name = "text|json", default_value = "text")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) format: Format,
}

/// How to print diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// `dpc build`.
#[derive(Args, Debug)]
pub(crate) struct BuildArguments {
    /// The project.
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
    /// Write there; below DIR unless it is absolute.
    #[arg(long, short, value_name = "OUT", default_value = "out")]
    pub(crate) out: PathBuf,
    /// Write nothing, and fail with the list of files that are not what they should be.
    #[arg(long)]
    pub(crate) check: bool,
}

/// `dpc check`.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// The project.
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// `dpc lock`.
#[cfg(feature = "registry")]
#[derive(Args, Debug)]
pub(crate) struct LockArguments {
    /// Ask for the images of these services and tasks; without, for those of all.
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    /// The directory that holds dpc.kdl.
    #[arg(long, short = 'C', value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub(crate) directory: PathBuf,
    /// Ask for what is locked too: which tags name another image now, and which newer versions there are.
    #[arg(long)]
    pub(crate) update: bool,
    /// Write nothing, and fail where the lock is not what is said of the digests in it.
    #[arg(long, conflicts_with = "update")]
    pub(crate) check: bool,
    /// Name newer major versions too.
    #[arg(long, requires = "update")]
    pub(crate) major: bool,
    /// Ask the registries, the docker of this machine, or a folder in the layout of OCI.
    #[arg(
        long,
        value_name = "registry|docker|oci:DIR",
        default_value = "registry",
        hide_default_value = true
    )]
    pub(crate) from: String,
    /// Ask another registry in the place of one; may be repeated.
    #[arg(long = "mirror", value_name = "REGISTRY=URL", value_parser = variable)]
    pub(crate) mirrors: Vec<(String, String)>,
    /// Give a variable of the project a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) vars: Vec<(String, String)>,
    /// Read included files outside the project too.
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Say what is wrong as text on stderr, or print one JSON document on stdout.
    #[arg(long, value_name = "text|json", default_value = "text")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) format: Format,
}

/// `dpc show`.
#[derive(Args, Debug)]
pub(crate) struct ShowArguments {
    /// The service or task.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The project.
    #[command(flatten)]
    pub(crate) project: ProjectArguments,
}

/// `dpc explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// A rule, such as port-conflict, or a node, such as volume; without one, all rules are listed.
    #[arg(value_name = "CODE|NODE")]
    pub(crate) subject: Option<String>,
}

/// `dpc init`.
#[derive(Args, Debug)]
pub(crate) struct InitArguments {
    /// The name of the service; that of its package or of the directory, if it is not given.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The image to run, with its tag or digest.
    #[arg(long)]
    pub(crate) image: Option<String>,
    /// The port that it listens on; `none` for none.
    #[arg(long)]
    pub(crate) port: Option<String>,
    /// A host to run on: of the fleet above, or a new one as NAME=ADDRESS; may be repeated.
    #[arg(long = "host", value_name = "NAME[=ADDRESS]")]
    pub(crate) hosts: Vec<String>,
    /// The user that it runs as; `none` for the image's.
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// The path that answers 2xx or 3xx by HTTP while it is healthy; `none` for none.
    #[arg(long, value_name = "PATH")]
    pub(crate) health: Option<String>,
    /// The base of the fleet above that it extends.
    #[arg(long, value_name = "BASE")]
    pub(crate) extends: Option<String>,
    /// Begin with all services of a compose file instead of one; may be repeated, each laid over the ones before it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "image", "port", "user", "health", "extends", "fleet", "etcd"])]
    pub(crate) from_compose: Vec<String>,
    /// A fleet's repository instead: hosts, an environment, one service, each in its file.
    #[arg(long, conflicts_with = "extends")]
    pub(crate) fleet: bool,
    /// The name of the fleet, where it begins here.
    #[arg(long, value_name = "NAME")]
    pub(crate) fleet_name: Option<String>,
    /// An endpoint of the etcd that services register in, where the fleet begins here; may be repeated.
    #[arg(long, value_name = "URL")]
    pub(crate) etcd: Vec<String>,
    /// Write a job that checks the KDL, too.
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) ci: Option<CiChoice>,
    /// Keep what dpc writes out of git.
    #[arg(long)]
    pub(crate) gitignore: bool,
    /// Ask nothing, also on a terminal: take what would be proposed.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// A system that runs jobs for a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiChoice {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl From<CiChoice> for crate::tools::init::ci::Ci {
    fn from(ci: CiChoice) -> Self {
        match ci {
            CiChoice::Github => Self::Github,
            CiChoice::Gitlab => Self::Gitlab,
        }
    }
}

/// `dpc fmt`.
#[derive(Args, Debug)]
pub(crate) struct FmtArguments {
    /// Write nothing, print the files that differ, and fail if there are any.
    #[arg(long)]
    pub(crate) check: bool,
    /// Files, or directories with a dpc.kdl, which stand for it and all that it includes; `-` is from stdin to stdout.
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(crate) paths: Vec<PathBuf>,
}

/// `dpc graph`.
#[derive(Args, Debug)]
pub(crate) struct GraphArguments {
    /// The language to print the graph in: for Graphviz, for Markdown, or for machines.
    #[arg(long = "format", value_name = "dot|mermaid|json", default_value = "dot", id = "graph-format")]
    #[arg(hide_possible_values = true)]
    pub(crate) language: GraphLanguage,
    /// The directory that holds dpc.kdl.
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    pub(crate) directory: PathBuf,
    /// Build for an environment of the project.
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Give a variable of the project a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) vars: Vec<(String, String)>,
    /// Read included files outside the project too.
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `dpc diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArguments {
    /// The directory that holds dpc.kdl.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) directory: PathBuf,
    /// What runs: a commit, a directory or a plan.json; without it, what DIR has in common with the remote's default branch.
    #[arg(long, value_name = "SIDE")]
    pub(crate) base: Option<String>,
    /// What will run; without it, DIR as it is.
    #[arg(long, value_name = "SIDE")]
    pub(crate) head: Option<String>,
    /// The environment to build both sides for.
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Give a variable a value, on both sides; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) vars: Vec<(String, String)>,
    /// Read included files outside the project too: in a commit, those of its repository.
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Treat warnings of the head as errors.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How to print the difference.
    #[arg(long = "format", value_name = "FORMAT", default_value = "text", id = "diff-format")]
    pub(crate) format: DiffFormat,
    /// Leave out the differences of the files that are written.
    #[arg(long)]
    pub(crate) no_artifacts: bool,
    /// Exit with 2 where something changes, 0 where nothing does, 1 where something failed.
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// What to do where the base does not compile.
    #[arg(long, value_name = "WHAT", default_value = "fail")]
    pub(crate) base_errors: BaseErrors,
}

/// How to print a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a terminal.
    Text,
    /// For a comment at a pull request.
    Markdown,
    /// For machines: docs/diff.schema.json.
    Json,
}

/// What to do where the base does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaseErrors {
    /// Say why, and fail.
    Fail,
    /// Say why, and compare the head with nothing.
    Ignore,
}

/// How to print a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphLanguage {
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
    /// For machines.
    Json,
}

/// `dpc import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArguments {
    /// What to import.
    #[command(subcommand)]
    pub(crate) source: ImportSource,
}

/// What can be imported.
#[derive(Subcommand, Debug)]
pub(super) enum ImportSource {
    /// Compose files, each laid over the ones before it.
    Compose(ImportCompose),
    /// Command lines that start containers, as they were pasted; nothing is executed.
    Run(ImportRun),
    /// Containers of a docker engine, with what they wrote; or what `docker inspect` printed.
    Container(ImportContainer),
    /// systemd units that wrap `docker run`, with their timers and sidekicks.
    Unit(ImportUnit),
}

impl ImportSource {
    /// How to import it.
    pub(crate) fn options(&self) -> &ImportOptions {
        match self {
            ImportSource::Compose(compose) => &compose.options,
            ImportSource::Run(run) => &run.options,
            ImportSource::Container(container) => &container.options,
            ImportSource::Unit(unit) => &unit.options,
        }
    }
}

/// How to import.
#[derive(Args, Debug)]
pub(crate) struct ImportOptions {
    /// The fleet's name.
    #[arg(long, value_name = "NAME", value_parser = fleet)]
    pub(crate) fleet: Option<String>,
    /// A host; what is imported runs on the first. May be repeated.
    #[arg(long = "host", value_name = "NAME=ADDRESS", value_parser = host)]
    pub(crate) hosts: Vec<(String, String)>,
    /// Leave root filesystems writable, for a first run.
    #[arg(long)]
    pub(crate) writable_root: bool,
    /// Take every default, and leave out what does not compile, so that the fleet builds without a decision.
    #[arg(long)]
    pub(crate) ready: bool,
    /// Write the KDL to a file that does not exist yet, instead of to stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Fail if anything is lost or left to a person.
    #[arg(long)]
    pub(crate) strict: bool,
    /// List what was carried over, too.
    #[arg(long)]
    pub(crate) all: bool,
    /// Print the report as text on stderr, or one JSON document on stdout, with `report` and, without --output, `kdl`.
    #[arg(long, value_name = "text|json", default_value = "text")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    pub(crate) format: Format,
}

/// `dpc import compose`.
#[derive(Args, Debug)]
pub(crate) struct ImportCompose {
    /// The files; without any, those that docker compose reads in this directory.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// A profile whose services always run; those of others become environments. May be repeated.
    #[arg(long = "profile", value_name = "NAME")]
    pub(crate) profiles: Vec<String>,
    /// A variable that goes before those of `.env`; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) vars: Vec<(String, String)>,
    /// How.
    #[command(flatten)]
    pub(crate) options: ImportOptions,
}

/// `dpc import run`.
#[derive(Args, Debug)]
pub(crate) struct ImportRun {
    /// A file of command lines; `-`, or none, for stdin.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<String>,
    /// A command line itself.
    #[arg(last = true, value_name = "docker run ...")]
    pub(crate) words: Vec<String>,
    /// How.
    #[command(flatten)]
    pub(crate) options: ImportOptions,
}

/// `dpc import container`.
#[derive(Args, Debug)]
pub(crate) struct ImportContainer {
    /// Names of containers, which docker's client is asked about; or files (`.json`) that hold what `docker inspect` printed.
    #[arg(value_name = "NAME|FILE", required = true)]
    pub(crate) names: Vec<String>,
    /// A file that holds what `docker diff` printed, as NAME=FILE, or FILE for the only container. May be repeated.
    #[arg(long = "diff", value_name = "[NAME=]FILE")]
    pub(crate) diffs: Vec<String>,
    /// A file that holds what `docker image inspect` printed: what the image says by itself is left to it.
    #[arg(long = "image", value_name = "FILE")]
    pub(crate) images: Vec<String>,
    /// How.
    #[command(flatten)]
    pub(crate) options: ImportOptions,
}

/// `dpc import unit`.
#[derive(Args, Debug)]
pub(crate) struct ImportUnit {
    /// The units, and Quadlets (`web.container`).
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
    /// How.
    #[command(flatten)]
    pub(crate) options: ImportOptions,
}

/// `dpc completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: Shell,
}

fn fleet(text: &str) -> Result<String, String> {
    Name::parse_fleet(text).map(|name| name.to_string()).map_err(|invalid| invalid.message)
}

fn host(text: &str) -> Result<(String, String), String> {
    let (name, address) = text.split_once('=').ok_or("write it as NAME=ADDRESS")?;
    let name = Name::parse(name).map_err(|invalid| invalid.message)?;
    let address = HostAddress::parse(address).map_err(|invalid| invalid.message)?;
    Ok((name.to_string(), address.to_string()))
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("write it as NAME=VALUE".to_string()),
    }
}
