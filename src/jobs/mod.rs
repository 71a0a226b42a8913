//! Work that must not hold up a frame: reading, writing, dialogs of the system.
//!
//! Each job is a thread; its result is a message that the app takes between frames. A job that panics says so.
//! Knows nothing of what the work is.

pub mod ordered;

use std::panic::AssertUnwindSafe;

use crossbeam_channel::{Receiver, Sender, unbounded};

/// Starts jobs and collects their results of type `M`.
pub struct Jobs<M> {
    sender: Sender<Result<M, String>>,
    receiver: Receiver<Result<M, String>>,
    running: usize,
    wake: Box<dyn Fn() -> Box<dyn Fn() + Send> + Send>,
}

impl<M: Send + 'static> Jobs<M> {
    /// `wake` makes a function that a job calls when it is done, so that the result is taken soon.
    pub fn new(wake: impl Fn() -> Box<dyn Fn() + Send> + Send + 'static) -> Self {
        let (sender, receiver) = unbounded();
        Self { sender, receiver, running: 0, wake: Box::new(wake) }
    }

    /// Runs `work` on a thread of its own.
    pub fn spawn(&mut self, name: &str, work: impl FnOnce() -> M + Send + 'static) {
        let (sender, wake) = (self.sender.clone(), (self.wake)());
        let what = name.to_owned();
        let body = move || {
            let result = std::panic::catch_unwind(AssertUnwindSafe(work));
            // The app may be gone by now; then nobody wants the result.
            let _ = sender.send(result.map_err(|_| format!("{what} failed unexpectedly; please report it")));
            wake();
        };
        match std::thread::Builder::new().name(name.to_owned()).spawn(body) {
            Ok(_) => self.running += 1,
            Err(error) => {
                let _ = self.sender.send(Err(format!("{name} could not start: {error}")));
                self.running += 1;
            }
        }
    }

    /// A result that has arrived, or why a job has none.
    pub fn poll(&mut self) -> Option<Result<M, String>> {
        let message = self.receiver.try_recv().ok()?;
        self.running = self.running.saturating_sub(1);
        Some(message)
    }

    /// Whether something is going on.
    pub fn is_busy(&self) -> bool {
        self.running > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(jobs: &mut Jobs<u32>) -> Result<u32, String> {
        let message = jobs.receiver.recv().expect("a job answers");
        jobs.running -= 1;
        message
    }

    #[test]
    fn a_job_answers_and_a_panic_is_an_answer_too() {
        let mut jobs: Jobs<u32> = Jobs::new(|| Box::new(|| ()));
        jobs.spawn("Counting", || 42);
        assert_eq!(wait(&mut jobs), Ok(42));
        jobs.spawn("Falling", || panic!("expected by the test"));
        assert!(wait(&mut jobs).expect_err("panicked").contains("Falling"));
        assert!(!jobs.is_busy());
    }
}
