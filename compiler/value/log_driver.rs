//! docker's log drivers: `journald`, `loki`.

use super::{Invalid, quoted, suggest::nearest};
use std::fmt;
use std::sync::Arc;

/// A log driver of docker (docker-run(1), `--log-driver`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogDriver {
    /// The journal of the host.
    Journald,
    /// Files with JSON in them.
    JsonFile,
    /// Files in docker's own format.
    Local,
    /// The output is kept nowhere.
    None,
    /// Another one that docker brings, or a plugin.
    Other(Arc<str>),
}

/// What every driver takes.
const ALL: [&str; 2] = ["mode", "max-buffer-size"];
/// What those take that tell containers apart.
const ABOUT: [&str; 5] = ["tag", "labels", "labels-regex", "env", "env-regex"];

/// The drivers that docker 28 brings, with the options that each takes alone (moby `daemon/logger`, `ValidateLogOpt`).
const BROUGHT: [(&str, &[&str], &[&str]); 10] = [
    ("journald", &ABOUT, &[]),
    ("json-file", &ABOUT, &["max-size", "max-file", "compress"]),
    ("local", &[], &["max-size", "max-file", "compress"]),
    ("none", &[], &[]),
    (
        "syslog",
        &ABOUT,
        &[
            "syslog-address",
            "syslog-facility",
            "syslog-format",
            "syslog-tls-ca-cert",
            "syslog-tls-cert",
            "syslog-tls-key",
            "syslog-tls-skip-verify",
        ],
    ),
    (
        "gelf",
        &ABOUT,
        &[
            "gelf-address",
            "gelf-compression-level",
            "gelf-compression-type",
            "gelf-tcp-max-reconnect",
            "gelf-tcp-reconnect-delay",
        ],
    ),
    (
        "fluentd",
        &ABOUT,
        &[
            "fluentd-address",
            "fluentd-async",
            "fluentd-async-connect",
            "fluentd-async-reconnect-interval",
            "fluentd-buffer-limit",
            "fluentd-max-retries",
            "fluentd-read-timeout",
            "fluentd-request-ack",
            "fluentd-retry-wait",
            "fluentd-sub-second-precision",
            "fluentd-write-timeout",
        ],
    ),
    (
        "awslogs",
        &["tag"],
        &[
            "awslogs-create-group",
            "awslogs-create-stream",
            "awslogs-credentials-endpoint",
            "awslogs-datetime-format",
            "awslogs-endpoint",
            "awslogs-force-flush-interval-seconds",
            "awslogs-format",
            "awslogs-group",
            "awslogs-max-buffered-events",
            "awslogs-multiline-pattern",
            "awslogs-region",
            "awslogs-stream",
        ],
    ),
    (
        "splunk",
        &ABOUT,
        &[
            "splunk-caname",
            "splunk-capath",
            "splunk-format",
            "splunk-gzip",
            "splunk-gzip-level",
            "splunk-index",
            "splunk-index-acknowledgment",
            "splunk-insecureskipverify",
            "splunk-source",
            "splunk-sourcetype",
            "splunk-token",
            "splunk-url",
            "splunk-verify-connection",
        ],
    ),
    (
        "gcplogs",
        &["labels", "labels-regex", "env", "env-regex"],
        &["gcp-log-cmd", "gcp-meta-id", "gcp-meta-name", "gcp-meta-zone", "gcp-project"],
    ),
];

/// A plugin that people install under this name.
const LOKI: &str = "loki";

