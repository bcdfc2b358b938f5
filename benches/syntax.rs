//! Reading 10,000 services, some 5 MB of KDL: our reader beside the crates `kdl` and `neco-kdl`.
//!
//! `cargo bench --bench syntax` prints one line a reader: MB/s (the median of interleaved rounds in one process, whose
//! memory is warm), MB/s of one reading in a process of its own (the median of 5), and the memory that such a process
//! needs for the tree, in MB per MB of text. `cargo bench --bench syntax -- 1000` takes so many services.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use dpc::source::FileId;
use std::fmt::Write;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

/// A reader, its name, and how often it runs: often enough for a median, seldom enough not to wait for it.
struct Reader {
    name: &'static str,
    rounds: usize,
    read: fn(&str),
}

const READERS: [Reader; 3] = [
    Reader { name: "dpc", rounds: 21, read: read_own },
    Reader { name: "neco-kdl", rounds: 7, read: read_neco },
    Reader { name: "kdl", rounds: 1, read: read_kdl },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let count = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let text = services(count);
    match READERS.iter().find(|reader| arguments.iter().any(|argument| argument == reader.name)) {
        Some(reader) => measure_alone(reader, &text),
        None => print_table(count, &text),
    }
}

fn print_table(count: usize, text: &str) {
    println!("{count} services, {:.2} MB of KDL", text.len() as f64 / 1e6);
    println!("{:<10} {:>10} {:>11} {:>14}", "reader", "MB/s warm", "MB/s alone", "memory per MB");
    let mut times: Vec<Vec<Duration>> = READERS.iter().map(|_| Vec::new()).collect();
    for round in 0..READERS[0].rounds {
        for (reader, times) in READERS.iter().zip(&mut times) {
            if round < reader.rounds {
                let start = Instant::now();
                (reader.read)(text);
                times.push(start.elapsed());
            }
        }
    }
    for (reader, mut times) in READERS.iter().zip(times) {
        times.sort();
        let warm = megabytes(text) / times[times.len() / 2].as_secs_f64();
        let (seconds, bytes) = alone(reader.name, count);
        let (alone, memory) = (megabytes(text) / seconds, bytes as f64 / text.len() as f64);
        println!("{:<10} {warm:>10.1} {alone:>11.1} {memory:>14.2}", reader.name);
    }
}

fn megabytes(text: &str) -> f64 {
    text.len() as f64 / 1e6
}

/// The seconds (the median of 5) that a process needs to read once with the reader of this name, and the bytes.
fn alone(name: &str, count: usize) -> (f64, usize) {
    let mut runs: Vec<(f64, usize)> = (0..5).map(|_| run_alone(name, count)).collect();
    runs.sort_by(|left, right| left.0.total_cmp(&right.0));
    runs[runs.len() / 2]
}

fn run_alone(name: &str, count: usize) -> (f64, usize) {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args([name, &count.to_string()]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let (seconds, bytes) = printed.trim().split_once(' ').unwrap();
    (seconds.parse().unwrap(), bytes.parse().unwrap())
}

/// Prints what [`run_alone`] reads.
fn measure_alone(reader: &Reader, text: &str) {
    let before = peak();
    let start = Instant::now();
    (reader.read)(text);
    println!("{} {}", start.elapsed().as_secs_f64(), peak() - before);
}

/// The most memory that this process has had, in bytes: proc_pid_status(5), `VmHWM`.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

fn read_own(text: &str) {
    black_box(dpc::syntax::read(FileId(0), black_box(text)).unwrap());
}

fn read_neco(text: &str) {
    black_box(neco_kdl::parse_spanned(black_box(text)).unwrap());
}

fn read_kdl(text: &str) {
    black_box(kdl::KdlDocument::parse_v2(black_box(text)).unwrap());
}

/// Services such as people write them, with comments, blocks, escapes and a text of several lines here and there.
fn services(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(
            text,
            r#"// service {number}, kept by team {team}
service "api-{number}" extends="node" {{
    image "registry.example.com/shop/api:1.4.{patch}"
    on role="app"
    instances 2                            // per host
    port "http" {port}
    needs "redis" timeout="60s"
    env {{
        PORT "{{{{ ports.http }}}}"
        REDIS_URL "redis://{{{{ needs.redis.address }}}}:{{{{ needs.redis.ports.redis }}}}/0"
        GREETING "say \"hello\"\n"
    }}
    volume "/app/uploads" from="/srv/uploads" owner="1000:1000"
    health http="http" path="/healthz" interval="5s" start-period="10s"
    stop signal="SIGTERM" grace="30s"
    resources memory="1g" cpus=1.5
}}
"#,
            team = number % 17,
            patch = number % 40,
            port = 10_000 + number % 20_000,
        )
        .unwrap();
    }
    text
}
