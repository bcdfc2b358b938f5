//! Refusals of `activate`, with their reasons.

use crate::bundle::Variant;
use crate::host::{ALL, APP_1, DB_1, on_all};
use crate::patience::ensure;
use crate::release::{activate, as_should, baseline, containers, copy, run_activate, state};
use crate::report::Report;

/// The fault of the host, its repair, and words of the refusal.
struct Refusal {
    variant: Variant,
    harm: &'static str,
    mend: &'static str,
    says: &'static str,
}

/// Changes the answers of the engine on their way by a script of sed: the engine itself cannot be changed like this here.
macro_rules! reported {
    ($script:literal) => {
        concat!(
            "printf '#!/bin/sh\\n/usr/bin/docker \"$@\" | sed ",
            $script,
            "\\n' >/usr/local/bin/docker; chmod +x /usr/local/bin/docker"
        )
    };
}

/// Changes `activate` by a script of sed, in a bundle that is whole.
macro_rules! edited {
    ($script:literal) => {
        concat!(
            "sed -i '",
            $script,
            "' /tmp/release/activate; cd /tmp/release; \
             line=$(sha256sum activate); sed -i \"s/.*  activate$/$line/\" MANIFEST"
        )
    };
}

const REFUSALS: [Refusal; 13] = [
    Refusal {
        variant: Variant::NewImage,
        harm: "mkdir /tmp/full && mount -t tmpfs -o size=1m none /tmp/full && cp -a /opt/dpc/. /tmp/full && \
               { dd if=/dev/zero of=/tmp/full/filler bs=4k 2>/dev/null || true; } && mount --bind /tmp/full /opt/dpc",
        mend: "umount /opt/dpc; umount /tmp/full; rmdir /tmp/full",
        says: "disk full: 0 KiB are free for /opt/dpc/shop",
    },
    Refusal {
        variant: Variant::OtherVolume,
        harm: "mkdir /srv/small && mount -t tmpfs -o size=1m none /srv/small",
        mend: "umount /srv/small; rmdir /srv/small",
        says: "KiB are free for /srv/small/uploads",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: "mv /usr/bin/docker /usr/bin/docker.away",
        mend: "mv /usr/bin/docker.away /usr/bin/docker",
        says: "`docker` is not installed",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: "systemctl stop docker.socket docker",
        mend: "systemctl start docker.socket docker; until docker info >/dev/null 2>&1; do sleep 0.2; done",
        says: "docker does not answer",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: reported!("s/^overlay2/devicemapper/"),
        mend: "rm /usr/local/bin/docker",
        says: "storage driver is devicemapper, which never gives back the space",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: reported!("s/^[0-9]*[.][0-9]*[.].*/19.03.15/"),
        mend: "rm /usr/local/bin/docker",
        says: "docker 19.03.15 is too old: 20.10 or later",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: edited!("s/^storage_driver=[^ ]*/storage_driver=btrfs/"),
        mend: "true",
        says: "docker's storage driver is overlay2, and app-1 is declared to have btrfs",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: "mv /usr/bin/etcdctl /usr/bin/etcdctl.away",
        mend: "mv /usr/bin/etcdctl.away /usr/bin/etcdctl",
        says: "`etcdctl` is not installed",
    },
    Refusal {
        variant: Variant::MovedPort,
        harm: "systemd-run --quiet --unit foreign systemd-socket-activate --listen 8082 cat; \
               until ss -ltn | grep -q ':8082 '; do sleep 0.1; done",
        mend: "systemctl stop foreign",
        says: "port tcp/8082 for shop-api-2 is taken by process",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: "mv /etc/shop/stripe.key /etc/shop/away",
        mend: "mv /etc/shop/away /etc/shop/stripe.key",
        says: "the secret file /etc/shop/stripe.key cannot be read",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: "echo '# by hand' >>/tmp/release/docker/shop-api-1.sh",
        mend: "true",
        says: "files of this bundle are missing or were changed",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: edited!("s/1.4.3/9.9.9/"),
        mend: "true",
        says: "image shop/api:9.9.9 cannot be pulled",
    },
    Refusal {
        variant: Variant::NewImage,
        harm: concat!(
            "ip address add 10.77.0.99/24 dev eth0; ip address del 10.77.0.99/24 dev eth0; ",
            edited!("s/^address=.*/address=10.77.0.99/")
        ),
        mend: "true",
        says: "no interface has its address 10.77.0.99",
    },
];

