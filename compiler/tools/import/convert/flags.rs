//! A flag of docker that no reader of an import takes → the node that says the same, or docker's own flag.

use super::draft::WorkloadDraft;
use super::limits::memory;
use super::process::checked;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::language::Field;
use crate::language::service::limits;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::value::cdi::CdiDevice;
use crate::value::container_hostname::ContainerHostname;
use crate::value::cpuset::Cpuset;
use crate::value::docker_flags::fields;
use crate::value::namespace::{Ipc, Pid};
use crate::value::path::HostPath;
use crate::value::platform::Platform;
use crate::value::security::{Apparmor, Seccomp, SelinuxLabel};
use crate::value::user::Account;

/// Writes a flag, `--name=value`.
pub(super) fn flag(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    let bare = text.trim_start_matches("--");
    let (name, value) = bare.split_once('=').unwrap_or((bare, "true"));
    let mut single = |valid: bool| checked(draft, name, value, valid, place);
    match name {
        "hostname" => single(ContainerHostname::parse(value).is_ok()),
        "platform" => single(Platform::parse(value).is_ok()),
        "pid" => single(Pid::parse(value).is_ok()),
        "ipc" => single(Ipc::parse(value).is_ok()),
        "label-file" => single(HostPath::parse(value).is_ok()),
        "privileged" => draft.carry(NodeDraft::new(name).argument(NodeValue::Flag(true)), place),
        "group-add" if Account::parse_group(value).is_ok() => {
            draft.once(name).arguments.push(NodeValue::from(value));
            draft.say(Handling::Carried, place, format!("{name} \"{value}\""));
        }
        "security-opt" => security(draft, value, place),
        "memory-reservation" => memory(draft, name, value, place),
        "memory-swappiness" => number(draft, &limits::MEMORY_SWAPPINESS, text, value, place),
        "cpu-shares" => number(draft, &limits::CPU_SHARES, text, value, place),
        "oom-score-adj" => number(draft, &limits::OOM_SCORE_ADJ, text, value, place),
        "cpuset-cpus" if Cpuset::parse(value).is_ok() => draft.property("resources", "cpuset", value, place),
        "gpus" => gpus(draft, text, value, place),
        "device" if gpu(draft, value, place) => {}
        _ => draft.raw(text, place),
    }
}

fn number(draft: &mut WorkloadDraft<'_, '_>, field: &Field<i64>, text: &str, value: &str, place: &Place) {
    match field.parse(value) {
        Ok(number) => draft.property("resources", field.row.name, NodeValue::Whole(number), place),
        Err(_) => draft.raw(text, place),
    }
}

/// `seccomp=…`, `apparmor=…`, `label=…`; an older docker has `:`.
fn security(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    const NODE: &str = "security-opt";
    let (name, value) = text.split_once(['=', ':']).unwrap_or((text, ""));
    let valid = match name {
        "seccomp" => Seccomp::parse(value).is_ok(),
        "apparmor" => Apparmor::parse(value).is_ok(),
        "label" => SelinuxLabel::parse(value).is_ok(),
        _ => false,
    };
    if !valid {
        return draft.raw(&format!("--{NODE}={text}"), place);
    }
    let before = draft.once(NODE).properties.iter().find(|(other, _)| name == "label" && other == name);
    let value = match before {
        Some((_, NodeValue::Text(before))) => format!("{before} {value}"),
        _ => value.to_string(),
    };
    draft.property(NODE, name, value, place);
}

/// A GPU by its name in the container device interface; says whether it is one.
pub(super) fn gpu(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) -> bool {
    let Some((vendor, name)) = text.split_once("/gpu=").filter(|_| CdiDevice::parse(text).is_ok()) else {
        return false;
    };
    let node = draft.once("gpu");
    let vendor = (vendor != limits::GPU_VENDOR.default()).then(|| NodeValue::from(vendor));
    let known = node.properties.first().map(|(_, vendor)| vendor);
    if !node.arguments.is_empty() && known != vendor.as_ref() {
        return false;
    }
    node.properties = vendor.map(|vendor| ("vendor".to_string(), vendor)).into_iter().collect();
    node.arguments.push(NodeValue::from(name));
    draft.say(Handling::Carried, place, format!("gpu \"{name}\""));
    true
}

/// `--gpus`: `all`, a number of them, or `"device=0,GPU-…"`. docker gives the first ones where a number is said.
fn gpus(draft: &mut WorkloadDraft<'_, '_>, text: &str, value: &str, place: &Place) {
    let (mut names, mut capabilities) = (Vec::new(), Vec::new());
    for field in fields(value) {
        match field.split_once('=').unwrap_or(("count", &field)) {
            ("count", "all" | "-1") => names.push("all".to_string()),
            ("count", count) => match count.parse::<u32>() {
                Ok(count @ 1..=64) => names.extend((0..count).map(|number| number.to_string())),
                _ => return draft.raw(text, place),
            },
            ("device", ids) => names.extend(ids.split(',').map(str::to_string)),
            ("capabilities", list) => {
                capabilities.extend(list.split(',').filter(|one| *one != "gpu").map(str::to_string));
            }
            ("driver", "nvidia") => {}
            _ => return draft.raw(text, place),
        }
    }
    if names.is_empty() || names.iter().any(|name| CdiDevice::gpu("nvidia.com", name).is_err()) {
        return draft.raw(text, place);
    }
    let names = names.iter().map(|name| NodeValue::from(name.as_str()));
    draft.put(NodeDraft { arguments: names.collect(), ..NodeDraft::new("gpu") });
    let words = "the GPU is a device of CDI, which docker 25 and later give: `nvidia-ctk cdi generate` on the host describes it";
    draft.say(Handling::Changed, place, words);
    if !capabilities.is_empty() {
        let words = format!(
            "the capabilities {} of the GPU: the description of a device has all libraries of its driver",
            capabilities.join(", ")
        );
        draft.say(Handling::Changed, place, words);
    }
}
