//! The errors that a user sees: `messages.txt` holds texts and, behind `=>`, every error of each as it is shown.
//!
//! `DPC_BLESS=1 cargo test --test hermetic syntax::messages` writes the file anew; the change is then to be read.

use dpc::kdl::whole;
use dpc::text::{FileId, Sources};
use std::fmt::Write;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/compiler/tests/hermetic/syntax/messages.txt");
const BETWEEN: &str = "\n----\n";
const ARROW: &str = "\n=>\n";

#[test]
fn messages_are_as_written() {
    let written = std::fs::read_to_string(PATH).unwrap();
    let texts = written.trim_end().split(BETWEEN).map(|case| case.split(ARROW).next().unwrap());
    let shown =
        texts.map(|text| format!("{text}{ARROW}{}", show(text))).collect::<Vec<_>>().join(BETWEEN) + "\n";
    if std::env::var_os("DPC_BLESS").is_some() {
        std::fs::write(PATH, &shown).unwrap();
    }
    assert_eq!(written, shown);
}

/// Prints every error: its message, the line with the place underlined and the label behind it, the help.
fn show(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("dpc.kdl".to_owned(), text.to_owned()).unwrap();
    assert_eq!(file, FileId(0));
    let errors = whole(file, text).expect_err(text);
    errors.iter().map(|error| show_error(&sources, error)).collect::<Vec<_>>().join("\n")
}

fn show_error(sources: &Sources, error: &dpc::kdl::SyntaxError) -> String {
    let (line, column) = sources.position(error.span);
    let number = line.to_string();
    let under =
        "^".repeat(sources.text(error.span).lines().next().unwrap_or_default().chars().count().max(1));
    let mut shown = format!("error: {}\n", error.message);
    let content = sources.get(error.span.file).text.lines().nth(line - 1).unwrap_or_default();
    writeln!(shown, "{number} | {content}").unwrap();
    let label = error.label.as_deref().unwrap_or_default();
    let space = " ".repeat(number.len() + 3 + column - 1);
    write!(shown, "{}", format!("{space}{under} {label}").trim_end()).unwrap();
    if let Some(help) = &error.help {
        write!(shown, "\nhelp: {help}").unwrap();
    }
    shown
}
