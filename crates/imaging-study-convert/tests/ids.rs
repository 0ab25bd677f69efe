//! Ids of elements: where a version types them as id, no conversion writes anything else, and what
//! stood in their place comes back.

mod support;

use std::ops::ControlFlow;

use imaging_study_any as versions;
use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::generate::Profile;
use imaging_study_core::{ElementRef, FhirVersion, ScalarType, ValueRef};
use imaging_study_json::{from_str, to_string};
use proptest::prelude::*;
use support::cases::config;
use support::pairs::for_each_pair;
use support::shown::Shown;

/// Whether the tables of a version type the ids of the elements of a type as id
/// (<https://hl7.org/fhir/R5/element.html>, and the pages of the data types).
fn is_typed(version: FhirVersion, type_name: &str) -> bool {
    match version {
        FhirVersion::Dstu2 => true,
        FhirVersion::R4B | FhirVersion::R5 | FhirVersion::R6Draft => {
            !type_name.contains('.') && type_name != "Element"
        }
        FhirVersion::Stu3 | FhirVersion::R4 | FhirVersion::R6 => false,
    }
}

/// The places of the ids that are none.
fn illegal(study: &impl Study) -> Vec<String> {
    let mut places = Vec::new();
    let root = ElementRef::new(study);
    let _ = root.walk(&mut |path, value| {
        let element = match value {
            ValueRef::Element(element) => Some(element),
            ValueRef::Primitive(primitive) => primitive.element(),
            _ => None,
        };
        if let Some(element) = element
            && is_typed(root.version(), element.info().name)
            && let Some(id) = element.text("id")
            && !ScalarType::Id.allows(&id, FhirVersion::Dstu2)
        {
            places.push(format!("{path}.id = {id}"));
        }
        ControlFlow::<()>::Continue(())
    });
    places
}

/// What comes from another version has only ids.
fn legal<A: Study, B: Study>(study: A) -> Result<(), TestCaseError> {
    prop_assert_eq!(illegal(&study), Vec::<String>::new());
    let there = convert::<A, B>(study, &Options::default()).expect("not strict");
    prop_assert_eq!(illegal(&there.value), Vec::<String>::new());
    Ok(())
}

macro_rules! pairs {
    ($($from:ident: $($to:ident)+;)+) => {$(
        mod $from {
            use super::*;

            $(proptest! {
                #![proptest_config(config(30))]

                #[test]
                fn $to(study in versions::$from::strategy::imaging_study(Profile::Hostile).prop_map(Shown)) {
                    legal::<versions::$from::ImagingStudy, versions::$to::ImagingStudy>(study.0)?;
                }
            })+
        }
    )+};
}
for_each_pair!(pairs);

/// A study with ids that are none on a data type, a part, a primitive, an extension with a value and
/// one without.
const ODD: &str = r#"{"resourceType":"ImagingStudy",
    "extension":[
        {"id":"e f","url":"http://example.org/a","valueTiming":{"id":"g h","repeat":{"id":"i j","count":2}}},
        {"id":"k l","url":"http://example.org/b","extension":[{"url":"http://example.org/c","valueInteger":1}]}
    ],
    "status":"available","_status":{"id":"m n"},
    "subject":{"id":"a b","reference":"Patient/1"},
    "series":[{"id":"c d","uid":"1.2.3","modality":{"code":"CT","system":"http://dicom.nema.org/resources/ontology/DCM"}}]}"#;

#[test]
fn a_string_travels_where_only_an_id_may_stand() {
    let study: versions::r4::ImagingStudy = from_str(ODD).expect("a study");
    let there = convert::<_, versions::r4b::ImagingStudy>(study.clone(), &Options::default());
    let there = there.expect("not strict").value;
    assert_eq!(illegal(&there), Vec::<String>::new());
    let subject = there.subject.as_ref().expect("a subject");
    let carried = to_string(&subject.extension[0]).expect("not empty");
    assert_eq!(
        carried,
        r#"{"url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-Element.id","valueString":"a b"}"#
    );
    // Of a part and of a primitive every text is an id.
    let own = |id: Option<&imaging_study_core::FhirString>| id.map(|id| id.as_str().to_owned());
    assert_eq!(own(there.series[0].id.as_ref()).as_deref(), Some("c d"));
    let status = there.status.element.as_deref();
    assert_eq!(
        own(status.and_then(|status| status.id.as_ref())).as_deref(),
        Some("m n")
    );
    let back = convert::<_, versions::r4::ImagingStudy>(there, &Options::default());
    assert_eq!(back.expect("not strict").value, study);
}

#[test]
fn it_travels_on_through_a_second_such_version() {
    let study: versions::r4::ImagingStudy = from_str(ODD).expect("a study");
    let options = Options::default();
    let first = convert::<_, versions::r5::ImagingStudy>(study.clone(), &options);
    let second =
        convert::<_, versions::dstu2::ImagingStudy>(first.expect("lenient").value, &options);
    let second = second.expect("lenient").value;
    assert_eq!(illegal(&second), Vec::<String>::new());
    let back = convert::<_, versions::r4::ImagingStudy>(second, &options);
    assert_eq!(back.expect("lenient").value, study);
}

#[test]
fn what_should_not_stand_in_the_place_of_an_id_and_does_not_come_back_is_reported() {
    let study: versions::r4b::ImagingStudy = from_str(ODD).expect("a study");
    assert_eq!(illegal(&study).len(), 4);
    let there = convert::<_, versions::r6::ImagingStudy>(study, &Options::default());
    let losses = there.expect("not strict").losses;
    let lost: Vec<_> = losses
        .iter()
        .map(|loss| (loss.kind, loss.path.to_string()))
        .collect();
    assert!(!lost.is_empty(), "{lost:?}");
}
