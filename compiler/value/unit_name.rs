//! The names of the host's own units: `remote-fs.target`, `mnt-nas.mount` (systemd.unit(5)).

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a unit with its kind.
    UnitName
}

/// The kinds that something can be ordered after.
const KINDS: [&str; 8] = ["service", "target", "mount", "automount", "socket", "device", "path", "swap"];

impl UnitName {
    /// Reads the name of a unit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = |what: &str| Invalid::new(format!("the unit {} {what}", quoted(text)));
        let Some((name, kind)) = text.rsplit_once('.').filter(|(_, kind)| KINDS.contains(kind)) else {
            let meant = Some(format!("{text}.service")).filter(|_| is_name(text) && !text.contains('.'));
            return Err(fault("has no kind")
                .write_or(meant, "write it as `systemctl` does, such as `remote-fs.target`"));
        };
        if name.is_empty()
            || text.len() > 255
            || !is_name(name)
            || name.ends_with('@')
            || !KINDS.contains(&kind)
        {
            return Err(
                fault("is none that systemd knows").help("write it as `systemctl list-units` prints it")
            );
        }
        Ok(Self(Arc::from(text)))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":_.\\@-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        let units = ["remote-fs.target", "mnt-nas.mount", r"srv-a\x20b.mount", "openvpn@office.service"];
        units.iter().for_each(|unit| accepted(UnitName::parse, &[(unit, unit)]));
    }

    #[test]
    fn refuses() {
        let example = "write it as `systemctl` does, such as `remote-fs.target`";
        let printed = "write it as `systemctl list-units` prints it";
        refused(
            UnitName::parse,
            &[
                ("", "the unit `` has no kind", example),
                ("nvidia", "the unit `nvidia` has no kind", "write `nvidia.service`"),
                ("a.timer2", "the unit `a.timer2` has no kind", example),
                ("a b.target", "the unit `a b.target` is none that systemd knows", printed),
                ("openvpn@.service", "the unit `openvpn@.service` is none that systemd knows", printed),
                ("%i.mount", "the unit `%i.mount` is none that systemd knows", printed),
            ],
        );
    }

    proptest! {
        #[test]
        fn any_text(text in "[a-z@% .-]{0,12}") {
            round_trips(UnitName::parse, &text);
        }
    }
}
