//! Ids of elements: where a version types them as id, no conversion writes anything else, and what
//! stood in their place comes back.

mod support;

use std::ops::ControlFlow;

use imaging_study_any::{self as versions, AnyImagingStudy, with_study};
use imaging_study_convert::{LossKind, Options, Study, convert, convert_any};
use imaging_study_core::generate::Profile;
use imaging_study_core::{ElementRef, FhirVersion, Json, ScalarType, ValueRef, from_json, to_json};
use imaging_study_json::{from_str, json_to_string, to_string};
use proptest::collection::vec;
use proptest::prelude::*;
use support::cases::config;
use support::illegal_ids;
use support::leaves::strip_comments;
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

/// The tree of a study without comments, which are no data.
fn tree<T: Study>(study: &T) -> Json {
    let mut json = to_json(study).expect("nothing is empty");
    strip_comments(&mut json);
    json
}

/// Whether a value is a text that is no id.
fn is_illegal(value: &Json) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| !ScalarType::Id.allows(text, FhirVersion::Dstu2))
}

/// What is no id in the place of one comes back through two versions, which do not have it there.
fn comes_back<A: Study>(
    study: A,
    choices: Vec<u32>,
    (second, third): (usize, usize),
) -> Result<(), TestCaseError>
where
    AnyImagingStudy: From<A>,
{
    let mut before = tree(&study);
    let is_typed = |name: &str| is_typed(A::VERSION, name);
    illegal_ids::put(&mut before, A::info(), &is_typed, &mut choices.into_iter());
    let study: A = from_json(&before).expect("a text is a text");
    let placed = illegal(&study);
    let mut study = AnyImagingStudy::from(study);
    let mut path = Vec::new();
    let route = [
        FhirVersion::ALL[second],
        FhirVersion::ALL[third],
        A::VERSION,
    ];
    for version in route {
        let converted = convert_any(study, version, &Options::default()).expect("not strict");
        let lost = converted.losses.iter();
        let lost: Vec<_> = lost
            .filter(|loss| loss.kind == LossKind::NotRestored && is_illegal(&loss.value))
            .collect();
        // What one of the others would lose on a way back of its own is not that of this study.
        prop_assert!(
            lost.is_empty() || !path.is_empty(),
            "{lost:?} of {}",
            json_to_string(&before)
        );
        study = converted.value;
        path.push(with_study!(&study, study => json_to_string(&tree(&**study))));
        // R5 and the draft of R6 take each other's for their own.
        let is_own = [version, A::VERSION] == [FhirVersion::R5, FhirVersion::R6Draft]
            || [A::VERSION, version] == [FhirVersion::R5, FhirVersion::R6Draft];
        if version != A::VERSION && !is_own {
            let left = with_study!(&study, study => illegal(&**study));
            prop_assert!(left.is_empty(), "{left:?} of {placed:?} in {version}");
        }
    }
    prop_assert_eq!(
        &path[2],
        &json_to_string(&before),
        "through {:?}",
        &path[..2]
    );
    Ok(())
}

macro_rules! typed {
    ($($version:ident)+) => {$(
        proptest! {
            #![proptest_config(config(150))]

            #[test]
            fn $version(
                study in versions::$version::strategy::imaging_study(Profile::Hostile).prop_map(Shown),
                choices in vec(any::<u32>(), 0..60),
                others in (0..FhirVersion::ALL.len(), 0..FhirVersion::ALL.len()),
            ) {
                comes_back(study.0, choices, others)?;
            }
        }
    )+};
}

mod illegal_ones_come_back {
    use super::*;

    typed!(dstu2 r4b r5 r6_draft);
}

#[test]
fn what_is_no_id_travels_as_that_of_its_version() {
    let study: versions::r4b::ImagingStudy = from_str(ODD).expect("a study");
    assert_eq!(illegal(&study).len(), 4);
    let there = convert::<_, versions::r6::ImagingStudy>(study.clone(), &Options::default());
    let there = there.expect("not strict");
    assert_eq!(there.losses, Vec::new());
    let subject = there.value.subject.as_ref().expect("a subject");
    assert_eq!(
        to_string(&subject.extension[0]).expect("not empty"),
        r#"{"url":"http://hl7.org/fhir/4.3/StructureDefinition/extension-Element.id","valueString":"a b"}"#
    );
    let back = convert::<_, versions::r4b::ImagingStudy>(there.value, &Options::default());
    assert_eq!(back.expect("not strict").value, study);
}

#[test]
fn an_id_of_a_unit_that_is_meant_comes_back() {
    let study: versions::r6_draft::ImagingStudy = from_str(
        r#"{"resourceType":"ImagingStudy","status":"registered","subject":{"reference":"Patient/p"},
            "series":[{"uid":"1.2","modality":{"id":"m","coding":[{"extension":[{
                "url":"http://example.org/a","valueSampledData":{"origin":{"id":"o","value":1},
                    "interval":1.0,"intervalUnit":"ms","_intervalUnit":{"id":"u"},"dimensions":1}}]}]}}]}"#,
    )
    .expect("a study");
    for version in FhirVersion::ALL {
        let there = convert_any(study.clone().into(), version, &Options::default());
        let there = there.expect("not strict");
        assert_eq!(there.losses, Vec::new(), "{version}");
        let back = convert_any(there.value, FhirVersion::R6Draft, &Options::default());
        let back = back.expect("not strict");
        assert_eq!(back.value, study.clone().into(), "{version}");
    }
}
