//! Projects of one file that families are made of, and the commands that answer about them.

use super::families::{Files, entry, repeated};
use crate::command::limits::either;

/// Commands about a project: if dpc is not optimised, the one that does most, and the one that stops early.
pub fn commands() -> &'static [&'static [&'static str]] {
    const ALL: &[&[&str]] = &[&["build", "-q", "-o", "out"], &["show", "api"], &["check"], &["graph"]];
    either(&ALL[..2], ALL)
}

pub const FLEET: &str = "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" }\n";
pub const HOST: &str = "host \"h\" address=\"10.0.0.11\"\n";

/// An entry with the fleet and a host, and this.
pub fn top(text: String) -> Files {
    let fleet = if text.starts_with("fleet") { "" } else { FLEET };
    entry(format!("{fleet}{HOST}{text}"))
}

/// A project of one service that holds these settings.
pub fn api(settings: String) -> Files {
    top(of_api(settings))
}

pub fn of_api(settings: String) -> String {
    let image = if settings.contains("image ") { "" } else { "image \"a:1\"\n" };
    let on = if settings.starts_with("on ") { "" } else { "on \"h\"\n" };
    format!("service \"api\" {{\n{image}{on}{settings}\n}}\n")
}

pub fn services(bytes: usize, settings: &str) -> String {
    repeated(bytes, |n| format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"; {settings} }}\n"))
}

/// Hosts, as many as a fleet may have.
pub fn hosts(bytes: usize) -> String {
    labelled_hosts(bytes, "")
}

pub fn labelled_hosts(bytes: usize, label: &str) -> String {
    limited(4_900, bytes, |n| {
        let label = label.replace('#', &n.to_string());
        format!("host \"h{n}\" address=\"10.9.{}.{}\" {label}\n", n / 250, n % 250 + 1)
    })
}

/// Variables of the project, as many as there may be.
pub fn variables(bytes: usize) -> String {
    limited(1_000, bytes, |n| format!("var \"v{n}\" \"1\"\n"))
}

/// Makes at most this many.
pub fn limited(most: usize, bytes: usize, text: impl Fn(usize) -> String) -> String {
    repeated(bytes, |n| if n < most { text(n) } else { "// \n".to_owned() })
}

/// Services with a thousand settings each, as many as there may be.
pub fn crowded(bytes: usize, setting: impl Fn(usize) -> String) -> Files {
    let service = |n| {
        let settings: String = (0..1000).map(|index| setting(n * 1000 + index)).collect();
        format!("service \"s{n}\" {{ image \"a:1\"; on \"h\"\n{settings} }}\n")
    };
    top(repeated(bytes.saturating_sub(service(0).len()), service))
}
