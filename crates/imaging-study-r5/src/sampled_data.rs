//! The `SampledData` data type.

use imaging_study_core::{Canonical, Code, Decimal, FhirString, PositiveInt};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, Quantity};

/// A series of measurements from a device, written as one text.
///
/// Each number in the text is multiplied by the factor and added to the origin. The steps are given
/// as an interval or as offsets, never as both.
///
/// FHIR R5: <https://hl7.org/fhir/R5/datatypes.html#SampledData>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "SampledData")]
pub struct SampledData {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The amount that a measured zero stands for, and the unit of all amounts.
    #[element(min = 1, summary)]
    pub origin: Option<Quantity>,
    /// The step between two samples, in units of [`interval_unit`](Self::interval_unit).
    #[element(summary)]
    pub interval: Primitive<Decimal>,
    /// The unit of the interval or of the offsets, a UCUM code.
    #[element(min = 1, summary, required = "http://hl7.org/fhir/ValueSet/ucum-units")]
    pub interval_unit: Primitive<Code>,
    /// What each number is multiplied by before the origin is added; 1 where absent.
    #[element(summary)]
    pub factor: Primitive<Decimal>,
    /// The least amount that the device can measure; `L` in the data says less.
    #[element(summary)]
    pub lower_limit: Primitive<Decimal>,
    /// The greatest amount that the device can measure; `U` in the data says more.
    #[element(summary)]
    pub upper_limit: Primitive<Decimal>,
    /// How many numbers are taken at each sample.
    #[element(min = 1, summary)]
    pub dimensions: Primitive<PositiveInt>,
    /// The concept map that gives codes in the data their meaning.
    #[element(targets = "ConceptMap")]
    pub code_map: Primitive<Canonical>,
    /// The places of the samples, numbers in the unit of the interval, separated by one space.
    pub offsets: Primitive<FhirString>,
    /// The samples: numbers, or `E` (error), `L` (below the limit), `U` (above), separated by one
    /// space.
    pub data: Primitive<FhirString>,
}
