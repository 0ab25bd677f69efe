//! A time of day.

use chrono::{NaiveTime, Timelike};

use super::ScalarType;
use super::date_time::{NotRepresentable, component};
use super::text::text_scalar;

text_scalar!(
    /// A time of day without date and offset, e.g. `13:28:17.239`
    /// (<https://hl7.org/fhir/R5/datatypes.html#time>).
    Time
);

impl Time {
    /// The hour, 0 to 23.
    #[must_use]
    pub fn hour(&self) -> u8 {
        component(self.as_str(), 0, 2).unwrap_or_default()
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub fn minute(&self) -> u8 {
        component(self.as_str(), 3, 5).unwrap_or_default()
    }

    /// The second, 0 to 60.
    #[must_use]
    pub fn second(&self) -> u8 {
        component(self.as_str(), 6, 8).unwrap_or_default()
    }

    /// The fraction of the second, in nanoseconds; further digits are cut.
    #[must_use]
    pub fn nanosecond(&self) -> u32 {
        let digits = self.as_str().get(9..).unwrap_or_default();
        let used = &digits[..digits.len().min(9)];
        let scale = 10_u32.pow(9 - used.len() as u32);
        used.parse::<u32>().unwrap_or_default() * scale
    }

    pub(super) fn to_chrono(&self) -> Result<NaiveTime, NotRepresentable> {
        // chrono spells a leap second as second 59 with more than a second of nanoseconds.
        let leap = self.second() == 60;
        NaiveTime::from_hms_nano_opt(
            self.hour().into(),
            self.minute().into(),
            if leap { 59 } else { self.second().into() },
            self.nanosecond() + if leap { 1_000_000_000 } else { 0 },
        )
        .ok_or(NotRepresentable)
    }
}

impl TryFrom<&Time> for NaiveTime {
    type Error = NotRepresentable;

    /// Converts a time; digits beyond nanoseconds are cut.
    fn try_from(time: &Time) -> Result<Self, NotRepresentable> {
        time.to_chrono()
    }
}

impl From<NaiveTime> for Time {
    fn from(time: NaiveTime) -> Self {
        let (second, nanosecond) = match time.nanosecond() {
            leap @ 1_000_000_000.. => (60, leap - 1_000_000_000),
            nanosecond => (time.second(), nanosecond),
        };
        let mut text = format!("{:02}:{:02}:{second:02}", time.hour(), time.minute());
        if nanosecond > 0 {
            let digits = format!("{nanosecond:09}");
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        Self(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_convert_to_chrono_and_back() {
        for text in ["00:00:00", "13:28:17.239", "23:59:60", "23:59:60.000000001"] {
            let time: Time = text.parse().expect("a legal time");
            let converted = NaiveTime::try_from(&time).expect("convertible");
            assert_eq!(Time::from(converted).as_str(), text);
        }
    }
}
