//! Two fleets with one name for a unit and a container.

use crate::bundle::Variant;
use crate::host::APP_2;
use crate::patience::ensure;
use crate::release::{activate, as_should, baseline, containers, state};
use crate::report::Report;

/// The owner of a name is named, and keeps it: a unit, a container of a fleet, a container of nobody.
pub fn taken(_: &mut Report) -> Result<String, String> {
    baseline()?;
    refused(
        "docker create --name shop-a-b-1 shop/redis:7.0.15 true",
        "docker rm shop-a-b-1",
        Variant::ServiceAB,
        "the container shop-a-b-1 is there, and is no fleet's",
    )?;
    refused(
        "docker create --name shop-a-b-1 --label dpc.fleet=shop-a shop/redis:7.0.15 true",
        "docker rm shop-a-b-1",
        Variant::ServiceAB,
        "the container shop-a-b-1 belongs to fleet shop-a",
    )?;
    refused(
        "ln -s /dev/null /etc/systemd/system/shop-a-b-1.service",
        "rm /etc/systemd/system/shop-a-b-1.service",
        Variant::ServiceAB,
        "/etc/systemd/system/shop-a-b-1.service is there, and is no fleet's",
    )?;
    activate(APP_2, Variant::ServiceAB)?.expect(0)?;
    refused("true", "true", Variant::FleetShopA, "the unit shop-a-b-1.service belongs to fleet shop")?;
    let traces = APP_2.sh("ls -d /opt/dpc/shop-a /etc/systemd/system/shop-a.target 2>/dev/null || true")?;
    ensure(traces.is_empty(), || format!("something was changed: {traces}"))?;
    as_should(APP_2)?;
    // The name is free when its service has left.
    activate(APP_2, Variant::Base)?.expect(0)?;
    let fleet = activate(APP_2, Variant::FleetShopA)?.expect(0);
    // No scenario after this one knows of it.
    APP_2.sh("systemctl disable --now shop-a.target shop-a-b-1; docker rm --force shop-a-b-1 2>/dev/null
              find /etc/systemd/system -lname '/opt/dpc/shop-a/*' -delete; systemctl daemon-reload; rm -rf /opt/dpc/shop-a
              etcdctl del -- /services/.ports/app-2/tcp/7002 >/dev/null")?;
    fleet?;
    Ok("four refused with the owner named, and the name passed on".into())
}

fn refused(harm: &str, mend: &str, variant: Variant, words: &str) -> Result<(), String> {
    APP_2.sh(harm)?;
    let before = (state(APP_2)?, containers(APP_2)?);
    activate(APP_2, variant)?.expect(1)?.saying(words)?;
    let after = (state(APP_2)?, containers(APP_2)?);
    APP_2.sh(mend)?;
    ensure(before == after, || format!("`{words}`: something was changed: {after:?} was {before:?}"))
}
