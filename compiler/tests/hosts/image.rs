//! In: Debian packages. Out: the image that hosts boot from, and a tarball of the images that the services run.
//!
//! A Debian root is made once for each recipe and kept in the cache; no registry of images is asked for anything.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::command::run;
use crate::engine::{docker, docker_from};

/// The release of Debian that hosts have if nobody asks for another.
pub const SUITE: &str = "bookworm";
const HOST_PACKAGES: &str = "systemd,systemd-sysv,dbus,docker.io,etcd-client,etcd-server,docker-registry,iproute2,iptables,curl,procps";
const SERVICE_PACKAGES: &str = "redis-server nodejs busybox-static";

/// Sets up a host beyond its packages: nothing runs but docker, which keeps containers while it restarts, puts their cgroups
/// where they can be found and removed, and pulls from a registry on the hosts.
pub const HOST_SETUP: &str = r#"
systemctl disable etcd docker-registry e2scrub_reap apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer
rm -rf /var/lib/etcd/default /var/cache/apt/archives/*.deb
cat >/etc/docker/daemon.json <<END
{"live-restore": true, "storage-driver": "overlay2", "cgroup-parent": "/dpc-hosts", "exec-opts": ["native.cgroupdriver=cgroupfs"],
 "insecure-registries": ["10.77.0.0/24"]}
END
: >/etc/machine-id
"#;

/// Copies a program with the libraries that it needs from a Debian root, and a busybox beside it.
const SERVICE_ROOT: &str = r#"
set -eu
from=$1 to=$2 program=$3
rm -rf "$to"
mkdir -p "$to/bin" "$to/tmp" "$to/etc" "$to/data" "$to/app"
{ echo "$program"; chroot "$from" ldd "$program" | grep -o '/[^ ]*'; } | sort -u | while read -r file; do
    mkdir -p "$to/$(dirname "$file")"
    cp -L "$from/$file" "$to/$file"
done
cp "$from/bin/busybox" "$to/bin/"
for name in sh ls cat sleep false true; do ln -s busybox "$to/bin/$name"; done
echo root:x:0:0:root:/:/bin/sh >"$to/etc/passwd"
"#;

/// The tag of the image of a release of Debian that hosts boot from, made now if it is not there.
pub fn host_image(cache: &Path, suite: &str) -> Result<String, String> {
    let root = if suite == SUITE {
        debian(cache)?
    } else {
        debian_of(cache, suite, &format!("{HOST_PACKAGES},docker-cli"), HOST_SETUP)?
    };
    bootable(cache, &root)
}

/// The tag of an image that holds a Debian root, made now if it is not there.
pub fn bootable(cache: &Path, root: &Path) -> Result<String, String> {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let tag = format!("dpc-hosts/host:{name}");
    if docker(&["image", "inspect", &tag]).is_err() {
        let archive = cache.join("host.tar");
        run("tar", &["-C", text(root)?, "-cf", text(&archive)?, "."])?;
        docker_from(&["import", "-", &tag], &archive)?;
        remove(&archive)?;
    }
    Ok(tag)
}

/// A folder that holds `shop.tar`: redis, and three versions of the API, of which 1.4.4 never becomes healthy.
pub fn service_images(cache: &Path, application: &Path) -> Result<PathBuf, String> {
    let mut parts = vec![SUITE.to_owned(), SERVICE_PACKAGES.to_owned(), SERVICE_ROOT.to_owned()];
    for file in ["server.js", "redis.js", "migrate.js", "report.js"] {
        parts.push(
            fs::read_to_string(application.join(file))
                .map_err(|error| format!("cannot read `{file}`: {error}"))?,
        );
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let folder = cache.join(format!("images-{}", key(&parts)));
    if folder.join("shop.tar").exists() {
        return Ok(folder);
    }
    let root = service_packages(cache)?;
    import_program(cache, &root, "/usr/bin/redis-server", "shop/redis:7.0.15")?;
    import_api(cache, &root, application)?;
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    let archive = folder.join("new.tar");
    let images = ["shop/redis:7.0.15", "shop/api:1.4.2", "shop/api:1.4.3", "shop/api:1.4.4"];
    docker(&[&["save", "--output", text(&archive)?][..], &images[..]].concat())?;
    fs::rename(&archive, folder.join("shop.tar"))
        .map_err(|error| format!("cannot name the images: {error}"))?;
    Ok(folder)
}

/// An image of a program of a Debian root, with the libraries that it needs and a busybox.
pub fn import_program(cache: &Path, from: &Path, program: &str, tag: &str) -> Result<(), String> {
    let name = program.rsplit('/').next().unwrap_or(program);
    let root = cache.join(name);
    run("sh", &["-c", SERVICE_ROOT, "sh", text(from)?, text(&root)?, program])?;
    import(&root, &[], tag)
}

fn import_api(cache: &Path, from: &Path, application: &Path) -> Result<(), String> {
    let root = cache.join("node");
    run("sh", &["-c", SERVICE_ROOT, "sh", text(from)?, text(&root)?, "/usr/bin/node"])?;
    // Debian's node reads parts of its own library from there.
    let library = root.join("usr/share");
    run("mkdir", &["-p", text(&library)?])?;
    run("cp", &["-a", text(&from.join("usr/share/nodejs"))?, text(&library)?])?;
    run("cp", &["-r", &format!("{}/.", text(application)?), text(&root.join("app"))?])?;
    import(&root, &["ENV VERSION=1.4.2"], "shop/api:1.4.2")?;
    variant(&["ENV VERSION=1.4.3"], "shop/api:1.4.3")?;
    variant(&["ENV VERSION=1.4.4", "ENV HEALTH=never"], "shop/api:1.4.4")
}

fn import(root: &Path, changes: &[&str], tag: &str) -> Result<(), String> {
    let archive = root.with_extension("tar");
    run("tar", &["-C", text(root)?, "-cf", text(&archive)?, "."])?;
    docker_from(&[&["import"][..], &with_changes(changes), &["-", tag]].concat(), &archive)?;
    remove(&archive)
}

/// Another tag of the API that shares its layers.
fn variant(changes: &[&str], tag: &str) -> Result<(), String> {
    let container = docker(&["create", "shop/api:1.4.2", "true"])?;
    docker(&[&["commit"][..], &with_changes(changes), &[&container, tag]].concat())?;
    docker(&["rm", &container]).map(drop)
}

fn with_changes<'a>(changes: &[&'a str]) -> Vec<&'a str> {
    changes.iter().flat_map(|change| ["--change", *change]).collect()
}

/// The root that hosts have.
fn debian(cache: &Path) -> Result<PathBuf, String> {
    debian_of(cache, SUITE, HOST_PACKAGES, HOST_SETUP)
}

/// A root of another release of Debian, or with other packages or another setup.
pub fn debian_of(cache: &Path, suite: &str, packages: &str, setup: &str) -> Result<PathBuf, String> {
    let root = cache.join(format!("root-{}", key(&[suite, packages, setup])));
    made(&root, |new| {
        run("debootstrap", &["--variant=minbase", &format!("--include={packages}"), suite, new])?;
        run("chroot", &[new, "sh", "-c", setup]).map(drop)
    })
}

/// Copies it, with the programs for the services.
pub fn service_packages(cache: &Path) -> Result<PathBuf, String> {
    debian_with(cache, "services", SERVICE_PACKAGES)
}

/// A copy of the root that hosts have, with more packages.
pub fn debian_with(cache: &Path, name: &str, packages: &str) -> Result<PathBuf, String> {
    let root = cache.join(format!("{name}-{}", key(&[SUITE, HOST_PACKAGES, HOST_SETUP, packages])));
    made(&root, |new| {
        run("cp", &["-a", text(&debian(cache)?)?, new])?;
        // A root that is not booted must start nothing.
        let install = format!(
            "printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; apt-get update -qq; \
             DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends {packages}"
        );
        run("chroot", &[new, "sh", "-c", &install]).map(drop)
    })
}

/// Makes a root under another name first, so that one that is there is complete.
fn made(root: &Path, make: impl Fn(&str) -> Result<(), String>) -> Result<PathBuf, String> {
    if !root.exists() {
        let new = root.with_extension("new");
        run("rm", &["-rf", text(&new)?])?;
        make(text(&new)?)?;
        fs::rename(&new, root).map_err(|error| format!("cannot name `{}`: {error}", root.display()))?;
    }
    Ok(root.to_owned())
}

fn key(parts: &[&str]) -> String {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn text(path: &Path) -> Result<&str, String> {
    path.to_str().ok_or_else(|| format!("the path `{}` is not UTF-8", path.display()))
}

fn remove(path: &Path) -> Result<(), String> {
    fs::remove_file(path).map_err(|error| format!("cannot remove `{}`: {error}", path.display()))
}
