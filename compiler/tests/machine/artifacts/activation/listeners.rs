//! Ports belong to this fleet only if docker says so: names of processes and of accounts' control groups prove nothing.

use crate::artifacts::sandbox::{Sandbox, count, says};
use std::env;
use std::fs;
use std::net::TcpListener;
use std::thread::sleep;
use std::time::Duration;

const SHOP: &str = r#"
fleet "shop"
service "web" {
    image "i:1"
    on "a"
    user "1000"
    port "http" 8080
}
service "api" {
    image "i:1"
    on "a"
    user "1000"
    port "http" 8081
}
"#;

/// `listen ADDRESS [NAME] [PREFIX]` leaves the process in `$process`; `in_group GROUP` puts that into a control group.
const LISTEN: &str = r#"
web=$(printf '%064d' 1)
api=$(printf '%064d' 2)
listen() {
    DPC_LISTEN=$1 DPC_NAME=${2:-server} ${3:-} "$TEST" --exact artifacts::activation::listeners::server >/dev/null &
    process=$!
    until ss --no-header --listening --numeric --tcp | grep -qF "$1 "; do sleep 0.05; done
}
in_group() {
    printf '%s\n' "$@" >"/srv/cgroup-$process"
    mount --bind "/srv/cgroup-$process" "/proc/$process/cgroup"
}
end() { kill "$@"; wait "$@" 2>/dev/null || true; }
"#;

/// Not a test: listens at an address, under a name that it gives itself.
#[test]
fn server() {
    let (Ok(address), Ok(name)) = (env::var("DPC_LISTEN"), env::var("DPC_NAME")) else { return };
    fs::write("/proc/self/comm", name).unwrap();
    let _listener = TcpListener::bind(address).unwrap();
    sleep(Duration::from_secs(60));
}

/// A resolver of the host has port 53 of 127.0.0.53: a service is bound to that of another address.
#[test]
fn only_a_listener_at_the_same_address_is_in_the_way() {
    let bound = SHOP.replace("8080", "8080 address=\"10.0.0.1\"");
    let said = Sandbox::new(&[("shop", &bound)]).run(&format!(
        r#"{LISTEN}
        for address in 127.0.0.1 10.0.0.1 0.0.0.0; do
            listen "$address:8080"
            echo "= $address"
            activate shop
            end "$process"
        done
        "#
    ));
    assert_eq!((count(&said, "status 0"), count(&said, "status 1")), (1, 2), "{said}");
    says(
        &said,
        &["= 127.0.0.1\nshop: starting shop-api-1", "port tcp/8080 for shop-web-1 is taken by process"],
    );
}

#[test]
fn a_process_chooses_its_name_and_nothing_else() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{LISTEN}
        listen 10.0.0.1:8081
        in_group "0::/system.slice/docker-$api.scope"
        own=$process
        echo "$own $api shop-api-1" >"$WORK/containers"
        activate shop
        : >"$WORK/systemctl"
        for name in "$(printf 'pid=%s\nx' "$own")" "$(printf '",pid=%s' "$own")" 'a\c' "$(printf 'a\033[31m\nshop: done')" 'ino:1 '; do
            listen 10.0.0.1:8080 "$name" "$user"
            activate shop
            end "$process"
        done
        grep stop "$WORK/systemctl" || true
        "#
    ));
    assert_eq!((count(&said, "status 0"), count(&said, "status 1")), (1, 5), "{said}");
    assert_eq!(said.matches("port tcp/8080 for shop-web-1 is taken by process").count(), 5, "{said}");
    says(&said, &["(a\\c)\n"]);
    assert!(!said.contains("stop") && !said.contains('\u{1b}'), "{said:?}");
    assert!(!said.lines().any(|line| line.starts_with("shop: done")), "{said}");
}

