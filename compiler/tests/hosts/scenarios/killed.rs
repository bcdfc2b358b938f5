//! `activate` is killed, and run again.

use crate::bundle::Variant;
use crate::host::APP_1;
use crate::patience::{ensure, eventually};
use crate::release::{activate, as_should, baseline, copy, run_activate, state};
use crate::report::Report;

/// The point of the kill: the first command that begins so.
struct Point {
    command: &'static str,
    /// Set if the command, which outlives the kill, is done.
    done: bool,
}

/// Forth to another release and back in turn: the even ones on the way forth.
const POINTS: [Point; 10] = [
    Point { command: "etcdctl txn", done: false },
    Point { command: "cp -R -P", done: true },
    Point { command: "mv -T /srv/other/uploads.dpc-new", done: false },
    Point { command: "mv -T /opt/dpc/shop/.current.new", done: false },
    Point { command: "systemctl stop shop-report", done: true },
    Point { command: "ln -sfn /opt/dpc/shop/current/systemd/", done: true },
    Point { command: "systemctl daemon-reload", done: false },
    Point { command: "systemctl restart shop-api-1.service", done: true },
    Point { command: "systemctl restart shop-api-2.service", done: false },
    Point { command: "mv -T /opt/dpc/shop/.good.new", done: false },
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
    let forth = undisturbed(Variant::MuchChanged)?;
    let back = undisturbed(Variant::Base)?;
    APP_1.sh(TRAPS)?;
    let ways = [(Variant::MuchChanged, forth), (Variant::Base, back)];
    let outcome = POINTS.iter().zip(ways.iter().cycle()).try_for_each(|(point, (variant, wanted))| {
        killed_at(point, *variant, wanted).map_err(|error| format!("killed at `{}`: {error}", point.command))
    });
    APP_1.sh(NO_TRAPS)?;
    outcome.map(|()| format!("{} points, each the state of an undisturbed update", POINTS.len()))
}

/// The state that a release brings about.
fn undisturbed(variant: Variant) -> Result<String, String> {
    activate(APP_1, variant)?.expect(0)?;
    as_should(APP_1)?;
    state(APP_1)
}

fn killed_at(point: &Point, variant: Variant, wanted: &str) -> Result<(), String> {
    APP_1.sh(AS_NEW)?;
    copy(APP_1, variant)?;
    let mark = if point.done { "touch" } else { "rm -f" };
    // Its output goes elsewhere: a process that outlives it may still print something.
    let said = APP_1.sh(&format!(
        "{mark} /tmp/kill-done; echo '{}' >/tmp/kill-at
         sh -c 'echo $$ >/tmp/activate.pid; exec /bin/sh /tmp/release/activate' >/tmp/killed 2>&1; echo \"status $?\"",
        point.command
    ))?;
    ensure(said == "status 137", || format!("it was not killed: {said}"))?;
    run_activate(APP_1, "/tmp/release/activate")?.expect(0)?;
    as_should(APP_1)?;
    let mut reached = String::new();
    eventually("the same state", || {
        reached = state(APP_1).unwrap_or_default();
        reached == wanted
    })
    .or_else(|_| ensure(false, || format!("reached\n{reached}\ninstead of\n{wanted}")).map(|()| 0.0))?;
    let volume = if variant == Variant::Base { "/srv/uploads" } else { "/srv/other/uploads" };
    let made = APP_1.sh(&format!("ls -d {volume}*; stat --format '%u %a' {volume}"))?;
    ensure(made == format!("{volume}\n1000 755"), || format!("the volume is {made}"))
}
