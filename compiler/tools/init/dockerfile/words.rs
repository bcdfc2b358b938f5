//! The rest of an instruction → its words, in the JSON form or as a shell splits them.

/// Reads `["a", "b"]`; `None` for anything else, which is the shell form.
pub(super) fn json(text: &str) -> Option<Vec<String>> {
    serde_json::from_str(text.trim()).ok()
}

/// Words with spaces between them, quotes taken off.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (quote, char) {
            (None, char) if char.is_whitespace() => words.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (Some(open), char) if open == char => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (_, char) => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    words
}

/// A word as a shell reads it back.
pub(crate) fn shell(word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=,@%+".contains(char);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
