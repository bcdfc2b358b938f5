//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod hashed;
mod host;
mod json;
mod manifest;
mod page;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Bundle, DATA, Destination, Kept, Made, below};
use crate::diagnostic::{Diagnostic, Fault};
use crate::digest::{Digest, sha256};
use crate::jinja::{Broken, Templates};
use crate::parallel::{self, Pool};
use crate::plan::{HostPlan, Plan};
use hashed::Hashed;
use json::PlanJson;
use page::Page;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::{Arc, OnceLock, mpsc};

/// A template that does not render.
pub const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// What is said of so many hosts goes to the page together: another thread is woken for it.
const PAGES_AT_ONCE: usize = 16;

/// Hosts with at least so many containers between them are worth a thread.
const WORTH_A_THREAD: usize = 2;

/// Prints every artifact. Only a template of the project's own can fail.
pub fn render(plan: &Arc<Plan>, templates: &Templates, to: &dyn Destination) -> Result<(), Broken> {
    let made_of = (plan.containers() >= WORTH_REMEMBERING).then(|| fleet_digest(plan, templates));
    let mut printer = Printer::new(plan, templates, to, made_of);
    printer.head = printer.head()?;
    let digests = printer.plan()?;
    let mut files = Bundle::default();
    let lines = digests.iter().map(|(path, digest)| (path.as_str(), digest.as_str()));
    let listed = manifest::listed(lines, &printer.origin());
    files.insert(format_args!("MANIFEST"), listed.as_bytes(), DATA);
    printer.put("", files);
    Ok(())
}

/// So many containers make a fleet whose hosts are worth to be remembered from one build to the next.
const WORTH_REMEMBERING: usize = 500;

/// Of all but a host's own plan that its files are printed from.
fn fleet_digest(plan: &Plan, templates: &Templates) -> String {
    let fleet = serde_json::to_string(&plan.without_hosts()).unwrap_or_default();
    sha256(format!("{fleet}\n{}", templates.texts()).as_bytes())
}

/// Prints the artifacts of some hosts, and nothing of the fleet.
pub fn render_hosts(
    plan: &Arc<Plan>,
    templates: &Templates,
    hosts: &[&HostPlan],
    to: &dyn Destination,
) -> Result<(), Broken> {
    let printer = Printer::new(plan, templates, to, None);
    hosts.iter().try_for_each(|host| printer.host(host).map(drop))
}

/// A template that does not compile, or does not render.
pub fn broken_template(broken: Broken) -> Diagnostic {
    let line = broken.line.map(|line| format!(", line {line}")).unwrap_or_default();
    Diagnostic::new(&TEMPLATE, format!("the template `{}`{line}: {}", broken.template, broken.message))
        .help(format!("correct `templates/{}`, or remove it to use dpc's own", broken.template))
}

/// A file in the project's `templates/` that replaces nothing, but nearly has a template's name.
pub fn unknown_template(name: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(&TEMPLATE, format!("`templates/{name}` replaces none of dpc's templates"))
        .help(format!("did you mean `templates/{meant}`?"))
}

struct Printer<'p> {
    plan: &'p Arc<Plan>,
    templates: &'p Templates,
    to: &'p dyn Destination,
    /// The digest of what all hosts have in common, where hosts are remembered.
    made_of: Option<String>,
    /// The variables that etcdctl reads.
    etcd: Vec<String>,
    bundles: Pool<Bundle>,
    /// What `plan.txt` begins with, where it is printed host by host.
    head: Option<Vec<u8>>,
    old_page: OnceLock<Option<(File, u64)>>,
}

/// What was printed of a host.
struct Printed<'p> {
    /// The host's name.
    name: &'p str,
    json: Vec<u8>,
    page: Page,
    /// Digest of its manifest.
    digest: String,
    is_new: bool,
}

/// The plan for programs, which is as long as a fleet is large.
pub const PLAN_JSON: &str = "plan.json";
/// The page of the plan for people.
pub const PLAN_TEXT: &str = "plan.txt";

/// The digests of files, by path.
type Digests = BTreeMap<String, String>;

impl<'p> Printer<'p> {
    fn new(
        plan: &'p Arc<Plan>,
        templates: &'p Templates,
        to: &'p dyn Destination,
        made_of: Option<String>,
    ) -> Self {
        let etcd = script::etcd_variables(plan);
        let (head, old_page) = (None, OnceLock::new());
        Self { plan, templates, to, made_of, etcd, bundles: Pool::default(), head, old_page }
    }

