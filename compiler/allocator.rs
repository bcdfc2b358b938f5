//! The allocator of the `dpc` command, and the only unsafe call in it.

use libmimalloc_sys::{mi_option_set, mi_option_t};

/// A fleet is many small values: a tenth of a build goes by with the system's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` in mimalloc.h: milliseconds until memory that is free goes back to the system.
const PURGE_DELAY: mi_option_t = 15;

/// What a stage is done with goes back before the next one has grown: with the delay of 10 ms that mimalloc begins with, a
/// build needs a quarter more memory (docs/decisions.md). To be called once, before there are threads.
#[allow(unsafe_code)]
pub fn give_back_at_once() {
    // SAFETY: sets a number in mimalloc's own table, which is not thread safe; there is one thread. mimalloc looks after what
    // is no number of an option.
    unsafe { mi_option_set(PURGE_DELAY, 0) }
}
