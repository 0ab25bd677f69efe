//! The `SampledData` data type.

use imaging_study_core::{Decimal, FhirString, PositiveInt};
use imaging_study_derive::Element;

use crate::{Extension, Primitive, Quantity};

/// A series of measurements from a device, taken in steps and written as one text.
///
/// Each number in the text is multiplied by the factor and added to the origin.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#SampledData>
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
    /// The time between two samples, in milliseconds.
    #[element(min = 1, summary)]
    pub period: Primitive<Decimal>,
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
    /// The samples: numbers, or `E` (error), `L` (below the limit), `U` (above), separated by one
    /// space.
    #[element(min = 1)]
    pub data: Primitive<FhirString>,
}