#[test]
fn a_control_group_is_a_containers_by_its_path() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{LISTEN}
        sleep 100 & first=$!
        echo "$first $web shop-web-1" >"$WORK/containers"
        tried() {{
            echo "= $*"
            process=$first
            in_group "$1"
            listen 10.0.0.1:8080
            in_group "$2"
            activate shop
            umount "/proc/$process/cgroup" "/proc/$first/cgroup"
            end "$process"
        }}
        for own in "0::/system.slice/docker-$web.scope" "0::/docker/$web" "5:devices:/docker/$web" "0::/dpc.slice/docker-$web.scope" \
            "0::/outer/docker/$web"; do
            tried "$own" "$own"
            tried "$own" "$own/init/more"
            tried "$own/init" "$own"
        done
        echo foreign
        own="0::/system.slice/docker-$web.scope"
        for other in "0::/user.slice/user-1000.slice/docker-$web.scope" "0::/system.slice/mine.service/docker-$web.scope" \
            "0::/x$own" "0::/user.slice/0::/system.slice/docker-$web.scope" "$own-2" "0::/docker/$web" "0::/" "0::/system.slice"; do
            tried "$own" "$other"
        done
        for own in "0::/user.slice/docker/$web" "0::/" "0::/system.slice/docker.service" "0::/docker/$web-2" "0::/docker/x-$web"; do
            tried "$own" "$own"
        done
        "#
    ));
    let (own, foreign) = said.split_once("foreign\n").unwrap();
    assert_eq!((count(own, "status 0"), count(own, "status 1")), (15, 0), "{own}");
    assert_eq!((count(foreign, "status 0"), count(foreign, "status 1")), (0, 13), "{foreign}");
}

/// docker itself listens for a bridged service.
#[test]
fn published_ports_are_the_fleets_own_where_docker_publishes_them() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{LISTEN}
        ip -6 address add ::1/128 dev lo 2>/dev/null || true
        tried() {{
            echo "= $*"
            echo "1 $web shop-web-1 $2" >"$WORK/containers"
            listen "$1"
            activate shop
            end "$process"
        }}
        tried 127.0.0.1:8080 127.0.0.1:8080/80/tcp
        tried 0.0.0.0:8080 "0.0.0.0:8080/80/tcp :::8080/80/tcp"
        tried '[::1]:8080' ::1:8080/80/tcp
        echo foreign
        tried 10.0.0.1:8080 127.0.0.1:8080/80/tcp
        tried 127.0.0.1:8080 127.0.0.1:8080/80/udp
        tried 127.0.0.1:8080 127.0.0.1:80/8080/tcp
        "#
    ));
    let (own, foreign) = said.split_once("foreign\n").unwrap();
    assert_eq!((count(own, "status 0"), count(foreign, "status 1")), (3, 3), "{said}");
}

/// One of two that listen on a port is enough.
#[test]
fn who_holds_the_port_of_another_service_is_stopped_and_nobody_else() {
    let said = Sandbox::new(&[("shop", SHOP)]).run(&format!(
        r#"{LISTEN}
        sleep 100 & other=$!
        listen 10.0.0.1:8080
        in_group "0::/system.slice/docker-$api.scope"
        own=$process
        process=$other
        in_group "0::/system.slice/docker-$web.scope"
        printf '%s\n' "$other $web shop-web-1" "$own $api shop-api-1" >"$WORK/containers"
        activate shop
        grep stop "$WORK/systemctl"
        listen 127.0.0.1:8080
        activate shop
        "#
    ));
    says(&said, &["status 0\nstop shop-api-1.service\nshop: port tcp/8080", "status 1"]);
}

