//! `activate` installs what the MANIFEST lists, whatever else lies in the folder and however it was copied.

use crate::artifacts::sandbox::{Sandbox, count, says};

const SHOP: &str = r#"
fleet "shop"
service "web" {
    image "i:1"
    on "a"
    user "1000:1000"
    env { PASSWORD "s3cr3t" }
    file "/app/plain" content="x"
    file "/app/run it" content="x" mode="0755"
    file "/app/open" content="x" mode="0666"
}
"#;

#[test]
fn a_bundle_that_is_not_whole_is_refused() {
    let sandbox = Sandbox::new(&[("shop", SHOP)]);
    let said = sandbox.run(
        r#"
        cp -R "$WORK/shop" "$WORK/good"
        again() { rm -rf "$WORK/shop"; cp -R "$WORK/good" "$WORK/shop"; cd "$WORK/shop/out/a"; }
        lines=$(wc -l <"$WORK/shop/out/a/MANIFEST")
        for left in $(seq 0 $((lines - 1))); do
            again
            head -n "$left" "$WORK/good/out/a/MANIFEST" >MANIFEST
            activate shop | grep -c 'MANIFEST is cut off'
        done
        again; sed -i 3d MANIFEST; activate shop
        again; echo x >>files/shop-web-1/app/plain; activate shop
        again; echo x >systemd/sshd.service; activate shop
        again; mkdir systemd/ssh.service.d; activate shop
        again; mkdir -p files/deep/er; activate shop
        again; rm files/shop-web-1/app/plain; activate shop
        # Files that are no files, and a MANIFEST that names a file twice in place of another: nothing waits for them.
        again; rm MANIFEST; activate shop
        again; rm MANIFEST; mkfifo MANIFEST; activate shop
        again; ln -sf /dev/zero MANIFEST; activate shop
        again; rm files/shop-web-1/app/plain; mkfifo files/shop-web-1/app/plain; activate shop
        again; ln -sf /dev/zero files/shop-web-1/app/plain; activate shop
        again; sed -i '/app.plain$/d; /app.open$/p' MANIFEST; activate shop
        again; ln -s /etc/shadow files/shop-web-1/app/more; activate shop
        again; mkfifo files/more; activate shop
        again; mv files/shop-web-1/app/plain /srv/; ln -s /srv/plain files/shop-web-1/app/plain; activate shop
        ls -A /opt
        "#,
    );
    let lines = said.lines().filter(|line| *line == "1").count();
    assert!(lines > 7, "{said}");
    assert_eq!(count(&said, "0"), 0, "{said}");
    assert_eq!(count(&said, "status 1"), 15, "{said}");
    says(
        &said,
        &[
            "does not list",
            "links, or other things",
            "were changed",
            "directories without files",
            "there is no MANIFEST",
            "lists a file twice",
            "list them: files/shop-web-1/app/plain",
        ],
    );
    assert!(!said.contains("status 0") && !said.contains("dpc\n"), "{said}");
}

#[test]
fn what_is_installed_has_modes_of_its_own() {
    let sandbox = Sandbox::new(&[("shop", SHOP)]);
    let said = sandbox.run(
        r#"
        cd "$WORK/shop/out/a"
        chmod -R a+rwxs .
        (umask 000; activate shop)
        cd /opt/dpc/shop/current/.
        stat -c '%a %U %n' . activate docker docker/shop-web-1.sh systemd/shop.target "files/shop-web-1/app/run it" \
            files/shop-web-1/app/plain files/shop-web-1/app/open
        find . -perm /6000
        $user cat /opt/dpc/shop/current/docker/shop-web-1.sh && echo read || true
        $user cat /opt/dpc/shop/current/files/shop-web-1/app/plain && echo read || true
        "#,
    );
    says(
        &said,
        &[
            "status 0",
            "700 root .\n",
            "700 root activate\n",
            "700 root docker\n",
            "700 root docker/shop-web-1.sh\n",
            "600 root systemd/shop.target\n",
            "755 root files/shop-web-1/app/run it\n",
            "644 root files/shop-web-1/app/plain\n",
            "644 root files/shop-web-1/app/open\n",
        ],
    );
    assert_eq!(count(&said, "read"), 0, "{said}");
}

/// The bundle is the one that the script lies in, whatever the caller's shell has set.
#[test]
fn variables_choose_no_other_bundle() {
    let other = SHOP.replace("i:1", "other:1");
    let sandbox = Sandbox::new(&[("shop", SHOP), ("other", &other)]);
    let said = sandbox.run(
        r#"
        cd "$WORK/shop"
        export CDPATH="$WORK/other" GLOBIGNORE='*' ENV=/dev/null IFS=/ LC_ALL=C.UTF-8 POSIXLY_CORRECT=1
        /bin/sh out/a/activate
        mkdir /srv/elsewhere
        ln -s "$WORK/shop/out/a/activate" /srv/elsewhere/activate
        cd /srv/elsewhere
        /bin/sh ./activate
        grep -o '^ *i:1\|^ *other:1' /opt/dpc/shop/current/docker/shop-web-1.sh
        ls /opt/dpc/shop/releases | wc -l
        "#,
    );
    says(&said, &["i:1\n1\n"]);
    assert!(!said.contains("other:1"), "{said}");
}

/// A release that was damaged on the host is installed again, and never gone back to.
#[test]
fn a_release_that_was_damaged_since_is_not_switched_to() {
    let other = SHOP.replace("i:1", "other:1");
    let sandbox = Sandbox::new(&[("shop", SHOP), ("other", &other)]);
    let said = sandbox.run(
        r#"
        activate shop
        echo 'touch /srv/damaged' >>/opt/dpc/shop/current/activate
        activate shop
        grep 'srv.damaged' /opt/dpc/shop/current/activate || true
        [ ! -e /opt/dpc/shop/.damaged ]
        activate other
        cd "$(readlink -f /opt/dpc/shop/previous)"
        for harm in "tee activate" "tee MANIFEST" "rm MANIFEST" "rm systemd/shop.target" "mkdir systemd/x.d" "touch docker/x.sh" "mkfifo x"; do
            echo "= $harm"
            cp -a . /srv/whole
            echo 'touch /srv/damaged' | $harm >/dev/null
            activate shop --rollback
            activate other --rollback
            touch "$WORK/fail-restart"
            ln -sfn "releases/${PWD##*/}" /opt/dpc/shop/good
            activate other
            ln -sfn "$(readlink /opt/dpc/shop/current)" /opt/dpc/shop/good
            rm "$WORK/fail-restart"
            find . -mindepth 1 -delete
            cp -a /srv/whole/. .
            rm -rf /srv/whole
        done
        activate other --rollback
        ls /srv
        "#,
    );
    assert_eq!(
        (count(&said, "status 0"), count(&said, "status 1"), count(&said, "status 4")),
        (4, 14, 7),
        "{said}"
    );
    assert_eq!(count(&said, "damaged"), 0, "{said}");
    says(
        &said,
        &["was damaged on this host: it is installed again\n", "is not gone back to: the units keep trying"],
    );
}
