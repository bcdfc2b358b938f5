//! One unit before and after → the action on its host, and the reasons. The back end decides the action.

use super::container::{container, targets};
use super::locked;
use super::reason::Reasons;
use super::report::{Action, Change, Reason};
use crate::backend::{BACKEND, Effect};
use crate::encode::shell;
use crate::model::fleet::{Check, Etcd, Health, Kind, Record, Registration, Restart, Schedule};
use crate::model::plan::{Plan, Sign, Unit, Wait};
use crate::secret::Known;

/// Both plans: their etcd clusters, which all registrations and all waits for them use, and what they know of images.
pub(crate) struct Plans<'p> {
    /// The base's.
    pub(crate) before: &'p Plan,
    /// The head's.
    pub(crate) after: &'p Plan,
    /// Secrets that are not repeated.
    pub(crate) known: &'p Known,
}

/// Returns the action for a unit that is in both plans; none if nothing happens to it.
pub(crate) fn unit(before: &Unit, after: &Unit, plans: &Plans) -> Option<(Action, Vec<Reason>)> {
    let mut found = Reasons::new(plans.known);
    containers(before, after, plans, &mut found);
    let from_here = found.found.len();
    registrations(before, after, plans, &mut found);
    let registers = found.found.len() > from_here;
    script(before, after, plans, &mut found);
    let action = match BACKEND.effect(before, after, registers) {
        Effect::Replaced => Action::Restart,
        Effect::Registered => Action::Reregister,
        Effect::NextStart if found.found.is_empty() => return None,
        Effect::NextStart => Action::FileOnly,
    };
    Some((action, found.found))
}

/// The changes that make the container another one.
fn containers(before: &Unit, after: &Unit, plans: &Plans, found: &mut Reasons) {
    found.one("kind", kind(&before.kind), kind(&after.kind));
    found.one("service", &before.service, &after.service);
    container(&before.container, &after.container, found);
    let config = |plan, unit: &Unit| locked::config(plan, &unit.container);
    if let Some((before, after)) = config(plans.before, before).zip(config(plans.after, after)) {
        locked::configs(before, after, found);
    }
    if before.hash != after.hash && found.found.is_empty() {
        found.other(Reason::of("made by another version of dpc", Change::Changed));
    }
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Service => "service",
        Kind::Task => "task",
        Kind::Scheduled => "scheduled task",
        Kind::Hook => "task after a failure",
    }
}

/// The inputs of the registration's script.
fn registrations(before: &Unit, after: &Unit, plans: &Plans, found: &mut Reasons) {
    if before.registrations.is_empty() && after.registrations.is_empty() {
        return;
    }
    found.named_texts("registration", keys(&before.registrations), keys(&after.registrations));
    let ttl =
        |all: &[Registration]| all.iter().map(|registration| format!("{}s", registration.ttl_seconds)).min();
    if let (Some(old), Some(new)) = (ttl(&before.registrations), ttl(&after.registrations)) {
        found.one("registration ttl", old, new);
    }
    let seconds = |seconds: u64| format!("{seconds}s");
    found.one(
        "health interval",
        seconds(before.health.interval_seconds),
        seconds(after.health.interval_seconds),
    );
    found.one("health retries", before.health.retries, after.health.retries);
    found.one("declared in", &before.origin, &after.origin);
    etcd(plans, found);
}

/// Compares records by their keys. Going with the lease is part of a record.
fn keys(registrations: &[Registration]) -> Vec<(String, String)> {
    let records = registrations.iter().flat_map(|Registration { port: _, ttl_seconds: _, records }| records);
    records
        .map(|Record { format, key, value, leased, span: _ }| {
            let stays = if *leased { "" } else { ", without a lease" };
            (key.clone(), format!("{value} ({format}{stays})"))
        })
        .collect()
}

/// The inputs of `ETCDCTL_…`, and the prefix.
fn etcd(plans: &Plans, found: &mut Reasons) {
    let facts = |etcd: Option<&Etcd>| {
        let Some(Etcd { endpoints, prefix, cacert, cert, key, user, password_file }) = etcd else {
            return Vec::new();
        };
        let endpoints: Vec<String> = endpoints.iter().map(ToString::to_string).collect();
        let mut facts = vec![("endpoints", endpoints.join(", ")), ("prefix", prefix.clone())];
        for (name, path) in
            [("cacert", cacert), ("cert", cert), ("key", key), ("password-file", password_file)]
        {
            facts.extend(path.as_ref().map(|path| (name, path.to_string())));
        }
        facts.extend(user.as_ref().map(|user| ("user", user.clone())));
        facts.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
    };
    found.named("etcd", facts(plans.before.etcd.as_ref()), facts(plans.after.etcd.as_ref()));
}

