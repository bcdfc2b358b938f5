//! The docker engine restarts, is stopped and started, and is killed.

use std::time::Instant;

use crate::client::{Traffic, get};
use crate::host::APP_2;
use crate::patience::{ensure, eventually, pause};
use crate::release::{as_should, baseline, containers, is_as_should};
use crate::report::Report;

const FAULTS: [(&str, &str); 3] = [
    ("restart", "systemctl restart docker"),
    // The socket too: it would start the engine again at the first question.
    ("stop and start", "systemctl stop docker.socket docker; sleep 5; systemctl start docker.socket docker"),
    // Its own unit starts it again.
    ("kill -9", "systemctl kill --kill-whom=main --signal=KILL docker"),
];

/// Seconds that no fault takes unless something hangs: then the journal is shown. Eight are usual once the engine is back.
const SLOW: f64 = 30.0;

/// No container is touched, and no request fails.
pub fn with_live_restore(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = containers(APP_2)?;
    let traffic = Traffic::to_addresses(&["10.77.0.12:8080"]);
    let start = Instant::now();
    for (what, fault) in FAULTS {
        harm(fault)?;
        as_should(APP_2)?;
        pause(6.0);
        ensure(before == containers(APP_2)?, || format!("{what}: containers were touched"))?;
    }
    let tally = traffic.finish();
    report.traffic(
        "engine restarted, stopped, killed, with live-restore",
        start.elapsed().as_secs_f64(),
        &tally,
    );
    ensure(tally.failed == 0, || format!("{} requests failed: {:?}", tally.failed, tally.first_failure))?;
    APP_2.sh("docker kill shop-api-1")?;
    eventually("the unit to see the end of its container", || {
        get("10.77.0.12:8080", "/count").is_ok() && is_as_should(APP_2)
    })?;
    Ok(format!("the same containers; {} requests, {} failed", tally.sent, tally.failed))
}

/// Everything comes back by itself.
pub fn without_live_restore(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let outcome = set_live_restore(false).and_then(|()| each_fault(report));
    let restored = set_live_restore(true);
    outcome.and_then(|figures| restored.map(|()| figures))
}

/// An engine that takes requests and never answers holds up a stop for a bounded time, and is named.
pub fn hangs(report: &mut Report) -> Result<String, String> {
    baseline()?;
    APP_2.sh("systemctl kill --kill-whom=main --signal=STOP docker")?;
    let start = Instant::now();
    let stopped = APP_2.sh(
        "timeout 170 systemctl stop shop-cache-1; journalctl --identifier shop-cache-1 --since -3min --no-pager --output cat",
    );
    let seconds = start.elapsed().as_secs_f64();
    APP_2.sh("systemctl kill --kill-whom=main --signal=CONT docker")?;
    let said = stopped?;
    ensure(said.contains("shop-cache-1: docker does not answer: `docker stop` takes longer than"), || {
        said.clone()
    })?;
    ensure(seconds < 120.0, || format!("the stop took {seconds:.0} s: {said}"))?;
    let back = Instant::now();
    APP_2.sh("systemctl start shop-cache-1")?;
    as_should(APP_2)?;
    report.recovery("engine that hung: from its answer on", back.elapsed().as_secs_f64());
    Ok(format!("a stop ended after {seconds:.0} s, and said which call did not answer"))
}

fn each_fault(report: &mut Report) -> Result<String, String> {
    let mut figures = Vec::new();
    for (what, fault) in FAULTS {
        as_should(APP_2)?;
        let before = containers(APP_2)?;
        let began = APP_2.sh("date +%s")?;
        let start = Instant::now();
        harm(fault)?;
        let harmed = start.elapsed().as_secs_f64();
        eventually("app-2 to be well", || {
            containers(APP_2).is_ok_and(|now| now != before)
                && get("10.77.0.12:8080", "/count").is_ok()
                && is_as_should(APP_2)
        })
        .map_err(|error| format!("{what}: {error}{}", journal(&began)))?;
        let seconds = start.elapsed().as_secs_f64();
        report.recovery(&format!("engine, without live-restore: {what}"), seconds);
        let why = if seconds > SLOW { journal(&began) } else { String::new() };
        figures.push(format!("{what} {seconds:.1} s (the fault itself {harmed:.1} s){why}"));
    }
    Ok(figures.join(", "))
}

/// Returns the journal of systemd and the engine since then.
fn journal(began: &str) -> String {
    let ask = format!(
        "journalctl --since @{began} --no-pager --output short-precise --identifier systemd --identifier dockerd \
         --identifier shop-api-1 --identifier shop-cache-1 | grep -v module=grpc"
    );
    format!("\n{}\n", APP_2.sh(&ask).unwrap_or_else(|error| error))
}

/// Debian's unit for docker gives up after three starts in a minute, which is not what is tried here.
fn harm(fault: &str) -> Result<(), String> {
    APP_2.sh(&format!("systemctl reset-failed docker docker.socket; {fault}")).map(drop)
}

fn set_live_restore(on: bool) -> Result<(), String> {
    harm(&format!(
        "sed -i 's/\"live-restore\": [a-z]*/\"live-restore\": {on}/' /etc/docker/daemon.json && systemctl restart docker"
    ))?;
    as_should(APP_2)
}
