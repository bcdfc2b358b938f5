//! In: a form, a number of services, a host without any. Out: what they cost there.

use std::time::Instant;

use crate::forms::{Form, Own};
use crate::host::Host;
use crate::patience::{eventually, pause};
use crate::processes::{Process, processes};

/// What is counted, and what dpc may take of it at most.
pub const FIGURES: [(&str, &str); 15] = [
    ("memory beyond application and shim, PSS in MB a service", "0.35"),
    ("memory of docker's shim, PSS in MB a service", ""),
    ("processes and threads beyond the shim, a service", "2"),
    ("idle CPU of its own processes, s/min a service", "0.06"),
    ("idle CPU of the host without the applications, s/min a service", ""),
    ("leases in etcd", "1"),
    ("renewals in etcd a second", "0.1"),
    ("first start, s a service", "0.6"),
    ("again, nothing changed, s", "2 (60), 4 (150)"),
    ("status, s", "0.6 (60)"),
    ("power cut to all active, s", "16 (60)"),
    ("engine away: CPU of its own processes, s/min a service", "as idle"),
    ("a crash loop after a minute: restarts a minute", ""),
    ("a crash loop after a minute: journal, lines an hour", ""),
    ("a crash loop: lines a restart that are not the engine's", "5"),
];

/// Nothing where a form has nothing of the kind.
pub type Figures = [Option<f64>; FIGURES.len()];

/// Seconds that each is counted for: while nothing happens, while the engine is away, and while one crashes.
const IDLE: f64 = 40.0;
const AWAY: f64 = 20.0;
const CRASH: f64 = 120.0;

/// All but the crash loop. `base` is what [`host_cpu`] counts a minute without services.
pub fn measure(host: &Host, form: &Form, number: usize, base: f64) -> Result<Figures, String> {
    let count = f64::from(u16::try_from(number).map_err(|error| error.to_string())?);
    let sh = |script: &str| host.sh(&format!("N={number}\n{script}"));
    let timed = |script: &str| {
        let start = Instant::now();
        sh(&format!("{{ {script}\n}} >/tmp/said 2>&1 || {{ cat /tmp/said >&2; exit 1; }}"))?;
        Ok::<_, String>(start.elapsed().as_secs_f64())
    };
    let active = || {
        eventually("all to be active", || (1..=number).all(|n| host.answers(n)) && sh(form.active).is_ok())
    };
    let mut found: Figures = Default::default();
    sh(form.prepare)?;
    found[7] = Some(timed(form.first)? / count);
    active()?;
    // What a start leaves to do is done.
    pause(10.0);
    memory(host, form, count, &mut found)?;
    idle(host, form, count, base, &mut found)?;
    found[8] = form.again.map(&timed).transpose()?;
    found[9] = form.status.map(&timed).transpose()?;
    if form.own == Own::Units {
        sh("systemctl stop docker.socket docker.service")?;
        pause(2.0);
        let before = own_cpu(host)?;
        pause(AWAY);
        found[11] = Some((own_cpu(host)? - before) * 60.0 / AWAY / count);
        sh("systemctl start docker.socket docker.service")?;
    }
    let cut = Instant::now();
    host.cut_power()?;
    active()?;
    found[10] = Some(cut.elapsed().as_secs_f64());
    timed(&format!("{}\ntrue", form.remove))?;
    Ok(found)
}

/// The same without services.
pub fn base(host: &Host) -> Result<f64, String> {
    let before = host_cpu(host)?;
    pause(IDLE);
    Ok((host_cpu(host)? - before) * 60.0 / IDLE)
}

/// One service that ends at once.
pub fn crash_loop(host: &Host, form: &Form, found: &mut Figures) -> Result<(), String> {
    let Some(crash) = &form.crash else { return Ok(()) };
    let lines = |chosen: &str| {
        number(
            host,
            &format!("journalctl --sync; journalctl --quiet --since @$(cat /tmp/since) {chosen} | wc -l"),
        )
    };
    host.sh(crash.start)?;
    pause(60.0);
    host.sh("date +%s >/tmp/since")?;
    let before = number(host, crash.restarts)?;
    pause(CRASH);
    let times = number(host, crash.restarts)? - before;
    found[12] = Some(times * 60.0 / CRASH);
    found[13] = Some(lines("")? * 3600.0 / CRASH);
    found[14] = Some(lines(crash.lines)? / times);
    host.sh(&format!("{}\ntrue", form.remove)).map(drop)
}

fn memory(host: &Host, form: &Form, count: f64, found: &mut Figures) -> Result<(), String> {
    let all = processes(host)?;
    let pss =
        |chosen: Vec<&Process>| chosen.iter().map(|process| process.pss).sum::<f64>() / 1024.0 / count + 0.0;
    let shims = all.iter().filter(|process| process.name.starts_with("containerd-shi")).collect();
    let own: Vec<&Process> = all.iter().filter(|process| form.own.has(process)).collect();
    found[2] = Some(own.iter().map(|process| process.threads).sum::<f64>() / count + 0.0);
    found[0] = Some(pss(own));
    found[1] = Some(pss(shims));
    Ok(())
}

fn idle(host: &Host, form: &Form, count: f64, base: f64, found: &mut Figures) -> Result<(), String> {
    let before = (host_cpu(host)?, own_cpu(host)?, renewals(host)?);
    pause(IDLE);
    let a_minute = |after: f64, before: f64| (after - before) * 60.0 / IDLE;
    found[4] = Some((a_minute(host_cpu(host)?, before.0) - base) / count);
    if form.own == Own::Units {
        found[3] = Some(a_minute(own_cpu(host)?, before.1) / count);
        found[5] = Some(number(host, "etcdctl lease list | tail -n +2 | wc -l")?);
        found[6] = Some((renewals(host)? - before.2) / IDLE);
    }
    Ok(())
}

/// Seconds of all processes of the host since its boot. Containers of docker have control groups elsewhere.
fn host_cpu(host: &Host) -> Result<f64, String> {
    let script = "path=$(sed -n 's/^[0-9]*:[^:]*cpuacct[^:]*://p' /proc/self/cgroup)
        cat /sys/fs/cgroup/cpuacct$path/cpuacct.usage";
    number(host, script).map(|nanoseconds| nanoseconds / 1e9)
}

/// Seconds of the processes that stay in the units of the fleet, and of their children that ended.
fn own_cpu(host: &Host) -> Result<f64, String> {
    Ok(processes(host)?.iter().filter(|process| Own::Units.has(process)).map(|process| process.cpu).sum())
}

fn renewals(host: &Host) -> Result<f64, String> {
    number(host, "curl -s $ETCDCTL_ENDPOINTS/metrics | sed -n 's/^etcd_debugging_lease_renewed_total //p'")
}

fn number(host: &Host, script: &str) -> Result<f64, String> {
    let said = host.sh(script)?;
    said.trim().parse().map_err(|_| format!("`{said}` is no number: {script}"))
}
