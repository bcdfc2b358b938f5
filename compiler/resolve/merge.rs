//! The layers of a service → one set of settings, each with the places it comes from.

use super::layers::NOTHING_TO_REMOVE;
use crate::diagnostic::{Diagnostic, Report};
use crate::language::{Merge, Node as Rule, Scope, service_node};
use crate::spec::{Block, Setting};
use crate::syntax::{Entry, Node};
use crate::value::suggest::nearest;

/// The settings of one service or task after all layers.
#[derive(Debug, Default)]
pub struct Merged<'t, 's> {
    settings: Vec<Layered<'t, 's>>,
}

/// One setting, as the last layer has it that says something of it.
#[derive(Debug, Clone)]
pub struct Layered<'t, 's> {
    setting: &'t Setting<'s>,
    /// What the layers before say, where the properties of all layers add up.
    earlier: Vec<Node<'s>>,
}

/// Lays the blocks over each other, earliest first. What a task has no use for is passed over where it comes from the
/// defaults or a base, which serve services too.
pub fn merge<'t, 's>(blocks: &[&'t Block<'s>], scope: Scope, report: &mut Report) -> Merged<'t, 's> {
    let most = blocks.iter().map(|block| block.settings.len()).sum();
    let mut merged = Merged { settings: Vec::with_capacity(most) };
    for block in blocks {
        let (removals, settings): (Vec<_>, Vec<_>) =
            block.settings.iter().partition(|setting| setting.rule.name == "remove");
        removals.into_iter().for_each(|removal| merged.remove(removal, report));
        for setting in settings {
            if setting.rule.scope == Scope::Both || setting.rule.scope == scope {
                merged.add(setting);
            }
        }
    }
    merged.settings.sort_by(|a, b| a.rule().name.cmp(b.rule().name).then_with(|| a.key().cmp(b.key())));
    merged
}

impl<'t, 's> Merged<'t, 's> {
    /// The setting of that name, where it is one of those that stand once.
    pub fn get(&self, name: &str) -> Option<&Layered<'t, 's>> {
        self.settings.iter().find(|setting| setting.rule().name == name)
    }

    /// The settings of that name, sorted by key.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Layered<'t, 's>> {
        self.settings.iter().filter(move |setting| setting.rule().name == name)
    }

    /// What is made of each of the settings of that name, sorted by key. No room is left for more: a fleet holds many.
    pub fn gather<T>(&self, name: &str, make: impl FnMut(&Layered<'t, 's>) -> Option<T>) -> Vec<T> {
        let mut made = Vec::with_capacity(self.all(name).count());
        made.extend(self.all(name).filter_map(make));
        made
    }

    /// Everything, sorted by name and key.
    pub fn iter(&self) -> impl Iterator<Item = &Layered<'t, 's>> {
        self.settings.iter()
    }

    fn add(&mut self, setting: &'t Setting<'s>) {
        let new = Layered { setting, earlier: Vec::new() };
        let key = new.key();
        let is_same = |known: &&mut Layered<'_, '_>| {
            std::ptr::eq(known.setting.rule, setting.rule) && known.key() == key
        };
        match self.settings.iter_mut().find(is_same) {
            None => self.settings.push(new),
            Some(known) => {
                if setting.rule.merge == Merge::Properties {
                    known.earlier.push(known.setting.node);
                }
                known.setting = setting;
            }
        }
    }

    fn remove(&mut self, removal: &Setting<'_>, report: &mut Report) {
        let name = removal.key();
        let key = removal.node.arguments().nth(1).and_then(Entry::as_text);
        let before = self.settings.len();
        self.settings
            .retain(|setting| setting.rule().name != name || key.is_some_and(|key| setting.key() != key));
        if self.settings.len() == before {
            report.push(self.nothing_to_remove(name, key, removal));
        }
    }

    fn nothing_to_remove(&self, name: &str, key: Option<&str>, removal: &Setting<'_>) -> Diagnostic {
        let keys = self.all(name).map(Layered::key);
        let meant = match key {
            _ if service_node(name).is_none() => {
                nearest(name, self.settings.iter().map(|setting| setting.rule().name))
            }
            Some(key) => nearest(key, keys),
            None => None,
        };
        let what = key.map_or(format!("`{name}`"), |key| format!("`{name} \"{key}\"`"));
        Diagnostic::new(&NOTHING_TO_REMOVE, format!("no earlier layer has {what}"))
            .at(removal.node.span(), "removes nothing")
            .help(match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => self.removable(name),
            })
    }

    /// What of that name there is to remove.
    fn removable(&self, name: &str) -> String {
        let keys: Vec<_> = self.all(name).filter(|setting| !setting.key().is_empty()).collect();
        match keys.is_empty() {
            true => "remove this line: the layers before are the defaults, the bases in order, the service"
                .to_string(),
            false => {
                let keys = keys.iter().map(|setting| format!("`{}`", setting.key())).collect::<Vec<_>>();
                format!("the earlier layers have: {}", keys.join(", "))
            }
        }
    }
}

impl<'t, 's> Layered<'t, 's> {
    /// Its row in the table of the language.
    pub fn rule(&self) -> &'static Rule {
        self.setting.rule
    }

    /// What tells it from others of its kind.
    pub fn key(&self) -> &'s str {
        if self.rule().merge == Merge::Named { self.setting.key() } else { "" }
    }

    /// The node in force.
    pub fn node(&self) -> Node<'s> {
        self.setting.node
    }

    /// The node in force, and before it those of earlier layers whose properties hold too; the latest first.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'s>> {
        std::iter::once(self.node()).chain(self.earlier.iter().rev().copied())
    }

    /// The first argument.
    pub fn argument(&self) -> Option<Entry<'s>> {
        self.node().arguments().next()
    }

    /// The property of that name in the latest layer that has it.
    pub fn property(&self, name: &str) -> Option<Entry<'s>> {
        self.nodes().find_map(|node| node.property(name))
    }
}
