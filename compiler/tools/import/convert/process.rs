//! Image, command, user and rights.

use super::draft::WorkloadDraft;
use super::together::Together;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shell::OPEN;
use crate::value::capability::Capability;
use crate::value::image::Image;
use crate::value::path::ContainerPath;
use crate::value::user::User;

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Image(image) => self::image(draft, image, place),
        Setting::Built(first) => built(draft, first, place),
        Setting::BuiltFrom(_) => {}
        Setting::Command(words) => self::words(draft, "command", words, place),
        Setting::Entrypoint(words) if words.is_empty() => draft.raw("--entrypoint=", place),
        Setting::Entrypoint(words) => self::words(draft, "entrypoint", words, place),
        Setting::User(user) => checked(draft, "user", user, User::parse(user).is_ok(), place),
        Setting::Workdir(path) => {
            let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
            checked(draft, "workdir", path, ContainerPath::parse(path).is_ok(), place);
        }
        Setting::ReadOnly(true) => {
            draft.say(Handling::Carried, place, "the root filesystem is read-only anyway");
        }
        Setting::ReadOnly(false) => {
            draft.carry(NodeDraft::new("read-only").argument(NodeValue::Flag(false)), place);
        }
        Setting::Init(init) => draft.carry(NodeDraft::new("init").argument(NodeValue::Flag(*init)), place),
        Setting::NoNewPrivileges(true) => {
            draft.say(Handling::Carried, place, "no-new-privileges is on anyway");
        }
        Setting::NoNewPrivileges(false) => {
            draft.carry(NodeDraft::new("no-new-privileges").argument(NodeValue::Flag(false)), place);
        }
        Setting::CapAdd(name) => capability(draft, "add", name, place),
        Setting::CapDrop(name) => capability(draft, "drop", name, place),
        _ => return false,
    }
    true
}

fn image(draft: &mut WorkloadDraft<'_, '_>, image: &str, place: &Place) {
    let text = draft.literal(image);
    let node = NodeDraft::new("image").argument(text);
    match Image::parse(image) {
        Ok(found) if found.is_floating() => {
            draft.put(node);
            draft.say(Handling::Changed, place, "the image has no version: every build warns of it");
        }
        Ok(_) => draft.carry(node, place),
        Err(_) if image.contains(OPEN) => {
            draft.note_image(image);
            draft.carry(node, place);
        }
        Err(invalid) => draft.carry_doubtful(node, place, invalid.message),
    }
}

/// The image of a build without a name gets the name of the first service that builds it.
fn built(draft: &mut WorkloadDraft<'_, '_>, first: &str, place: &Place) {
    let image = format!("{}:1.0.0", super::values::name(first, "image"));
    draft.put(NodeDraft::new("image").argument(image.as_str()));
    let words = "it has no image: build it, push it, and write its reference";
    draft.decide_together(Together::Images, place, format!("`{image}`"), words);
}

fn words(draft: &mut WorkloadDraft<'_, '_>, name: &str, words: &[String], place: &Place) {
    if words.is_empty() {
        return draft.say(Handling::Changed, place, "it is empty: the image's own is used");
    }
    let mut node = NodeDraft::new(name);
    let mut before: Option<&str> = None;
    for word in words {
        let host = before.is_some_and(|flag| matches!(flag, "-h" | "--host" | "--hostname"));
        let text = super::environment::with_references(draft, word, host, place);
        node.arguments.push(NodeValue::Text(text));
        before = Some(word);
    }
    draft.carry(node, place);
}

/// Writes a text as it is, or docker's own flag if dpc does not take it.
pub(super) fn checked(draft: &mut WorkloadDraft<'_, '_>, name: &str, text: &str, valid: bool, place: &Place) {
    if valid || text.contains(OPEN) {
        draft.carry(NodeDraft::new(name).argument(text), place);
    } else {
        draft.raw(&format!("--{name}={text}"), place);
    }
}

fn capability(draft: &mut WorkloadDraft<'_, '_>, what: &str, name: &str, place: &Place) {
    let Ok(capability) = Capability::parse(name) else {
        return draft.raw(&format!("--cap-{what}={name}"), place);
    };
    let name = capability.as_str();
    let children = &mut draft.once("capabilities").children;
    let at = children.iter().position(|child| child.name == what).unwrap_or_else(|| {
        children.push(NodeDraft::new(what));
        children.len() - 1
    });
    if !children[at].arguments.contains(&NodeValue::from(name)) {
        children[at].arguments.push(NodeValue::from(name));
    }
    draft.say(Handling::Carried, place, format!("capabilities {what} \"{name}\""));
}
