//! Dates and times of day.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use imaging_study_core::{DateTime, FhirVersion, Scalar, Unshared};
use smol_str::{SmolStr, format_smolstr};

use crate::note::InputNotes;
use crate::{Attributes, NoteKind, Tag, TimeZone, tags};

/// A date, maybe with a time of day, maybe with the offset from UTC that its data set states.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    /// As FHIR writes it: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    date: SmolStr,
    /// As FHIR writes it: `hh:mm:ss` with a fraction of up to six digits.
    time: Option<SmolStr>,
    /// In minutes.
    offset: Option<i16>,
}

impl Moment {
    /// The moment of two attributes, with the offset (0008,0201) of the data set.
    pub(crate) fn read(
        attributes: &Attributes,
        date: Tag,
        time: Tag,
        notes: &mut InputNotes,
    ) -> Option<Self> {
        let text = attributes.text(date)?;
        let Some(day) = read_date(text) else {
            notes.add(NoteKind::InvalidDate, date);
            return None;
        };
        if matches!(day.as_str(), "1900-01-01" | "0001-01-01") {
            notes.add(NoteKind::UnlikelyDate, date);
        }
        let clock = attributes.text(time).filter(|_| day.len() == 10);
        let clock = clock.and_then(|text| {
            let clock = read_time(text);
            if clock.is_none() {
                notes.add(NoteKind::InvalidTime, time);
            }
            clock
        });
        let zone = tags::TIMEZONE_OFFSET_FROM_UTC;
        let offset = attributes.text(zone).and_then(|text| {
            let offset = read_offset(text);
            if offset.is_none() {
                notes.add(NoteKind::InvalidOffset, zone);
            }
            offset
        });
        Some(Self {
            date: day,
            time: clock.flatten(),
            offset,
        })
    }

    /// Whether both mean the same instant, as far as they can be compared.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self == other
            || match (self.instant(), other.instant()) {
                (Some(one), Some(other)) => one == other,
                _ => false,
            }
    }

    fn instant(&self) -> Option<NaiveDateTime> {
        let offset = TimeDelta::minutes(i64::from(self.offset?));
        self.local()?.checked_sub_signed(offset)
    }

    /// The date and the time on the wall clock; a second of 60 is the last nanoseconds of 59.
    fn local(&self) -> Option<NaiveDateTime> {
        let date = NaiveDate::parse_from_str(&self.date, "%Y-%m-%d").ok()?;
        let time = NaiveTime::parse_from_str(self.time.as_ref()?, "%H:%M:%S%.f").ok()?;
        Some(date.and_time(time))
    }

    /// The moment as an element of FHIR.
    pub(crate) fn date_time(
        &self,
        zone: &TimeZone,
        version: FhirVersion,
    ) -> (Option<DateTime>, Option<NoteKind>) {
        let read = |text: &str| DateTime::read(text, version, &mut Unshared).ok();
        let Some(time) = &self.time else {
            return (read(&self.date), None);
        };
        let offset = self.offset.or_else(|| match zone {
            TimeZone::DateOnly => None,
            TimeZone::Fixed(offset) => minutes(*offset),
            TimeZone::Resolve(resolve) => minutes(resolve(self.local()?)?),
        });
        let Some(offset) = offset else {
            return (read(&self.date), Some(NoteKind::NoOffset));
        };
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, rest) = (offset.abs() / 60, offset.abs() % 60);
        let whole = format_smolstr!("{}T{time}{sign}{hours:02}:{rest:02}", self.date);
        // The pattern of DSTU2 knows no second 60.
        let legal = imaging_study_core::ScalarType::DateTime.allows(&whole, version);
        match read(&whole).filter(|_| legal) {
            Some(whole) => (Some(whole), None),
            None => (read(&self.date), Some(NoteKind::TimeLeftOut)),
        }
    }
}

