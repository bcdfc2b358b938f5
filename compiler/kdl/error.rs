//! Words the faults of the reader, and gives up on the node at hand.

use super::SyntaxError;
use crate::text::Span;

/// The node at hand cannot be read on; why is in the cursor's list of errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct BrokenNode;

impl SyntaxError {
    /// A fault with neither label nor help.
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span, label: None, help: None }
    }

    /// The same, with what stands under the underline.
    pub(super) fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }

    /// The same, with what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