    /// The files of every host, and meanwhile both files of the plan. Out: the digests of these and of the hosts' manifests.
    fn plan(&self) -> Result<Digests, Broken> {
        let (sender, pages) = mpsc::channel();
        let (text, hosts) = match self.made_of {
            Some(_) => {
                parallel::beside(|| self.plan_text(pages.into_iter().flatten()), || self.hosts(sender))
            }
            None => {
                let hosts = self.hosts(sender);
                (self.plan_text(pages.into_iter().flatten()), hosts)
            }
        };
        let mut digests = hosts?;
        digests.insert(PLAN_TEXT.into(), text?);
        Ok(digests)
    }

    /// The files of every host, and `plan.json` meanwhile; the pages about the hosts go to `plan.txt`.
    fn hosts(&self, pages: mpsc::Sender<Vec<Page>>) -> Result<Digests, Broken> {
        let indices: Vec<usize> = (0..self.plan.hosts.len()).collect();
        let (mut digests, mut broken) = (Digests::new(), None);
        let (mut start, mut ready) = (self.length_of_head(), Vec::new());
        let (digest, is_new) = self.stream(PLAN_JSON, &mut |json| {
            let mut json = PlanJson::begin(self.plan, json)?;
            let mut written = Ok(());
            parallel::in_order(
                &indices,
                WORTH_A_THREAD,
                |index| self.host_once(*index),
                |printed| match printed {
                    Err(why) => {
                        broken.get_or_insert(why);
                    }
                    Ok(printed) => {
                        if written.is_ok() {
                            written = json.host(&printed.json);
                        }
                        digests.insert(below(printed.name, "MANIFEST"), printed.digest.clone());
                        start = self.remember(&printed, start);
                        ready.push(printed.page);
                        // Where the page cannot be written any more, its own printing says why.
                        if ready.len() == PAGES_AT_ONCE {
                            let _ = pages.send(std::mem::take(&mut ready));
                        }
                    }
                },
            );
            let _ = pages.send(std::mem::take(&mut ready));
            written.and_then(|()| json.end())
        });
        if self.made_of.is_some() {
            self.made(PLAN_JSON, digest.clone(), &digest, 0..0, is_new);
        }
        digests.insert(PLAN_JSON.into(), digest);
        broken.map_or(Ok(digests), Err)
    }

    /// What there is to print of a host, and its files where they are not there yet as they are to be.
    fn host_once(&self, index: usize) -> Result<Printed<'p>, Broken> {
        let host = &self.plan.hosts[index];
        let json = json::host(host);
        let made_of = self.made_of.as_ref().map(|fleet| Digest::default().and(fleet).and(&json).finish());
        let same = made_of.as_ref().and_then(|made_of| self.to.same(&host.name, made_of));
        let is_new = same.is_none();
        let (text, digest) = match same {
            Some(kept) => (self.text_of_host(index, Some(kept.page)), Ok(kept.digest)),
            None if host::is_crowd(host) => {
                parallel::beside(|| self.text_of_host(index, None), || self.host(host))
            }
            None => (self.text_of_host(index, None), self.host(host)),
        };
        Ok(Printed { name: &host.name, json, page: Page { made_of, text: text? }, digest: digest?, is_new })
    }

    /// Remembers a host whose page begins at `start`. Out: where the next one begins.
    fn remember(&self, printed: &Printed<'_>, start: u64) -> u64 {
        let Printed { name, page, digest, is_new, json: _ } = printed;
        let range = start..start + page.text.length();
        let end = range.end;
        if let Some(made_of) = page.made_of.clone() {
            self.made(name, made_of, digest, range, *is_new);
        }
        end
    }

    /// Says what a folder or file was made of and came to.
    fn made(&self, path: &str, made_of: String, digest: &str, page: Range<u64>, is_new: bool) {
        let kept = Kept { digest: digest.into(), page };
        self.to.made(Made { path: path.into(), made_of, kept, is_new });
    }

    /// Writes a file that may be long. Out: its digest, and whether another one was there or none.
    fn stream(
        &self,
        path: &str,
        fill: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> (String, bool) {
        let streamed = self.to.stream(path, &mut |file| {
            let mut hashed = Hashed::new(file);
            fill(&mut hashed)?;
            Ok(hashed.digest())
        });
        // What cannot be written is said by the destination.
        streamed.unwrap_or_default()
    }

    /// Puts files that are named by their path below a folder.
    fn put(&self, folder: &str, mut files: Bundle) {
        self.to.put(folder, files.sorted());
        files.clear();
        self.bundles.give(files);
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}
