//! What runs: is it healthy, are its secrets those of now, did its last run succeed, and is it stopped when it is to be.

use crate::artifacts::sandbox::{Sandbox, count, says};

const SHOP: &str = r#"
fleet "shop"
service "web" {
    image "i:1"
    on "a"
    user "1000:1000"
    port "http" 8080
    health http="http" path="/healthz" timeout="1s"
    secret "KEY" from="/srv/keys/key"
}
service "plain" { image "i:1"; on "a"; user "1"; secret "FILE" from="/srv/keys/file" path="/run/file"; }
task "report" { image "i:1"; on "a"; user "1"; schedule "03:00"; }
"#;

/// `serve STATUS` answers every request on the service's port with it until `unserve`.
const SERVE: &str = r#"
mkdir /srv/keys
echo key | tee /srv/keys/key >/srv/keys/file
serve() {
    printf 'HTTP/1.1 %s x\r\nContent-Length: 0\r\n\r\n' "$1" >/srv/answer
    systemd-socket-activate --accept --inetd --listen 10.0.0.1:8080 sh -c 'read -r _; cat /srv/answer' 2>/dev/null &
    server=$!
    until ss -ltn | grep -q ':8080 '; do sleep 0.05; done
}
# The port is the fleet's own here.
blind() { printf '#!/bin/sh\nexit 0\n' >"$WORK/bin/ss"; chmod +x "$WORK/bin/ss"; }
unserve() { kill "$server"; wait "$server" 2>/dev/null || true; }
"#;

/// An application that hangs is seen, and started again; one that was slow once is left alone.
#[test]
fn what_is_not_healthy_is_said_and_started_again() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        as_built shop
        serve 200
        blind
        echo "= healthy"
        activate shop
        activate shop --status
        echo 'HTTP/1.1 503 x' >/srv/answer
        echo "= sick"
        activate shop --status
        activate shop --dry-run
        activate shop
        echo "= once"
        (sleep 1.5; printf 'HTTP/1.1 204 x\r\n\r\n' >|/srv/answer) &
        activate shop --status
        unserve
        echo "= paused"
        sed -i 's/shop-plain-1 running/shop-plain-1 paused/' "$WORK/ps"
        activate shop --status
        "#
    ));
    let part = |name: &str| said.split("= ").find(|part| part.starts_with(name)).unwrap().to_owned();
    assert_eq!(count(&part("healthy"), "status 0"), 2, "{said}");
    says(&part("healthy"), &["0 started, 2 unchanged"]);
    says(
        &part("sick"),
        &[
            "shop-web-1               active       unhealthy -\n",
            "shop-web-1 is not healthy: /healthz answered 503",
            "status 1\nshop: would install",
            "would start shop-web-1: it is not healthy: /healthz answered 503",
            "would keep shop-plain-1",
            "1 started, 1 unchanged",
        ],
    );
    assert_eq!(count(&part("once"), "status 0"), 1, "{said}");
    says(&part("paused"), &["shop-plain-1             paused", "shop-web-1 is not healthy", "status 1"]);
}

