//! A date of year, month or day precision.

use chrono::{Datelike, NaiveDate};

use crate::FhirVersion;

use super::date_time::{NotRepresentable, component, unsigned, year};
use super::text::text_scalar;
use super::{Scalar, ScalarType, Unshared};

text_scalar!(
    /// A date, or part of one: `2011`, `2011-01` or `2011-01-31`
    /// (<https://hl7.org/fhir/R5/datatypes.html#date>).
    ///
    /// ```
    /// use imaging_study_core::Date;
    ///
    /// let date: Date = "2011-04".parse()?;
    /// assert_eq!((date.year(), date.month(), date.day()), (2011, Some(4), None));
    /// # Ok::<(), imaging_study_core::ScalarError>(())
    /// ```
    Date
);

impl Date {
    /// The date of a text, also one that only DSTU2 and STU3 have.
    pub(super) fn of_dstu2(text: &str) -> Option<Self> {
        Self::read(text, FhirVersion::Dstu2, &mut Unshared).ok()
    }

    /// The year, 1 to 9999; in DSTU2 and STU3 also 0 and down to -9999.
    #[must_use]
    pub fn year(&self) -> i16 {
        year(self.as_str())
    }

    /// The month, 1 to 12, if it is given.
    #[must_use]
    pub fn month(&self) -> Option<u8> {
        component(unsigned(self.as_str()), 5, 7)
    }

    /// The day of the month, 1 to 31, if it is given.
    #[must_use]
    pub fn day(&self) -> Option<u8> {
        component(unsigned(self.as_str()), 8, 10)
    }
}

impl TryFrom<&Date> for NaiveDate {
    type Error = NotRepresentable;

    /// Converts a date of day precision.
    fn try_from(date: &Date) -> Result<Self, NotRepresentable> {
        let (Some(month), Some(day)) = (date.month(), date.day()) else {
            return Err(NotRepresentable);
        };
        NaiveDate::from_ymd_opt(date.year().into(), month.into(), day.into())
            .ok_or(NotRepresentable)
    }
}

impl TryFrom<NaiveDate> for Date {
    type Error = NotRepresentable;

    /// Converts a date whose year is 1 to 9999.
    fn try_from(date: NaiveDate) -> Result<Self, NotRepresentable> {
        format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
            .parse()
            .map_err(|_| NotRepresentable)
    }
}
