//! Goes on after a fault, to the place where the next node may begin.

use super::class::Class;
use super::document::TreeReader;

impl TreeReader<'_> {
    /// Passes the rest of the node at hand: up to its newline, `;` or `}`, or into its block.
    pub(super) fn recover(&mut self) {
        let known = self.cursor.errors.len();
        loop {
            match self.cursor.class() {
                Class::End | Class::Newline | Class::Close => break,
                Class::Semicolon => {
                    self.cursor.at += 1;
                    break;
                }
                Class::Open => {
                    self.open_stray_block();
                    return;
                }
                _ => self.skip_piece(),
            }
            // One fault a node is enough here: later ones may only follow from the first.
            self.cursor.errors.truncate(known);
        }
    }

    /// Passes one thing as a whole, so that a brace in a string or comment is not taken for one.
    fn skip_piece(&mut self) {
        let start = self.cursor.at;
        // Faults do not matter here, only that the cursor moves.
        let _ = match self.cursor.class() {
            Class::Quote => self.cursor.quoted().map(drop),
            Class::Hash => self.cursor.hash().map(drop),
            Class::Slash if self.cursor.sees(b"//") => {
                self.cursor.skip_line();
                Ok(())
            }
            _ => self.cursor.node_space().map(drop),
        };
        if self.cursor.at == start {
            self.cursor.at += self.cursor.char().map_or(1, char::len_utf8);
        }
    }
}
