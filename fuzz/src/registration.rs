//! Registrations, read back as the registrar and etcdctl read them: words, and a string of Go at the end of a record.

use dpc::model::plan::Unit;

/// Checks that it has the records that the plan says.
pub fn registers(unit: &Unit, text: &str) {
    let mut found: Vec<(bool, String, String)> = text.lines().filter_map(record).collect();
    let mut should: Vec<_> =
        unit.records().map(|record| (record.leased, record.key.clone(), record.value.clone())).collect();
    found.sort();
    should.sort();
    assert_eq!(found, should, "{} registers something else", unit.name);
}

fn record(line: &str) -> Option<(bool, String, String)> {
    let (what, rest) = line.split_once(' ')?;
    if !["leased", "lasting"].contains(&what) {
        let known = ["#", "ttl", "interval", "retries", "limit", "http", "https", "tcp", "proxied", "script"];
        assert!(known.contains(&what), "{line:?}");
        return None;
    }
    let (key, value) = rest.split_once(' ').expect("a record has a key and a value");
    Some((what == "leased", key.to_string(), unquoted(value)))
}

fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).expect("a value is quoted");
    let (mut value, mut rest) = (String::new(), inner.chars());
    while let Some(c) = rest.next() {
        assert_ne!(c, '"', "a quote ends the value: {text:?}");
        if c != '\\' {
            value.push(c);
            continue;
        }
        value.push(match rest.next() {
            Some('n') => '\n',
            Some('U') => {
                let digits: String = rest.by_ref().take(8).collect();
                u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).expect("a character")
            }
            Some(c) => c,
            None => panic!("it ends in a backslash: {text:?}"),
        });
    }
    value
}
