//! Whether a period covers a moment.

/// The earliest and latest second that a FHIR `dateTime` may mean, counted from 1970 in UTC.
///
/// A value without a time zone, which is a date, is taken for all zones, from UTC+14 to UTC-12.
pub(super) fn bounds(text: &str) -> Option<(i64, i64)> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|part| digits(part, 2));
    let day = parts.next().map(|part| digits(part, 2));
    if parts.next().is_some() || time.is_some() && day.is_none() {
        return None;
    }
    let in_range = |value: Option<Option<i64>>, most: i64| match value {
        None => Some(None),
        Some(Some(value)) if (1..=most).contains(&value) => Some(Some(value)),
        Some(_) => None,
    };
    let (month, day) = (in_range(month, 12)?, in_range(day, 31)?);
    let first = days(year, month.unwrap_or(1), day.unwrap_or(1));
    let next = match (month, day) {
        (None, _) => days(year + 1, 1, 1),
        (Some(12), None) => days(year + 1, 1, 1),
        (Some(month), None) => days(year, month + 1, 1),
        (Some(_), Some(_)) => first + 1,
    };
    let Some(time) = time else {
        return Some((first * 86_400 - 14 * 3_600, next * 86_400 + 12 * 3_600 - 1));
    };
    let (clock, offset) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let sign = time.rfind(['+', '-'])?;
            let (clock, zone) = time.split_at(sign);
            let (hours, minutes) = zone[1..].split_once(':')?;
            let seconds = digits(hours, 2)? * 3_600 + digits(minutes, 2)? * 60;
            (
                clock,
                if zone.starts_with('-') {
                    -seconds
                } else {
                    seconds
                },
            )
        }
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    // Parts of a second do not matter; DSTU2 may leave the seconds out.
    let second = match parts.next() {
        Some(seconds) => digits(seconds.split('.').next()?, 2)?,
        None => 0,
    };
    let moment = first * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    Some((moment, moment))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days from 1 January 1970 to a day of the Gregorian calendar.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years are counted from March, so that the day that may be missing comes last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::bounds;

    #[test]
    fn a_moment_is_one_second_and_a_date_all_zones() {
        let hours = 3_600;
        for (text, first, last) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("1970-01-01T01:00:00+01:00", 0, 0),
            ("1969-12-31T23:00:00.999-01:00", 0, 0),
            ("1970-01-01", -14 * hours, 36 * hours - 1),
            ("1970-01", -14 * hours, 31 * 24 * hours + 12 * hours - 1),
            ("1970", -14 * hours, 365 * 24 * hours + 12 * hours - 1),
            ("2000-02-29T00:00:00Z", 951_782_400, 951_782_400),
            ("2024-12-31T23:59:59Z", 1_735_689_599, 1_735_689_599),
            ("0001-01-01T00:00:00Z", -62_135_596_800, -62_135_596_800),
        ] {
            assert_eq!(bounds(text), Some((first, last)), "{text}");
        }
        for text in [
            "",
            "today",
            "2024-13",
            "2024-1-1",
            "2024T00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01-01",
            "+024",
        ] {
            assert_eq!(bounds(text), None, "{text}");
        }
    }
}
