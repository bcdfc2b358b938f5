//! A word that is not known → the known word that was probably meant.

/// The candidate nearest to `word`, where one is so near that it was probably meant: at most a third of the
/// letters differ, swapped neighbours count once, and case does not count. Among equals the first in
/// alphabetical order.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // The distance costs the product of the lengths, and no word of any of our languages is that long.
    if word.len() > 100 {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| letters(candidate).abs_diff(letters(&word)) <= allowance(&word, candidate))
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowance(&word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// The question after the nearest candidate, as help for a message about an unknown word.
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Words of two and three letters may differ in one letter; one-letter words in case only.
fn allowance(word: &str, candidate: &str) -> usize {
    if letters(word) < 2 { 0 } else { (letters(word).max(letters(candidate)) / 3).max(1) }
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODES: [&str; 12] = [
        "image",
        "on",
        "port",
        "volume",
        "health",
        "register",
        "interval",
        "instances",
        "needs",
        "env",
        "env-file",
        "NET_ADMIN",
    ];

    #[test]
    fn finds_what_was_meant() {
        for (word, meant) in [
            ("imgae", "image"),
            ("ports", "port"),
            ("volumes", "volume"),
            ("healtcheck", ""),
            ("healthy", "health"),
            ("intervall", "interval"),
            ("instance", "instances"),
            ("no", "on"),
            ("Image", "image"),
            ("envfile", "env-file"),
            ("need", "needs"),
            ("net-admin", "NET_ADMIN"),
            ("x", ""),
            ("", ""),
            ("restart", ""),
            ("cpu", ""),
            ("prot", "port"),
            ("container", ""),
            ("e", ""),
        ] {
            assert_eq!(nearest(word, NODES).unwrap_or(""), meant, "{word}");
        }
    }

    #[test]
    fn a_tie_goes_by_the_alphabet() {
        assert_eq!(nearest("cat", ["car", "bat", "cap"]), Some("bat"));
        assert_eq!(nearest(&"a".repeat(101), [&*"a".repeat(101)]), None);
        assert_eq!(did_you_mean("prot", NODES), Some("did you mean `port`?".to_owned()));
    }
}
