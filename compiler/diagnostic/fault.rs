//! A rule that input can break. Each stands as a constant next to the check that raises it.

/// The severity of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Stops the build: nothing is written.
    Error,
    /// A warning; an error with `--strict`.
    Warning,
}

/// One rule: the code that names it, and what `dpc explain` says about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The code in words, such as `port-conflict`; also the folder of its example.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// The rule in one line.
    pub summary: &'static str,
    /// Why the rule exists: the fact about networks, disks, docker, systemd or etcd behind it.
    pub why: &'static str,
}

impl Fault {
    /// A rule whose breach cannot work.
    pub(crate) const fn error(code: &'static str, summary: &'static str, why: &'static str) -> Self {
        Self { code, severity: Severity::Error, summary, why }
    }

    /// A rule whose breach works today and does harm later.
    pub(crate) const fn warning(code: &'static str, summary: &'static str, why: &'static str) -> Self {
        Self { code, severity: Severity::Warning, summary, why }
    }
}
