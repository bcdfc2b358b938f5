//! The same work on many things, on all processors.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

/// What a mutex guards, even where a thread panicked while it had it: that panic goes on by itself.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Things that are costly to make, for any thread to use and give back.
#[derive(Debug, Default)]
pub struct Pool<T> {
    spare: Mutex<Vec<T>>,
}

impl<T: Default> Pool<T> {
    /// One that was given back, or a new one.
    pub fn take(&self) -> T {
        locked(&self.spare).pop().unwrap_or_default()
    }

    /// Takes one back.
    pub fn give(&self, spare: T) {
        locked(&self.spare).push(spare);
    }
}

/// Does a small thing beside a large one that may use all processors.
pub fn beside<A: Send, B: Send>(small: impl FnOnce() -> A + Send, large: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let small = scope.spawn(small);
        let large = large();
        (join(small), large)
    })
}

/// Does a thing that nobody waits for, not even the end of the process.
pub fn aside(work: impl FnOnce() + Send + 'static) {
    // Without a thread it is not done: nothing depends on it.
    let _ = thread::Builder::new().spawn(work);
}

/// Does two things, at once where they are worth a thread, each on half of the processors: with more threads than there are
/// processors, the one whose threads have to share one would be late.
pub fn both<A: Send, B: Send>(
    worth_a_thread: bool,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B,
) -> (A, B) {
    let all = processors();
    if all < 2 || !worth_a_thread {
        return (one(), other());
    }
    let half = all / 2;
    let with_half = move || {
        PROCESSORS.set(Some(half));
        one()
    };
    beside(with_half, || {
        PROCESSORS.set(Some(half));
        let other = other();
        PROCESSORS.set(Some(all));
        other
    })
}

thread_local! {
    /// How many processors the work of this thread may use; none before anybody asked.
    static PROCESSORS: Cell<Option<usize>> = const { Cell::new(None) };
}

fn processors() -> usize {
    PROCESSORS.get().unwrap_or_else(|| {
        let all = thread::available_parallelism().map_or(1, usize::from);
        PROCESSORS.set(Some(all));
        all
    })
}

/// Gives `work` shares of the items in some threads; the results come in the order of the items. A thread is worth its start
/// for `least` items. `work` has the items to itself, so that each can go as soon as it is done with.
pub fn shares<T: Send, R: Send>(
    mut items: Vec<T>,
    least: usize,
    work: impl Fn(Vec<T>) -> R + Sync,
) -> Vec<R> {
    let workers = workers(items.len(), least);
    if workers < 2 {
        return vec![work(items)];
    }
    let share = items.len().div_ceil(workers * SHARES_A_WORKER);
    let starts = (0..items.len()).step_by(share).rev();
    let mut shares: Vec<Mutex<Vec<T>>> = starts.map(|start| Mutex::new(items.split_off(start))).collect();
    shares.reverse();
    let mut results = Vec::with_capacity(shares.len());
    let work = |share: &Mutex<Vec<T>>| work(std::mem::take(&mut *locked(share)));
    in_order(&shares, 1, work, |result| results.push(result));
    results
}

/// One share each would leave all to wait for the slowest: memory that a thread is the first to use takes its time.
const SHARES_A_WORKER: usize = 8;

/// Does `work` for each item in some threads, and hands the results to `take` one by one in the order of the items, as soon
/// as they are there: few are held at once.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    least: usize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(R) + Send,
) {
    let workers = workers(items.len(), least);
    if workers < 2 {
        return items.iter().for_each(|item| take(work(item)));
    }
    let next = AtomicUsize::new(0);
    let arrived = Mutex::new(Arrived { next: 0, early: BTreeMap::new() });
    let line = Line { arrived, take: Mutex::new(take) };
    let labour = || {
        while let Some((index, item)) = claim(items, &next) {
            line.arrive(index, work(item));
        }
    };
    thread::scope(|scope| {
        // This thread works too: it has memory from what was done before.
        let threads: Vec<_> = (1..workers).map(|_| scope.spawn(labour)).collect();
        labour();
        threads.into_iter().for_each(join);
    });
}

fn claim<'i, T>(items: &'i [T], next: &AtomicUsize) -> Option<(usize, &'i T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

/// Results that arrive in any order, and are taken in theirs: by one thread at a time, while the others work on.
struct Line<R, F> {
    arrived: Mutex<Arrived<R>>,
    take: Mutex<F>,
}

struct Arrived<R> {
    next: usize,
    early: BTreeMap<usize, R>,
}

/// So many results may wait before those who bring more have to wait as well.
const MOST_WAITING: usize = 128;

impl<R> Arrived<R> {
    fn has_next(&self) -> bool {
        self.early.contains_key(&self.next)
    }

    fn pop(&mut self) -> Option<R> {
        let result = self.early.remove(&self.next)?;
        self.next += 1;
        Some(result)
    }
}

impl<R, F: FnMut(R)> Line<R, F> {
    fn arrive(&self, index: usize, result: R) {
        let mut arrived = locked(&self.arrived);
        arrived.early.insert(index, result);
        let (mut has_next, must_wait) = (arrived.has_next(), arrived.early.len() >= MOST_WAITING);
        drop(arrived);
        // What arrives while another thread lets go of `take` is seen by that thread, which looks once more.
        while has_next && let Some(mut take) = self.take(must_wait) {
            while let Some(result) = self.pop() {
                take(result);
            }
            drop(take);
            has_next = locked(&self.arrived).has_next();
        }
    }

    /// The next result, for `take` to have while others arrive.
    fn pop(&self) -> Option<R> {
        locked(&self.arrived).pop()
    }

    fn take(&self, must_wait: bool) -> Option<MutexGuard<'_, F>> {
        match self.take.try_lock() {
            Ok(take) => Some(take),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => must_wait.then(|| locked(&self.take)),
        }
    }
}

fn workers(items: usize, least: usize) -> usize {
    processors().min(items / least)
}

fn join<R>(thread: thread::ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::{in_order, shares};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..5000).collect();
        let mut taken = Vec::new();
        in_order(&items, 2, |item| item * 2, |result| taken.push(result));
        assert_eq!(taken, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        for length in [0, 1, 2, 3, 5000] {
            assert_eq!(shares(items[..length].to_vec(), 1, |share| share).concat(), items[..length]);
        }
    }
}
