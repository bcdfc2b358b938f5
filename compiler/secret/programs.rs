//! The words of a command → the passwords behind flags whose names do not show it: `mysql -px`, `curl -u me:x`. The `-p 8080`
//! of another program is none.

use super::name::is_reference;
use std::ops::Range;

/// The state of reading a command word by word.
#[derive(Default)]
pub(crate) struct Programs {
    flags: &'static [PasswordFlag],
    /// The part of the next word that is secret.
    next: Option<SecretPart>,
}

impl Programs {
    /// Returns the range of the next word that is secret.
    pub(super) fn word(&mut self, word: &str) -> Option<Range<usize>> {
        if let Some(part) = self.next.take().filter(|_| !word.starts_with('-') && !is_reference(word)) {
            return part.within(word, 0);
        }
        if matches!(word, "|" | "||" | "&&" | "&") {
            *self = Self::default();
        }
        let name = word.rsplit('/').next().unwrap_or(word);
        if let Some((_, flags)) = PROGRAMS.iter().find(|(names, _)| names.contains(&name)) {
            self.flags = flags;
            return None;
        }
        self.flags.iter().find_map(|flag| self.next_or_joined(flag, word))
    }

    /// Returns whether a password follows a flag without a space.
    pub(crate) fn joins(&self, word: &str) -> bool {
        self.flags.iter().any(|flag| flag.joined && flag.name == word)
    }

    fn next_or_joined(&mut self, flag: &PasswordFlag, word: &str) -> Option<Range<usize>> {
        // `curl -fsu me:x`: the last of several short flags takes the next word.
        let (last, is_user) = (flag.name.chars().last(), matches!(flag.part, SecretPart::Behind(_)));
        let is_bundle = is_user && flag.name.len() == 2 && word.len() > 2 && word.ends_with(last?);
        if is_bundle && word[1..].bytes().all(|byte| byte.is_ascii_alphabetic()) && word.starts_with('-') {
            self.next = Some(flag.part);
            return None;
        }
        let rest = word.strip_prefix(flag.name)?;
        if rest.is_empty() {
            self.next = flag.apart.then_some(flag.part);
            return None;
        }
        let start = if flag.name.starts_with("--") { rest.starts_with('=').then_some(1)? } else { 0 };
        let is_secret = (flag.joined || start == 1) && !is_reference(&rest[start..]);
        is_secret.then(|| flag.part.within(word, flag.name.len() + start)).flatten()
    }
}

/// A flag that takes a password.
#[derive(Clone, Copy)]
struct PasswordFlag {
    name: &'static str,
    /// Set if the password may follow in the next word.
    apart: bool,
    /// Set if it may follow in the same word.
    joined: bool,
    part: SecretPart,
}

/// The part of a value that is secret.
#[derive(Clone, Copy)]
enum SecretPart {
    Whole,
    /// The part behind the first of these.
    Behind(char),
}

impl SecretPart {
    fn within(self, word: &str, from: usize) -> Option<Range<usize>> {
        let start = match self {
            SecretPart::Whole => from,
            SecretPart::Behind(separator) => from + word[from..].find(separator)? + separator.len_utf8(),
        };
        Some(start..word.len())
    }
}

const fn flag(name: &'static str, apart: bool, joined: bool, part: SecretPart) -> PasswordFlag {
    PasswordFlag { name, apart, joined, part }
}

const fn either(name: &'static str) -> PasswordFlag {
    flag(name, true, true, SecretPart::Whole)
}

const fn apart(name: &'static str) -> PasswordFlag {
    flag(name, true, false, SecretPart::Whole)
}

const fn joined(name: &'static str) -> PasswordFlag {
    flag(name, false, true, SecretPart::Whole)
}

const fn user(name: &'static str, separator: char) -> PasswordFlag {
    flag(name, true, true, SecretPart::Behind(separator))
}

/// Programs by name, with their flags. `login` is a command of docker, podman, helm and others.
const PROGRAMS: &[(&[&str], &[PasswordFlag])] = &[
    (
        &[
            "mysql",
            "mysqladmin",
            "mysqlbinlog",
            "mysqlcheck",
            "mysqldump",
            "mysqlimport",
            "mysqlpump",
            "mysqlsh",
            "mysqlshow",
            "mysqlslap",
            "mariabackup",
            "mariadb",
            "mariadb-admin",
            "mariadb-backup",
            "mariadb-check",
            "mariadb-dump",
            "mariadb-import",
            "mariadb-show",
            "7z",
            "7za",
            "7zz",
        ],
        &[joined("-p")],
    ),
    (
        &[
            "sshpass",
            "cqlsh",
            "mongo",
            "mongodump",
            "mongoexport",
            "mongofiles",
            "mongoimport",
            "mongorestore",
            "mongosh",
            "mongostat",
            "mongotop",
        ],
        &[either("-p")],
    ),
    (&["redis-cli", "redis-benchmark", "valkey-cli", "valkey-benchmark", "keydb-cli"], &[either("-a")]),
    (&["ssh", "scp", "sftp", "rsync"], &[]),
    (&["login"], &[apart("-p")]),
    (&["openssl"], &[apart("-k"), apart("-K")]),
    (&["plink", "pscp", "psftp"], &[apart("-pw")]),
    (
        &["bcp", "ipmitool", "mosquitto_pub", "mosquitto_sub", "sqlcmd", "tsql", "unzip", "zip"],
        &[either("-P")],
    ),
    (&["ldapadd", "ldapdelete", "ldapmodify", "ldappasswd", "ldapsearch", "ldapwhoami"], &[either("-w")]),
    (&["curl"], &[user("-u", ':'), user("--user", ':'), user("-U", ':'), user("--proxy-user", ':')]),
    (&["xh", "httpie"], &[user("-a", ':'), user("--auth", ':')]),
    (&["smbclient"], &[user("-U", '%'), user("--user", '%')]),
    (&["lftp"], &[user("-u", ',')]),
];