#[test]
fn a_secret_that_changed_is_said_and_taken_up_when_asked() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        as_built shop
        serve 200
        blind
        for name in shop-web-1 shop-plain-1; do
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/shop/out/a/docker/$name.sh" >/dev/null 2>&1 || true
        done
        stat -c '%a %n' /run/dpc/.secrets/*
        activate shop --status
        echo other >/srv/keys/new; mv /srv/keys/new /srv/keys/key
        echo "= newer"
        activate shop --status
        activate shop
        : >"$WORK/systemctl"
        activate shop --restart-secrets
        grep ^restart.*service "$WORK/systemctl"
        "#
    ));
    says(
        &said,
        &[
            "600 /run/dpc/.secrets/shop-web-1\n",
            "status 0\n= newer\n",
            "a secret of shop-web-1 is newer than the container: ./activate --restart-secrets",
            "0 started, 2 unchanged\nstatus 0",
            "1 started, 1 unchanged\nstatus 0\nrestart shop-web-1.service\n",
        ],
    );
    assert!(!said.contains("secret of shop-plain-1"), "{said}");
}

/// What the engine or the host cannot do is refused before anything changes; what it does badly is said once.
#[test]
fn an_engine_that_cannot_run_it_is_refused() {
    let shop = "fleet \"shop\"\nservice \"web\" { image \"i:1\"; on \"a\"; user \"1\"; resources memory=\"512m\" memory-swap=\"1g\" pids=9 cpus=2.5; }\n\
                service \"api\" { image \"i:1\"; on \"a\"; user \"1\"; resources cpus=2; }";
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        all='memory:true swap:true pids:true cpus:true cpuset:true'
        tried() { printf '%s\n' "$1" "${4:-$all}" "$2" "$3" >"$WORK/docker-info"; activate shop; }
        tried 'overlay2 true 2 systemd 2' '' /opt
        tried 'overlay2 true 3 systemd 2' 'name=seccomp,profile=default name=userns ' /opt/100000.100000
        tried 'overlay2 true 3 systemd 2' 'name=rootless ' /home/x
        tried 'overlay2 true 3 cgroupfs 1' '' /var/snap/docker/common 'memory:false swap:true pids:false cpus:false cpuset:false'
        sed -i 's/^case/[ "$1" != show ] || exec echo 0\n&/' "$WORK/bin/systemctl"
        echo "= notes"
        for _ in once twice; do tried 'overlay2 false 3 cgroupfs 2' 'name=selinux ' /opt "$(echo "$all" | sed s/swap:true/swap:false/)"; done
        rm -f /run/dpc/.told
        mount --bind "$WORK/journald.conf" /etc/systemd/journald.conf
        tried 'overlay2 true 3 cgroupfs 1' '' /opt
        "#,
    );
    assert_eq!((count(&said, "status 0"), count(&said, "status 1")), (3, 4), "{said}");
    let (refused, noted) = said.split_once("= notes").unwrap();
    says(
        refused,
        &[
            "limited to 2.5 processors, which docker refuses: a has 2\n",
            "\"userns-remap\"",
            "docker runs without root",
            "docker is from snap",
            "docker cannot limit memory here",
            "docker cannot limit pids here, and would run services without their limit: control groups of version 1 lack it",
            "docker cannot limit cpus here",
        ],
    );
    assert_eq!(
        ["live-restore", "LogRateLimitBurst", "SELinux", "swapaccount=1", "native.cgroupdriver=systemd"]
            .map(|word| noted.matches(word).count()),
        [1, 1, 1, 1, 1],
        "{noted}"
    );
    assert!(!said.contains("limit cpuset"), "{said}");
}

/// Where SELinux confines containers, it would keep them from their own data.
#[test]
fn a_volume_without_a_label_is_said_where_selinux_confines() {
    let volume = |name: &str, words: &str| {
        format!("service \"{name}\" {{ image \"i:1\"; on \"a\"; user \"1\"; volume \"/data\" {words}; }}\n")
    };
    let free = volume("free", "").replace("; }", "; security-opt label=\"disable\"; }");
    let kept = volume("right", "from=\"/srv/kept\"");
    let shop =
        ["fleet \"shop\"\n", &volume("bare", ""), &volume("shared", "selinux=\"shared\""), &free, &kept]
            .concat();
    let said = Sandbox::new(&[("shop", &shop)]).run(
        r#"
        mkdir /srv/kept
        chown 1 /srv/kept
        cat >"$WORK/bin/stat" <<'END'
#!/bin/sh
[ "$2" = %C ] || exec /usr/bin/stat "$@"
case $4 in */kept) echo u:r:container_file_t:s0 ;; *) echo u:r:var_t:s0 ;; esac
END
        chmod +x "$WORK/bin/stat"
        activate shop
        printf '%s\n' 'overlay2 true 2 systemd 2' '' 'name=selinux ' /opt >"$WORK/docker-info"
        echo "= permissive"
        activate shop
        mount -t tmpfs none /sys/fs
        mkdir /sys/fs/selinux
        echo 1 >/sys/fs/selinux/enforce
        echo "= enforcing"
        activate shop
        activate shop --status
        "#,
    );
    let (before, enforcing) = said.split_once("= enforcing").unwrap();
    assert!(!before.contains("SELinux keeps"), "{said}");
    let warning = "SELinux keeps shop-bare-1 from its volume /srv/shop/bare/data (u:r:var_t:s0): give the volume selinux=";
    assert_eq!(
        (enforcing.matches(warning).count(), enforcing.matches("SELinux keeps").count()),
        (1, 1),
        "{said}"
    );
    assert_eq!(count(&said, "status 0"), 3, "{said}");
}

/// An image that somebody removed is pulled again, but not another under its name.
#[test]
fn the_image_that_was_activated_is_pulled_again() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        cat /opt/dpc/shop/images
        touch "$WORK/no-image" "$WORK/fail-docker-run"
        start() {{ timeout 5 sh /opt/dpc/shop/current/docker/shop-report.sh 2>&1 || true; }}
        start
        cat "$WORK/pulled"
        echo "= another"
        echo sha256:2 >"$WORK/image-i"
        start
        rm /opt/dpc/shop/images
        start
        "#
    ));
    says(
        &said,
        &[
            "i:1 sha256:1 i@sha256:d\n",
            "shop-report: its image was removed: pulling i:1\npull --quiet i@sha256:d\n= another",
            "image i:1 is another than the one that was activated",
            "what it was is not known: activate again",
        ],
    );
}

/// What only releases had which went, can be pulled again, and is still what was activated.
#[test]
fn images_of_releases_that_went_are_removed() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        mkdir -p /opt/dpc/web/releases/1 "$WORK/old"
        echo "web-1 service 1 - shared:1 - -" >/opt/dpc/web/releases/1/activate
        for image in old:1 moved:1 shared:1; do echo "$image sha256:1 $image@sha256:d" >>/opt/dpc/shop/images; done
        echo "built:1 sha256:1" >>/opt/dpc/shop/images
        echo sha256:2 >"$WORK/image-moved:1"
        touch "$WORK/fail-docker-rmi"
        activate shop
        echo = $(cut -d' ' -f1 /opt/dpc/shop/images)
        rm "$WORK/fail-docker-rmi"
        activate shop
        echo = $(cut -d' ' -f1 /opt/dpc/shop/images)
        cat "$WORK/removed"
        "#
    ));
    says(&said, &["= i:1 old:1 shared:1 built:1\n", "= i:1 shared:1 built:1\nrmi old:1\n"]);
    assert_eq!(count(&said, "shop: removed the image old:1, which no release has"), 1, "{said}");
}