/// Each is refused with its reason, and nothing is changed.
pub fn each(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = (state(APP_1)?, containers(APP_1)?);
    for refusal in &REFUSALS {
        copy(APP_1, refusal.variant)?;
        APP_1.sh(refusal.harm)?;
        let outcome = run_activate(APP_1, "/tmp/release/activate");
        APP_1.sh(refusal.mend)?;
        outcome?.expect(1)?.saying(refusal.says)?;
        let after = (state(APP_1)?, containers(APP_1)?);
        ensure(before == after, || {
            format!("`{}`: something was changed: {after:?} was {before:?}", refusal.says)
        })?;
    }
    wrong_host()?;
    as_should(APP_1)?;
    Ok(format!("{} refused, nothing changed", REFUSALS.len() + 1))
}

/// The bundle of another host.
fn wrong_host() -> Result<(), String> {
    copy(DB_1, Variant::Base)?;
    let folder = crate::bundle::bundle(Variant::Base)?.join("app-2");
    let archive = folder.with_extension("wrong.tar");
    crate::command::run("tar", &["-C", &folder.to_string_lossy(), "-cf", &archive.to_string_lossy(), "."])?;
    DB_1.sh_from("rm -rf /tmp/release && mkdir /tmp/release && tar -C /tmp/release -x", &archive)?;
    run_activate(DB_1, "/tmp/release/activate")?.expect(1)?.saying("this is not app-2").map(drop)
}

/// etcd that cannot be reached is a warning: the release is activated.
pub fn without_etcd(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let rule = "OUTPUT --protocol tcp --dport 2379 --jump REJECT";
    APP_1.sh(&format!("iptables --insert {rule}"))?;
    let outcome = activate(APP_1, Variant::NewImage);
    APP_1.sh(&format!("iptables --delete {rule}"))?;
    let activation = outcome?.expect(0)?.saying("etcd does not answer: ports are not claimed")?;
    as_should(APP_1)?;
    Ok(format!("activated with a warning in {:.1} s", activation.seconds))
}

/// The second of two activations is refused, and the first is not disturbed.
pub fn two_at_once(_: &mut Report) -> Result<String, String> {
    baseline()?;
    copy(APP_1, Variant::NewImage)?;
    let said = APP_1.sh(
        "/tmp/release/activate >/tmp/first 2>&1 & while flock --nonblock /run/dpc/shop.lock true; do sleep 0.1; done
         /tmp/release/activate 2>&1; echo second $?; wait $!; echo first $?",
    )?;
    ensure(said.contains("another activation of shop is running"), || said.clone())?;
    ensure(said.contains("second 1") && said.contains("first 0"), || said.clone())?;
    as_should(APP_1)?;
    Ok("the second was refused".into())
}

/// Another fleet wants a port that is claimed, once while the service runs and once while it does not.
pub fn other_fleet(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let refused = |when: &str| {
        let activation = activate(APP_1, Variant::OtherFleet)?.expect(1)?;
        activation
            .saying("port tcp/8080 of app-1, for web-front-1, belongs to shop/api")
            .map_err(|error| format!("{when}: {error}"))?;
        let traces = APP_1.sh("ls -d /opt/dpc/web /etc/systemd/system/web* 2>/dev/null || true")?;
        ensure(traces.is_empty(), || format!("{when}: something was changed: {traces}"))
    };
    refused("while it runs")?;
    APP_1.sh("systemctl stop shop-api-1")?;
    refused("while it does not run")?;
    APP_1.sh("systemctl start shop-api-1")?;
    on_all(as_should)?;
    Ok(format!("refused twice, the owner named; {} hosts as they should", ALL.len()))
}
