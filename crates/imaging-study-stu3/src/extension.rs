//! The `Extension` data type.

use imaging_study_core::{
    Base64Binary, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer, Markdown, Oid,
    PositiveInt, Time, UnsignedInt, Uri,
};
use imaging_study_derive::{Choice, Element};

use crate::{
    Address, Age, Annotation, Attachment, CodeableConcept, Coding, ContactPoint, Count, Distance,
    Duration, HumanName, Identifier, Meta, Money, Period, Primitive, Quantity, Range, Ratio,
    Reference, SampledData, Signature, Timing,
};

/// A piece of content that the standard has no element for, named by the URL that defines it.
///
/// It has either a value or extensions of its own, never both.
///
/// FHIR STU3: <https://hl7.org/fhir/STU3/extensibility.html#Extension>
///
/// ```
/// use imaging_study_stu3::{Extension, ExtensionValue, Integer};
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
    /// `valueBase64Binary`.
    Base64Binary(Primitive<Base64Binary>),
    /// `valueBoolean`.
    Boolean(Primitive<bool>),
    /// `valueCode`.
    Code(Primitive<Code>),
    /// `valueDate`.
    Date(Primitive<Date>),
    /// `valueDateTime`.
    DateTime(Primitive<DateTime>),
    /// `valueDecimal`.
    Decimal(Primitive<Decimal>),
    /// `valueId`.
    Id(Primitive<Id>),
    /// `valueInstant`.
    Instant(Primitive<Instant>),
    /// `valueInteger`.
    Integer(Primitive<Integer>),
    /// `valueMarkdown`.
    Markdown(Primitive<Markdown>),
    /// `valueOid`.
    Oid(Primitive<Oid>),
    /// `valuePositiveInt`.
    PositiveInt(Primitive<PositiveInt>),
    /// `valueString`.
    String(Primitive<FhirString>),
    /// `valueTime`.
    Time(Primitive<Time>),
    /// `valueUnsignedInt`.
    UnsignedInt(Primitive<UnsignedInt>),
    /// `valueUri`.
    Uri(Primitive<Uri>),
    /// `valueAddress`.
    Address(Box<Address>),
    /// `valueAge`.
    Age(Box<Age>),
    /// `valueAnnotation`.
    Annotation(Box<Annotation>),
    /// `valueAttachment`.
    Attachment(Box<Attachment>),
    /// `valueCodeableConcept`.
    CodeableConcept(Box<CodeableConcept>),
    /// `valueCoding`.
    Coding(Box<Coding>),
    /// `valueContactPoint`.
    ContactPoint(Box<ContactPoint>),
    /// `valueCount`.
    Count(Box<Count>),
    /// `valueDistance`.
    Distance(Box<Distance>),
    /// `valueDuration`.
    Duration(Box<Duration>),
    /// `valueHumanName`.
    HumanName(Box<HumanName>),
    /// `valueIdentifier`.
    Identifier(Box<Identifier>),
    /// `valueMoney`.
    Money(Box<Money>),
    /// `valuePeriod`.
    Period(Box<Period>),
    /// `valueQuantity`.
    Quantity(Box<Quantity>),
    /// `valueRange`.
    Range(Box<Range>),
    /// `valueRatio`.
    Ratio(Box<Ratio>),
    /// `valueReference`.
    Reference(Box<Reference>),
    /// `valueSampledData`.
    SampledData(Box<SampledData>),
    /// `valueSignature`.
    Signature(Box<Signature>),
    /// `valueTiming`.
    Timing(Box<Timing>),
    /// `valueMeta`.
    Meta(Box<Meta>),
}