/// Few kernels have sctp: what they say of its listeners is made, for sockets of tcp that are there.
#[test]
fn listeners_of_sctp_are_the_fleets_own_by_the_same_rules() {
    let shop = r#"
        fleet "shop"
        service "web" {
            image "i:1"
            on "a"
            user "1000"
            port "sig" "3868-3869" protocol="sctp"
        }
    "#;
    let said = Sandbox::new(&[("shop", shop)]).run(&format!(
        r#"{LISTEN}
        made() {{ printf '#!/bin/sh\n%s\n' "$2" >"$WORK/bin/$1"; chmod +x "$WORK/bin/$1"; }}
        tried() {{
            listen 10.0.0.1:9000
            number=$(ss --no-header --listening --numeric --extended --tcp "sport = :9000" | tr ' ' '\n' | sed -n 's/^ino://p')
            [ -z "$2" ] || in_group "$2"
            echo "$process $web shop-web-1 $3" >"$WORK/containers"
            echo "= $*"
            "$1" "$number"
            activate shop
            rm "$WORK/bin/ss" "$WORK/bin/awk"
            [ -z "$2" ] || umount "/proc/$process/cgroup"
            end "$process"
        }}
        kernel() {{
            printf '%s\n' " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS" \
                "       0        0 2   $2 32   $3  1000 $1 ${{4-10.0.0.1 127.0.0.1 }}" >"$WORK/eps"
            made awk '[ "${{2-}}" != /proc/net/sctp/eps ] || exec /usr/bin/awk "$1" "$WORK/eps"; exec /usr/bin/awk "$@"'
        }}
        silent() {{ made ss ''; }}
        by_ss() {{
            made ss "echo 'LISTEN 0 128 10.0.0.1:3868 0.0.0.0:* uid:1000 ino:$1 sk:1 cgroup:/ <->'"
            made awk 'exec /usr/bin/awk "$@"'
        }}
        by_kernel() {{ silent; kernel "$1" 10 3868; }}
        by_both() {{ by_ss "$1"; kernel "$1" 10 3868; }}
        in_range() {{ silent; kernel "$1" 10 3869; }}
        published() {{ silent; kernel "$1" 10 3868 "0.0.0.0 "; }}
        published_6() {{ silent; kernel "$1" 10 3868 "0000:0000:0000:0000:0000:0000:0000:0000 "; }}
        closed() {{ silent; kernel "$1" 7 3868; }}
        elsewhere() {{ silent; kernel "$1" 10 3870; }}
        own="0::/system.slice/docker-$web.scope"
        for how in by_ss by_kernel by_both in_range closed elsewhere; do tried $how "$own" ''; done
        tried published '' 0.0.0.0:3868/3868/sctp
        tried published_6 '' :::3868/3868/sctp
        for how in closed elsewhere; do tried $how '' ''; done
        echo foreign
        for how in by_ss by_kernel by_both in_range published; do tried $how '' ''; done
        tried published '' 0.0.0.0:3868/3868/tcp
        "#
    ));
    let (own, foreign) = said.split_once("foreign\n").unwrap();
    assert_eq!((count(own, "status 0"), count(own, "status 1")), (10, 0), "{own}");
    assert_eq!((count(foreign, "status 0"), count(foreign, "status 1")), (0, 6), "{foreign}");
    says(foreign, &["port sctp/3868-3869 for shop-web-1 is taken by process"]);
}

/// docker's proxy accepts before the process listens: that is not ready yet.
#[test]
fn a_port_behind_dockers_proxy_is_ready_once_the_process_is() {
    let shop = "fleet \"shop\"\nservice \"web\" { image \"i:1\"; on \"a\"; network \"bridge\"; port \"http\" 8080 address=\"127.0.0.1\"; }\n";
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        healthy() { sh "$WORK/shop/out/a/docker/shop-web-1.sh" healthy || echo "not healthy"; }
        echo "= nothing"; healthy
        docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 8080 -container-ip 127.0.0.1 -container-port 9999 2>/dev/null 3>/dev/null &
        proxy=$!
        until ss -ltn | grep -q ':8080 '; do sleep 0.05; done
        echo "= proxy"; healthy
        systemd-socket-activate --accept --inetd --listen 127.0.0.1:9999 cat 2>/dev/null &
        server=$!
        until ss -ltn | grep -q ':9999 '; do sleep 0.05; done
        echo "= process"; healthy && echo "it is healthy"
        kill "$proxy" "$server"
        "#,
    );
    let part = |name: &str| said.split("= ").find(|part| part.starts_with(name)).unwrap().to_owned();
    for name in ["nothing", "proxy"] {
        assert!(part(name).contains("nothing listens behind 127.0.0.1 port 8080\nnot healthy"), "{said}");
    }
    assert_eq!(part("process"), "process\nit is healthy\n", "{said}");
}
