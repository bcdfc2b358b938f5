//! Prompts that were pasted along: `$ `, `# `, `> `, `user@host:~$ `, `PS C:\>`. They are removed, and the lines stay. Lines
//! that PowerShell or Windows' `cmd` continue are continued as a shell does it.

/// Returns the text without prompts, with as many lines as before.
pub(crate) fn without_prompts(text: &str) -> String {
    let root = !text.lines().any(|line| is_command(line.trim_start()) || primary(line).is_some());
    let mut continued = false;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = if continued {
            line.trim_start().strip_prefix("> ").unwrap_or(line)
        } else {
            primary(line).or_else(|| root_prompt(line).filter(|_| root)).unwrap_or(line)
        };
        let body = rest.trim_end_matches('\n');
        // The fences of Markdown around what was pasted.
        if body.trim_start().starts_with("```") {
            out.push_str(&rest[body.len()..]);
            continued = false;
            continue;
        }
        let foreign = foreign_continuation(body);
        continued = foreign.is_some() || body.ends_with('\\');
        match foreign {
            Some(begin) => out.extend([begin, "\\", &rest[body.len()..]]),
            None => out.push_str(rest),
        }
    }
    out
}

/// Returns a line without the mark by which PowerShell or `cmd` continues it: a backquote that nothing closes, or a caret.
fn foreign_continuation(line: &str) -> Option<&str> {
    let line = line.trim_end();
    let odd = line.matches('`').count() % 2 == 1;
    line.strip_suffix('`').filter(|_| odd).or_else(|| line.strip_suffix(" ^"))
}

/// Returns the command behind `$ ` or `user@host:~$ `.
fn primary(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let windows = line.strip_prefix("PS ").unwrap_or(line).split_once("> ");
    if let Some((_, rest)) = windows.filter(|(folder, _)| folder.get(1..3) == Some(":\\")) {
        return Some(rest.trim_start());
    }
    let (before, rest) = line.split_once("$ ").or_else(|| line.split_once("# "))?;
    let named = before.contains('@') && !before.contains(' ');
    let bracketed = before.starts_with('[') && before.ends_with(']');
    let dollar = before.is_empty() && line.starts_with('$');
    (dollar || named || bracketed).then(|| rest.trim_start())
}

/// `# docker run …` is a comment to a shell. It is a prompt where no line has the command without it.
fn root_prompt(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("# ")?.trim_start();
    is_command(rest).then_some(rest)
}

fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| *word == "sudo");
    matches!(words.next(), Some("docker" | "podman"))
        && matches!(words.next(), Some("run" | "create" | "container"))
}
