//! `activate` is killed, and run again.

use crate::bundle::Variant;
use crate::host::APP_1;
use crate::patience::{ensure, eventually};
use crate::release::{activate, as_should, baseline, copy, run_activate, state};
use crate::report::Report;

/// At ten points of an update, forth and back in turn: each reaches the state of an undisturbed one.
pub fn at_ten_points(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let forth = activate(APP_1, Variant::NewImage)?.expect(0)?;
    let new = state(APP_1)?;
    let back = activate(APP_1, Variant::Base)?.expect(0)?;
    let base = state(APP_1)?;
    let whole = forth.seconds.min(back.seconds);
    for point in 0..10 {
        let (variant, wanted) =
            if point % 2 == 0 { (Variant::NewImage, &new) } else { (Variant::Base, &base) };
        let after = whole * (f64::from(point) + 0.5) / 10.0;
        killed_after(after, variant, wanted)
            .map_err(|error| format!("killed after {after:.1} s: {error}"))?;
    }
    Ok(format!("ten points in {whole:.1} s"))
}

fn killed_after(seconds: f64, variant: Variant, wanted: &str) -> Result<(), String> {
    copy(APP_1, variant)?;
    APP_1.sh(&format!(
        "setsid /tmp/release/activate >/dev/null 2>&1 & sleep {seconds}; kill -9 $!; wait $! || true"
    ))?;
    run_activate(APP_1, "/tmp/release/activate")?.expect(0)?;
    as_should(APP_1)?;
    let mut reached = String::new();
    eventually("the same state", || {
        reached = state(APP_1).unwrap_or_default();
        reached == wanted
    })
    .or_else(|_| ensure(false, || format!("reached\n{reached}\ninstead of\n{wanted}")).map(|()| 0.0))
    .map(drop)
}
