//! The same work on many files, on all processors. The kernel does most of it, so two threads take half the time.

use std::thread;

/// Fewer files than this are done before a second thread would have started.
const WORTH_A_THREAD: usize = 256;

/// Gives `work` a share of the items in each of some threads; the results come in the order of the items.
pub fn shares<T: Sync, R: Send>(items: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(items.len() / WORTH_A_THREAD);
    if workers < 2 {
        return vec![work(items)];
    }
    let share = items.len().div_ceil(workers);
    thread::scope(|scope| {
        let threads: Vec<_> = items.chunks(share).map(|share| scope.spawn(|| work(share))).collect();
        threads.into_iter().map(join).collect()
    })
}

fn join<R>(thread: thread::ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
