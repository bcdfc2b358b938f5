//! Releases that `activate` keeps.

use crate::bundle::Variant;
use crate::host::DB_1;
use crate::patience::ensure;
use crate::release::{activate, as_should, baseline, containers, copy, run_activate};
use crate::report::Report;

/// Seven releases became ready and four did not. Five of them stay, with the one that `--rollback` needs.
pub fn five_stay(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = containers(DB_1)?;
    let mut ids = Vec::new();
    for number in 1..=7 {
        activate(DB_1, Variant::Numbered(number))?.expect(0)?.saying(" 0 started")?;
        ids.push(DB_1.sh("basename $(readlink /opt/dpc/shop/current)")?);
    }
    ensure(before == containers(DB_1)?, || "redis was touched".into())?;
    stay("after seven", &ids[2..])?;
    for status in 1..=4 {
        let activation = activate(DB_1, Variant::EndsAtOnce(status))?.expect(3)?;
        activation.saying(&format!("ended with status {status}"))?.saying("going back to release")?;
    }
    let kept = kept()?;
    ensure(kept.len() == 5 && ids[5..].iter().all(|id| kept.contains(id)), || {
        format!("after four that did not become ready there are {kept:?}, not five with {:?}", &ids[5..])
    })?;
    run_activate(DB_1, "/opt/dpc/shop/current/activate --rollback")?.expect(0)?;
    let current = DB_1.sh("basename $(readlink /opt/dpc/shop/current)")?;
    ensure(current == ids[5], || format!("back at {current}, not at {}", ids[5]))?;
    // A release that is no longer kept can come back like any other.
    copy(DB_1, Variant::Numbered(1))?;
    run_activate(DB_1, "/tmp/release/activate")?.expect(0)?;
    as_should(DB_1)?;
    Ok("five stay, and `--rollback` goes to the right one".into())
}

fn stay(when: &str, ids: &[String]) -> Result<(), String> {
    let mut wanted = ids.to_vec();
    wanted.sort();
    let kept = kept()?;
    ensure(kept == wanted, || format!("{when}: {kept:?} are kept, not {wanted:?}"))
}

fn kept() -> Result<Vec<String>, String> {
    Ok(DB_1.sh("ls /opt/dpc/shop/releases | sort")?.lines().map(str::to_owned).collect())
}
