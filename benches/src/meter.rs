//! Measuring a piece of work.

use std::time::{Duration, Instant};

/// Measures the work that it is handed, and not what happens between two calls.
pub trait Meter {
    /// Does the work and adds what it took.
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T;
}

/// Measures time as the clock on the wall shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stopwatch {
    /// The time that the work took so far.
    pub elapsed: Duration,
}

impl Meter for Stopwatch {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.elapsed += start.elapsed();
        result
    }
}

/// Measures time as the processor spent it on this thread, so that what else the machine does counts
/// for nothing. Where the system has no such clock, it is the one on the wall.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadClock {
    /// The time that the work took so far.
    pub elapsed: Duration,
}

impl Meter for ThreadClock {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = thread_time();
        let result = work();
        self.elapsed += thread_time().saturating_sub(start);
        result
    }
}

#[cfg(unix)]
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}

#[cfg(not(unix))]
fn thread_time() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}
