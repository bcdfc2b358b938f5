//! All hosts → their files, and meanwhile both files of the plan.

use super::host::is_crowd;
use super::json::{self, PlanJson};
use super::page::Page;
use super::{Digests, PLAN_JSON, Printer};
use crate::artifacts::below;
use crate::digest::Fingerprint;
use crate::jinja::Broken;
use crate::parallel::{self, locked};
use std::sync::{Arc, Mutex, OnceLock, mpsc};

/// What is said of so many hosts goes to the page together: another thread is woken for it.
const PAGES_AT_ONCE: usize = 16;

/// So many hosts with few units are worth a thread.
const WORTH_A_THREAD: usize = 2;

/// What is done at a time.
enum Step {
    /// All of a host with few units.
    Host(usize),
    /// What stands in `plan.json` of a host with many, which is long: it is written while the files are made.
    Json(Arc<Crowd>),
    /// The rest of it.
    Rest(Arc<Crowd>),
}

/// A host with many units.
struct Crowd {
    index: usize,
    /// Made by whoever comes first.
    json: OnceLock<(Mutex<Json>, Option<String>)>,
}

/// What stands in `plan.json` of a host, in pieces.
type Json = Vec<Vec<u8>>;

/// What a step made.
struct Printed<'p> {
    json: Json,
    rest: Option<Rest<'p>>,
}

/// What was printed of a host beside what stands in `plan.json`.
struct Rest<'p> {
    /// The host's name.
    name: &'p str,
    page: Page,
    /// Digest of its manifest.
    digest: String,
    is_new: bool,
}

impl<'p> Printer<'p> {
    /// The files of every host, and `plan.json` meanwhile; the pages about the hosts go to `plan.txt`.
    pub(super) fn hosts(&self, pages: mpsc::Sender<Vec<Page>>) -> Result<Digests, Broken> {
        let steps = self.steps();
        let least = if steps.iter().all(|step| matches!(step, Step::Host(_))) { WORTH_A_THREAD } else { 1 };
        let (mut digests, mut broken) = (Digests::new(), None);
        let (mut start, mut ready) = (self.length_of_head(), Vec::new());
        let (digest, is_new) = self.stream(PLAN_JSON, &mut |json| {
            let mut json = PlanJson::begin(self.plan, json)?;
            let mut written = Ok(());
            let take = |printed: Result<Printed<'p>, Broken>| {
                let Printed { json: pieces, rest } = match printed {
                    Ok(printed) => printed,
                    Err(why) => {
                        broken.get_or_insert(why);
                        return;
                    }
                };
                if written.is_ok() && !pieces.is_empty() {
                    written = json.host(&pieces);
                }
                let Some(rest) = rest else { return };
                digests.insert(below(rest.name, "MANIFEST"), rest.digest.clone());
                start = self.remember(&rest, start);
                ready.push(rest.page);
                // Where the page cannot be written any more, its own printing says why.
                if ready.len() == PAGES_AT_ONCE {
                    let _ = pages.send(std::mem::take(&mut ready));
                }
            };
            parallel::in_order(&steps, least, |step| self.step(step), take);
            let _ = pages.send(std::mem::take(&mut ready));
            written.and_then(|()| json.end())
        });
        if self.made_of.is_some() {
            self.made(PLAN_JSON, digest.clone(), &digest, 0..0, is_new);
        }
        digests.insert(PLAN_JSON.into(), digest);
        broken.map_or(Ok(digests), Err)
    }

    fn steps(&self) -> Vec<Step> {
        let hosts = self.plan.hosts.iter().enumerate();
        let steps = hosts.flat_map(|(index, host)| match is_crowd(host) {
            true => {
                let crowd = Arc::new(Crowd { index, json: OnceLock::new() });
                vec![Step::Json(crowd.clone()), Step::Rest(crowd)]
            }
            false => vec![Step::Host(index)],
        });
        steps.collect()
    }

    fn step(&self, step: &Step) -> Result<Printed<'p>, Broken> {
        match step {
            Step::Host(index) => {
                let (json, made_of) = self.json(*index);
                Ok(Printed { json, rest: Some(self.rest(*index, made_of)?) })
            }
            Step::Json(crowd) => {
                let (json, _) = self.json_of_crowd(crowd);
                Ok(Printed { json: std::mem::take(&mut *locked(json)), rest: None })
            }
            Step::Rest(crowd) => {
                let (_, made_of) = self.json_of_crowd(crowd);
                Ok(Printed { json: Json::new(), rest: Some(self.rest(crowd.index, made_of.clone())?) })
            }
        }
    }

    fn json_of_crowd<'c>(&self, crowd: &'c Crowd) -> &'c (Mutex<Json>, Option<String>) {
        crowd.json.get_or_init(|| {
            let (json, made_of) = self.json(crowd.index);
            (Mutex::new(json), made_of)
        })
    }

    /// What stands in `plan.json` of a host, and the fingerprint of all that its files are made of, where hosts are remembered.
    fn json(&self, index: usize) -> (Json, Option<String>) {
        let json = json::host(&self.plan.hosts[index]);
        let made_of = self.made_of.as_ref().map(|fleet| {
            let fleet = Fingerprint::default().and(fleet);
            json.iter().fold(fleet, Fingerprint::and).finish()
        });
        (json, made_of)
    }

    /// What there is to print of a host beside `plan.json`, and its files where they are not there yet as they are to be.
    fn rest(&self, index: usize, made_of: Option<String>) -> Result<Rest<'p>, Broken> {
        let host = &self.plan.hosts[index];
        let same = made_of.as_ref().and_then(|made_of| self.to.same(&host.name, made_of));
        let is_new = same.is_none();
        let (text, digest) = match same {
            Some(kept) => (self.text_of_host(index, Some(kept.page)), Ok(kept.digest)),
            None if is_crowd(host) => parallel::beside(|| self.text_of_host(index, None), || self.host(host)),
            None => (self.text_of_host(index, None), self.host(host)),
        };
        Ok(Rest { name: &host.name, page: Page { made_of, text: text? }, digest: digest?, is_new })
    }

    /// Remembers a host whose page begins at `start`. Out: where the next one begins.
    fn remember(&self, rest: &Rest<'_>, start: u64) -> u64 {
        let Rest { name, page, digest, is_new } = rest;
        let range = start..start + page.text.length();
        let end = range.end;
        if let Some(made_of) = page.made_of.clone() {
            self.made(name, made_of, digest, range, *is_new);
        }
        end
    }
}
