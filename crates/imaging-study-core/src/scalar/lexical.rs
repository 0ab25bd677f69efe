//! The texts of the primitive types, version by version.
//!
//! `accepts` is what a reader takes, `legal` the further limits of one version's patterns. Both
//! run over bytes without backtracking, in time linear in the text.

use super::ScalarType;
use crate::FhirVersion;

/// Whether a reader of `version` takes `text` for a value of the type. The type is known where this
/// is called, so that inlining leaves one arm of the match.
#[inline(always)]
pub(crate) fn accepts(scalar: ScalarType, text: &str, version: FhirVersion) -> bool {
    let bytes = text.as_bytes();
    match scalar {
        ScalarType::Base64Binary => base64(bytes),
        ScalarType::Boolean => matches!(bytes, b"true" | b"false"),
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => visible(bytes),
        ScalarType::Code => code(bytes),
        ScalarType::Date => date(bytes, version).is_some_and(<[u8]>::is_empty),
        ScalarType::DateTime => date_time(bytes, version),
        ScalarType::Decimal => decimal(bytes),
        ScalarType::Id => {
            (1..=64).contains(&bytes.len())
                && bytes
                    .iter()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        }
        ScalarType::Instant => day(bytes, version)
            .and_then(|rest| clock(rest.strip_prefix(b"T")?))
            .is_some_and(offset),
        ScalarType::Integer => {
            integer(bytes)
                && text.parse::<i32>().is_ok()
                && (version < FhirVersion::R5 || text != "-0")
        }
        ScalarType::Integer64 => integer(bytes) && text.parse::<i64>().is_ok() && text != "-0",
        ScalarType::Markdown | ScalarType::String | ScalarType::Xhtml => string(bytes),
        ScalarType::Oid => oid(bytes, version),
        ScalarType::PositiveInt => {
            digits_without_leading_zero(bytes) && text.parse::<i32>().is_ok_and(|value| value > 0)
        }
        ScalarType::Time => clock(bytes).is_some_and(<[u8]>::is_empty),
        ScalarType::UnsignedInt => {
            digits_without_leading_zero(bytes) && text.parse::<i32>().is_ok()
        }
        ScalarType::Uuid => uuid(bytes),
    }
}

/// Whether an accepted text also keeps to the limits of the pattern of `version`.
pub(crate) fn legal(scalar: ScalarType, text: &str, version: FhirVersion) -> bool {
    let bytes = text.as_bytes();
    let modern = version >= FhirVersion::R5;
    let old = version <= FhirVersion::Stu3;
    match scalar {
        ScalarType::Base64Binary => !modern || !bytes.iter().any(u8::is_ascii_whitespace),
        ScalarType::Code => {
            // Without an early end, so that the compiler turns it into vector code.
            let odd = |byte: u8| (byte == b'\t') | (byte == b'\n') | (byte == b'\r');
            !modern || !bytes.iter().fold(false, |found, &byte| found | odd(byte))
        }
        ScalarType::DateTime | ScalarType::Instant | ScalarType::Time => {
            (!modern || fraction_digits(text) <= 9)
                && (leap_seconds(scalar, version) || !seconds_are_60(text))
        }
        ScalarType::Decimal => {
            let (mantissa, exponent) = match text.find(['e', 'E']) {
                Some(at) => (&text[..at], &text[at + 1..]),
                None => (text, ""),
            };
            let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            let exponent_digits = exponent.trim_start_matches(['+', '-']).len();
            (!modern
                || (whole.trim_start_matches('-').len() <= 18
                    && fraction.len() <= 17
                    && exponent_digits <= 9))
                && (!old || exponent.is_empty())
        }
        ScalarType::Integer => {
            if modern {
                text != "-0"
            } else {
                !text.starts_with('+')
            }
        }
        _ => true,
    }
}

/// Whether the patterns of a version allow a leap second: in DSTU2 none does, in STU3 that of `time`
/// does not.
fn leap_seconds(scalar: ScalarType, version: FhirVersion) -> bool {
    version > FhirVersion::Stu3 || (version == FhirVersion::Stu3 && scalar != ScalarType::Time)
}

