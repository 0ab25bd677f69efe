//! The `Annotation` data type.

use imaging_study_core::{DateTime, FhirString};
use imaging_study_derive::{Choice, Element};

use crate::{Extension, Primitive, Reference};

/// A remark in text, with who made it and when.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/datatypes.html#Annotation>
///
/// ```
/// use imaging_study_stu3::{Annotation, AnnotationAuthor};
///
/// let note = Annotation {
///     author: Some(AnnotationAuthor::String("Dr Ada Example".parse()?)),
///     text: "Motion in the last series".parse()?,
///     ..Default::default()
/// };
/// assert!(note.time.is_absent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Annotation")]
pub struct Annotation {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Who made the remark, as a reference or a name.
    #[element(choice, targets = "Practitioner Patient RelatedPerson", summary)]
    pub author: Option<AnnotationAuthor>,
    /// When the remark was made.
    #[element(summary)]
    pub time: Primitive<DateTime>,
    /// The remark, in plain text.
    #[element(min = 1)]
    pub text: Primitive<FhirString>,
}

/// What [`Annotation::author`] can hold: `author[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum AnnotationAuthor {
    /// `authorReference`.
    Reference(Box<Reference>),
    /// `authorString`.
    String(Primitive<FhirString>),
}
