//! Units, read back by the grammar of systemd.syntax(7) at its strictest: comments, sections and one setting a line. Each
//! setting has the value of the plan.

use dpc::encode::terminal;
use dpc::model::fleet::Kind;
use dpc::model::plan::{HostPlan, Plan, Sign, Unit};

/// Settings in the order of the file: section, name, value after `%%`.
type Settings = Vec<(String, String, String)>;

/// The unit that runs a container.
pub fn service(plan: &Plan, unit: &Unit, text: &str) {
    let settings = read(text);
    let name = &unit.name;
    says(&settings, "Description", &[&description(plan, unit)]);
    says(&settings, "ExecStart", &[&format!("/bin/sh /opt/dpc/{}/current/docker/{name}.sh", plan.fleet)]);
    says(&settings, "SyslogIdentifier", &[name]);
    says(&settings, "TimeoutStopSec", &[&unit.stop_timeout_seconds.to_string()]);
    if unit.kind == Kind::Service {
        says(&settings, "Restart", &["always"]);
        says(&settings, "RestartSec", &[&unit.restart.delay_seconds.to_string()]);
        says(&settings, "TimeoutStartSec", &[&unit.start_timeout_seconds.to_string()]);
    }
    let engine = "docker.service network-online.target".to_string();
    let units = |started: bool| {
        let waits = unit.waits.iter().filter_map(|wait| match &wait.sign {
            Sign::Unit { unit } => Some(format!("{unit}.service")),
            Sign::Started { unit } if started => Some(format!("{unit}.service")),
            _ => None,
        });
        let waits: Vec<String> = waits.collect();
        let waits = (!waits.is_empty()).then(|| waits.join(" "));
        let host: Vec<&str> = unit.after.iter().map(|unit| unit.as_str()).collect();
        let host = (!host.is_empty() && !started).then(|| host.join(" ")); // ordered after, and started by nobody here
        [Some(engine.clone()), host, waits].into_iter().flatten().collect::<Vec<String>>()
    };
    says(&settings, "After", &units(false).iter().map(String::as_str).collect::<Vec<_>>());
    let mut wants = units(true);
    wants.extend((!unit.registrations.is_empty()).then(|| format!("{}-register.service", plan.fleet)));
    says(&settings, "Wants", &wants.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The unit that registers what runs on a host.
pub fn registrar(plan: &Plan, host: &HostPlan, text: &str) {
    let settings = read(text);
    says(&settings, "Description", &[&format!("{}: registrations of {} in etcd", plan.fleet, host.name)]);
    says(&settings, "PartOf", &[&format!("{}.target", plan.fleet)]);
    says(&settings, "ExecStart", &[&format!("/bin/bash /opt/dpc/{}/current/etcd/register.sh", plan.fleet)]);
}

/// The timer of a scheduled task.
pub fn timer(plan: &Plan, unit: &Unit, text: &str) {
    let settings = read(text);
    let Some(schedule) = &unit.schedule else { return };
    says(
        &settings,
        "OnCalendar",
        &schedule.calendars.iter().map(|calendar| calendar.as_str()).collect::<Vec<_>>(),
    );
    says(&settings, "Description", &[&format!("{}, {schedule}", description(plan, unit))]);
}

/// Checks the target unit of a host.
pub fn target(plan: &Plan, host: &HostPlan, text: &str) {
    let settings = read(text);
    says(&settings, "Description", &[&format!("All of {} on {}", plan.fleet, host.name)]);
    let own = host.units.iter().filter(|unit| unit.kind != Kind::Hook);
    let units = own.map(|unit| match unit.kind {
        Kind::Scheduled => format!("{}.timer", unit.name),
        Kind::Service | Kind::Task | Kind::Hook => format!("{}.service", unit.name),
    });
    let all = units.collect::<Vec<_>>().join(" ");
    let wants = [all.as_str()];
    says(&settings, "Wants", if all.is_empty() { &[] } else { &wants });
}

fn description(plan: &Plan, unit: &Unit) -> String {
    match unit.kind {
        Kind::Service => format!("{}: {} {}", plan.fleet, unit.service, unit.instance),
        Kind::Task | Kind::Scheduled | Kind::Hook => format!("{}: {}", plan.fleet, unit.service),
    }
}

fn says(settings: &Settings, name: &str, should: &[&str]) {
    let values: Vec<&str> =
        settings.iter().filter(|(_, is, _)| is == name).map(|(_, _, value)| value.as_str()).collect();
    assert_eq!(values, should, "{name}= of {settings:?}");
}

/// The sections that systemd knows here.
const SECTIONS: [&str; 4] = ["Unit", "Service", "Timer", "Install"];

fn read(text: &str) -> Settings {
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut section = None;
    let mut settings = Settings::new();
    for line in text.lines() {
        assert!(!line.ends_with('\\'), "goes on in the next line: {line:?}");
        assert_eq!(terminal::line(line), line, "does not show itself");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            assert!(SECTIONS.contains(&name), "{line:?}");
            section = Some(name.to_string());
            continue;
        }
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no setting: {line:?}"));
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{line:?}");
        assert!(!value.is_empty() && value.trim() == value, "{line:?}");
        let section = section.clone().unwrap_or_else(|| panic!("before any section: {line:?}"));
        settings.push((section, name.to_string(), unescaped(value)));
    }
    settings
}

/// A value with its specifiers: only `%%` is one, and none that systemd would fill in.
fn unescaped(value: &str) -> String {
    let plain = value.replace("%%", "");
    assert!(!plain.contains('%'), "a specifier: {value:?}");
    value.replace("%%", "%")
}
