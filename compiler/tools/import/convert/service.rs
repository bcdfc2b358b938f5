//! One container → its service or task: each setting goes to the family that knows it.

use super::draft::{ImportNotes, WorkloadDraft};
use super::{ImportContext, environment, health, life, limits, mounts, network, process, tell};
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;

/// The node of a container.
pub(crate) fn node(index: usize, known: &ImportContext<'_>, notes: &mut ImportNotes) -> NodeDraft {
    let mut draft = WorkloadDraft::new(index, known, notes);
    named(&mut draft);
    draft.put(on(known));
    network::ports(&mut draft);
    for setting in &known.found.containers[index].settings {
        let (value, place) = (&setting.value, &setting.place);
        let taken = process::take(&mut draft, value, place)
            || environment::take(&mut draft, value, place)
            || mounts::take(&mut draft, value, place)
            || limits::take(&mut draft, value, place)
            || network::take(&mut draft, value, place)
            || life::take(&mut draft, value, place);
        if !taken {
            plain(&mut draft, value, place);
        }
    }
    if known.options.writable_root && !draft.has("read-only") {
        draft.put(NodeDraft::new("read-only").argument(NodeValue::Flag(false)));
    }
    mounts::lacking(&mut draft);
    tell::tell(&mut draft);
    health::write(&mut draft);
    network::needs(&mut draft);
    draft.finish()
}

fn on(known: &ImportContext<'_>) -> NodeDraft {
    let host = known.options.hosts.first().map_or(super::HOST.0, |(name, _)| name.as_str());
    NodeDraft::new("on").argument(host)
}

fn named(draft: &mut WorkloadDraft<'_, '_>) {
    let found = &draft.container().name;
    if found.value != draft.name() {
        let words = format!("`{}` is called `{}`", found.value, draft.name());
        draft.say(Handling::Changed, &found.place, words);
    }
}

/// Writes a setting that needs no more decisions.
fn plain(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) {
    match setting {
        Setting::Lost(why) => draft.say(Handling::Lost, place, why.as_str()),
        Setting::Changed(how) => draft.say(Handling::Changed, place, how.as_str()),
        Setting::Kept(how) => draft.say(Handling::Carried, place, how.as_str()),
        Setting::Decide(why) => draft.decide(place, why.as_str()),
        Setting::PublishAll => {
            draft.say(Handling::Changed, place, "every port that the process binds is a port of the host");
        }
        Setting::Raw(flag) => super::flags::flag(draft, flag, place),
        _ => {}
    }
}