/// Whether there is something, and no white space or control character in it.
#[inline(never)]
fn visible(bytes: &[u8]) -> bool {
    // Without an early end, so that the compiler turns it into vector code.
    !bytes.is_empty()
        && bytes
            .iter()
            .fold(true, |visible, &byte| visible & (byte > b' '))
}

#[inline(never)]
fn string(bytes: &[u8]) -> bool {
    // One pass without branches, which the compiler turns into vector code.
    let control = bytes.iter().fold(false, |found, &byte| {
        found | (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'))
    });
    !bytes.is_empty() && !control
}

fn white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[inline(never)]
fn code(bytes: &[u8]) -> bool {
    // Nearly every code is one word.
    if visible(bytes) {
        return true;
    }
    let mut after_white = true;
    for &byte in bytes {
        if white(byte) {
            if after_white {
                return false;
            }
            after_white = true;
        } else if byte < b' ' {
            return false;
        } else {
            after_white = false;
        }
    }
    !after_white
}

#[inline(never)]
fn base64(bytes: &[u8]) -> bool {
    let mut symbols = 0_usize;
    let mut padding = 0_usize;
    for &byte in bytes {
        if white(byte) {
            continue;
        }
        match byte {
            b'=' => padding += 1,
            _ if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => {
                if padding > 0 {
                    return false;
                }
            }
            _ => return false,
        }
        symbols += 1;
    }
    symbols > 0 && symbols.is_multiple_of(4) && padding <= 2
}

fn digits_without_leading_zero(bytes: &[u8]) -> bool {
    match bytes {
        [] => false,
        [b'0', rest @ ..] => rest.is_empty(),
        _ => bytes.iter().all(u8::is_ascii_digit),
    }
}

fn integer(bytes: &[u8]) -> bool {
    match bytes {
        [b'+', rest @ ..] => rest != b"0" && digits_without_leading_zero(rest),
        [b'-', rest @ ..] | rest => digits_without_leading_zero(rest),
    }
}

fn decimal(bytes: &[u8]) -> bool {
    let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (mantissa, exponent) = match unsigned.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.iter().position(|&byte| byte == b'.') {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    let some_digits = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    digits_without_leading_zero(whole)
        && fraction.is_none_or(some_digits)
        && exponent.is_none_or(|exponent| {
            some_digits(match exponent {
                [b'+' | b'-', rest @ ..] | rest => rest,
            })
        })
}

/// The JSON number that a text of one of the number types spells, if it spells one. R5 allows `+`
/// before an integer, JSON does not.
///
/// ```
/// use imaging_study_core::json_number;
///
/// assert_eq!(json_number("+7"), Some("7"));
/// assert_eq!(json_number("1.10e-3"), Some("1.10e-3"));
/// assert_eq!(json_number("7}"), None);
/// ```
#[inline]
#[must_use]
pub fn json_number(text: &str) -> Option<&str> {
    let number = text.strip_prefix('+').unwrap_or(text);
    // The grammar of a FHIR decimal, without limits on digits, is that of a JSON number.
    decimal(number.as_bytes()).then_some(number)
}

fn oid(bytes: &[u8], version: FhirVersion) -> bool {
    let Some(arcs) = bytes.strip_prefix(b"urn:oid:") else {
        return false;
    };
    let old = version <= FhirVersion::Stu3;
    let mut count = 0_usize;
    for (index, arc) in arcs.split(|&byte| byte == b'.').enumerate() {
        if !digits_without_leading_zero(arc)
            || (index == 0 && !old && !matches!(arc, b"0" | b"1" | b"2"))
        {
            return false;
        }
        count += 1;
    }
    old || count > 1
}

fn uuid(bytes: &[u8]) -> bool {
    let Some(hex) = bytes.strip_prefix(b"urn:uuid:") else {
        return false;
    };
    hex.len() == 36
        && hex.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

fn two_digits(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    }
}

/// A date without the sign that the years of DSTU2 and STU3 may have.
fn without_sign(bytes: &[u8], version: FhirVersion) -> &[u8] {
    match bytes {
        [b'-', rest @ ..] if version <= FhirVersion::Stu3 => rest,
        _ => bytes,
    }
}

/// Reads a full date and returns what follows it.
fn day(bytes: &[u8], version: FhirVersion) -> Option<&[u8]> {
    let rest = date(bytes, version)?;
    (without_sign(bytes, version).len() == rest.len() + 10).then_some(rest)
}

/// Reads a date of any precision and returns what follows it. DSTU2 and STU3 have a year 0000 and
/// years before it.
fn date(bytes: &[u8], version: FhirVersion) -> Option<&[u8]> {
    let bytes = without_sign(bytes, version);
    let year = bytes
        .get(..4)
        .filter(|year| year.iter().all(u8::is_ascii_digit))?;
    let year = year
        .iter()
        .fold(0_u16, |year, digit| year * 10 + u16::from(digit - b'0'));
    if year == 0 && version > FhirVersion::Stu3 {
        return None;
    }
    let rest = &bytes[4..];
    let [b'-', rest @ ..] = rest else {
        return Some(rest);
    };
    let month = two_digits(rest).filter(|month| (1..=12).contains(month))?;
    let rest = &rest[2..];
    let [b'-', rest @ ..] = rest else {
        return Some(rest);
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    two_digits(rest).filter(|day| (1..=last).contains(day))?;
    Some(&rest[2..])
}

/// Reads a time of day and returns what follows it.
fn clock(bytes: &[u8]) -> Option<&[u8]> {
    let [_, _, b':', _, _, b':', ..] = bytes else {
        return None;
    };
    two_digits(bytes).filter(|&hour| hour < 24)?;
    two_digits(&bytes[3..]).filter(|&minute| minute < 60)?;
    two_digits(&bytes[6..]).filter(|&second| second <= 60)?;
    let rest = &bytes[8..];
    let [b'.', rest @ ..] = rest else {
        return Some(rest);
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &rest[digits..])
}

fn offset(bytes: &[u8]) -> bool {
    match bytes {
        b"Z" => true,
        [b'+' | b'-', clock @ ..] if clock.len() == 5 && clock[2] == b':' => {
            match (two_digits(clock), two_digits(&clock[3..])) {
                (Some(14), minute) => minute == Some(0),
                (Some(hour), Some(minute)) => hour < 14 && minute < 60,
                _ => false,
            }
        }
        _ => false,
    }
}

fn date_time(bytes: &[u8], version: FhirVersion) -> bool {
    if date(bytes, version).is_some_and(<[u8]>::is_empty) {
        return true;
    }
    match day(bytes, version) {
        Some([b'T', rest @ ..]) => clock(rest)
            .is_some_and(|rest| offset(rest) || (rest.is_empty() && version >= FhirVersion::R5)),
        _ => false,
    }
}

/// The number of digits behind the decimal point of the seconds.
pub(crate) fn fraction_digits(text: &str) -> usize {
    match text.find('.') {
        Some(at) => text[at + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count(),
        None => 0,
    }
}

/// Whether the time in an accepted text names a leap second.
pub(crate) fn seconds_are_60(text: &str) -> bool {
    let clock = match text.find('T') {
        Some(at) => &text[at + 1..],
        None => text,
    };
    clock.get(5..8) == Some(":60")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_at_the_edges_of_their_ranges() {
        for (scalar, text, accepted) in [
            (ScalarType::Date, "2012-02-29", true),
            (ScalarType::Date, "2011-02-29", false),
            (ScalarType::Date, "1900-02-29", false),
            (ScalarType::Date, "0000", false),
            (ScalarType::Date, "0001-12", true),
            (ScalarType::Date, "2011-13-45", false),
            (ScalarType::Date, "2011-1", false),
            (ScalarType::Date, "yesterday", false),
            (ScalarType::Time, "23:59:60", true),
            (ScalarType::Time, "24:00:00", false),
            (ScalarType::Time, "10:00", false),
            (ScalarType::Time, "10:00:00.", false),
            (ScalarType::DateTime, "2011-01-01T11:01:20+14:00", true),
            (ScalarType::DateTime, "2011-01-01T11:01:20+14:01", false),
            (ScalarType::DateTime, "2011-01-01T11:01:20", false),
            (ScalarType::DateTime, "2011-01T11:01:20Z", false),
            (ScalarType::DateTime, "2011T11:01:20Z", false),
            (ScalarType::Instant, "2011-01-01T11:01:20.5-00:00", true),
            (ScalarType::Instant, "2011-01-01", false),
            (ScalarType::Decimal, "1E-22", true),
            (ScalarType::Decimal, "01", false),
            (ScalarType::Decimal, "1.", false),
            (ScalarType::Integer, "-0", true),
            (ScalarType::Integer, "2147483648", false),
            (ScalarType::PositiveInt, "0", false),
            (ScalarType::Oid, "urn:oid:1.2.3", true),
            (ScalarType::Oid, "urn:oid:3.2", false),
            (ScalarType::Oid, "1.2.3", false),
            (ScalarType::Code, "a b", true),
            (ScalarType::Code, "a  b", false),
            (ScalarType::Code, " a", false),
            (ScalarType::Base64Binary, "YQ==\n", true),
            (ScalarType::Base64Binary, "YQ=", false),
            (ScalarType::String, "", false),
            (ScalarType::String, "a\u{1}", false),
            (ScalarType::Id, "a_b", false),
        ] {
            assert_eq!(
                accepts(scalar, text, FhirVersion::R4),
                accepted,
                "{scalar} {text}"
            );
        }
    }

    #[test]
    fn r5_limits_what_r4_does_not() {
        for (scalar, text) in [
            (ScalarType::Decimal, "0.123456789012345678"),
            (ScalarType::Decimal, "1234567890123456789"),
            (ScalarType::DateTime, "2011-01-01T11:01:20.0123456789Z"),
            (ScalarType::Base64Binary, "YQ== "),
            (ScalarType::Code, "a\tb"),
            (ScalarType::Integer, "-0"),
        ] {
            assert!(scalar.allows(text, FhirVersion::R4), "{scalar} {text}");
            assert!(!scalar.allows(text, FhirVersion::R5), "{scalar} {text}");
        }
        let local = "2011-01-01T11:01:20";
        assert!(ScalarType::DateTime.allows(local, FhirVersion::R5));
        assert!(!ScalarType::DateTime.allows(local, FhirVersion::R4));
    }

    #[test]
    fn the_first_versions_differ_from_r4() {
        use FhirVersion::{Dstu2, R4, R4B, Stu3};
        for (scalar, text, allowed) in [
            (ScalarType::Decimal, "1e3", [false, false, true]),
            (ScalarType::Decimal, "-0.00", [true, true, true]),
            (ScalarType::Oid, "urn:oid:3.2", [true, true, false]),
            (ScalarType::Oid, "urn:oid:1", [true, true, false]),
            (ScalarType::Oid, "urn:oid:1.02", [false, false, false]),
            (ScalarType::Time, "23:59:60", [false, false, true]),
            (
                ScalarType::Instant,
                "2016-12-31T23:59:60Z",
                [false, true, true],
            ),
            (
                ScalarType::DateTime,
                "2016-12-31T23:59:60Z",
                [false, true, true],
            ),
            (ScalarType::Code, "a\tb", [true, true, true]),
            (ScalarType::Date, "-0044-03-15", [true, true, false]),
            (ScalarType::Date, "0000", [true, true, false]),
            (ScalarType::Date, "--044", [false, false, false]),
            (ScalarType::DateTime, "-0044", [true, true, false]),
            (
                ScalarType::DateTime,
                "-0044-03-15T12:00:00Z",
                [true, true, false],
            ),
            (ScalarType::DateTime, "0000-03T12:00:00Z", [false; 3]),
            (
                ScalarType::Instant,
                "0000-01-01T00:00:00Z",
                [true, true, false],
            ),
            (ScalarType::DateTime, "2016-12-31T23:59:59", [false; 3]),
        ] {
            assert_eq!(
                [Dstu2, Stu3, R4].map(|version| scalar.allows(text, version)),
                allowed,
                "{scalar} {text}"
            );
            assert_eq!(
                scalar.allows(text, R4B),
                scalar.allows(text, R4),
                "{scalar} {text}"
            );
        }
    }
}
