//! Measures how long a test has worked. Other work on the machine does not lengthen that.

use std::fs;
use std::time::Duration;

/// The time that this thread was on a processor (proc(5), `/proc/pid/schedstat`).
pub(crate) fn busy() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}
