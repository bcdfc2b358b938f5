//! The allocator of the `dpc` command, and the only unsafe calls in it.

use libmimalloc_sys::{mi_collect, mi_option_set, mi_option_t};

/// A fleet is many small values: a tenth of a build goes by with the system's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` in mimalloc.h: milliseconds until memory that is free goes back to the system.
const PURGE_DELAY: mi_option_t = 15;

/// Longer than any command: what goes back piece by piece splits large pages, and is soon asked for again.
const AN_HOUR: std::ffi::c_long = 3_600_000;

/// Memory that is free stays with the process until [`give_back`]. To be called once, before there are threads.
#[allow(unsafe_code)]
pub fn keep() {
    // SAFETY: sets a number in mimalloc's own table, which is not thread safe; there is one thread. mimalloc looks after what
    // is no number of an option.
    unsafe { mi_option_set(PURGE_DELAY, AN_HOUR) }
}

/// Gives back at once what is free now: what a stage was done with would be no other thread's to use (docs/decisions.md).
#[allow(unsafe_code)]
pub fn give_back() {
    // SAFETY: may be called at any time by any thread.
    unsafe { mi_collect(true) }
}
