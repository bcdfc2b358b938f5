//! The ways to run the same services. Each script is told their number in `$N`; service n listens on port 8000 + n, and is
//! asked for its health every 5 seconds.

use crate::processes::Process;

/// One way.
pub struct Form {
    /// The name in the table.
    pub name: &'static str,
    /// Writes what the others read.
    pub prepare: &'static str,
    /// Starts all for the first time.
    pub first: &'static str,
    /// The same with nothing changed, if that does anything.
    pub again: Option<&'static str>,
    /// Compares what runs with what should, if there is a command for it.
    pub status: Option<&'static str>,
    /// Succeeds if all are active.
    pub active: &'static str,
    /// Removes all.
    pub remove: &'static str,
    /// Which processes stay with a service beyond its application and docker's shim.
    pub own: Own,
    /// One that ends at once, for ever.
    pub crash: Option<Crash>,
}

/// A service that ends as soon as it starts.
pub struct Crash {
    /// Starts it.
    pub start: &'static str,
    /// Prints how often it was started again.
    pub restarts: &'static str,
    /// What chooses the lines of the journal that are about it, and not from the engine.
    pub lines: &'static str,
}

/// The processes of a form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Those in control groups of the fleet's units.
    Units,
    /// Those of this name.
    Named(&'static str),
    /// There are none.
    Nothing,
}

impl Own {
    pub fn has(self, process: &Process) -> bool {
        match self {
            Own::Units => process.group.contains("/running-"),
            Own::Named(name) => process.name == name,
            Own::Nothing => false,
        }
    }
}

/// Compiled by dpc: the bundles are on the host.
pub const DPC: Form = Form {
    name: "dpc",
    prepare: "",
    first: "/bundles/$N/bench/activate",
    again: Some("/bundles/$N/bench/activate"),
    status: Some("/bundles/$N/bench/activate --status"),
    active: "[ $(systemctl is-active $(seq -f 'running-a%g-1.service' $N) | grep -cx active) = $N ]",
    remove: "systemctl stop running.target 'running-*' crash.target 'crash-*'
             find /etc/systemd/system -lname '*dpc*' -delete
             rm -rf /etc/systemd/system/multi-user.target.wants/{running,crash}.target /opt/dpc /etc/sysctl.d/60-dpc.conf
             systemctl daemon-reload; systemctl reset-failed; etcdctl del --prefix ''",
    own: Own::Units,
    crash: Some(Crash {
        start: "/bundles/crash/bench/activate || true",
        restarts: "systemctl show --property NRestarts --value crash-a1-1",
        lines: "--unit crash-a1-1",
    }),
};

/// By hand, with docker's own restarts and health checks.
pub const DOCKER: Form = Form {
    name: "`docker run --restart`",
    prepare: "",
    first: "for n in $(seq $N); do
                docker run --detach --name plain-$n --restart always --network host --user 1000:1000 --memory 64m \
                    --stop-signal KILL --health-interval 5s --health-cmd \"wget -q -O /dev/null http://127.0.0.1:$((8000 + n))/etc/passwd\" \
                    running/app:1 busybox httpd -f -p $((8000 + n)) -h /
            done",
    again: None,
    status: None,
    active: "[ $(docker ps --quiet --filter name=plain- | wc -l) = $N ]",
    remove: "docker rm --force $(docker ps --all --quiet)",
    own: Own::Nothing,
    crash: Some(Crash {
        start: "docker run --detach --name crash --restart always running/app:1 false",
        restarts: "docker inspect --format '{{.RestartCount}}' crash",
        lines: "--identifier crash",
    }),
};

/// docker's compose.
pub const COMPOSE: Form = Form {
    name: "compose",
    prepare: r#"{ echo services:; for n in $(seq $N); do cat <<END
  a$n:
    image: running/app:1
    command: ["busybox", "httpd", "-f", "-p", "$((8000 + n))", "-h", "/"]
    network_mode: host
    user: "1000:1000"
    mem_limit: 64m
    restart: always
    stop_signal: KILL
    healthcheck: { test: "wget -q -O /dev/null http://127.0.0.1:$((8000 + n))/etc/passwd", interval: 5s }
END
done; } >/srv/compose.yaml"#,
    first: "docker compose --file /srv/compose.yaml up --detach",
    again: Some("docker compose --file /srv/compose.yaml up --detach"),
    status: Some("docker compose --file /srv/compose.yaml ps"),
    active: "[ $(docker ps --quiet --filter name=srv- | wc -l) = $N ]",
    remove: "docker compose --file /srv/compose.yaml down",
    own: Own::Nothing,
    crash: None,
};

/// Units that podman's generator makes. A host that is a container has a disk below `/var/lib/docker` only, and podman makes no
/// overlay there.
pub const QUADLET: Form = Form {
    name: "Quadlet",
    prepare: r#"mkdir -p /etc/containers/systemd
printf '[storage]\ndriver = "vfs"\ngraphroot = "/var/lib/docker/podman"\nrunroot = "/run/containers/storage"\n' >/etc/containers/storage.conf
podman image exists localhost/running/app:1 || podman load --quiet --input /images/app.tar
for n in $(seq $N); do cat >/etc/containers/systemd/pod-$n.container <<END
[Container]
Image=localhost/running/app:1
Exec=busybox httpd -f -p $((8000 + n)) -h /
Network=host
User=1000
StopSignal=KILL
HealthCmd=wget -q -O /dev/null http://127.0.0.1:$((8000 + n))/etc/passwd
HealthInterval=5s
[Service]
Restart=always
[Install]
WantedBy=multi-user.target
END
done"#,
    first: "systemctl daemon-reload; systemctl start $(seq -f 'pod-%g.service' $N)",
    again: Some("systemctl daemon-reload; systemctl start $(seq -f 'pod-%g.service' $N)"),
    status: Some("systemctl is-active $(seq -f 'pod-%g.service' $N)"),
    active: "[ $(systemctl is-active $(seq -f 'pod-%g.service' $N) | grep -cx active) = $N ]",
    remove:
        "systemctl stop $(seq -f 'pod-%g.service' $N); rm -rf /etc/containers/systemd; systemctl daemon-reload
             systemctl reset-failed",
    own: Own::Named("conmon"),
    crash: None,
};
