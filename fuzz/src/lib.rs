//! The common part of the targets: texts that hold several files, and rules for all that dpc makes of them.
//!
//! A check panics; that is how the fuzzer learns of it. Each input is text, so that a find can be read and cut down by hand.

pub mod archive;
pub mod bundle;
pub mod comment;
pub mod compiled;
pub mod imported;
pub mod mutate;
pub mod registration;
pub mod script;
pub mod stack;
pub mod unit;

#[path = "../../compiler/tests/hermetic/syntax/other.rs"]
mod other;
#[path = "../../compiler/tests/hermetic/syntax/others.rs"]
pub mod others;
#[path = "../../compiler/tests/hermetic/syntax/parts.rs"]
pub mod parts;
#[path = "../../compiler/tests/hermetic/syntax/shape.rs"]
pub mod shape;

/// A target: its input is text, and its mutations are those of [`mutate`].
#[macro_export]
macro_rules! target {
    ($check:expr) => {
        libfuzzer_sys::fuzz_target!(init: $crate::stack::catch_overflows(), |text: &str| {
            $check(text);
        });
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate::mutate(data, size, max_size, seed)
        });
    };
}

/// Returns whether a text would act on a terminal, or on the text around it, instead of showing itself.
pub fn is_shown(text: &str) -> bool {
    dpc::encode::terminal::lines(text) == text
}
