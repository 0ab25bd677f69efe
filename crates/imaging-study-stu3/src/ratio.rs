//! The `Ratio` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, Quantity};

/// A relation of two amounts, such as a titre `1:128` or a price per dose.
///
/// Numerator and denominator are both given, or both absent beside an extension.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#Ratio>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Ratio")]
pub struct Ratio {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The amount above the line.
    #[element(summary)]
    pub numerator: Option<Quantity>,
    /// The amount below the line.
    #[element(summary)]
    pub denominator: Option<Quantity>,
}
