//! In: which release. Out: a folder with one bundle for each host. The only place that knows where releases come from.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::command::run;

/// The releases of the fleet that the scenarios need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Where everything begins: the API at 1.4.2.
    Base,
    /// The API at 1.4.3.
    NewImage,
    /// The API at 1.4.4, which never becomes healthy.
    NeverHealthy,
    /// The API registers with one more record, and nothing else changes.
    NewRecord,
    /// Another text in the API's configuration file.
    NewConfig,
    /// No API on app-2.
    WithoutApi,
    /// The two instances on app-1 exchange their ports.
    SwappedPorts,
    /// An API on app-1 that wants port 8082.
    MovedPort,
    /// A volume of the API in a place of its own, /srv/small/uploads.
    OtherVolume,
    /// Another fleet, `web`, that wants port 8080 of app-1.
    OtherFleet,
}

/// One writes at a time; a release that is there is complete.
static WRITING: Mutex<()> = Mutex::new(());

/// The folder of a release, written on first use.
pub fn bundle(variant: Variant) -> Result<PathBuf, String> {
    let _writing = WRITING.lock().map_err(|_| "a bundle could not be written".to_owned())?;
    let folder = crate::cache().join(format!("bundles/{}/{variant:?}", std::process::id()));
    if !folder.exists() {
        write(variant, &folder)?;
    }
    Ok(folder)
}

fn write(variant: Variant, folder: &Path) -> Result<(), String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("handmade");
    let parent = folder.parent().ok_or("a bundle needs a folder")?;
    run("mkdir", &["-p", &parent.to_string_lossy()])?;
    run("cp", &["-r", &source.to_string_lossy(), &folder.to_string_lossy()])?;
    for host in ["app-1", "app-2", "db-1"] {
        let host = folder.join(host);
        edit(variant, &host)?;
        renew_hashes(&host)?;
        renew_manifest(&host)?;
    }
    Ok(())
}

fn edit(variant: Variant, host: &Path) -> Result<(), String> {
    let api = |from: &str, to: &str| replace(host, "docker/shop-api-", from, to);
    match variant {
        Variant::Base => Ok(()),
        Variant::NewImage => image(host, "shop/api:1.4.3"),
        Variant::NeverHealthy => image(host, "shop/api:1.4.4"),
        Variant::NewRecord => replace(
            host,
            "etcd/shop-api-1.sh",
            "put_records() {\n",
            "put_records() {\n    etcdctl put --lease=\"$lease\" -- /extra/shop-api-1 yes &&\n",
        ),
        Variant::NewConfig => {
            replace(host, "files/shop-api-1/app/config.json", "hello from", "greetings from")
        }
        Variant::WithoutApi if host.ends_with("app-2") => without(host, "shop-api-1"),
        Variant::WithoutApi => Ok(()),
        Variant::SwappedPorts if host.ends_with("app-1") => swap_ports(host),
        Variant::SwappedPorts => Ok(()),
        Variant::MovedPort if host.ends_with("app-1") => replace(host, "", "8081", "8082"),
        Variant::MovedPort => Ok(()),
        Variant::OtherVolume => {
            api("source=/srv/uploads", "source=/srv/small/uploads")?;
            replace(host, "activate", "/srv/uploads", "/srv/small/uploads")
        }
        Variant::OtherFleet if host.ends_with("app-1") => other_fleet(host),
        Variant::OtherFleet => Ok(()),
    }
}

/// The services of the API, not the tasks that use its image too.
fn image(host: &Path, image: &str) -> Result<(), String> {
    replace(host, "docker/shop-api-", "shop/api:1.4.2", image)?;
    change(host, "activate", |text| {
        let lines = text.split_inclusive('\n');
        lines
            .map(|line| {
                if line.starts_with("shop-api-") {
                    line.replace("shop/api:1.4.2", image)
                } else {
                    line.into()
                }
            })
            .collect()
    })
}

