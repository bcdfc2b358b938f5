//! Two image references → how they differ, as short as they can be told apart.

use std::fmt::Write;

use crate::value::image::Image;

/// The parts to show: tags if only they differ; digests by their first digits.
pub(crate) fn images(before: &Image, after: &Image) -> (String, String) {
    if before.name() != after.name() {
        return (short(before), short(after));
    }
    match (version(before), version(after)) {
        (old, new) if old != new => (old, new),
        // Digests that differ only behind what is shown: unlikely, but then they are shown whole.
        _ => (before.to_string(), after.to_string()),
    }
}

/// A reference with its digest shortened.
pub(crate) fn short(image: &Image) -> String {
    image_text(image.name(), image)
}

/// Tag and digest.
fn version(image: &Image) -> String {
    image_text("", image).trim_start_matches([':', '@']).to_string()
}

fn image_text(name: &str, image: &Image) -> String {
    let mut text = name.to_string();
    match (image.tag(), image.digest()) {
        (None, None) if name.is_empty() => text.push_str("no tag"),
        (tag, digest) => {
            if let Some(tag) = tag {
                let _ = write!(text, ":{tag}");
            }
            if let Some(digest) = digest {
                let _ = write!(text, "@{}", short_digest(digest));
            }
        }
    }
    text
}

/// `sha256:` and twelve digits, as docker shortens ids.
fn short_digest(digest: &str) -> String {
    let end = digest.find(':').map_or(0, |colon| colon + 1) + 12;
    digest.get(..end).map_or_else(|| digest.to_string(), |short| format!("{short}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let a = format!("sha256:{}", "a".repeat(64));
        let b = format!("sha256:{}{}", "a".repeat(12), "b".repeat(52));
        for (before, after, shown) in [
            ("redis:7.2.5", "redis:7.4.0", ("7.2.5", "7.4.0")),
            ("redis", "redis:7", ("no tag", "7")),
            ("redis:7", "valkey:7", ("redis:7", "valkey:7")),
            (&*format!("redis:7@{a}"), "redis:7", ("7@sha256:aaaaaaaaaaaa…", "7")),
            (&*format!("a@{a}"), &*format!("a@{b}"), (&*format!("a@{a}"), &*format!("a@{b}"))),
            ("localhost:5000/a:1", "localhost:5000/a:2", ("1", "2")),
        ] {
            let image = |text: &str| Image::parse(text).unwrap();
            assert_eq!(images(&image(before), &image(after)), (shown.0.to_string(), shown.1.to_string()));
        }
    }
}
