//! In: a form that runs on the host. Out: its figures under a load that is limited in count and time.

use serde_json::Value;

use crate::bench::{ADDRESS, Bench};
use crate::forms::Form;

/// Seconds that each load lasts.
const SECONDS: usize = 3;

/// The figures with their units: two of [`requests`], two of [`stream`], one of [`writes`], one of [`first_write`].
pub const FIGURES: [&str; 6] = [
    "API → Redis, requests/s",
    "API → Redis, p99 in ms",
    "iperf3, Gbit/s",
    "iperf3, retransmits",
    "4 KiB writes/s, fsync every 16",
    "first 4 KiB into a file of 1 GiB, ms",
];

/// 16 connections that each wait for an answer before they ask again.
pub fn requests(bench: &Bench, form: &Form) -> Result<[f64; 2], String> {
    let command = format!(
        "wrk --threads 1 --connections 16 --duration {SECONDS} --script /claim/report.lua http://{ADDRESS}:{}/count",
        form.api
    );
    let said = bench.sh(&command)?;
    let counted = json(said.lines().last().unwrap_or_default())?;
    match number(&counted, "/failed")? {
        0.0 => Ok([number(&counted, "/rate")?, number(&counted, "/p99")? / 1e3]),
        failed => Err(format!("{failed} requests to {} failed", form.name)),
    }
}

/// One stream from the caller to the host's address.
pub fn stream(bench: &Bench, form: &Form) -> Result<[f64; 2], String> {
    let said = bench.sh(&format!(
        "{} iperf3 --client {ADDRESS} --port {} --time {SECONDS} --json",
        form.calling, form.stream
    ))?;
    let counted = json(&said)?;
    let speed = number(&counted, "/end/sum_received/bits_per_second")?;
    Ok([speed / 1e9, number(&counted, "/end/sum_sent/retransmits")?])
}

/// Random writes into a new file of 64 MiB.
pub fn writes(bench: &Bench, form: &Form) -> Result<f64, String> {
    let Form { writing, directory, .. } = form;
    let said = bench.sh(&format!(
        "{writing} fio --name writes --directory {directory} --rw randwrite --bs 4k --size 64m --fsync 16 \
         --ioengine psync --thread --unlink 1 --time_based --runtime {SECONDS} --output-format json"
    ))?;
    number(&json(&said)?, "/jobs/0/write/iops")
}

/// One write, with an fsync, into a file that is there. By a process of the host, through the container's own mounts, so that
/// nothing else is timed.
pub fn first_write(bench: &Bench, form: &Form) -> Result<f64, String> {
    let said = bench.sh(&format!(
        "set -e; file=$({})/big; sync; before=$EPOCHREALTIME
         dd if=/dev/zero of=$file bs=4k count=1 conv=notrunc,fsync status=none
         after=$EPOCHREALTIME; echo $((${{after/./}} - ${{before/./}}))",
        form.untouched
    ))?;
    said.parse::<f64>().map(|microseconds| microseconds / 1e3).map_err(|_| said)
}

/// Checks that a file in a layer went with its container.
pub fn layer_forgets(bench: &Bench, form: &Form) -> Result<(), String> {
    let said = bench.sh(&format!("head -c 3 $({})/big", form.untouched))?;
    if said == "dpc" { Ok(()) } else { Err(format!("what was written is still there: `{said}`")) }
}

fn json(said: &str) -> Result<Value, String> {
    serde_json::from_str(said).map_err(|error| format!("cannot read `{said}`: {error}"))
}

fn number(value: &Value, place: &str) -> Result<f64, String> {
    value.pointer(place).and_then(Value::as_f64).ok_or_else(|| format!("no number at `{place}` of `{value}`"))
}
