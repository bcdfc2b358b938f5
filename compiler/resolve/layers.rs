//! Which blocks speak about what, earliest first: the common ones, then those of the environment that was asked for.

use super::{UNKNOWN_BASE, UNKNOWN_ENVIRONMENT};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::parse::DUPLICATE;
use crate::spec::{Block, Declarations, Environment, Setting, Spec};
use crate::syntax::Entry;
use crate::value::suggest::nearest;
use std::collections::BTreeMap;

/// Bases that start from each other.
pub const BASE_CYCLE: Fault = Fault::error(
    "base-cycle",
    "bases must not extend each other in a circle",
    "Each base starts from another; in a circle none has a start.",
);
/// A removal of what is not there.
pub const NOTHING_TO_REMOVE: Fault = Fault::error(
    "nothing-to-remove",
    "`remove` takes away something that an earlier layer brought",
    "A removal that removes nothing is a misspelt name, and what it was to take away is still in force.",
);

/// Blocks by kind and name, each with its layers in order.
#[derive(Debug, Default)]
pub struct Layers<'t, 's> {
    /// `fleet`.
    pub fleet: Vec<&'t Block<'s>>,
    /// `fleet { defaults { … } }`.
    pub defaults: Vec<&'t Block<'s>>,
    /// `host`.
    pub hosts: Named<'t, 's>,
    /// `base`.
    pub bases: Named<'t, 's>,
    /// `service` and `task`.
    pub workloads: Named<'t, 's>,
    /// `external`.
    pub externals: Named<'t, 's>,
    /// `var`.
    pub vars: BTreeMap<&'t str, &'t Setting<'s>>,
}

/// Blocks of one kind by name.
pub type Named<'t, 's> = BTreeMap<&'t str, Vec<&'t Block<'s>>>;

/// Sorts the declarations into layers, with the environment's on top.
pub fn layers<'t, 's>(spec: &'t Spec<'s>, environment: Option<&str>, report: &mut Report) -> Layers<'t, 's> {
    let mut layers = Layers::default();
    layers.add(&spec.common, report);
    let Some(name) = environment else { return layers };
    match spec.environments.iter().find(|found| found.name.value == name) {
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
        let layers = self.named(kind).entry(&block.name.value).or_default();
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

    fn named(&mut self, kind: &str) -> &mut Named<'t, 's> {
        match kind {
            "host" => &mut self.hosts,
            "base" => &mut self.bases,
            "external" => &mut self.externals,
            _ => &mut self.workloads,
        }
    }

    fn remove(&mut self, environment: &Environment<'s>, report: &mut Report) {
        for removal in &environment.removals {
            let kind = removal.key();
            let name = removal.node.arguments().nth(1).and_then(Entry::as_text).unwrap_or("");
            let named = self.named(kind);
            let fits =
                named.get(name).is_some_and(|layers| layers.iter().any(|block| block.rule.name == kind));
            if fits {
                named.remove(name);
                continue;
            }
            report.push(
                Diagnostic::new(&NOTHING_TO_REMOVE, format!("there is no {kind} `{name}` to remove"))
                    .at(removal.node.span, "removes nothing")
                    .maybe_help(
                        nearest(name, named.keys().copied()).map(|meant| format!("did you mean `{meant}`?")),
                    ),
            );
        }
    }

    /// Every block that speaks for a service or task, earliest first: defaults, bases in order, its own.
    pub fn of_workload(&self, own: &[&'t Block<'s>], report: &mut Report) -> Vec<&'t Block<'s>> {
        let mut found = self.defaults.clone();
        self.bases_of(own, &mut Vec::new(), &mut found, report);
        found.extend(own);
        found
    }

    /// Bases nest as deep as they are written, which the reader's depth does not bound: the trail does.
    fn bases_of(
        &self,
        blocks: &[&'t Block<'s>],
        trail: &mut Vec<&'t str>,
        found: &mut Vec<&'t Block<'s>>,
        report: &mut Report,
    ) {
        let Some(extends) = blocks.iter().rev().find_map(|block| block.property("extends")) else { return };
        for name in extends.as_text().unwrap_or("").split_ascii_whitespace() {
            let Some((name, base)) = self.bases.get_key_value(name) else {
                report.push(unknown_base(name, extends, self.bases.keys().copied()));
                continue;
            };
            if trail.contains(name) || trail.len() >= DEEPEST_BASE {
                report.push(base_cycle(name, trail, extends));
                continue;
            }
            trail.push(name);
            self.bases_of(base, trail, found, report);
            trail.pop();
            found.extend(base);
        }
    }
}

/// How many bases may start from each other in a row.
const DEEPEST_BASE: usize = 32;

fn base_cycle(name: &str, trail: &[&str], extends: &Entry<'_>) -> Diagnostic {
    let start = trail.iter().position(|base| *base == name).unwrap_or(0);
    let drawn =
        trail[start..].iter().chain([&name]).map(|base| format!("`{base}`")).collect::<Vec<_>>().join(" → ");
    let message = match trail.contains(&name) {
        true => format!("bases extend each other: {drawn}"),
        false => format!("more than {DEEPEST_BASE} bases extend each other in a row"),
    };
    Diagnostic::new(&BASE_CYCLE, message)
        .at(extends.value_span, format!("extends `{name}` again"))
        .help("remove one of these `extends`")
}

fn unknown_base<'n>(name: &str, extends: &Entry<'_>, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    Diagnostic::new(&UNKNOWN_BASE, format!("there is no base `{name}`"))
        .at(extends.value_span, "not a base")
        .help(match nearest(name, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("declare it: `base \"{name}\" {{ … }}`"),
        })
}

fn unknown_environment(spec: &Spec<'_>, name: &str) -> Diagnostic {
    let known: Vec<&str> = spec.environments.iter().map(|environment| &*environment.name.value).collect();
    let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
        (Some(meant), _) => format!("did you mean `--env {meant}`?"),
        (None, true) => format!("declare it: `environment \"{name}\" {{ … }}`"),
        (None, false) => format!("the environments: {}", known.join(", ")),
    };
    Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).help(help)
}
