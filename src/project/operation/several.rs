//! Several files at a time, because replacing a file is waiting: a disk takes longer to make it last than everything else
//! takes the processor, and it makes many last in the same time as one.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

/// How many files are worked on at a time. More of them wait for each other on a disk that they share.
pub const AT_ONCE: usize = 8;

/// Bytes of files that are worked on at a time; one that has more is worked on alone. Annotations take many times as much
/// memory as they take on disk.
const HEAVY: u64 = 16 << 20;

/// Hands things to so many threads, which tell what comes of them. `lead` hands out and listens on this thread; when it
/// returns, what was handed out is done to its end.
pub fn with_threads<T: Send, M: Send, R>(
    threads: usize,
    work: impl Fn(T, &Sender<M>) + Sync,
    lead: impl FnOnce(&Sender<T>, &Receiver<M>) -> R,
) -> R {
    std::thread::scope(|scope| {
        // Made here, so that nobody waits for an answer any more when `lead` panics.
        let ((hands, things), (tells, told)) = (bounded(threads), unbounded());
        for _ in 0..threads.max(1) {
            let (things, tells, work) = (things.clone(), tells.clone(), &work);
            scope.spawn(move || things.iter().for_each(|thing| work(thing, &tells)));
        }
        drop((things, tells));
        lead(&hands, &told)
    })
}

/// Keeps large files from being in memory at the same time.
#[derive(Default)]
pub struct Weights {
    held: Mutex<u64>,
    less: Condvar,
}

/// While it is there, its bytes count.
pub struct Held<'a> {
    weights: &'a Weights,
    bytes: u64,
}

impl Weights {
    /// Waits until there is room for a file.
    pub fn hold(&self, path: &Path) -> Held<'_> {
        self.hold_bytes(std::fs::metadata(path).map_or(0, |metadata| metadata.len()))
    }

    fn hold_bytes(&self, bytes: u64) -> Held<'_> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        while *held > 0 && held.saturating_add(bytes) > HEAVY {
            held = self.less.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        *held = held.saturating_add(bytes);
        Held { weights: self, bytes }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut held = self.weights.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(self.bytes);
        self.weights.less.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn large_files_are_held_one_at_a_time_and_small_ones_together() {
        let (weights, now, most) = (Weights::default(), AtomicU64::new(0), AtomicU64::new(0));
        let work = |bytes: u64, told: &Sender<u64>| {
            let _held = weights.hold_bytes(bytes);
            most.fetch_max(now.fetch_add(bytes, Ordering::SeqCst) + bytes, Ordering::SeqCst);
            std::thread::yield_now();
            now.fetch_sub(bytes, Ordering::SeqCst);
            let _ = told.send(bytes);
        };
        let sum: u64 = with_threads(4, work, |hands, told| {
            let all = [1, HEAVY * 3, HEAVY / 2, 7, HEAVY, HEAVY / 2].repeat(50);
            let (mut under_way, mut sum) = (0, 0);
            for bytes in all {
                if under_way == 4 {
                    sum += told.recv().expect("they work");
                    under_way -= 1;
                }
                hands.send(bytes).expect("they work");
                under_way += 1;
            }
            sum + told.iter().take(under_way).sum::<u64>()
        });
        assert_eq!(sum, 50 * (HEAVY * 5 + 8));
        assert!(most.into_inner() <= HEAVY * 3, "the largest one alone");
        // Two small ones are together.
        let (one, other) = (weights.hold_bytes(1), weights.hold_bytes(2));
        drop((one, other));
        assert_eq!(*weights.held.lock().expect("whole"), 0);
    }
}
