//! Answers as text → hosts with names and addresses, or one line that says what is wrong.

use crate::value::address::HostAddress;
use crate::value::name::Name;
use crate::value::suggest::did_you_mean;
use crate::value::{Invalid, quoted};

/// Words, with blanks or commas between them.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',']).filter(|word| !word.is_empty())
}

/// Refuses an empty list of hosts.
pub(crate) fn at_least_one(hosts: Vec<(String, String)>) -> Result<Vec<(String, String)>, String> {
    if hosts.is_empty() { Err("name at least one host".to_string()) } else { Ok(hosts) }
}

/// A host of the fleet.
pub(crate) fn known_host(word: &str, known: &[&str]) -> Result<(String, String), String> {
    if known.contains(&word) {
        Ok((word.to_string(), String::new()))
    } else {
        let meant = did_you_mean(word, known.iter().copied());
        Err(with_help(format!("the fleet has no host {}", quoted(word)), meant))
    }
}

/// `NAME=ADDRESS`.
pub(crate) fn new_host(word: &str) -> Result<(String, String), String> {
    let Some((name, address)) = word.split_once('=') else {
        return Err(format!("{} has no address: write NAME=ADDRESS", quoted(word)));
    };
    let name = Name::parse(name).map_err(invalid_message)?;
    let address = HostAddress::parse(address).map_err(invalid_message)?;
    Ok((name.to_string(), address.to_string()))
}

/// Words an invalid value in one line.
pub(crate) fn invalid_message(invalid: Invalid) -> String {
    with_help(invalid.message, invalid.help)
}

/// A message with what to do.
pub(crate) fn with_help(message: String, help: Option<String>) -> String {
    match help {
        Some(help) => format!("{message}: {help}"),
        None => message,
    }
}
