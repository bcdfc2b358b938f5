//! Orders the blocks about each thing, earliest first: the common ones, then those of the chosen environment.

use super::reading::place_of;
use super::{UNKNOWN_BASE, UNKNOWN_ENVIRONMENT};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::graph::{DRAWN, cycle_text};
use crate::front::parse::DUPLICATE;
use crate::kdl::Entry;
use crate::model::spec::{Block, Declarations, Environment, Setting, Spec};
use crate::text::Span;
use crate::value::suggest::{listed, nearest};
use std::collections::{BTreeMap, BTreeSet};

/// Bases that start from each other.
pub(crate) const BASE_CYCLE: Fault = Fault::error(
    "base-cycle",
    "bases must not extend each other in a circle",
    "Each base starts from another; in a circle none has a start.",
);
/// A removal of what is not there.
pub(crate) const NOTHING_TO_REMOVE: Fault = Fault::error(
    "nothing-to-remove",
    "`remove` takes away something that an earlier layer brought",
    "A removal that removes nothing is a misspelt name, and what it was to take away is still in force.",
);

/// Blocks by kind and name, each with its layers in order.
#[derive(Debug, Default)]
pub(crate) struct Layers<'t, 's> {
    /// `fleet`.
    pub(crate) fleet: Vec<&'t Block<'s>>,
    /// `fleet { defaults { … } }`.
    pub(crate) defaults: Vec<&'t Block<'s>>,
    /// `host`.
    pub(crate) hosts: BlocksByName<'t, 's>,
    /// `base`.
    pub(crate) bases: BlocksByName<'t, 's>,
    /// `service` and `task`.
    pub(crate) workloads: BlocksByName<'t, 's>,
    /// `external`.
    pub(crate) externals: BlocksByName<'t, 's>,
    /// `var`.
    pub(crate) vars: BTreeMap<&'t str, &'t Setting<'s>>,
    /// Blocks that the environment takes away, by kind and name, with the place that says so.
    pub(crate) removed: Removed<'t>,
}

/// Kind and name of each block that an environment takes away, with the place that does so.
pub(crate) type Removed<'t> = BTreeMap<(&'t str, &'t str), Span>;

/// Blocks of one kind by name.
pub(crate) type BlocksByName<'t, 's> = BTreeMap<&'t str, Vec<&'t Block<'s>>>;

/// Sorts the declarations into layers, with the environment's on top.
pub(crate) fn layers<'t, 's>(
    spec: &'t Spec<'s>,
    environment: Option<&str>,
    report: &mut Report,
) -> Layers<'t, 's> {
    let mut layers = Layers::default();
    layers.add(&spec.common, report);
    let Some(name) = environment else { return layers };
    match spec.environments.get(name) {
        Some(environment) => {
            layers.remove(environment, report);
            layers.add(&environment.declarations, report);
        }
        None => report.push(unknown_environment(spec, name)),
    }
    layers
}

impl<'t, 's> Layers<'t, 's> {
    fn add(&mut self, declarations: &'t Declarations<'s>, report: &mut Report) {
        for block in &declarations.blocks {
            match block.rule.name {
                "fleet" => self.fleet.push(block),
                "defaults" => self.defaults.push(block),
                kind => self.add_named(kind, block, report),
            }
        }
        self.vars.extend(declarations.vars.iter().map(|var| (var.key(), var)));
    }

    fn add_named(&mut self, kind: &str, block: &'t Block<'s>, report: &mut Report) {
        let layers = self.named(kind).entry(block.name.value).or_default();
        if let Some(first) = layers.first().filter(|first| first.rule.name != kind) {
            report.push(
                Diagnostic::new(
                    &DUPLICATE,
                    format!("`{}` is a {} elsewhere", block.name.value, first.rule.name),
                )
                .at(block.span, format!("a {kind} here"))
                .at(first.span, format!("a {} here", first.rule.name))
                .help("give one of them another name, or make both the same"),
            );
            return;
        }
        layers.push(block);
    }

    fn named(&mut self, kind: &str) -> &mut BlocksByName<'t, 's> {
        match kind {
            "host" => &mut self.hosts,
            "base" => &mut self.bases,
            "external" => &mut self.externals,
            _ => &mut self.workloads,
        }
    }

