//! The first activation, and the same again.

use crate::bundle::Variant;
use crate::client::{field, get};
use crate::host::{ALL, APP_1, APP_2, DB_1, Host};
use crate::patience::{ensure, eventually};
use crate::registry::{self, keys, leased};
use crate::release::{activate, as_should, baseline, containers, strip};
use crate::report::Report;

/// Three bare hosts, one after the other: everything is active, reaches what it needs, and is registered.
pub fn first(report: &mut Report) -> Result<String, String> {
    strip()?;
    let mut figures = Vec::new();
    for host in ALL {
        let activation = activate(host, Variant::Base)?.expect(0)?;
        if host == APP_1 {
            in_order(&activation.said, &["shop-cache-1", "shop-migrate", "shop-api-1", "shop-api-2"])?;
        }
        report.recovery(&format!("first activation of {}", host.name), activation.seconds);
        figures.push(format!("{} {:.1} s", host.name, activation.seconds));
    }
    ALL.iter().try_for_each(|&host| as_should(host))?;
    reaches_both_redis()?;
    registrations()?;
    volume_logs_and_task()?;
    ALL.iter().try_for_each(|&host| only_root_writes(host))?;
    Ok(figures.join(", "))
}

/// Checks that files which root runs belong to root, and that nobody else may write to them.
fn only_root_writes(host: Host) -> Result<(), String> {
    let found = "find -H /opt/dpc /etc/systemd/system /etc/sysctl.d";
    ensure(!host.sh(&format!("{found} -path '*/shop-*'"))?.is_empty(), || "nothing was looked at".into())?;
    let others = host.sh(&format!("{found} ! -type l '(' -perm /022 -o ! -uid 0 -o ! -gid 0 ')'"))?;
    ensure(others.trim().is_empty(), || format!("{} lets others write: {others}", host.name))
}

/// A second activation touches nothing.
pub fn again(_: &mut Report) -> Result<String, String> {
    baseline()?;
    let before = ALL.map(containers);
    let mut seconds = 0.0;
    for host in ALL {
        seconds += activate(host, Variant::Base)?.expect(0)?.saying(" 0 started")?.seconds;
    }
    ensure(before == ALL.map(containers), || "containers were touched".into())?;
    Ok(format!("three hosts in {seconds:.1} s"))
}

/// Checks that a workload starts after its needs, and one instance after the other.
fn in_order(said: &str, names: &[&str]) -> Result<(), String> {
    let places: Vec<Option<usize>> =
        names.iter().map(|name| said.find(&format!("starting {name}\n"))).collect();
    ensure(places.iter().all(Option::is_some) && places.is_sorted(), || {
        format!("not started in the order {names:?}: {said}")
    })
}

fn reaches_both_redis() -> Result<(), String> {
    for address in ["10.77.0.11:8080", "10.77.0.11:8081", "10.77.0.12:8080"] {
        let body = get(address, "/count")?;
        let visits = field(&body, "visits").unwrap_or_default();
        ensure(visits.parse::<u32>().is_ok(), || format!("{address}: redis on db-1 gave no count: {body}"))?;
        ensure(field(&body, "cached") == Some(visits), || {
            format!("{address}: wrong answer of the cache on its host: {body}")
        })?;
        ensure(body.contains("hello from the shop"), || format!("{address}: no config file: {body}"))?;
        ensure(field(&body, "secret").as_deref() == Some("9"), || format!("{address}: no secret: {body}"))?;
    }
    DB_1.sh("curl --silent --fail http://10.77.0.11:8080/count").map(drop)
}

fn registrations() -> Result<(), String> {
    let found = keys(APP_2, "")?;
    let expected = [
        ("/services/shop/api/http/app-1-1", "10.77.0.11:8080"),
        ("/services/shop/api/http/app-1-2", "10.77.0.11:8081"),
        ("/services/shop/api/http/app-2-1", "10.77.0.12:8080"),
        ("/services/shop/redis/redis/db-1-1", "10.77.0.21:6379"),
        ("/skydns/internal/shop/api/app-2-1", "{\"host\":\"10.77.0.12\",\"port\":8080,\"ttl\":30}"),
        ("traefik/http/services/shop_api/loadbalancer/servers/2056743169/url", "http://10.77.0.12:8080"),
    ];
    for (key, value) in expected {
        ensure(found.get(key).is_some_and(|found| found == value), || {
            format!("`{key}` is {:?}", found.get(key))
        })?;
        ensure(leased(APP_1, key)?, || format!("`{key}` has no lease"))?;
    }
    let router = "traefik/http/routers/shop_api/rule";
    ensure(found.get(router).is_some_and(|rule| rule == "Host(`shop.example.com`)"), || "no router".into())?;
    ensure(!leased(APP_1, router)?, || "the router would go with its last instance".into())?;
    ensure(keys(APP_1, registry::API)?.len() == 3, || "not three instances".into())?;
    let claim = found.get("/services/.ports/app-1/tcp/8081");
    ensure(claim.is_some_and(|owner| owner == "shop/api"), || format!("port 8081 is claimed by {claim:?}"))
}

fn volume_logs_and_task() -> Result<(), String> {
    get("10.77.0.11:8080", "/upload")?;
    says(APP_1, "stat --format '%u %a' /srv/uploads", "1000 755")?;
    says(APP_1, "cat /srv/uploads/from-8080", "kept")?;
    says(APP_1, "journalctl --identifier shop-api-1 | grep --count 'listening on 8080'", "1")?;
    says(APP_1, "cat /proc/sys/net/ipv4/ip_local_reserved_ports", "36379")?;
    APP_1.sh("systemctl start shop-report.service")?;
    eventually("the report in the journal", || {
        APP_1
            .sh("journalctl --identifier shop-report | grep --count 'visits: '")
            .is_ok_and(|said| said == "1")
    })
    .map(drop)
}

fn says(host: Host, script: &str, expected: &str) -> Result<(), String> {
    let said = host.sh(script)?;
    ensure(said == expected, || format!("`{script}` says `{said}` instead of `{expected}`"))
}
