//! etcd has other users: their values are only data to `activate`.

use crate::artifacts::sandbox::{Sandbox, count, says};

/// A real etcd, and what others have in it.
const ETCD: &str = r#"
export ETCDCTL_API=3 ETCDCTL_ENDPOINTS=http://127.0.0.1:23791
etcd --data-dir /opt/etcd --listen-client-urls "$ETCDCTL_ENDPOINTS" --advertise-client-urls "$ETCDCTL_ENDPOINTS" \
    --listen-peer-urls http://127.0.0.1:23792 >/opt/etcd.log 2>&1 &
until etcdctl endpoint health >/dev/null 2>&1; do sleep 0.1; done
claims=/services/.ports/a
put() { etcdctl put -- "$@" >/dev/null; }
held() { etcdctl get --prefix '' --write-out=fields | sed -n 's/^"Key" : /key /p; s/^"Value" : /value /p'; }
"#;

fn fleet(name: &str, ports: &[u16]) -> String {
    let ports: String = ports.iter().map(|port| format!("port \"p{port}\" {port}\n")).collect();
    let etcd = "etcd \"http://127.0.0.1:23791\"";
    let web = format!("image \"i:1\"\n on \"a\"\n user \"1\"\n {ports}");
    format!("fleet \"{name}\" {{ {etcd} }}\nservice \"web\" {{\n {web}\n}}")
}

#[test]
fn hostile_keys_and_values_lead_nowhere() {
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &[8080, 8081]))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        put /services/other/db/pg/b-1 shop/evil
        put /zzz/precious shop/web
        put "$claims/a /zzzz" shop/x
        put "$claims/tcp/9 0" shop/x
        put "$claims/tcp/91 --prefix" shop/x
        put "$claims/--prefix" shop/x
        put "$claims/tcp/http-x" foo/bar
        put "$claims/tcp/99999999999999999999" foo/bar
        put "$claims/tcp/1-2-3" foo/bar
        put "$claims/tcp/5'; touch /srv/broken; '" shop/x
        put "$claims/tcp/7000
/services/other/db/pg/b-1" shop/evil
        put "$claims/tcp/7001" "shop/x
/services/other/db/pg/b-1
shop/evil"
        put "$claims/tcp/7002" 'x") = "0

del /zzz/precious

'
        put "$claims/tcp/7003" shop/web
        put "/services/.ports/ab/tcp/7004" shop/web
        held >/srv/before
        activate shop
        held >/srv/after
        diff /srv/before /srv/after || true
        ls /srv
        "#
    ));
    says(&said, &["status 0", "> key \"/services/.ports/a/tcp/8080\"\n> value \"shop/web\"\n"]);
    says(&said, &["< key \"/services/.ports/a/tcp/7003\"\n"]);
    assert_eq!(said.lines().filter(|line| line.starts_with("> key")).count(), 2, "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("< key")).count(), 1, "{said}");
    assert!(!said.contains("broken"), "{said}");
}

#[test]
fn what_is_no_claim_of_a_service_is_refused_in_characters() {
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &[8080]))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        for value in "$(printf '\033[31mraw\007')" '\033[31mred\007\c' 'x" = "y' 'shop/x y' 'shop/../x' '' 'Shop/x' \
            "$(printf 'shop/x\nother/y')"; do
            put "$claims/tcp/8080" "$value"
            activate shop
        done
        put "$claims/tcp/8000-9000" other/db
        activate shop
        ls -A /opt/dpc 2>/dev/null || true
        "#
    ));
    assert_eq!(count(&said, "status 1"), 9, "{said}");
    says(&said, &["is claimed by what is no service", "belongs to other/db"]);
    assert!(!said.contains(['\u{1b}', '\u{7}']), "{said:?}");
}

/// More ports than a transaction holds, of which the last is claimed between two of them: none is kept.
#[test]
fn a_refused_activation_keeps_no_claim() {
    let ports: Vec<u16> = (7000..7150).collect();
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &ports))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        cat >"$WORK/bin/etcdctl" <<'END'
#!/bin/sh
[ "$1" != txn ] || /usr/bin/etcdctl put /services/.ports/a/tcp/7149 other/db >/dev/null
exec /usr/bin/etcdctl "$@"
END
        chmod +x "$WORK/bin/etcdctl"
        activate shop
        rm "$WORK/bin/etcdctl"
        held
        ls -A /opt/dpc 2>/dev/null || true
        "#
    ));
    says(&said, &["another fleet claimed a port", "status 1\n"]);
    assert_eq!(said.lines().filter(|line| line.starts_with("key")).count(), 1, "{said}");
}

