//! Work that must not hold up a frame: reading, writing, dialogs of the system.
//!
//! Each job is a thread; its result is a message that the app takes between frames. A job that panics says so, and may
//! leave a message for that case. Knows nothing of what the work is.

pub mod ordered;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::panics;

/// Starts jobs and collects their results of type `M`.
pub struct Jobs<M> {
    sender: Sender<Note<M>>,
    receiver: Receiver<Note<M>>,
    running: usize,
    wake: Box<dyn Fn() -> Box<dyn Fn() + Send> + Send>,
    data: Option<PathBuf>,
}

/// Makes the result of a job that has none.
type Otherwise<M> = Box<dyn FnOnce() -> M + Send>;

/// Something that a job says; `is_last` = and nothing else follows.
struct Note<M> {
    message: Result<M, Failed>,
    is_last: bool,
}

/// A job that has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it was, as it was named when it was started.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// Why a job has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It panicked.
    Panicked {
        /// The file that tells of it, if one could be written.
        report: Option<PathBuf>,
    },
    /// The system gave it no thread, for this reason.
    NotStarted(String),
}

impl<M: Send + 'static> Jobs<M> {
    /// `wake` makes a function that a job calls when it is done, so that the result is taken soon.
    pub fn new(wake: impl Fn() -> Box<dyn Fn() + Send> + Send + 'static) -> Self {
        let (sender, receiver) = unbounded();
        Self { sender, receiver, running: 0, wake: Box::new(wake), data: None }
    }

    /// Where the tests lay their traps; see [`panics::trap`].
    #[must_use]
    pub fn with_traps_in(mut self, data: Option<PathBuf>) -> Self {
        self.data = data;
        self
    }

    /// Runs `work` on a thread of its own.
    pub fn spawn(&mut self, name: &str, work: impl FnOnce() -> M + Send + 'static) {
        self.start(name, work, None);
    }

    /// Runs `work` on a thread of its own. If it panics or cannot be started, that is told first, and then `otherwise`
    /// is the result: for those who wait for one.
    pub fn spawn_or(
        &mut self,
        name: &str,
        otherwise: impl FnOnce() -> M + Send + 'static,
        work: impl FnOnce() -> M + Send + 'static,
    ) {
        self.start(name, work, Some(Box::new(otherwise)));
    }

    /// Gives the memory of something large back on a thread of its own: that may take longer than a frame.
    pub fn throw_away(&self, thing: impl Send + 'static) {
        // Where there is no thread, it is done here.
        let _ = std::thread::Builder::new().name("throwing away".into()).spawn(move || drop(thing));
    }

    fn start(&mut self, name: &str, work: impl FnOnce() -> M + Send + 'static, otherwise: Option<Otherwise<M>>) {
        self.running += 1;
        let otherwise = Arc::new(Mutex::new(otherwise));
        let failing = Failing { name: name.to_owned(), sender: self.sender.clone(), otherwise };
        let (sender, wake, data, of_thread) = (self.sender.clone(), (self.wake)(), self.data.clone(), failing.clone());
        let body = move || {
            let result = panics::catch(|| {
                panics::trap(data.as_deref(), &of_thread.name);
                work()
            });
            match result {
                // The app may be gone by now; then nobody wants the result.
                Ok(message) => drop(sender.send(Note { message: Ok(message), is_last: true })),
                Err(fallen) => of_thread.tell(Why::Panicked { report: fallen.report }),
            }
            wake();
        };
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(body) {
            failing.tell(Why::NotStarted(error.to_string()));
        }
    }

    /// A result that has arrived, or why a job has none.
    pub fn poll(&mut self) -> Option<Result<M, Failed>> {
        let note = self.receiver.try_recv().ok()?;
        if note.is_last {
            self.running = self.running.saturating_sub(1);
        }
        Some(note.message)
    }

    /// Whether something is going on.
    pub fn is_busy(&self) -> bool {
        self.running > 0
    }
}

/// What is said of a job that has no result; also of one whose thread never was.
struct Failing<M> {
    name: String,
    sender: Sender<Note<M>>,
    otherwise: Arc<Mutex<Option<Otherwise<M>>>>,
}

impl<M> Clone for Failing<M> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), sender: self.sender.clone(), otherwise: Arc::clone(&self.otherwise) }
    }
}

impl<M> Failing<M> {
    fn tell(&self, why: Why) {
        let otherwise = self.otherwise.lock().unwrap_or_else(PoisonError::into_inner).take();
        let failed = Failed { name: self.name.clone(), why };
        let _ = self.sender.send(Note { message: Err(failed), is_last: otherwise.is_none() });
        if let Some(otherwise) = otherwise {
            let _ = self.sender.send(Note { message: Ok(otherwise()), is_last: true });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(jobs: &mut Jobs<u32>) -> Result<u32, Failed> {
        loop {
            if let Some(message) = jobs.poll() {
                return message;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_job_answers_and_a_panic_is_an_answer_too() {
        let mut jobs: Jobs<u32> = Jobs::new(|| Box::new(|| ()));
        jobs.spawn("Counting", || 42);
        assert_eq!(wait(&mut jobs), Ok(42));
        jobs.spawn("Falling", || panic!("expected by the test"));
        let failed = wait(&mut jobs).expect_err("panicked");
        assert_eq!((failed.name.as_str(), failed.why), ("Falling", Why::Panicked { report: None }));
        assert!(!jobs.is_busy());
    }

    #[test]
    fn who_waits_for_a_result_gets_one_after_a_panic() {
        let mut jobs: Jobs<u32> = Jobs::new(|| Box::new(|| ()));
        jobs.spawn_or("Falling", || 7, || panic!("expected by the test"));
        assert_eq!(wait(&mut jobs).expect_err("panicked").name, "Falling");
        assert!(jobs.is_busy(), "the result is still to come");
        assert_eq!(wait(&mut jobs), Ok(7));
        assert!(!jobs.is_busy());
        jobs.spawn_or("Standing", || 7, || 42);
        assert_eq!((wait(&mut jobs), jobs.poll(), jobs.is_busy()), (Ok(42), None, false));
    }
}
