//! An image that is not on the host.

use crate::bundle::Variant;
use crate::client::version;
use crate::host::{APP_1, DB_1};
use crate::patience::{ensure, eventually};
use crate::release::{activate, as_should, baseline, containers, run_activate, state};
use crate::report::Report;

/// Debian's own configuration asks for a password.
const START: &str = "
    cat >/tmp/registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/docker-registry}}
http: {addr: ':5000'}
END
    systemd-run --quiet --unit registry docker-registry serve /tmp/registry.yml";

/// Refused while the registry is away, and while it does not have the image; pulled when it has.
pub fn from_a_registry(report: &mut Report) -> Result<String, String> {
    baseline()?;
    let outcome = refused_then_pulled(report);
    DB_1.sh("systemctl stop registry; rm -rf /var/lib/docker-registry/docker")?;
    outcome
}

fn refused_then_pulled(report: &mut Report) -> Result<String, String> {
    refused("while the registry is away", "connection refused")?;
    DB_1.sh(START)?;
    eventually("the registry", || DB_1.sh("curl --silent --fail http://10.77.0.21:5000/v2/").is_ok())?;
    refused("without the image", "manifest unknown")?;
    // An image that only the registry has.
    DB_1.sh(
        "set -e; container=$(docker create shop/api:1.4.2 true); image=10.77.0.21:5000/shop/api:2.0.0
         docker commit --change 'ENV VERSION=2.0.0' $container $image; docker rm $container; docker push $image; docker rmi $image",
    )?;
    let pulled = run_activate(APP_1, "/tmp/release/activate")?
        .expect(0)?
        .saying("pulling 10.77.0.21:5000/shop/api:2.0.0")?;
    ensure(version("10.77.0.11:8081")? == "2.0.0", || "it is not the image of the registry".into())?;
    as_should(APP_1)?;
    report.recovery("image pulled from a registry on another host, and activated", pulled.seconds);
    Ok(format!("refused twice, nothing changed; pulled and activated in {:.1} s", pulled.seconds))
}

fn refused(when: &str, words: &str) -> Result<(), String> {
    let before = (state(APP_1)?, containers(APP_1)?);
    let activation = activate(APP_1, Variant::FromRegistry)?.expect(1)?;
    activation
        .saying(words)?
        .saying("image 10.77.0.21:5000/shop/api:2.0.0 cannot be pulled: nothing was changed")?;
    let after = (state(APP_1)?, containers(APP_1)?);
    ensure(before == after, || format!("{when}: something was changed: {after:?} was {before:?}"))
}
