//! The page of the plan for people, host by host: what the last build printed of a host that is the same is taken from there.
//! A project's own template may see all hosts at once, and is printed as a whole.

use super::{PLAN_TEXT, Printer, plan_text};
use crate::digest::Fingerprint;
use crate::jinja::Broken;
use std::fs::File;
use std::io::{self, Write};
use std::iter::{Enumerate, once};
use std::ops::Range;
use std::os::unix::fs::FileExt;

const NAME: &str = "plan.txt.j2";
/// So many bytes of the last page are in memory at once.
const PIECE: usize = 64 * 1024;

/// What the page says of one host.
pub struct Page {
    /// The fingerprint of all that the host was made of, where hosts are remembered.
    pub made_of: Option<String>,
    /// What it says.
    pub text: Text,
}

/// Text on the page.
pub enum Text {
    /// It is printed now.
    New(Vec<u8>),
    /// It is there in the last page.
    Old(Range<u64>),
}

impl Text {
    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        match self {
            Text::New(text) => text.len() as u64,
            Text::Old(range) => range.end.saturating_sub(range.start),
        }
    }
}

/// The texts of the hosts in their order, as they come.
struct Texts<I> {
    pages: Enumerate<I>,
    /// Of all that the page is printed from, as far as it came.
    made_of: Option<Fingerprint>,
}

/// The text of a host, which is told by its place in the order.
type OfHost = (usize, Text);

impl<I: Iterator<Item = Page>> Iterator for Texts<I> {
    type Item = OfHost;

    fn next(&mut self) -> Option<OfHost> {
        let (index, page) = self.pages.next()?;
        if let (Some(all), Some(made_of)) = (&mut self.made_of, &page.made_of) {
            all.add(made_of);
        }
        Some((index, page.text))
    }
}

impl<I: Iterator<Item = Page>> Texts<I> {
    /// Passes over the texts that are where they were in the last page. Out: where they end, and the first that is not.
    fn unmoved(&mut self, start: u64) -> (u64, Option<OfHost>) {
        let mut end = start;
        let moved = self.find(|(_, text)| match text {
            Text::Old(range) if range.start == end => {
                end = range.end;
                false
            }
            _ => true,
        });
        (end, moved)
    }

    /// The fingerprint of all that the page is printed from.
    fn made_of(&mut self) -> Option<String> {
        self.by_ref().for_each(drop);
        self.made_of.clone().map(Fingerprint::finish)
    }
}

impl Printer<'_> {
    /// What the page begins with; none where it is printed as a whole.
    pub(super) fn head(&self) -> Result<Option<Vec<u8>>, Broken> {
        if self.templates.replaces(NAME) { Ok(None) } else { self.text(0..0).map(Some) }
    }

    /// What the page says of a host, and nothing where it is printed as a whole. `kept` is where it is in the last page.
    pub(super) fn text_of_host(&self, index: usize, kept: Option<Range<u64>>) -> Result<Text, Broken> {
        let is_there = |range: &Range<u64>| self.old_page().is_some_and(|(_, length)| range.end <= *length);
        if let Some(range) = kept.filter(|range| range.start <= range.end && is_there(range)) {
            return Ok(Text::Old(range));
        }
        self.print_hosts(index..index + 1).map(Text::New)
    }

    fn print_hosts(&self, hosts: Range<usize>) -> Result<Vec<u8>, Broken> {
        let Some(head) = &self.head else { return Ok(Vec::new()) };
        let mut text = self.text(hosts)?;
        text.drain(..head.len());
        Ok(text)
    }

    /// Prints the page, of what it says of each host, where it is not there yet as it is to be. Out: its digest.
    pub(super) fn plan_text(&self, pages: impl IntoIterator<Item = Page>) -> Result<String, Broken> {
        let made_of = self.made_of.as_ref().map(|fleet| Fingerprint::default().and(fleet));
        let mut texts = Texts { pages: pages.into_iter().enumerate(), made_of };
        let start = self.length_of_head();
        let (end, moved) = match self.head {
            Some(_) => texts.unmoved(start),
            None => (start, None),
        };
        let same = match moved {
            None => texts.made_of().and_then(|made_of| self.to.same(PLAN_TEXT, &made_of)),
            Some(_) => None,
        };
        let is_new = same.is_none();
        let digest = match same {
            Some(kept) => kept.digest,
            None => self.print(start..end, moved, &mut texts)?,
        };
        if let Some(made_of) = texts.made_of() {
            self.made(PLAN_TEXT, made_of, &digest, 0..0, is_new);
        }
        Ok(digest)
    }

    /// Prints the page, which is the same as the last one in a range; then comes the text that moved, and more.
    fn print(
        &self,
        unmoved: Range<u64>,
        moved: Option<OfHost>,
        more: &mut dyn Iterator<Item = OfHost>,
    ) -> Result<String, Broken> {
        let hosts = self.plan.hosts.len();
        let before = 0..moved.as_ref().map_or(hosts, |(index, _)| *index);
        let of_one = |(index, text)| (index..index + 1, text);
        let mut texts = once((before, Text::Old(unmoved))).chain(moved.into_iter().chain(more).map(of_one));
        let mut printed = Ok(());
        let (digest, _) = self.stream(PLAN_TEXT, &mut |file| {
            let Some(head) = &self.head else {
                printed = self.write(0..hosts, file);
                return Ok(());
            };
            file.write_all(head)?;
            let mut piece = vec![0; PIECE];
            for (hosts, text) in texts.by_ref() {
                match text {
                    Text::New(text) => file.write_all(&text)?,
                    Text::Old(range) => match self.write_old(range, &mut piece, file)? {
                        0 => {}
                        // What is not there any more is printed.
                        rest => match self.print_hosts(hosts) {
                            Ok(text) => file.write_all(&text[text.len().saturating_sub(rest)..])?,
                            Err(why) => printed = Err(why),
                        },
                    },
                }
            }
            Ok(())
        });
        printed.map(|()| digest)
    }

    /// Writes what the last page has in a range, by way of `piece`. Out: how many bytes at its end cannot be had.
    fn write_old(
        &self,
        mut range: Range<u64>,
        piece: &mut [u8],
        file: &mut (dyn Write + Send),
    ) -> io::Result<usize> {
        while let Some((old, _)) = self.old_page().filter(|_| !range.is_empty()) {
            let length = piece.len().min(usize::try_from(range.end - range.start).unwrap_or(piece.len()));
            let piece = &mut piece[..length];
            if old.read_exact_at(piece, range.start).is_err() {
                break;
            }
            file.write_all(piece)?;
            range.start += length as u64;
        }
        Ok(usize::try_from(range.end - range.start).unwrap_or_default())
    }

    /// The length of what the page begins with.
    pub(super) fn length_of_head(&self) -> u64 {
        self.head.as_ref().map_or(0, Vec::len) as u64
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
}
