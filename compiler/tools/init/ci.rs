//! What a repository has beside its KDL: the job that checks it, and what git ignores.

/// A system that runs jobs for a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl Ci {
    /// Where its job stands, and the job: with artifacts that are committed it fails where they are stale.
    pub(crate) fn file(self, committed: bool) -> (&'static str, String) {
        let (path, text) = match self {
            Ci::Github => (".github/workflows/dpc.yml", include_str!("../../../templates/init/github.yml")),
            Ci::Gitlab => (".gitlab/dpc.yml", include_str!("../../../templates/init/gitlab.yml")),
        };
        let build = if committed { "dpc build --check" } else { "dpc build" };
        (path, text.replace("BUILD", build))
    }

    /// What is left to do by hand.
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
