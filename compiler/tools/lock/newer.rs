//! The tags of a repository → the newest of the same shape: `7.2.5-alpine` → `7.2.9-alpine`.

/// Returns the newest tag that differs from this one by greater numbers alone. The first number stays, unless `major` lets it grow.
pub(crate) fn newer<'t>(tag: &str, tags: impl IntoIterator<Item = &'t str>, major: bool) -> Option<&'t str> {
    let own = Shape::of(tag)?;
    let is_newer = |shape: &Shape<'_>| {
        shape.words == own.words
            && shape.numbers.len() == own.numbers.len()
            && shape.numbers > own.numbers
            && (major || shape.numbers[0] == own.numbers[0])
    };
    let shaped = tags.into_iter().filter_map(|tag| Some((Shape::of(tag)?, tag)));
    shaped
        .filter(|(shape, _)| is_newer(shape))
        .max_by(|(one, _), (other, _)| one.numbers.cmp(&other.numbers))
        .map(|(_, tag)| tag)
}

/// A tag as its numbers, and the words between them.
#[derive(Debug)]
struct Shape<'t> {
    numbers: Vec<u64>,
    words: Vec<&'t str>,
}

impl<'t> Shape<'t> {
    /// A tag with a version: some numbers with dots between them come first, behind a `v` at most.
    fn of(tag: &'t str) -> Option<Self> {
        let begin = tag.strip_prefix('v').unwrap_or(tag);
        if !begin.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let version = begin.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(begin.len());
        let (version, rest) = begin.split_at(version);
        let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
        // A date or a number of a build is no version.
        let numbers = numbers.filter(|numbers| numbers.iter().all(|number| *number < 100_000))?;
        Some(Self { numbers, words: vec![&tag[..tag.len() - begin.len()], rest] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_tag_has_the_same_shape() {
        let tags = [
            "7",
            "7.2",
            "7.2.5",
            "7.2.9",
            "7.2.10",
            "7.4.1",
            "8.0.0",
            "7.2.11-alpine",
            "7.2.12-rc1",
            "latest",
            "v7.2.99",
            "20260101.1.1",
        ];
        for (tag, major, found) in [
            ("7.2.5", false, Some("7.4.1")),
            ("7.2.5", true, Some("8.0.0")),
            ("7.2", false, None),
            ("7.2.4-alpine", false, Some("7.2.11-alpine")),
            ("v7.2.5", false, Some("v7.2.99")),
            ("latest", true, None),
            ("8.0.0", true, None),
        ] {
            assert_eq!(newer(tag, tags, major), found, "{tag} {major}");
        }
    }
}
