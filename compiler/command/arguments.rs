//! What the command line may say. The only module that declares it.

use crate::value::address::HostAddress;
use crate::value::name::Name;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

const EXIT: &str = "\
Exit codes:
  0  done
  1  the input is wrong; with `build --check`, files are stale
  2  the command line is wrong, or a file cannot be read or written";

/// Compiles services written in KDL to what each host runs: docker run scripts, systemd units and etcd registrations.
#[derive(Parser, Debug)]
#[command(name = "dpc", version, about, after_help = EXIT, propagate_version = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// When to use colors; `auto` means on a terminal, unless NO_COLOR is set.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// Print errors and results only: no warnings, no summary.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Compile a project and write the files of every host.
    #[command(after_help = EXIT)]
    Build(Build),
    /// Check a project without writing anything.
    #[command(after_help = EXIT)]
    Check(Check),
    /// Print a service or task as it is after merging, with the place of every value.
    #[command(after_help = EXIT)]
    Show(Show),
    /// Explain a rule by its code, or a node of the language.
    #[command(after_help = EXIT)]
    Explain(Explain),
    /// Print who needs whom.
    #[command(after_help = EXIT)]
    Graph(Graph),
    /// Turn compose files, command lines, containers or units into KDL, and say what became of every key.
    #[command(after_help = EXIT)]
    Import(Import),
    /// Print a completion script for a shell.
    Completions(Completions),
}

/// Which project, and for what.
#[derive(Args, Debug)]
pub struct Project {
    /// The directory that holds dpc.kdl.
    #[arg(value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// The environment to build for.
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Give a variable a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub vars: Vec<(String, String)>,
    /// Read included files outside the project too.
    #[arg(long)]
    pub allow_outside: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    pub strict: bool,
    /// How to print what is wrong: as text on stderr, or as JSON on stdout.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// How to print diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// `dpc build`.
#[derive(Args, Debug)]
pub struct Build {
    /// The project.
    #[command(flatten)]
    pub project: Project,
    /// Where to write; below DIR unless it is absolute.
    #[arg(long, short, value_name = "OUT", default_value = "out")]
    pub out: PathBuf,
    /// Write nothing, and fail with the list of files that are not what they should be.
    #[arg(long)]
    pub check: bool,
}

/// `dpc check`.
#[derive(Args, Debug)]
pub struct Check {
    /// The project.
    #[command(flatten)]
    pub project: Project,
}

/// `dpc show`.
#[derive(Args, Debug)]
pub struct Show {
    /// The service or task.
    #[arg(value_name = "SERVICE")]
    pub name: String,
    /// The project.
    #[command(flatten)]
    pub project: Project,
}

/// `dpc explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// The code of a rule, such as port-conflict, or a node, such as volume; without one, all codes are listed.
    #[arg(value_name = "CODE")]
    pub subject: Option<String>,
}

/// `dpc graph`.
#[derive(Args, Debug)]
pub struct Graph {
    /// The language to print the graph in.
    #[arg(long = "format", value_name = "FORMAT", default_value = "dot", id = "graph-format")]
    pub language: GraphLanguage,
    /// The directory that holds dpc.kdl.
    #[arg(value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// The environment to build for.
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Give a variable a value; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub vars: Vec<(String, String)>,
    /// Read included files outside the project too.
    #[arg(long)]
    pub allow_outside: bool,
}

/// How to print a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphLanguage {
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
    /// For machines.
    Json,
}

/// `dpc import`.
#[derive(Args, Debug)]
pub struct Import {
    /// What to import.
    #[command(subcommand)]
    pub source: Source,
}

/// What can be imported.
#[derive(Subcommand, Debug)]
pub enum Source {
    /// Compose files, each laid over the ones before it.
    Compose(ImportCompose),
    /// Command lines that start containers, as they were pasted; nothing is executed.
    Run(ImportRun),
    /// Containers of a docker engine, with what they wrote; or what `docker inspect` printed.
    Container(ImportContainer),
    /// systemd units that wrap `docker run`, with their timers and sidekicks.
    Unit(ImportUnit),
}

/// How to import.
#[derive(Args, Debug)]
pub struct ImportOptions {
    /// The fleet's name.
    #[arg(long, value_name = "NAME", value_parser = fleet)]
    pub fleet: Option<String>,
    /// A host; what is imported runs on the first. May be repeated.
    #[arg(long = "host", value_name = "NAME=ADDRESS", value_parser = host)]
    pub hosts: Vec<(String, String)>,
    /// Leave root filesystems writable, for a first run.
    #[arg(long)]
    pub writable_root: bool,
    /// Write the KDL to a file that does not exist yet, instead of to stdout.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Fail if anything is lost or left to a person.
    #[arg(long)]
    pub strict: bool,
    /// List what was carried over, too.
    #[arg(long)]
    pub all: bool,
    /// How to print the report: as text on stderr, or as JSON on stdout (the KDL then only goes to `--output`).
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// `dpc import compose`.
#[derive(Args, Debug)]
pub struct ImportCompose {
    /// The files, below this directory.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// A profile whose services always run; those of others become environments. May be repeated.
    #[arg(long = "profile", value_name = "NAME")]
    pub profiles: Vec<String>,
    /// A variable that goes before those of `.env`; may be repeated.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub vars: Vec<(String, String)>,
    /// How.
    #[command(flatten)]
    pub options: ImportOptions,
}

/// `dpc import run`.
#[derive(Args, Debug)]
pub struct ImportRun {
    /// A file of command lines; `-`, or none, for stdin.
    #[arg(value_name = "FILE")]
    pub file: Option<String>,
    /// A command line itself.
    #[arg(last = true, value_name = "docker run ...")]
    pub words: Vec<String>,
    /// How.
    #[command(flatten)]
    pub options: ImportOptions,
}

/// `dpc import container`.
#[derive(Args, Debug)]
pub struct ImportContainer {
    /// Names of containers, which docker's client is asked about; or files (`.json`) that hold what `docker inspect` printed.
    #[arg(value_name = "NAME|FILE", required = true)]
    pub names: Vec<String>,
    /// A file that holds what `docker diff` printed, as NAME=FILE, or FILE for the only container. May be repeated.
    #[arg(long = "diff", value_name = "[NAME=]FILE")]
    pub diffs: Vec<String>,
    /// A file that holds what `docker image inspect` printed: what the image says by itself is left to it.
    #[arg(long = "image", value_name = "FILE")]
    pub images: Vec<String>,
    /// How.
    #[command(flatten)]
    pub options: ImportOptions,
}

/// `dpc import unit`.
#[derive(Args, Debug)]
pub struct ImportUnit {
    /// The units.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
    /// How.
    #[command(flatten)]
    pub options: ImportOptions,
}

/// `dpc completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell.
    pub shell: Shell,
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