    fn remove(&mut self, environment: &'t Environment<'s>, report: &mut Report) {
        for removal in &environment.removals {
            let kind = removal.key();
            let name = removal.node.arguments().nth(1).and_then(Entry::as_text).unwrap_or("");
            let named = self.named(kind);
            let fits =
                named.get(name).is_some_and(|layers| layers.iter().any(|block| block.rule.name == kind));
            if fits {
                named.remove(name);
                self.removed.insert((kind, name), removal.node.span());
                continue;
            }
            report.push_error(|| {
                Diagnostic::new(&NOTHING_TO_REMOVE, format!("there is no {kind} `{name}` to remove"))
                    .at(removal.node.span(), "removes nothing")
                    .maybe_help(self.meant_removal(kind, name))
            });
        }
    }

    fn meant_removal(&mut self, kind: &str, name: &str) -> Option<String> {
        for other in ["host", "base", "service", "task", "external"] {
            let there = self.named(other).get(name).and_then(|layers| layers.first());
            if there.is_some_and(|block| block.rule.name == other) {
                return Some(format!("`{name}` is a {other}: write `remove \"{other}\" \"{name}\"`"));
            }
        }
        if !["host", "base", "service", "task", "external"].contains(&kind) {
            return Some(
                "an environment takes away a `host`, `base`, `service`, `task` or `external`".to_string(),
            );
        }
        let named = self.named(kind).iter();
        let same = named.filter(|(_, layers)| layers.iter().any(|block| block.rule.name == kind));
        nearest(name, same.map(|(name, _)| *name)).map(|meant| format!("did you mean `{meant}`?"))
    }

    /// Returns every block about a service or task, earliest first: defaults, bases in order, its own.
    pub(crate) fn of_workload(&self, own: &[&'t Block<'s>], report: &mut Report) -> Vec<&'t Block<'s>> {
        self.check_extends(own, report);
        let mut found = self.defaults.clone();
        found.extend(self.bases_of(own));
        found.extend(own);
        found
    }

    /// Reports bases that extend something else than a base, and bases that extend each other.
    pub(crate) fn check_bases(&self, report: &mut Report) {
        let mut done = BTreeSet::new();
        for (name, blocks) in &self.bases {
            self.check_extends(blocks, report);
            self.check_circle(name, &mut done, report);
        }
    }

    fn check_extends(&self, blocks: &[&'t Block<'s>], report: &mut Report) {
        let Some(extends) = extends(blocks) else { return };
        for name in words(extends).filter(|name| !self.bases.contains_key(name)) {
            report.push_error(|| unknown_base(name, extends, self.bases.keys().copied(), &self.removed));
        }
    }

    /// Follows a base to all that it starts from. No recursion: bases nest as deep as they are written.
    fn check_circle(&self, start: &'t str, done: &mut BTreeSet<&'t str>, report: &mut Report) {
        let mut open = BTreeSet::from([start]);
        let mut trail = vec![(start, self.starts(start))];
        while let Some((name, rest)) = trail.last_mut() {
            match rest.next() {
                None => {
                    open.remove(name);
                    done.insert(name);
                    trail.pop();
                }
                Some(next) if open.contains(next) => report.push_error(|| self.circle(next, &trail)),
                Some(next) if done.contains(next) => {}
                Some(next) => {
                    open.insert(next);
                    trail.push((next, self.starts(next)));
                }
            }
        }
    }

