//! An unknown word → the known word that was probably meant.

/// Maximum length of a word that is compared with others: no name of our languages is longer.
const LONGEST: usize = 64;
/// Maximum number of letters of candidates that are compared. With some thousand names of one length there is no suggestion.
const MOST_LETTERS: usize = 64 * 1024;

/// Returns the candidate nearest to `word`, if it is so near that it was probably meant: at most a third of the letters differ.
/// Swapped neighbours count once, and case does not count. Among equals it is the first in alphabetical order.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = Word::new(word)?;
    let mut left = MOST_LETTERS;
    candidates
        .into_iter()
        .filter(|candidate| letters(candidate).abs_diff(word.letters.len()) <= word.allowance(candidate))
        .take_while(|candidate| {
            left = left.saturating_sub(candidate.len());
            left > 0
        })
        .map(|candidate| (word.distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance <= word.allowance(candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// A word that others are compared with.
struct Word {
    letters: Vec<char>,
    /// The places of each letter of ASCII, one bit a place.
    ascii: [u64; 128],
}

impl Word {
    /// Returns the word in lower case; none if it is too long.
    fn new(word: &str) -> Option<Self> {
        let letters: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
        let mut ascii = [0; 128];
        for (place, letter) in
            letters.iter().enumerate().take(LONGEST).filter(|(_, letter)| letter.is_ascii())
        {
            ascii[*letter as usize] |= 1 << place;
        }
        (letters.len() <= LONGEST).then_some(Self { letters, ascii })
    }

    /// Words of two and three letters may differ in one letter; one-letter words in case only.
    fn allowance(&self, candidate: &str) -> usize {
        if self.letters.len() < 2 { 0 } else { (self.letters.len().max(letters(candidate)) / 3).max(1) }
    }

    fn places(&self, letter: char) -> u64 {
        if letter.is_ascii() {
            return self.ascii[letter as usize];
        }
        self.letters.iter().rev().fold(0, |places, own| places << 1 | u64::from(*own == letter))
    }

    /// Counts the letters that are different, missing, extra or swapped with their neighbour. Two words of bits hold a column
    /// of the table of distances: they say where it rises and where it falls (Hyyrö, A Bit-Vector Algorithm for Computing
    /// Levenshtein and Damerau Edit Distances, 2003).
    fn distance(&self, other: &str) -> usize {
        if other.is_ascii() {
            return self.distance_to(other.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        }
        self.distance_to(other.chars().flat_map(char::to_lowercase))
    }

    fn distance_to(&self, other: impl Iterator<Item = char>) -> usize {
        let Some(last) = self.letters.len().checked_sub(1) else { return other.count() };
        let mut distance = self.letters.len();
        let (mut rises, mut falls, mut same, mut places_before) = (u64::MAX, 0, 0, 0);
        for letter in other {
            let places = self.places(letter);
            let swapped = ((!same & places) << 1) & places_before;
            same = ((places & rises).wrapping_add(rises) ^ rises) | places | falls | swapped;
            let (up, down) = (falls | !(same | rises), same & rises);
            distance = distance + (up >> last & 1) as usize - (down >> last & 1) as usize;
            let (up, down) = (up << 1 | 1, down << 1);
            (rises, falls, places_before) = (down | !(same | up), up & same, places);
        }
        distance
    }
}

/// Returns whether two words differ by case or one letter. Other digits make another word.
pub(crate) fn differs_little(word: &str, other: &str) -> bool {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(word) == digits(other) && Word::new(word).is_some_and(|word| word.distance(other) < 2)
}

/// Returns the question for the nearest candidate, as help for a message about an unknown word.
pub(crate) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Lists names for a message, shortened to what a person reads.
pub(crate) fn listed<'c>(names: impl IntoIterator<Item = &'c str>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> = names.by_ref().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    let more = names.count();
    shown.join(", ") + &if more == 0 { String::new() } else { format!(" and {more} more") }
}

/// Maximum number of names in a message.
const MOST_LISTED: usize = 50;

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
        assert_eq!(nearest(&"a".repeat(65), [&*"a".repeat(65)]), None);
        assert_eq!(did_you_mean("prot", NODES), Some("did you mean `port`?".to_owned()));
    }
    #[test]
    fn a_distance_counts_letters() {
        for (one, other, distance) in [
            ("", "", 0),
            ("", "ab", 2),
            ("ab", "", 2),
            ("ab", "ba", 1),
            ("kitten", "sitting", 3),
            ("Éa", "éb", 1),
            ("image", "imgae", 1),
            ("abcdef", "badcfe", 3),
        ] {
            assert_eq!(Word::new(one).unwrap().distance(other), distance, "{one} {other}");
        }
        let long = "a".repeat(LONGEST);
        assert_eq!(Word::new(&long).unwrap().distance(&(long.clone() + "b")), 1);
        let random = |seed: u64| {
            let letters =
                (0..seed % 9).map(|n| char::from(b'a' + (seed.wrapping_mul(n + 7919) >> 7) as u8 % 3));
            letters.collect::<String>()
        };
        for seed in 0..5_000 {
            let (one, other) = (random(seed * 31 + 5), random(seed * 17 + 3));
            assert_eq!(
                Word::new(&one).unwrap().distance(&other),
                strsim::osa_distance(&one, &other),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_list_ends() {
        assert_eq!(listed(["a", "b"]), "`a`, `b`");
        assert!(listed(["a"; 60]).ends_with("`a` and 10 more"));
    }
}
