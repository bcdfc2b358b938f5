//! Names of units and containers: each is one service's.

use super::Placed;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::{Fleet, Workload};
use crate::plan::{register_name, unit_name};
use std::collections::BTreeMap;

/// Two units with one name.
pub const NAME_CONFLICT: Fault = Fault::error(
    "name-conflict",
    "every unit and container of a host has a name of its own",
    "Instance 1 of the service `api` is `shop-api-1`, and so would be a task `api-1`. The second container cannot be \
     created while the first has its name.",
);

/// The names on one host.
pub fn check(fleet: &Fleet, placed: &Placed<'_>, report: &mut Report) {
    let mut seen: BTreeMap<String, &Workload> = BTreeMap::new();
    for (workload, placement) in placed {
        let unit = unit_name(&fleet.name, workload, placement.instance);
        let register = (!placement.registrations.is_empty()).then(|| register_name(&unit));
        for name in [Some(unit), register].into_iter().flatten() {
            if let Some(first) = seen.insert(name.clone(), workload) {
                report.push(
                    Diagnostic::new(&NAME_CONFLICT, format!("two units are called `{name}`"))
                        .at(workload.span, format!("from `{}`", workload.name))
                        .at(first.span, format!("from `{}`", first.name))
                        .help("give one of them another name"),
                );
            }
        }
    }
}
