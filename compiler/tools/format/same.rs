//! Two texts → whether they mean the same, wherever their parts stand.

use super::multi_line::ends;
use crate::kdl::{Entry, Node, Nodes, Token, TokenKind};

/// Returns whether two lists of nodes have the same names, values and children.
pub(super) fn nodes(one: Nodes<'_>, other: Nodes<'_>) -> bool {
    pairs(one, other, node)
}

fn node(one: Node<'_>, other: Node<'_>) -> bool {
    let annotation = |node: Node<'_>| node.annotation().map(|text| text.value.to_string());
    let children = match (one.children(), other.children()) {
        (Some(one), Some(other)) => nodes(one, other),
        (None, None) => true,
        _ => false,
    };
    children
        && one.name() == other.name()
        && annotation(one) == annotation(other)
        && pairs(one.entries(), other.entries(), entry)
}

fn entry(one: Entry<'_>, other: Entry<'_>) -> bool {
    let annotation = |entry: Entry<'_>| entry.annotation().map(|text| text.value.to_string());
    one.value() == other.value() && one.name() == other.name() && annotation(one) == annotation(other)
}

/// Returns whether two lists are as long, and each thing in the one is the same as that in the other.
fn pairs<T>(
    one: impl Iterator<Item = T>,
    mut other: impl Iterator<Item = T>,
    same: impl Fn(T, T) -> bool,
) -> bool {
    let mut one = one;
    one.all(|one| other.next().is_some_and(|other| same(one, other))) && other.next().is_none()
}

/// Returns whether two texts have the same words and comments in the same order, those that `/-` takes away included.
pub(super) fn words(one: &str, of_one: &[Token], other: &str, of_other: &[Token]) -> bool {
    let written = |text: &'_ str, tokens: &[Token]| -> Vec<String> {
        let kept = tokens.iter().filter(|token| !is_separator(token.kind));
        kept.map(|token| piece(&text[token.span.start as usize..token.span.end as usize])).collect()
    };
    written(one, of_one) == written(other, of_other)
}

/// Returns whether formatting may add or remove a piece.
fn is_separator(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Newline | TokenKind::Semicolon | TokenKind::Continuation)
}

/// Returns a piece without the space at the edges of its lines: a text in several lines may have more or less than before.
fn piece(text: &str) -> String {
    ends(text).lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
