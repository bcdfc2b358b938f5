//! Servers of pages: the image of nginx, Apache or Caddy, and the configuration that the repository has for it.

use super::Evidence;
use crate::tools::import::run::from_image;
use crate::tools::init::facts::{ServiceFacts, WrittenPath, short};
use crate::tools::init::listening::{Listening, port};
use crate::tools::init::source::Sourced;

/// Where repositories keep the configuration of nginx.
const NGINX: &[&str] = &[
    "default.conf.template",
    "templates/default.conf.template",
    "nginx/default.conf.template",
    "nginx/templates/default.conf.template",
    "nginx.conf",
    "default.conf",
    "nginx/nginx.conf",
    "nginx/default.conf",
    "conf/nginx.conf",
    "conf.d/default.conf",
    "nginx/conf.d/default.conf",
    "docker/nginx.conf",
    "docker/nginx/default.conf",
    "docker/nginx/nginx.conf",
];

/// Reads it.
pub(super) fn read(evidence: &Evidence<'_>, facts: &mut ServiceFacts) {
    let base = evidence.image.map_or("", |image| &image.base);
    match from_image(base).as_str() {
        "nginx" | "nginx-unprivileged" => listens(evidence, NGINX, "listen ", facts),
        "httpd" => listens(evidence, &["httpd.conf", "conf/httpd.conf"], "Listen ", facts),
        "caddy" => {
            listens(evidence, &["Caddyfile"], ":", facts);
            facts.writes.extend(["/data", "/config"].map(|path| {
                Sourced::new(
                    WrittenPath { path: path.to_string(), keeps: true },
                    format!("FROM {}", short(base)),
                )
            }));
        }
        _ => {}
    }
}

/// Takes the port of the first line that begins so.
fn listens(evidence: &Evidence<'_>, files: &[&str], begin: &str, facts: &mut ServiceFacts) {
    let files = files.iter().map(|path| path.to_string());
    let Some((path, text)) = evidence.repository.first(files) else { return };
    let value = |line: &str| {
        let rest = line.trim().strip_prefix(begin)?;
        port(rest.split_whitespace().next()?.trim_end_matches(';'))
    };
    let Some(Listening { port, variable }) = text.lines().find_map(value) else { return };
    facts.port = port.map(|port| Sourced::new(port, path.as_str()));
    facts.port_variable = variable.map(|variable| Sourced::new(variable, format!("{path} reads it")));
    if path.ends_with(".template") {
        // The entry point fills the templates in at each start.
        let written = WrittenPath { path: "/etc/nginx/conf.d".to_string(), keeps: false };
        facts.writes.push(Sourced::new(written, path));
    }
}
