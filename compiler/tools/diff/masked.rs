//! Both plans → the secrets that are known from either, to be masked where they stand as values in what else the user wrote as text:
//! variables, labels, commands, files. What a plan holds with a grammar of its own (images, capabilities, users, paths, ports, names) is
//! public, and so are programs and what is registered: a secret that stands in it is not looked for.

use super::sides::Sides;
use crate::model::container::Container;
use crate::model::fleet::Check;
use crate::model::plan::Unit;
use crate::secret::{
    Hint, Known, could_be_code, is_made_up, masked_pair, public_arguments, secret_arguments, secret_values,
    secret_words, secrets_of_file,
};
use crate::text::Located;
use serde_json::Value;
use std::collections::BTreeSet;

/// The texts of both plans that look like secrets, where anything changes.
pub(crate) fn known(sides: &Sides) -> Known {
    let placed =
        || sides.base.placed().chain(sides.head.placed()).filter(|placed| !sides.is_unchanged(placed.host));
    let (mut secrets, mut public) = (BTreeSet::new(), BTreeSet::new());
    let mut seen: BTreeSet<*const Container> = BTreeSet::new();
    for placed in placed().filter(|placed| seen.insert(&raw const *placed.unit.container)) {
        of_unit(placed.unit, &mut secrets);
        public_texts(placed.unit, &mut public);
    }
    secrets.retain(|secret| is_made_up(secret) && !public.contains(secret));
    let mut values: BTreeSet<String> = secrets.extract_if(.., |secret| could_be_code(secret)).collect();
    // A flag, a path and an address say more than a password.
    values.retain(|secret| !secret.starts_with(['-', '/']) && !secret.contains("://"));
    let plans = [sides.base.plan, sides.head.plan];
    let hosts = plans.iter().flat_map(|plan| &plan.hosts);
    let names = hosts.map(|host| host.name.as_str()).chain(placed().map(|placed| placed.unit.name.as_str()));
    let names = names.chain(plans.iter().map(|plan| plan.fleet.as_str()));
    Known::new(secrets, names.chain(public.iter().map(String::as_str))).with_values(values)
}

fn of_unit(unit: &Unit, found: &mut BTreeSet<String>) {
    let container = &unit.container;
    found.extend(container.env.iter().flat_map(|(name, value)| secret_values(name, value)));
    found.extend(container.labels.iter().flat_map(|(name, value)| secret_values(name, value)));
    let options = container.logs.options.iter();
    found.extend(options.flat_map(|(name, value)| secret_values(name, value)));
    found.extend(secret_arguments(&texts(&container.docker_args)));
    found.extend(
        [&container.command, &container.entrypoint].into_iter().flat_map(|words| secret_words(&texts(words))),
    );
    let texts = container.files.iter().filter_map(|file| std::str::from_utf8(&file.content).ok());
    found.extend(texts.flat_map(secrets_of_file));
}

fn texts(words: &[Located<String>]) -> Vec<String> {
    words.iter().map(|word| word.value.clone()).collect()
}

/// Fields of a plan that are text of the user, or random.
const TEXTS: [&str; 10] =
    ["check", "command", "docker_args", "entrypoint", "env", "hash", "labels", "options", "sha256", "value"];

fn public_texts(unit: &Unit, found: &mut BTreeSet<String>) {
    let container = &unit.container;
    found.extend(public_arguments(&texts(&container.docker_args)));
    found.extend(container.env.keys().map(ToString::to_string));
    found.extend(container.labels.keys().map(ToString::to_string));
    found.extend(container.logs.options.keys().map(ToString::to_string));
    // The program that runs. Its arguments are text.
    found.extend(
        [&container.command, &container.entrypoint]
            .into_iter()
            .filter_map(|words| words.first())
            .map(|word| word.value.clone()),
    );
    if let Check::Http { path, .. } = &unit.health.check {
        found.insert(path.to_string());
    }
    let records = unit.records();
    found.extend(
        records.filter_map(|record| {
            masked_pair(Hint::None, &Known::default(), None, Some(record.value.clone())).1
        }),
    );
    let mut values = Vec::from_iter(serde_json::to_value(unit));
    while let Some(value) = values.pop() {
        match value {
            Value::String(text) => drop(found.insert(text)),
            Value::Array(list) => values.extend(list),
            Value::Object(fields) => {
                for (name, value) in fields {
                    if !TEXTS.contains(&name.as_str()) {
                        values.push(value);
                    }
                    found.insert(name);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
