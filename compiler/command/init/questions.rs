//! Asks on a terminal. Everywhere else it takes the proposal.

use super::super::Exit;
use super::super::terminal::Terminal;
use std::io::{self, BufRead, IsTerminal};

/// Asks questions on a terminal.
pub(crate) struct Questions {
    asks: bool,
    begun: bool,
}

impl Questions {
    /// Asks if stdin and stderr are a terminal, unless `--yes` answers everything.
    pub(super) fn new(yes: bool) -> Self {
        Self { asks: !yes && io::stdin().is_terminal() && io::stderr().is_terminal(), begun: false }
    }

    /// Returns the answer to one question: `given` on the command line, typed, or `proposed`. A wrong one is refused with its
    /// reason, and asked for again if possible.
    pub(crate) fn ask<T>(
        &mut self,
        question: &str,
        given: Option<&str>,
        proposed: &str,
        read: impl Fn(&str) -> Result<T, String>,
        terminal: &mut Terminal,
    ) -> Result<T, Exit> {
        if let Some(given) = given {
            return read(given).map_err(|why| terminal.error(&why, &[]));
        }
        if !self.asks {
            return read(proposed).map_err(|why| terminal.error(&why, &[]));
        }
        self.begin(terminal);
        loop {
            terminal.say(&format!("{question} [{proposed}]: "));
            let line = self.line(terminal)?;
            let answer = line.trim();
            match read(if answer.is_empty() { proposed } else { answer }) {
                Ok(value) => return Ok(value),
                Err(why) => terminal.say(&format!("  {why}\n")),
            }
        }
    }

    /// Asks for consent; Enter gives it. False if nobody is there.
    pub(crate) fn agrees(&mut self, question: &str, terminal: &mut Terminal) -> Result<bool, Exit> {
        if !self.asks {
            return Ok(false);
        }
        self.begin(terminal);
        self.yes(question, terminal)
    }

    fn yes(&self, question: &str, terminal: &mut Terminal) -> Result<bool, Exit> {
        loop {
            terminal.say(&format!("{question} [Y/n]: "));
            match self.line(terminal)?.trim().to_lowercase().as_str() {
                "" | "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => terminal.say("  answer `y` or `n`\n"),
            }
        }
    }

    fn begin(&mut self, terminal: &Terminal) {
        if !std::mem::replace(&mut self.begun, true) {
            terminal
                .say("Enter takes what stands in brackets; nothing is written before you have seen it.\n");
        }
    }

    /// Shows the files and asks whether to write them.
    pub(crate) fn confirm(&mut self, files: &[(String, &str)], terminal: &mut Terminal) -> Result<(), Exit> {
        if !self.asks {
            return Ok(());
        }
        for (path, text) in files {
            terminal.say(&format!("\n--- {path}\n{text}"));
        }
        if self.yes("\nwrite this?", terminal)? { Ok(()) } else { Err(stopped(terminal)) }
    }

    fn line(&self, terminal: &mut Terminal) -> Result<String, Exit> {
        let mut line = Vec::new();
        match io::stdin().lock().read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => {
                terminal.say("\n");
                Err(stopped(terminal))
            }
            Ok(_) => Ok(String::from_utf8_lossy(&line).into_owned()),
        }
    }
}

fn stopped(terminal: &mut Terminal) -> Exit {
    terminal.say("nothing was written\n");
    Exit::Failed
}
