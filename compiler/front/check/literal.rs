//! Values that docker takes letter by letter, where the user means more: what only a shell or compose would fill in or split, and
//! passwords, which everybody who reads the repository reads.

use super::locked::runs_shell;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::encode::shell;
use crate::model::container::Container;
use crate::model::fleet::{Check, Placement, Workload};
use crate::secret::{secret_values, secret_words};
use crate::text::{Located, Span};

/// A variable of a shell in a value.
pub(crate) const LITERAL_VARIABLE: Fault = Fault::warning(
    "literal-variable",
    "a value of a variable holds no `${NAME}`, which nobody fills in",
    "compose and shells fill in `${NAME}`. docker does not, and neither does dpc: the application gets the letters. An expression is \
     written `{{ … }}`.",
);
/// A command with its arguments in one word.
pub(crate) const COMMAND_IN_ONE_WORD: Fault = Fault::warning(
    "command-in-one-word",
    "each argument of a command is a word of its own",
    "docker runs the first word, spaces and all, and no image has a program of that name. A command for a shell has the shell as its first \
     word: `command \"sh\" \"-c\" \"…\"`.",
);
/// A secret that is written in the repository.
pub(crate) const PLAIN_SECRET: Fault = Fault::warning(
    "plain-secret",
    "a secret is read from a file on the host, and stands in no variable or command",
    "What stands in the KDL or in an env file is in the repository, in what is built from it, and in each host's releases: everybody \
     who reads one of them has the secret. `secret` reads it from a file that only the host has.",
);

/// The variables and the command of one container.
pub(crate) fn check(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    for (name, value) in &container.env {
        if let Some(variable) = shell_variable(value) {
            report.push(
                Diagnostic::new(&LITERAL_VARIABLE, format!("`{name}` holds `{variable}`, letter by letter"))
                    .at(value.span, "nobody fills this in")
                    .help(
                        "write an expression, such as `{{ var.name }}` or `{{ ports.http }}`; or the value",
                    ),
            );
        }
        if !secret_values(name, value).is_empty() {
            let file = format!("/etc/{}/{}", workload.name, name.to_ascii_lowercase().replace('_', "-"));
            let help =
                format!("write it to a file on the host, and `secret \"{name}\" from=\"{file}\"` here");
            report.push(plain_secret(&format!("the variable `{name}`"), value.span).help(help));
        }
    }
    let options = container.logs.options.iter();
    for (name, value) in options.filter(|(name, value)| !secret_values(name, value).is_empty()) {
        report.push(plain_secret(&format!("the log option `{name}`"), value.span).help(
            "docker takes it in no other way: let an agent on the host read the journal, and give it the secret",
        ));
    }
    check_command(container, is_read_by_shell(placement), report);
    check_headers(placement, report);
}

fn plain_secret(what: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&PLAIN_SECRET, format!("{what} holds a secret"))
        .at(span, "everybody who reads the repository reads it")
}

fn check_headers(placement: &Placement, report: &mut Report) {
    let Check::Http { headers, .. } = &placement.health.check else { return };
    for (name, value) in headers.iter().filter(|(name, value)| !secret_values(name, value).is_empty()) {
        report.push(
            plain_secret(&format!("the header `{name}`"), value.span)
                .help("ask a path that answers without it, or ask in the container: `health command=\"…\"`"),
        );
    }
}

/// Returns whether the image's own entrypoint is a shell that takes one word as its command.
fn is_read_by_shell(placement: &Placement) -> bool {
    placement.image_config().is_some_and(|config| runs_shell(&config.entrypoint))
}

fn check_command(container: &Container, is_read_by_shell: bool, report: &mut Report) {
    if let ([word], true) = (&container.command[..], container.entrypoint.is_empty() && !is_read_by_shell)
        && let Some(words) = several(word)
    {
        let words: Vec<String> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
        report.push(
            Diagnostic::new(&COMMAND_IN_ONE_WORD, format!("`{}` is one word", word.value))
                .at(word.span, "no program has this name")
                .help(format!("write `command {}`", words.join(" "))),
        );
    }
    for words in [&container.entrypoint, &container.command] {
        let texts: Vec<String> = words.iter().map(|word| word.value.clone()).collect();
        let secrets = secret_words(&texts);
        let has_one = |word: &&Located<String>| secrets.iter().any(|secret| word.contains(secret));
        if let Some(word) = words.iter().find(has_one) {
            report.push(
                plain_secret("the command", word.span).help(
                    "give it as a `secret`, or in a file that a `volume` mounts, as the program allows",
                ),
            );
        }
    }
}

/// Returns the first `${NAME}` of a value, with what a shell or compose knows behind the name.
fn shell_variable(value: &str) -> Option<&str> {
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let inner = &rest[start + 2..];
        let end = inner.find('}')?;
        let name = inner[..end].split([':', '-', '?', '+']).next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
        if is_name && !rest[..start].ends_with('$') {
            return Some(&rest[start..start + 3 + end]);
        }
        rest = &inner[end..];
    }
    None
}

/// Returns the words of a command line that has several and nothing that only a shell reads.
fn several(word: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = word.split_ascii_whitespace().collect();
    let plain = |word: &&str| shell::word(word).is_ok_and(|quoted| quoted == **word);
    (words.len() > 1 && words.iter().all(plain)).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_a_shells() {
        for (value, found) in [
            ("${PORT}", Some("${PORT}")),
            ("http://${HOST:-a}:1/${PORT}", Some("${HOST:-a}")),
            ("$${PORT}", None),
            ("${port} ${a.b} $PORT {{ x }}", None),
            ("${1} ${PORT", None),
        ] {
            assert_eq!(shell_variable(value), found, "{value}");
        }
    }

    #[test]
    fn a_line_is_several_words_where_it_has_no_shell_signs() {
        assert_eq!(
            several("redis-server --appendonly yes"),
            Some(vec!["redis-server", "--appendonly", "yes"])
        );
        assert!(
            several("redis-server").is_none()
                && several("a && b").is_none()
                && several("echo 'a b'").is_none()
        );
    }
}
