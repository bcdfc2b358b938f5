//! The same work on many things, on all processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Locks a mutex, even after a thread panicked with it: the panic is passed on in any case.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs two functions at the same time.
pub(crate) fn run_both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (join(one), other)
    })
}

/// Minimum number of items for a second thread.
const PARALLEL: usize = 32;
/// Number of shares per thread. With one share each, all threads would wait for the slowest.
const SHARES_A_THREAD: usize = 8;

/// Calls `work` for each item; the results come in the order of the items.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    shares(items, |share| share.into_iter().map(&work).collect::<Vec<R>>()).into_iter().flatten().collect()
}

/// Gives `work` shares of the items; the results come in the order of the items.
pub(crate) fn shares<T: Send, R: Send>(items: Vec<T>, work: impl Fn(Vec<T>) -> R + Sync) -> Vec<R> {
    numbered_shares(items, |_, share| work(share))
}

/// Works like [`in_shares`], and tells `work` the number of its share.
pub(crate) fn numbered_shares<T: Send, R: Send>(
    mut items: Vec<T>,
    work: impl Fn(usize, Vec<T>) -> R + Sync,
) -> Vec<R> {
    if items.len() < PARALLEL {
        return vec![work(0, items)];
    }
    // The answer is read from files below /proc, which small work need not pay for.
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if threads < 2 {
        return vec![work(0, items)];
    }
    let length = items.len().div_ceil(threads * SHARES_A_THREAD);
    let starts = (0..items.len()).step_by(length).rev();
    let mut shares: Vec<Mutex<Vec<T>>> = starts.map(|start| Mutex::new(items.split_off(start))).collect();
    shares.reverse();
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = shares.iter().map(|_| Mutex::new(None)).collect();
    let labour = || {
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(share) = shares.get(index)
        {
            let result = work(index, std::mem::take(&mut *locked(share)));
            *locked(&results[index]) = Some(result);
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(labour)).collect();
        labour();
        others.into_iter().for_each(join);
    });
    results
        .into_iter()
        .filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

fn join<R>(thread: thread::ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..5000).collect();
        for length in [0, 1, 2, 31, 32, 33, 5000] {
            assert_eq!(shares(items[..length].to_vec(), |share| share).concat(), items[..length]);
        }
    }
}
