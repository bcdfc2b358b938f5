//! Many questions at once: each waits for another machine, and not for this one.

use crate::large::parallel::locked;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most questions at once.
const AT_ONCE: usize = 16;

/// Asks for each, and returns the answers in the order of the questions. `progress` hears how many have been answered.
pub fn all<Q: Sync, A: Send>(
    questions: &[Q],
    ask: impl Fn(&Q) -> A + Sync,
    progress: impl Fn(usize) + Sync,
) -> Vec<A> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let answers: Vec<Mutex<Option<A>>> = questions.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        while let Some((question, place)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            questions.get(at).zip(answers.get(at))
        } {
            let answer = ask(question);
            *locked(place) = Some(answer);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(questions.len()) {
            scope.spawn(work);
        }
    });
    answers.into_iter().filter_map(|answer| answer.into_inner().ok().flatten()).collect()
}
