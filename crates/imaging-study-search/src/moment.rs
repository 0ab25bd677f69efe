//! Points and spans of time.

use std::fmt;

use chrono::NaiveDate;

/// Attoseconds in a second.
const SECOND: u64 = 1_000_000_000_000_000_000;
const DAY: i64 = 86_400;

/// A point in time, to the attosecond: the digits of FHIR's times have no limit, and 18 of them are
/// more than anybody measures. What has more is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    seconds: i64,
    attoseconds: u64,
}

impl Moment {
    /// A point by the seconds since 1970-01-01T00:00:00Z, before it negative, and the nanoseconds
    /// behind them, less than 1,000,000,000.
    ///
    /// ```
    /// use imaging_study_search::Moment;
    ///
    /// let moment = Moment::new(1_709_632_800, 500_000_000);
    /// assert_eq!((moment.seconds(), moment.attoseconds()), (1_709_632_800, 500_000_000_000_000_000));
    /// ```
    #[must_use]
    pub const fn new(seconds: i64, nanoseconds: u32) -> Self {
        let start = Self {
            seconds,
            attoseconds: 0,
        };
        start.plus(nanoseconds as u64 * 1_000_000_000)
    }

    /// The whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// What is left beside [`seconds`](Self::seconds), in attoseconds (10⁻¹⁸ s), 0 to 10¹⁸ - 1.
    #[must_use]
    pub const fn attoseconds(self) -> u64 {
        self.attoseconds
    }

    /// The point some attoseconds later, fewer than 10¹⁹.
    const fn plus(self, attoseconds: u64) -> Self {
        let sum = self.attoseconds + attoseconds;
        Self {
            seconds: self.seconds.saturating_add((sum / SECOND) as i64),
            attoseconds: sum % SECOND,
        }
    }

    /// The attoseconds since 1970.
    const fn count(self) -> i128 {
        self.seconds as i128 * SECOND as i128 + self.attoseconds as i128
    }

    /// The point at a count of attoseconds since 1970.
    const fn at(count: i128) -> Self {
        Self {
            seconds: count.div_euclid(SECOND as i128) as i64,
            attoseconds: count.rem_euclid(SECOND as i128) as u64,
        }
    }

    /// The point as bytes that compare as the points do, for an index.
    #[must_use]
    pub const fn key(self) -> [u8; 16] {
        (self.count() as u128 ^ (1 << 127)).to_be_bytes()
    }
}

/// A span of time from its start up to, and without, its end: what a date or a time leaves open.
/// A point is the least span that there is, an attosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first moment in it.
    pub start: Moment,
    /// The first moment behind it, later than the start.
    pub end: Moment,
}

impl Interval {
    /// A point in time.
    #[must_use]
    pub const fn point(moment: Moment) -> Self {
        Self {
            start: moment,
            end: moment.plus(1),
        }
    }

    const fn of_seconds(start: i64, length: i64) -> Self {
        Self {
            start: Moment::new(start, 0),
            end: Moment::new(start + length, 0),
        }
    }

    /// What a year, a month or a day is, in a place `offset` minutes east of UTC.
    pub(crate) fn of_date(
        year: i32,
        month: Option<u32>,
        day: Option<u32>,
        offset: i16,
    ) -> Option<Self> {
        let first = days(year, month.unwrap_or(1), day.unwrap_or(1))?;
        let next = match (month, day) {
            (_, Some(_)) => first + 1,
            (Some(12) | None, None) => days(year + 1, 1, 1)?,
            (Some(month), None) => days(year, month + 1, 1)?,
        };
        let start = first * DAY - i64::from(offset) * 60;
        Some(Self::of_seconds(start, (next - first) * DAY))
    }

