//! A compose file, and what may stand beside it: `compose.override.yaml`, `.env`, env files.
#![no_main]

use dpc::tools::import::compose;
use dpc_fuzz::{archive, imported};
use std::collections::BTreeMap;

dpc_fuzz::target!(check);

const OVERRIDE: &str = "compose.override.yaml";

fn check(text: &str) {
    let files = archive::files("compose.yaml", text);
    let project = archive::project(&files);
    let laid_over = files.iter().any(|(path, _)| path == OVERRIDE).then(|| OVERRIDE.to_string());
    let paths: Vec<String> = std::iter::once("compose.yaml".to_string()).chain(laid_over).collect();
    imported::check(compose::files(&paths, &BTreeMap::new(), &project), &project);
}
