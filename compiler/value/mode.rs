//! Modes of files and directories: `0644`, `750` (chmod(1), numeric mode).

use super::{Invalid, quoted};
use std::fmt;

/// The permission bits of a file or a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mode(u16);

impl Mode {
    /// A file that everybody reads.
    pub(crate) const FILE: Self = Self(0o644);
    /// A directory that everybody may write to, but where nobody can remove files of others.
    pub const STICKY: Self = Self(0o1777);

    /// Reads the mode of a file: only read, write and execute.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let mode = octal(text)?;
        match mode.0 & 0o7000 {
            0 => Ok(mode),
            bits => Err(Invalid::new(format!("the mode {} makes a file {}", quoted(text), special(bits)))
                .write(Self(mode.0 & 0o777))),
        }
    }

    /// Reads the mode of a directory, for which setgid and sticky have a use.
    pub(crate) fn parse_directory(text: &str) -> Result<Self, Invalid> {
        let mode = octal(text)?;
        match mode.0 & 0o4000 {
            0 => Ok(mode),
            _ => Err(Invalid::new(format!(
                "the mode {} makes a directory setuid, which does nothing",
                quoted(text)
            ))
            .write(Self(mode.0 & 0o3777))),
        }
    }

    /// The bits.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

fn octal(text: &str) -> Result<Mode, Invalid> {
    let digits =
        |text: &str| matches!(text.len(), 3 | 4) && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    if digits(text) {
        u16::from_str_radix(text, 8).map(Mode).map_err(|_| no_mode(text, None))
    } else {
        Err(no_mode(
            text,
            text.strip_prefix("0o").filter(|behind| digits(behind)).map(str::to_owned).or(symbolic(text)),
        ))
    }
}

fn no_mode(text: &str, instead: Option<String>) -> Invalid {
    Invalid::new(format!("{} is not a mode", quoted(text)))
        .write_or(instead, "write three or four octal digits, for example `0644`")
}

/// `rw-r--r--` as ls(1) prints it, in digits.
fn symbolic(text: &str) -> Option<String> {
    let flags = text.as_bytes();
    let flags = if flags.len() == 10 { &flags[1..] } else { flags };
    if flags.len() != 9 {
        return None;
    }
    let bits = flags.iter().zip(b"rwx".iter().cycle()).try_fold(0u16, |bits, (flag, name)| match *flag {
        b'-' => Some(bits << 1),
        flag if flag == *name => Some(bits << 1 | 1),
        _ => None,
    });
    bits.map(|bits| Mode(bits).to_string())
}

fn special(bits: u16) -> &'static str {
    match bits {
        0o1000 => "sticky, which does nothing",
        bits if bits & 0o4000 != 0 => "setuid",
        _ => "setgid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Mode::parse,
            &[("0644", "0644"), ("644", "0644"), ("0600", "0600"), ("0000", "0000"), ("777", "0777")],
        );
        accepted(Mode::parse_directory, &[("0750", "0750"), ("1777", "1777"), ("2775", "2775")]);
    }

    #[test]
    fn refuses() {
        let digits = "write three or four octal digits, for example `0644`";
        refused(
            Mode::parse,
            &[
                ("", "`` is not a mode", digits),
                ("64", "`64` is not a mode", digits),
                ("00644", "`00644` is not a mode", digits),
                ("0888", "`0888` is not a mode", digits),
                ("0o644", "`0o644` is not a mode", "write `644`"),
                ("rw-r--r--", "`rw-r--r--` is not a mode", "write `0644`"),
                ("-rwxr-x---", "`-rwxr-x---` is not a mode", "write `0750`"),
                ("rwxrwxrwt", "`rwxrwxrwt` is not a mode", digits),
                ("u=rw", "`u=rw` is not a mode", digits),
                ("+644", "`+644` is not a mode", digits),
                ("4755", "the mode `4755` makes a file setuid", "write `0755`"),
                ("2755", "the mode `2755` makes a file setgid", "write `0755`"),
                ("1755", "the mode `1755` makes a file sticky, which does nothing", "write `0755`"),
            ],
        );
        refused(
            Mode::parse_directory,
            &[("6775", "the mode `6775` makes a directory setuid, which does nothing", "write `2775`")],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(bits in 0u16..0o1000, text in "[0-9a-z-]{0,10}") {
            prop_assert_eq!(Mode::parse(&Mode(bits).to_string()), Ok(Mode(bits)));
            round_trips(Mode::parse, &text);
            round_trips(Mode::parse_directory, &text);
        }
    }
}
