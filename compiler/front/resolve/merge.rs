//! The layers of a service → one set of settings, each with the places that it comes from.

use super::layers::NOTHING_TO_REMOVE;
use crate::diagnostic::{Diagnostic, Report};
use crate::front::limits::{MOST_OF_A_KIND, too_many};
use crate::kdl::{self, Node};
use crate::language::{Merge, Node as Rule, Scope, service_node};
use crate::model::spec::{Block, Setting};
use crate::value::suggest::{listed, nearest};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The settings of one service or task after all layers.
#[derive(Debug, Default)]
pub(crate) struct Merged<'t, 's> {
    settings: Vec<Layered<'t, 's>>,
}

/// One setting in the last layer that has it.
#[derive(Debug, Clone)]
pub(crate) struct Layered<'t, 's> {
    setting: &'t Setting<'s>,
    /// The nodes of earlier layers, where the properties of all layers add up.
    earlier: Vec<Node<'s>>,
}

/// Settings by the name of their kind and their key.
type ByKey<'t, 's> = BTreeMap<(&'s str, &'s str), Layered<'t, 's>>;

/// Lays the blocks over each other, earliest first. Settings that a task has no use for are skipped if they come from the
/// defaults or a base, which serve services too.
pub(crate) fn merge<'t, 's>(blocks: &[&'t Block<'s>], scope: Scope, report: &mut Report) -> Merged<'t, 's> {
    let mut merged = ByKey::new();
    for block in blocks {
        let (removals, settings): (Vec<_>, Vec<_>) =
            block.settings.iter().partition(|setting| setting.rule.name == "remove");
        removals.into_iter().for_each(|removal| remove(&mut merged, removal, report));
        for setting in settings {
            if setting.rule.scope == Scope::Both || setting.rule.scope == scope {
                add(&mut merged, setting);
            }
        }
    }
    Merged { settings: merged.into_values().collect() }
}

fn add<'t, 's>(merged: &mut ByKey<'t, 's>, setting: &'t Setting<'s>) {
    let new = Layered { setting, earlier: Vec::new() };
    match merged.entry((setting.rule.name, new.key())) {
        Entry::Vacant(place) => {
            place.insert(new);
        }
        Entry::Occupied(known) => {
            let known = known.into_mut();
            if setting.rule.merge == Merge::Properties {
                known.earlier.push(known.setting.node);
            }
            known.setting = setting;
        }
    }
}

/// Takes away a setting by its key, or all of its kind.
fn remove<'s>(merged: &mut ByKey<'_, 's>, removal: &Setting<'s>, report: &mut Report) {
    let name = removal.key();
    let key = removal.node.arguments().nth(1).and_then(kdl::Entry::as_text);
    let keys: Vec<&str> = match key {
        Some(key) => vec![key],
        None => keys(merged, name).collect(),
    };
    let gone = keys.into_iter().filter_map(|key| merged.remove(&(name, key))).count();
    if gone == 0 {
        report.push_error(|| nothing_to_remove(merged, name, key, removal));
    }
}

/// The keys of the settings of one kind.
fn keys<'m, 's>(merged: &'m ByKey<'_, 's>, name: &'m str) -> impl Iterator<Item = &'s str> {
    merged.range((name, "")..).take_while(move |((kind, _), _)| *kind == name).map(|((_, key), _)| *key)
}

fn nothing_to_remove(
    merged: &ByKey<'_, '_>,
    name: &str,
    key: Option<&str>,
    removal: &Setting<'_>,
) -> Diagnostic {
    let keys = || keys(merged, name);
    let meant = match key {
        _ if service_node(name).is_none() => nearest(name, merged.keys().map(|(kind, _)| *kind)),
        Some(key) => nearest(key, keys()),
        None => None,
    };
    let what = key.map_or(format!("`{name}`"), |key| format!("`{name} \"{key}\"`"));
    let mut named = keys().filter(|key| !key.is_empty()).peekable();
    Diagnostic::new(&NOTHING_TO_REMOVE, format!("no earlier layer has {what}"))
        .at(removal.node.span(), "removes nothing")
        .help(match (meant, named.peek()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(_)) => format!("the earlier layers have: {}", listed(named)),
            (None, None) => {
                "remove this line: the layers before are the defaults, the bases in order, the service"
                    .to_string()
            }
        })
}

impl<'t, 's> Merged<'t, 's> {
    /// Returns the setting with that name, for a node that may stand once.
    pub(crate) fn get(&self, name: &str) -> Option<&Layered<'t, 's>> {
        self.settings.iter().find(|setting| setting.rule().name == name)
    }

    /// The settings of that name, sorted by key.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Layered<'t, 's>> {
        self.settings.iter().filter(move |setting| setting.rule().name == name)
    }

    /// Makes a value of each setting with that name, sorted by key. The list has no spare capacity: a fleet holds many.
    pub(crate) fn gather<T>(&self, name: &str, make: impl FnMut(&Layered<'t, 's>) -> Option<T>) -> Vec<T> {
        let mut made = Vec::with_capacity(self.all(name).count());
        made.extend(self.all(name).filter_map(make));
        made
    }

    /// Reports kinds with too many settings, and keeps some of them.
    pub(crate) fn limit_settings(&mut self, kind: &str, block: &Block<'_>, report: &mut Report) {
        for settings in self.settings.chunk_by(|one, other| one.rule().name == other.rule().name) {
            if settings.len() > MOST_OF_A_KIND {
                let what = format!("settings `{}` of {kind} `{}`", settings[0].rule().name, block.name.value);
                report.push(too_many(&what, settings.len(), MOST_OF_A_KIND, block.span));
            }
        }
        let (mut before, mut count) = ("", 0);
        self.settings.retain(|setting| {
            let name = setting.rule().name;
            count = if name == before { count + 1 } else { 1 };
            before = name;
            count <= MOST_OF_A_KIND
        });
    }

    /// Everything, sorted by name and key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Layered<'t, 's>> {
        self.settings.iter()
    }
}

impl<'s> Layered<'_, 's> {
    /// Its row in the table of the language.
    pub(crate) fn rule(&self) -> &'static Rule {
        self.setting.rule
    }

    /// The key that tells it from others of its kind.
    pub(crate) fn key(&self) -> &'s str {
        if self.rule().merge == Merge::Named { self.setting.key() } else { "" }
    }

    /// Returns the node that counts.
    pub(crate) fn node(&self) -> Node<'s> {
        self.setting.node
    }

    /// Returns the node that counts, then those of earlier layers whose properties count too; the latest first.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'s>> {
        std::iter::once(self.node()).chain(self.earlier.iter().rev().copied())
    }

    /// The first argument.
    pub(crate) fn argument(&self) -> Option<kdl::Entry<'s>> {
        self.node().arguments().next()
    }

    /// The property of that name in the latest layer that has it.
    pub(crate) fn property(&self, name: &str) -> Option<kdl::Entry<'s>> {
        self.nodes().find_map(|node| node.property(name))
    }
}
