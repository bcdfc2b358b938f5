//! Docker's env files: read with the place of every part.
//!
//! In: the bytes of a file. Out: its variables in order, each with byte ranges, or every fault.
//! Rule: a line is `NAME=value`; white space before the name is dropped, the value is taken as it is: no quotes, no
//! comments behind it, no expansion. A carriage return before the newline is dropped. Empty lines and those that start with
//! `#` are skipped. Sources: Docker's reference, "docker container run", `--env-file`; what it leaves open was tried with
//! the CLIs 20.10.24 and 28.2.2.

use std::ops::Range;

use super::Refused;

/// The longest line that docker reads, in bytes, without its newline.
pub(crate) const LINE_MAX: usize = 64 * 1024 - 1;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// One variable of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// The name, before the first `=`.
    pub name: &'a str,
    /// The value, behind it.
    pub value: &'a str,
    /// The range of the name in the file.
    pub(crate) name_range: Range<usize>,
    /// The range of the value in the file.
    pub(crate) value_range: Range<usize>,
}

/// A place in an env file that docker refuses, or that would mean something else on another machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvFileFault {
    /// The range in the file.
    pub(crate) range: Range<usize>,
    /// The message: what is wrong and what to do.
    pub refused: Refused,
}

/// Returns the variables of an env file in order, or all its faults. The caller handles repeated names.
pub fn parse(bytes: &[u8]) -> Result<Vec<Variable<'_>>, Vec<EnvFileFault>> {
    let mut variables = Vec::new();
    let mut faults = Vec::new();
    for range in lines(bytes) {
        match parse_line(bytes, range) {
            Ok(variable) => variables.extend(variable),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(variables) } else { Err(faults) }
}

/// The ranges of the lines, each without its newline but with the carriage return before it.
fn lines(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    bytes.split(|&byte| byte == b'\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    })
}

fn parse_line(bytes: &[u8], range: Range<usize>) -> Result<Option<Variable<'_>>, EnvFileFault> {
    let fault = |refused| EnvFileFault { range: range.clone(), refused };
    check_length(range.len()).map_err(fault)?;
    let raw = &bytes[range.clone()];
    let text = std::str::from_utf8(raw).map_err(|error| {
        let start = range.start + error.valid_up_to();
        let end = error.error_len().map_or(range.end, |length| start + length);
        EnvFileFault {
            range: start..end,
            refused: Refused::new("an env file must be UTF-8 text, and these bytes are not"),
        }
    })?;
    let text = text.strip_suffix('\r').unwrap_or(text);
    let unmarked = if range.start == 0 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
    let content = unmarked.trim_start();
    if content.is_empty() || content.starts_with('#') {
        return Ok(None);
    }
    let content_range = range.start + text.len() - content.len()..range.start + text.len();
    variable(content, content_range).map(Some)
}

fn variable(content: &str, range: Range<usize>) -> Result<Variable<'_>, EnvFileFault> {
    let Some((name, value)) = content.split_once('=') else {
        return Err(EnvFileFault { range, refused: Refused::new(NAME_ALONE) });
    };
    let name_range = range.start..range.start + name.len();
    let value_range = name_range.end + 1..range.end;
    check_name(name).map_err(|refused| EnvFileFault {
        range: if name.is_empty() { range } else { name_range.clone() },
        refused,
    })?;
    if let Some(index) = value.find('\0') {
        let start = value_range.start + index;
        return Err(EnvFileFault {
            range: start..start + 1,
            refused: Refused::character('\0', "an env file"),
        });
    }
    Ok(Variable { name, value, name_range, value_range })
}

const NAME_ALONE: &str =
    "a name without `=` would copy the variable from whoever runs docker: write `NAME=value`";

fn check_name(name: &str) -> Result<(), Refused> {
    if name.is_empty() {
        return Err(Refused::new("the name of the variable is missing before `=`"));
    }
    if name.starts_with('#') {
        return Err(Refused::new("a name cannot start with `#` in an env file: it would be a comment"));
    }
    match name.chars().find(|&c| c.is_whitespace() || matches!(c, '=' | '\0' | BYTE_ORDER_MARK)) {
        Some(c) => Err(Refused::character(c, "the name of a variable in an env file")),
        None => Ok(()),
    }
}

fn check_length(length: usize) -> Result<(), Refused> {
    if length <= LINE_MAX {
        return Ok(());
    }
    Err(Refused::new(format!(
        "a line of {length} bytes is too long for an env file: docker reads {LINE_MAX}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(&str, &str)> {
        parse(text.as_bytes()).unwrap().into_iter().map(|variable| (variable.name, variable.value)).collect()
    }

    fn fault(bytes: &[u8]) -> (Range<usize>, String) {
        let faults = parse(bytes).unwrap_err();
        assert_eq!(faults.len(), 1);
        (faults[0].range.clone(), faults[0].refused.to_string())
    }

    #[test]
    fn values_are_taken_as_they_are() {
        assert_eq!(
            pairs("A=\"x y\"\n  B=plain # c \n# no\n\t#no\n\nC=$A=\\n\r\nD=\u{2028}\rx\nE="),
            [("A", "\"x y\""), ("B", "plain # c "), ("C", "$A=\\n"), ("D", "\u{2028}\rx"), ("E", "")]
        );
        assert_eq!(pairs(""), []);
        assert_eq!(pairs("\u{feff}A=1\n\u{a0}B=2\n"), [("A", "1"), ("B", "2")]);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "\u{feff} #x\r\n  KEY=value\r\n";
        let [variable] = &parse(text.as_bytes()).unwrap()[..] else { panic!("one variable") };
        assert_eq!(
            (&text[variable.name_range.clone()], &text[variable.value_range.clone()]),
            ("KEY", "value")
        );
    }

    #[test]
    fn faults_have_words_and_places() {
        assert_eq!(fault(b"A=1\n HOME\r\n"), (5..9, NAME_ALONE.to_owned()));
        assert_eq!(fault(b"=x"), (0..2, "the name of the variable is missing before `=`".to_owned()));
        assert_eq!(
            fault(b"A =x"),
            (0..2, "a space cannot be written in the name of a variable in an env file".to_owned())
        );
        assert_eq!(fault(b"A=1\nB=\0").0, 6..7);
        assert_eq!(fault("A=1\n\u{feff}B=1".as_bytes()).0, 4..8);
        assert_eq!(fault(b"#\xff\n").0, 1..2);
        assert_eq!(fault(b"A=\xe2\x82").0, 2..4);
        assert_eq!(parse(b"A\n=\nB C=1").unwrap_err().len(), 3);
    }

    #[test]
    fn lines_are_as_long_as_docker_reads() {
        let value = "x".repeat(LINE_MAX - 2);
        assert_eq!(pairs(&format!("A={value}\n")).len(), 1);
        let words = "a line of 65536 bytes is too long for an env file: docker reads 65535";
        assert_eq!(fault(format!("A={value}\r\n").as_bytes()), (0..65536, words.to_owned()));
    }
}
