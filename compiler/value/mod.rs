//! The grammars of values: text as its user wrote it → a value that its reader on the host takes, or what is wrong with the
//! text. Each file holds one grammar. Only `parse` makes a value (or a constructor from parts that cannot be wrong). `Display`
//! prints its canonical form, and parsing that form gives the same value again.

pub mod address;
pub(crate) mod boolean;
pub mod calendar;
pub mod capability;
pub mod cdi;
pub(crate) mod choice;
pub(crate) mod container_hostname;
pub mod cpus;
pub(crate) mod cpuset;
pub mod device;
pub mod digest;
pub mod dns;
pub mod docker_flags;
pub mod duration;
pub mod env_name;
pub mod header;
pub mod hostname;
pub mod hosts_address;
pub mod image;
mod invalid;
pub mod label_name;
pub mod log_driver;
pub mod mode;
pub mod mounting;
pub mod name;
pub(crate) mod namespace;
pub mod number;
pub mod path;
pub mod pin;
pub mod platform;
pub mod port;
pub mod record_format;
pub mod scheme;
pub mod security;
mod serial;
pub mod signal;
pub mod size;
pub mod status;
pub mod storage_driver;
pub mod suggest;
pub mod sysctl;
#[cfg(test)]
mod table;
mod text;
pub mod traefik;
pub mod ulimit;
pub mod unit_name;
pub mod url_path;
pub mod user;
pub mod variable;

pub(crate) use invalid::{Invalid, QUOTED, quoted};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::busy::busy;
    use std::time::Duration;

    /// The verdict of a grammar: the value as printed, or why it is refused.
    type Verdict = fn(&str) -> Result<String, Invalid>;

    macro_rules! verdicts {
        ($($parse:path),* $(,)?) => {
            [$((stringify!($parse), (|text| $parse(text).map(|value| value.to_string())) as Verdict)),*]
        };
    }

    fn every_grammar() -> Vec<(&'static str, Verdict)> {
        verdicts![
            address::Endpoint::parse,
            address::EtcdUrl::parse,
            address::HostAddress::parse,
            address::ListenAddress::parse,
            calendar::Calendar::parse,
            capability::Capability::parse,
            cdi::CdiDevice::parse,
            container_hostname::ContainerHostname::parse,
            cpus::Cpus::parse,
            cpuset::Cpuset::parse,
            digest::Digest::parse,
            dns::Fqdn::parse,
            dns::Label::parse,
            duration::Duration::parse,
            env_name::EnvName::parse,
            hostname::Hostname::parse,
            hosts_address::HostsAddress::parse,
            image::Image::parse,
            mode::Mode::parse,
            name::Name::parse,
            number::as_text,
            number::parse,
            path::ContainerPath::parse,
            path::HostPath::parse,
            path::ProjectPath::parse,
            platform::Platform::parse,
            port::Port::parse,
            port::PortRange::parse,
            port::Protocol::parse,
            security::Seccomp::parse,
            security::SelinuxLabel::parse,
            signal::Signal::parse,
            size::Size::parse,
            sysctl::Sysctl::parse,
            ulimit::Ulimit::parse,
            url_path::UrlPath::parse,
            user::Owner::parse,
            user::User::parse,
            variable::Variable::parse,
        ]
        .to_vec()
    }

    #[test]
    fn a_long_text_is_refused_soon_and_in_a_line() {
        for part in [
            "1", "a", "A_", "/a", "../", "a.", "1,", "://", ":", "[", "%", " ", "1m", "\0", "é", "#", "=",
            "a@",
        ] {
            let text = part.repeat((1 << 17) / part.len());
            for (grammar, parse) in every_grammar() {
                let start = busy();
                let invalid = parse(&text).expect_err(grammar);
                let length = invalid.message.len() + invalid.help.map_or(0, |help| help.len());
                assert!(length < 1_000, "{grammar} says {length} bytes about {part:?}");
                assert!(busy() - start < Duration::from_secs(1), "{grammar} takes too long for {part:?}");
            }
        }
    }

    #[test]
    fn messages_are_sentences_without_an_end() {
        for text in [
            "",
            " ",
            "x y",
            "-",
            "/",
            "0",
            "99999999999999999999",
            "é",
            "A",
            "a\nb",
            "#",
            "%",
            "[::]",
            "..",
            "@",
        ] {
            for (grammar, parse) in every_grammar() {
                let Err(invalid) = parse(text) else { continue };
                for sentence in std::iter::once(&invalid.message).chain(&invalid.help) {
                    let has_end = sentence.ends_with(['.', ' ', '\n']) || sentence.contains('\n');
                    assert!(!has_end && !sentence.starts_with(char::is_uppercase), "{grammar}: {sentence}");
                }
            }
        }
    }
}
