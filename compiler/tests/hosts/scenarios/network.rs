//! etcd goes away, for all or for one host: services never stop, registrations return.

use std::time::Instant;

use crate::client::Traffic;
use crate::host::{ALL, APP_1, APP_2, DB_1, on_all};
use crate::patience::{ensure, eventually, pause, within};
use crate::registry::{API, TTL_AT_WORST, keys, leased, registered};
use crate::release::{as_should, baseline, containers};
use crate::report::Report;

const INSTANCES: [&str; 3] = ["10.77.0.11:8080", "10.77.0.11:8081", "10.77.0.12:8080"];

/// Stops all of etcd for longer than the TTL of 30 s.
pub fn etcd_down(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = ALL.map(containers);
    let traffic = Traffic::to_addresses(&INSTANCES);
    let start = Instant::now();
    on_all(|host| host.sh("systemctl stop etcd").map(drop))?;
    pause(40.0);
    on_all(|host| host.sh("systemctl start --no-block etcd").map(drop))?;
    let back =
        eventually("the registrations to return", || keys(APP_1, API).is_ok_and(|found| found.len() == 3))?;
    // The old leases end by now; registrations must outlive them.
    pause(35.0);
    let tally = traffic.finish();
    report.traffic("etcd stopped on all hosts for 40 s", start.elapsed().as_secs_f64(), &tally);
    report.recovery("etcd back: all registered again", back);
    ensure(tally.failed == 0, || format!("{} requests failed: {:?}", tally.failed, tally.first_failure))?;
    ensure(before == ALL.map(containers), || "containers were touched".into())?;
    ensure(keys(APP_1, API)?.len() == 3, || "a registration went again".into())?;
    ensure(leased(DB_1, "/services/shop/redis/redis/db-1-1")?, || {
        "redis is registered without a lease".into()
    })?;
    ALL.iter().try_for_each(|&host| as_should(host))?;
    Ok(format!("registered again {back:.1} s after etcd; {} requests, {} failed", tally.sent, tally.failed))
}

/// One host cannot reach the rest of etcd for 50 s.
pub fn partition(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let key = "/services/shop/api/http/app-2-1";
    let before = containers(APP_2)?;
    let traffic = Traffic::to_addresses(&["10.77.0.12:8080"]);
    let start = Instant::now();
    firewall("--insert")?;
    let gone = within(TTL_AT_WORST, "the registration to go", || !registered(APP_1, key));
    pause(5.0);
    firewall("--delete")?;
    let gone = gone?;
    let back = eventually("the registration to return", || registered(APP_1, key))?;
    let tally = traffic.finish();
    report.traffic("app-2 cut off from etcd", start.elapsed().as_secs_f64(), &tally);
    report.recovery("partition healed: registered again", back);
    ensure(tally.failed == 0, || format!("{} requests failed: {:?}", tally.failed, tally.first_failure))?;
    ensure(before == containers(APP_2)?, || "containers were touched".into())?;
    as_should(APP_2)?;
    Ok(format!(
        "gone after {gone:.1} s, back {back:.1} s after the heal; {} requests, {} failed",
        tally.sent, tally.failed
    ))
}

fn firewall(change: &str) -> Result<(), String> {
    let rule = "--protocol tcp --match multiport --ports 2379,2380 --jump DROP";
    APP_2
        .sh(&format!("iptables {change} INPUT --in-interface eth0 {rule} && iptables {change} OUTPUT --out-interface eth0 {rule}"))
        .map(drop)
}
