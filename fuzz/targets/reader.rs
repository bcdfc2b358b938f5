//! Any text as KDL: read or refused, every place in it; and the tree that two other readers make of it.
#![no_main]

use dpc::kdl::{tokens, whole};
use dpc::text::FileId;
use dpc_fuzz::{others, parts};

dpc_fuzz::target!(check);

fn check(text: &str) {
    match whole(FileId(3), text) {
        Ok(document) => {
            parts::check(text, &document);
            let mut end = 0;
            for token in tokens(FileId(3), text) {
                assert!(end <= token.span.start && token.span.start < token.span.end, "{token:?}");
                parts::slice(text, token.span);
                end = token.span.end;
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty() && errors.is_sorted_by_key(|error| error.span));
            for error in errors {
                assert!(!error.message.is_empty());
                parts::slice(text, error.span);
            }
        }
    }
    if let Some(differs) = others::unexplained(text) {
        panic!("{differs}");
    }
}
