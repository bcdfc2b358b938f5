//! A text → which of its quotes open a quoted text, however a program reads it. Languages differ in comments, escapes and texts of
//! several lines: where they could, no quote is sure any more.

/// The state at a place of a text, which only moves on.
#[derive(Default)]
pub(super) struct Quotes {
    at: usize,
    /// The quote that is open for a shell.
    open: Option<char>,
    is_escaped: bool,
    is_comment: bool,
    /// Set if an odd number of each quote stands before in the line.
    odd: [bool; 2],
    /// Set if a quote in the line stands behind a backslash.
    has_escapes: bool,
    /// Set if a quoted text went over the end of a line.
    is_lost: bool,
}

impl Quotes {
    /// Returns whether a quote opens a text for sure.
    pub(super) fn opens(&mut self, text: &str, quote: usize) -> bool {
        let Some(passed) = text.get(self.at..quote) else { return false };
        let mut last = text[..self.at].chars().next_back();
        for c in passed.chars() {
            self.pass(c, last.is_none_or(char::is_whitespace));
            last = Some(c);
        }
        self.at = quote;
        let odd = self.odd[usize::from(text[quote..].starts_with('"'))];
        !(self.is_lost
            || self.has_escapes
            || self.is_escaped
            || self.is_comment
            || odd
            || self.open.is_some())
    }

    fn pass(&mut self, c: char, is_first: bool) {
        let escaped = std::mem::take(&mut self.is_escaped);
        match c {
            '\n' => {
                self.is_lost |= self.open.is_some();
                (self.odd, self.has_escapes, self.is_comment) = ([false; 2], false, false);
            }
            '\'' | '"' => {
                self.odd[usize::from(c == '"')] ^= true;
                self.has_escapes |= escaped;
                if !self.is_comment && !escaped {
                    self.open = match self.open {
                        Some(open) if open == c => None,
                        open => open.or(Some(c)),
                    };
                }
            }
            '\\' if !escaped => self.is_escaped = true,
            '#' if is_first && self.open.is_none() => self.is_comment = true,
            _ => {}
        }
    }
}
