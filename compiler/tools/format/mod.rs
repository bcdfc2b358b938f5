//! KDL as somebody wrote it → the same KDL, laid out in the one way that dpc lays it out.
//!
//! Only space changes: four a level, one between the parts of a node, one empty line where there were several, every node
//! on a line of its own unless its block stood in one line and fits there. Names, values and comments stay as they are
//! written, and comments that somebody put below each other stay below each other.

mod align;
mod layout;
mod line;
mod multi_line;
mod same;
mod written;

use crate::kdl::{self, SyntaxError, tokens};
use crate::text::FileId;

/// Why a text cannot be laid out.
#[derive(Debug)]
pub enum FormatError {
    /// It is not KDL.
    Syntax(Vec<SyntaxError>),
    /// It would say something else afterwards: a fault of dpc, which must not become one of its user's files.
    Unfaithful,
}

/// Lays out a file. The result reads as the same nodes and values, with the same comments, or there is none.
pub fn format(file: FileId, text: &str) -> Result<String, FormatError> {
    let before = kdl::whole(file, text).map_err(FormatError::Syntax)?;
    // Its pieces are looked up in the text alone, wherever that stands among others.
    let alone = FileId::default();
    let pieces = tokens(alone, text);
    let formatted = align::text(layout::lines(text, &pieces));
    let after = kdl::whole(file, &formatted).map_err(|_| FormatError::Unfaithful)?;
    let same = same::nodes(before.nodes(), after.nodes())
        && same::words(text, &pieces, &formatted, &tokens(alone, &formatted));
    if same { Ok(formatted) } else { Err(FormatError::Unfaithful) }
}

#[cfg(test)]
mod tests;
