//! Which image of an index runs on a platform: the order of containerd's `platforms.Only`, by which docker chooses.

use crate::value::platform::Platform;
use std::fmt;

/// A system and its processor as docker compares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Machine {
    system: String,
    processor: String,
    variant: String,
}

impl Machine {
    /// Other names of a processor become the one of Go, and the variant that goes without saying goes.
    pub(super) fn new(system: &str, processor: &str, variant: &str) -> Self {
        let (system, processor) = (system.to_ascii_lowercase(), processor.to_ascii_lowercase());
        let variant = variant.to_ascii_lowercase();
        let (processor, variant) = match (processor.as_str(), variant.as_str()) {
            ("i386", _) => ("386", ""),
            ("amd64" | "x86_64" | "x86-64", "v1") => ("amd64", ""),
            ("x86_64" | "x86-64", variant) => ("amd64", variant),
            ("arm64" | "aarch64", "8" | "v8") => ("arm64", ""),
            ("aarch64", variant) => ("arm64", variant),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) | ("arm", "6") => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("arm", "8") => ("arm", "v8"),
            both => both,
        };
        Self { system, processor: processor.to_owned(), variant: variant.to_owned() }
    }

    /// Returns whether it is nobody's, as of attestations.
    pub(super) fn is_unknown(&self) -> bool {
        self.system == "unknown" || self.processor == "unknown"
    }

    fn with(&self, processor: &str, variant: &str) -> Self {
        Self::new(&self.system, processor, variant)
    }

    /// What runs on this machine, the best first.
    fn runs(&self) -> Vec<Self> {
        let number = self.variant.strip_prefix('v').and_then(|number| number.parse::<u8>().ok());
        let lower =
            |lowest: u8| (lowest..number.unwrap_or(0).min(9)).rev().map(|number| format!("v{number}"));
        let older = |lowest| lower(lowest).map(|variant| self.with(&self.processor, &variant));
        let mut all = vec![self.clone()];
        match self.processor.as_str() {
            "amd64" => {
                all.extend(older(1));
                all.push(self.with("386", ""));
            }
            "arm" => all.extend(older(5)),
            "arm64" => {
                let variant = if self.variant.is_empty() { "v8" } else { &self.variant };
                all.extend(self.with("arm", variant).runs());
            }
            _ => {}
        }
        all
    }
}

impl From<&Platform> for Machine {
    fn from(platform: &Platform) -> Self {
        let mut parts = platform.splitn(3, '/');
        let mut part = || parts.next().unwrap_or_default();
        Self::new(part(), part(), part())
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.system, self.processor)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, "/{}", self.variant) }
    }
}

/// Returns the number of the machine that suits a platform best.
pub(super) fn best(platform: &Platform, machines: &[Machine]) -> Option<usize> {
    let runs = Machine::from(platform).runs();
    runs.iter().find_map(|wanted| machines.iter().position(|machine| machine == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(text: &str) -> Machine {
        let mut parts = text.split('/');
        let mut part = || parts.next().unwrap_or_default();
        Machine::new(part(), part(), part())
    }

    fn chosen<'a>(platform: &str, offered: &[&'a str]) -> Option<&'a str> {
        let machines: Vec<Machine> = offered.iter().map(|text| machine(text)).collect();
        best(&Platform::parse(platform).unwrap(), &machines).map(|index| offered[index])
    }

    #[test]
    fn chooses_as_docker_does() {
        for (platform, offered, expected) in [
            ("linux/amd64", &["linux/arm64", "linux/amd64"][..], Some("linux/amd64")),
            ("linux/amd64", &["linux/amd64/v3", "linux/amd64/v1"], Some("linux/amd64/v1")),
            ("linux/amd64", &["linux/amd64/v3"], None),
            ("linux/amd64/v3", &["linux/amd64", "linux/amd64/v2"], Some("linux/amd64/v2")),
            ("linux/amd64", &["linux/386"], Some("linux/386")),
            ("linux/386", &["linux/amd64"], None),
            ("linux/arm64", &["linux/arm/v7", "linux/arm64/v8"], Some("linux/arm64/v8")),
            ("linux/arm64/v8", &["linux/arm64"], Some("linux/arm64")),
            ("linux/arm64", &["linux/arm/v6"], Some("linux/arm/v6")),
            ("linux/arm/v7", &["linux/arm/v5", "linux/arm/v6"], Some("linux/arm/v6")),
            ("linux/arm/v6", &["linux/arm/v7"], None),
            ("linux/arm", &["linux/arm/v7"], Some("linux/arm/v7")),
            ("linux/amd64", &["windows/amd64"], None),
            ("linux/amd64", &["unknown/unknown"], None),
            ("linux/s390x", &["linux/s390x", "linux/s390x"], Some("linux/s390x")),
        ] {
            assert_eq!(chosen(platform, offered), expected, "{platform} of {offered:?}");
        }
    }
}
