//! Things that fleets and accounts share on a host: locks, the kernel's list, the terminal; and steps that fail.

use crate::artifacts::sandbox::{Sandbox, count, says};

fn fleet(name: &str, port: u16) -> String {
    let web =
        format!("port \"http\" {port}\n health tcp=\"http\"\n volume \"/data\" from=\"/srv/{name}/data\"");
    format!("fleet \"{name}\"\nservice \"web\" {{\n image \"i:1\"\n on \"a\"\n user \"1\"\n {web}\n}}")
}

#[test]
fn no_account_holds_up_an_activation() {
    let said = Sandbox::new(&[("shop", &fleet("shop", 8080))]).run(
        r#"
        $user touch /run/lock/dpc-shop.lock
        activate shop
        for lock in /run/lock/dpc-shop.lock /run/dpc /run/dpc/shop.lock /run/dpc/.lock; do
            $user flock "$lock" sleep 6 2>/dev/null &
        done
        sleep 0.3
        activate shop
        wait
        rm -rf /run/dpc; mkdir /run/dpc; chown 1000 /run/dpc; activate shop
        rm -rf /run/dpc; $user mkdir /run/lock/dpc; ln -s /run/lock/dpc /run/dpc; activate shop
        "#,
    );
    assert_eq!(count(&said, "status 0"), 2, "{said}");
    says(&said, &["others than root can write /run/dpc", "/run/dpc is a link"]);
}

/// A second project whose fleet has the same name does not take away the services of the first.
#[test]
fn another_project_of_the_same_name_is_refused() {
    let one = fleet("shop", 8080);
    let other = one.replace("\"web\"", "\"api\"").replace("/srv/shop/data", "/srv/shop/api");
    let said = Sandbox::new(&[("one", &one), ("other", &other)]).run(
        r#"
        activate one
        activate other
        activate other --dry-run
        ls /etc/systemd/system
        activate other --replace
        activate other
        ls /etc/systemd/system
        activate one --replace
        activate one --rollback
        "#,
    );
    says(
        &said,
        &["fleet shop runs shop-web-1 here, and nothing of this bundle", "removing shop-web-1.service"],
    );
    assert_eq!(count(&said, "status 1"), 2, "{said}");
    assert_eq!(count(&said, "status 0"), 5, "{said}");
}

#[test]
fn two_fleets_at_once_keep_both_lists() {
    let sandbox = Sandbox::new(&[("one", &fleet("one", 41000)), ("two", &fleet("two", 42000))]);
    let said = sandbox.run(
        r#"
        for round in $(seq 15); do
            rm -rf /opt/dpc /etc/sysctl.d/* /etc/systemd/system/*
            echo >/proc/sys/net/ipv4/ip_local_reserved_ports
            activate one >/srv/said & first=$!
            activate two
            wait "$first"
            cat /srv/said /proc/sys/net/ipv4/ip_local_reserved_ports /etc/sysctl.d/60-dpc.conf
        done
        "#,
    );
    assert_eq!(count(&said, "status 0"), 30, "{said}");
    assert_eq!(count(&said, "41000,42000"), 15, "{said}");
    assert_eq!(count(&said, "net.ipv4.ip_local_reserved_ports = 41000,42000"), 15, "{said}");
}

/// Status 1 means that nothing was changed; a later failure goes back.
#[test]
fn a_step_that_fails_is_undone_or_goes_back() {
    let old = fleet("shop", 41000);
    let new = old.replace("i:1", "i:2").replace("/srv/shop/data", "/srv/new/deep/data");
    let sandbox = Sandbox::new(&[("old", &old), ("new", &new)]);
    let said = sandbox.run(
        r#"
        state() { find /opt/dpc/shop /srv /etc/systemd/system /etc/sysctl.d 2>/dev/null | sort || true; readlink /opt/dpc/shop/* || true; }
        # Nothing is there yet: the volume cannot be made, the link cannot be set, systemd does not answer.
        mount -t tmpfs -o ro,mode=755 none /srv; state >/run/before
        activate old; state | diff /run/before - && echo same
        umount /srv
        touch "$WORK/fail-daemon-reload"; activate old; rm "$WORK/fail-daemon-reload"
        activate old
        # A release is there: it is what runs again.
        touch "$WORK/fail-restart"; activate new; rm "$WORK/fail-restart"
        activate old; state >/run/before
        rm -rf /srv/new; mkdir /srv/new; mount -t tmpfs -o ro,mode=755 none /srv/new; state >/run/before
        activate new; state | diff /run/before - && echo same
        umount /srv/new; rmdir /srv/new
        mount -t tmpfs -o ro,mode=755 none /etc/sysctl.d; activate new; umount /etc/sysctl.d
        readlink /opt/dpc/shop/current /opt/dpc/shop/good
        "#,
    );
    assert_eq!(count(&said, "same"), 2, "{said}");
    assert_eq!(count(&said, "status 1"), 2, "{said}");
    assert_eq!(count(&said, "status 4"), 3, "{said}");
    assert_eq!(count(&said, "status 0"), 2, "{said}");
    says(&said, &["a step failed half-way", "going back to release"]);
}

/// Docker's data root may be anywhere; who writes there is root on the host.
#[test]
fn no_volume_lies_in_dockers_own_directory() {
    let fleet = fleet("shop", 8080).replace("/srv/shop/data", "/opt/engine/data");
    let said = Sandbox::new(&[("shop", &fleet)]).run("activate shop; ls /opt/engine || true");
    says(
        &said,
        &["the volume /opt/engine/data lies in /opt, which is docker's own", "status 1", "No such file"],
    );
}

/// The names of docker's containers and of processes reach a terminal as plain characters.
#[test]
fn a_terminal_is_told_characters() {
    let said = Sandbox::new(&[("shop", &fleet("shop", 8080))]).run(
        r#"
        printf '\033[31m19.0.0\\033[32m\n' >"$WORK/docker-version"
        activate shop
        "#,
    );
    says(&said, &["docker ^[[31m19.0.0\\033[32m is too old"]);
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

/// A fault before the first change is named.
#[test]
fn an_engine_that_fails_half_way_is_said() {
    let said = Sandbox::new(&[("shop", &fleet("shop", 8080))]).run(
        r#"
        for command in version info ps pull; do
            touch "$WORK/fail-docker-$command"
            activate shop
            rm "$WORK/fail-docker-$command"
        done
        printf '#!/bin/sh\nexit 1\n' >"$WORK/bin/df"
        chmod +x "$WORK/bin/df"
        activate shop
        "#,
    );
    assert_eq!(count(&said, "status 1"), 4, "{said}");
    says(&said, &["docker does not answer", "`docker info` fails", "`docker ps` fails"]);
}
