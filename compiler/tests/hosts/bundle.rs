//! In: a variant of the release. Out: a folder with one bundle for each host. The only place that knows where releases come
//! from.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use dpc::front::resolve::Request;

use crate::compiled::compile_into;

/// The releases of the fleet that the scenarios need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The first release: the API at 1.4.2.
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
    /// The API at 1.4.3 on app-1, on port 8082 too, with its volume in /srv/other/uploads; no report.
    MuchChanged,
    /// The API at 2.0.0, from the registry on db-1.
    FromRegistry,
    /// Another number in the script of Redis, whose container stays.
    Numbered(u8),
    /// Redis ends as soon as it starts, with this status.
    EndsAtOnce(u8),
    /// One more service, `a-b`, on app-2.
    ServiceAB,
    /// Another fleet, `shop-a`, with a service `b` on app-2.
    FleetShopA,
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
    let (text, request) = project(variant)?;
    compile_into(folder, text, &request).map_err(|error| format!("{variant:?}: {error}"))
}

/// Returns the KDL of a release, and the options of its build.
fn project(variant: Variant) -> Result<(String, Request), String> {
    let shop = |edits: &[(&str, &str)]| edited(include_str!("fleet/shop.kdl"), edits);
    let port = |expression: &str| {
        shop(&[("port \"http\" 8080", &format!("port \"http\" \"{{{{ {expression} }}}}\""))])
    };
    let mut request = Request::default();
    let text = match variant {
        Variant::Base => shop(&[])?,
        Variant::NewImage | Variant::NeverHealthy => {
            let tag = if variant == Variant::NewImage { "1.4.3" } else { "1.4.4" };
            request.vars.insert("api".into(), tag.into());
            shop(&[])?
        }
        Variant::NewRecord => {
            shop(&[("coredns \"api", "json key=\"/extra\" outside=#true\n        coredns \"api")])?
        }
        Variant::NewConfig => {
            shop(&[("hello from", "{{ 'greetings' if instance == 1 else 'hello' }} from")])?
        }
        Variant::WithoutApi => shop(&[("on role=\"app\"\n    instances", "on \"app-1\"\n    instances")])?,
        Variant::SwappedPorts => port("8083 - 2 * instance if host.name == 'app-1' else 8080")?,
        Variant::MovedPort => port("8081 if instance == 2 else 8080")?,
        Variant::OtherVolume => shop(&[("from=\"/srv/uploads\"", "from=\"/srv/small/uploads\"")])?,
        Variant::MuchChanged => {
            request.vars.insert("api".into(), "1.4.3".into());
            shop(&[
                ("port \"http\" 8080", "port \"http\" \"{{ 8081 if instance == 2 else 8080 }}\""),
                ("from=\"/srv/uploads\"", "from=\"/srv/other/uploads\""),
                (
                    "on \"app-1\"\n    command \"node\" \"/app/report.js\"",
                    "on \"app-2\"\n    command \"node\" \"/app/report.js\"",
                ),
            ])?
        }
        Variant::FromRegistry => {
            request.vars.insert("api".into(), "2.0.0".into());
            shop(&[("image \"shop/api:{{", "image \"10.77.0.21:5000/shop/api:{{")])?
        }
        Variant::Numbered(number) => {
            let health = format!("health tcp=\"redis\" start-period=\"{number}s\"\n    ");
            shop(&[("register \"redis\"", &format!("{health}register \"redis\""))])?
        }
        Variant::EndsAtOnce(status) => shop(&[(
            "command \"redis-server\" \"--port\" \"{{ ports.redis }}\" \"--dir\" \"/data\" \"--save\" \"60\" \"1\" \"--protected-mode\" \"no\"",
            &format!("command \"sh\" \"-c\" \"exit {status}\""),
        )])?,
        Variant::ServiceAB => shop(&[])? + include_str!("fleet/a-b.kdl"),
        Variant::FleetShopA => include_str!("fleet/shop-a.kdl").to_owned(),
        Variant::OtherFleet => include_str!("fleet/web.kdl").to_owned(),
    };
    Ok((text, request))
}

/// A text with each part replaced, which must be there.
fn edited(text: &str, edits: &[(&str, &str)]) -> Result<String, String> {
    edits.iter().try_fold(text.to_owned(), |text, (from, to)| {
        if text.contains(from) {
            Ok(text.replace(from, to))
        } else {
            Err(format!("the fleet does not hold `{from}`"))
        }
    })
}
