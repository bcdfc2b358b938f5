//! Hosts are activated in the wrong order.

use std::thread;

use crate::bundle::Variant;
use crate::client::get;
use crate::host::{ALL, APP_1, APP_2, DB_1};
use crate::patience::pause;
use crate::release::{activate, as_should, strip};
use crate::report::Report;

/// The API first, and its needs 15 s later: all settle by themselves.
pub fn wrong_order(report: &mut Report) -> Result<String, String> {
    strip()?;
    let (first, second, last) = thread::scope(|scope| {
        let first = scope.spawn(|| activate(APP_1, Variant::Base));
        let second = scope.spawn(|| activate(APP_2, Variant::Base));
        pause(15.0);
        let last = activate(DB_1, Variant::Base);
        let panicked = || Err("a thread panicked".to_owned());
        (first.join().unwrap_or(panicked()), second.join().unwrap_or(panicked()), last)
    });
    last?.expect(0)?;
    let (first, second) = (first?.expect(0)?, second?.expect(0)?);
    ALL.iter().try_for_each(|&host| as_should(host))?;
    get("10.77.0.11:8080", "/count")?;
    report.recovery("API activated 15 s before what it needs", first.seconds.max(second.seconds));
    Ok(format!("app-1 ready after {:.1} s, app-2 after {:.1} s", first.seconds, second.seconds))
}
