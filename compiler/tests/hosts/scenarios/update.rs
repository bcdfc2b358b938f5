//! A release that changes something, while clients are at work.

use crate::bundle::Variant;
use crate::client::{Tally, Traffic, get, version};
use crate::host::{APP_1, APP_2};
use crate::patience::{ensure, eventually, pause};
use crate::registry::registered;
use crate::release::{activate, as_should, baseline, containers};
use crate::report::Report;

/// Another image of the API: nothing else restarts, and no request fails.
pub fn image_changed(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = containers(APP_1)?;
    let (tally, seconds) = under_traffic(|| {
        activate(APP_1, Variant::NewImage)?.expect(0)?;
        activate(APP_2, Variant::NewImage)?.expect(0).map(drop)
    })?;
    report.traffic("update of three instances on two hosts", seconds, &tally);
    none_failed(&tally)?;
    for address in ["10.77.0.11:8080", "10.77.0.11:8081", "10.77.0.12:8080"] {
        ensure(version(address)? == "1.4.3", || format!("{address} is not the new version"))?;
    }
    restarted(&before, &containers(APP_1)?, &["shop-api-1", "shop-api-2"])?;
    Ok(format!("{} requests, {} failed", tally.sent, tally.failed))
}

/// It sees all from its own put on, which is the first that it prints.
const WATCH: &str = "
    nohup etcdctl watch --prefix '' >/tmp/watched 2>&1 & echo $! >/tmp/watch.pid
    until grep -q /watched /tmp/watched; do
        kill -0 $(cat /tmp/watch.pid) || exit 1
        etcdctl put -- /watched yes >/dev/null; sleep 0.1
    done";

/// Another registration: it is replaced without a gap, and no container restarts.
pub fn record_changed(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = containers(APP_1)?;
    APP_1.sh(WATCH)?;
    let activation = activate(APP_1, Variant::NewRecord);
    eventually("the new record", || registered(APP_1, "/extra/app-1-1"))?;
    // The old lease ends a moment later.
    pause(5.0);
    let watched =
        APP_1.sh("kill $(cat /tmp/watch.pid); etcdctl del -- /watched >/dev/null; cat /tmp/watched")?;
    activation?.expect(0)?.saying("registering shop-api-1 again")?;
    ensure(watched.contains("PUT\n/services/shop/api/http/app-1-1\n"), || {
        format!("no put was seen: {watched}")
    })?;
    ensure(!watched.contains("DELETE\n/services/shop/api/http/app-1-1\n"), || {
        format!("the registration was gone for a while: {watched}")
    })?;
    ensure(before == containers(APP_1)?, || "containers were touched".into())?;
    activate(APP_1, Variant::Base)?.expect(0)?;
    eventually("the end of the record that left", || !registered(APP_1, "/extra/app-1-1"))?;
    as_should(APP_1)?;
    Ok("no gap".into())
}

/// Another configuration file: only the instance that has it restarts.
pub fn config_changed(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = containers(APP_1)?;
    let activation = activate(APP_1, Variant::NewConfig)?.expect(0)?;
    restarted(&before, &containers(APP_1)?, &["shop-api-1"])?;
    let body = get("10.77.0.11:8080", "/count")?;
    ensure(body.contains("greetings from"), || format!("the old configuration: {body}"))?;
    Ok(format!("{:.1} s", activation.seconds))
}

/// Two services exchange their ports: neither can start while the other has not stopped.
pub fn ports_swapped(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let activation = activate(APP_1, Variant::SwappedPorts)?.expect(0)?;
    as_should(APP_1)?;
    Ok(format!("{:.1} s", activation.seconds))
}

/// Does something while clients that resolve from etcd are at work, and a little before and after.
pub fn under_traffic(act: impl FnOnce() -> Result<(), String>) -> Result<(Tally, f64), String> {
    let traffic = Traffic::resolving(APP_2)?;
    pause(2.0);
    let start = std::time::Instant::now();
    let done = act();
    let seconds = start.elapsed().as_secs_f64();
    pause(2.0);
    let tally = traffic.finish();
    done.map(|()| (tally, seconds))
}

/// Every request was answered, and there were enough to mean something.
pub fn none_failed(tally: &Tally) -> Result<(), String> {
    ensure(tally.sent > 100, || format!("only {} requests were sent", tally.sent))?;
    ensure(tally.failed == 0, || {
        format!("{} of {} requests failed, the first {:?}", tally.failed, tally.sent, tally.first_failure)
    })
}

/// Checks that exactly these containers are others than before.
fn restarted(before: &str, after: &str, names: &[&str]) -> Result<(), String> {
    let changed: Vec<&str> = after
        .lines()
        .filter(|line| !before.contains(line))
        .filter_map(|line| line.split(' ').next())
        .collect();
    ensure(changed == names, || format!("restarted {changed:?} instead of {names:?}"))
}
