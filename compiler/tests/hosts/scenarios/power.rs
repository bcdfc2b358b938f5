//! A host loses its power.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::client::{Traffic, get};
use crate::host::{APP_1, APP_2};
use crate::patience::{ensure, within};
use crate::registry::{API, TTL_AT_WORST, keys};
use crate::release::{as_should, baseline};
use crate::report::Report;

/// Its registrations go by their TTL, the others serve, and after boot all is up without a hand.
pub fn cut(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let others = Traffic::to_addresses(&["10.77.0.12:8080"]);
    APP_1.cut_power()?;
    let start = Instant::now();
    let of_app_1 = |found: BTreeMap<String, String>| found.keys().any(|key| key.contains("app-1"));
    let gone = within(TTL_AT_WORST, "the registrations to go", || {
        keys(APP_2, API).is_ok_and(|found| !of_app_1(found))
    })?;
    let boot = Instant::now();
    APP_1.power_on()?;
    as_should(APP_1)?;
    let up = boot.elapsed().as_secs_f64();
    get("10.77.0.11:8080", "/count")?;
    get("10.77.0.11:8081", "/count")?;
    let tally = others.finish();
    ensure(tally.failed == 0, || {
        format!("{} requests to app-2 failed: {:?}", tally.failed, tally.first_failure)
    })?;
    report.traffic("power cut of app-1: requests to app-2", start.elapsed().as_secs_f64(), &tally);
    report.recovery("power cut: registrations gone", gone);
    report.recovery("power cut: all up, from the start of the boot", up);
    Ok(format!("registrations gone after {gone:.1} s, all up {up:.1} s after power came back"))
}