/// An offset of whole minutes that FHIR can write: at most 14 hours.
fn minutes(offset: FixedOffset) -> Option<i16> {
    let seconds = offset.local_minus_utc();
    let minutes = i16::try_from(seconds / 60).ok()?;
    (seconds % 60 == 0 && minutes.abs() <= 14 * 60).then_some(minutes)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A DA, also in its old form with dots; years and months alone are no DA, but are met.
fn read_date(text: &str) -> Option<SmolStr> {
    let joined;
    let text = match text.as_bytes() {
        [_, _, _, _, b'.', _, _, b'.', _, _] => {
            joined = text.replace('.', "");
            &joined
        }
        _ => text,
    };
    if !digits(text) || text.starts_with("0000") {
        return None;
    }
    match text.len() {
        4 => Some(text.into()),
        6 => {
            let (year, month) = text.split_at(4);
            let legal = ("01"..="12").contains(&month);
            legal.then(|| format_smolstr!("{year}-{month}"))
        }
        8 => {
            let (year, rest) = text.split_at(4);
            let (month, day) = rest.split_at(2);
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            Some(format_smolstr!("{year}-{month}-{day}"))
        }
        _ => None,
    }
}

/// A TM, also in its old form with colons. Of an hour alone nothing is known of the minutes, so that
/// there is no time: `Some(None)`.
fn read_time(text: &str) -> Option<Option<SmolStr>> {
    let joined;
    let text = match text.as_bytes() {
        [_, _, b':', ..] => {
            joined = text.replace(':', "");
            &joined
        }
        _ => text,
    };
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let part = |from: usize| -> Option<u8> { clock.get(from..from + 2)?.parse().ok() };
    if !digits(clock) || !digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let whole = clock.len() == 6;
    if !matches!(clock.len(), 2 | 4 | 6)
        || (text.len() != clock.len() && !whole)
        || part(0)? > 23
        || (clock.len() >= 4 && part(2)? > 59)
        || (whole && part(4)? > 60)
    {
        return None;
    }
    if clock.len() == 2 {
        return Some(None);
    }
    let seconds = if whole { &clock[4..] } else { "00" };
    let (hour, minute) = (&clock[..2], &clock[2..4]);
    Some(Some(if text.len() == clock.len() {
        format_smolstr!("{hour}:{minute}:{seconds}")
    } else {
        format_smolstr!("{hour}:{minute}:{seconds}.{fraction}")
    }))
}

/// An offset from UTC in minutes: `&ZZXX`, -1200 to +1400 (PS3.3 section C.12.1.1.8).
fn read_offset(text: &str) -> Option<i16> {
    let (sign, number) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    if number.len() != 4 || !digits(number) {
        return None;
    }
    let (hours, minutes): (i16, i16) = (number[..2].parse().ok()?, number[2..].parse().ok()?);
    let offset = sign * (hours * 60 + minutes);
    let legal = minutes < 60 && (-12 * 60..=14 * 60).contains(&offset);
    (legal && !(sign < 0 && offset == 0)).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (text, date) in [
            ("20240229", Some("2024-02-29")),
            ("20230229", None),
            ("1998.07.01", Some("1998-07-01")),
            ("202402", Some("2024-02")),
            ("202413", None),
            ("2024", Some("2024")),
            ("00000000", None),
            ("2024-02-29", None),
            ("20240101-20240201", None),
            ("", None),
        ] {
            assert_eq!(read_date(text).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn times_are_complete_or_none() {
        for (text, time) in [
            ("070907.0705", Some(Some("07:09:07.0705"))),
            ("1010", Some(Some("10:10:00"))),
            ("10:10:59", Some(Some("10:10:59"))),
            ("235960", Some(Some("23:59:60"))),
            ("10", Some(None)),
            ("24", None),
            ("1060", None),
            ("101061", None),
            ("1010.5", None),
            ("101010.1234567", None),
            ("101010.", None),
            ("1é", None),
        ] {
            let found = read_time(text);
            assert_eq!(found.as_ref().map(Option::as_deref), time, "{text}");
        }
    }

    #[test]
    fn offsets_keep_to_their_range() {
        for (text, offset) in [
            ("+0100", Some(60)),
            ("-0330", Some(-210)),
            ("+1400", Some(840)),
            ("+1430", None),
            ("-1230", None),
            ("-0000", None),
            ("+0060", None),
            ("0100", None),
            ("+01:0", None),
        ] {
            assert_eq!(read_offset(text), offset, "{text}");
        }
    }

    #[test]
    fn the_policy_fills_in_for_a_missing_offset() {
        let moment = Moment {
            date: "2016-12-31".into(),
            time: Some("23:59:60".into()),
            offset: None,
        };
        let text = |zone: &TimeZone, version| {
            let (value, note) = moment.date_time(zone, version);
            (value.map(|value| value.to_string()), note)
        };
        let day = Some("2016-12-31".to_owned());
        assert_eq!(
            text(&TimeZone::DateOnly, FhirVersion::R5),
            (day.clone(), Some(NoteKind::NoOffset))
        );
        let india = FixedOffset::east_opt(19_800).expect("an offset");
        let fixed = TimeZone::Fixed(india);
        let whole = Some("2016-12-31T23:59:60+05:30".to_owned());
        assert_eq!(text(&fixed, FhirVersion::R5), (whole, None));
        assert_eq!(
            text(&fixed, FhirVersion::Dstu2),
            (day.clone(), Some(NoteKind::TimeLeftOut))
        );
        let winter = TimeZone::resolve(|local| {
            use chrono::Datelike;
            (local.month() < 6).then_some(FixedOffset::east_opt(0)?)
        });
        assert_eq!(
            text(&winter, FhirVersion::R5),
            (day, Some(NoteKind::NoOffset))
        );
    }
}
