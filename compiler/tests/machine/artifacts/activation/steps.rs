//! Each step of an activation fails once: status 1 means that nothing was changed, 3 that the release before runs again.

use crate::artifacts::sandbox::Sandbox;

const OLD: &str = r#"
fleet "shop"
service "web" {
    image "i:1"
    on "a"
    user "1"
    port "http" 41000
    file "/app/conf" content="x" mode="0640"
    volume "/data" from="/srv/old/data"
}
service "old" {
    image "i:1"
    on "a"
    user "1"
}
"#;

/// Programs that fail at a call with some number, and the state before it.
const STEPS: &str = r##"
printf '#!/bin/sh\nexit 0\n' >"$WORK/bin/sleep"
chmod +x "$WORK/bin/sleep"
for program in cp mv mkdir ln chown chmod sync touch rm sha256sum systemctl docker ss; do
    real=$(command -v "$program")
    if [ "$real" = "$WORK/bin/$program" ]; then mv "$real" "$real.real"; real=$real.real; fi
    /usr/bin/tee "$WORK/bin/$program" >/dev/null <<END
#!/bin/sh
[ -e /run/step ] || exec $real "\$@"
exec 7>/run/counting
flock 7
read -r step </run/step
echo \$((step - 1)) >|/run/step
[ "\$step" != 1 ] || { echo "$program \$*" >/run/failed; exit 1; }
exec 7>&-
exec $real "\$@"
END
    /usr/bin/chmod +x "$WORK/bin/$program"
done
places='opt/dpc srv etc/systemd/system etc/sysctl.d'
state() { (cd /; find $places ! -path opt/dpc -printf '%p %y %m %U %l ' \( -type f -exec sha256sum {} \; -o -printf '\n' \) | sort); }
"##;

#[test]
fn each_failing_step_of_an_upgrade_is_undone_or_goes_back() {
    let new = OLD.replace("i:1", "i:2").replace("/srv/old/data\"", "/srv/new/deep/data\" owner=\"7:7\"");
    let new = new.replace("\"old\"", "\"new\"");
    let said = Sandbox::new(&[("old", OLD), ("new", &new)]).run(&format!(
        r#"{STEPS}
        activate old
        (cd /; tar -cf /run/saved.tar $places)
        state >/run/before
        links() {{ (cd /; find opt/dpc/shop/* etc/systemd/system -type l ! -name previous -printf '%p %l\n' | sort); }}
        links >/run/links
        step=0
        while :; do
            step=$((step + 1))
            (cd /; rm -rf opt/dpc srv/* etc/systemd/system/* etc/sysctl.d/*; tar -xf /run/saved.tar)
            rm -f /run/failed
            echo "$step" >/run/step
            status=0
            /bin/sh "$WORK/new/out/a/activate" >/run/said 2>&1 || status=$?
            /usr/bin/rm /run/step
            [ -e /run/failed ] || break
            printf '%s: ' "$status"; tr '\n' ' ' </run/failed; echo
            if [ "$status" = 1 ]; then state | diff /run/before - || echo CHANGED; fi
            if [ "$status" = 3 ]; then links | diff /run/links - || echo CHANGED; fi
            case $status in 0 | 1 | 3) ;; *) echo CHANGED; cat /run/said ;; esac
            [ -s /run/said ] || echo SILENT
        done
        echo "steps $step"
        "#
    ));
    assert!(!said.contains("CHANGED") && !said.contains("SILENT"), "{said}");
    let ended = |status: &str| said.lines().filter(|line| line.starts_with(status)).count();
    assert!(ended("1: ") > 15 && ended("3: ") > 20, "{said}");
}
