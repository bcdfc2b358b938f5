//! Variables that nothing sets: their names in the source → names that dpc takes, one each.

use crate::value::name::Name;
use std::collections::{BTreeMap, BTreeSet};

/// The variables of an import.
#[derive(Default)]
pub(crate) struct VariableNames {
    /// The name in dpc, by the name in the source.
    names: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    /// Names in dpc of those that an image's reference holds.
    of_images: BTreeSet<String>,
}

impl VariableNames {
    /// The name of a variable as expressions take it. Two variables never get one name.
    pub(crate) fn name(&mut self, original: &str) -> String {
        if let Some(name) = self.names.get(original) {
            return name.clone();
        }
        let name = free(&allowed(original), &self.taken);
        self.taken.insert(name.clone());
        self.names.insert(original.to_string(), name.clone());
        name
    }

    /// Remembers that a reference of an image holds a variable.
    pub(crate) fn in_image(&mut self, original: &str) {
        let name = self.name(original);
        self.of_images.insert(name);
    }

    /// Returns whether a reference of an image holds the variable, by its name in dpc.
    pub(crate) fn is_in_image(&self, name: &str) -> bool {
        self.of_images.contains(name)
    }

    /// The names in dpc, sorted.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.taken.iter()
    }
}

fn allowed(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            _ if !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    let name = name.trim_matches('_');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.to_string() } else { format!("v{name}") }
}

/// The name cut to what dpc takes, or one with a number.
fn free(name: &str, taken: &BTreeSet<String>) -> String {
    let cut = |most: usize| name[..name.len().min(most)].trim_end_matches('_');
    let whole = cut(Name::LONGEST).to_string();
    let numbered = (2..).map(|number: u32| format!("{}_{number}", cut(Name::LONGEST - 6)));
    let free = std::iter::once(whole.clone()).chain(numbered).find(|name| !taken.contains(name));
    free.unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::VariableNames;

    #[test]
    fn two_variables_never_share_a_name() {
        let mut names = VariableNames::default();
        let long = "A".repeat(60);
        let named =
            ["TAG", "tag", "TAG", "curl -s a", "curl -s b", "1x", &format!("{long}1"), &format!("{long}2")]
                .map(|name| names.name(name));
        let a = "a".repeat(40);
        let numbered = format!("{}_2", "a".repeat(34));
        assert_eq!(named, ["tag", "tag_2", "tag", "curl_s_a", "curl_s_b", "v1x", &a, &numbered]);
    }
}
