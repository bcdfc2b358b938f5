//! A name or value as it is written, and the texts that differ from what stands in the file.

use crate::text::{Span, narrow};

/// A name or a value: its place, and the way to decode it.
#[derive(Clone, Copy, Debug)]
pub(super) struct WrittenWord {
    /// The place, quotes and hashes included.
    pub(crate) place: Span,
    pub(crate) form: Form,
}

/// The form of a name or value in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// No word.
    Absent,
    /// A text without quotes.
    Bare,
    /// A text in quotes, without escapes.
    Quoted,
    /// A text on one line in `#"` and `"#`, with any number of hashes.
    Raw,
    /// A text of several lines that the file holds in its decoded form: [`Texts`] knows where.
    Within,
    /// A text that had escapes or indentation: [`Texts`] holds the decoded form.
    Made,
    /// A number, or a keyword that is one.
    Number,
    /// `#true`
    True,
    /// `#false`
    False,
    /// `#null`
    Null,
}

impl Form {
    /// Returns whether it is a text.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Bare | Self::Quoted | Self::Raw | Self::Within | Self::Made)
    }
}

/// The decoded texts that differ from what stands between their quotes.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    /// The texts that are [`Form::Made`], one behind the other.
    pub(crate) pool: String,
    /// The decoded texts in the order of the file.
    held: Vec<DecodedText>,
}

/// A text in the pool or in the file.
#[derive(Clone, Copy, Debug)]
struct DecodedText {
    /// The offset of its quotes.
    at: u32,
    /// Its bytes: in the pool, or in the file.
    start: u32,
    end: u32,
}

impl Texts {
    /// Adds the pool's text from `start` on as the text at `place`.
    pub(crate) fn add_decoded(&mut self, place: Span, start: usize) -> WrittenWord {
        self.hold(place, start, self.pool.len());
        WrittenWord { place, form: Form::Made }
    }

    /// Adds a text of the file, from `start` up to `end`, as the text at `place`.
    pub(crate) fn within(&mut self, place: Span, start: usize, end: usize) -> WrittenWord {
        self.hold(place, start, end);
        WrittenWord { place, form: Form::Within }
    }

    fn hold(&mut self, place: Span, start: usize, end: usize) {
        self.held.push(DecodedText { at: place.start, start: narrow(start), end: narrow(end) });
    }

    /// Returns the bytes of the text whose quotes begin at `at`.
    pub(crate) fn range(&self, at: u32) -> std::ops::Range<usize> {
        match self.held.binary_search_by_key(&at, |held| held.at) {
            Ok(index) => self.held[index].start as usize..self.held[index].end as usize,
            Err(_) => 0..0,
        }
    }

    /// Releases memory that is not needed.
    pub(crate) fn shrink(&mut self) {
        self.pool.shrink_to_fit();
        self.held.shrink_to_fit();
    }
}
