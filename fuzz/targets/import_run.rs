//! Command lines, units that hold them, and what `docker inspect` prints: each is told by what it begins with or holds.
#![no_main]

use dpc::tools::import::container::{KnownContainers, inspected};
use dpc::tools::import::{run, unit};
use dpc_fuzz::{archive, imported};

dpc_fuzz::target!(check);

fn check(text: &str) {
    let name = if text.contains("ExecStart") { "app.service" } else { "run.sh" };
    let files = archive::files(name, text);
    let project = archive::project(&files);
    let first = &files[0].1;
    let found = if first.starts_with(['[', '{']) && first.contains('"') {
        inspected("inspect.json", first, &KnownContainers::default())
    } else if name == "app.service" {
        let is_unit = |(path, _): &&(String, String)| path.ends_with(".service") || path.ends_with(".timer");
        unit::units(&files.iter().filter(is_unit).cloned().collect::<Vec<_>>(), &project)
    } else {
        run::text(name, first, &project)
    };
    imported::check(found, &project);
}
