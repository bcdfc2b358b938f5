//! Settings for restarts, stops and logs.

use super::draft::WorkloadDraft;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shorthand::seconds;
use crate::value::duration::Duration;
use crate::value::log_driver::LogDriver;
use crate::value::signal::Signal;

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Restart(policy) => restart(draft, policy, place),
        Setting::RestartDelay(delay) => duration(draft, "restart", "delay", delay, place),
        Setting::StopSignal(signal) => stop_signal(draft, signal, place),
        Setting::StopGrace(grace) => duration(draft, "stop", "grace", grace, place),
        Setting::LogDriver(driver) => log_driver(draft, driver, place),
        Setting::LogOption(name, value) => log_option(draft, name, value, place),
        Setting::Instances(count) => instances(draft, count, place),
        Setting::Schedule(calendar) => {
            let calendar = draft.literal(calendar);
            draft.once("schedule").arguments.push(NodeValue::Text(calendar));
            draft.say(Handling::Carried, place, "schedule");
        }
        Setting::Timer("persistent", _) => {
            draft.property("schedule", "persistent", NodeValue::Flag(false), place);
        }
        Setting::Timer(name, value) => duration(draft, "schedule", name, value, place),
        Setting::RunTimeout(time) => run_timeout(draft, time, place),
        Setting::Retries(count) => retries(draft, count, place),
        Setting::RetriesWithin(_) if draft.task => {
            draft.say(Handling::Changed, place, "a task has its retries in each run");
        }
        Setting::RetriesWithin(time) => duration(draft, "restart", "within", time, place),
        Setting::After(unit) => draft.carry(NodeDraft::new("after").argument(unit.as_str()), place),
        Setting::OnFailure(unit) => on_failure(draft, unit, place),
        Setting::Health(_) => {}
        _ => return false,
    }
    true
}

fn run_timeout(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    match seconds(text).filter(|text| Duration::parse(text).is_ok()) {
        Some(time) => draft.carry(NodeDraft::new("timeout").argument(time), place),
        None if matches!(text, "infinity" | "0") => {
            draft.say(Handling::Carried, place, "it may take as long as it takes");
        }
        None => draft.decide(place, format!("`{text}` is not a duration that dpc takes")),
    }
}

fn retries(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    match text.parse::<i64>() {
        Ok(count) if (0..=1000).contains(&count) => {
            draft.property("restart", "retries", NodeValue::Whole(count), place);
        }
        _ => draft.decide(place, format!("`{text}` retries: dpc takes 0 to 1000")),
    }
}

fn on_failure(draft: &mut WorkloadDraft<'_, '_>, unit: &str, place: &Place) {
    let name = unit.split(['@', '.']).next().unwrap_or(unit);
    match draft.known.names.of(name).filter(|target| *target != draft.index) {
        Some(target) => {
            let task = draft.known.names.own(target);
            draft.carry(NodeDraft::new("on-failure").argument(task), place);
        }
        None => draft.say(
            Handling::Lost,
            place,
            "write a task that tells somebody, and `on-failure` with its name",
        ),
    }
}

fn restart(draft: &mut WorkloadDraft<'_, '_>, policy: &str, place: &Place) {
    let (policy, count) = policy.split_once(':').unwrap_or((policy, ""));
    if policy == "on-failure" && !matches!(count, "" | "0") {
        if !draft.task {
            let words = "docker leaves it when it ends without a fault, and counts faults in a row; the unit starts it again, and counts \
                         the starts of an hour";
            draft.say(Handling::Changed, place, words);
        }
        return retries(draft, count, place);
    }
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
    match LogDriver::parse(driver) {
        Ok(_) => draft.property("logs", "driver", driver, place),
        Err(invalid) => {
            draft.say(Handling::Lost, place, format!("{}: it goes to the journal", invalid.message));
        }
    }
}

/// The driver that counts; docker's own default where none is said.
fn driver_of(draft: &WorkloadDraft<'_, '_>) -> LogDriver {
    let settings = draft.container().settings.iter().rev();
    let driver = settings.into_iter().find_map(|setting| match &setting.value {
        Setting::LogDriver(driver) => Some(LogDriver::parse(driver)),
        _ => None,
    });
    driver.unwrap_or(Ok(LogDriver::JsonFile)).unwrap_or(LogDriver::Journald)
}

fn log_option(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    let driver = driver_of(draft);
    match name {
        "max-size" if driver.writes_files() => match super::limits::size(value) {
            Some(size) => draft.property("logs", "max-size", size, place),
            None => return draft.decide(place, format!("`{value}` is not a size")),
        },
        "max-file" if driver.writes_files() => match value.parse::<u32>() {
            Ok(count) => draft.property("logs", "max-file", NodeValue::Whole(i64::from(count)), place),
            Err(_) => return draft.decide(place, format!("`{value}` is not a count")),
        },
        "tag" if driver == LogDriver::Journald => {
            return draft.say(Handling::Changed, place, "the tag is the unit's name");
        }
        _ => match driver.option(name) {
            Ok(_) => further_option(draft, name, value, place),
            Err(invalid) => return draft.say(Handling::Lost, place, invalid.message),
        },
    }
    let node = draft.once("logs");
    if driver == LogDriver::JsonFile && node.properties.iter().all(|(name, _)| name != "driver") {
        node.properties.insert(0, ("driver".to_string(), NodeValue::from("json-file")));
    }
}

fn further_option(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    let value = draft.literal(value);
    let children = &mut draft.once("logs").children;
    children.retain(|option| option.arguments.first() != Some(&NodeValue::from(name)));
    children.push(NodeDraft::new("option").argument(name).argument(value));
    draft.say(Handling::Carried, place, format!("logs option \"{name}\""));
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
