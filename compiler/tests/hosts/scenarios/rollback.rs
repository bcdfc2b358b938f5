//! A release that is taken back, by itself or by hand, and a service that leaves.

use crate::bundle::Variant;
use crate::client::{get, version};
use crate::host::{APP_1, APP_2, DB_1};
use crate::patience::{ensure, eventually};
use crate::registry::registered;
use crate::release::{activate, as_should, baseline, is_as_should, run_activate, strip};
use crate::report::Report;
use crate::scenarios::update::{none_failed, under_traffic};

/// The health check never passes: the old release serves again, and the other instances never stopped.
pub fn never_healthy(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let (tally, seconds) = under_traffic(|| {
        let activation = activate(APP_1, Variant::NeverHealthy)?.expect(3)?;
        activation
            .saying("shop-api-1 did not become ready")?
            .saying("version 1.4.4")?
            .saying("going back")
            .map(drop)
    })?;
    report.traffic("release that never becomes healthy, and back", seconds, &tally);
    report.recovery("release that never becomes healthy", seconds);
    none_failed(&tally)?;
    for address in ["10.77.0.11:8080", "10.77.0.11:8081"] {
        ensure(version(address)? == "1.4.2", || format!("{address} is not the old version"))?;
    }
    as_should(APP_1)?;
    Ok(format!(
        "served by the old release after {seconds:.0} s; {} requests, {} failed",
        tally.sent, tally.failed
    ))
}

/// `--rollback`, and once more, which goes forward again.
pub fn by_hand(report: &mut Report) -> Result<String, String> {
    baseline()?;
    activate(APP_1, Variant::NewImage)?.expect(0)?;
    ensure(version("10.77.0.11:8080")? == "1.4.3", || "the new release is not there".into())?;
    let back = run_activate(APP_1, "/tmp/release/activate --rollback")?.expect(0)?;
    ensure(version("10.77.0.11:8081")? == "1.4.2", || "the old release is not back".into())?;
    as_should(APP_1)?;
    report.recovery("--rollback of two instances", back.seconds);
    run_activate(APP_1, "/opt/dpc/shop/current/activate --rollback")?.expect(0)?;
    ensure(version("10.77.0.11:8081")? == "1.4.3", || "the second rollback does not return".into())?;
    Ok(format!("back in {:.1} s", back.seconds))
}

/// The release does not become ready, and there is none to go back to, or none that becomes ready: the units keep trying, with
/// status 4.
pub fn nothing_to_go_back_to(report: &mut Report) -> Result<String, String> {
    strip()?;
    activate(DB_1, Variant::EndsAtOnce(9))?.expect(4)?.saying("no other release to go back to")?;
    eventually("the unit to try again", || ends(9).is_ok_and(|count| count >= 2))?;
    activate(DB_1, Variant::Base)?.expect(0)?;
    baseline()?;
    APP_2.sh("touch /srv/uploads/crash")?;
    let activation = activate(APP_2, Variant::NewImage)?.expect(4)?;
    activation.saying("shop-api-1 did not become ready")?.saying("going back to release")?;
    let current = APP_2.sh("cat /opt/dpc/shop/current/docker/shop-api-1.sh")?;
    ensure(current.contains("shop/api:1.4.2"), || "the release before is not current".into())?;
    APP_2.sh("rm /srv/uploads/crash")?;
    let seconds = eventually("the release before to run", || is_as_should(APP_2))?;
    report.recovery("two releases that crash, until mended", seconds);
    Ok(format!("status 4 twice; well without a hand {seconds:.1} s after the mend"))
}

/// Counts how often Redis ended with this status.
fn ends(status: u8) -> Result<u32, String> {
    let said = DB_1.sh(&format!(
        "journalctl --identifier shop-redis-1 | grep --count 'ended with status {status}$' || true"
    ))?;
    said.parse().map_err(|_| said)
}

/// Unit, container, registration and claim go; the data stays.
pub fn service_removed(_: &mut Report) -> Result<String, String> {
    baseline()?;
    get("10.77.0.12:8080", "/upload")?;
    activate(APP_2, Variant::WithoutApi)?.expect(0)?.saying("removing shop-api-1.service")?;
    let left = APP_2.sh(
        "systemctl list-units --all --plain --no-legend 'shop-api*'; ls /etc/systemd/system | grep shop-api; \
         docker ps --all --quiet --filter name=shop-api",
    )?;
    ensure(left.is_empty(), || format!("left behind: {left}"))?;
    for key in ["/services/shop/api/http/app-2-1", "/services/.ports/app-2/tcp/8080"] {
        ensure(!registered(APP_1, key), || format!("`{key}` is still there"))?;
    }
    let kept = APP_2.sh("cat /srv/uploads/from-8080")?;
    ensure(kept == "kept", || "the data is gone".into())?;
    activate(APP_2, Variant::Base)?.expect(0)?;
    as_should(APP_2)?;
    Ok("unit, container, registration and claim gone, data kept".into())
}