/// The inputs of the unit files and the docker script, in addition to the container.
fn script(before: &Unit, after: &Unit, plans: &Plans, found: &mut Reasons) {
    let Unit {
        name: _,
        instance: _,
        // Looked at by `replaces`.
        service: _,
        kind: _,
        hash: _,
        container: _,
        // Looked at by `registrations`.
        registrations,
        origin,
        // It only changes the order in `activate`; the wait that moves it is reported.
        layer: _,
        health,
        waits,
        restart: Restart { delay_seconds, max_delay_seconds, retries, within_seconds },
        start_timeout_seconds,
        stop_timeout_seconds,
        schedule,
        run_timeout_seconds,
        after: host_units,
        on_failure,
    } = before;
    let registered = !registrations.is_empty() || !after.registrations.is_empty();
    if !registered {
        found.one("declared in", origin, &after.origin);
    }
    checks(health, &after.health, registered, found);
    found.named("waits for", waits.iter().map(wait), after.waits.iter().map(wait));
    let asks = |waits: &[Wait]| waits.iter().any(|wait| matches!(wait.sign, Sign::Registration { .. }));
    if !registered && asks(waits) && asks(&after.waits) {
        etcd(plans, found);
    }
    let seconds = |seconds: u64| format!("{seconds}s");
    found.one("restart delay", seconds(*delay_seconds), seconds(after.restart.delay_seconds));
    found.one("restart max-delay", seconds(*max_delay_seconds), seconds(after.restart.max_delay_seconds));
    found.maybe("restart retries", retries.as_ref(), after.restart.retries.as_ref());
    found.one("restart within", seconds(*within_seconds), seconds(after.restart.within_seconds));
    found.named("schedule", times(schedule.as_ref()), times(after.schedule.as_ref()));
    found.maybe("timeout", run_timeout_seconds.map(seconds), after.run_timeout_seconds.map(seconds));
    found.set("after", host_units, &after.after);
    found.maybe("on-failure", on_failure.as_ref(), after.on_failure.as_ref());
    // The time limits follow from waits, health and grace. Alone they change only with another version of dpc.
    if found.found.is_empty() {
        found.one("start timeout", seconds(*start_timeout_seconds), seconds(after.start_timeout_seconds));
        found.one("stop timeout", seconds(*stop_timeout_seconds), seconds(after.stop_timeout_seconds));
    }
}

fn times(schedule: Option<&Schedule>) -> Vec<(&'static str, String)> {
    let Some(schedule) = schedule else { return Vec::new() };
    let Schedule { calendars: _, every_seconds: _, persistent, random_delay_seconds } = schedule;
    let random_delay = random_delay_seconds.map(|seconds| ("random-delay", format!("{seconds}s")));
    let missed = (!persistent).then(|| ("persistent", "#false".to_string()));
    [Some(("at", schedule.to_string())), missed, random_delay].into_iter().flatten().collect()
}

/// The script asks the health check. If something is registered, the registration sets the interval.
fn checks(before: &Health, after: &Health, registered: bool, found: &mut Reasons) {
    let Health { check, interval_seconds, timeout_seconds, retries, start_period_seconds, restart } = before;
    found.command("health", check_text(check), check_text(&after.check));
    found.named_values("health header", headers(check), headers(&after.check));
    found.one("health restart", restart, after.restart);
    let seconds = |seconds: u64| format!("{seconds}s");
    found.one("health timeout", seconds(*timeout_seconds), seconds(after.timeout_seconds));
    found.one("health start-period", seconds(*start_period_seconds), seconds(after.start_period_seconds));
    if !registered {
        found.one("health interval", seconds(*interval_seconds), seconds(after.interval_seconds));
        found.one("health retries", retries, after.retries);
    }
}

fn check_text(check: &Check) -> String {
    match check {
        Check::Http { address, port, path, scheme, host, status, headers: _ } => {
            let place = crate::encode::json::host_port(&address.to_string(), *port);
            let host = host.as_ref().map(|host| format!(" as {host}")).unwrap_or_default();
            let status = if status.is_usual() { String::new() } else { format!(", {status}") };
            format!("{scheme} {place}{path}{host}{status}")
        }
        Check::Tcp { targets: all } => format!("tcp {}", targets(all)),
        Check::Command { command } => command.clone(),
        Check::Exec { words } => words.iter().map(|word| as_word(word)).collect::<Vec<_>>().join(" "),
        Check::Running => "running".into(),
    }
}

fn as_word(word: &str) -> String {
    shell::word(word).map_or_else(|_| word.to_string(), |quoted| quoted.to_string())
}

fn headers(check: &Check) -> Vec<(String, String)> {
    let Check::Http { headers, .. } = check else { return Vec::new() };
    headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn wait(wait: &Wait) -> (String, String) {
    let Wait { service, sign, timeout_seconds } = wait;
    let (name, text) = match sign {
        Sign::Unit { unit } => (format!("{service}: {unit}"), "active".to_string()),
        Sign::Started { unit } => (format!("{service}: {unit}"), "started".to_string()),
        Sign::Registration { key, targets: all } => (format!("{service}: {key}"), targets(all)),
        Sign::Connection { targets: all } => (service.clone(), targets(all)),
    };
    (name, format!("{text}, at most {timeout_seconds}s"))
}
