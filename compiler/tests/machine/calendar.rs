//! dpc accepts the same schedules as systemd: thousands of generated expressions, each read by both.
#![allow(clippy::cast_possible_truncation, clippy::format_push_string)]

use dpc::value::calendar::Calendar;
use proptest::{
    prelude::*,
    strategy::{Union, ValueTree},
    string::string_regex,
    test_runner::TestRunner,
};
use std::{collections::BTreeSet, io::Write, process::Command};

/// One field: wild, a value, a range, a repetition, a list of these. Values go a little beyond the limits of the fields.
const FIELD: &str =
    r"(\*|[0-9]{1,2}(\.\.[0-9]{1,2})?(/[0-9]{1,2})?(,[0-9]{1,2}(\.\.[0-9]{1,2})?(/[0-9]{1,2})?){0,2})";
const YEAR: &str = r"(\*|[0-9]{1,2}|(19|20|21|22)[0-9]{2}(\.\.(20|21)[0-9]{2})?(/[0-9]{1,3})?)";
const SECOND: &str =
    r"(\*|[0-9]{1,2}(\.[0-9]{0,8})?(\.\.[0-9]{1,2}(\.[0-9]{1,3})?)?(/[0-9]{1,2}(\.[0-9]{1,3})?)?)";
const DAY: &str = "(Mon|tue|WED|Thursday|friday|Sat|sunday|Sun)";
const ZONE: &str = "( UTC| utc| Europe/Berlin| America/Argentina/Buenos_Aires| Etc/GMT\\+5)";

#[test]
fn reads_as_systemd_does() {
    let expressions = generated(11_000);
    let ours: BTreeSet<_> = expressions.iter().filter(|text| Calendar::parse(text).is_err()).collect();
    let theirs = refused_by_systemd(&expressions);
    for text in &expressions {
        match (ours.contains(text), theirs.contains(text)) {
            (true, false) => {
                assert!(never_elapses(text), "only dpc refuses {text:?}: {:?}", Calendar::parse(text));
            }
            (false, true) => panic!("only systemd refuses {text:?}"),
            _ => {}
        }
    }
    let (all, accepted) = (expressions.len(), expressions.len() - theirs.len());
    // Not by a macro of Rust's: the test runner would keep it to itself.
    let row = format!("encoder | OnCalendar= (systemd-analyze) | {all} | {} | {accepted}\n", all - accepted);
    std::io::stderr().write_all(row.as_bytes()).expect("standard error");
    assert!(all >= 10_000, "{all}");
    assert!(accepted > 1_000 && all - accepted > 1_000, "the expressions are too much of one kind");
}

/// The limits of systemd's grammar: lengths of lists, sizes of numbers, the first and the last of each field.
#[test]
fn agrees_at_the_limits() {
    let list = |length: usize| format!("{}:00", vec!["1"; length].join(","));
    let mut expressions =
        vec![list(241), list(242), "*:0/2147483648".into(), "@7258118399".into(), "@7258118400".into()];
    for field in [
        "*-{}-1",
        "*-*-{}",
        "*-*~{}",
        "{}:00",
        "*:{}",
        "0:0:{}",
        "*:1..{}",
        "*:30/{}",
        "*-*-5..20/{}",
        "*-*~5/{}",
    ] {
        expressions.extend((0..=62).map(|value| field.replace("{}", &value.to_string())));
    }
    for year in [0, 1, 69, 70, 99, 100, 1969, 1970, 2199, 2200] {
        expressions.extend([format!("{year}-1-1"), format!("{year}..2100-1-1"), format!("2000..{year}-1-1")]);
    }
    for text in [
        "0:0:59.999999",
        "0:0:59.9999994",
        "0:0:59.9999995",
        "0:0:1.",
        "0:0:0/0.000001",
        "*-*~7,27",
        "*-*~7,25",
        "0:0:5..5",
        "0:0:5..5.9",
        "0:0:5..5/1",
        "*:59..61/5",
        "*:5..3/1",
        "0:0:5..3/1",
        "Mon",
        "Mon ",
        "Mon,",
    ] {
        expressions.push(text.to_owned());
    }
    for text in [
        "Mon..",
        "Mon-Fri 1:00",
        "Mon..Tue-Wed",
        "Sun..Mon",
        "Mon..Mon",
        "10-15 ",
        "10-15  1:0",
        "1:0 ",
        "*~*",
        "2000-*~*",
    ] {
        expressions.push(text.to_owned());
    }
    let theirs = refused_by_systemd(&expressions);
    for text in &expressions {
        let accepted = Calendar::parse(text).is_ok();
        assert!(
            accepted != theirs.contains(text) || never_elapses(text),
            "{text:?}: {:?}",
            Calendar::parse(text)
        );
    }
}

/// Valid expressions, nearly valid ones, and the characters of the grammar in any order.
fn generated(count: usize) -> Vec<String> {
    let date = format!("({YEAR}-)?{FIELD}[-~]{FIELD}");
    let time = format!("{FIELD}:{FIELD}(:{SECOND})?");
    let days = format!(r"{DAY}((,|\.\.|-){DAY}){{0,2}},?");
    let words = "(minutely|hourly|Daily|monthly|annually|yearly|anually|WEEKLY|quarterly|biannually|bi-annually|semi-annually|dayly)";
    let patterns = [
        format!("({days} )?({date} )?{time}{ZONE}?"),
        format!("({days} )?{date}( {time})?{ZONE}?"),
        format!("{days}( {time})?"),
        format!("{words}{ZONE}?"),
        "(\\*|[1-9]|1[0-2])-(\\*|[1-9]|1[0-9]|2[0-8])( ([0-9]|1[0-9]|2[0-3]):[0-5][0-9])?".to_owned(),
        "(Mon|Tue|Sun)?[ ,]?[0-9*]{1,2}[-~:.,/][0-9*./]{1,4}[-~:., ][0-9*:]{1,5}".to_owned(),
        "[0-9*/.,:~ -]{1,12}".to_owned(),
        "@[0-9]{1,11}".to_owned(),
    ];
    let strategy = Union::new(patterns.map(|pattern| string_regex(&pattern).expect("a pattern")));
    let mut runner = TestRunner::deterministic();
    let one = |_| strategy.new_tree(&mut runner).expect("a value").current();
    // A dash in front would be an option of the program's, an empty argument no line of its output.
    (0..count).map(one).filter(|text| !text.starts_with('-')).collect()
}

/// The expressions that `systemd-analyze calendar` complains about.
fn refused_by_systemd(expressions: &[String]) -> BTreeSet<String> {
    let complaints = expressions.chunks(200).map(|chunk| analyze(chunk).1).collect::<String>();
    let refused = complaints.lines().filter_map(|line| {
        let quoted = line.strip_prefix("Failed to parse calendar specification '")?;
        Some(quoted.rsplit_once("': ").expect("the end of the quotation").0.to_owned())
    });
    let refused: BTreeSet<_> = refused.collect();
    assert!(
        refused.iter().all(|text| expressions.contains(text)),
        "the complaints are not as expected: {complaints}"
    );
    refused
}

fn never_elapses(expression: &str) -> bool {
    analyze(&[expression.to_owned()]).0.contains("Next elapse: never")
}

/// Returns the output and the complaints of `systemd-analyze calendar`.
fn analyze(expressions: &[String]) -> (String, String) {
    let mut command = Command::new("systemd-analyze");
    command
        .args(["calendar", "--"])
        .args(expressions)
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .env("SYSTEMD_COLORS", "0");
    let output = command.output().expect("systemd-analyze is installed (Debian: systemd)");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr))
}
