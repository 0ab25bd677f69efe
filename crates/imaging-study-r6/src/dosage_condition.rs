//! The `DosageCondition` data type.

use imaging_study_core::{
    Base64Binary, Canonical, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer,
    Integer64, Markdown, Oid, PositiveInt, Time, UnsignedInt, Uri, Url, Uuid,
};
use imaging_study_derive::{Choice, Element};

use crate::{
    Address, Age, Annotation, Attachment, Availability, CodeableConcept, CodeableReference, Coding,
    ContactDetail, ContactPoint, Count, DataRequirement, Distance, Dosage, Duration, Expression,
    ExtendedContactDetail, Extension, HumanName, Identifier, Meta, Money, ParameterDefinition,
    Period, Primitive, Quantity, Range, Ratio, RatioRange, Reference, RelatedArtifact, SampledData,
    Signature, Timing, TriggerDefinition, UsageContext, VirtualServiceDetail,
};

/// A condition under which a dosage holds, such as that the dose before was tolerated.
///
/// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/dosage.html#DosageCondition>
#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]
#[element(name = "DosageCondition")]
pub struct DosageCondition {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<Extension>,
    /// Extensions that change the meaning of what holds them; whoever does not know one of them
    /// must not use the element.
    #[element(modifier, summary)]
    pub modifier_extension: Vec<Extension>,
    /// What the condition is about.
    #[element(
        min = 1,
        summary,
        preferred = "http://hl7.org/fhir/ValueSet/dosage-condition-code"
    )]
    pub code: Option<CodeableConcept>,
    /// What exactly it is about, where the code alone does not say it.
    #[element(
        summary,
        example = "http://hl7.org/fhir/ValueSet/dosage-condition-details"
    )]
    pub details: Option<CodeableConcept>,
    /// How it compares with the value.
    #[element(
        summary,
        required = "http://hl7.org/fhir/ValueSet/comparison-operation"
    )]
    pub operation: Primitive<Code>,
    /// The value that it is compared with.
    #[element(choice, summary)]
    pub value: Option<DosageConditionValue>,
    /// The condition in words.
    #[element(summary)]
    pub text: Primitive<FhirString>,
}

/// What [`DosageCondition::value`] can hold: `value[x]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]
pub enum DosageConditionValue {
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
    /// `valueInteger64`.
    Integer64(Primitive<Integer64>),
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
    /// `valueAvailability`.
    Availability(Box<Availability>),
    /// `valueExtendedContactDetail`.
    ExtendedContactDetail(Box<ExtendedContactDetail>),
    /// `valueVirtualServiceDetail`.
    VirtualServiceDetail(Box<VirtualServiceDetail>),
    /// `valueDosage`.
    Dosage(Box<Dosage>),
    /// `valueMeta`.
    Meta(Box<Meta>),
}
