//! The `Expression` data type.

use imaging_study_core::{Code, FhirString, Uri};
use imaging_study_derive::Element;

use crate::{Extension, Primitive};

/// An expression that a program evaluates in its context, inline or by reference.
///
/// At least one of the expression and its reference is given.
///
/// FHIR R5: <https://hl7.org/fhir/R5/metadatatypes.html#Expression>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Expression")]
pub struct Expression {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// What the expression returns, in a few words.
    #[element(summary)]
    pub description: Primitive<FhirString>,
    /// A name by which other expressions can use the result: a letter, then up to 63 letters,
    /// digits and `_`.
    #[element(summary)]
    pub name: Primitive<Code>,
    /// The language of the expression, a media type such as `text/fhirpath` or `text/cql`.
    #[element(
        summary,
        extensible = "http://hl7.org/fhir/ValueSet/expression-language"
    )]
    pub language: Primitive<Code>,
    /// The expression itself.
    #[element(summary)]
    pub expression: Primitive<FhirString>,
    /// Where the expression is defined.
    #[element(summary)]
    pub reference: Primitive<Uri>,
}
