//! The `Extension` data type.

use imaging_study_core::{
    Base64Binary, Canonical, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer,
    Markdown, Oid, PositiveInt, Time, UnsignedInt, Uri, Url, Uuid,
};
use imaging_study_derive::{Choice, Element};

use crate::{
    Address, Age, Annotation, Attachment, CodeableConcept, CodeableReference, Coding,
    ContactDetail, ContactPoint, Contributor, Count, DataRequirement, Distance, Dosage, Duration,
    Expression, HumanName, Identifier, Money, ParameterDefinition, Period, Primitive, Quantity,
    Range, Ratio, RatioRange, Reference, RelatedArtifact, SampledData, Signature, Timing,
    TriggerDefinition, UsageContext,
};

/// A piece of content that the standard has no element for, named by the URL that defines it.
///
/// It has either a value or extensions of its own, never both.
///
/// FHIR R4B: <https://hl7.org/fhir/R4B/extensibility.html#Extension>
///
/// ```
/// use imaging_study_r4b::{Extension, ExtensionValue, Integer};
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
    /// `valueCanonical`.
    Canonical(Primitive<Canonical>),
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
    /// `valueUrl`.
    Url(Primitive<Url>),
    /// `valueUuid`.
    Uuid(Primitive<Uuid>),
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
    /// `valueCodeableReference`.
    CodeableReference(Box<CodeableReference>),
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
    /// `valueRatioRange`.
    RatioRange(Box<RatioRange>),
    /// `valueReference`.
    Reference(Box<Reference>),
    /// `valueSampledData`.
    SampledData(Box<SampledData>),
    /// `valueSignature`.
    Signature(Box<Signature>),
    /// `valueTiming`.
    Timing(Box<Timing>),
    /// `valueContactDetail`.
    ContactDetail(Box<ContactDetail>),
    /// `valueContributor`.
    Contributor(Box<Contributor>),
    /// `valueDataRequirement`.
    DataRequirement(Box<DataRequirement>),
    /// `valueExpression`.
    Expression(Box<Expression>),
    /// `valueParameterDefinition`.
    ParameterDefinition(Box<ParameterDefinition>),
    /// `valueRelatedArtifact`.
    RelatedArtifact(Box<RelatedArtifact>),
    /// `valueTriggerDefinition`.
    TriggerDefinition(Box<TriggerDefinition>),
    /// `valueUsageContext`.
    UsageContext(Box<UsageContext>),
    /// `valueDosage`.
    Dosage(Box<Dosage>),
}
