//! The headers of a health check: `X-Forwarded-Proto`, and what is sent with it (RFC 9110, 5).

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a header, as it was written. Upper and lower case are the same to who reads it.
    HeaderName
}

/// Headers that dpc sends itself, and those that would make another request of it.
const OWN: [(&str, &str); 6] = [
    ("host", "write `host=` instead"),
    ("connection", "leave it out: the check reads one answer and closes"),
    ("content-length", "leave it out: the check sends no body"),
    ("transfer-encoding", "leave it out: the check sends no body"),
    ("expect", "leave it out: the check sends no body"),
    ("upgrade", "leave it out: the check speaks HTTP/1.1"),
];

impl HeaderName {
    /// Reads the name of a header.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || text.len() > 256 || !text.bytes().all(is_token) {
            let plain = text.trim_end_matches([':', ' ']);
            let meant =
                (!plain.is_empty() && plain.len() <= 256 && plain.bytes().all(is_token)).then_some(plain);
            return Err(Invalid::new(format!("{} is not the name of a header", quoted(text)))
                .write_or(meant, "write a name such as `X-Forwarded-Proto`"));
        }
        match OWN.iter().find(|(own, _)| text.eq_ignore_ascii_case(own)) {
            Some((_, help)) => Err(Invalid::new(format!("the header `{text}` is dpc's own")).help(*help)),
            None => Ok(Self(Arc::from(text))),
        }
    }
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Maximum bytes of a value.
const LONGEST: usize = 4096;

/// Reads what is sent with a header: visible ASCII, with spaces inside.
pub(crate) fn header_value(text: &str) -> Result<String, Invalid> {
    let fault = |what: &str| Invalid::new(format!("the value of a header {what}"));
    if text.is_empty() || text.trim() != text {
        return Err(fault("is empty, or has spaces at its ends").help("leave the spaces out"));
    }
    if text.len() > LONGEST {
        return Err(fault(&format!("is longer than {LONGEST} bytes")));
    }
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(fault("holds characters other than visible ASCII").help("leave them out"));
    }
    Ok(text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(HeaderName::parse, &[("X-Forwarded-Proto", "X-Forwarded-Proto"), ("accept", "accept")]);
        assert_eq!(header_value(r"a \ 'b' %c").as_deref(), Ok(r"a \ 'b' %c"));
    }

    #[test]
    fn refuses() {
        let example = "write a name such as `X-Forwarded-Proto`";
        refused(
            HeaderName::parse,
            &[
                ("", "`` is not the name of a header", example),
                ("X-A:", "`X-A:` is not the name of a header", "write `X-A`"),
                ("X A", "`X A` is not the name of a header", example),
                ("HOST", "the header `HOST` is dpc's own", "write `host=` instead"),
            ],
        );
        for text in ["", " a", "a\r\nb", "ä", &"a".repeat(4097)] {
            assert!(header_value(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "[A-Za-z:_ -]{0,12}") {
            round_trips(HeaderName::parse, &text);
        }
    }
}
