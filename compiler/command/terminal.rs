//! stdout for results, stderr for messages; colors where they are wanted.

use super::Exit;
use super::arguments::Format;
use super::document::JsonDocument;
use crate::diagnostic::Color;
use crate::encode::terminal;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::StyledStr;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

/// The output of a command.
pub(crate) struct Terminal {
    quiet: bool,
    format: Format,
    /// The document that `--format json` prints in the end.
    document: JsonDocument,
    /// Why a result could not be printed, such as a full disk.
    lost: Option<io::Error>,
}

impl Terminal {
    /// Prints text, until [`Terminal::speak`] says otherwise.
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, format: Format::Text, document: JsonDocument::default(), lost: None }
    }

    /// Prints in this format from now on.
    pub(crate) fn speak(&mut self, format: Format) {
        self.format = format;
    }

    /// Returns whether stdout holds one JSON document, and nothing else.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Returns whether only errors and results are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A result for people.
    pub(crate) fn print(&mut self, text: &str) {
        if !self.is_json() {
            self.write(text);
        }
    }

    /// Prints a remark about what was done; `--quiet` drops it.
    pub(crate) fn remark(&mut self, text: &str) {
        if !self.quiet {
            self.print(text);
        }
    }

    /// Adds a result for machines. It is made only if JSON is wanted.
    pub(crate) fn result(&mut self, name: &'static str, value: impl FnOnce() -> serde_json::Value) {
        if self.is_json() {
            self.document.result(name, value());
        }
    }

    /// The document for machines.
    pub(crate) fn document(&mut self) -> &mut JsonDocument {
        &mut self.document
    }

    /// A message.
    pub(crate) fn say(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Prints the error that ends a command: `error: …`, with what to do.
    pub(crate) fn error(&mut self, message: &str, help: &[String]) -> Exit {
        let message = terminal::line(message);
        self.document.error(&message, help);
        self.say(&self.error_text(&message, help));
        Exit::Failed
    }

    /// Returns the color setting of messages.
    pub(crate) fn color(&self) -> Color {
        color_of(&io::stderr())
    }

    /// Returns clap's text as a message.
    pub(crate) fn styled(&self, text: &StyledStr) -> String {
        painted(text, color_of(&io::stderr()))
    }

    /// Returns clap's text as a result.
    pub(crate) fn styled_result(&self, text: &StyledStr) -> String {
        painted(text, color_of(&io::stdout()))
    }

    /// Prints the rest. A result that could not be printed is a failure, however the command ended.
    pub(super) fn finish(mut self, end: Exit) -> Exit {
        if self.is_json() {
            let text = self.document.to_json();
            self.write(&text);
        }
        match self.lost.take() {
            None => end,
            Some(error) => {
                self.say(&self.error_text(&format!("the result cannot be printed: {error}"), &[]));
                Exit::Failed
            }
        }
    }

    fn write(&mut self, text: &str) {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => {}
            // The reader has read enough, as in `dpc explain
            // head`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => self.lost = Some(error),
        }
    }

    fn error_text(&self, message: &str, help: &[String]) -> String {
        let (bold, red, off) = match self.color() {
            Color::Yes => ("\x1b[1m", "\x1b[1;31m", "\x1b[0m"),
            Color::No => ("", "", ""),
        };
        let help: String = help.iter().map(|help| format!("  help: {help}\n")).collect();
        format!("{red}error{off}{bold}: {message}{off}\n{help}")
    }
}

/// Takes `--color` from a command line that is not parsed yet. anstream obeys NO_COLOR, CLICOLOR and CLICOLOR_FORCE
/// (no-color.org, bixense.com/clicolors).
pub(crate) fn apply_color_flag(words: impl Iterator<Item = OsString>) {
    let words: Vec<OsString> = words.take_while(|word| word != "--").collect();
    let spelt = words.iter().filter_map(|word| word.to_str()?.strip_prefix("--color="));
    let apart = words.windows(2).filter(|pair| pair[0] == "--color").filter_map(|pair| pair[1].to_str());
    match spelt.chain(apart).last() {
        Some("always") => ColorChoice::Always.write_global(),
        Some("never") => ColorChoice::Never.write_global(),
        _ => {}
    }
}

fn color_of(stream: &impl RawStream) -> Color {
    if AutoStream::choice(stream) == ColorChoice::Never { Color::No } else { Color::Yes }
}

fn painted(text: &StyledStr, color: Color) -> String {
    match color {
        Color::Yes => text.ansi().to_string(),
        Color::No => text.to_string(),
    }
}
