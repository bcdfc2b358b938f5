//! Paths of the host that a service gets: only root decides where they lead.

use crate::artifacts::sandbox::{Sandbox, count, says};
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

const SHOP: &str = r#"
fleet "shop"
service "web" {
    image "i:1"
    on "a"
    user "1000:1000"
    volume "/data" from="/srv/up/data" owner="1000:1000"
    secret "KEY" from="/srv/keys/key"
    secret "FILE" from="/srv/keys/file" path="/run/file"
}
"#;

/// A volume of a service without a user is made for the user of the image.
#[test]
fn a_volume_belongs_to_the_user_of_the_image() {
    let shop = "fleet \"shop\"\nservice \"web\" { image \"i:1\"; on \"a\"; volume \"/data\"; volume \"/own\" owner=\"7:8\"; }\n";
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        for user in '' root 0:0 472:1 1000 grafana grafana:grafana nobody-there; do
            rm -rf /srv/* /opt/dpc /etc/systemd/system/*
            echo "$user" >|"$WORK/image-user"
            echo "= user $user"
            activate shop
            stat -c '%u:%g %n' /srv/shop/web/* 2>/dev/null || true
        done
        chown 99:99 /srv/shop/web/data 2>/dev/null || mkdir -p /srv/shop/web/data
        activate shop
        "#,
    );
    for (user, owner) in [
        ("", "0:0"),
        ("root", "0:0"),
        ("0:0", "0:0"),
        ("472:1", "472:0"),
        ("1000", "1000:0"),
        ("grafana", "472:0"),
    ] {
        says(&said, &[&format!("= user {user}\n")]);
        let part = said.split("= user ").find(|part| part.starts_with(&format!("{user}\n"))).unwrap();
        assert!(part.contains(&format!("{owner} /srv/shop/web/data\n7:8 /srv/shop/web/own\n")), "{part}");
    }
    says(
        &said,
        &[
            "the image of shop-web-1 runs as nobody-there, and does not say which number that is: give the volume /srv/shop/web/data an",
        ],
    );
    assert_eq!(count(&said, "status 1"), 1, "{said}");
    assert_eq!(count(&said, "status 0"), 8, "{said}");
}

/// What an image declares as a volume has a mount, or nothing is changed.
#[test]
fn a_volume_of_the_image_without_a_mount_is_refused() {
    let shop = "fleet \"shop\"\nservice \"web\" { image \"i:1\"; on \"a\"; user \"0:0\"; volume \"/data\" owner=\"7:8\"; tmpfs \"/var/cache\" }\n\
                task \"move\" { image \"j:2\"; on \"a\"; user \"0:0\" }\n";
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        tell() { echo "= $1"; printf '%s\n' "$1" >|"$WORK/volumes-i:1"; activate shop; }
        tell '"/data" '
        tell '"/data" "/var/cache/" '
        tell '"/data/deep" "/data2" "/var" '
        tell '"/with a space" "/odd\\nline" '
        printf '"/x" \n' >|"$WORK/volumes-j:2"
        tell '"/data" '
        "#,
    );
    for path in ["/data/deep", "/data2", "/var"] {
        says(
            &said,
            &[&format!("the image of shop-web-1 declares the volume {path}, and nothing is mounted there")],
        );
    }
    says(
        &said,
        &[
            "the image of shop-move declares the volume /x, and nothing is mounted there",
            "nothing was changed",
        ],
    );
    assert_eq!(said.matches("declares the volume").count(), 4, "{said}");
    assert_eq!((count(&said, "status 0"), count(&said, "status 1")), (3, 2), "{said}");
}

/// Both say why, when it is activated and when it starts.
#[test]
fn what_others_can_lead_elsewhere_is_refused() {
    let sandbox = Sandbox::new(&[("shop", SHOP)]);
    let said = sandbox.run(
        r#"
        again() {
            rm -rf /srv/* /opt/dpc "$WORK/ran"
            mkdir -p /srv/up /srv/keys
            chmod 755 /srv
            echo s3cr3t | tee /srv/keys/key >/srv/keys/file
            "$@"
            echo "= $*"
            activate shop
            rm -rf /srv/up/data # a link stays where it is: it is no directory
            "$@" 2>/dev/null || true
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/shop/out/a/docker/shop-web-1.sh" 2>&1 || true
            [ ! -e "$WORK/ran" ] || echo ran
        }
        linked() { rm -rf "$1"; ln -s "$2" "$1"; }
        again true
        again linked /srv/up/data /etc
        again linked /srv/up /etc
        again linked /srv/up/data /nowhere
        again chown 1000 /srv/up
        again chmod g+w /srv/up
        again chmod 777 /srv
        again linked /srv/keys/key /etc/shadow
        again linked /srv/keys/file /etc/shadow
        again linked /srv/keys /etc
        again chown 1000 /srv/keys
        again rm /srv/keys/key
        again mv /srv/keys/key /srv/keys/key.away
        rm -rf /srv/keys/*; mkdir /srv/keys/key
        activate shop
        "#,
    );
    assert_eq!(count(&said, "ran"), 1, "{said}");
    assert_eq!(count(&said, "status 0"), 1, "{said}");
    says(
        &said,
        &[
            "/srv/up/data is a link",
            "/srv/up is a link",
            "others than root can write /srv/up",
            "safe to use: others than root can write /srv\n",
            "/srv/keys/key is a link",
            "/srv/keys/file is a link",
            "others than root can write /srv/keys",
            "the secret file /srv/keys/key cannot be read",
            "shop-web-1: /srv/up/data is not safe to use: /srv/up/data is a link",
            "shop-web-1: /srv/keys/key is not safe to use: /srv/keys/key is a link",
        ],
    );
}

/// No container writes below /etc: links of root there lead where root wants, and no further.
#[test]
fn a_link_of_root_below_etc_is_followed() {
    let shop = SHOP.replacen(
        "    secret",
        "    volume \"/zone\" from=\"/etc/sysctl.d/zone\" read-only=#true\n    secret",
        1,
    );
    let sandbox = Sandbox::new(&[("shop", &shop)]);
    let said = sandbox.run(
        r#"
        mkdir -p /srv/up /srv/keys /srv/zones
        echo s3cr3t | tee /srv/keys/key /srv/keys/file >/srv/zones/utc
        tried() {
            echo "= $*"
            rm -rf /opt/dpc
            activate shop
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/shop/out/a/docker/shop-web-1.sh" 2>&1 || true
            [ ! -e "$WORK/ran" ] || echo ran
            rm -f "$WORK/ran"
        }
        ln -s /srv/zones/utc /etc/sysctl.d/zone
        tried of root
        chown -h 1000 /etc/sysctl.d/zone
        tried of somebody
        chown -h 0 /etc/sysctl.d/zone
        chown 1000 /srv/zones
        tried leads to somebody
        "#,
    );
    assert_eq!((count(&said, "ran"), count(&said, "status 0")), (1, 1), "{said}");
    says(&said, &["/etc/sysctl.d/zone is a link", "others than root can write /srv/zones"]);
}

/// The owner of the directory that a volume is made in must not get a file of root's.
#[test]
fn a_volume_is_made_where_root_alone_can_write() {
    let sandbox = Sandbox::new(&[("shop", SHOP)]);
    let said = sandbox.run(
        r#"
        echo root >/srv/shadow
        chmod 600 /srv/shadow
        mkdir -p /srv/keys
        echo s3cr3t | tee /srv/keys/key >/srv/keys/file
        for owner in 1000 0; do
            for round in 1 2 3 4 5 6 7 8 9 10; do
                rm -rf /srv/up /opt/dpc
                mkdir /srv/up
                chown "$owner" /srv/up
                chown 0 /srv/shadow
                DPC_RACE=/srv/up $user "$TEST" --exact artifacts::activation::paths::racer >/dev/null &
                racer=$!
                sleep 0.05
                activate shop >/dev/null
                kill "$racer" 2>/dev/null || true
                wait "$racer" || true
                stat -c 'owned by %u' /srv/shadow
            done
        done
        stat -c 'made for %u' /srv/up/data
        "#,
    );
    assert_eq!(count(&said, "owned by 0"), 20, "{said}");
    assert_eq!(count(&said, "made for 1000"), 1, "{said}");
}

/// Not a test: puts a link in place of a directory as soon as it is there.
#[test]
fn racer() {
    let Ok(folder) = env::var("DPC_RACE").map(PathBuf::from) else { return };
    let made = folder.join("data.dpc-new");
    while fs::rename(&made, folder.join("taken")).is_err() {}
    drop(symlink("/srv/shadow", made));
}

/// A directory that another fleet writes, or whose parts it writes, is no place for a volume or a secret.
#[test]
fn volumes_of_two_fleets_do_not_nest() {
    let fleet = |name: &str, volume: &str| {
        format!("fleet \"{name}\"\nservice \"web\" {{\n image \"i:1\"\n on \"a\"\n user \"1\"\n {volume}\n}}")
    };
    let projects = [
        ("outer", fleet("outer", r#"volume "/data" from="/srv/x/data""#)),
        ("inner", fleet("inner", r#"volume "/data" from="/srv/x/data/deep/er""#)),
        ("reader", fleet("reader", r#"volume "/data" from="/srv/x/data/deep" read-only=#true"#)),
        ("secret", fleet("secret", r#"secret "KEY" from="/srv/x/data/key""#)),
        ("holder", fleet("holder", r#"volume "/data" from="/srv/x""#)),
        ("backup", fleet("backup", r#"volume "/data" from="/srv/x" read-only=#true"#)),
        ("beside", fleet("beside", r#"volume "/data" from="/srv/x/data-2""#)),
        ("same", fleet("same", r#"volume "/other" from="/srv/x/data""#)),
        ("look", fleet("look", r#"volume "/data" from="/srv/x/data" read-only=#true"#)),
    ];
    let projects = projects.each_ref().map(|(name, kdl)| (*name, kdl.as_str()));
    let said = Sandbox::new(&projects).run(
        r#"
        activate outer
        mkdir -p /srv/x/data/deep/er
        touch /srv/x/data/key
        for fleet in inner reader secret holder backup beside same look; do activate $fleet; done
        "#,
    );
    assert_eq!(count(&said, "status 1"), 5, "{said}");
    assert_eq!(count(&said, "status 0"), 4, "{said}");
    says(
        &said,
        &[
            "same: /srv/x/data is written by fleet outer too",
            "inner: /srv/x/data/deep/er lies in /srv/x/data, which fleet outer writes",
            "reader: /srv/x/data/deep lies in /srv/x/data, which fleet outer writes",
            "secret: /srv/x/data/key lies in /srv/x/data, which fleet outer writes",
            "holder: /srv/x/data of fleet outer lies in /srv/x, which holder writes",
        ],
    );
}

/// What is not below the data root, or only read, is somebody else's.
#[test]
fn only_a_directory_for_data_is_made() {
    let shop = r#"
        fleet "shop" { data-root "/srv/data"; }
        service "web" {
            image "i:1"
            on "a"
            user "1000:1000"
            volume "/data"
            volume "/zone" from="/etc/sysctl.d/zone" read-only=#true
            volume "/ca.pem" from="/srv/pki/ca.pem" read-only=#true
            volume "/seed" read-only=#true
            volume "/media" from="/srv/my media" mode="0750"
            volume "/other" from="/srv/database/x"
            device "/srv/dev/card"
            docker-args "-v" "/srv/raw:/raw"
        }
        service "reader" {
            image "i:1"
            on "a"
            user "1000:1000"
            volume "/data" from="/srv/data/shop/web/data" read-only=#true
        }
    "#;
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        activate shop
        find /srv /opt /etc/sysctl.d -mindepth 1
        install -d -o 1000 -g 1000 -m 0750 '/srv/my media'
        install -d -o 1000 -g 1000 /srv/database/x
        mkdir -p /srv/data/shop/web/seed /srv/pki /srv/dev /srv/raw
        touch /etc/sysctl.d/zone /srv/pki/ca.pem /srv/dev/card
        activate shop
        stat -c '%a %u:%g %n' /srv/data/shop/web/data '/srv/my media'
        chown 1001 /srv/database/x
        chgrp 1001 '/srv/my media'
        activate shop
        activate shop --status
        "#,
    );
    assert_eq!((count(&said, "status 1"), count(&said, "status 0")), (2, 2), "{said}");
    says(
        &said,
        &[
            "7 reasons not to start: nothing was changed\nstatus 1\nshop: starting",
            "the volume /etc/sysctl.d/zone is not there, and shop-web-1 only reads it\n",
            "the volume /srv/pki/ca.pem is not there",
            "the volume /srv/data/shop/web/seed is not there",
            "install -d -o 1000 -g 1000 -m 0750 '/srv/my media'\n",
            "install -d -o 1000 -g 1000 -m 0755 /srv/database/x\n",
            "the device /srv/dev/card is not there",
            "the volume /srv/raw is not there",
            "755 1000:1000 /srv/data/shop/web/data\n",
            "the volume /srv/database/x of shop-web-1 belongs to 1001:1000, and is declared to belong to 1000:1000",
            "the volume /srv/my media of shop-web-1 belongs to 1000:1001",
        ],
    );
}

/// Without its disk a directory would be made, and written, on the one underneath.
#[test]
fn a_disk_that_is_not_mounted_is_waited_for() {
    let shop = r#"
        fleet "shop" { data-root "/srv/disk"; }
        service "web" {
            image "i:1"
            on "a"
            user "1"
            volume "/data"
            volume "/more" from="/srv/a disk/more"
            secret "KEY" from="/srv/keys/key"
        }
    "#;
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        mkdir -p /srv/disk '/srv/a disk/more' /srv/keys /srv/unused
        chown 1 '/srv/a disk/more'
        echo s3cr3t >/srv/keys/key
        printf '%s\n' '# /dev/x /srv ext4' 'x / x' 'x none swap' 'x /srv/disk/ x' 'x /srv/a\040disk nfs' 'x /srv/keys x' 'x /srv/unused x' >>/etc/fstab
        activate shop
        for place in '/srv/disk' '/srv/a disk'; do mount -t tmpfs -o mode=755 none "$place"; done
        mkdir -p '/srv/a disk/more'
        chown 1 '/srv/a disk/more'
        mount --bind /srv/keys /srv/keys
        activate shop
        grep RequiresMountsFor /etc/systemd/system/shop-web-1.service
        "#,
    );
    assert_eq!((count(&said, "status 1"), count(&said, "status 0")), (1, 1), "{said}");
    says(
        &said,
        &[
            "/srv/disk/shop/web/data lies on /srv/disk, which is in /etc/fstab and not mounted: mount /srv/disk\n",
            "mount '/srv/a disk'\n",
            "/srv/keys/key lies on /srv/keys",
            "3 reasons not",
            "RequiresMountsFor=/opt/dpc/shop\nRequiresMountsFor=\"/srv/a disk/more\"\n",
        ],
    );
}

/// systemd reads units before it mounts a file system of its own for /opt.
#[test]
fn units_are_there_before_a_disk_for_opt() {
    let other = SHOP.replace("i:1", "other:1").replace("\"web\"", "\"other\"");
    let said = Sandbox::new(&[("shop", SHOP), ("other", &other)]).run(
        r#"
        mkdir -p /srv/up /srv/keys /etc/dpc
        mount -t tmpfs -o mode=755 none /etc/dpc
        echo key | tee /srv/keys/key >/srv/keys/file
        tried() {
            activate "$@" | grep status
            find /etc/systemd/system /etc/dpc -name 'shop*' -printf '%p %l\n' | sort
        }
        tried shop
        mv /opt/dpc /srv/moved
        mount -t tmpfs -o mode=755 none /opt
        mv /srv/moved /opt/dpc
        tried shop
        tried other --replace
        umount /opt
        [ -e /etc/systemd/system/shop-other-1.service ] && echo seen
        "#,
    );
    assert_eq!(count(&said, "status 0"), 3, "{said}");
    says(
        &said,
        &[
            "system/shop-web-1.service /opt/dpc/shop/current/systemd/shop-web-1.service\n",
            "system/shop-web-1.service /etc/dpc/shop/current/shop-web-1.service\n",
            "system/shop-other-1.service /etc/dpc/shop/current/shop-other-1.service\n",
            "seen\n",
        ],
    );
    assert!(!said.split("shop-other-1").nth(1).unwrap().contains("shop-web-1"), "{said}");
}

/// Certificates and devices are looked at as secrets are, before anything reads them.
#[test]
fn certificates_and_devices_are_not_led_elsewhere() {
    let etcd = r#"etcd "https://127.0.0.1:23791" cacert="/srv/tls/ca.pem" cert="/srv/tls/cert.pem" key="/srv/tls/key.pem""#;
    let fleet = |name: &str, top: &str, setting: &str| {
        format!(
            "fleet \"{name}\" {{ {top} }}\nservice \"web\" {{\n image \"i:1\"\n on \"a\"\n user \"1\"\n {setting}\n}}"
        )
    };
    let waits = "needs \"far\"\n}\nhost \"b\" address=\"10.0.0.2\"\nservice \"far\" {\n image \"i:1\"\n on \"b\"\n user \"1\"\n port \"http\" 9090\n register \"http\"";
    let projects = [
        ("shop", fleet("shop", etcd, waits)),
        ("play", fleet("play", "", "device \"/dev/shm/by-id/card\"\n device \"/srv/dev/card\"")),
        ("writer", fleet("writer", "", "volume \"/data\" from=\"/srv/tls\"")),
    ];
    let projects = projects.each_ref().map(|(name, kdl)| (*name, kdl.as_str()));
    let said = Sandbox::new(&projects).run(
        r#"
        registrar() { mkdir -p /run/dpc/shop/.register; timeout 20 bash "$WORK/shop/out/$1/etcd/register.sh" 2>&1 || true; }
        script() { NOTIFY_SOCKET=/x timeout 20 sh "$WORK/$1.sh" 2>&1 || true; }
        again() {
            rm -rf /srv/* /opt/dpc
            mkdir /srv/tls /srv/dev
            echo pem | tee /srv/tls/ca.pem /srv/tls/cert.pem >/srv/tls/key.pem
            ln -s /dev/null /srv/null
            mknod /srv/dev/card c 1 3
            echo "= $*"
            "$@"
        }
        mount -t tmpfs -o mode=755 none /dev/shm
        mkdir /dev/shm/by-id
        ln -s /dev/null /dev/shm/by-id/card
        again true; activate shop; activate play
        again ln -sf /etc/shadow /srv/tls/key.pem; activate shop; script shop/out/a/docker/shop-web-1; registrar b
        again ln -sf /etc/shadow /srv/tls/cert.pem; activate shop --dry-run
        again chown 1000 /srv/tls; activate shop; registrar b
        again rm /srv/tls/ca.pem; activate shop
        rm -f /srv/tls/ca.pem; mkfifo /srv/tls/ca.pem; timeout 20 sh "$WORK/shop/out/a/activate" --dry-run 2>&1 || true
        again true; rm -rf /srv/dev; ln -s /dev /srv/dev; activate play; script play/out/a/docker/play-web-1
        again chown -h 1000 /dev/shm/by-id/card; activate play; script play/out/a/docker/play-web-1
        chown -h 0 /dev/shm/by-id/card
        again true; activate shop; activate writer
        "#,
    );
    assert_eq!((count(&said, "status 0"), count(&said, "status 1")), (3, 7), "{said}");
    says(
        &said,
        &[
            "the certificate file /srv/tls/key.pem is not safe to read: /srv/tls/key.pem is a link",
            "shop-web-1: /srv/tls/key.pem is not safe to use: /srv/tls/key.pem is a link",
            "shop: /srv/tls/key.pem is not safe to use: /srv/tls/key.pem is a link",
            "shop: /srv/tls/ca.pem is not safe to use: others than root can write /srv/tls",
            "the certificate file /srv/tls/cert.pem is not safe to read",
            "not safe to read: others than root can write /srv/tls",
            "the certificate file /srv/tls/ca.pem cannot be read",
            "the device /srv/dev/card is not safe to use: /srv/dev is a link",
            "play-web-1: /srv/dev/card is not safe to use: /srv/dev is a link",
            "the device /dev/shm/by-id/card is not safe to use: /dev/shm/by-id/card is a link",
            "play-web-1: /dev/shm/by-id/card is not safe to use: /dev/shm/by-id/card is a link",
            "/srv/tls/ca.pem of fleet shop lies in /srv/tls, which writer writes",
        ],
    );
}

/// `docker-args` lead docker and its client to paths of the host, in every spelling that docker reads.
#[test]
fn what_docker_args_name_is_not_led_elsewhere() {
    let arguments = [
        r#""-v" "/srv/x/f:/x""#,
        r#""-v/srv/x/f:/x:ro""#,
        r#""--volume=//srv/./x/f:/x:ro""#,
        r#""--mount" "type=bind,source=/srv/x/f,target=/x,readonly""#,
        r#""--mount=target=/x,\"SRC=/srv/x/f\",TYPE=bind""#,
        r#""--device" "/srv/x/f""#,
        r#""--env-file" "/srv/x/f""#,
        r#""--env-file=srv/x/f""#,
        r#""--label-file" "./srv/x/f""#,
        r#""--security-opt" "seccomp=/srv/x/f""#,
        r#""--device-read-bps=/srv/x/f:1mb""#,
        r#""--runtime=/srv/x/f""#,
    ];
    let projects = arguments.iter().enumerate().map(|(at, arguments)| {
        let kdl = format!(
            "fleet \"f{at}\"\nservice \"web\" {{\n image \"i:1\"\n on \"a\"\n user \"1\"\n docker-args {arguments}\n}}"
        );
        (format!("f{at}"), kdl)
    });
    let mut projects: Vec<(String, String)> = projects.collect();
    let writer = "fleet \"writer\"\nservice \"web\" {\n image \"i:1\"\n on \"a\"\n user \"1\"\n volume \"/data\" from=\"/srv/x\"\n}";
    projects.push(("writer".to_string(), writer.to_string()));
    let borrowed: Vec<(&str, &str)> = projects.iter().map(|(name, kdl)| (&**name, &**kdl)).collect();
    let said = Sandbox::new(&borrowed).run(
        r#"
        tried() {
            rm -rf /opt/dpc "$WORK/ran"
            activate "$1"
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/$1/out/a/docker/$1-web-1.sh" 2>&1 || true
            [ ! -e "$WORK/ran" ] || echo ran
        }
        mkdir /srv/x
        for at in 0 1 2 3 4 5 6 7 8 9 10 11; do
            echo "= f$at"
            ln -sf /etc/shadow /srv/x/f; tried "f$at"
        done
        rm /srv/x/f; echo X=1 >/srv/x/f; tried f1
        chown 1000 /srv/x; tried f1
        chown 0 /srv/x
        rm -rf /opt/dpc; activate writer; activate f6
        "#,
    );
    assert_eq!((count(&said, "ran"), count(&said, "status 1")), (1, arguments.len() + 2), "{said}");
    // activate and the script.
    assert_eq!(said.matches("/srv/x/f is a link").count(), 2 * arguments.len(), "{said}");
    assert_eq!(said.matches("others than root can write /srv/x").count(), 2, "{said}");
    says(&said, &["f6: /srv/x/f lies in /srv/x, which fleet writer writes"]);
}

/// A mount below a volume goes where the KDL says, and not to the target of a link that the service left there.
#[test]
fn a_link_in_a_volume_leads_no_mount_elsewhere() {
    let shop = r#"
        fleet "shop"
        service "web" {
            image "i:1"
            on "a"
            user "1000:1000"
            volume "/data" from="/srv/data"
            volume "/data/var/log" from="/srv/log"
            file "/data/app.conf" content="a = 1"
            docker-args "-v" "/srv/raw:/raw" "--tmpfs=/raw/a b/tmp" "--device" "/dev/null:/raw/null"
            // Directories that it does not write, or that are new for each container, are not checked.
            volume "/static" from="/srv/static" read-only=#true
            tmpfs "/static/tmp"
            tmpfs "/run/web"
            file "/run/web/web.conf" content="a = 1"
            // Others of the fleet write these.
            volume "/shared" from="/srv/shared" read-only=#true
            tmpfs "/shared/a/tmp"
            volume "/all" from="/srv/all" read-only=#true
            file "/all/part/x/app.conf" content="a = 1"
        }
        service "writer" {
            image "i:1"
            on "a"
            user "1000:1000"
            volume "/data" from="/srv/shared"
            docker-args "-v" "/srv/./all/part:/part"
        }
    "#;
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        again() {
            rm -rf /srv/* "$WORK/ran"
            mkdir -p /srv/data/var/log "/srv/raw/a b" /srv/log /srv/static /srv/shared /srv/all/part
            touch /srv/data/app.conf
            chown 1000 /srv/data /srv/raw
            echo "= $*"
            "$@"
            NOTIFY_SOCKET=/x timeout 5 sh "$WORK/shop/out/a/docker/shop-web-1.sh" 2>&1 || true
            [ ! -e "$WORK/ran" ] || echo ran
        }
        linked() { rm -rf "$1"; ln -s "$2" "$1"; }
        again true
        again rm -r /srv/data/var
        again linked /srv/static/tmp /etc
        again linked /srv/data/var/lib /etc
        again linked /srv/data/var /etc
        again linked /srv/data/var ../data
        again linked /srv/data/var/log /usr/bin
        again linked /srv/data/app.conf /nowhere
        again linked "/srv/raw/a b" /
        again linked "/srv/raw/a b/tmp" /etc
        again linked /srv/raw/null /etc/null
        again linked /srv/shared/a /etc
        again linked /srv/all/part/x /usr/bin
        "#,
    );
    assert_eq!(count(&said, "ran"), 4, "{said}");
    assert_eq!(said.matches("is not safe to mount at: it is a link").count(), 9, "{said}");
    says(&said, &["shop-web-1: /srv/data/var is not safe", "shop-web-1: /srv/raw/a b/tmp is not safe"]);
}

/// etcd that accepts connections and says nothing, and one whose client waits for ever, hold up nothing.
#[test]
fn etcd_that_hangs_holds_up_nothing() {
    let shop = "fleet \"shop\" { etcd \"http://127.0.0.1:23791\"; }\nservice \"web\" {\n image \"i:1\"\n on \"a\"\n user \"1\"\n port \"http\" 9090\n}";
    let said = Sandbox::new(&[("shop", shop)]).run(
        r#"
        printf '#!/bin/sh\nexec sleep 100\n' >"$WORK/bin/etcdctl"
        chmod +x "$WORK/bin/etcdctl"
        timeout 30 sh "$WORK/shop/out/a/activate" 2>&1
        "#,
    );
    says(&said, &["etcd does not answer", "1 started"]);
}
