//! A moment in time.

use chrono::{FixedOffset, SecondsFormat};

use super::ScalarType;
use super::date_time::{NotRepresentable, offset_minutes, to_chrono, year};
use super::text::text_scalar;

text_scalar!(
    /// A moment, known to the second or better, with its offset from UTC
    /// (<https://hl7.org/fhir/R5/datatypes.html#instant>).
    ///
    /// ```
    /// use imaging_study_core::Instant;
    ///
    /// let instant: Instant = "2015-02-07T13:28:17.239+02:00".parse()?;
    /// assert_eq!(instant.offset_minutes(), Some(120));
    /// # Ok::<(), imaging_study_core::ScalarError>(())
    /// ```
    Instant
);

impl Instant {
    /// The year, 1 to 9999; in DSTU2 and STU3 also 0 and down to -9999.
    #[must_use]
    pub fn year(&self) -> i16 {
        year(self.as_str())
    }

    /// The offset from UTC in minutes, -840 to 840.
    #[must_use]
    pub fn offset_minutes(&self) -> Option<i16> {
        offset_minutes(self.as_str())
    }
}

impl TryFrom<&Instant> for chrono::DateTime<FixedOffset> {
    type Error = NotRepresentable;

    /// Converts an instant; digits beyond nanoseconds are cut.
    fn try_from(value: &Instant) -> Result<Self, NotRepresentable> {
        to_chrono(value.as_str())
    }
}

impl TryFrom<chrono::DateTime<FixedOffset>> for Instant {
    type Error = NotRepresentable;

    /// Converts an instant whose year is 1 to 9999 and whose offset is whole minutes.
    fn try_from(value: chrono::DateTime<FixedOffset>) -> Result<Self, NotRepresentable> {
        value
            .to_rfc3339_opts(SecondsFormat::AutoSi, false)
            .parse()
            .map_err(|_| NotRepresentable)
    }
}
