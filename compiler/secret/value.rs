//! A place in a text → whether a value stands there, and nothing that a program, a shell or a reviewer takes for more. Only there a
//! secret that is known from elsewhere is masked: its author could have called anything one.

use std::ops::Range;

/// Words in names of variables, labels, flags and settings whose values say what runs, as whom, and where.
const LEADS: &str = "ADDRESS AGENT ARGS ASKPASS AUDIT CMD COMMAND CRON DOMAIN EDITOR ENDPOINT ENTRYPOINT EVAL EXEC FLAGS \
    HOOK HOST IMAGE IMPORT INIT JOB LIBRARY LOAD MODULE OPTIONS OPTS ORIGIN PAGER PATH PLUGIN PROGRAM \
    PROXY REGISTRY REQUIRE RULE SCRIPT SERVER SHELL STARTUP TASK URL USER VERSION";
/// Ends of names of such variables and settings.
const LEADS_LAST: &str = "DB ENV LIB OPT RUN SSH";

/// Words before what runs: shells, interpreters, programs that start others, words of languages.
const RUNS: &str = "! -- . ash awk bash bun bundle bunx busybox cargo chroot chrt command crontab dash deno do doas docker dumb-init else \
    env eval exec fakeroot firejail flock from gmake gosu hyperfine if import include ionice java ksh lua make nice node \
    nohup npm npx nsenter parallel perl php pipenv pipx pnpm poetry pypy python python3 rake require rscript ruby runuser \
    setpriv setsid sh source ssh start-stop-daemon stdbuf strace su su-exec sudo systemd-run taskset tcl tclsh then time \
    timeout tini tmux trap unshare until uv uvx while xargs yarn zsh";

/// Returns whether the value of a name leads a program: `LD_PRELOAD`, `PYTHONPATH`, `NODE_OPTIONS`.
pub(super) fn leads(name: &str) -> bool {
    has_leading_word(name) || LEADS_LAST.split(' ').any(|word| name.to_ascii_uppercase().ends_with(word))
}

/// Returns whether a name in capital letters ends with a word for what runs, as whom, or where.
pub(super) fn ends_leading(name: &str) -> bool {
    LEADS.split_whitespace().any(|word| name.ends_with(word))
}

fn has_leading_word(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    LEADS.split(' ').any(|word| name.contains(word))
}

/// Maximum number of bytes before a place that are looked at.
const NEAR: usize = 200;

/// Returns whether a value stands there. `is_value` says whether the text itself is one, so that its first word is no command.
pub(super) fn is_value(text: &str, place: &Range<usize>, is_value: bool) -> bool {
    let near = text.floor_char_boundary(place.start.saturating_sub(NEAR));
    let before = &text[near..place.start];
    let line = before.rsplit(['\n', '\r']).next().unwrap_or(before);
    let is_cut = near > 0 && line.len() == before.len();
    let begins = line.chars().next_back().is_none_or(|c| c.is_whitespace() || "\"'=:,[>".contains(c));
    let ends =
        text[place.end..].chars().next().is_none_or(|c| c.is_whitespace() || "\"',;]}<@&|)\\".contains(c));
    begins && ends && is_argument(line, is_value || is_cut)
}

/// Returns whether an argument or another value follows on the start of a line.
fn is_argument(line: &str, is_value: bool) -> bool {
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || "\"'\\[".contains(c));
    if let Some(name) = line.strip_suffix(['=', ':']) {
        let name = name.trim_end_matches(|c: char| c.is_whitespace() || "\"'\\".contains(c));
        return !leads(
            name.rsplit(|c: char| c.is_whitespace() || "\"',{;&?".contains(c)).next().unwrap_or(name),
        );
    }
    let mut words = line.split_whitespace().rev();
    let Some(last) = words.next().map(plain) else { return is_value };
    let is_assignment = !last.starts_with('-') && last.contains('=');
    let is_short_flag = last.starts_with('-') && !last.starts_with("--");
    let is_command = line.ends_with([';', '|', '&', '(', '{', '`']) || is_assignment || is_short_flag;
    let runs =
        |word: &str| word.rsplit('/').next().is_some_and(|name| RUNS.split(' ').any(|runs| runs == name));
    !(is_command
        || has_leading_word(last)
        || runs(last)
        || words.next().is_some_and(|word| runs(plain(word))))
}

/// A word without what stands around it in lists.
fn plain(word: &str) -> &str {
    word.trim_matches(|c: char| "\"',[]{}()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_shown(text: &str, is_text_value: bool) -> bool {
        let start = text.find("evil9").unwrap();
        !is_value(text, &(start..start + 5), is_text_value)
    }

    #[test]
    fn what_could_be_code_is_no_value() {
        for text in [
            "evil9",
            "evil9 --now",
            "  evil9 x",
            "x; evil9",
            "x &&evil9",
            "x | evil9",
            "$(evil9)",
            "`evil9`",
            "{ evil9; }",
            "exec evil9",
            "/usr/bin/env evil9",
            "timeout 5 evil9",
            "gosu app evil9",
            "X=1 evil9",
            "LD_PRELOAD=evil9 x",
            "export PYTHONPATH=\"evil9\"",
            "{\"command\": \"evil9\"}",
            "[\"sh\", \"-c\", \"evil9\"]",
            "entrypoint: [evil9]",
            "run: evil9",
            "- evil9",
            "node -r evil9",
            "node --require evil9",
            "import evil9",
            "evil9(x)",
            "x evil9=1",
            "x evil9: 1",
            "x /evil9",
            "x evil9/y",
            "x --evil9",
            "x a.evil9",
            "x evil9.so",
            "x evil9-2",
            "\"evil9\" x",
            "load_module evil9;",
            "user evil9;",
        ] {
            assert!(is_shown(text, false), "{text}");
        }
    }

    #[test]
    fn what_is_an_argument_is_a_value() {
        for text in [
            "say evil9",
            "ask 'evil9'",
            "x --pw evil9 y",
            "x --pw=evil9",
            "x: evil9",
            "{\"x\": \"evil9\"}",
            "x = \"evil9\"",
            "redis://:evil9@db",
            "a\nsay evil9",
        ] {
            assert!(!is_shown(text, false), "{text}");
        }
        assert!(!is_shown("evil9", true) && !is_shown("evil9, it is", true));
        let long = format!("{} evil9", "x ".repeat(1000));
        assert!(!is_shown(&long, false));
    }
}
