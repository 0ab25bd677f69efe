//! The `Period` data type.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// A span of time from a start to an end, both included.
///
/// The start is not after the end. A missing end says that the period goes on, a missing start that
/// the start is not known.
///
/// FHIR R5: <https://hl7.org/fhir/R5/datatypes.html#Period>
///
/// ```
/// use imaging_study_r5::Period;
///
/// let period = Period {
///     start: "2026-03".parse()?,
///     ..Default::default()
/// };
/// assert!(period.end.is_absent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Period")]
pub struct Period {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The beginning, which belongs to the period.
    #[element(summary)]
    pub start: Primitive<DateTime>,
    /// The end, which belongs to the period: `2012-02-03` covers that whole day.
    #[element(summary)]
    pub end: Primitive<DateTime>,
}
