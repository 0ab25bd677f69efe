//! What the caller decides.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{FixedOffset, NaiveDateTime};
use imaging_study_core::{FhirString, Uri};

/// How a study is written.
///
/// ```
/// use chrono::FixedOffset;
/// use imaging_study_from_dicom::{Options, TimeZone};
///
/// let mut options = Options::default();
/// options.subject = "Patient/example".parse().ok();
/// options.time_zone = TimeZone::Fixed(FixedOffset::east_opt(3600).expect("an hour"));
/// options.names = false;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The offset from UTC of times whose data set has none.
    pub time_zone: TimeZone,
    /// Which counts are written.
    pub counts: Counts,
    /// Where the accession number goes.
    pub accession: AccessionPlace,
    /// What a series without a modality gets.
    pub missing_modality: MissingModality,
    /// The reference to the patient, such as `Patient/example`; DICOM does not know it.
    pub subject: Option<FhirString>,
    /// The URIs of issuers that have only a local name in DICOM, by that name.
    pub namespaces: BTreeMap<String, Uri>,
    /// Where no procedure was recorded as performed `(0008,1032)`, writes the requested one
    /// `(0032,1064)` instead. Off, since what is asked for is not always what is done.
    pub requested_procedure: bool,
    /// Lists the instances of each series. On.
    pub instances: bool,
    /// Writes names and identifications of physicians and operators, and the patient's name. On.
    pub names: bool,
    /// Writes the patient's id. On.
    pub patient_id: bool,
    /// Writes the accession number, the study id, and the numbers of orders, admissions and
    /// specimens. On.
    pub order_numbers: bool,
    /// Writes texts that somebody typed: descriptions, reasons in words and titles. On.
    pub descriptions: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_zone: TimeZone::default(),
            counts: Counts::default(),
            accession: AccessionPlace::default(),
            missing_modality: MissingModality::default(),
            subject: None,
            namespaces: BTreeMap::new(),
            requested_procedure: false,
            instances: true,
            names: true,
            patient_id: true,
            order_numbers: true,
            descriptions: true,
        }
    }
}

/// The offset from UTC of times whose data set lacks Timezone Offset From UTC `(0008,0201)`. FHIR
/// allows a time only with its offset.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum TimeZone {
    /// Writes the date alone.
    #[default]
    DateOnly,
    /// The same offset always.
    Fixed(FixedOffset),
    /// The offset at a date and time on the wall clock; `None` for the date alone, as in the hour
    /// that the change to summer time leaves out.
    Resolve(Arc<dyn Fn(NaiveDateTime) -> Option<FixedOffset> + Send + Sync>),
}

impl TimeZone {
    /// Asks a function, such as the lookup in a database of time zones.
    pub fn resolve(
        resolve: impl Fn(NaiveDateTime) -> Option<FixedOffset> + Send + Sync + 'static,
    ) -> Self {
        Self::Resolve(Arc::new(resolve))
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DateOnly => formatter.write_str("DateOnly"),
            Self::Fixed(offset) => formatter.debug_tuple("Fixed").field(offset).finish(),
            Self::Resolve(_) => formatter.write_str("Resolve(..)"),
        }
    }
}

/// Which numbers `numberOfSeries` and `numberOfInstances` are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counts {
    /// Those of the archive, where it states them (`(0020,1206)`, `(0020,1208)`, `(0020,1209)` of a
    /// QIDO-RS answer) and they are larger than what is known; else of what is known.
    #[default]
    Archive,
    /// Of the series and instances that are known.
    Contained,
}

/// Where the accession number of R4 and later goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessionPlace {
    /// Where the pages of the version put it: `basedOn` in R5, `identifier` in the others.
    #[default]
    AsTheVersion,
    /// `identifier`.
    Identifier,
    /// `basedOn`, as the identifier of a ServiceRequest.
    BasedOn,
}

/// What a series without Modality `(0008,0060)` gets, which FHIR requires. A note tells either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingModality {
    /// The extension data-absent-reason with `unknown`.
    #[default]
    Absent,
    /// The modality `OT`, other.
    Other,
}