/// An etcd that lost everything is seen, and gets the claims again.
#[test]
fn claims_that_were_lost_are_said_and_made_again() {
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &[8080, 8081]))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        activate shop
        as_built shop
        activate shop --status
        etcdctl del --prefix '' >/dev/null
        activate shop --status
        activate shop
        activate shop --status
        held
        "#
    ));
    assert_eq!(count(&said, "shop: 2 ports of a are not claimed in etcd: activate again"), 1, "{said}");
    says(&said, &["status 1\nkey \"/services/.ports/a/tcp/8080\"\nvalue \"shop/web\"\n"]);
}

/// Certificates depend on the clock, and so does whoever reads two journals.
#[test]
fn a_clock_far_from_that_of_etcd_is_said_once() {
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &[8080]))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        activate shop
        echo = wrong
        cat >"$WORK/bin/date" <<'END'
#!/bin/sh
[ "$*" != +%s ] || exec /bin/date -d '1 hour ago' +%s
exec /bin/date "$@"
END
        chmod +x "$WORK/bin/date"
        activate shop
        activate shop
        "#
    ));
    let (right, wrong) = said.split_once("= wrong").unwrap();
    let counts = [right, wrong].map(|said| said.matches("note: the clock of a is 3").count());
    assert_eq!((counts, count(&said, "status 0")), ([0, 1], 3), "{said}");
}

/// A claim goes with its port, and says which service has it.
#[test]
fn claims_follow_their_ports() {
    let moved = fleet("shop", &[8080]).replace("\"web\"", "\"api\"");
    let projects =
        [("shop", fleet("shop", &[8080, 8081])), ("moved", moved), ("other", fleet("other", &[9090]))];
    let projects = projects.each_ref().map(|(name, kdl)| (*name, kdl.as_str()));
    let said = Sandbox::new(&projects).run(&format!(
        r#"{ETCD}
        activate shop; held; activate moved --replace; activate other; held
        "#
    ));
    let web = "key \"/services/.ports/a/tcp/8080\"\nvalue \"shop/web\"\nkey \"/services/.ports/a/tcp/8081\"";
    let api = "status 0\nkey \"/services/.ports/a/tcp/8080\"\nvalue \"shop/api\"\nkey \"/services/.ports/a/tcp/9090\"";
    says(&said, &[web, api]);
}

/// A host that is called another name keeps no claim under the old one; one that is another machine by now keeps its own.
#[test]
fn claims_of_a_host_that_was_renamed_go() {
    let sandbox = Sandbox::new(&[("shop", &fleet("shop", &[8080, 8081]))]);
    let said = sandbox.run(&format!(
        r#"{ETCD}
        renamed() {{
            cp -R "$WORK/shop" "$WORK/$1"
            sed -i "s/^host=.*/host=$1/" "$WORK/$1/out/a/activate"
            mend "$1"
        }}
        mend() {{ (cd "$WORK/$1/out/a" && line=$(sha256sum activate) && sed -i "s/.*  activate$/$line/" MANIFEST); }}
        activate shop
        put "$claims/tcp/7000" other/db
        renamed b
        renamed c
        echo "= fails"
        touch "$WORK/fail-restart"
        activate b
        rm "$WORK/fail-restart"
        held
        echo "= renamed"
        activate b
        held
        echo "= back"
        activate b --rollback
        held
        echo "= moved"
        sed -i s/^address=.*/address=10.9.9.9/ "$(readlink -f /opt/dpc/shop/current)/activate"
        activate c
        held
        "#
    ));
    let part = |name: &str| said.split("= ").find(|part| part.starts_with(name)).unwrap().to_owned();
    let claim = |host: &str, port: u16| format!("key \"/services/.ports/{host}/tcp/{port}\"\nvalue");
    for (name, status, host) in [("fails", 4, "a"), ("renamed", 0, "b"), ("back", 0, "a"), ("moved", 0, "a")]
    {
        let part = part(name);
        says(
            &part,
            &[&format!("status {status}\n"), &claim(host, 8080), &claim(host, 8081), &claim("a", 7000)],
        );
        let others = if name == "moved" { 5 } else { 3 };
        assert_eq!(part.matches("key \"/services/.ports/").count(), others, "{said}");
    }
    says(&part("renamed"), &["released the ports that were claimed for a, as this host was called"]);
}
