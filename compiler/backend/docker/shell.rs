//! What scripts have in common: functions of the shell that are the same on every host.

/// Tells whether a path is root's own.
pub(super) const NOT_LED: &str = include_str!("../../../templates/not_led.sh");

/// Ask for health from the host, by bash: whether a port accepts connections, and what it answers by HTTP.
pub(super) const PROBE_TCP: &str = include_str!("../../../templates/probe_tcp.sh");
pub(super) const PROBE_PROXIED: &str = include_str!("../../../templates/probe_proxied.sh");
pub(super) const PROBE_HTTP: &str = include_str!("../../../templates/probe_http.sh");

/// Tells the time.
pub(super) const CLOCK: &str = include_str!("../../../templates/clock.sh");

/// All of `activate` but what a host has of its own, in the order in which it reads best.
pub const ACTIVATE: [&str; 17] = [
    include_str!("../../../templates/activate/main.sh"),
    include_str!("../../../templates/activate/rows.sh"),
    include_str!("../../../templates/activate/lock.sh"),
    include_str!("../../../templates/activate/in_time.sh"),
    include_str!("../../../templates/activate/led.sh"),
    include_str!("../../../templates/activate/check.sh"),
    include_str!("../../../templates/activate/engine.sh"),
    include_str!("../../../templates/activate/etcd.sh"),
    include_str!("../../../templates/activate/files.sh"),
    include_str!("../../../templates/activate/fleets.sh"),
    include_str!("../../../templates/activate/room.sh"),
    include_str!("../../../templates/activate/units.sh"),
    include_str!("../../../templates/activate/listeners.sh"),
    include_str!("../../../templates/activate/claims.sh"),
    include_str!("../../../templates/activate/install.sh"),
    include_str!("../../../templates/activate/start.sh"),
    include_str!("../../../templates/activate/status.sh"),
];
