//! A report → the same without the secrets that are known from either plan, wherever they stand in it. What hosts, services and
//! fleets are called stays: [`Known`] has none of it.

use super::report::{Diff, HostDiff, Note, Reason, Resource};
use super::sides::Sides;
use crate::model::container::Container;
use crate::model::plan::Unit;
use crate::secret::{Known, is_made_up, secret_values, secret_words, secrets_of_file};
use std::collections::BTreeSet;

/// The texts of both plans that look like secrets, where anything changes.
pub(crate) fn known(sides: &Sides) -> Known {
    let placed =
        || sides.base.placed().chain(sides.head.placed()).filter(|placed| !sides.is_unchanged(placed.host));
    let mut secrets = BTreeSet::new();
    let mut seen: BTreeSet<*const Container> = BTreeSet::new();
    for placed in placed().filter(|placed| seen.insert(&raw const *placed.unit.container)) {
        of_unit(placed.unit, &mut secrets);
    }
    let plans = [sides.base.plan, sides.head.plan];
    let hosts = plans.iter().flat_map(|plan| &plan.hosts);
    let names = hosts.map(|host| host.name.as_str()).chain(placed().map(|placed| placed.unit.name.as_str()));
    Known::new(secrets, names.chain(plans.iter().map(|plan| plan.fleet.as_str())))
}

fn of_unit(unit: &Unit, found: &mut BTreeSet<String>) {
    let container = &unit.container;
    found.extend(container.env.iter().flat_map(|(name, value)| secret_values(name, value)));
    found.extend(container.labels.iter().flat_map(|(name, value)| secret_values(name, value)));
    let arguments: Vec<String> =
        container.docker_args.iter().map(|argument| argument.value.clone()).collect();
    let lists: [&[String]; 3] = [&container.command, &container.entrypoint, &arguments];
    found.extend(lists.into_iter().flat_map(secret_words));
    let texts = container.files.iter().filter_map(|file| std::str::from_utf8(&file.content).ok());
    // A file often assigns an everyday word.
    found.extend(texts.flat_map(secrets_of_file).filter(|secret| is_made_up(secret)));
}

/// Masks them.
pub(crate) fn mask(diff: &mut Diff, known: &Known) {
    diff.summary.mask(known);
    for notes in [&mut diff.risks, &mut diff.interruptions, &mut diff.left_to_you, &mut diff.order] {
        notes.iter_mut().for_each(|note: &mut Note| note.message.mask(known));
    }
    for host in &mut diff.hosts {
        mask_host(host, known);
    }
}

fn mask_host(host: &mut HostDiff, known: &Known) {
    let units = host.units.iter_mut().flat_map(|unit| &mut unit.reasons);
    for Reason { name, before, after, .. } in host.reasons.iter_mut().chain(units) {
        [name, before, after].into_iter().flatten().for_each(|text| *text = known.masked(text).into_owned());
    }
    for Resource { name, before, after, .. } in &mut host.resources {
        [Some(name), before.as_mut(), after.as_mut()]
            .into_iter()
            .flatten()
            .for_each(|text| *text = known.masked(text).into_owned());
    }
    host.files.iter_mut().for_each(|file| file.path = known.masked(&file.path).into_owned());
}
