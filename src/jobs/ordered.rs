//! The same work on many things, on all cores, with the results in the order of the things.
//!
//! Only a few results for each thread wait for their turn: memory does not grow with the number of things.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crossbeam_channel::unbounded;

use crate::panics;

/// How many things a thread may be ahead of the one whose result is taken next.
const AHEAD: usize = 4;

/// How far the results are taken; `None` if no more are wanted.
struct Gate {
    taken: Mutex<Option<usize>>,
    moved: Condvar,
}

impl Gate {
    /// Waits until the thing with this number may be begun; `false` if it is not wanted any more.
    fn may_begin(&self, index: usize, window: usize) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while taken.is_some_and(|taken| index >= taken + window) {
            taken = self.moved.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        taken.is_some()
    }

    fn set(&self, taken: Option<usize>) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = taken;
        self.moved.notify_all();
    }
}

/// Does `work` on each of `items` on all cores, and gives the results to `take` on this thread in the order of the
/// items. Stops at the first error of `take`.
///
/// # Errors
/// The error of `take`.
///
/// # Panics
/// If `work` panics, with what it panicked with.
pub fn in_order<I: Sync, O: Send, E>(
    items: &[I],
    work: impl Fn(usize, &I) -> O + Sync,
    take: impl FnMut(usize, O) -> Result<(), E>,
) -> Result<(), E> {
    in_order_on(std::thread::available_parallelism().map_or(1, NonZero::get), items, work, take)
}

/// The same on so many threads: for work that waits for something else than the processor.
///
/// # Errors
/// The error of `take`.
///
/// # Panics
/// If `work` panics, with what it panicked with.
pub fn in_order_on<I: Sync, O: Send, E>(
    threads: usize,
    items: &[I],
    work: impl Fn(usize, &I) -> O + Sync,
    mut take: impl FnMut(usize, O) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.min(items.len()).max(1);
    let gate = Gate { taken: Mutex::new(Some(0)), moved: Condvar::new() };
    let next = AtomicUsize::new(0);
    let (sender, receiver) = unbounded();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, gate, next, work) = (sender.clone(), &gate, &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if !gate.may_begin(index, threads * AHEAD) {
                        break;
                    }
                    let result = panics::catch(|| work(index, item));
                    if sender.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut taken = 0;
        for (index, result) in receiver {
            let result = result.unwrap_or_else(|fallen| {
                gate.set(None);
                panics::go_on(fallen)
            });
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&taken) {
                if let Err(error) = take(taken, result) {
                    gate.set(None);
                    return Err(error);
                }
                taken += 1;
                gate.set(Some(taken));
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_few_of_them_wait() {
        let items: Vec<usize> = (0..500).collect();
        let (mut seen, begun) = (Vec::new(), AtomicUsize::new(0));
        let mut most = 0;
        let work = |index: usize, item: &usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            // The first of each dozen is slow, so that the others get ahead of it.
            std::thread::sleep(std::time::Duration::from_micros(if index.is_multiple_of(12) { 900 } else { 10 }));
            item * 2
        };
        let result: Result<(), ()> = in_order(&items, work, |index, result| {
            most = most.max(begun.load(Ordering::Relaxed) - index);
            seen.push(result);
            Ok(())
        });
        assert_eq!((result, seen), (Ok(()), (0..500).map(|i| i * 2).collect::<Vec<_>>()));
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        assert!(most <= threads * AHEAD + 1, "{most} were ahead");
    }

    #[test]
    fn an_error_ends_it_and_a_panic_comes_through() {
        let items: Vec<usize> = (0..100).collect();
        let stopped = in_order(&items, |_, item| *item, |index, _| if index == 7 { Err(index) } else { Ok(()) });
        assert_eq!(stopped, Err(7));
        let fallen = panics::catch(|| {
            let work = |index: usize, _: &usize| assert!(index < 30, "expected by the test");
            in_order(&items, work, |_, ()| Ok::<(), ()>(()))
        });
        assert!(fallen.is_err());
        assert_eq!(in_order(&[], |_, item: &u8| *item, |_, _| Ok::<(), ()>(())), Ok(()));
    }
}
