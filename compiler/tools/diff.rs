//! Two plans → what the second does to what the first runs, and why. Pure: plans and artifacts come in, a report leaves.

mod container;
mod failed;
mod files;
mod hosts;
mod image;
mod interruptions;
mod json;
mod left_to_you;
mod locked;
mod markdown;
mod masked;
mod order;
mod reason;
mod report;
mod resources;
mod risks;
mod sentence;
mod sides;
mod summary;
mod text;
mod unit;

pub use failed::{Failed, FailedSide, Problem};
pub use json::json;
pub use markdown::{LONGEST as LONGEST_MARKDOWN, markdown};
pub use report::{
    Action, Change, Counts, Diff, FileDiff, HostDiff, Note, NoteKind, Reason, Resource, ResourceKind,
    UnitDiff, VERSION,
};
pub use sentence::{Piece, Sentence};
pub use text::text;

use crate::model::plan::Plan;
use crate::output::artifacts::Artifacts;
use sides::Sides;
use std::collections::BTreeSet;

/// Artifacts of both sides, and what to do with them.
#[derive(Clone, Copy, Debug)]
pub struct Bundles<'a> {
    /// The files that run.
    pub base: &'a Artifacts,
    /// The files that will.
    pub head: &'a Artifacts,
    /// Set if the report holds the differences of files, not only their names.
    pub bodies: bool,
}

/// Compares what two plans run, of which `same` names the hosts that run the same ([`Plan::same_hosts`]). With their artifacts,
/// it also tells what no plan says: a template that changed.
pub fn diff(base: &Plan, head: &Plan, same: &BTreeSet<String>, bundles: Option<Bundles>) -> Diff {
    let mut sides = Sides::new(base, head, same);
    sides.known = masked::known(&sides);
    let mut diff = Diff {
        version: VERSION,
        fleet: head.fleet.clone(),
        environment: head.environment.clone(),
        changed: false,
        summary: Sentence::default(),
        counts: Counts::default(),
        risks: risks::risks(&sides),
        interruptions: interruptions::interruptions(&sides),
        left_to_you: left_to_you::left_to_you(&sides),
        order: order::order(&sides),
        hosts: hosts::hosts(&sides),
        remarks: Vec::new(),
    };
    if let Some(bundles) = bundles {
        files::add_files(&mut diff, &sides, bundles.base, bundles.head, bundles.bodies);
    }
    diff.counts = summary::counts(&diff, &sides);
    diff.hosts.retain(HostDiff::is_changed);
    diff.changed = !diff.hosts.is_empty();
    diff.summary = summary::summary(&diff);
    diff
}
