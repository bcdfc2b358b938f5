//! Users: of a container's process (`1000`, `1000:1000`, `node`), and owners of directories of a host.

use super::{Invalid, quoted};
use std::{fmt, sync::Arc};

/// The user of a container's process, with an optional group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct User {
    /// The user.
    pub(crate) user: Account,
    /// The group; without one the engine takes the user's own from the image.
    pub(crate) group: Option<Account>,
}

/// A user or a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A number: the same in the image and on the host.
    Number(u32),
    /// A name, which the image's `/etc/passwd` or `/etc/group` turns into a number.
    Name(Arc<str>),
}

impl User {
    /// Reads `user` or `user:group`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (user, group) = match text.split_once(':') {
            Some((user, group)) => (user, Some(Account::parse(group, "group")?)),
            None => (text, None),
        };
        Ok(Self { user: Account::parse(user, "user")?, group })
    }

    /// Returns the user as the owner of a directory on a host; none if the user or the group is a name.
    pub(crate) fn owner(&self) -> Option<Owner> {
        let number = |account: &Account| match account {
            Account::Number(number) => Some(*number),
            Account::Name(_) => None,
        };
        let gid = self.group.as_ref().map(number);
        gid.is_none_or(|gid| gid.is_some())
            .then(|| Some(Owner { uid: number(&self.user)?, gid: gid.flatten() }))
            .flatten()
    }

    /// Returns whether this is root; `None` if only the image knows.
    pub(crate) fn is_root(&self) -> Option<bool> {
        match &self.user {
            Account::Number(number) => Some(*number == 0),
            Account::Name(name) => (&**name == "root").then_some(true),
        }
    }
}

impl Account {
    /// Reads a group.
    pub(crate) fn parse_group(text: &str) -> Result<Self, Invalid> {
        Self::parse(text, "group")
    }

    fn parse(text: &str, kind: &str) -> Result<Self, Invalid> {
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return number(text, kind).map(Self::Number);
        }
        let help = format!(
            "write a number such as `1000`, or a name of the image's `/etc/{}`",
            if kind == "user" { "passwd" } else { "group" }
        );
        if text.is_empty() {
            return Err(Invalid::new(format!("the {kind} is empty")).help(help));
        }
        if !is_name(text) {
            return Err(Invalid::new(format!("{} is not the name of a {kind}", quoted(text))).help(help));
        }
        Ok(Self::Name(Arc::from(text)))
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.user.fmt(f)?;
        self.group.iter().try_for_each(|group| write!(f, ":{group}"))
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// The owner of a directory or file on a host, by number: a name has one number on the host and another in the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// The user.
    pub(crate) uid: u32,
    /// The group; without one the group of the file stays.
    pub(crate) gid: Option<u32>,
}

impl Owner {
    /// Reads `uid` or `uid:gid`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let part = |part: &str, kind| {
            if part.starts_with(|c: char| c.is_ascii_digit()) {
                number(part, kind)
            } else {
                Err(Invalid::new(format!("the owner {} is not numeric", quoted(text)))
            .help("write numbers such as `1000:1000`: a name means another number on the host than in the image"))
            }
        };
        let (uid, gid) = text.split_once(':').map_or((text, None), |(uid, gid)| (uid, Some(gid)));
        Ok(Self { uid: part(uid, "user")?, gid: gid.map(|gid| part(gid, "group")).transpose()? })
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.uid.fmt(f)?;
        self.gid.iter().try_for_each(|gid| write!(f, ":{gid}"))
    }
}

/// The engine takes numbers up to 2^31 - 1 (moby/sys, `user`: `maxID`).
fn number(text: &str, kind: &str) -> Result<u32, Invalid> {
    let fault = |what: &str| Invalid::new(format!("the {kind} {} {what}", quoted(text)));
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fault("starts as a number and goes on as a name").help("write a number such as `1000`"));
    }
    if text.len() > 1 && text.starts_with('0') {
        let plain = text.trim_start_matches('0');
        return Err(fault("starts with a zero").write(if plain.is_empty() { "0" } else { plain }));
    }
    let number = text.parse().ok().filter(|number| *number <= i32::MAX.unsigned_abs());
    number.ok_or_else(|| fault("is too large").help("write a number up to `2147483647`"))
}

/// Reads names like `useradd --badname`: a letter or `_` first, then digits, `.`, `-` too, at most 32 characters.
fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('$').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.len() <= 32
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            User::parse,
            &[
                ("1000", "1000"),
                ("1000:1000", "1000:1000"),
                ("node", "node"),
                ("node:node", "node:node"),
                ("0", "0"),
                ("www-data:33", "www-data:33"),
                ("2147483647", "2147483647"),
                ("_apt", "_apt"),
                ("Web.User", "Web.User"),
            ],
        );
        accepted(Owner::parse, &[("1000", "1000"), ("1000:1000", "1000:1000"), ("0:0", "0:0")]);
    }

    #[test]
    fn refuses() {
        let user = "write a number such as `1000`, or a name of the image's `/etc/passwd`";
        let group = "write a number such as `1000`, or a name of the image's `/etc/group`";
        let numbers =
            "write numbers such as `1000:1000`: a name means another number on the host than in the image";
        refused(
            User::parse,
            &[
                ("", "the user is empty", user),
                (":", "the group is empty", group),
                (":1000", "the user is empty", user),
                ("1000:", "the group is empty", group),
                ("-1", "`-1` is not the name of a user", user),
                ("a b", "`a b` is not the name of a user", user),
                ("a:b:c", "`b:c` is not the name of a group", group),
                (
                    "1000a",
                    "the user `1000a` starts as a number and goes on as a name",
                    "write a number such as `1000`",
                ),
                ("0100", "the user `0100` starts with a zero", "write `100`"),
                ("00", "the user `00` starts with a zero", "write `0`"),
                ("2147483648", "the user `2147483648` is too large", "write a number up to `2147483647`"),
                ("1:4294967296", "the group `4294967296` is too large", "write a number up to `2147483647`"),
                ("{{ x }}", "`{{ x }}` is not the name of a user", user),
            ],
        );
        refused(
            Owner::parse,
            &[
                ("node", "the owner `node` is not numeric", numbers),
                ("1000:node", "the owner `1000:node` is not numeric", numbers),
                ("", "the owner `` is not numeric", numbers),
                ("1000:", "the owner `1000:` is not numeric", numbers),
                ("01", "the user `01` starts with a zero", "write `1`"),
            ],
        );
    }

    #[test]
    fn knows_root() {
        for (text, root) in [
            ("0", Some(true)),
            ("0:1000", Some(true)),
            ("root", Some(true)),
            ("1000:0", Some(false)),
            ("node", None),
        ] {
            assert_eq!(User::parse(text).unwrap().is_root(), root, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "([1-9][0-9]{0,8}|[a-z_][a-z0-9_.-]{0,30})(:([1-9][0-9]{0,8}|[a-z_][a-z0-9_.-]{0,30}))?") {
            prop_assert!(round_trips(User::parse, &text));
            round_trips(Owner::parse, &text);
        }

        #[test]
        fn any_text(text in "[0-9a-z:$]{0,12}|\\PC*") {
            round_trips(User::parse, &text);
            round_trips(Owner::parse, &text);
        }
    }
}
