//! The `Extension` data type.

use imaging_study_core::{
    Base64Binary, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer, Markdown, Oid,
    PositiveInt, Time, UnsignedInt, Uri,
};
use imaging_study_derive::{Choice, Element};

use crate::{
    Address, Annotation, Attachment, CodeableConcept, Coding, ContactPoint, HumanName, Identifier,
    Meta, Period, Primitive, Quantity, Range, Ratio, Reference, SampledData, Signature, Timing,
};

/// A piece of content that the standard has no element for, named by the URL that defines it.
///
/// It has either a value or extensions of its own, never both.
///
/// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/extensibility.html#Extension>
///
/// ```
/// use imaging_study_dstu2::{Extension, ExtensionValue, Integer};
///
/// let frames = Extension {
///     url: Some("http://example.org/number-of-frames".parse()?),
///     value: Some(ExtensionValue::Integer(Integer::from(12).into())),
///     ..Default::default()
/// };
/// assert!(frames.extension.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "Extension")]
pub struct Extension {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON.
    #[element(comments)]
    pub fhir_comments: Vec<FhirString>,
    /// The parts of an extension that has no value of its own.
    pub extension: Vec<Extension>,
    /// The absolute URL of the definition; in a part of another extension, the part's name.
    #[element(min = 1)]
    pub url: Option<Uri>,
    /// The value, of the type that the definition allows.
    #[element(choice)]
    pub value: Option<ExtensionValue>,
}

/// What [`Extension::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum ExtensionValue {
    /// `valueBoolean`.
    Boolean(Primitive<bool>),
    /// `valueInteger`.
    Integer(Primitive<Integer>),
    /// `valueDecimal`.
    Decimal(Primitive<Decimal>),
    /// `valueBase64Binary`.
    Base64Binary(Primitive<Base64Binary>),
    /// `valueInstant`.
    Instant(Primitive<Instant>),
    /// `valueString`.
    String(Primitive<FhirString>),
    /// `valueUri`.
    Uri(Primitive<Uri>),
    /// `valueDate`.
    Date(Primitive<Date>),
    /// `valueDateTime`.
    DateTime(Primitive<DateTime>),
    /// `valueTime`.
    Time(Primitive<Time>),
    /// `valueCode`.
    Code(Primitive<Code>),
    /// `valueOid`.
    Oid(Primitive<Oid>),
    /// `valueId`.
    Id(Primitive<Id>),
    /// `valueUnsignedInt`.
    UnsignedInt(Primitive<UnsignedInt>),
    /// `valuePositiveInt`.
    PositiveInt(Primitive<PositiveInt>),
    /// `valueMarkdown`.
    Markdown(Primitive<Markdown>),
    /// `valueAnnotation`.
    Annotation(Box<Annotation>),
    /// `valueAttachment`.
    Attachment(Box<Attachment>),
    /// `valueIdentifier`.
    Identifier(Box<Identifier>),
    /// `valueCodeableConcept`.
    CodeableConcept(Box<CodeableConcept>),
    /// `valueCoding`.
    Coding(Box<Coding>),
    /// `valueQuantity`.
    Quantity(Box<Quantity>),
    /// `valueRange`.
    Range(Box<Range>),
    /// `valuePeriod`.
    Period(Box<Period>),
    /// `valueRatio`.
    Ratio(Box<Ratio>),
    /// `valueSampledData`.
    SampledData(Box<SampledData>),
    /// `valueSignature`.
    Signature(Box<Signature>),
    /// `valueHumanName`.
    HumanName(Box<HumanName>),
    /// `valueAddress`.
    Address(Box<Address>),
    /// `valueContactPoint`.
    ContactPoint(Box<ContactPoint>),
    /// `valueTiming`.
    Timing(Box<Timing>),
    /// `valueReference`.
    Reference(Box<Reference>),
    /// `valueMeta`.
    Meta(Box<Meta>),
}
