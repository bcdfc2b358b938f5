//! Limits of a container's processes: `nofile=1024:2048`, `core=-1`.
//!
//! The grammar is that of docker's `--ulimit` (go-units, `ParseUlimit`); getrlimit(2) says what each limit
//! means.

use super::{Invalid, quoted, suggest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A limit of setrlimit(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ulimit {
    /// The name as docker knows it.
    pub name: Resource,
    /// The soft limit; -1 for none.
    pub soft: Limit,
    /// The hard limit; -1 for none.
    pub hard: Limit,
}

/// The name of a limit that docker knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource(&'static str);

/// The value of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Bytes, files, processes or seconds, whatever the limit counts; at most `i64::MAX`.
    Amount(u64),
    /// Without end; more than any amount.
    Unlimited,
}

impl Ulimit {
    /// Reads `name=soft` or `name=soft:hard`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((name, limits)) = text.split_once('=') else {
            return Err(Invalid::new(format!("{} has no limit", quoted(text)))
                .help("write for example `nofile=1024:2048`"));
        };
        let (soft, hard) = limits.split_once(':').map_or((limits, None), |(soft, hard)| (soft, Some(hard)));
        Self::new(name, Limit::parse(soft)?, hard.map(Limit::parse).transpose()?)
    }

    /// Reads the limit of this name. Without a hard limit, it is the soft one.
    pub fn new(name: &str, soft: Limit, hard: Option<Limit>) -> Result<Self, Invalid> {
        let name = Resource::parse(name)?;
        let hard = hard.unwrap_or(soft);
        if soft <= hard {
            Ok(Self { name, soft, hard })
        } else {
            Err(Invalid::new(format!("the soft limit `{soft}` of `{name}` is above the hard limit `{hard}`"))
                .write(format_args!("{name}={hard}:{soft}")))
        }
    }
}

impl Resource {
    /// Reads the name of a limit.
    pub fn parse(name: &str) -> Result<Self, Invalid> {
        NAMES.into_iter().find(|known| *known == name).map(Self).ok_or_else(|| unknown(name))
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Limit {
    /// Reads the limit of a number; -1 is none.
    pub fn of(number: i64) -> Option<Self> {
        match number {
            -1 => Some(Self::Unlimited),
            _ => u64::try_from(number).ok().map(Self::Amount),
        }
    }

    /// Returns the limit as a number; -1 for none.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Amount(amount) => i64::try_from(amount).unwrap_or(i64::MAX),
            Self::Unlimited => -1,
        }
    }

    /// Reads an amount, or `-1` for none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_plain = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'));
        match text {
            "-1" => Ok(Self::Unlimited),
            "unlimited" | "infinity" => {
                Err(Invalid::new(format!("{} is not a limit", quoted(text))).write(Self::Unlimited))
            }
            _ if !is_plain => Err(Invalid::new(format!("{} is not a limit", quoted(text)))
                .help("write a number, or `-1` for no limit")),
            _ => match text.parse::<i64>() {
                Ok(amount) => Ok(Self::Amount(amount.unsigned_abs())),
                Err(_) => Err(Invalid::new(format!("{} is more than docker can count", quoted(text)))
                    .help("write `-1` for no limit")),
            },
        }
    }
}

impl fmt::Display for Ulimit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}={}:{}", self.name, self.soft, self.hard)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Amount(amount) => amount.fmt(f),
            Self::Unlimited => f.write_str("-1"),
        }
    }
}

/// The limits that docker sets: all but `as`.
const NAMES: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

fn unknown(name: &str) -> Invalid {
    let invalid = Invalid::new(format!("docker sets no limit {}", quoted(name)));
    let bare = name.strip_prefix("RLIMIT_").or(name.strip_prefix("Limit")).unwrap_or(name);
    invalid.write_or(
        suggest::nearest(bare, NAMES),
        &format!("docker sets {}", NAMES.map(|name| format!("`{name}`")).join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Ulimit::parse,
            &[
                ("nofile=1024:2048", "nofile=1024:2048"),
                ("nofile=1024", "nofile=1024:1024"),
                ("core=-1", "core=-1:-1"),
                ("memlock=0:-1", "memlock=0:-1"),
                ("nofile=9223372036854775807", "nofile=9223372036854775807:9223372036854775807"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let known = "docker sets `core`, `cpu`, `data`, `fsize`, `locks`, `memlock`, `msgqueue`, `nice`, `nofile`, `nproc`, `rss`, `rtprio`, `rttime`, `sigpending`, `stack`";
        refused(
            Ulimit::parse,
            &[
                ("nofile", "`nofile` has no limit", "write for example `nofile=1024:2048`"),
                ("nofiles=1", "docker sets no limit `nofiles`", "write `nofile`"),
                ("NOFILE=1", "docker sets no limit `NOFILE`", "write `nofile`"),
                ("RLIMIT_NOFILE=1", "docker sets no limit `RLIMIT_NOFILE`", "write `nofile`"),
                ("as=1", "docker sets no limit `as`", known),
                ("=1", "docker sets no limit ``", known),
                (
                    "nofile=2048:1024",
                    "the soft limit `2048` of `nofile` is above the hard limit `1024`",
                    "write `nofile=1024:2048`",
                ),
                (
                    "nofile=-1:1024",
                    "the soft limit `-1` of `nofile` is above the hard limit `1024`",
                    "write `nofile=1024:-1`",
                ),
                ("nofile=unlimited", "`unlimited` is not a limit", "write `-1`"),
                ("nofile=-2", "`-2` is not a limit", "write a number, or `-1` for no limit"),
                ("nofile=", "`` is not a limit", "write a number, or `-1` for no limit"),
                ("nofile=1:", "`` is not a limit", "write a number, or `-1` for no limit"),
                ("nofile=1:2:3", "`2:3` is not a limit", "write a number, or `-1` for no limit"),
                ("nofile=64k", "`64k` is not a limit", "write a number, or `-1` for no limit"),
                ("nofile=010", "`010` is not a limit", "write a number, or `-1` for no limit"),
                (
                    "nofile=9223372036854775808",
                    "`9223372036854775808` is more than docker can count",
                    "write `-1` for no limit",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(soft in 0..=i64::MAX, hard in 0..=i64::MAX) {
            let text = format!("stack={}:{}", soft.min(hard), soft.max(hard));
            prop_assert!(round_trips(Ulimit::parse, &text));
        }

        #[test]
        fn any_text(text in "(nofile|core)=(-1|[0-9]{1,20}|[0-9:-]{0,9})(:-1)?") {
            round_trips(Ulimit::parse, &text);
        }
    }
}
