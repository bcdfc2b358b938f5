//! The name of a commit → its id. `git rev-parse` guesses: a tag before a branch, `^main` and `a..b` for one commit, a name
//! from a history that only this clone has. A comparison with another commit than was meant deceives a reviewer. So only these
//! names are read, and two that differ are an error:
//!
//! `HEAD` and similar; `refs/…` in full; the rest of a name below `refs/heads/`, `refs/tags/` or `refs/remotes/`; a remote, for
//! its default branch; an id, or at least four digits of one. A whole id is always that commit, whatever a tag is called. `~2` and `^2`
//! behind a name lead to ancestors.

use super::{GitError, Repository};
use std::collections::BTreeSet;

/// A name taken apart.
#[derive(Debug, PartialEq, Eq)]
struct RevisionName<'t> {
    name: &'t str,
    /// `~2^1`.
    steps: &'t str,
}

/// References outside `refs/` to the last actions of git (gitrevisions(7)).
const OWN: [&str; 4] = ["HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"];
/// The namespaces in which names are looked for, and what follows the name.
const BELOW: [(&str, &str); 4] =
    [("refs/heads/", ""), ("refs/tags/", ""), ("refs/remotes/", ""), ("refs/remotes/", "/HEAD")];
/// The least digits of an id.
const SHORTEST_ID: usize = 4;
/// The digits of a whole id, by SHA-1 and by SHA-256.
const WHOLE_ID: [usize; 2] = [40, 64];
/// The most bytes of a name or of what stands behind one.
const LONGEST: usize = 1000;

impl Repository {
    /// Returns the commits that a text may name, each with its name; ids are in lower case.
    fn candidates(&self, text: &str) -> Result<BTreeSet<(String, String)>, GitError> {
        let Some(RevisionName { name, steps }) = RevisionName::of(text) else {
            let said = format!("`{}` cannot be the name of a commit", text.escape_debug());
            return Err(GitError::new(said).help(
                "write a branch, a tag, `refs/…` or an id, perhaps with `~2` or `^2` behind it; \
                 `...` at its end asks for what it has in common with the head",
            ));
        };
        let mut found = BTreeSet::new();
        let refs = if is_whole_id(name) { Vec::new() } else { self.refs(name) };
        for (called, id) in refs.into_iter().chain(self.ids(name)) {
            let asked = format!("{id}{steps}^{{commit}}");
            let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])?;
            if output.status.success() {
                let id = String::from_utf8_lossy(&super::line(output.stdout)).into_owned();
                found.insert((id, format!("{called}{steps}")));
            }
        }
        Ok(found)
    }

    /// The references that have a name, each with its id.
    fn refs(&self, name: &str) -> Vec<(String, String)> {
        let id = |name: &String| {
            let output = self.run(&["show-ref", "--verify", "--hash", "--", name]).ok()?;
            let id = String::from_utf8_lossy(&super::line(output.stdout)).into_owned();
            output.status.success().then_some(id)
        };
        let names: Vec<String> = match name {
            "@" => vec!["HEAD".to_string()],
            name if OWN.contains(&name) || name.starts_with("refs/") => vec![name.to_string()],
            name => BELOW.iter().map(|(before, behind)| format!("{before}{name}{behind}")).collect(),
        };
        names.into_iter().filter_map(|name| Some((name.clone(), id(&name)?))).collect()
    }

    /// The commits and tags whose ids begin so.
    fn ids(&self, name: &str) -> Vec<(String, String)> {
        let is_id = name.len() >= SHORTEST_ID && is_hexadecimal(name);
        let asked = format!("--disambiguate={}", name.to_ascii_lowercase());
        let Some(output) = is_id.then(|| self.run(&["rev-parse", &asked]).ok()).flatten() else {
            return Vec::new();
        };
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        listed.lines().map(|id| (format!("the id {id}"), id.to_string())).collect()
    }

    /// The commit that a text names.
    pub(super) fn named(&self, text: &str) -> Result<String, GitError> {
        let found = self.candidates(text)?;
        let ids: BTreeSet<&String> = found.iter().map(|(id, _)| id).collect();
        match ids.first() {
            Some(id) if ids.len() == 1 => Ok((*id).clone()),
            None => Err(self.missing(GitError::new(format!("there is no commit `{text}`")))),
            Some(_) => {
                let called: Vec<String> = found.iter().map(|(_, called)| format!("`{called}`")).collect();
                let said = format!("`{text}` names several commits: {}", called.join(" and "));
                Err(GitError::new(said).help("write which of them is meant, in full"))
            }
        }
    }

    /// Returns whether a text names a commit, or several.
    pub(crate) fn knows(&self, text: &str) -> bool {
        let text = text.strip_suffix("...").unwrap_or(text);
        self.candidates(text).is_ok_and(|found| !found.is_empty())
    }

    fn missing(&self, error: GitError) -> GitError {
        error.help(if self.is_shallow() {
            super::SHALLOW
        } else {
            "`git fetch` brings what the remote has; `git branch --all` lists what is here"
        })
    }
}

fn is_whole_id(name: &str) -> bool {
    WHOLE_ID.contains(&name.len()) && is_hexadecimal(name)
}

fn is_hexadecimal(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl<'t> RevisionName<'t> {
    /// Takes a name apart; none if it cannot be one (git-check-ref-format(1)).
    fn of(text: &'t str) -> Option<Self> {
        let (name, steps) = text.split_at(text.find(['~', '^']).unwrap_or(text.len()));
        let forbidden = |c: char| c.is_ascii_control() || " :?*[\\\"".contains(c);
        let is_name = !name.is_empty()
            && !name.starts_with(['-', '/', '.'])
            && !name.ends_with(['/', '.'])
            && !name.contains(forbidden)
            && !["..", "@{", "//"].iter().any(|part| name.contains(part));
        let is_step = |step: &str| step.len() <= 7 && step.bytes().all(|byte| byte.is_ascii_digit());
        let are_steps = steps.split(['~', '^']).all(is_step);
        (is_name && are_steps && text.len() <= LONGEST).then_some(Self { name, steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_one_commit_are_names() {
        for (text, name, steps) in [
            ("main", "main", ""),
            ("origin/main", "origin/main", ""),
            ("HEAD~2^1~", "HEAD", "~2^1~"),
            ("refs/tags/v1.0^", "refs/tags/v1.0", "^"),
            ("@", "@", ""),
        ] {
            assert_eq!(RevisionName::of(text), Some(RevisionName { name, steps }), "{text}");
        }
        for text in [
            "",
            "^HEAD",
            "a..b",
            "a...b",
            "-h",
            "--all",
            "@{u}",
            "main@{1}",
            "HEAD^{tree}",
            "HEAD^@",
            "HEAD^!",
            "HEAD^-1",
            ":/fix",
            "HEAD:dpc.kdl",
            "a b",
            "a\nb",
            "../x",
            "HEAD~99999999999",
            "a*",
            "/refs/heads/a",
            "HEAD^{/x}",
        ] {
            assert_eq!(RevisionName::of(text), None, "{text}");
        }
    }
}
