//! Where text comes from: the files of a project, and places in them.

use std::sync::OnceLock;

/// One file of [`Sources`], by its position there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes from `start` up to `end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start: start as u32, end: end as u32 }
    }

    /// From the start of this span to the end of `other`, which is in the same file.
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start, end: other.end }
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
    fn newlines(&self) -> &[usize] {
        self.newlines.get_or_init(|| self.text.match_indices('\n').map(|(at, _)| at).collect())
    }
}

/// All KDL files of a project, the entry first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and gives its handle.
    pub fn add(&mut self, path: String, text: String) -> FileId {
        self.files.push(Source { path, text, newlines: OnceLock::new() });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file behind a handle that [`Sources::add`] gave.
    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    /// Every file with its handle, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(index, source)| (FileId(index as u32), source))
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.file).text[span.start as usize..span.end as usize]
    }

    /// Line and column (both from 1; the column counts characters) of the start of a span.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let source = self.get(span.file);
        let start = span.start as usize;
        let newlines = source.newlines();
        let above = newlines.partition_point(|newline| *newline < start);
        let line_start = if above == 0 { 0 } else { newlines[above - 1] + 1 };
        (above + 1, source.text[line_start..start].chars().count() + 1)
    }
}