fn swap_ports(host: &Path) -> Result<(), String> {
    replace(host, "", "8080", "PORT")?;
    replace(host, "", "8081", "8080")?;
    replace(host, "", "PORT", "8081").and_then(|()| replace(host, "docker/", "--env 8081=", "--env PORT="))
}

/// A bundle without one of its services.
fn without(host: &Path, name: &str) -> Result<(), String> {
    for file in files(host)? {
        if file.contains(name) {
            fs::remove_file(host.join(&file)).map_err(|error| format!("cannot remove `{file}`: {error}"))?;
        }
    }
    change(host, "activate", |text| {
        text.split_inclusive('\n').filter(|line| !line.starts_with(name)).collect()
    })?;
    replace(host, "systemd/shop.target", &format!("{name}.service"), "")
}

/// The cache alone, as the service `front` of the fleet `web`, on the port that the API has.
fn other_fleet(host: &Path) -> Result<(), String> {
    for name in ["shop-api-1", "shop-api-2", "shop-migrate", "shop-report"] {
        without(host, name)?;
    }
    for file in files(host)?.into_iter().filter(|file| file != "MANIFEST") {
        replace(host, &file, "shop-cache-1", "web-front-1")?;
        replace(host, &file, "36379", "8080")?;
        replace(host, &file, "dpc.fleet=shop", "dpc.fleet=web")?;
        replace(host, &file, "/opt/dpc/shop/", "/opt/dpc/web/")?;
        replace(host, &file, "fleet=shop\n", "fleet=web\n")?;
        let renamed = file.replace("shop-cache-1", "web-front-1").replace("shop.target", "web.target");
        fs::rename(host.join(&file), host.join(&renamed))
            .map_err(|error| format!("cannot rename `{file}`: {error}"))?;
    }
    replace(host, "systemd/", "shop.target", "web.target")
}

/// Replaces in every file whose path begins so.
fn replace(host: &Path, prefix: &str, from: &str, to: &str) -> Result<(), String> {
    change(host, prefix, |text| text.replace(from, to))
}

fn change(host: &Path, prefix: &str, edit: impl Fn(&str) -> String) -> Result<(), String> {
    for file in files(host)?.into_iter().filter(|file| file.starts_with(prefix)) {
        let path = host.join(&file);
        let text = read(&path)?;
        fs::write(&path, edit(&text)).map_err(|error| format!("cannot write `{file}`: {error}"))?;
    }
    Ok(())
}

/// The hash of a container covers its script and its files; here it is made anew for all, from those.
fn renew_hashes(host: &Path) -> Result<(), String> {
    for file in files(host)?.into_iter().filter(|file| file.starts_with("docker/")) {
        let script = read(&host.join(&file))?;
        let (_, rest) = script.split_once("dpc.hash=").ok_or(format!("`{file}` has no hash"))?;
        let old = rest[..12].to_owned();
        let mut hasher = DefaultHasher::new();
        script.replace(&old, "").hash(&mut hasher);
        let name = file.trim_start_matches("docker/").trim_end_matches(".sh");
        for mounted in files(host)?.iter().filter(|mounted| mounted.starts_with(&format!("files/{name}/"))) {
            read(&host.join(mounted))?.hash(&mut hasher);
        }
        let new = format!("{:012x}", hasher.finish() >> 16);
        replace(host, "", &old, &new)?;
    }
    Ok(())
}

fn renew_manifest(host: &Path) -> Result<(), String> {
    let script = "cd \"$1\" && rm -f MANIFEST && find . -type f -printf '%P\\n' | sort | xargs sha256sum >../manifest && \
                  mv ../manifest MANIFEST";
    run("sh", &["-c", script, "sh", &host.to_string_lossy()]).map(drop)
}

/// The paths of all files in a bundle, sorted.
fn files(host: &Path) -> Result<Vec<String>, String> {
    let found = run("find", &[&host.to_string_lossy(), "-type", "f", "-printf", "%P\\n"])?;
    let mut files: Vec<String> = found.lines().map(str::to_owned).collect();
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}
