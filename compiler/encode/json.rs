//! JSON texts of one line: strings, flat objects, and the records that services are registered as.
//!
//! Rule: in a string `"`, `\` and control characters are escaped; here also what cannot be seen, so that the text is safe
//! to print. Sources: RFC 8259, 7; the message formats of CoreDNS's etcd plugin (its README, "Services") and of gRPC's etcd
//! resolver (documentation of go.etcd.io/etcd/client/v3/naming).

use std::fmt::Write;

use super::terminal;
use crate::value::port::Port;

/// The value of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member<'a> {
    /// A string.
    Text(&'a str),
    /// A whole number.
    Number(u64),
    /// `null`.
    Null,
}

/// `text` as a string with its quotes.
pub fn string(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str(r"\\"),
            '\n' => json.push_str(r"\n"),
            '\r' => json.push_str(r"\r"),
            '\t' => json.push_str(r"\t"),
            c if terminal::is_hidden(c) => push_units(c, &mut json),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// An object with its members in the order given.
pub fn object(members: &[(&str, Member)]) -> String {
    let written: Vec<_> =
        members.iter().map(|(name, value)| format!("{}:{}", string(name), value.json())).collect();
    format!("{{{}}}", written.join(","))
}

/// An endpoint of gRPC's etcd resolver: `address` is `host:port`.
pub(crate) fn grpc(address: &str) -> String {
    object(&[("Op", Member::Number(0)), ("Addr", Member::Text(address)), ("Metadata", Member::Null)])
}

/// Returns `host:port` for URLs and dialers: an IPv6 address stands between brackets (RFC 3986, 3.2.2).
pub(crate) fn host_port(host: &str, port: Port) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

impl Member<'_> {
    fn json(&self) -> String {
        match self {
            Member::Text(text) => string(text),
            Member::Number(number) => number.to_string(),
            Member::Null => "null".to_owned(),
        }
    }
}

fn push_units(c: char, json: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(json, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_read_back() {
        let all: String = (char::MIN..=char::MAX).collect();
        assert_eq!(serde_json::from_str::<String>(&string(&all)).unwrap(), all);
        assert_eq!(string("a\"\\\n\u{1b}\u{e0041}é"), r#""a\"\\\n\u001b\udb40\udc41é""#);
    }

    #[test]
    fn records_are_what_their_readers_expect() {
        assert_eq!(grpc("10.0.1.5:8080"), r#"{"Op":0,"Addr":"10.0.1.5:8080","Metadata":null}"#);
        assert_eq!(
            object(&[("port", Member::Number(80)), ("host", Member::Text("a"))]),
            r#"{"port":80,"host":"a"}"#
        );
        assert_eq!(object(&[]), "{}");
        assert_eq!(
            (host_port("::1", Port::of(80).unwrap()), host_port("a.b", Port::of(1).unwrap())),
            ("[::1]:80".to_owned(), "a.b:1".to_owned())
        );
    }
}
