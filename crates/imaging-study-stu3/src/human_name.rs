//! The `HumanName` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{Extension, NameUse, Period, Primitive};

/// A name of a person, in parts, as text, or both.
///
/// [`text`](Self::text) may stand beside the parts; then it repeats them and adds nothing.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#HumanName>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "HumanName")]
pub struct HumanName {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the name is for.
    #[element(modifier, summary)]
    pub use_: Primitive<NameUse>,
    /// The whole name as it is shown.
    #[element(summary)]
    pub text: Primitive<FhirString>,
    /// The family name.
    #[element(summary)]
    pub family: Primitive<FhirString>,
    /// The given names in order, the middle names among them.
    #[element(summary)]
    pub given: Vec<Primitive<FhirString>>,
    /// Titles that stand before the name, in order.
    #[element(summary)]
    pub prefix: Vec<Primitive<FhirString>>,
    /// Titles that stand after the name, in order.
    #[element(summary)]
    pub suffix: Vec<Primitive<FhirString>>,
    /// When the name was or is in use.
    #[element(summary)]
    pub period: Option<Period>,
}
