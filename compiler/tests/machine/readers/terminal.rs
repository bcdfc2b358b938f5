//! Text for people against the parser of a terminal (vte, which Alacritty uses): every character is printed, none acts.

use dpc::encode::terminal;
use proptest::prelude::*;
use vte::{Params, Parser, Perform};

use crate::readers::texts;

#[test]
fn lines_are_printed_and_nothing_else_happens() {
    texts::batches("terminal (vte)", texts::text(), |batch, tally| {
        for text in &batch {
            check(text)?;
        }
        tally.count(batch.len(), batch.len());
        Ok(())
    });
}

#[test]
fn every_character_is_printed() {
    texts::all_characters(10_000).iter().for_each(|text| check(text).unwrap());
}

/// The reader sees control characters, so this test can fail.
#[test]
fn what_acts_is_seen() {
    for text in ["\u{1b}[31m", "\u{9b}2J", "a\rb", "\u{7}", "\u{1b}]0;title\u{7}", "\u{90}q\u{9c}", "\u{8}"] {
        let mut screen = Screen::default();
        Parser::new().advance(&mut screen, text.as_bytes());
        assert!(screen.acts > 0, "{text:?}");
    }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let (line, lines) = (terminal::line(text), terminal::lines(text));
    for (shown, newlines) in [(&line, false), (&lines, true)] {
        let mut screen = Screen::default();
        Parser::new().advance(&mut screen, shown.as_bytes());
        let moves = if newlines { shown.matches(['\n', '\t']).count() } else { 0 };
        prop_assert_eq!(screen.acts, moves, "{:?}", text);
        prop_assert_eq!(screen.printed, shown.replace(if newlines { ['\n', '\t'] } else { ['\0'; 2] }, ""));
    }
    Ok(())
}

/// A screen as a terminal would show it.
#[derive(Default)]
struct Screen {
    printed: String,
    acts: usize,
}

impl Perform for Screen {
    fn print(&mut self, c: char) {
        self.printed.push(c);
    }
    fn execute(&mut self, _: u8) {
        self.acts += 1;
    }
    fn hook(&mut self, _: &Params, _: &[u8], _: bool, _: char) {
        self.acts += 1;
    }
    fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
        self.acts += 1;
    }
    fn csi_dispatch(&mut self, _: &Params, _: &[u8], _: bool, _: char) {
        self.acts += 1;
    }
    fn esc_dispatch(&mut self, _: &[u8], _: bool, _: u8) {
        self.acts += 1;
    }
}
