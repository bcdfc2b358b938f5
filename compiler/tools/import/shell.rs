//! Text for a shell → its simple commands, a list of words each. Nothing is expanded or executed.
//!
//! Rule: POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition, and what people paste around it:
//! prompts before commands, comments behind continued lines. A parameter that the shell would have expanded is kept as
//! a placeholder (see [`placeholder`]).

mod placeholder;
mod prompt;
mod scan;

use crate::text::narrow;
pub(crate) use placeholder::{CLOSE, OPEN, placeholder, shown, variables};
use scan::Scan;

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShellWord {
    /// Its text without quotes.
    pub(crate) text: String,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// Set if any of it was quoted.
    pub(crate) quoted: bool,
}

/// A simple command.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ShellCommand {
    /// Its words.
    pub(crate) words: Vec<ShellWord>,
    /// Redirections and pipes as written, with the line.
    pub(crate) plumbing: Vec<ShellWord>,
}

/// The most bytes that a text may have.
pub const LONGEST: usize = 1024 * 1024;

/// The commands in a text, or what is wrong with it and where.
pub fn commands(text: &str) -> Result<Vec<ShellCommand>, (u32, String)> {
    if text.len() > LONGEST {
        return Err((1, "the text is larger than 1 MiB".to_string()));
    }
    if let Some(at) = text.find([OPEN, CLOSE, '\0']) {
        let line = narrow(text[..at].matches('\n').count()) + 1;
        return Err((
            line,
            "the text holds a character that no command has (NUL, U+E000 or U+E001)".to_string(),
        ));
    }
    let plain = text.replace("\r\n", "\n").replace("%cd%", ".").replace("%CD%", ".");
    let plain = prompt::without_prompts(&plain);
    Scan::new(&plain).commands()
}
