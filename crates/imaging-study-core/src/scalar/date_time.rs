//! A date, or a date with a time of day.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone};

use super::text::text_scalar;
use super::{Date, ScalarType, Time};

text_scalar!(
    /// A date, part of a date, or a date with a time and an offset from UTC
    /// (<https://hl7.org/fhir/R5/datatypes.html#dateTime>).
    ///
    /// Precision, fraction digits and the spelling of the offset are kept; a leap second (`:60`)
    /// is accepted. Two values are equal when their texts are.
    ///
    /// ```
    /// use chrono::FixedOffset;
    /// use imaging_study_core::{DateTime, Precision};
    ///
    /// let started: DateTime = "2011-01-01T11:01:20.100-00:00".parse()?;
    /// assert_eq!(started.precision(), Precision::Time);
    /// assert_eq!(started.to_string(), "2011-01-01T11:01:20.100-00:00");
    /// let instant = chrono::DateTime::<FixedOffset>::try_from(&started)?;
    /// assert_eq!(instant.timestamp_millis(), 1_293_879_680_100);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    DateTime
);

/// How much of a date and time is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Only the year.
    Year,
    /// Year and month.
    Month,
    /// The whole date.
    Day,
    /// The date and a time of day.
    Time,
}

/// A date or time has no counterpart in the other type: too imprecise, without offset, or outside
/// the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the date or time lacks what the other type needs")]
pub struct NotRepresentable;

/// The text of a date without the sign of its year.
pub(super) fn unsigned(text: &str) -> &str {
    text.strip_prefix('-').unwrap_or(text)
}

/// The year of a date's text.
pub(super) fn year(text: &str) -> i16 {
    let year: i16 = component(unsigned(text), 0, 4).unwrap_or_default();
    if text.starts_with('-') { -year } else { year }
}

/// A number at a fixed place of a date's text, if the text is that long.
pub(super) fn component<N: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<N> {
    text.get(from..to)?.parse().ok()
}

impl DateTime {
    /// How much of the date and time is given.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match unsigned(self.as_str()).len() {
            4 => Precision::Year,
            7 => Precision::Month,
            10 => Precision::Day,
            _ => Precision::Time,
        }
    }

    /// The year, 1 to 9999; in DSTU2 and STU3 also 0 and down to -9999.
    #[must_use]
    pub fn year(&self) -> i16 {
        year(self.as_str())
    }

    /// The date, without the time.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        let text = self.as_str();
        let day = text.len() - unsigned(text).len() + 10;
        Date::of_dstu2(&text[..text.len().min(day)])
    }

    /// The time of day, without the offset.
    #[must_use]
    pub fn time(&self) -> Option<Time> {
        let clock = unsigned(self.as_str()).get(11..)?;
        let end = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        clock[..end].parse().ok()
    }

    /// The offset from UTC in minutes, -840 to 840.
    #[must_use]
    pub fn offset_minutes(&self) -> Option<i16> {
        offset_minutes(self.as_str())
    }
}

/// The offset at the end of a text with a time, in minutes.
pub(super) fn offset_minutes(text: &str) -> Option<i16> {
    let clock = unsigned(text).get(11..)?;
    if clock.ends_with('Z') {
        return Some(0);
    }
    let at = clock.find(['+', '-'])?;
    let hours: i16 = component(clock, at + 1, at + 3)?;
    let minutes: i16 = component(clock, at + 4, at + 6)?;
    let size = hours * 60 + minutes;
    Some(if clock[at..].starts_with('-') {
        -size
    } else {
        size
    })
}

/// Converts a text with date, time and offset; fraction digits beyond nanoseconds are cut.
pub(super) fn to_chrono(text: &str) -> Result<chrono::DateTime<FixedOffset>, NotRepresentable> {
    let date: Date = text
        .get(..10)
        .and_then(|date| date.parse().ok())
        .ok_or(NotRepresentable)?;
    let clock = text.get(11..).ok_or(NotRepresentable)?;
    let end = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let time: Time = clock[..end].parse().map_err(|_| NotRepresentable)?;
    let local = NaiveDateTime::new(NaiveDate::try_from(&date)?, time.to_chrono()?);
    let minutes = offset_minutes(text).ok_or(NotRepresentable)?;
    FixedOffset::east_opt(i32::from(minutes) * 60)
        .and_then(|offset| offset.from_local_datetime(&local).single())
        .ok_or(NotRepresentable)
}

impl TryFrom<&DateTime> for chrono::DateTime<FixedOffset> {
    type Error = NotRepresentable;

    /// Converts a dateTime with a time and an offset; digits beyond nanoseconds are cut.
    fn try_from(value: &DateTime) -> Result<Self, NotRepresentable> {
        to_chrono(value.as_str())
    }
}

impl TryFrom<chrono::DateTime<FixedOffset>> for DateTime {
    type Error = NotRepresentable;

    /// Converts an instant whose year is 1 to 9999 and whose offset is whole minutes.
    fn try_from(value: chrono::DateTime<FixedOffset>) -> Result<Self, NotRepresentable> {
        value
            .to_rfc3339_opts(SecondsFormat::AutoSi, false)
            .parse()
            .map_err(|_| NotRepresentable)
    }
}

impl From<Date> for DateTime {
    /// A date is a dateTime without time.
    fn from(date: Date) -> Self {
        Self(date.as_str().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_second_converts_to_chrono() {
        let leap: DateTime = "2016-12-31T23:59:60.5Z".parse().expect("a legal dateTime");
        let converted = chrono::DateTime::<FixedOffset>::try_from(&leap).expect("convertible");
        assert_eq!(converted.timestamp(), 1_483_228_799);
        assert_eq!(converted.timestamp_subsec_millis(), 1_500);
    }

    #[test]
    fn parts_of_a_date_time() {
        let value: DateTime = "2011-01-01T11:01:20.5-03:30".parse().expect("legal");
        assert_eq!(
            value.date().map(|date| date.to_string()).as_deref(),
            Some("2011-01-01")
        );
        assert_eq!(
            value.time().map(|time| time.to_string()).as_deref(),
            Some("11:01:20.5")
        );
        assert_eq!(value.offset_minutes(), Some(-210));
        let month: DateTime = "2011-01".parse().expect("legal");
        assert_eq!(month.precision(), Precision::Month);
        assert_eq!(
            chrono::DateTime::<FixedOffset>::try_from(&month),
            Err(NotRepresentable)
        );
    }
}
