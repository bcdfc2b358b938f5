//! Times against `systemd-analyze calendar`: what passes the check is a time for systemd.

use std::process::Command;

use dpc::encode::calendar;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{texts, tool};

#[test]
fn times_that_pass_are_times_for_systemd() {
    let Some(analyze) = tool::find("systemd-analyze") else { return };
    texts::batches("OnCalendar= (systemd-analyze calendar)", time(), |batch, tally| {
        let passed: Vec<&String> = batch.iter().filter(|text| calendar::check(text).is_ok()).collect();
        prop_assert!(!passed.is_empty());
        tally.count(batch.len(), passed.len());
        let output =
            tool::run(Command::new(&analyze).args(["--iterations=0", "calendar", "--"]).args(&passed));
        prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    });
}

#[test]
fn times_that_systemd_takes_pass() {
    let Some(analyze) = tool::find("systemd-analyze") else { return };
    let takes =
        |text: &str| tool::run(Command::new(&analyze).args(["calendar", "--", text])).status.success();
    let config = ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(text in time())| {
        // What the file's head says is refused although systemd takes it.
        let stricter = ["Mon-", ",", "@", "  "].iter().any(|part| text.contains(part));
        prop_assert!(stricter || !takes(&text) || calendar::check(&text).is_ok(), "{:?}", text);
    });
}

/// Texts like times: most are, many are not quite.
fn time() -> impl Strategy<Value = String> {
    let days =
        select(&["", "", "Mon ", "mon..Fri ", "Sat,Sunday ", "Sat..Mon ", "Mon, ", "Mon-Fri ", "Xyz "][..]);
    let zone = select(&["", "", "", " UTC", " Europe/Berlin", "  UTC", " "][..]);
    let date = select(&["", "*-*-* ", "D-D ", "Y-D-D ", "D~D ", "*-D~D ", "D-D-D ", "@D "][..]);
    let time = select(&["D:D", "*:D", "D:D:D", "D:D:S", "*:*:S", "D", "D:", "*:D:*"][..]);
    let whole = (days, date, time, zone, vec(list(), 8)).prop_map(|(days, date, time, zone, lists)| {
        let mut lists = lists.into_iter();
        let pattern = format!("{days}{date}{time}");
        let filled = pattern.chars().map(|c| fill(c, &mut lists)).collect::<String>();
        format!("{}{zone}", filled.replace(['\u{1}'], "Mon"))
    });
    prop_oneof![9 => whole, 1 => select(&["daily", "WEEKLY UTC", "hourly", "fortnightly", ""][..]).prop_map(str::to_owned)]
}

fn fill(c: char, lists: &mut impl Iterator<Item = String>) -> String {
    match c {
        'D' => lists.next().unwrap_or_default(),
        'S' => format!("{}.5", lists.next().unwrap_or_default()),
        'Y' => "20".to_owned() + &lists.next().unwrap_or_default(),
        c => c.to_string(),
    }
}

fn list() -> impl Strategy<Value = String> {
    let number = prop_oneof![9 => (0..32_u32).boxed(), 1 => (0..100_u32).boxed()];
    let end = select(&["", "", "", "", "", "..", "/", ",", "*"][..]);
    let other = prop_oneof![4 => 0..32_u32, 1 => 0..100_u32];
    (number, end, other).prop_map(|(number, end, other)| match end {
        "" => format!("{number:02}"),
        "*" => "*".to_owned(),
        end => format!("{number}{end}{other}"),
    })
}
