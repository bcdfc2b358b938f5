//! Questions to `activate` that change nothing: `--dry-run`, `--status`, and wrong words.

use crate::bundle::Variant;
use crate::host::{APP_1, APP_2, Host};
use crate::patience::ensure;
use crate::release::{as_should, baseline, containers, copy, run_activate, state};
use crate::report::Report;

/// The plan is told: start and why, keep, remove, pull, refuse.
pub fn dry_run(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = seen()?;
    would(
        APP_1,
        Variant::NewImage,
        0,
        &[
            "would install release ",
            " in place of ",
            "would keep shop-cache-1",
            "would start shop-api-1: its container changes",
            "would start shop-api-2: its container changes",
            "nothing was changed",
        ],
    )?;
    would(APP_2, Variant::WithoutApi, 0, &["would stop and remove shop-api-1.service"])?;
    would(APP_1, Variant::FromRegistry, 0, &["would pull 10.77.0.21:5000/shop/api:2.0.0"])?;
    would(APP_1, Variant::OtherFleet, 1, &["belongs to shop/api", "nothing was changed"])?;
    for words in ["--wrong", "--dry-run --status", "''"] {
        run_activate(APP_1, &format!("/tmp/release/activate {words}"))?
            .expect(2)?
            .saying("usage: activate")?;
    }
    let after = seen()?;
    ensure(before == after, || format!("something was changed: {after:?} was {before:?}"))?;
    APP_1.sh("systemctl stop shop-api-2")?;
    let outcome =
        would(APP_1, Variant::Base, 0, &["would keep shop-api-1", "would start shop-api-2: it does not run"]);
    APP_1.sh("systemctl start shop-api-2")?;
    outcome?;
    as_should(APP_1)?;
    Ok("started, kept, removed, pulled and refused in words only".into())
}

/// Each difference from the release is shown, and makes the exit status 1.
pub fn status(_: &mut Report) -> Result<String, String> {
    baseline()?;
    shows(
        0,
        &[["shop-cache-1", "active", "as-built", "-"], ["shop-api-1", "active", "as-built", "registered"]],
    )?;
    while_so(
        "bash /opt/dpc/shop/current/etcd/register.sh withdraw shop-api-2",
        "bash /opt/dpc/shop/current/etcd/register.sh ready shop-api-2",
        &[
            ["shop-api-1", "active", "as-built", "registered"],
            ["shop-api-2", "active", "as-built", "not-registered"],
        ],
    )?;
    while_so(
        "systemctl stop shop-api-1",
        "systemctl start shop-api-1",
        &[["shop-api-1", "inactive", "differs", "not-registered"]],
    )?;
    copy(APP_1, Variant::NewImage)?;
    // The state after a kill behind the switch: the containers are those of the release before.
    while_so(
        "cp -R /tmp/release /opt/dpc/shop/releases/new && ln -sfn releases/new /opt/dpc/shop/current",
        "cd /opt/dpc/shop; ln -sfn $(readlink good) current; rm -r releases/new",
        &[
            ["shop-cache-1", "active", "as-built", "-"],
            ["shop-api-1", "active", "differs", "registered"],
            ["shop-api-2", "active", "differs", "registered"],
        ],
    )?;
    // No answer at all, where `no-etcd-warning` has a refusal.
    while_so(
        "iptables --insert OUTPUT --protocol tcp --dport 2379 --jump DROP",
        "iptables --delete OUTPUT --protocol tcp --dport 2379 --jump DROP",
        &[["shop-api-1", "active", "as-built", "unknown"]],
    )?;
    Ok("unit, container, registration and etcd, each with status 1".into())
}

fn would(host: Host, variant: Variant, status: i32, words: &[&str]) -> Result<(), String> {
    copy(host, variant)?;
    let said = run_activate(host, "/tmp/release/activate --dry-run")?.expect(status)?;
    words.iter().try_fold(said, |said, words| said.saying(words)).map(drop)
}

fn seen() -> Result<Vec<String>, String> {
    [
        state(APP_1),
        containers(APP_1),
        state(APP_2),
        containers(APP_2),
        APP_1.sh("ls /opt/dpc /opt/dpc/shop/releases"),
    ]
    .into_iter()
    .collect()
}

fn while_so(harm: &str, mend: &str, rows: &[[&str; 4]]) -> Result<(), String> {
    APP_1.sh(harm)?;
    let outcome = shows(1, rows);
    APP_1.sh(mend)?;
    outcome.map_err(|error| format!("after `{harm}`: {error}"))?;
    as_should(APP_1)
}

/// Unit, its state, its container, its registration.
fn shows(status: i32, rows: &[[&str; 4]]) -> Result<(), String> {
    let said = run_activate(APP_1, "/opt/dpc/shop/current/activate --status")?.expect(status)?.said;
    let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    rows.iter().try_for_each(|row| {
        ensure(lines.iter().any(|line| line == row), || format!("--status does not show {row:?}: {said}"))
    })
}
