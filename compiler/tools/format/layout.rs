//! Pieces → lines.

use super::line::{CommentPlace, INDENT, LayoutLine, Trailing};
use super::multi_line;
use super::written::SourceLines;
use crate::kdl::{Token, TokenKind};

/// Maximum width in characters of a block that stood in one line and stays there.
const WIDEST: usize = 100;

/// Lays out the pieces of `text`.
pub(super) fn lines(text: &str, tokens: &[Token]) -> Vec<LayoutLine> {
    let mut layout = Layout {
        text,
        tokens,
        written: SourceLines::new(text),
        closing: closing(tokens),
        chain: (0, false),
        lines: Vec::new(),
        line: LayoutLine::default(),
        first: None,
        goes_on: false,
        last: None,
        depth: 0,
        opened: false,
        in_node: false,
        newlines: 0,
    };
    let mut at = 0;
    while at < tokens.len() {
        at = layout.take(at);
    }
    layout.finish();
    layout.lines
}

struct Layout<'t> {
    text: &'t str,
    tokens: &'t [Token],
    written: SourceLines<'t>,
    /// The closing brace of every brace that opens a block.
    closing: Vec<usize>,
    /// The piece up to which backslashes were looked at, and whether the node continues behind them.
    chain: (usize, bool),
    lines: Vec<LayoutLine>,
    /// The line at hand.
    line: LayoutLine,
    /// Its first piece.
    first: Option<Token>,
    /// Set if it continues the node above.
    goes_on: bool,
    /// The last piece that is no newline and no comment of its own line.
    last: Option<Token>,
    /// Open blocks that have lines of their own.
    depth: usize,
    /// Set if the line above opened a block.
    opened: bool,
    /// Set if the next piece belongs to a node that has begun.
    in_node: bool,
    /// Newlines since the last piece.
    newlines: usize,
}

