//! Expressions and templates that go on for ever or grow without end: an error at their place, in little time and memory.
//!
//! Each case runs as those of `limits` do, and is a row beside theirs.

mod clashes;
mod families;
mod layers;
mod products;
mod projects;
mod reading;
mod settings;
mod tools;

use crate::command::limits::{API, Error, HOST, answers, either, entry, in_project, with};
use crate::project::Project;

#[test]
fn expressions_without_end() {
    let value = |expression: &str| with(&format!("env {{ X #\"{{{{ {expression} }}}}\"# }}"));
    let steps = "the expression takes too many steps";
    for expression in [
        "'x' * 1000000000",
        "'x' * 9999 * 9999",
        "range(99999) | join('x')",
        "'a' | indent(1000000000)",
        "[1] | batch(100000000, 0) | list | string",
        "[1] | slice(100000000) | list | string",
        "[[range(99999) | list]] | string",
    ] {
        entry(&format!("`{expression}`"), &value(expression), Error(steps));
    }
    for expression in [
        "([1] * 100000000) ~ ''",
        "('x' * 9999) | replace('x', 'y' * 9999)",
        "(range(9999) | list | string) * 9999",
        "[1] * 100000000 == [1] * 100000000",
        "[[1] * 10000] * 10000 in [[[1] * 10000] * 10000]",
        "(((1,) * 9999,) * 9999) | string",
        "([[1] * 10000] * 10000) | join(',')",
        "'%s' | format([1] * 100000000)",
        "'a' | replace('a', [1] * 100000000)",
    ] {
        entry(&format!("`{expression}`"), &value(expression), Error("here is what makes lists"));
    }
    let ranges = format!("[{}] | string", "range(99999), ".repeat(70));
    entry("70 ranges in a list", &value(&ranges), Error("may have more than 1000 parts"));
    entry("2 ranges in a list", &value("[range(99999), range(99999)] | string"), Error(steps));
    let big = format!("var \"big\" \"{}\"\n", "x".repeat(10_000_000));
    let lists = format!("[{}] | string", "var.big, ".repeat(120));
    entry("a text of 10 MB, 120 times in a list", &(big + &value(&lists)), Error("more than 1 MiB"));
    let many = either(10_000, 100_000);
    for (first, link, last) in [
        ("", "-", "1"),
        ("", "not ", "1"),
        ("", "1+", "1"),
        ("'a'", "|upper", ""),
        ("host", ".a", ""),
        ("1", " if 1 else 1", ""),
    ] {
        let chain = format!("{first}{}{last}", link.repeat(many));
        entry(
            &format!("`{}`, many times", link.trim()),
            &value(&chain),
            Error("words and signs, and 500 is the most"),
        );
    }
    for (open, what) in [("(", "parentheses"), ("[", "brackets"), ("{1:", "braces")] {
        entry(&format!("100,000 {what}"), &value(&open.repeat(100_000)), Error("error[expression]"));
    }
    let vars: String =
        (0..30).map(|n| format!("var \"v{}\" \"{{{{ var.v{n} }}}}{{{{ var.v{n} }}}}\"\n", n + 1)).collect();
    let doubled = format!("var \"v0\" \"xxxxxxxxxx\"\n{vars}{}", with("env { X \"{{ var.v30 }}\" }"));
    entry("variables that double 30 times", &doubled, Error("holds an expression"));
}

#[test]
fn templates_that_loop_fail_or_write_nul() {
    let template = |name: &str, text: &str, words: &'static str| {
        let entry = format!("{HOST}{API}");
        answers(
            name,
            &[("dpc.kdl", &entry), ("templates/container.sh.j2", &format!("#!/bin/sh\n\n{text}"))],
            Error(words),
        );
    };
    let steps = "`container.sh.j2`, line 3: it takes too many steps";
    let nested = "{% for i in range(999) %}".repeat(4) + &"{% endfor %}".repeat(4);
    template("a template that loops", &nested, steps);
    let writes = format!("{{% for i in range(999) %}}{}{{% endfor %}}", "x".repeat(100_000));
    template("a template that writes 100 MB", &writes, steps);
    let parts = "`container.sh.j2`, line 3: what it puts together may have more than 1000 parts";
    for (what, first, again) in [
        ("a text", "x = 'x'", "x = x ~ x"),
        ("a list", "x = [1]", "x = x + x"),
        ("a list of lists", "x = [1]", "x = [x, x]"),
        ("a group", "x = {}", "x = {'a': x, 'b': x}"),
    ] {
        for read in ["{{ x }}", "{{ x ~ '' }}", "{% if x == y %}{% endif %}"] {
            let doubled = format!("{{% set {again} %}}").repeat(60);
            let name = format!("a template that doubles {what} 60 times: `{read}`");
            template(&name, &format!("{{% set {first} %}}{doubled}{{% set y = x %}}{read}"), parts);
        }
    }
    template(
        "a template that repeats a list 100,000,000 times",
        "{{ [1] * 100000000 }}",
        "`container.sh.j2`, line 3: `*` is not for templates",
    );
    let again = "{% for x in [[]] recursive %}{{ loop([[x, x]]) }}{% endfor %}";
    template("a template whose loop calls itself", again, "line 3: `recursive` is not for templates");
    let list = format!("[{}]", "range(999), ".repeat(4));
    let compared = format!(
        "{{% set x = {list} %}}{{% set y = {list} %}}{}",
        nested.replace("}{% end", "}{{ x == y }}{% end")
    );
    template("a template that compares lists without end", &compared, steps);
    template(
        "a template of a long range",
        "{{ range(1001) }}",
        "line 3: a range of 1001 numbers, and 1000 is the most",
    );
    template("a template that fails", "{{ nothing }}", "`container.sh.j2`, line 3: `nothing` is undefined");
    template(
        "a template that is no template",
        "{% if %}",
        "`container.sh.j2`, line 3: unexpected end of block",
    );
    template("a template that holds NUL", "\0", "`container.sh.j2`, line 3: it holds a NUL character");
    template(
        "a template that writes NUL",
        "{{ '\\u0000' | safe }}",
        "`container.sh.j2`, line 3: it writes a NUL character",
    );
    template(
        "a template of 100,000 minus signs",
        &format!("{{{{ {}1 }}}}", "-".repeat(100_000)),
        "`container.sh.j2`, line 3: the expression has",
    );
    template(
        "a template of 70,000 `elif`",
        &format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(70_000)),
        "`container.sh.j2`, line 3: it has more than 500 statements",
    );
    template(
        "a template that includes /etc/passwd",
        "{% include '/etc/passwd' %}",
        "line 3: unknown statement include",
    );
    let project = Project::in_memory().file("dpc.kdl", format!("{HOST}{API}"));
    project.write("templates/container.sh.j2", b"\xff\xfe");
    in_project(
        "a template that is no text",
        &project,
        Error("the template `container.sh.j2`: it is not UTF-8 text"),
    );
}
