//! Our verdict and tree of a text compared with those of `kdl` and `neco-kdl`, and the known faults of theirs.

use super::{other, shape};
use dpc::kdl::{SyntaxError, whole};
use dpc::text::FileId;

/// Returns a difference that no known fault of a reader explains.
pub fn unexplained(text: &str) -> Option<String> {
    let ours = whole(FileId(0), text);
    let shape = ours.as_ref().ok().map(|document| shape::of(document.nodes()));
    for (reader, theirs) in [("kdl", other::kdl(text)), ("neco-kdl", other::neco(text))] {
        let known = match (&ours, &theirs) {
            (Err(errors), Some(_)) => errors.iter().all(|error| {
                ACCEPTS.iter().any(|(faulty, explains)| *faulty == reader && explains(text, error, errors))
            }),
            (Ok(_), None) => REFUSES.iter().any(|(faulty, explains)| *faulty == reader && explains(text)),
            _ => false,
        };
        if shape != theirs && !known {
            return Some(format!("{reader} of {text:?}:\n{theirs:?}\nours: {ours:#?}"));
        }
    }
    None
}

/// Returns whether a fault of a reader explains that it accepts a text in which we found this error among these.
type Accepts = fn(&str, &SyntaxError, &[SyntaxError]) -> bool;

/// Texts that others accept, and the reasons why we do not.
const ACCEPTS: [(&str, Accepts); 9] = [
    // "Disallowed Literal Code Points" may not appear "anywhere in the document"; both take them in comments.
    ("kdl", |_, error, _| is_forbidden(error)),
    ("neco-kdl", |_, error, _| is_forbidden(error)),
    // `kdl` takes DEL for a space too, so one word of ours is several to it.
    ("kdl", |text, _, _| text.contains('\u{7F}')),
    // `hex`, `octal` and `binary` begin with a small letter; `kdl` takes a capital one.
    ("kdl", |_, error, _| is_capital_number(error)),
    // `disallowed-keyword-identifiers` has `-inf`; `kdl` takes it for a word.
    ("kdl", |_, error, _| error.message.contains("`-inf`")),
    // `single-line-raw-string-body` may not begin with two quotes; `kdl` takes five for a string, and we read on behind it.
    ("kdl", |_, _, errors| {
        errors.iter().any(|error| error.label.as_deref() == Some("a newline must follow"))
    }),
    // `node-terminator` must follow a node that `/-` takes away; `kdl` begins the next one wherever it can.
    ("kdl", |text, _, _| text.contains("/-")),
    // `node-terminator` must follow a node; `neco-kdl` begins another at a `/-` that can take nothing from the first.
    ("neco-kdl", |text, error, _| text.contains("/-") && is_misplaced_slashdash(error)),
    // The last line of a multi-line string must be blank; `neco-kdl` takes any text in it for the indentation.
    ("neco-kdl", |_, error, _| error.label.as_deref() == Some("text on the closing line")),
];

/// Returns whether a fault of a reader explains that it refuses a text.
type Refuses = fn(&str) -> bool;

/// Texts that others refuse, though the grammar has them.
const REFUSES: [(&str, Refuses); 4] = [
    // `digit+` has no largest number; `kdl` refuses a number that does not fit `i128`, which has 39 digits (in base 2, 127).
    ("kdl", |text| text.split(|c: char| !c.is_ascii_hexdigit() && c != '_').any(|word| word.len() >= 32)),
    // A node that `/-` takes away may end with `;` like any other.
    ("kdl", |text| text.contains("/-") && text.contains(';')),
    // `(node-space* (node-space | slashdash) node-prop-or-arg)*`: no space is needed before `/-`.
    ("kdl", |text| {
        text.contains("/-") && text.split("/-").any(|before| !before.ends_with(char::is_whitespace))
    }),
    // `node-space` around `=` may be a line continuation.
    ("neco-kdl", |text| text.contains('=') && text.contains('\\')),
];

fn is_forbidden(error: &SyntaxError) -> bool {
    error.message.ends_with("may not stand in a KDL file")
}

fn is_capital_number(error: &SyntaxError) -> bool {
    let word = error.message.strip_suffix("` is not a number").unwrap_or_default();
    let unsigned = word.trim_start_matches(['`', '+', '-']);
    ["0X", "0O", "0B"].iter().any(|prefix| unsigned.starts_with(prefix))
}

fn is_misplaced_slashdash(error: &SyntaxError) -> bool {
    ["the node must end behind its block", "`/-` has nothing to comment out"]
        .contains(&error.message.as_str())
}
