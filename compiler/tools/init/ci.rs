//! Files beside the KDL of a repository: the job that checks it, and the list of files that git ignores.

/// A system that runs jobs for a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl Ci {
    /// Returns the path and text of the job. If artifacts are committed, it fails when they are stale.
    pub(crate) fn file(self, committed: bool) -> (&'static str, String) {
        let (path, text) = match self {
            Ci::Github => (".github/workflows/dpc.yml", include_str!("../../../templates/init/github.yml")),
            Ci::Gitlab => (".gitlab/dpc.yml", include_str!("../../../templates/init/gitlab.yml")),
        };
        let build = if committed { "dpc build --check" } else { "dpc build" };
        (path, text.replace("BUILD", build))
    }

    /// Returns the step that is left to do by hand.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Ci::Github => "have the `dpc` binary on the runner; the job calls it by its name",
            Ci::Gitlab => {
                "add `include: .gitlab/dpc.yml` to .gitlab-ci.yml, and have the `dpc` binary in the job's image"
            }
        }
    }
}

/// The line that keeps what dpc writes out of git.
pub(crate) const IGNORED: &str = "/out/";
