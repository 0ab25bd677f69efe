//! Timing tasks side by side.

use std::time::Duration;

use crate::Stopwatch;

/// How long a task took, round by round.
#[derive(Clone, Debug)]
pub struct Timing {
    rounds: Vec<Duration>,
}

impl Timing {
    /// The median of the rounds.
    #[must_use]
    pub fn median(&self) -> Duration {
        let mut rounds = self.rounds.clone();
        rounds.sort_unstable();
        rounds.get(rounds.len() / 2).copied().unwrap_or_default()
    }

    /// The shortest round.
    #[must_use]
    pub fn best(&self) -> Duration {
        self.rounds.iter().min().copied().unwrap_or_default()
    }

    /// How many times longer this took than `other`: the median over the rounds of the ratio in
    /// one round, in which both saw the same load of the machine.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        let ratio = |(one, other): (&Duration, &Duration)| one.as_secs_f64() / other.as_secs_f64();
        let mut ratios: Vec<f64> = self.rounds.iter().zip(&other.rounds).map(ratio).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// The timing of two tasks done one after the other.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let sum = |(one, other): (&Duration, &Duration)| *one + *other;
        Self {
            rounds: self.rounds.iter().zip(&other.rounds).map(sum).collect(),
        }
    }

    /// Millions of bytes a second, by the median.
    #[must_use]
    pub fn megabytes_per_second(&self, bytes: usize) -> f64 {
        bytes as f64 / 1e6 / self.median().as_secs_f64()
    }
}

/// Times tasks in turn, round by round, so that whatever else the machine does falls on all of
/// them alike. A first round warms up and does not count.
///
/// ```
/// use imaging_study_benches::{Meter, interleave};
///
/// let timings = interleave(&[10, 20], 3, |number, stopwatch| {
///     stopwatch.measure(|| (0..*number).sum::<u64>());
/// });
/// assert_eq!(timings.len(), 2);
/// ```
pub fn interleave<T>(
    tasks: &[T],
    rounds: usize,
    perform: impl Fn(&T, &mut Stopwatch),
) -> Vec<Timing> {
    let timing = Timing {
        rounds: Vec::with_capacity(rounds),
    };
    let mut timings = vec![timing; tasks.len()];
    for round in 0..=rounds {
        for (task, timing) in tasks.iter().zip(&mut timings) {
            let mut stopwatch = Stopwatch::default();
            perform(task, &mut stopwatch);
            if round > 0 {
                timing.rounds.push(stopwatch.elapsed);
            }
        }
    }
    timings
}
