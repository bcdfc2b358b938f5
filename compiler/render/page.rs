//! The page of the plan for people, host by host: what the last build printed of a host that is the same is taken from there.
//! A project's own template may see all hosts at once, and is printed as a whole.

use super::{Digests, PLAN_JSON, PLAN_TEXT, Printer, plan_text};
use crate::artifacts::{Kept, Made};
use crate::digest::sha256;
use crate::jinja::Broken;
use std::borrow::Cow;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::os::unix::fs::FileExt;

const NAME: &str = "plan.txt.j2";

/// What the page says of one host.
pub enum Page {
    /// It is printed now.
    New(Vec<u8>),
    /// It is there in the last page.
    Old(Range<u64>),
}

impl Page {
    /// Its bytes, where it begins at `start`.
    pub fn range(&self, start: u64) -> Range<u64> {
        let length = match self {
            Page::New(text) => text.len() as u64,
            Page::Old(range) => range.end.saturating_sub(range.start),
        };
        start..start + length
    }
}

impl Printer<'_> {
    /// What the page begins with; none where it is printed as a whole.
    pub(super) fn head(&self) -> Result<Option<Vec<u8>>, Broken> {
        if self.templates.replaces(NAME) { Ok(None) } else { self.text(0..0).map(Some) }
    }

    /// What the page says of a host, and nothing where it is printed as a whole. `kept` is where it is in the last page.
    pub(super) fn page(&self, index: usize, kept: Option<Range<u64>>) -> Result<Page, Broken> {
        let is_there = |range: &Range<u64>| self.old_page().is_some_and(|(_, length)| range.end <= *length);
        if let Some(range) = kept.filter(|range| range.start <= range.end && is_there(range)) {
            return Ok(Page::Old(range));
        }
        self.of_host(index).map(Page::New)
    }

    fn of_host(&self, index: usize) -> Result<Vec<u8>, Broken> {
        let Some(head) = &self.head else { return Ok(Vec::new()) };
        let mut text = self.text(index..index + 1)?;
        text.drain(..head.len());
        Ok(text)
    }

    /// The page, of what it says of each host, where it is not there yet as it is to be. Out: its digest.
    pub(super) fn plan_text(&self, digests: &Digests, pages: &[Page]) -> Result<String, Broken> {
        let made_of = self.plan_digest(digests);
        let same = made_of.as_ref().and_then(|made_of| self.to.same(PLAN_TEXT, made_of));
        let is_new = same.is_none();
        let digest = same.map_or_else(|| self.print(pages), |kept| Ok(kept.digest))?;
        if let Some(made_of) = made_of {
            let kept = Kept { digest: digest.clone(), page: 0..0 };
            self.to.made(Made { path: PLAN_TEXT.into(), made_of, kept, is_new });
        }
        Ok(digest)
    }

    fn print(&self, pages: &[Page]) -> Result<String, Broken> {
        let mut printed = Ok(());
        let digest = self.stream(PLAN_TEXT, &mut |file| {
            let Some(head) = &self.head else {
                printed = self.write(0..self.plan.hosts.len(), file);
                return Ok(());
            };
            file.write_all(head)?;
            for (index, page) in pages.iter().enumerate() {
                match self.bytes(index, page) {
                    Ok(text) => file.write_all(&text)?,
                    Err(why) => printed = Err(why),
                }
            }
            Ok(())
        });
        printed.map(|()| digest)
    }

    fn bytes<'t>(&self, index: usize, page: &'t Page) -> Result<Cow<'t, [u8]>, Broken> {
        let range = match page {
            Page::New(text) => return Ok(Cow::Borrowed(text)),
            Page::Old(range) => range,
        };
        let mut text = vec![0; usize::try_from(range.end - range.start).unwrap_or_default()];
        if self.old_page().is_some_and(|(old, _)| old.read_exact_at(&mut text, range.start).is_ok()) {
            return Ok(Cow::Owned(text));
        }
        self.of_host(index).map(Cow::Owned)
    }

    /// The last page and its length.
    fn old_page(&self) -> Option<&(File, u64)> {
        let open = || {
            let file = self.to.old(PLAN_TEXT)?;
            let length = file.metadata().ok()?.len();
            Some((file, length))
        };
        self.old_page.get_or_init(open).as_ref()
    }

    fn text(&self, hosts: Range<usize>) -> Result<Vec<u8>, Broken> {
        let mut text = Vec::new();
        self.write(hosts, &mut text)?;
        Ok(text)
    }

    /// Writes the page as if the fleet had these hosts alone.
    fn write(&self, hosts: Range<usize>, file: &mut (impl Write + ?Sized)) -> Result<(), Broken> {
        let containers = self.plan.hosts[hosts.clone()].iter().map(|host| host.units.len()).sum();
        self.templates.render(NAME, &plan_text::context(self.plan, hosts), containers, file)
    }

    /// Of all that the page is printed from, where that is remembered.
    fn plan_digest(&self, digests: &Digests) -> Option<String> {
        let fleet = self.made_of.as_ref()?;
        Some(sha256(format!("{fleet} {}", digests.get(PLAN_JSON)?).as_bytes()))
    }
}
