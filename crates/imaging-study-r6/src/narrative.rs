//! The `Narrative` data type.

use imaging_study_core::{FhirString, Xhtml};
use imaging_study_derive::Element;

use crate::{Extension, NarrativeStatus, Primitive};

/// A summary of a resource that a person can read, as XHTML.
///
/// It holds only basic formatting, links, images and tables: no scripts, no forms, no outside
/// styles.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/narrative.html#Narrative>
///
/// ```
/// use imaging_study_r6::{Narrative, NarrativeStatus};
///
/// let text = Narrative {
///     status: NarrativeStatus::Generated.into(),
///     div: r#"<div xmlns="http://www.w3.org/1999/xhtml">CT of the chest</div>"#.parse()?,
///     ..Default::default()
/// };
/// assert!(text.div.value.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Narrative")]
pub struct Narrative {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Where the text comes from, and whether it says more than the data.
    #[element(min = 1)]
    pub status: Primitive<NarrativeStatus>,
    /// The text: one XHTML `div`, kept as it was given.
    #[element(min = 1)]
    pub div: Primitive<Xhtml>,
}
