//! The same work on many things, on all processors.

use std::thread;

/// Gives `work` a share of the items in each of some threads; the results come in the order of the items. A thread is worth
/// its start for `least` items.
pub fn shares<T: Sync, R: Send>(items: &[T], least: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(items.len() / least);
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
