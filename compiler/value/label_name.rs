//! Names of labels: `com.example.team`.
//!
//! docker cuts a label at its first `=` (docker-run(1), `--label`); `dpc.` is what dpc marks its own containers with.

use super::{Invalid, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a label of a container.
    LabelName
}

impl LabelName {
    /// Reads the name of a label.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refused = |message: &str, help: &str| Err(Invalid::new(message).help(help));
        match text {
            "" => refused("a label without a name", "give it a name, such as `com.example.team`"),
            _ if text.contains('=') => {
                refused("the name of a label holds `=`, where docker cuts it", "remove the `=`")
            }
            _ if text.chars().any(|c| c.is_control() || c.is_whitespace()) => {
                refused("the name of a label holds white space or a control character", "write it without")
            }
            _ if text.starts_with("dpc.") => refused(
                "labels that begin with `dpc.` are dpc's own",
                "begin it with a domain of yours, such as `com.example.`",
            ),
            _ => Ok(Self(Arc::from(text))),
        }
    }
}
