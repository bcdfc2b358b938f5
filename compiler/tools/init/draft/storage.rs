//! The paths that a service writes → its volumes and tmpfs.

use super::Draft;
use super::service::workers;
use crate::kdl::write::literal;
use crate::tools::init::facts::{WrittenPath, short};
use crate::tools::init::page::Page;
use crate::tools::init::source::{GUESS, Sourced, shown};
use crate::tools::known_images;
use crate::value::user::User;
use std::fmt::Write;

/// Adds them. A worker has those of the service whose image it runs.
pub(super) fn storage(draft: &Draft, worker_of: Option<&String>, page: &mut Page) {
    for written in paths(draft) {
        let lesson = worker_of.map(|own| format!("as `{own}`"));
        if written.value.keeps {
            volume(draft, &written, lesson, page);
        } else {
            let lesson = lesson.unwrap_or_else(|| "in memory, empty at each start".to_string());
            page.taken(1, format!("tmpfs {}", literal(&written.value.path)), &written.source, &lesson);
        }
    }
    if worker_of.is_some() {
        page.sourced(1, "tmpfs \"/tmp\" size=\"64m\"", GUESS, "");
        return;
    }
    page.sourced(1, "tmpfs \"/tmp\" size=\"64m\"", GUESS, "programs expect to write there");
    let workdir = draft.built.as_ref().and_then(|image| image.workdir.as_deref());
    let too = workdir.filter(|path| *path != "/").map(|path| format!(", {} too,", shown(path)));
    let place = place(draft);
    let too = too.unwrap_or_default();
    page.line(1, "", &format!("All else{too} is read-only: what it writes and keeps needs a line like"));
    page.line(1, "", &format!("`volume \"/data\"` (in {place}/data of the host)."));
}

/// `VOLUME`, and what the frameworks write beside it.
fn paths(draft: &Draft) -> Vec<Sourced<WrittenPath>> {
    let volumes = draft.built.iter().flat_map(|image| &image.volumes);
    let volumes = volumes.map(|path| Sourced::new(WrittenPath { path: path.clone(), keeps: true }, "VOLUME"));
    let mut paths: Vec<Sourced<WrittenPath>> = volumes.collect();
    let base = draft.built.as_ref().map_or("", |image| &image.base);
    let of_base = known_images::volumes(base).into_iter().map(|path| {
        let written = WrittenPath { path: path.to_string(), keeps: true };
        Sourced::new(written, format!("FROM {}", short(base)))
    });
    let of_base: Vec<Sourced<WrittenPath>> = of_base.collect();
    for written in of_base.iter().chain(&draft.facts.writes) {
        let is_known = paths.iter().any(|known| {
            let rest = written.value.path.strip_prefix(known.value.path.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if !is_known {
            paths.push(written.clone());
        }
    }
    paths
}

/// The directory of the service on a host, where its fleet has the default.
fn place(draft: &Draft) -> String {
    format!("/srv/{}/{}", draft.fleet.value, draft.service.value)
}

fn volume(draft: &Draft, written: &Sourced<WrittenPath>, lesson: Option<String>, page: &mut Page) {
    let path = &written.value.path;
    let folder = format!("{}/{}", place(draft), path.trim_matches('/').replace('/', "-"));
    let mut node = format!("volume {}", literal(path));
    let mut comment = lesson.unwrap_or_else(|| format!("in {} of the host", shown(&folder)));
    if !workers(draft).is_empty() {
        node = format!("{node} from={} shared=#true", literal(&folder));
    }
    let user = draft.user.as_ref().and_then(|user| User::parse(&user.value).ok());
    let base = draft.built.as_ref().map_or("", |image| &image.base);
    match user {
        // Only the image knows the number of a user's name.
        Some(user) if user.owner().is_none() => {
            node.push_str(" owner=\"1000:1000\"");
            comment.push_str("; the owner is a guess: `docker run --rm --entrypoint id IMAGE` prints it");
        }
        None if draft.base.is_none() => {
            if let Some((owner, _)) = known_images::owner(base, path).filter(|(owner, _)| *owner != "0:0") {
                node = format!("{node} owner={}", literal(owner));
                let _ = write!(comment, "; the owner is that of {}", short(base));
            }
        }
        _ => {}
    }
    page.taken(1, node, &written.source, &comment);
}