#[test]
fn a_tag_that_moved_is_said() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        serve 200
        blind
        activate shop
        as_built shop
        echo sha256:2 >"$WORK/image-i:1"
        activate shop --status
        echo = dry
        activate shop --dry-run
        echo = activate
        activate shop
        echo = now
        activate shop --status
        unserve
        "#
    ));
    let moved = "shop: warning: i:1 is another image than at the last activation";
    let parts: Vec<&str> = said.split("= ").collect();
    assert_eq!(
        parts.iter().map(|part| part.matches(moved).count()).collect::<Vec<_>>(),
        [1, 1, 1, 0],
        "{said}"
    );
    assert!(parts[0].ends_with("status 1\n") && parts[3].ends_with("status 0\n"), "{said}");
}

#[test]
fn an_empty_secret_is_refused() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        echo >|/srv/keys/key
        : >|/srv/keys/file
        activate shop
        for name in shop-web-1 shop-plain-1; do
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/shop/out/a/docker/$name.sh" 2>&1 || true
        done
        [ ! -e "$WORK/ran" ] || echo ran
        "#
    ));
    says(
        &said,
        &[
            "the secret file /srv/keys/key is empty\n",
            "the secret file /srv/keys/file is empty\n",
            "status 1",
            "shop-web-1: the secret file /srv/keys/key is empty",
            "shop-plain-1: the secret file /srv/keys/file is empty",
        ],
    );
    assert_eq!(count(&said, "ran"), 0, "{said}");
}

#[test]
fn a_task_that_failed_at_night_is_seen() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        as_built shop
        echo inactive >"$WORK/state-shop-report.service"
        activate shop --status | grep report
        echo failed >"$WORK/state-shop-report.service"
        activate shop --status | grep report
        "#
    ));
    says(
        &said,
        &[
            "shop-report              active       -         -\nshop-report              failed ",
            "the last run of shop-report failed",
        ],
    );
}

#[test]
fn a_stop_is_over_when_all_has_ended() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        activate shop
        : >"$WORK/systemctl"
        activate shop --stop
        cat "$WORK/systemctl"
        sed -i 's/^case .1:/[ "$1 $2" != "ps --filter" ] || echo shop-web-1\n&/' "$WORK/bin/docker"
        activate shop --stop
        "#
    ));
    assert_eq!((count(&said, "status 0"), count(&said, "status 4")), (2, 1), "{said}");
    says(&said, &["all is stopped", "stop shop.target", "shop-report.timer", "still running: shop-web-1"]);
}

/// A start that takes long says what it waits for.
#[test]
fn a_long_wait_is_said() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        sed -i 's/^case/[ "$1 $2" != "restart shop-web-1.service" ] || sleep 12\n&/' "$WORK/bin/systemctl"
        activate shop
        "#
    ));
    says(&said, &["waiting for shop-web-1\n", "status 0"]);
    assert_eq!(said.matches("waiting").count(), 1, "{said}");
}

/// What takes a question and never answers is named, and ends nothing half-way that was not begun.
#[test]
fn what_never_answers_is_named() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{SERVE}
        hurry
        hangs() {{ touch "$WORK/hang-$1"; shift; activate shop "$@"; rm "$WORK"/hang-*; }}
        for call in docker-version docker-info docker-ps is-active; do echo "= $call"; hangs "$call"; done
        ls -A /opt
        : >"$WORK/no-image"
        echo "= pull"
        hangs docker-pull
        rm "$WORK/no-image"
        echo "= restart"
        touch "$WORK/hang-show"
        hangs restart
        echo "= reload"
        rm /opt/dpc/shop/.loaded
        hangs daemon-reload
        activate shop
        echo "= running"
        hangs docker-ps --status
        hangs docker-image
        "#
    ));
    says(
        &said,
        &[
            "shop: `docker version` does not answer: it takes longer than",
            "shop: `docker info` does not answer: it takes longer than",
            "shop: `docker ps` does not answer: it takes longer than",
            "shop: `systemctl is-active` does not answer: it takes longer than",
            "shop: `docker pull` does not answer: it takes longer than",
            "shop: `systemctl show` does not answer: it takes longer than",
            "shop: `systemctl daemon-reload` does not answer: it takes longer than",
            "shop: `docker image` does not answer: it takes longer than",
            "shop: waiting for shop-plain-1\n",
            "status 1\n= pull\n",
            "status 0\n= running\n",
        ],
    );
    assert_eq!(["0", "1", "4"].map(|status| count(&said, &format!("status {status}"))), [1, 7, 2], "{said}");
}
