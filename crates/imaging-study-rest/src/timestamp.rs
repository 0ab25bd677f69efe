//! When a version was stored.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The present.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        }))
    }

    fn date_time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// As FHIR's type instant writes it, e.g. `2026-03-05T10:00:00.000Z`.
    #[must_use]
    pub fn to_instant(self) -> String {
        self.date_time()
            .to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// As headers of HTTP write it, e.g. `Thu, 05 Mar 2026 10:00:00 GMT`.
    #[must_use]
    pub fn to_http(self) -> String {
        self.date_time()
            .format("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }

    /// The moment that an instant of FHIR names, which has a time zone.
    #[must_use]
    pub fn from_instant(text: &str) -> Option<Self> {
        let has_form = text.as_bytes().get(10) == Some(&b'T') && !text.ends_with('z');
        let moment = DateTime::parse_from_rfc3339(text)
            .ok()
            .filter(|_| has_form)?;
        Some(Self(moment.timestamp_millis()))
    }

    /// The moment that a header of HTTP names.
    #[must_use]
    pub fn from_http(text: &str) -> Option<Self> {
        let moment =
            NaiveDateTime::parse_from_str(text.trim(), "%a, %d %b %Y %H:%M:%S GMT").ok()?;
        Some(Self(moment.and_utc().timestamp_millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let moment = Timestamp(1_772_704_800_123);
        assert_eq!(moment.to_instant(), "2026-03-05T10:00:00.123Z");
        assert_eq!(moment.to_http(), "Thu, 05 Mar 2026 10:00:00 GMT");
        assert_eq!(Timestamp::from_instant(&moment.to_instant()), Some(moment));
        let second = Timestamp(1_772_704_800_000);
        assert_eq!(Timestamp::from_http(&moment.to_http()), Some(second));
        let elsewhere = Timestamp::from_instant("2026-03-05T11:00:00+01:00");
        assert_eq!(elsewhere, Some(second));
        for text in [
            "2026-03-05",
            "2026-03-05T10:00:00",
            "2026-03-05 10:00:00Z",
            "now",
            "",
        ] {
            assert_eq!(Timestamp::from_instant(text), None, "{text}");
        }
        assert_eq!(Timestamp(i64::MAX).to_instant(), "1970-01-01T00:00:00.000Z");
    }
}
