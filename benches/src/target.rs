//! What a measurement ought to reach.

use std::fmt;

/// The side on which a measurement must stay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The measurement, or less.
    AtMost(f64),
    /// The measurement, or more.
    AtLeast(f64),
}

/// A measurement and what it ought to reach.
///
/// ```
/// use imaging_study_benches::{Bound, Target};
///
/// let target = Target::new("read / skip", 2.93, Bound::AtMost(4.0));
/// assert_eq!(target.to_string(), "read / skip: 2.93 (at most 4.0): met");
/// ```
#[derive(Clone, Debug)]
pub struct Target {
    name: String,
    measured: f64,
    bound: Bound,
}

impl Target {
    /// A measurement of what `name` says.
    #[must_use]
    pub fn new(name: impl Into<String>, measured: f64, bound: Bound) -> Self {
        Self {
            name: name.into(),
            measured,
            bound,
        }
    }

    /// Whether the measurement is on the right side.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(limit) => self.measured <= limit,
            Bound::AtLeast(limit) => self.measured >= limit,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, limit) = match self.bound {
            Bound::AtMost(limit) => ("at most", limit),
            Bound::AtLeast(limit) => ("at least", limit),
        };
        let verdict = if self.is_met() { "met" } else { "not met" };
        write!(
            formatter,
            "{}: {:.2} ({side} {limit:?}): {verdict}",
            self.name, self.measured
        )
    }
}
