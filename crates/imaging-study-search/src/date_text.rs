//! Dates and times as texts.

use crate::moment::{Clock, Interval};

/// What kind of text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateForm {
    /// That of a query: from the year 1 on, and the seconds may be left out.
    Query,
    /// That of a study, which some reader has taken already.
    Value,
}

/// The span that a date or time leaves open, in a place `offset` minutes east of UTC where it does
/// not say its offset itself; `None` if it is none.
pub(crate) fn interval(text: &str, form: DateForm, offset: i16) -> Option<Interval> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) if form == DateForm::Value => (-1, rest),
        _ => (1, text),
    };
    let mut rest = Rest(unsigned);
    let year = rest.digits(4)?;
    if year == 0 && form == DateForm::Query {
        return None;
    }
    let year = sign * i32::try_from(year).ok()?;
    if rest.is_end() {
        return Interval::of_date(year, None, None, offset);
    }
    rest.literal('-')?;
    let month = rest.digits(2)?;
    if rest.is_end() {
        return Interval::of_date(year, Some(month), None, offset);
    }
    rest.literal('-')?;
    let day = rest.digits(2)?;
    if rest.is_end() {
        return Interval::of_date(year, Some(month), Some(day), offset);
    }
    rest.literal('T')?;
    let clock = clock(&mut rest, form)?;
    let offset = match rest.0 {
        "" => offset,
        text => parse_offset(text)?,
    };
    Interval::of_time((year, month, day), clock, offset)
}

fn clock<'t>(rest: &mut Rest<'t>, form: DateForm) -> Option<Clock<'t>> {
    let hour = rest.digits(2).filter(|hour| *hour < 24)?;
    rest.literal(':')?;
    let minute = rest.digits(2).filter(|minute| *minute < 60)?;
    let mut clock = Clock {
        hour: u8::try_from(hour).ok()?,
        minute: u8::try_from(minute).ok()?,
        second: None,
        fraction: "",
    };
    if rest.literal(':').is_none() {
        return (form == DateForm::Query).then_some(clock);
    }
    let second = rest.digits(2).filter(|second| *second <= 60)?;
    clock.second = u8::try_from(second).ok();
    if rest.literal('.').is_some() {
        let end = rest.0.find(|letter: char| !letter.is_ascii_digit());
        let (fraction, behind) = rest.0.split_at(end.unwrap_or(rest.0.len()));
        if fraction.is_empty() {
            return None;
        }
        clock.fraction = fraction;
        rest.0 = behind;
    }
    Some(clock)
}

/// The minutes east of UTC that `Z` or a text from `-14:00` to `+14:00` says.
pub(crate) fn parse_offset(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut rest = Rest(text.get(1..)?);
    let hours = rest.digits(2)?;
    rest.literal(':')?;
    let minutes = rest.digits(2).filter(|minutes| *minutes < 60)?;
    let size = i16::try_from(hours * 60 + minutes).ok()?;
    (rest.is_end() && size <= 14 * 60).then_some(sign * size)
}

struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn is_end(&self) -> bool {
        self.0.is_empty()
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.0.get(..count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = self.0.get(count..)?;
        digits.parse().ok()
    }

    fn literal(&mut self, expected: char) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_of_a_query() {
        for text in [
            "",
            "0000",
            "24",
            "2024-3-5",
            "2024-02-30",
            "2023-02-29",
            "2024-13",
            "2024-03-05T",
            "2024-03-05T10",
            "2024-03-05T24:00",
            "2024-03-05T10:60",
            "2024-03-05T10:00:61Z",
            "2024-03-05T10:00:00.Z",
            "2024-03-05T10:00:00z",
            "2024-03-05t10:00:00Z",
            "2024-03-05T10:00:00+14:01",
            "2024-03-05T10:00:00 01:00",
            "2024-03-05Z",
            "2024-03T10:00",
            "-2024",
            "+2024",
            "2024-03-05T10:00:00+1:00",
            "２０２４",
            "yesterday",
        ] {
            assert_eq!(interval(text, DateForm::Query, 0), None, "{text}");
        }
    }

    #[test]
    fn spans_by_precision() {
        let seconds = |text| {
            let found = interval(text, DateForm::Query, 0).expect("a date");
            found.end.seconds() - found.start.seconds()
        };
        assert_eq!(seconds("2024"), 366 * 86_400);
        assert_eq!(seconds("2023"), 365 * 86_400);
        assert_eq!(seconds("2024-02"), 29 * 86_400);
        assert_eq!(seconds("2024-12"), 31 * 86_400);
        assert_eq!(seconds("2024-03-05"), 86_400);
        assert_eq!(seconds("9999-12-31"), 86_400);
        assert_eq!(seconds("2024-03-05T10:00"), 60);
        assert_eq!(seconds("2024-03-05T10:00:00Z"), 1);
        let tenth = interval("2024-03-05T10:00:00.5Z", DateForm::Query, 0).expect("a time");
        assert_eq!(tenth.start.attoseconds(), 500_000_000_000_000_000);
        assert_eq!(tenth.end.attoseconds(), 600_000_000_000_000_000);
        let leap = interval("2016-12-31T23:59:60Z", DateForm::Query, 0).expect("a leap second");
        let next = interval("2017-01-01T00:00:00Z", DateForm::Query, 0).expect("a second");
        assert_eq!(leap, Interval::point(next.start));
        let digits = format!("2024-03-05T10:00:00.{}Z", "7".repeat(4_000));
        assert!(interval(&digits, DateForm::Value, 0).is_some());
    }

    #[test]
    fn the_offset_that_is_given_is_that_of_the_place() {
        let of = |text, offset| interval(text, DateForm::Query, offset).expect("a date");
        let hour = 3_600;
        let (here, utc) = (of("2024-03-05", -300), of("2024-03-05", 0));
        assert_eq!(here.start.seconds(), utc.start.seconds() + 5 * hour);
        assert_eq!(
            of("2024-03-05T10:00:00", 60),
            of("2024-03-05T09:00:00Z", 60)
        );
        assert_eq!(parse_offset("+05:30"), Some(330));
        assert_eq!(parse_offset("-14:00"), Some(-840));
        for text in [
            "", "5", "+5:30", "+05:60", "+14:01", "05:30", "+05:300", "z",
        ] {
            assert_eq!(parse_offset(text), None, "{text}");
        }
    }

    #[test]
    fn old_versions_have_years_before_the_first() {
        let of = |text| interval(text, DateForm::Value, 0).expect("a year");
        let (before, zero, one) = (of("-0001"), of("0000"), of("0001"));
        assert_eq!((before.end, zero.end), (zero.start, one.start));
    }
}