impl LogDriver {
    /// Reads the name of a driver. A plugin's may have a tag, as an image's.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "journald" => return Ok(Self::Journald),
            "json-file" => return Ok(Self::JsonFile),
            "local" => return Ok(Self::Local),
            "none" => return Ok(Self::None),
            _ => {}
        }
        let brought = || BROUGHT.iter().map(|(name, ..)| *name);
        let known = text == LOKI || brought().any(|name| name == text);
        let meant = nearest(text, brought().chain([LOKI])).filter(|_| !known);
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
        };
        if meant.is_none() && text.len() <= 255 && text.split(['/', ':']).all(is_name) {
            return Ok(Self::Other(Arc::from(text)));
        }
        Err(Invalid::new(format!("{} is no log driver", quoted(text))).write_or(
            meant,
            "write one of docker's, such as `journald` or `fluentd`, or the name of a plugin",
        ))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Journald => "journald",
            Self::JsonFile => "json-file",
            Self::Local => "local",
            Self::None => "none",
            Self::Other(name) => name,
        }
    }

    /// Returns whether the driver writes files of its own, which `max-size` and `max-file` limit.
    pub(crate) fn writes_files(&self) -> bool {
        matches!(self, Self::JsonFile | Self::Local)
    }

    /// Reads the name of an option of this driver.
    pub(crate) fn option(&self, text: &str) -> Result<String, Invalid> {
        let is_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_graphic() && c != '=');
        let fault = || Invalid::new(format!("the log driver `{self}` has no option {}", quoted(text)));
        let Some((_, about, own)) = BROUGHT.iter().find(|(name, ..)| *name == self.as_str()) else {
            return if is_plain { Ok(text.to_string()) } else { Err(fault()) };
        };
        let known = || own.iter().chain(*about).chain(&ALL).copied();
        match text {
            "tag" if *self == Self::Journald => {
                Err(Invalid::new("the tag in the journal is the unit's name")
                    .help("remove it: `journalctl -t` and `activate` find the log by that name"))
            }
            "max-size" | "max-file" if self.writes_files() => {
                Err(Invalid::new(format!("`{text}` is a property of `logs`"))
                    .help(format!("write `logs {text}=`")))
            }
            _ if known().any(|name| name == text) => Ok(text.to_string()),
            _ => Err(fault().write_or(nearest(text, known()), "docker would refuse to start the container")),
        }
    }
}

/// How the socket is called that a driver writes to.
pub(crate) const LOG_DRIVER_SOCKET: &str = "socket of the log driver";

/// Returns the file or socket of the host that docker opens as root for an option, with its name.
pub(crate) fn host_file<'v>(option: &str, value: &'v str) -> Option<(&'v str, &'static str)> {
    if let Some((_, path)) = value.split_once("://").filter(|(scheme, _)| scheme.starts_with("unix")) {
        return Some((path, LOG_DRIVER_SOCKET));
    }
    let is_file = matches!(
        option,
        "syslog-tls-ca-cert"
            | "syslog-tls-cert"
            | "syslog-tls-key"
            | "splunk-capath"
            | "loki-tls-ca-file"
            | "loki-tls-cert-file"
            | "loki-tls-key-file"
            | "loki-pipeline-stage-file"
    );
    (is_file && value.starts_with('/')).then_some((value, "file of the log driver"))
}

impl fmt::Display for LogDriver {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for text in [
            "journald",
            "json-file",
            "local",
            "none",
            "fluentd",
            "loki",
            "loki:latest",
            "grafana/loki-docker-driver:2.9.1",
        ] {
            accepted(LogDriver::parse, &[(text, text)]);
        }
        for (driver, option) in [
            ("fluentd", "fluentd-address"),
            ("gelf", "mode"),
            ("awslogs", "tag"),
            ("loki", "loki-url"),
            ("journald", "labels"),
            ("json-file", "compress"),
        ] {
            assert!(LogDriver::parse(driver).unwrap().option(option).is_ok(), "{driver} {option}");
        }
    }

    #[test]
    fn refuses() {
        let help = "write one of docker's, such as `journald` or `fluentd`, or the name of a plugin";
        refused(
            LogDriver::parse,
            &[
                ("", "`` is no log driver", help),
                ("jsonfile", "`jsonfile` is no log driver", "write `json-file`"),
                ("journal", "`journal` is no log driver", "write `journald`"),
                ("a b", "`a b` is no log driver", help),
            ],
        );
        for (driver, option) in [
            ("fluentd", "gelf-address"),
            ("journald", "tag"),
            ("local", "tag"),
            ("local", "max-size"),
            ("none", "labels"),
            ("loki", "a=b"),
            ("loki", ""),
        ] {
            assert!(LogDriver::parse(driver).unwrap().option(option).is_err(), "{driver} {option}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z/:-]{0,9}|\\PC*") {
            round_trips(LogDriver::parse, &text);
        }
    }
}
