//! The words behind `docker run` → its flags, split like docker's client does (spf13/pflag). Flags end at the first word that
//! is none.

mod document;
mod fields;
mod mounts;
mod table;

pub use document::{flags, page};
pub(crate) use fields::fields;
pub(crate) use mounts::{HostMount, MountTarget, host_file, host_mount, target};
pub(crate) use table::{Arity, InArguments, docker, either, in_arguments};

/// A flag as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flag<'w> {
    /// Its long name without dashes; as written if there is no such flag.
    pub name: &'w str,
    /// The flag as written, without its value: `-v`, `--volume`.
    pub(crate) written: String,
    /// Its value, `true` for a switch; none if it needs one and the words end.
    pub value: Option<&'w str>,
    /// Set if its value stands in the same word, behind `=`.
    pub(crate) assigned: bool,
    /// The index of its word.
    pub(crate) at: usize,
    /// The index of the word that its value ends with.
    pub(crate) value_at: usize,
    /// Set if there is such a flag.
    pub(crate) known: bool,
}

/// The flags of a command line.
#[derive(Debug, Default)]
pub(crate) struct Flags<'w> {
    /// The flags in order.
    pub(crate) flags: Vec<Flag<'w>>,
    /// The index of the word that ends them: `--`, or the first that is no flag.
    pub(crate) end: usize,
}

/// Returns the arity of a flag; none if there is no such flag.
type ArityLookup = fn(&str) -> Option<Arity>;

/// Takes words apart.
pub(crate) fn read<'w>(words: impl IntoIterator<Item = &'w str>, takes: ArityLookup) -> Flags<'w> {
    let words: Vec<&str> = words.into_iter().collect();
    let mut reader = FlagReader { words, takes, next: 0, flags: Vec::new() };
    while let Some(word) = reader.words.get(reader.next).copied() {
        match word.strip_prefix("--") {
            Some("") => break,
            Some(long) => reader.long(long),
            None if word.starts_with('-') && word.len() > 1 => reader.short(&word[1..]),
            None => break,
        }
    }
    Flags { flags: reader.flags, end: reader.next }
}

impl<'w> Flags<'w> {
    /// Returns the flags that lead docker, or its client, to a path of the host, with that path; docker's own volumes are none.
    pub(crate) fn host_paths(&self) -> impl Iterator<Item = (&Flag<'w>, HostMount)> {
        self.flags.iter().flat_map(|flag| {
            let mount = host_mount(flag).and_then(Result::ok).filter(|mount| !mount.is_named);
            let file = host_file(flag).and_then(Result::ok);
            let file =
                file.map(|(from, _)| HostMount { from, writable: false, is_named: false, label: None });
            mount.into_iter().chain(file).map(move |mount| (flag, mount))
        })
    }
}

struct FlagReader<'w> {
    words: Vec<&'w str>,
    takes: ArityLookup,
    /// The first word that was not read.
    next: usize,
    flags: Vec<Flag<'w>>,
}

impl<'w> FlagReader<'w> {
    fn long(&mut self, text: &'w str) {
        let at = self.step();
        let (written, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        let name = table::long_name(written);
        let arity = (self.takes)(name);
        let assigned = value.is_some();
        let value = value.or_else(|| match arity {
            Some(Arity::Value) => self.following(),
            _ => Some("true"),
        });
        let written = format!("--{written}");
        self.flags.push(Flag {
            name,
            written,
            value,
            assigned,
            at,
            value_at: self.next - 1,
            known: arity.is_some(),
        });
    }

    /// `-itd`, `-p8080:80`, `-p=8080:80`, `-p 8080:80`.
    fn short(&mut self, text: &'w str) {
        let at = self.step();
        for (start, letter) in text.char_indices() {
            let behind = &text[start + letter.len_utf8()..];
            let name = table::short(letter);
            let switch = name.is_none_or(|name| (self.takes)(name) == Some(Arity::Switch));
            let assigned = behind.strip_prefix('=').filter(|value| !value.is_empty());
            let value = match (assigned, behind) {
                (Some(value), _) => Some(value),
                _ if switch => Some("true"),
                (None, "") => self.following(),
                (None, behind) => Some(behind),
            };
            let (known, written) = (name.is_some(), format!("-{letter}"));
            let name = name.unwrap_or(&text[start..start + letter.len_utf8()]);
            let assigned = known && assigned.is_some();
            self.flags.push(Flag { name, written, value, assigned, at, value_at: self.next - 1, known });
            if assigned || !switch {
                return;
            }
        }
    }

    fn step(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn following(&mut self) -> Option<&'w str> {
        let value = self.words.get(self.next).copied()?;
        self.next += 1;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(words: &[&'static str]) -> Vec<(&'static str, Option<&'static str>)> {
        let read = read(words.iter().copied(), docker);
        assert_eq!(read.end, words.len(), "{words:?}");
        read.flags.into_iter().map(|flag| (flag.name, flag.value)).collect()
    }

    #[test]
    fn reads_flags_as_docker_does() {
        for words in
            [&["-v", "/a:/b"][..], &["-v/a:/b"], &["-v=/a:/b"], &["--volume", "/a:/b"], &["--volume=/a:/b"]]
        {
            assert_eq!(read_all(words), [("volume", Some("/a:/b"))], "{words:?}");
        }
        assert_eq!(
            read_all(&["-itv/a:/b", "--net=host"]),
            [
                ("interactive", Some("true")),
                ("tty", Some("true")),
                ("volume", Some("/a:/b")),
                ("network", Some("host"))
            ]
        );
        // Any next word is a value, even one that looks like a flag.
        assert_eq!(read_all(&["-e", "-v", "-P"]), [("env", Some("-v")), ("publish-all", Some("true"))]);
        assert_eq!(read_all(&["-v="]), [("volume", Some("="))]);
        assert_eq!(read_all(&["-t=false", "--rm=0"]), [("tty", Some("false")), ("rm", Some("0"))]);
        assert_eq!(read_all(&["--mount"]), [("mount", None)]);
    }

    #[test]
    fn flags_end_where_docker_ends_them() {
        for (words, end) in
            [(&["--init", "--", "-v"][..], 1), (&["--init", "image", "-v"], 1), (&["-"], 0), (&[""], 0)]
        {
            assert_eq!(read(words.iter().copied(), docker).end, end, "{words:?}");
        }
    }

    #[test]
    fn tells_what_docker_does_not_have() {
        let read = read(["--replace", "-z", "--new=1"], docker);
        assert!(read.flags.iter().all(|flag| !flag.known) && read.flags.len() == 3);
    }
}
