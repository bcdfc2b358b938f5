//! The files of a project, and places in them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// One file of [`Sources`]: how many were added before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive, both on character boundaries, counted from the start of
/// that file. In order, places stand as their files do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The end: the byte behind the last.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end` of `file`. No file is larger than 4 GiB.
    #[inline]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: narrow(start), end: narrow(end) }
    }

    /// Returns the span from this start to the end of `other`, which is in the same file.
    pub(crate) fn to(self, other: Span) -> Self {
        Self { end: other.end, ..self }
    }

    /// A part of this span; `range` counts from its start.
    pub fn part(self, range: Range<usize>) -> Self {
        Self { file: self.file, start: self.start + narrow(range.start), end: self.start + narrow(range.end) }
    }

    /// The bytes in the text of its file.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A number of bytes, lines or parts of one file. A file has less than 4 GiB.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "no file that is read has 4 GiB")]
pub(crate) fn narrow(number: usize) -> u32 {
    number as u32
}

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path relative to the project, with `/` between the parts.
    pub path: String,
    /// Its text, which trees of it share.
    pub text: Arc<str>,
    /// The offsets of the newlines, found once: a file with many faults is not gone through for each.
    newlines: OnceLock<Vec<usize>>,
}

impl Source {
    /// The whole lines that a range of bytes stands in, without the newline behind them.
    pub(crate) fn whole_lines(&self, bytes: Range<usize>) -> Range<usize> {
        let (last, _) = self.line_of(bytes.end);
        self.line_of(bytes.start).1..self.newlines().get(last).copied().unwrap_or(self.text.len())
    }

    /// Counts the lines above that of a byte, and returns where its line begins.
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
    files: Vec<Source>,
    /// Bytes of all texts.
    bytes: usize,
}

/// Maximum bytes of all texts together.
pub(crate) const LARGEST_SOURCES: usize = 64 * 1024 * 1024;

/// One more file would make the texts too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourcesFull;

impl Sources {
    /// Adds a file and gives its handle.
    pub fn add(&mut self, path: String, text: impl Into<Arc<str>>) -> Result<FileId, SourcesFull> {
        let text = text.into();
        let file = FileId(u32::try_from(self.files.len()).map_err(|_| SourcesFull)?);
        if text.len() > LARGEST_SOURCES - self.bytes {
            return Err(SourcesFull);
        }
        self.bytes += text.len();
        self.files.push(Source { path, text, newlines: OnceLock::new() });
        Ok(file)
    }

    /// Makes room for so many more files.
    pub(crate) fn reserve(&mut self, files: usize) {
        self.files.reserve(files);
    }

    /// Counts the files.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the bytes of all texts.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The file behind a handle that [`Sources::add`] gave.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// The path of the file that a span is in.
    pub fn path(&self, span: Span) -> &str {
        &self.get(span.file).path
    }

    /// Every file with its handle, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.file).text[span.range()]
    }

    /// Line and column (both from 1; the column counts characters) of the start of a span.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let (line, before) = self.before(span);
        (line, before.chars().count() + 1)
    }

    /// Line and column (both from 0; the column counts UTF-16 code units) of the start of a span, as editors count (Language
    /// Server Protocol 3.17, `Position`).
    pub fn position_utf16(&self, span: Span) -> (usize, usize) {
        let (line, before) = self.before(span);
        (line - 1, before.encode_utf16().count())
    }

    /// The line of the start of a span, from 1, and the text before it in that line.
    fn before(&self, span: Span) -> (usize, &str) {
        let source = self.get(span.file);
        let start = span.range().start;
        let (above, line_start) = source.line_of(start);
        (above + 1, &source.text[line_start..start])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_in_its_file() {
        let mut sources = Sources::default();
        let texts = ["ab\nc", "", "", "é𝄞\n"];
        let files = texts.map(|text| sources.add(text.into(), text).unwrap());
        for (file, text) in files.into_iter().zip(texts) {
            let whole = Span::new(file, 0, text.len());
            assert_eq!((sources.text(whole), sources.path(whole)), (text, text));
        }
        assert_eq!(sources.position(Span::new(files[0], 4, 4)), (2, 2));
        assert_eq!(sources.position(Span::new(files[3], 6, 6)), (1, 3));
        assert_eq!(sources.position_utf16(Span::new(files[3], 6, 6)), (0, 3));
        assert!(files.is_sorted());
    }

    #[test]
    fn there_is_an_end() {
        let mut sources = Sources { bytes: LARGEST_SOURCES - 5, ..Sources::default() };
        assert_eq!(sources.add("a".into(), "123456"), Err(SourcesFull));
        let file = sources.add("a".into(), "12345").unwrap();
        assert_eq!(sources.text(Span::new(file, 4, 5)), "5");
        assert_eq!(sources.add("b".into(), "6"), Err(SourcesFull));
    }
}
