//! KDL as somebody wrote it → the same KDL in dpc's one layout.
//!
//! Only space changes: four a level, one between the parts of a node, one empty line in place of several, every node on a line
//! of its own unless its block stood in one line and fits there. Names, values and comments stay as they are written, and
//! comments that somebody put below each other stay below each other.

mod align;
mod layout;
mod line;
mod multi_line;
mod same;
mod written;

use crate::kdl::{self, SyntaxError, tokens};
use crate::text::FileId;

/// The reason why a text cannot be laid out.
#[derive(Debug)]
pub enum FormatError {
    /// It is not KDL.
    Syntax(Vec<SyntaxError>),
    /// It would mean something else afterwards: a fault of dpc, which must not damage a user's file.
    Unfaithful,
}

/// Lays out a file. The result has the same nodes, values and comments, or there is none.
pub fn format(file: FileId, text: &str) -> Result<String, FormatError> {
    let before = kdl::whole(file, text).map_err(FormatError::Syntax)?;
    // The pieces are looked up in this text alone, whatever its place among others is.
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
