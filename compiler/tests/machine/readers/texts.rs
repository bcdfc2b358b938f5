//! Texts that readers may take for something else: all of Unicode, every control character, and the pieces that mean
//! something in one grammar or another.

use std::cell::Cell;
use std::fmt::Debug;
use std::io::Write;

use proptest::char::range;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// Number of texts for one process of a reader.
pub const BATCH: usize = 100;
/// The fewest texts that a reader is tried with.
pub const FEWEST: usize = 10_000;

/// Tries `check` with 100 batches of [`BATCH`] values for a reader, and prints how many arrived.
pub fn batches<S: Strategy>(reader: &str, of: S, check: impl Fn(Vec<S::Value>, &Tally) -> TestCaseResult) {
    let config = Config { cases: 100, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let tally = Tally::default();
    if let Err(error) = TestRunner::new(config).run(&vec(of, BATCH), |batch| check(batch, &tally)) {
        panic!("{reader}: {error}");
    }
    tally.print(reader);
}

/// Counts the texts that were tried, and those that the encoder wrote and the reader gave back unchanged.
#[derive(Default)]
pub struct Tally {
    tried: Cell<usize>,
    identical: Cell<usize>,
}

impl Tally {
    /// Counts some.
    pub fn count(&self, tried: usize, identical: usize) {
        self.tried.set(self.tried.get() + tried);
        self.identical.set(self.identical.get() + identical);
    }

    /// A row of the table in `docs/security.md`: reader, tried, refused, arrived. Not by a macro of Rust's: the test runner
    /// would keep it to itself.
    pub fn print(&self, reader: &str) {
        let (tried, identical) = (self.tried.get(), self.identical.get());
        assert!(tried >= FEWEST && identical > 0, "{reader}: {tried} tried, {identical} identical");
        let row = format!("encoder | {reader} | {tried} | {} | {identical}\n", tried - identical);
        drop(std::io::stderr().write_all(row.as_bytes()));
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

/// Up to a dozen pieces, with special ones at the start or end more often than by chance.
pub fn text() -> impl Strategy<Value = String> {
    let edge = || prop_oneof![2 => Just(String::new()), 1 => select(PIECES).prop_map(str::to_owned)];
    (edge(), vec(piece(), 0..12), edge())
        .prop_map(|(start, pieces, end)| format!("{start}{}{end}", pieces.concat()))
}

/// Every special text is tried: each stands at the start, in the middle and at the end of some of 10,000 texts.
#[test]
fn texts_hold_what_readers_stumble_over() {
    let texts = sample(FEWEST);
    for piece in [
        "\0",
        "\n",
        "%",
        "$",
        ";",
        "\\",
        "-",
        "--",
        "-v/:/host",
        ",",
        "\"",
        "'",
        "`",
        "=",
        "#",
        " ",
        "\t",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{fffe}",
        "\u{1b}[31m",
        "${HOME}",
        "$(id)",
        "../",
        "\r\n",
    ] {
        let most = |found: usize, place: &str| assert!(found >= 10, "{piece:?} {place}: {found}");
        most(texts.iter().filter(|text| text.starts_with(piece)).count(), "at the start");
        most(texts.iter().filter(|text| text.ends_with(piece)).count(), "at the end");
        let inside =
            |text: &&String| text.find(piece).is_some_and(|at| at > 0 && at + piece.len() < text.len());
        most(texts.iter().filter(inside).count(), "inside");
    }
    for control in ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}') {
        let found = texts.iter().filter(|text| text.contains(control)).count();
        assert!(found >= 10, "{control:?}: {found}");
    }
    let lone = texts.iter().filter(|text| text.replace("\r\n", "").contains('\r'));
    assert!(lone.count() >= 100);
}

/// Returns `count` texts at once, for readers that are slow to start.
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
    "\0", "../",     "'", "\"", "\\", "`", "$", "${HOME}", "$HOME", "$(id)", "$$", "%", "%%", "%n", "%{", ";", "\\;", "#",
    " ", "  ", "\t", "\n", "\r", "\r\n", "\\\n", "\n#", "\n[Service]\n", ",", "=", ":", "/", "//", "/./",
    "/../", "..", ".", "-", "--", "-v/:/host", "~", "*", "?", "[", "]", "{", "}", "{a,b}", "(", ")", "<",
    ">", "&", "|", "!", "^", "@", "\u{85}", "\u{a0}", "\u{ad}", "\u{2028}", "\u{2029}", "\u{200b}",
    "\u{200d}", "\u{202e}", "\u{2066}", "\u{3000}", "\u{feff}", "\u{fdd0}", "\u{fffd}", "\u{fffe}",
    "\u{ffff}", "\u{10ffff}", "\u{e0001}", "\u{1b}[31m", "\u{9b}2J", "\u{301}", "é", "日本", "😀", "\\x41",
    "\\n", "</details>", "```", "~~~", "@name", "#1", "http://a.b", "](x)", "<!--", "source=",
    "readonly", "{{", "}}",
];
