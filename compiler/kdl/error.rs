//! Words the faults of the reader, and gives up on the node at hand.

use super::SyntaxError;
use crate::text::Span;

/// The rest of the node cannot be read; the cursor's list of errors has the reason.
#[derive(Clone, Copy, Debug)]
pub(super) struct BrokenNode;

impl SyntaxError {
    /// A fault with neither label nor help.
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, label: None, help: None }
    }

    /// Adds the words below the underline.
    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// Adds help: what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
