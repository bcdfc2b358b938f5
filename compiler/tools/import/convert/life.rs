//! Settings for restarts, stops and logs.

use super::draft::WorkloadDraft;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shorthand::seconds;
use crate::value::duration::Duration;
use crate::value::signal::Signal;

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Restart(policy) => restart(draft, policy, place),
        Setting::RestartDelay(delay) if draft.task => {
            draft.say(Handling::Lost, place, format!("a task ends ({delay})"));
        }
        Setting::RestartDelay(delay) => duration(draft, "restart", "delay", delay, place),
        Setting::StopSignal(signal) => stop_signal(draft, signal, place),
        Setting::StopGrace(grace) => duration(draft, "stop", "grace", grace, place),
        Setting::LogDriver(driver) => log_driver(draft, driver, place),
        Setting::LogOption(name, value) => log_option(draft, name, value, place),
        Setting::Instances(count) => instances(draft, count, place),
        Setting::Schedule(calendar) => {
            draft.carry(NodeDraft::new("schedule").argument(calendar.as_str()), place);
        }
        Setting::Health(_) => {}
        _ => return false,
    }
    true
}

fn restart(draft: &mut WorkloadDraft<'_, '_>, policy: &str, place: &Place) {
    let words = match (draft.task, policy) {
        (true, policy) if policy.starts_with("on-failure") => {
            "a task runs until it succeeded, and again at the next boot"
        }
        (true, _) => "a task runs once, and again at the next boot",
        (_, "always" | "unless-stopped" | "any") => {
            return draft.say(Handling::Carried, place, "systemd restarts it for ever");
        }
        (_, "no" | "none" | "false") => "a service is always started again; what runs once is a `task`",
        _ => "a service never gives up, and is started again after success too: what runs once is a `task`",
    };
    draft.say(Handling::Changed, place, words);
}

/// A duration that becomes a property.
pub(crate) fn duration(draft: &mut WorkloadDraft<'_, '_>, node: &str, name: &str, text: &str, place: &Place) {
    match seconds(text).filter(|text| Duration::parse(text).is_ok()) {
        Some(duration) => draft.property(node, name, duration, place),
        None => draft.decide(place, format!("`{text}` is not a duration that dpc takes")),
    }
}

fn stop_signal(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    let spelled = match text.parse::<u8>() {
        Ok(_) => text.to_string(),
        Err(_) if text.to_ascii_uppercase().starts_with("SIG") => text.to_ascii_uppercase(),
        Err(_) => format!("SIG{}", text.to_ascii_uppercase()),
    };
    match Signal::parse(&spelled) {
        Ok(signal) => draft.property("stop", "signal", signal.to_string(), place),
        Err(_) => draft.raw(&format!("--stop-signal={text}"), place),
    }
}

fn log_driver(draft: &mut WorkloadDraft<'_, '_>, driver: &str, place: &Place) {
    match driver {
        "journald" | "json-file" | "local" | "none" => draft.property("logs", "driver", driver, place),
        _ => {
            let words =
                format!("dpc has no log driver `{driver}`: it goes to the journal, which you can forward");
            draft.say(Handling::Lost, place, words);
        }
    }
}

fn log_option(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    let said = |driver: &str| {
        draft
            .container()
            .settings
            .iter()
            .any(|setting| setting.value == Setting::LogDriver(driver.to_string()))
    };
    let files = !said("journald") && !said("none") && !said("syslog");
    match name {
        "max-size" if files => match super::limits::size(value) {
            Some(size) => draft.property("logs", "max-size", size, place),
            None => draft.decide(place, format!("`{value}` is not a size")),
        },
        "max-file" if files => match value.parse::<u32>() {
            Ok(count) => draft.property("logs", "max-file", NodeValue::Whole(i64::from(count)), place),
            Err(_) => draft.decide(place, format!("`{value}` is not a count")),
        },
        "tag" => return draft.say(Handling::Changed, place, "the tag is the unit's name"),
        _ => return draft.say(Handling::Lost, place, "dpc has no such option of a log driver"),
    }
    if draft.once("logs").properties.iter().all(|(name, _)| name != "driver") {
        draft.once("logs").properties.insert(0, ("driver".to_string(), NodeValue::from("json-file")));
    }
}

fn instances(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    let count = match text.parse::<u32>() {
        Ok(1) => return draft.say(Handling::Carried, place, "one instance"),
        Ok(count) if (2..=100).contains(&count) && !draft.task => count,
        _ => {
            return draft
                .decide(place, format!("`{text}` instances: leave the service out, or write how many"));
        }
    };
    let node = NodeDraft::new("instances").argument(NodeValue::Whole(i64::from(count)));
    if draft.known.ports.of(draft.index).is_empty() {
        draft.carry(node, place);
    } else {
        draft.carry_doubtful(node, place, "each instance must bind its own port, `{{ ports.… }}`");
    }
}