    /// What a time of a day is, in a place `offset` minutes east of UTC.
    pub(crate) fn of_time(date: (i32, u32, u32), clock: Clock<'_>, offset: i16) -> Option<Self> {
        let day = days(date.0, date.1, date.2)? * DAY - i64::from(offset) * 60;
        let minute = day + i64::from(clock.hour) * 3_600 + i64::from(clock.minute) * 60;
        let Some(second) = clock.second else {
            return Some(Self::of_seconds(minute, 60));
        };
        let second = minute + i64::from(second);
        if second == minute + 60 {
            // A leap second: the point at which its minute ends.
            return Some(Self::point(Moment::new(second, 0)));
        }
        let mut unit = SECOND;
        let mut start = Moment::new(second, 0);
        for digit in clock.fraction.bytes().take(18) {
            unit /= 10;
            start = start.plus(u64::from(digit.wrapping_sub(b'0').min(9)) * unit);
        }
        Some(Self {
            start,
            end: start.plus(unit),
        })
    }

    /// Whether the other span is a part of this one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the spans have a moment in common.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The span with a tenth of its distance from `now` on either side: what [`Prefix::Ap`] overlaps.
    #[must_use]
    pub fn widened(&self, now: Moment) -> Self {
        let (start, end, now) = (self.start.count(), self.end.count(), now.count());
        let gap = (start - now).max(now - end).max(0);
        Self {
            start: Moment::at(start - gap / 10),
            end: Moment::at(end + gap / 10),
        }
    }
}

/// A time of day, in whose fraction every digit counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock<'t> {
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: Option<u8>,
    pub(crate) fraction: &'t str,
}

/// Days since 1970-01-01, in the calendar of today.
fn days(year: i32, month: u32, day: u32) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    Some(date.signed_duration_since(epoch).num_days())
}

/// How a value has to stand to the date of a query
/// (<https://hl7.org/fhir/R5/search.html#prefix>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prefix {
    /// Within it; also without a prefix.
    Eq,
    /// There, but not within it.
    Ne,
    /// A part of it lies behind the end.
    Gt,
    /// A part of it lies before the start.
    Lt,
    /// A part of it lies behind the start.
    Ge,
    /// A part of it lies before the end.
    Le,
    /// All of it lies behind the end.
    Sa,
    /// All of it lies before the start.
    Eb,
    /// It has moments in common with the date, widened by a tenth of its distance from now.
    Ap,
}

impl Prefix {
    /// Every prefix.
    pub const ALL: [Self; 9] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Lt,
        Self::Ge,
        Self::Le,
        Self::Sa,
        Self::Eb,
        Self::Ap,
    ];

    /// The two letters in a query.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::Ge => "ge",
            Self::Le => "le",
            Self::Sa => "sa",
            Self::Eb => "eb",
            Self::Ap => "ap",
        }
    }

    /// Whether a value stands to the date of a query as the prefix says. `now` is what
    /// [`Ap`](Self::Ap) measures from.
    ///
    /// ```
    /// use imaging_study_search::{Interval, Moment, Prefix};
    ///
    /// let (day, hour) = (86_400, 3_600);
    /// let query = Interval { start: Moment::new(0, 0), end: Moment::new(day, 0) };
    /// let value = Interval { start: Moment::new(day - hour, 0), end: Moment::new(day + hour, 0) };
    /// assert!(!Prefix::Eq.holds(&value, &query, None));
    /// assert!(Prefix::Gt.holds(&value, &query, None));
    /// assert!(!Prefix::Sa.holds(&value, &query, None));
    /// ```
    #[must_use]
    pub fn holds(self, value: &Interval, query: &Interval, now: Option<Moment>) -> bool {
        match self {
            Self::Eq => query.contains(value),
            Self::Ne => !query.contains(value),
            Self::Gt => value.end > query.end,
            Self::Lt => value.start < query.start,
            Self::Ge => value.end > query.start,
            Self::Le => value.start < query.end,
            Self::Sa => value.start >= query.end,
            Self::Eb => value.end <= query.start,
            Self::Ap => {
                let widened = now.map_or(*query, |now| query.widened(now));
                widened.overlaps(value)
            }
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.code())
    }
}
