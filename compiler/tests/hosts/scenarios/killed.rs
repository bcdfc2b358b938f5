//! `activate` is killed, and run again.

use crate::bundle::Variant;
use crate::host::{APP_1, APP_2, Host, on_all};
use crate::patience::{ensure, eventually};
use crate::release::{activate, as_should, baseline, copy, run_activate, state};
use crate::report::Report;

/// The point of the kill: the first command that begins so.
struct Point {
    host: Host,
    command: &'static str,
    /// Set if the command, which outlives the kill, is done.
    done: bool,
}

/// On each host forth to another release and back in turn.
const POINTS: [Point; 10] = [
    Point { host: APP_1, command: "etcdctl txn", done: false },
    Point { host: APP_1, command: "cp -R -P", done: true },
    Point { host: APP_2, command: "mv -T /srv/other/uploads.dpc-new", done: false },
    Point { host: APP_2, command: "mv -T /opt/dpc/shop/.current.new", done: false },
    Point { host: APP_1, command: "systemctl stop shop-report", done: true },
    Point { host: APP_1, command: "ln -sfn /opt/dpc/shop/current/systemd/", done: true },
    Point { host: APP_2, command: "systemctl daemon-reload", done: false },
    Point { host: APP_2, command: "systemctl restart shop-api-1.service", done: true },
    Point { host: APP_1, command: "systemctl restart shop-api-2.service", done: false },
    Point { host: APP_1, command: "mv -T /opt/dpc/shop/.good.new", done: false },
];

/// Stands before the real programs, and kills the process in the file.
const TRAPS: &str = r#"
cat >/usr/local/bin/dpc-trap <<'END'
#!/bin/sh
name=${0##*/}
if [ -e /tmp/kill-at ] && case "$name $*" in "$(cat /tmp/kill-at)"*) true ;; *) false ;; esac; then
    rm /tmp/kill-at
    kill -9 "$(cat /tmp/activate.pid)"
    [ -e /tmp/kill-done ] || exit 1
fi
exec "/usr/bin/$name" "$@"
END
chmod +x /usr/local/bin/dpc-trap
for program in cp etcdctl ln mv systemctl; do ln -s dpc-trap "/usr/local/bin/$program"; done"#;
/// Checks that nothing of the new release is there yet.
const AS_NEW: &str = "
    cd /opt/dpc/shop && rm -rf previous && current=$(readlink current)
    for id in releases/*; do [ $id = $current ] || rm -rf $id; done
    grep -q /srv/other $current/activate || rm -rf /srv/other";
const NO_TRAPS: &str =
    "rm -f /tmp/kill-at /tmp/kill-done; cd /usr/local/bin && rm -f dpc-trap cp etcdctl ln mv systemctl";

/// Kills updates that change all that an update can, at ten points. Each reaches the state of an undisturbed update.
pub fn at_ten_points(_: &mut Report) -> Result<String, String> {
    baseline()?;
    on_all(at_points_of)?;
    Ok(format!("{} points, each the state of an undisturbed update", POINTS.len()))
}

/// Does so at the points of one host.
fn at_points_of(host: Host) -> Result<(), String> {
    if !POINTS.iter().any(|point| point.host == host) {
        return Ok(());
    }
    let forth = undisturbed(host, Variant::MuchChanged)?;
    let back = undisturbed(host, Variant::Base)?;
    host.sh(TRAPS)?;
    let ways = [(Variant::MuchChanged, forth), (Variant::Base, back)];
    let points = POINTS.iter().filter(|point| point.host == host);
    let outcome = points.zip(ways.iter().cycle()).try_for_each(|(point, (variant, wanted))| {
        killed_at(point, *variant, wanted)
            .map_err(|error| format!("{} killed at `{}`: {error}", host.name, point.command))
    });
    host.sh(NO_TRAPS)?;
    outcome
}

/// The state that a release brings about.
fn undisturbed(host: Host, variant: Variant) -> Result<String, String> {
    activate(host, variant)?.expect(0)?;
    as_should(host)?;
    state(host)
}

fn killed_at(point: &Point, variant: Variant, wanted: &str) -> Result<(), String> {
    let host = point.host;
    host.sh(AS_NEW)?;
    copy(host, variant)?;
    let mark = if point.done { "touch" } else { "rm -f" };
    // Its output goes elsewhere: a process that outlives it may still print something.
    let said = host.sh(&format!(
        "{mark} /tmp/kill-done; echo '{}' >/tmp/kill-at
         sh -c 'echo $$ >/tmp/activate.pid; exec /bin/sh /tmp/release/activate' >/tmp/killed 2>&1; echo \"status $?\"",
        point.command
    ))?;
    ensure(said == "status 137", || format!("it was not killed: {said}"))?;
    run_activate(host, "/tmp/release/activate")?.expect(0)?;
    as_should(host)?;
    let mut reached = String::new();
    eventually("the same state", || {
        reached = state(host).unwrap_or_default();
        reached == wanted
    })
    .or_else(|_| ensure(false, || format!("reached\n{reached}\ninstead of\n{wanted}")).map(|()| 0.0))?;
    let volume = if variant == Variant::Base { "/srv/uploads" } else { "/srv/other/uploads" };
    let made = host.sh(&format!("ls -d {volume}*; stat --format '%u %a' {volume}"))?;
    ensure(made == format!("{volume}\n1000 755"), || format!("the volume is {made}"))
}