impl Layout<'_> {
    /// Takes the piece at `at`, and returns the next.
    fn take(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        match token.kind {
            TokenKind::Newline => self.newline(),
            TokenKind::LineComment => self.line_comment(token),
            TokenKind::BlockComment => self.block_comment(at),
            TokenKind::Semicolon => self.in_node = false,
            TokenKind::Continuation if !self.in_node || self.commented_out() || !self.goes_on(at) => {}
            TokenKind::BlockOpen => return self.open(at),
            TokenKind::BlockClose => self.close(token),
            _ => {
                if !self.in_node && !self.is_comment_alone() {
                    self.finish();
                }
                self.push(token);
                self.in_node = true;
            }
        }
        at + 1
    }

    /// Takes the end of a line, unless it stands between `/-` and its node.
    fn newline(&mut self) {
        self.newlines += 1;
        if self.commented_out() {
            let is_comment = self.first.is_some_and(|first| first.kind == TokenKind::LineComment);
            if is_comment || self.line.comment.is_some() {
                self.finish();
            }
            return;
        }
        let goes_on =
            self.last.is_some_and(|last| last.kind == TokenKind::Continuation) && self.newlines == 1;
        self.in_node &= goes_on;
        self.finish();
    }

    /// Returns whether the last piece is a `/-` that still waits for what it takes away.
    fn commented_out(&self) -> bool {
        self.in_node && self.last.is_some_and(|last| last.kind == TokenKind::Slashdash)
    }

    /// Returns whether the line holds nothing but a comment that may stand before a node.
    fn is_comment_alone(&self) -> bool {
        let begins = self.first.is_some_and(|first| first.kind == TokenKind::BlockComment) && !self.goes_on;
        begins && self.last == self.first
    }

    /// Returns whether the node has anything behind the backslash at `at` and those that follow it; without, it ends here.
    fn goes_on(&mut self, mut at: usize) -> bool {
        if at < self.chain.0 {
            return self.chain.1;
        }
        loop {
            let newline = self.tokens[at..].iter().position(|token| token.kind == Newline);
            let behind =
                newline.and_then(|offset| Some((at + offset + 1, self.tokens.get(at + offset + 1)?.kind)));
            use TokenKind::{BlockClose, Continuation, LineComment, Newline, Semicolon};
            self.chain = match behind {
                Some((next, Continuation)) => {
                    at = next;
                    continue;
                }
                None | Some((_, Newline | LineComment | Semicolon | BlockClose)) => (at + 1, false),
                Some(_) => (at + 1, true),
            };
            return self.chain.1;
        }
    }

    fn line_comment(&mut self, token: Token) {
        let text = self.piece(token).trim_end().to_string();
        if let Some(first) = self.first {
            let (stood, gap) = (self.written.comment_place(first, token), self.written.gap(token).max(1));
            self.line.comment = Some(Trailing { text, stood, gap });
        } else if let Some((stood, indent)) = self.above(token) {
            self.begin(token);
            self.line.indent = indent;
            self.line.comment = Some(Trailing { text, stood: Some(stood), gap: 0 });
        } else {
            self.begin(token);
            self.line.code = text;
        }
        self.newlines = 0;
    }

    /// Returns the place of the comment at the end of the line above, if this one continues it below.
    fn above(&self, token: Token) -> Option<(CommentPlace, usize)> {
        let line = self.lines.last()?;
        let stood = line.comment.as_ref()?.stood?;
        (self.newlines == 1 && stood.column == self.written.column(token)).then_some((stood, line.indent))
    }

    fn block_comment(&mut self, at: usize) {
        let next = self.tokens.get(at + 1).map(|token| token.kind);
        let ends_line = matches!(next, None | Some(TokenKind::Newline | TokenKind::LineComment));
        if !self.in_node && !ends_line && !self.is_comment_alone() {
            self.finish();
        }
        let waits = self.commented_out().then_some(self.last);
        self.push(self.tokens[at]);
        self.last = waits.unwrap_or(self.last);
    }

    /// Lays out a block: in one line if it stood in one and fits, else with lines of its own.
    fn open(&mut self, at: usize) -> usize {
        let close = self.closing[at];
        self.push(self.tokens[at]);
        if let Some(inline) = self.inline(at + 1, close) {
            self.line.code.push_str(&inline);
            self.last = Some(self.tokens[close]);
            return close + 1;
        }
        self.depth += 1;
        self.opened = true;
        self.in_node = false;
        at + 1
    }

    /// Returns the rest of a block in one line, with its brace; `None` if it needs several.
    fn inline(&self, from: usize, to: usize) -> Option<String> {
        let inside = &self.tokens[from..to];
        // A backslash before any node has no effect, and is removed.
        let nothing = |token: &Token| matches!(token.kind, TokenKind::Newline | TokenKind::Continuation);
        if inside.iter().all(nothing) {
            return Some("}".to_string());
        }
        let several = |token: &Token| {
            matches!(token.kind, TokenKind::Newline | TokenKind::LineComment)
                || self.piece(*token).contains('\n')
        };
        if inside.iter().any(several) || self.line.code.len() > 4 * WIDEST {
            return None;
        }
        let mut code = String::new();
        for pair in self.tokens[from - 1..=to].windows(2) {
            let (before, token) = (pair[0], pair[1]);
            let ends = before.kind == TokenKind::Semicolon && token.kind == TokenKind::BlockClose;
            if ends {
                code.pop();
            }
            code.push_str(if self.is_spaced(before, token) { " " } else { "" });
            code.push_str(self.piece(token));
        }
        (self.line.width() + code.chars().count() <= WIDEST).then_some(code)
    }

    fn close(&mut self, token: Token) {
        self.finish();
        self.depth = self.depth.saturating_sub(1);
        self.newlines = 0;
        self.in_node = false;
        self.push(token);
        self.in_node = true;
    }

    /// Adds a piece to the line.
    fn push(&mut self, token: Token) {
        if self.first.is_none() {
            self.begin(token);
        } else if self.last.is_none_or(|last| self.is_spaced(last, token)) {
            self.line.code.push(' ');
        }
        let begins = self.first.and_then(|first| self.written.indentation(first));
        let (before, after) = begins.map_or(("", 0), |indentation| (indentation, self.line.indent));
        self.line.code.push_str(&multi_line::moved(self.piece(token), before, after));
        self.last = Some(token);
        self.newlines = 0;
    }

    fn begin(&mut self, token: Token) {
        let opened = std::mem::take(&mut self.opened);
        self.line.blank_before = self.newlines > 1 && !opened && !self.in_node;
        self.line.indent = INDENT * (self.depth + usize::from(self.in_node));
        self.first = Some(token);
        self.goes_on = self.in_node;
    }

    /// Puts the line at hand behind the others.
    fn finish(&mut self) {
        if self.first.take().is_some() {
            self.lines.push(std::mem::take(&mut self.line));
        }
    }
}

impl<'t> Layout<'t> {
    fn piece(&self, token: Token) -> &'t str {
        &self.text[token.span.start as usize..token.span.end as usize]
    }

    /// Returns whether a space goes between two pieces.
    fn is_spaced(&self, before: Token, token: Token) -> bool {
        use TokenKind::{BlockClose, BlockOpen, Equals, Semicolon, Slashdash, TypeClose, TypeOpen};
        match (before.kind, token.kind) {
            (Slashdash, _) => before.span.end < token.span.start,
            (Equals | TypeOpen | TypeClose, _) | (_, Equals | TypeClose | Semicolon) => false,
            (BlockOpen, BlockClose) => false,
            _ => true,
        }
    }
}

/// Finds the closing brace of every brace that opens a block.
fn closing(tokens: &[Token]) -> Vec<usize> {
    let mut closing = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::BlockOpen => open.push(at),
            TokenKind::BlockClose => {
                open.pop().into_iter().for_each(|opening: usize| closing[opening] = at);
            }
            _ => {}
        }
    }
    closing
}
