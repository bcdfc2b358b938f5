//! Devices by their names in the container device interface: `nvidia.com/gpu=all`.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// A device that a vendor describes on the host, `vendor/class=name` (CDI 0.8, "Device names").
    CdiDevice
}

impl CdiDevice {
    /// Reads a whole name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let parts = text.split_once('=').and_then(|(kind, name)| Some((kind.split_once('/')?, name)));
        let valid = parts.is_some_and(|((vendor, class), name)| {
            is_part(vendor, &['_', '-', '.'])
                && is_part(class, &['_', '-'])
                && is_part(name, &['_', '-', '.', ':'])
        });
        if valid {
            return Ok(Self(Arc::from(text)));
        }
        Err(Invalid::new(format!("{} is not the name of a device", quoted(text)))
            .help("write `all`, a number, or a name that `nvidia-ctk cdi list` prints behind `=`"))
    }

    /// Returns whether it is all devices of its kind.
    pub(crate) fn is_all(&self) -> bool {
        self.as_str().ends_with("=all")
    }

    /// The GPU of that name, number or id.
    pub(crate) fn gpu(vendor: &str, name: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("{vendor}/gpu={name}"))
    }
}

fn is_part(text: &str, others: &[char]) -> bool {
    let ends = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(ends) && text.ends_with(ends) && text.chars().all(|c| ends(c) || others.contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for text in
            ["nvidia.com/gpu=all", "nvidia.com/gpu=0:1", "amd.com/gpu=1", "nvidia.com/gpu=GPU-4cf8-db2d"]
        {
            accepted(CdiDevice::parse, &[(text, text)]);
        }
        assert_eq!(CdiDevice::gpu("nvidia.com", "all"), CdiDevice::parse("nvidia.com/gpu=all"));
    }

    #[test]
    fn refuses() {
        let help = "write `all`, a number, or a name that `nvidia-ctk cdi list` prints behind `=`";
        for text in ["", "all", "/dev/nvidia0", "nvidia.com/gpu=", "nvidia.com/gpu=a b", "nvidia.com/gpu=a,b"]
        {
            refused(CdiDevice::parse, &[(text, &format!("`{text}` is not the name of a device"), help)]);
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z]{0,3}/gpu=[a-z0-9:.-]{0,6}|\\PC*") {
            round_trips(CdiDevice::parse, &text);
        }
    }
}
