//! The URL of an etcd endpoint: `https://10.0.0.1:2379`.

use super::Endpoint;
use crate::value::{Invalid, quoted};
use std::fmt;

/// A scheme, a host and a port, and nothing more: the form that `etcdctl --endpoints` takes between its commas.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EtcdUrl {
    /// The scheme.
    pub(crate) scheme: Scheme,
    /// Host and port.
    pub(crate) endpoint: Endpoint,
}

/// The scheme of an endpoint of etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scheme {
    /// Without TLS.
    Http,
    /// HTTP with TLS.
    Https,
}

impl Scheme {
    /// Returns the scheme as it stands in a URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl EtcdUrl {
    /// Reads the URL of an endpoint.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((scheme, rest)) = text.split_once("://") else { return Err(no_scheme(text)) };
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => {
                let message = format!("etcd speaks `http` and `https`, not {}", quoted(scheme));
                return Err(Invalid::new(message).help(EXAMPLE));
            }
        };
        let (authority, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let endpoint = Endpoint::parse(host);
        let instead = || endpoint.as_ref().ok().map(|endpoint| Self { scheme, endpoint: endpoint.clone() });
        if host != authority {
            return Err(Invalid::new(NO_USER).write_or(instead(), EXAMPLE));
        }
        if !behind.is_empty() {
            let message =
                format!("the URL of an etcd endpoint ends behind its port, and {} follows", quoted(behind));
            return Err(Invalid::new(message).write_or(instead(), EXAMPLE));
        }
        match (endpoint, Endpoint::parse(&format!("{host}:2379"))) {
            (Ok(endpoint), _) => Ok(Self { scheme, endpoint }),
            (Err(_), Ok(endpoint)) => {
                Err(Invalid::new(format!("{} has no port", quoted(text))).write(Self { scheme, endpoint }))
            }
            (Err(invalid), Err(_)) => Err(invalid),
        }
    }
}

impl fmt::Display for EtcdUrl {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.endpoint)
    }
}

/// The message does not repeat the text, which may hold a password.
const NO_USER: &str = "the URL of an etcd endpoint carries no user and password";

const EXAMPLE: &str = "write for example `https://10.0.0.1:2379`";

fn no_scheme(text: &str) -> Invalid {
    if text.contains('@') {
        return Invalid::new(NO_USER).help(EXAMPLE);
    }
    let instead = Endpoint::parse(text).ok().map(|endpoint| format!("https://{endpoint}"));
    Invalid::new(format!("{} is not the URL of an etcd endpoint", quoted(text))).write_or(instead, EXAMPLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            EtcdUrl::parse,
            &[
                ("https://10.0.0.1:2379", "https://10.0.0.1:2379"),
                ("http://etcd-1.internal:2379", "http://etcd-1.internal:2379"),
                ("https://[fd00:0::1]:2379", "https://[fd00::1]:2379"),
                ("http://127.0.0.1:2379", "http://127.0.0.1:2379"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let follows =
            |what: &str| format!("the URL of an etcd endpoint ends behind its port, and `{what}` follows");
        refused(
            EtcdUrl::parse,
            &[
                ("root:secret@a:2379", NO_USER, EXAMPLE),
                ("", "`` is not the URL of an etcd endpoint", EXAMPLE),
                (
                    "10.0.0.1:2379",
                    "`10.0.0.1:2379` is not the URL of an etcd endpoint",
                    "write `https://10.0.0.1:2379`",
                ),
                ("https://10.0.0.1", "`https://10.0.0.1` has no port", "write `https://10.0.0.1:2379`"),
                ("https://[fd00::1]", "`https://[fd00::1]` has no port", "write `https://[fd00::1]:2379`"),
                ("HTTPS://a:1", "etcd speaks `http` and `https`, not `HTTPS`", EXAMPLE),
                ("unix:///run/etcd", "etcd speaks `http` and `https`, not `unix`", EXAMPLE),
                ("https://a:2379/", &follows("/"), "write `https://a:2379`"),
                ("https://a:2379/v3?x", &follows("/v3?x"), "write `https://a:2379`"),
                (
                    "https://root:secret@a:2379",
                    "the URL of an etcd endpoint carries no user and password",
                    "write `https://a:2379`",
                ),
                ("https://a:2379,https://b:2379", &follows("//b:2379"), EXAMPLE),
                (
                    "https://:2379",
                    "there is no host before the port",
                    "write a host and a port, for example `pay.example.com:443`",
                ),
                (
                    "https://a:99999",
                    "`99999` is not a port: ports go from 1 to 65535",
                    "write a number from `1` to `65535`",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "https?://[a-z]{1,9}(\\.[a-z]{1,9}){0,2}:[1-9][0-9]{0,3}") {
            prop_assert!(round_trips(EtcdUrl::parse, &text));
        }

        #[test]
        fn any_text(text in "(http://)?[a-z0-9.:@/\\[\\]-]{0,20}|\\PC*") {
            round_trips(EtcdUrl::parse, &text);
        }
    }
}
