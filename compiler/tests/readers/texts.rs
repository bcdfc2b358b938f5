//! Texts that readers may take for something else: all of Unicode, every control character, and the pieces that mean
//! something in one grammar or another.

use std::fmt::Debug;

use proptest::char::range;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// How many texts one process of a reader gets.
pub const BATCH: usize = 100;

/// Tries `check` with 100 batches of [`BATCH`] values.
pub fn batches<S: Strategy>(of: S, check: impl Fn(Vec<S::Value>) -> TestCaseResult) {
    let config = Config { cases: 100, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    if let Err(error) = TestRunner::new(config).run(&vec(of, BATCH), check) {
        panic!("{error}");
    }
}

/// Fails with the first text that did not arrive as it was sent, or whose like was never sent.
pub fn same<A: PartialEq<B> + Debug, B: Debug>(arrived: &[A], sent: &[B]) -> TestCaseResult {
    for (arrived, sent) in arrived.iter().zip(sent) {
        prop_assert!(arrived == sent, "{:?} arrived as {:?}", sent, arrived);
    }
    prop_assert_eq!(arrived.len(), sent.len());
    Ok(())
}

/// Up to a dozen pieces.
pub fn text() -> impl Strategy<Value = String> {
    vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// So many texts at once, for readers that are slow to start.
pub fn sample(count: usize) -> Vec<String> {
    let mut runner = TestRunner::new(Config::default());
    (0..count).map(|_| text().new_tree(&mut runner).unwrap().current()).collect()
}

/// Every character there is, in texts of `length`.
pub fn all_characters(length: usize) -> Vec<String> {
    let all: Vec<char> = (char::MIN..=char::MAX).collect();
    all.chunks(length).map(|characters| characters.iter().collect()).collect()
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => range(' ', '~').prop_map(String::from),
        2 => any::<char>().prop_map(String::from),
        2 => control().prop_map(String::from),
        3 => select(PIECES).prop_map(str::to_owned),
    ]
}

fn control() -> impl Strategy<Value = char> {
    prop_oneof![4 => range('\u{1}', '\u{1f}'), 1 => range('\u{7f}', '\u{9f}'), 1 => Just('\0')]
}

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "'", "\"", "\\", "`", "$", "${HOME}", "$HOME", "$(id)", "$$", "%", "%%", "%n", "%{", ";", "\\;", "#",
    " ", "  ", "\t", "\n", "\r", "\r\n", "\\\n", "\n#", "\n[Service]\n", ",", "=", ":", "/", "//", "/./",
    "/../", "..", ".", "-", "--", "-v/:/host", "~", "*", "?", "[", "]", "{", "}", "{a,b}", "(", ")", "<",
    ">", "&", "|", "!", "^", "@", "\u{85}", "\u{a0}", "\u{ad}", "\u{2028}", "\u{2029}", "\u{200b}",
    "\u{200d}", "\u{202e}", "\u{2066}", "\u{3000}", "\u{feff}", "\u{fdd0}", "\u{fffd}", "\u{fffe}",
    "\u{ffff}", "\u{10ffff}", "\u{e0001}", "\u{1b}[31m", "\u{9b}2J", "\u{301}", "é", "日本", "😀", "\\x41",
    "\\n", "</details>", "```", "~~~", "@name", "#1", "http://a.b", "](x)", "<!--", "source=",
    "readonly", "{{", "}}",
];
