//! In: a question and a time limit. Out: the time until the answer was yes, or a sentence that it never was.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Seconds for events without a promised time: they cost nothing if it is quick, and a slow machine needs them.
pub const PATIENCE: u64 = 180;

/// Asks until the answer is yes, with all patience.
pub fn eventually(what: &str, answer: impl FnMut() -> bool) -> Result<f64, String> {
    within(PATIENCE, what, answer)
}

/// Asks ten times a second until the answer is yes.
pub fn within(seconds: u64, what: &str, mut answer: impl FnMut() -> bool) -> Result<f64, String> {
    let start = Instant::now();
    while !answer() {
        if start.elapsed() > Duration::from_secs(seconds) {
            return Err(format!("waited {seconds} s for {what}"));
        }
        sleep(Duration::from_millis(100));
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Checks a condition that must hold; the sentence says what went wrong.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Sleeps for some seconds.
pub fn pause(seconds: f64) {
    sleep(Duration::from_secs_f64(seconds));
}
