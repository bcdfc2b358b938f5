//! Limits, devices and what is set in the container's /etc.

use super::draft::WorkloadDraft;
use super::process::checked;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::value::cpus::Cpus;
use crate::value::path::{ContainerPath, HostPath};
use crate::value::size::Size;
use crate::value::sysctl::Sysctl;
use crate::value::ulimit::Ulimit;

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Memory(text) => memory(draft, "memory", text, place),
        Setting::MemorySwap(text) => memory(draft, "memory-swap", text, place),
        Setting::ShmSize(_) if has_no_shared_memory(draft) => {
            draft.say(Handling::Changed, place, "it goes with shared memory of its own, which it has not");
        }
        Setting::ShmSize(text) => {
            let size = size(text);
            let valid = size.as_deref().is_some_and(|size| Size::parse(size).is_ok());
            checked(draft, "shm-size", size.as_deref().unwrap_or(text), valid, place);
        }
        Setting::Cpus(text) => cpus(draft, text, place),
        Setting::Pids(text) => match text.parse::<u32>() {
            Ok(pids) if pids > 0 => {
                draft.property("resources", "pids", NodeValue::Whole(i64::from(pids)), place);
            }
            _ if matches!(&**text, "0" | "-1") => draft.say(Handling::Carried, place, NO_LIMIT),
            _ => draft.raw(&format!("--pids-limit={text}"), place),
        },
        Setting::Ulimit(name, soft, hard) => ulimit(draft, name, soft, hard.as_deref(), place),
        Setting::Device(host, inside, permissions) => {
            device(draft, host, inside.as_deref(), permissions.as_deref(), place);
        }
        Setting::Sysctl(name, value) => sysctl(draft, name, value, place),
        _ => return false,
    }
    true
}

/// A size with its unit: docker counts a bare number in bytes.
pub(crate) fn size(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let bare = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = if bare { format!("{text}b") } else { text };
    Size::parse(&text).ok().map(|size| size.to_string())
}

const NO_LIMIT: &str = "there is no limit anyway";

pub(super) fn memory(draft: &mut WorkloadDraft<'_, '_>, name: &str, text: &str, place: &Place) {
    match size(text)
        .filter(|size| Size::parse(size).is_ok_and(|size| size.at_least(Size::LEAST_MEMORY).is_ok()))
    {
        Some(size) => draft.property("resources", name, size, place),
        None if matches!(text, "0" | "-1") && name != "memory-swap" => {
            draft.say(Handling::Carried, place, NO_LIMIT);
        }
        None => draft.raw(&format!("--{name}={text}"), place),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit becomes the largest number")]
fn cpus(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    let value = match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => NodeValue::Whole(whole),
        (_, Ok(decimal)) if decimal.fract() == 0.0 => NodeValue::Whole(decimal as i64),
        (_, Ok(decimal)) => NodeValue::Decimal(decimal),
        _ => NodeValue::Whole(0),
    };
    let printed = match &value {
        NodeValue::Whole(whole) => whole.to_string(),
        NodeValue::Decimal(decimal) => decimal.to_string(),
        _ => String::new(),
    };
    match Cpus::parse(&printed) {
        Ok(_) => draft.property("resources", "cpus", value, place),
        Err(_) if text.parse() == Ok(0.0) => draft.say(Handling::Carried, place, NO_LIMIT),
        Err(_) => draft.raw(&format!("--cpus={text}"), place),
    }
}

fn has_no_shared_memory(draft: &WorkloadDraft<'_, '_>) -> bool {
    let others = ["--ipc=host", "--ipc=none"];
    draft.container().settings.iter().any(|setting| match &setting.value {
        Setting::Raw(flag) => others.contains(&flag.as_str()),
        _ => false,
    })
}

fn ulimit(draft: &mut WorkloadDraft<'_, '_>, name: &str, soft: &str, hard: Option<&str>, place: &Place) {
    let numbers = (soft.parse::<i64>(), hard.map(str::parse::<i64>).transpose());
    let written = hard.map_or(format!("{name}={soft}"), |hard| format!("{name}={soft}:{hard}"));
    match (numbers, Ulimit::parse(&written)) {
        ((Ok(soft), Ok(hard)), Ok(_))
            if soft >= -1 && hard.is_none_or(|hard| amount(hard) >= amount(soft)) =>
        {
            let node = NodeDraft::new("ulimit").argument(name).argument(NodeValue::Whole(soft));
            draft.carry(node.maybe("hard", hard.filter(|hard| *hard != soft).map(NodeValue::Whole)), place);
        }
        _ => draft.raw(&format!("--ulimit={written}"), place),
    }
}

/// -1 is no limit.
fn amount(number: i64) -> i64 {
    if number < 0 { i64::MAX } else { number }
}

fn device(
    draft: &mut WorkloadDraft<'_, '_>,
    host: &str,
    inside: Option<&str>,
    permissions: Option<&str>,
    place: &Place,
) {
    if inside.is_none() && permissions.is_none() && super::flags::gpu(draft, host, place) {
        return;
    }
    let known = permissions.is_none_or(|text| matches!(text, "r" | "w" | "m" | "rw" | "rm" | "wm" | "rwm"));
    let inside = inside.filter(|inside| *inside != host);
    let valid = HostPath::parse(host).is_ok() && inside.is_none_or(|path| ContainerPath::parse(path).is_ok());
    if !known || !valid {
        let words: Vec<&str> = [Some(host), inside, permissions].into_iter().flatten().collect();
        return draft.raw(&format!("--device={}", words.join(":")), place);
    }
    let node = NodeDraft::new("device").argument(host).maybe("container", inside);
    draft.carry(node.maybe("permissions", permissions.filter(|text| *text != "rwm")), place);
}

fn sysctl(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    match Sysctl::parse(name) {
        Ok(sysctl) if sysctl.is_network() => {
            let words =
                format!("it belongs to the host's network: write `{name} = {value}` in /etc/sysctl.d there");
            draft.say(Handling::Lost, place, words);
        }
        Ok(_) => draft.carry(NodeDraft::new("sysctl").argument(name).argument(value), place),
        Err(invalid) => draft.say(Handling::Lost, place, invalid.message),
    }
}
