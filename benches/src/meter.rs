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
