//! The `Address` data type.

use imaging_study_core::FhirString;
use imaging_study_derive::Element;

use crate::{AddressType, AddressUse, Extension, Period, Primitive};

/// A postal or physical address.
///
/// [`text`](Self::text) may stand beside the parts; then it repeats them and adds nothing.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/datatypes.html#Address>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Address")]
pub struct Address {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the address is for.
    #[element(modifier, summary)]
    pub use_: Primitive<AddressUse>,
    /// Whether mail goes there, people do, or both.
    #[element(summary)]
    pub type_: Primitive<AddressType>,
    /// The whole address as it is printed on a label.
    #[element(summary)]
    pub text: Primitive<FhirString>,
    /// Street, house number, post box and the like, one line each, in order.
    #[element(summary)]
    pub line: Vec<Primitive<FhirString>>,
    /// The city, town or village.
    #[element(summary)]
    pub city: Primitive<FhirString>,
    /// The county or district.
    #[element(summary)]
    pub district: Primitive<FhirString>,
    /// The state, province or other part of the country, as a name or a short form.
    #[element(summary)]
    pub state: Primitive<FhirString>,
    /// The postal code.
    #[element(summary)]
    pub postal_code: Primitive<FhirString>,
    /// The country, as a name or an ISO 3166 code of 2 or 3 letters.
    #[element(summary)]
    pub country: Primitive<FhirString>,
    /// When the address was or is in use.
    #[element(summary)]
    pub period: Option<Period>,
}
