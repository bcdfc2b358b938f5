//! Faults of one service on one host: it returns by itself, and its registration goes and comes.

use std::time::Instant;

use crate::client::get;
use crate::host::{APP_1, APP_2};
use crate::patience::{ensure, eventually, pause};
use crate::registry::{API, keys, registered};
use crate::release::{as_should, baseline, is_as_should};
use crate::report::Report;

const KEY: &str = "/services/shop/api/http/app-1-1";
const ADDRESS: &str = "10.77.0.11:8080";

/// `docker kill`.
pub fn container_killed(report: &mut Report) -> Result<String, String> {
    returns("docker kill of a container", report, || APP_1.sh("docker kill shop-api-1").map(drop))
}

/// `kill -9` of the unit's main process.
pub fn script_killed(report: &mut Report) -> Result<String, String> {
    let kill = "systemctl kill --kill-whom=main --signal=KILL shop-api-1.service";
    returns("kill -9 of the unit's main process", report, || APP_1.sh(kill).map(drop))
}

/// The kernel kills it at the container's limit, and the journal says why.
pub fn out_of_memory(report: &mut Report) -> Result<String, String> {
    let said = returns("out of memory", report, || {
        // It is killed before it can answer.
        let _ = get(ADDRESS, "/eat");
        Ok(())
    })?;
    APP_1.sh("journalctl --identifier shop-api-1 | grep 'out of memory'")?;
    Ok(said)
}

/// A container that ends as soon as it starts, until its reason is gone: the unit never gives up.
pub fn exits_at_once(report: &mut Report) -> Result<String, String> {
    baseline()?;
    // The scenarios before have ended it too, and it would wait for them.
    APP_1.sh("rm -f /run/dpc/shop-api-1.ends; touch /srv/uploads/crash && docker kill shop-api-1")?;
    eventually("the registration to go", || !registered(APP_1, KEY))?;
    let words =
        || APP_1.sh("journalctl --unit shop-api-1 | wc -l").map(|lines| lines.parse::<u32>().unwrap_or(0));
    let before = words()?;
    // Long enough for a start limit of systemd's, if one were left in force.
    pause(30.0);
    let ends = APP_1.sh("journalctl --identifier shop-api-1 | grep --count 'ended with status 7'")?;
    let lines = words()? - before;
    APP_1.sh("rm /srv/uploads/crash")?;
    // One start may be half-way.
    ensure(ends.parse().is_ok_and(|ends: u32| lines <= 5 * (ends + 1)), || {
        format!("{lines} lines for {ends} starts")
    })?;
    ensure(ends.parse().is_ok_and(|ends: u32| ends >= 2), || format!("it was started {ends} times only"))?;
    no_conflicts()?;
    let seconds = all_well()?;
    report.recovery("exits at once, until mended (after 30 s of it)", seconds);
    Ok(format!("started {ends} times in vain ({lines} lines), then back {seconds:.1} s after the mend"))
}

/// It runs but is not healthy: the registration goes, the container stays, the registration comes.
pub fn unhealthy(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = APP_1.sh("docker inspect --format '{{.Id}}' shop-api-1")?;
    get(ADDRESS, "/sick")?;
    let gone = eventually("the registration to go", || !registered(APP_1, KEY))?;
    get(ADDRESS, "/well")?;
    let back = eventually("the registration to come", || registered(APP_1, KEY))?;
    ensure(before == APP_1.sh("docker inspect --format '{{.Id}}' shop-api-1")?, || {
        "it was restarted".into()
    })?;
    report.recovery("not healthy for a while: registered again", back);
    Ok(format!("gone after {gone:.1} s, back after {back:.1} s"))
}

/// The registrar of a host is killed, and another time it hangs: the next one goes on with its leases, and no key is missing.
pub fn registrar_ends(_: &mut Report) -> Result<String, String> {
    baseline()?;
    for (signal, patience) in [("KILL", 10.0), ("STOP", 40.0)] {
        let process = || APP_1.sh("systemctl show --property MainPID --value shop-register");
        let before = process()?;
        APP_1.sh(&format!("kill -{signal} {before}"))?;
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < patience {
            let found = keys(APP_2, API)?.len();
            ensure(found == 3, || format!("after {signal} only {found} of 3 are registered"))?;
            pause(0.5);
        }
        ensure(process()? != before, || format!("after {signal} it was not replaced"))?;
    }
    as_should(APP_1)?;
    Ok("no key was missing".into())
}

fn returns(
    fault: &str,
    report: &mut Report,
    act: impl FnOnce() -> Result<(), String>,
) -> Result<String, String> {
    baseline()?;
    let before = APP_1.sh("docker inspect --format '{{.Id}}' shop-api-1")?;
    act()?;
    let start = Instant::now();
    let gone = eventually("the registration to go", || !registered(APP_1, KEY))?;
    all_well()?;
    let seconds = start.elapsed().as_secs_f64();
    ensure(before != APP_1.sh("docker inspect --format '{{.Id}}' shop-api-1")?, || {
        "it is the same container".into()
    })?;
    no_conflicts()?;
    report.recovery(fault, seconds);
    Ok(format!("registration gone after {gone:.1} s, all well after {seconds:.1} s"))
}

/// No container was refused because an old one still had its name.
fn no_conflicts() -> Result<(), String> {
    let conflicts = APP_1.sh("journalctl --boot | grep --count 'is already in use by container' || true")?;
    ensure(conflicts == "0", || format!("{conflicts} conflicts of names"))
}

fn all_well() -> Result<f64, String> {
    eventually("shop-api-1 to be well", || {
        get(ADDRESS, "/count").is_ok() && registered(APP_1, KEY) && is_as_should(APP_1)
    })
}
