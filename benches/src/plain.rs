//! R4's ImagingStudy as today's crates write it: serde derives over `String`, `Option` and `Vec`,
//! and a field `_x` beside each primitive `x` for its id and extensions.
//!
//! It checks what serde checks: names and JSON types. Fields are named as in JSON and stand in the
//! order of the definition, so that a text in that order is written as it was read.
#![allow(
    non_snake_case,
    reason = "fields named as in JSON need no attribute, and `_x` would lose its underscore to one"
)]

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// Decides which fields are left out when writing.
trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Adds the derives, and to each field the attribute that lets it be absent.
macro_rules! plain {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                #[serde(default, skip_serializing_if = "Absent::is_absent")]
                $field: $type,
            )*
        }
    )*};
}

/// The id and the extensions of a primitive.
type Sibling = Option<Box<Element>>;

/// The ids and the extensions of a repeating primitive.
type Siblings = Vec<Sibling>;

plain! {
    /// The id and the extensions of a primitive.
    Element {
        id: Option<String>,
        extension: Vec<Extension>,
    }

    /// `Extension`, with the value types that occur in practice.
    Extension {
        id: Option<String>,
        extension: Vec<Extension>,
        url: Option<String>,
        valueBase64Binary: Option<String>, _valueBase64Binary: Sibling,
        valueBoolean: Option<bool>, _valueBoolean: Sibling,
        valueCanonical: Option<String>, _valueCanonical: Sibling,
        valueCode: Option<String>, _valueCode: Sibling,
        valueDate: Option<String>, _valueDate: Sibling,
        valueDateTime: Option<String>, _valueDateTime: Sibling,
        valueDecimal: Option<Number>, _valueDecimal: Sibling,
        valueId: Option<String>, _valueId: Sibling,
        valueInstant: Option<String>, _valueInstant: Sibling,
        valueInteger: Option<i32>, _valueInteger: Sibling,
        valueMarkdown: Option<String>, _valueMarkdown: Sibling,
        valueOid: Option<String>, _valueOid: Sibling,
        valuePositiveInt: Option<u32>, _valuePositiveInt: Sibling,
        valueString: Option<String>, _valueString: Sibling,
        valueTime: Option<String>, _valueTime: Sibling,
        valueUnsignedInt: Option<u32>, _valueUnsignedInt: Sibling,
        valueUri: Option<String>, _valueUri: Sibling,
        valueUrl: Option<String>, _valueUrl: Sibling,
        valueUuid: Option<String>, _valueUuid: Sibling,
        valueAddress: Option<Box<Address>>,
        valueAge: Option<Box<Quantity>>,
        valueAnnotation: Option<Box<Annotation>>,
        valueAttachment: Option<Box<Attachment>>,
        valueCodeableConcept: Option<Box<CodeableConcept>>,
        valueCoding: Option<Box<Coding>>,
        valueContactPoint: Option<Box<ContactPoint>>,
        valueCount: Option<Box<Quantity>>,
        valueDistance: Option<Box<Quantity>>,
        valueDuration: Option<Box<Quantity>>,
        valueHumanName: Option<Box<HumanName>>,
        valueIdentifier: Option<Box<Identifier>>,
        valueMoney: Option<Box<Money>>,
        valuePeriod: Option<Box<Period>>,
        valueQuantity: Option<Box<Quantity>>,
        valueRange: Option<Box<Range>>,
        valueRatio: Option<Box<Ratio>>,
        valueReference: Option<Box<Reference>>,
        valueMeta: Option<Box<Meta>>,
    }

    /// `Address`.
    Address {
        id: Option<String>,
        extension: Vec<Extension>,
        r#use: Option<String>, _use: Sibling,
        r#type: Option<String>, _type: Sibling,
        text: Option<String>, _text: Sibling,
        line: Vec<Option<String>>, _line: Siblings,
        city: Option<String>, _city: Sibling,
        district: Option<String>, _district: Sibling,
        state: Option<String>, _state: Sibling,
        postalCode: Option<String>, _postalCode: Sibling,
        country: Option<String>, _country: Sibling,
        period: Option<Period>,
    }

    /// `Annotation`.
    Annotation {
        id: Option<String>,
        extension: Vec<Extension>,
        authorReference: Option<Box<Reference>>,
        authorString: Option<String>, _authorString: Sibling,
        time: Option<String>, _time: Sibling,
        text: Option<String>, _text: Sibling,
    }

    /// `Attachment`.
    Attachment {
        id: Option<String>,
        extension: Vec<Extension>,
        contentType: Option<String>, _contentType: Sibling,
        language: Option<String>, _language: Sibling,
        data: Option<String>, _data: Sibling,
        url: Option<String>, _url: Sibling,
        size: Option<u32>, _size: Sibling,
        hash: Option<String>, _hash: Sibling,
        title: Option<String>, _title: Sibling,
        creation: Option<String>, _creation: Sibling,
    }

    /// `CodeableConcept`.
    CodeableConcept {
        id: Option<String>,
        extension: Vec<Extension>,
        coding: Vec<Coding>,
        text: Option<String>, _text: Sibling,
    }

    /// `Coding`.
    Coding {
        id: Option<String>,
        extension: Vec<Extension>,
        system: Option<String>, _system: Sibling,
        version: Option<String>, _version: Sibling,
        code: Option<String>, _code: Sibling,
        display: Option<String>, _display: Sibling,
        userSelected: Option<bool>, _userSelected: Sibling,
    }

    /// `ContactPoint`.
    ContactPoint {
        id: Option<String>,
        extension: Vec<Extension>,
        system: Option<String>, _system: Sibling,
        value: Option<String>, _value: Sibling,
        r#use: Option<String>, _use: Sibling,
        rank: Option<u32>, _rank: Sibling,
        period: Option<Period>,
    }

    /// `HumanName`.
    HumanName {
        id: Option<String>,
        extension: Vec<Extension>,
        r#use: Option<String>, _use: Sibling,
        text: Option<String>, _text: Sibling,
        family: Option<String>, _family: Sibling,
        given: Vec<Option<String>>, _given: Siblings,
        prefix: Vec<Option<String>>, _prefix: Siblings,
        suffix: Vec<Option<String>>, _suffix: Siblings,
        period: Option<Period>,
    }

    /// `Identifier`.
    Identifier {
        id: Option<String>,
        extension: Vec<Extension>,
        r#use: Option<String>, _use: Sibling,
        r#type: Option<CodeableConcept>,
        system: Option<String>, _system: Sibling,
        value: Option<String>, _value: Sibling,
        period: Option<Period>,
        assigner: Option<Box<Reference>>,
    }

    /// `Meta`.
    Meta {
        id: Option<String>,
        extension: Vec<Extension>,
        versionId: Option<String>, _versionId: Sibling,
        lastUpdated: Option<String>, _lastUpdated: Sibling,
        source: Option<String>, _source: Sibling,
        profile: Vec<Option<String>>, _profile: Siblings,
        security: Vec<Coding>,
        tag: Vec<Coding>,
    }

    /// `Money`.
    Money {
        id: Option<String>,
        extension: Vec<Extension>,
        value: Option<Number>, _value: Sibling,
        currency: Option<String>, _currency: Sibling,
    }

    /// `Narrative`.
    Narrative {
        id: Option<String>,
        extension: Vec<Extension>,
        status: Option<String>, _status: Sibling,
        div: Option<String>, _div: Sibling,
    }

    /// `Period`.
    Period {
        id: Option<String>,
        extension: Vec<Extension>,
        start: Option<String>, _start: Sibling,
        end: Option<String>, _end: Sibling,
    }

    /// `Quantity`, and the types with its elements.
    Quantity {
        id: Option<String>,
        extension: Vec<Extension>,
        value: Option<Number>, _value: Sibling,
        comparator: Option<String>, _comparator: Sibling,
        unit: Option<String>, _unit: Sibling,
        system: Option<String>, _system: Sibling,
        code: Option<String>, _code: Sibling,
    }

    /// `Range`.
    Range {
        id: Option<String>,
        extension: Vec<Extension>,
        low: Option<Quantity>,
        high: Option<Quantity>,
    }

    /// `Ratio`.
    Ratio {
        id: Option<String>,
        extension: Vec<Extension>,
        numerator: Option<Quantity>,
        denominator: Option<Quantity>,
    }

    /// `Reference`.
    Reference {
        id: Option<String>,
        extension: Vec<Extension>,
        reference: Option<String>, _reference: Sibling,
        r#type: Option<String>, _type: Sibling,
        identifier: Option<Box<Identifier>>,
        display: Option<String>, _display: Sibling,
    }

    /// `ImagingStudy`.
    ImagingStudy {
        resourceType: Option<String>,
        id: Option<String>, _id: Sibling,
        meta: Option<Meta>,
        implicitRules: Option<String>, _implicitRules: Sibling,
        language: Option<String>, _language: Sibling,
        text: Option<Narrative>,
        contained: Vec<Value>,
        extension: Vec<Extension>,
        modifierExtension: Vec<Extension>,
        identifier: Vec<Identifier>,
        status: Option<String>, _status: Sibling,
        modality: Vec<Coding>,
        subject: Option<Reference>,
        encounter: Option<Reference>,
        started: Option<String>, _started: Sibling,
        basedOn: Vec<Reference>,
        referrer: Option<Reference>,
        interpreter: Vec<Reference>,
        endpoint: Vec<Reference>,
        numberOfSeries: Option<u32>, _numberOfSeries: Sibling,
        numberOfInstances: Option<u32>, _numberOfInstances: Sibling,
        procedureReference: Option<Reference>,
        procedureCode: Vec<CodeableConcept>,
        location: Option<Reference>,
        reasonCode: Vec<CodeableConcept>,
        reasonReference: Vec<Reference>,
        note: Vec<Annotation>,
        description: Option<String>, _description: Sibling,
        series: Vec<ImagingStudySeries>,
    }

    /// `ImagingStudy.series`.
    ImagingStudySeries {
        id: Option<String>,
        extension: Vec<Extension>,
        modifierExtension: Vec<Extension>,
        uid: Option<String>, _uid: Sibling,
        number: Option<u32>, _number: Sibling,
        modality: Option<Coding>,
        description: Option<String>, _description: Sibling,
        numberOfInstances: Option<u32>, _numberOfInstances: Sibling,
        endpoint: Vec<Reference>,
        bodySite: Option<Coding>,
        laterality: Option<Coding>,
        specimen: Vec<Reference>,
        started: Option<String>, _started: Sibling,
        performer: Vec<ImagingStudySeriesPerformer>,
        instance: Vec<ImagingStudySeriesInstance>,
    }

    /// `ImagingStudy.series.performer`.
    ImagingStudySeriesPerformer {
        id: Option<String>,
        extension: Vec<Extension>,
        modifierExtension: Vec<Extension>,
        function: Option<CodeableConcept>,
        actor: Option<Reference>,
    }

    /// `ImagingStudy.series.instance`.
    ImagingStudySeriesInstance {
        id: Option<String>,
        extension: Vec<Extension>,
        modifierExtension: Vec<Extension>,
        uid: Option<String>, _uid: Sibling,
        sopClass: Option<Coding>,
        number: Option<u32>, _number: Sibling,
        title: Option<String>, _title: Sibling,
    }
}

impl ImagingStudy {
    /// How many instances the series list.
    #[must_use]
    pub fn instances(&self) -> usize {
        self.series.iter().map(|series| series.instance.len()).sum()
    }
}
