//! The `VirtualServiceDetail` data type.

use imaging_study_core::{FhirString, PositiveInt, Url};
use imaging_study_derive::{Choice, Element};

use crate::{Coding, ContactPoint, ExtendedContactDetail, Extension, Primitive};

/// How to reach a service that is not at a place, such as a call by video.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/metadatatypes.html#VirtualServiceDetail>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "VirtualServiceDetail")]
pub struct VirtualServiceDetail {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The kind of channel, e.g. a conference service.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/virtual-service-type")]
    pub channel_type: Option<Coding>,
    /// The address to call.
    #[element(choice, summary)]
    pub address: Option<VirtualServiceDetailAddress>,
    /// Where more about the connection can be read.
    #[element(summary)]
    pub additional_info: Vec<Primitive<Url>>,
    /// How many can take part.
    #[element(summary)]
    pub max_participants: Primitive<PositiveInt>,
    /// The key that the service asks for, such as a number.
    #[element(summary)]
    pub session_key: Primitive<FhirString>,
}

/// What [`VirtualServiceDetail::address`] can hold: `address[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum VirtualServiceDetailAddress {
    /// `addressUrl`.
    Url(Primitive<Url>),
    /// `addressString`.
    String(Primitive<FhirString>),
    /// `addressContactPoint`.
    ContactPoint(Box<ContactPoint>),
    /// `addressExtendedContactDetail`.
    ExtendedContactDetail(Box<ExtendedContactDetail>),
}
