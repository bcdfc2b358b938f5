//! The text of `--help` below the options: examples and exit codes. clap strips the bold where it is not wanted.

macro_rules! heading {
    ($text:literal) => {
        concat!("\x1b[1;4m", $text, ":\x1b[0m\n")
    };
}

macro_rules! exit_codes {
    ($wrong:literal) => {
        concat!(
            heading!("Exit codes"),
            "  0  done\n",
            "  1  ",
            $wrong,
            "\n",
            "  2  the command line is wrong, or a file cannot be read or written",
        )
    };
}

/// `dpc --help`.
pub(crate) const DPC: &str = concat!(
    heading!("Examples"),
    "  dpc check              say what is wrong with the project in this directory\n",
    "  dpc build              write what each host runs to out/\n",
    "  dpc show api           where each value of a service comes from\n",
    "  dpc explain            every rule; `dpc explain volume` describes a node of the language\n\n",
    exit_codes!("the input is wrong; with `build --check`, files are stale"),
);

/// `dpc build --help`.
pub(crate) const BUILD: &str = concat!(
    "All files are written, or none. A file that did not change is not touched. A file that dpc did not make is never \
     overwritten or removed.\n\n",
    heading!("Examples"),
    "  dpc build                                    the project in this directory, to out/\n",
    "  dpc build --env staging -o out/staging       for an environment\n",
    "  dpc build --var tag=\"$GIT_SHA\"               with a value from CI\n",
    "  dpc build --check --strict                   in CI, where out/ is committed\n",
    "  dpc build --format json | jq .changes        what was written, for machines\n\n",
    exit_codes!("the input is wrong, or a warning with --strict; with --check, files are stale"),
);

/// `dpc check --help`.
pub(crate) const CHECK: &str = concat!(
    "With --format json, here and elsewhere, stdout holds one JSON document: `diagnostics` (code, severity, message, file, \
     span, labels, help; 1,000 at most), `errors` where a file cannot be read or written, and what the command gives: `changes` of build, \
     `lines` of show, `nodes` of graph.\n\n",
    heading!("Examples"),
    "  dpc check                      the project in this directory\n",
    "  dpc check shop --env staging   another one, for an environment\n",
    "  dpc check --format json        for an editor\n\n",
    exit_codes!("the input is wrong, or a warning with --strict"),
);

/// `dpc lock --help`.
#[cfg(feature = "registry")]
pub(crate) const LOCK: &str = concat!(
    "The images of every environment are asked for, each for the platforms of its hosts. What is locked stays as it is, unless --update \
     asks what moved. Commit dpc.lock: a build reads it, and no network. Credentials are docker's: ~/.docker/config.json (DOCKER_CONFIG) \
     and its helpers.\n\n",
    heading!("Examples"),
    "  dpc lock                                     the images that the lock does not have\n",
    "  dpc lock api --update                        what moved of one service\n",
    "  dpc lock --check                             in CI: whether the lock says what the images say\n",
    "  dpc lock --var tag=\"$GIT_SHA\"                with a value from CI\n",
    "  dpc lock --mirror docker.io=https://10.0.0.1:5000\n",
    "  dpc lock --from docker                       what the engine of this machine has\n\n",
    exit_codes!("the input is wrong, or an image is not known; the others are written"),
);

/// `dpc diff --help`.
pub(crate) const DIFF: &str = concat!(
    "A side is a directory that holds dpc.kdl, a plan.json, or a commit of the repository that DIR is in: a branch, a tag, an \
     id, or REF... for what REF and the head have in common. Where a name could be several of them, write dir:NAME, plan:NAME \
     or ref:NAME.\n\n",
    heading!("Examples"),
    "  dpc diff                                     what this branch does, against origin's default branch\n",
    "  dpc diff --base HEAD                         what is not committed yet\n",
    "  dpc diff --base v1.4 --head v1.5 --env prod  between two releases\n",
    "  dpc diff --format markdown --exit-code       in CI, as a comment\n\n",
    heading!("Exit codes"),
    "  0  done; with --exit-code: nothing changes\n",
    "  1  something failed\n",
    "  2  with --exit-code: something changes",
);

/// `dpc show --help`.
pub(crate) const SHOW: &str = concat!(
    heading!("Examples"),
    "  dpc show api                   fleet defaults, bases and the service in one\n",
    "  dpc show api --env staging     the environment too\n\n",
    exit_codes!("the input is wrong"),
);

/// `dpc explain --help`.
pub(crate) const EXPLAIN: &str = concat!(
    heading!("Examples"),
    "  dpc explain                    list all rules\n",
    "  dpc explain port-conflict      why a rule exists\n",
    "  dpc explain volume             what a node takes\n\n",
    heading!("Exit codes"),
    "  0  done\n",
    "  2  there is no such rule or node",
);

/// `dpc graph --help`.
pub(crate) const GRAPH: &str = concat!(
    heading!("Examples"),
    "  dpc graph | dot -Tsvg > graph.svg\n",
    "  dpc graph --format mermaid\n\n",
    exit_codes!("the input is wrong, or a warning with --strict"),
);

/// `dpc completions --help`.
pub(crate) const COMPLETIONS: &str = concat!(
    heading!("Examples"),
    "  dpc completions bash > /etc/bash_completion.d/dpc\n",
    "  dpc completions zsh > \"${fpath[1]}/_dpc\"\n",
    "  dpc completions fish > ~/.config/fish/completions/dpc.fish",
);

/// `dpc init --help`.
pub(crate) const INIT: &str = concat!(
    "It reads the Dockerfile and the package's manifest, asks on a terminal what they do not say, and shows the result \
     before it writes. Nothing that is there is overwritten, and what is written compiles without a warning; of a compose \
     file, each line that is left to finish is named.\n\n",
    heading!("Examples"),
    "  dpc init                              in a service's repository\n",
    "  dpc init --host web-1=10.0.0.11       with an answer beforehand\n",
    "  dpc init api --fleet --ci github      a fleet's repository, with a job that checks it\n",
    "  dpc init cart                         one service more, where there is a fleet\n",
    "  dpc init --from-compose compose.yaml  all services of a compose file\n\n",
    exit_codes!("what it would write does not compile"),
);

/// `dpc import --help`.
pub(crate) const IMPORT: &str = concat!(
    "The KDL goes to stdout or --output, the report to stderr: what a person must decide, what is lost, what dpc does \
     otherwise. Lines to look at are marked `decide` in the KDL. Nothing is executed but docker's client, for containers by \
     name. See docs/import.md.\n\n",
    heading!("Examples"),
    "  dpc import compose compose.yaml -o dpc.kdl          a compose file\n",
    "  dpc import run -- docker run -d -p 80:80 nginx:1.27 a command line\n",
    "  dpc import run notes.txt                            command lines as they were pasted\n",
    "  dpc import container web                            what a container wrote becomes volumes\n",
    "  dpc import unit /etc/systemd/system/web.service     a unit that wraps docker run\n\n",
    exit_codes!("the source is wrong; with --strict, something is lost or left to a person"),
);

/// `dpc fmt --help`.
pub(crate) const FMT: &str = concat!(
    heading!("Examples"),
    "  dpc fmt                  dpc.kdl and all that it includes\n",
    "  dpc fmt a.kdl shop       a file, and the project in a directory\n",
    "  dpc fmt -                from stdin to stdout, for an editor\n",
    "  dpc fmt --check          in CI\n\n",
    exit_codes!("a file is not KDL, and none was written; with --check, files differ"),
);
