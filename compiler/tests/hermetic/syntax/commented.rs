//! `/-` leaves nothing behind: a text with it reads like the text without it.

use super::{others, shape};
use dpc::kdl::{DEPTH_LIMIT, whole};
use dpc::text::FileId;
use proptest::prelude::*;
use proptest::sample::select;

/// A piece of a document as it is written, and the rest of it without `/-`.
#[derive(Clone, Debug, Default)]
struct Piece {
    written: String,
    meant: String,
}

impl Piece {
    fn plain(text: &str) -> Self {
        Self { written: text.to_owned(), meant: text.to_owned() }
    }

    /// The same, taken away.
    fn gone(self) -> Self {
        Self { written: format!("/-{}", self.written), meant: String::new() }
    }

    fn join(self, other: Self) -> Self {
        Self { written: self.written + &other.written, meant: self.meant + &other.meant }
    }

    fn wrap(self, before: &str, behind: &str) -> Self {
        Self::plain(before).join(self).join(Self::plain(behind))
    }
}

fn all(pieces: Vec<Piece>) -> Piece {
    pieces.into_iter().fold(Piece::default(), Piece::join)
}

/// Every third one is taken away.
fn some_gone(piece: impl Strategy<Value = Piece>) -> impl Strategy<Value = Piece> {
    (piece, 0..3).prop_map(|(piece, dice)| if dice == 0 { piece.gone() } else { piece })
}

fn text() -> impl Strategy<Value = &'static str> {
    select(
        &["a", "b", "\"c d\"", "\"\\n\"", "\"e\\u{41}\"", "#\"f\"#", "\"\"\"\n  g\n   h\n  \"\"\"", "\"\""][..],
    )
}

fn annotated(part: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let annotation = select(&["", "", "", "(t)", "(\"\\t\")", "( u ) "][..]);
    (annotation, part).prop_map(|(annotation, part)| annotation.to_owned() + &part)
}

fn entry() -> impl Strategy<Value = Piece> {
    let value = || {
        annotated(
            prop_oneof![2 => text(), 1 => select(&["1", "0x1F", "#true", "#null"][..])]
                .prop_map(str::to_owned),
        )
    };
    let property = (text(), value()).prop_map(|(name, value)| format!("{name}={value}"));
    prop_oneof![value(), property].prop_map(|entry| Piece::plain(&entry))
}

fn node(blocks: BoxedStrategy<Piece>) -> impl Strategy<Value = Piece> {
    let entries = prop::collection::vec(some_gone(entry()), 0..4);
    (annotated(text().prop_map(str::to_owned)), entries, blocks).prop_map(|(name, entries, blocks)| {
        let entries = all(entries.into_iter().map(|entry| entry.wrap(" ", "")).collect());
        entries.join(blocks).wrap(&name, "\n")
    })
}

fn nodes(node: impl Strategy<Value = Piece>) -> impl Strategy<Value = Piece> {
    prop::collection::vec(some_gone(node), 0..4).prop_map(all)
}

/// No block, a block, or one before or behind others that are taken away.
fn blocks(node: impl Strategy<Value = Piece> + Clone + 'static) -> BoxedStrategy<Piece> {
    let block = move || nodes(node.clone()).prop_map(|nodes| nodes.wrap(" {\n", "}"));
    let gone = move |block: Piece| Piece { written: format!(" /-{}", block.written), meant: String::new() };
    prop_oneof![
        block(),
        block().prop_map(gone),
        (block(), block()).prop_map(move |(first, second)| gone(first).join(second)),
        (block(), block(), block())
            .prop_map(move |(first, second, third)| gone(first).join(second).join(gone(third))),
    ]
    .boxed()
}

fn document() -> impl Strategy<Value = Piece> {
    let leaf = node(Just(Piece::default()).boxed()).boxed();
    nodes(leaf.prop_recursive(4, 24, 4, |inner| node(blocks(inner))))
}

fn shape_of(text: &str) -> String {
    shape::of(whole(FileId(0), text).unwrap_or_else(|errors| panic!("{text:?}: {errors:#?}")).nodes())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_taken_away_leaves_nothing(piece in document()) {
        prop_assert_eq!(shape_of(&piece.written), shape_of(&piece.meant), "{}", piece.written);
        prop_assert_eq!(others::unexplained(&piece.written), None);
    }
}

/// Each level of the deepest nesting has entries, and something taken away before and behind what goes deeper.
#[test]
fn levels_keep_their_own() {
    for depth in [1, 2, DEPTH_LIMIT - 2] {
        let nested = |open: &str, close: &str| {
            (0..depth).map(|level| open.replace('#', &level.to_string())).collect::<String>()
                + &close.repeat(depth)
        };
        let written = nested(
            "n# \"\\t\" /-1 k=\"#\" /-{ x { y 1 } } { /-z { y 2 }\n b #\n",
            "/-x 1 { y { z } }\n c 1 /-2 } /-{ x 3 }\n",
        );
        let meant = nested("n# \"\\t\" k=\"#\" {\n b #\n", "c 1\n }\n");
        assert_eq!(shape_of(&written), shape_of(&meant), "{depth} levels");
    }
}
