//! In: a host. Out: the same programs on it in three forms, all at once, each with ports of its own.

use crate::bench::{ADDRESS, Bench};
use crate::patience::eventually;

/// One way to run the programs.
pub struct Form {
    /// The name in the table.
    pub name: &'static str,
    /// The port of its API on the host.
    pub api: u16,
    /// The port of its iperf3 on the host.
    pub stream: u16,
    /// Words that run a program beside the caller of that iperf3.
    pub calling: &'static str,
    /// Words that run a program where it writes.
    pub writing: &'static str,
    /// The directory that it writes to.
    pub directory: &'static str,
    /// Prints where the host sees a directory with the big file, which nobody wrote to in this place yet.
    pub untouched: &'static str,
}

/// Bare processes, to which the others are compared, first.
pub const FORMS: [Form; 3] = [
    Form {
        name: "bare processes",
        api: 7080,
        stream: 7201,
        calling: "",
        writing: "",
        directory: "/srv/plain",
        untouched: "echo /srv/plain",
    },
    Form {
        name: "compiled by dpc",
        api: 8080,
        stream: 5201,
        calling: "docker exec claim-calling-1",
        writing: "docker exec claim-disk-1",
        directory: "/data",
        untouched: "echo /proc/$(docker inspect --format '{{.State.Pid}}' claim-disk-1)/root/data",
    },
    Form {
        name: "`docker run -p`",
        api: 9080,
        stream: 9201,
        calling: "docker exec plain-calling",
        writing: "docker exec plain-disk",
        directory: "/data",
        untouched: "docker rm --force plain-big >/dev/null 2>&1; docker run -d --name plain-big claim/big sleep 1000000 >/dev/null
                    echo /proc/$(docker inspect --format '{{.State.Pid}}' plain-big)/root/data",
    },
];

/// The API opens a connection to Redis for each request: without this, ports of connections that ended run out.
const CONNECTIONS: &str = "net.ipv4.tcp_tw_reuse=1";

/// Starts all, and waits until each API has an answer from its Redis.
pub fn start(bench: &Bench) -> Result<(), String> {
    bench.sh(&format!(
        "set -e; systemctl stop redis-server; sysctl -qw {CONNECTIONS}; mkdir -p /srv/plain /app; cp /application/*.js /app
         echo '{{\"greeting\": \"hello\"}}' >/app/config.json
         docker load --quiet --input /images/shop.tar; docker load --quiet --input /tools/tools.tar"
    ))?;
    start_bare(bench)?;
    bench.sh("/bundle/activate 2>&1")?;
    start_published(bench)?;
    make_big_files(bench)?;
    FORMS.iter().try_for_each(|form| {
        let ask = format!("curl -sf http://{ADDRESS}:{}/count", form.api);
        eventually(&format!("the API of {}", form.name), || bench.sh(&ask).is_ok()).map(drop)
    })
}

fn start_bare(bench: &Bench) -> Result<(), String> {
    bench
        .sh(&format!(
            "set -e
             systemd-run --unit bare-redis redis-server --port 7379 --save '' --protected-mode no
             systemd-run --unit bare-api --setenv NODE_ENV=production --setenv PORT=7080 --setenv STRIPE_KEY=none \
                 --setenv REDIS_URL=redis://{ADDRESS}:7379/0 node /app/server.js
             systemd-run --unit bare-answering iperf3 --server --port 7201"
        ))
        .map(drop)
}

fn start_published(bench: &Bench) -> Result<(), String> {
    bench
        .sh(&format!(
            "set -e
             docker run -d --name plain-redis -p 9379:6379 shop/redis:7.0.15 \
                 redis-server --save '' --protected-mode no
             docker run -d --name plain-api -p 9080:8080 --sysctl {CONNECTIONS} -v /app/config.json:/app/config.json:ro \
                 -e NODE_ENV=production -e PORT=8080 -e STRIPE_KEY=none -e REDIS_URL=redis://{ADDRESS}:9379/0 \
                 shop/api:1.4.2 node /app/server.js
             docker run -d --name plain-answering -p 9201:5201 claim/iperf3:3.12 iperf3 --server
             docker run -d --name plain-calling claim/iperf3:3.12 sleep 1000000
             docker run -d --name plain-disk claim/fio:3.33 sleep 1000000"
        ))
        .map(drop)
}

/// A file of 1 GiB in the directory, on the volume, and in one more layer of the image.
fn make_big_files(bench: &Bench) -> Result<(), String> {
    let volume = FORMS[1].untouched;
    bench
        .sh(&format!(
            "set -e
             yes dpc | head -c 1073741824 >/srv/plain/big
             cp /srv/plain/big $({volume})/
             docker run --name big --volume /srv/plain:/from:ro claim/fio:3.33 busybox cp /from/big /data/
             docker commit big claim/big; docker rm big"
        ))
        .map(drop)
}