    /// The bases that a base names.
    fn starts(&self, name: &str) -> std::vec::IntoIter<&'t str> {
        self.extended(self.bases.get(name).map(Vec::as_slice).unwrap_or_default())
    }

    fn extended(&self, blocks: &[&'t Block<'s>]) -> std::vec::IntoIter<&'t str> {
        let names = extends(blocks).into_iter().flat_map(words);
        let known = names.filter_map(|name| self.bases.get_key_value(name).map(|(name, _)| *name));
        known.collect::<Vec<_>>().into_iter()
    }

    /// Returns each base after those that it starts from, once. If two bases start from one, that one comes before both.
    fn bases_of(&self, own: &[&'t Block<'s>]) -> Vec<&'t Block<'s>> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![(own, self.extended(own))];
        while let Some((blocks, rest)) = open.last_mut() {
            match rest.next() {
                Some(next) if seen.insert(next) => {
                    let blocks = self.bases[next].as_slice();
                    open.push((blocks, self.extended(blocks)));
                }
                Some(_) => {}
                None => {
                    found.extend(blocks.iter().copied());
                    open.pop();
                }
            }
        }
        found.truncate(found.len() - own.len());
        found
    }

    fn circle(&self, again: &str, trail: &[(&'t str, std::vec::IntoIter<&'t str>)]) -> Diagnostic {
        let start = trail.iter().position(|(name, _)| *name == again).unwrap_or(0);
        let mut ring: Vec<&str> = trail[start..].iter().map(|(name, _)| *name).collect();
        ring.push(again);
        let drawn = cycle_text(&ring);
        let message = match ring.len() {
            2 => format!("the base `{again}` extends itself"),
            _ => format!("bases extend each other: {drawn}"),
        };
        let places = ring.windows(2).take(DRAWN).filter_map(|pair| {
            let extends = extends(self.bases.get(pair[0])?)?;
            let label = match ring.len() {
                2 => "it starts from itself".to_string(),
                _ => format!("`{}` extends `{}`", pair[0], pair[1]),
            };
            Some((place_of(extends, pair[1]), label))
        });
        places
            .fold(Diagnostic::new(&BASE_CYCLE, message), |diagnostic, (span, text)| diagnostic.at(span, text))
            .help(if ring.len() == 2 { "remove this `extends`" } else { "remove one of these `extends`" })
    }
}

/// Returns the `extends` that counts.
fn extends<'s>(blocks: &[&Block<'s>]) -> Option<Entry<'s>> {
    blocks.iter().rev().find_map(|block| block.property("extends"))
}

fn words(entry: Entry<'_>) -> impl Iterator<Item = &str> {
    entry.as_text().unwrap_or("").split_ascii_whitespace()
}

fn unknown_base<'n>(
    name: &str,
    extends: Entry<'_>,
    known: impl Iterator<Item = &'n str>,
    removed: &Removed<'_>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_BASE, format!("there is no base `{name}`"))
        .at(place_of(extends, name), "not a base");
    if let Some(removal) = removed.get(&("base", name)) {
        return diagnostic
            .at(*removal, "taken away here")
            .help("give what extends it another base in this environment, or keep it");
    }
    diagnostic.help(match nearest(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("declare it: `base \"{name}\" {{ … }}`"),
    })
}

fn unknown_environment(spec: &Spec<'_>, name: &str) -> Diagnostic {
    let known = || spec.environments.keys().copied();
    let help = match (nearest(name, known()), spec.environments.is_empty()) {
        (Some(meant), _) => format!("did you mean `--env {meant}`?"),
        (None, true) => format!("declare it: `environment \"{name}\" {{ … }}`"),
        (None, false) => format!("the environments: {}", listed(known())),
    };
    Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).help(help)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::front::parse::{documents, parse};
    use crate::text::Sources;

    fn bases(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("dpc.kdl".into(), text).unwrap();
        let mut report = Report::default();
        let documents = documents(&sources, &mut report);
        let spec = parse(&documents, &mut report);
        let layers = layers(&spec, None, &mut report);
        let found = layers.of_workload(&layers.workloads["s"], &mut report);
        assert!(report.is_empty(), "{report:?}");
        found.iter().map(|block| block.name.value.to_string()).collect()
    }

    #[test]
    fn a_base_comes_once_and_after_what_it_starts_from() {
        let text = r#"base "r"; base "x" extends="r"; base "y" extends="r"; service "s" extends="x y""#;
        assert_eq!(bases(text), ["r", "x", "y", "s"]);
    }

    #[test]
    fn bases_that_start_from_each_other_many_times_take_no_time() {
        let mut text = "base \"b0\"\n".to_string();
        for n in 1..200 {
            let _ = writeln!(text, "base \"b{n}\" extends=\"b{} b{}\"", n - 1, n.max(2) - 2);
        }
        assert_eq!(bases(&(text + "service \"s\" extends=\"b199\"")).len(), 201);
    }
}
