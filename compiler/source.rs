//! Where text comes from: the files of a project, and places in them.

use crate::secret::Known;
use std::ops::Range;
use std::sync::OnceLock;

/// One file of [`Sources`], by where its text begins among the texts of all files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive, both on character boundaries. Bytes are counted
/// through the texts of all files, so that a place says which file it is in, and takes 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// Behind the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end` of `file`.
    #[inline]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { start: file.0 + start as u32, end: file.0 + end as u32 }
    }

    /// From the start of this span to the end of `other`, which is in the same file.
    pub fn to(self, other: Span) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// A part of this span; `range` counts from its start.
    pub fn part(self, range: Range<usize>) -> Self {
        Self { start: self.start + range.start as u32, end: self.start + range.end as u32 }
    }

    /// The bytes in the text of `file`, which the span is in.
    #[inline]
    pub fn within(self, file: FileId) -> Range<usize> {
        (self.start - file.0) as usize..(self.end - file.0) as usize
    }
}

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path relative to the project, with `/` between the parts.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Where its lines end, once somebody asks: a file with many faults is not gone through for each.
    newlines: OnceLock<Vec<usize>>,
}

impl Source {
    /// The whole lines that a range of bytes stands in, without the newline behind them.
    pub fn whole_lines(&self, bytes: Range<usize>) -> Range<usize> {
        let (last, _) = self.line_of(bytes.end);
        self.line_of(bytes.start).1..self.newlines().get(last).copied().unwrap_or(self.text.len())
    }

    /// How many lines are above the one of a byte, and where that begins.
    fn line_of(&self, byte: usize) -> (usize, usize) {
        let above = self.newlines().partition_point(|newline| *newline < byte);
        (above, if above == 0 { 0 } else { self.newlines()[above - 1] + 1 })
    }

    fn newlines(&self) -> &[usize] {
        self.newlines.get_or_init(|| self.text.match_indices('\n').map(|(at, _)| at).collect())
    }
}

/// All KDL files of a project, the entry first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<(FileId, Source)>,
    /// Where the text of a further file would begin.
    end: u32,
    /// What looks like a secret in them, once something is said about them.
    secrets: OnceLock<Known>,
}

/// With one more file the texts would be larger than 4 GiB, which is as far as a [`Span`] can point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl Sources {
    /// Adds a file and gives its handle.
    pub fn add(&mut self, path: String, text: String) -> Result<FileId, Full> {
        let file = FileId(self.end);
        // The byte behind each text keeps its end apart from the start of the next, and empty files apart.
        let end =
            u32::try_from(text.len()).ok().and_then(|length| self.end.checked_add(length)?.checked_add(1));
        self.end = end.ok_or(Full)?;
        self.secrets = OnceLock::new();
        self.files.push((file, Source { path, text, newlines: OnceLock::new() }));
        Ok(file)
    }

    /// What looks like a secret in the texts, found once.
    pub fn secrets(&self, find: impl FnOnce() -> Known) -> &Known {
        self.secrets.get_or_init(find)
    }

    /// Makes room for so many more files.
    pub fn reserve(&mut self, files: usize) {
        self.files.reserve(files);
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// How many bytes the texts have.
    pub fn bytes(&self) -> usize {
        self.end as usize - self.files.len()
    }

    /// The file behind a handle that [`Sources::add`] gave.
    pub fn get(&self, file: FileId) -> &Source {
        let behind = self.files.partition_point(|(start, _)| *start <= file);
        &self.files[behind - 1].1
    }

    /// The file that a span is in.
    pub fn file_of(&self, span: Span) -> FileId {
        let behind = self.files.partition_point(|(start, _)| start.0 <= span.start);
        self.files[behind - 1].0
    }

    /// The path of the file that a span is in.
    pub fn path(&self, span: Span) -> &str {
        &self.get(self.file_of(span)).path
    }

    /// The bytes of a span in the text of its file.
    pub fn range(&self, span: Span) -> Range<usize> {
        span.within(self.file_of(span))
    }

    /// Every file with its handle, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().map(|(file, source)| (*file, source))
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        let file = self.file_of(span);
        &self.get(file).text[span.within(file)]
    }

    /// Line and column (both from 1; the column counts characters) of the start of a span.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let file = self.file_of(span);
        let source = self.get(file);
        let start = span.within(file).start;
        let (above, line_start) = source.line_of(start);
        (above + 1, source.text[line_start..start].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_in_its_file() {
        let mut sources = Sources::default();
        let texts = ["ab\nc", "", "", "é\n"];
        let files = texts.map(|text| sources.add(text.into(), text.into()).unwrap());
        for (file, text) in files.into_iter().zip(texts) {
            let whole = Span::new(file, 0, text.len());
            assert_eq!(
                (sources.file_of(whole), sources.text(whole), sources.path(whole)),
                (file, text, text)
            );
            let end = Span::new(file, text.len(), text.len());
            assert_eq!((sources.file_of(end), sources.range(end)), (file, text.len()..text.len()));
        }
        assert_eq!(sources.position(Span::new(files[0], 4, 4)), (2, 2));
        assert_eq!(sources.position(Span::new(files[3], 2, 3)), (1, 2));
        assert!(files.is_sorted());
    }

    #[test]
    fn there_is_an_end() {
        let mut sources = Sources { end: u32::MAX - 6, ..Sources::default() };
        assert_eq!(sources.add("a".into(), "123456".into()), Err(Full));
        let file = sources.add("a".into(), "12345".into()).unwrap();
        assert_eq!(sources.text(Span::new(file, 4, 5)), "5");
        assert_eq!(sources.add("b".into(), String::new()), Err(Full));
    }
}
