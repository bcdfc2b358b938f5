//! Paths on a host.

use super::ContainerPath;
use super::normal::check_absolute;
use super::real::real;
use crate::value::{Invalid, text::text_value};
use std::sync::Arc;

text_value! {
    /// An absolute path on a host, in normal form.
    HostPath
}

impl HostPath {
    /// Reads a path on a host.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_absolute(text)?;
        Ok(Self(Arc::from(text)))
    }

    /// The path of a child.
    pub(crate) fn join(&self, child: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("{}/{child}", self.0.trim_end_matches('/')))
    }

    /// The same path in a container.
    pub(crate) fn in_container(&self) -> ContainerPath {
        ContainerPath::from_host(&self.0)
    }

    /// Returns the path that it leads to on a host.
    pub(crate) fn real(&self) -> String {
        real(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(HostPath::parse, &[("/", "/"), ("/srv/shop", "/srv/shop"), ("/srv/a b%$", "/srv/a b%$")]);
    }

    #[test]
    fn refuses() {
        refused(
            HostPath::parse,
            &[
                ("srv", "the path `srv` is not absolute", "write `/srv`"),
                (
                    "/srv/../etc",
                    "the path `/srv/../etc` has a part `..`, and nobody sees where it leads",
                    "write the path that it means",
                ),
            ],
        );
    }

    #[test]
    fn joins() {
        let path = |text| HostPath::parse(text).unwrap();
        assert_eq!(path("/srv").join("shop/redis"), Ok(path("/srv/shop/redis")));
        assert_eq!(path("/").join("shop"), Ok(path("/shop")));
        assert!(path("/srv").join("../etc").is_err() && path("/srv").join("").is_err());
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "/|(/[a-z0-9_,:-]([A-Z_ ,:-]{0,7}[a-z0-9])?){1,4}") {
            prop_assert!(round_trips(HostPath::parse, &text));
        }
    }
}
