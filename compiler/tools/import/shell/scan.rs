//! The state of reading a text word by word.

use super::{ShellCommand, ShellWord, placeholder};

/// A text that is being read.
pub(crate) struct Scan<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    line: u32,
    word: String,
    quoted: bool,
    /// Set once a word has begun: quotes make an empty one.
    open: bool,
    started: u32,
    /// Set if the next word belongs to a redirection.
    redirects: bool,
    command: ShellCommand,
    commands: Vec<ShellCommand>,
}

type ScanFault = (u32, String);

impl<'t> Scan<'t> {
    /// Begins at the start of a text.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars().peekable(),
            line: 1,
            word: String::new(),
            quoted: false,
            open: false,
            started: 1,
            redirects: false,
            command: ShellCommand::default(),
            commands: Vec::new(),
        }
    }

    /// Every command of the text.
    pub(crate) fn commands(mut self) -> Result<Vec<ShellCommand>, ScanFault> {
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape(),
                '\'' => self.single()?,
                '"' => self.double()?,
                '$' => self.dollar(false)?,
                '`' => self.substitution('`', false)?,
                ' ' | '\t' => self.end_word(),
                '#' if !self.open => self.comment(),
                '\n' | ';' | '&' | '|' | '(' | ')' => self.operator(c),
                '<' | '>' => self.redirection(c),
                c => self.push(c),
            }
        }
        self.end_command();
        Ok(self.commands)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.line += u32::from(c == '\n');
        Some(c)
    }

    fn push(&mut self, c: char) {
        if !self.open {
            self.open = true;
            self.started = self.line;
        }
        self.word.push(c);
    }

    fn quote(&mut self) -> u32 {
        if !self.open {
            self.open = true;
            self.started = self.line;
        }
        self.quoted = true;
        self.line
    }

    fn escape(&mut self) {
        match self.next() {
            // A blank behind the backslash is left over from pasting: the line was meant to continue.
            Some(' ' | '\t') if self.blank_to_line_end() => {
                while self.next().is_some_and(|c| c != '\n') {}
                self.after_continuation();
            }
            Some('\n') => self.after_continuation(),
            Some(c) => {
                self.push(c);
                self.quoted = true;
            }
            None => {}
        }
    }

    /// For a shell, a comment on a line of its own between continued lines ends the command. Writers mean it to continue.
    fn after_continuation(&mut self) {
        while !self.open {
            let mut ahead = self.rest.clone().skip_while(|c| *c == ' ' || *c == '\t');
            if ahead.next() != Some('#') {
                return;
            }
            let mut last = '#';
            for c in ahead.by_ref().take_while(|c| *c != '\n') {
                last = if c == ' ' || c == '\t' { last } else { c };
            }
            let next = ahead.find(|c| *c != ' ' && *c != '\t');
            if !matches!(next, Some('-' | '#')) && last != '\\' {
                return;
            }
            while self.next().is_some_and(|c| c != '\n') {}
        }
    }

    fn blank_to_line_end(&self) -> bool {
        let ahead = self.rest.clone().find(|c| *c != ' ' && *c != '\t');
        matches!(ahead, Some('\n') | None)
    }

    fn single(&mut self) -> Result<(), ScanFault> {
        let line = self.quote();
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some(c) => self.word.push(c),
                None => return Err((line, "`'` is not closed".to_string())),
            }
        }
    }

    fn double(&mut self) -> Result<(), ScanFault> {
        let line = self.quote();
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') => match self.next() {
                    Some('\n') => {}
                    Some(c @ ('$' | '`' | '"' | '\\')) => self.word.push(c),
                    Some(c) => self.word.extend(['\\', c]),
                    None => {}
                },
                Some('$') => self.dollar(true)?,
                Some('`') => self.substitution('`', true)?,
                Some(c) => self.word.push(c),
                None => return Err((line, "`\"` is not closed".to_string())),
            }
        }
    }

    fn dollar(&mut self, in_quotes: bool) -> Result<(), ScanFault> {
        match self.rest.peek() {
            Some('(') => {
                self.next();
                self.substitution(')', in_quotes)
            }
            Some('{') => self.braced(),
            Some(c) if c.is_ascii_alphabetic() || *c == '_' => {
                let mut name = String::new();
                while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                self.parameter(&name);
                Ok(())
            }
            Some('\'') if !in_quotes => {
                self.next();
                self.ansi()
            }
            _ => {
                self.push('$');
                Ok(())
            }
        }
    }

    /// `$'…'` of bash: as single quotes, with escapes.
    fn ansi(&mut self) -> Result<(), ScanFault> {
        let line = self.quote();
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some('\\') => match self.next() {
                    Some('n') => self.word.push('\n'),
                    Some('t') => self.word.push('\t'),
                    Some(c) => self.word.push(c),
                    None => {}
                },
                Some(c) => self.word.push(c),
                None => return Err((line, "`$'` is not closed".to_string())),
            }
        }
    }

    fn braced(&mut self) -> Result<(), ScanFault> {
        let line = self.line;
        self.next();
        let mut inside = String::new();
        let mut depth = 1;
        loop {
            match self.next() {
                Some('{') => {
                    depth += 1;
                    inside.push('{');
                }
                Some('}') if depth == 1 => break,
                Some('}') => {
                    depth -= 1;
                    inside.push('}');
                }
                Some(c) => inside.push(c),
                None => return Err((line, "`${` is not closed".to_string())),
            }
        }
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
        match inside[end..].strip_prefix(":-").or_else(|| inside[end..].strip_prefix('-')) {
            // The default is the value that the writer expects where nothing is set.
            Some(default) if !default.contains('$') => default.chars().for_each(|c| self.push(c)),
            _ => self.parameter(&inside[..end]),
        }
        Ok(())
    }

    fn parameter(&mut self, name: &str) {
        match name {
            "PWD" | "pwd" => self.push('.'),
            name => placeholder(name).chars().for_each(|c| self.push(c)),
        }
    }

    /// `$(…)` or a pair of backquotes. Only `pwd` has a known value, and a comment has none; anything else becomes a variable
    /// to fill in, whose name is the whole command: two that begin alike stay two.
    fn substitution(&mut self, close: char, in_quotes: bool) -> Result<(), ScanFault> {
        let line = self.line;
        let mut inside = String::new();
        let mut depth = 0;
        loop {
            match self.next() {
                Some(c) if c == close && depth == 0 => break,
                Some('\\') if close == '`' => inside.extend(self.next()),
                Some(c) => {
                    depth += i32::from(close == ')' && c == '(') - i32::from(close == ')' && c == ')');
                    inside.push(c);
                }
                None => return Err((line, "a command substitution is not closed".to_string())),
            }
        }
        // Writers mark flags that may be left out with `#optional` in backquotes.
        if inside.trim_start().starts_with('#') && !inside.contains('\n') {
            return Ok(());
        }
        if !in_quotes && !self.open {
            self.started = self.line;
        }
        self.open = true;
        match inside.trim() {
            "pwd" | "pwd -P" => self.word.push('.'),
            inside => {
                let name: String =
                    inside.chars().filter(|c| !('\u{e000}'..='\u{e003}').contains(c)).collect();
                self.word.push_str(&placeholder(&name));
            }
        }
        Ok(())
    }

    fn comment(&mut self) {
        while self.rest.next_if(|c| *c != '\n').is_some() {}
    }

    fn operator(&mut self, c: char) {
        self.end_word();
        if c == '|' && self.rest.peek() != Some(&'|') && !self.command.words.is_empty() {
            let pipe = ShellWord { text: "|".into(), line: self.line, quoted: false };
            self.command.plumbing.push(pipe);
        }
        self.end_command();
    }

    fn redirection(&mut self, c: char) {
        // `2>` names a descriptor, which is no word.
        if self.open && !self.quoted && self.word.bytes().all(|byte| byte.is_ascii_digit()) {
            self.open = false;
            self.word.clear();
        }
        self.end_word();
        let mut text = String::from(c);
        while let Some(c) = self.rest.next_if(|c| matches!(c, '<' | '>' | '&' | '|')) {
            text.push(c);
        }
        self.command.plumbing.push(ShellWord { text, line: self.line, quoted: false });
        self.redirects = true;
    }

    fn end_word(&mut self) {
        if !self.open {
            return;
        }
        let word = ShellWord {
            text: std::mem::take(&mut self.word),
            line: self.started,
            quoted: std::mem::take(&mut self.quoted),
        };
        self.open = false;
        if std::mem::take(&mut self.redirects) {
            if let Some(last) = self.command.plumbing.last_mut() {
                last.text.push_str(&word.text);
            }
            return;
        }
        self.command.words.push(word);
    }

    fn end_command(&mut self) {
        self.end_word();
        let command = std::mem::take(&mut self.command);
        if !command.words.is_empty() {
            self.commands.push(command);
        }
    }
}
