//! Several questions at once. Unlike `large::parallel` the threads wait for others, not for processors.

use crate::large::parallel::locked;
use std::sync::Mutex;
use std::thread;

/// Calls `ask` for each item in at most `threads` threads. The results come in the order of the items.
pub(super) fn all<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    ask: impl Fn(&T) -> R + Sync,
    progress: impl Fn(usize, usize) + Sync,
) -> Vec<R> {
    let waiting = Mutex::new(items.iter().enumerate());
    let answered = Mutex::new(Vec::with_capacity(items.len()));
    let labour = || {
        loop {
            let Some((index, item)) = locked(&waiting).next() else { return };
            let result = ask(item);
            let mut answered = locked(&answered);
            answered.push((index, result));
            progress(answered.len(), items.len());
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(labour);
        }
    });
    let mut answered = answered.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answered.sort_by_key(|(index, _)| *index);
    answered.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::sync::Mutex;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        let told = Mutex::new(Vec::new());
        let doubled = all(&items, 16, |item| item * 2, |done, of| told.lock().unwrap().push((done, of)));
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(told.into_inner().unwrap(), (1..=100).map(|done| (done, 100)).collect::<Vec<_>>());
        assert!(all(&[] as &[usize], 16, |item| *item, |_, _| ()).is_empty());
    }
}
