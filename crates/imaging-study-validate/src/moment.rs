//! Dates and times as the spans that they leave open.

use std::borrow::Cow;

/// The first and the last instant that a date or time can mean, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    first: i128,
    last: i128,
    /// Whether it says which place's time it is.
    zoned: bool,
}

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;
/// A date without an offset is that of any place on earth.
const WIDEST_OFFSET: i128 = 14 * 3_600 * SECOND;

impl Moment {
    /// Reads a dateTime of any version; `None` if it is none.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let (before_christ, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let year = number(0, 4)?;
        let year = if before_christ { -year } else { year };
        let (month, day) = (number(5, 7), number(8, 10));
        if text.len() > 10 {
            return Self::instant(days(year, month?, day?), text.get(11..)?);
        }
        let (first, next) = match (month, day) {
            (None, _) => (days(year, 1, 1), days(year + 1, 1, 1)),
            (Some(month), None) => {
                let next = if month == 12 {
                    days(year + 1, 1, 1)
                } else {
                    days(year, month + 1, 1)
                };
                (days(year, month, 1), next)
            }
            (Some(month), Some(day)) => {
                let first = days(year, month, day);
                (first, first + 1)
            }
        };
        Some(Self {
            first: i128::from(first) * DAY,
            last: i128::from(next) * DAY - 1,
            zoned: false,
        })
    }

    fn instant(day: i64, clock: &str) -> Option<Self> {
        let number = |from: usize, to: usize| clock.get(from..to)?.parse::<i128>().ok();
        let seconds = number(0, 2)? * 3_600 + number(3, 5)? * 60 + number(6, 8)?;
        let rest = clock.get(8..)?;
        let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
        let (fraction, zone) = rest.split_at(zone_at);
        let mut nanoseconds = 0;
        let mut unit = SECOND;
        for digit in fraction.bytes().skip(1).take(9) {
            unit /= 10;
            nanoseconds += i128::from(digit.wrapping_sub(b'0').min(9)) * unit;
        }
        let offset = match zone.as_bytes() {
            [] | [b'Z'] => 0,
            [sign, ..] => {
                let hours: i128 = zone.get(1..3)?.parse().ok()?;
                let minutes: i128 = zone.get(4..6)?.parse().ok()?;
                let size = (hours * 60 + minutes) * 60 * SECOND;
                if *sign == b'-' { size } else { -size }
            }
        };
        let local = i128::from(day) * DAY + seconds * SECOND + nanoseconds;
        Some(Self {
            first: local + offset,
            last: local + offset + unit - 1,
            zoned: !zone.is_empty(),
        })
    }

    /// Whether it is certainly later than another one.
    pub(crate) fn is_after(self, other: Self) -> bool {
        self.first - self.doubt(other) > other.last
    }

    /// How far apart the clocks of both can be: two dates without an offset are of one place.
    fn doubt(self, other: Self) -> i128 {
        match self.zoned == other.zoned {
            true => 0,
            false => WIDEST_OFFSET,
        }
    }

    /// Whether it certainly is not later than another one.
    pub(crate) fn is_not_after(self, other: Self) -> bool {
        self == other || self.last + self.doubt(other) <= other.first
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Whether one date or time is certainly later than another; not if one of them is none.
pub(crate) fn is_after(one: &Option<Cow<'_, str>>, other: &Option<Cow<'_, str>>) -> bool {
    let moment = |text: &Option<Cow<'_, str>>| text.as_deref().and_then(Moment::of);
    match (moment(one), moment(other)) {
        (Some(one), Some(other)) => one.is_after(other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_after() {
        let moment = |text| Moment::of(text).expect("a date");
        for (one, other, after) in [
            ("2024-05", "2024-03", true),
            ("2024-03", "2024", false),
            ("2024-03-02", "2024-03-02", false),
            ("2024-03-04", "2024-03-02", true),
            ("2024-03-03", "2024-03-02", true),
            ("2024-03-03", "2024-03-02T23:00:00Z", false),
            ("2024-03-01T10:00:00+01:00", "2024-03-01T09:30:00Z", false),
            ("2024-03-01T10:00:00-01:00", "2024-03-01T09:30:00Z", true),
            ("2024-03-01T10:00:00.5Z", "2024-03-01T10:00:00Z", false),
            ("2024-03-01T10:00:00.5Z", "2024-03-01T10:00:00.4Z", true),
            ("2024-12", "2024-11", true),
            ("-0001", "0000", false),
            ("0003", "-0003", true),
        ] {
            assert_eq!(moment(one).is_after(moment(other)), after, "{one} {other}");
        }
        assert!(moment("2024").is_not_after(moment("2026")));
        assert!(!moment("2024").is_not_after(moment("2024-06")));
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1), 11_017);
        assert_eq!(Moment::of("now"), None);
    }
}
