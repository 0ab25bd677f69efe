//! The `Meta` data type.

use imaging_study_core::{FhirString, Id, Instant, Uri};
use imaging_study_derive::Element;

use crate::{Coding, Extension, Primitive};

/// What a server keeps about a resource: version, profiles, security labels and tags.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/resource.html#Meta>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Meta")]
pub struct Meta {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// The version of the resource on its server.
    #[element(summary)]
    pub version_id: Primitive<Id>,
    /// When this version was stored; to the second at least, with an offset.
    #[element(summary)]
    pub last_updated: Primitive<Instant>,
    /// The profiles that the resource claims to conform to.
    #[element(summary)]
    pub profile: Vec<Primitive<Uri>>,
    /// Labels that say how the resource must be protected.
    #[element(summary, extensible = "http://hl7.org/fhir/ValueSet/security-labels")]
    pub security: Vec<Coding>,
    /// Labels that concern the work with the resource and not its meaning.
    #[element(summary, example = "http://hl7.org/fhir/ValueSet/common-tags")]
    pub tag: Vec<Coding>,
}
