//! A study of any version is seen, and changed, as it is written.

use std::ops::ControlFlow;

use imaging_study::convert::{Options, convert_any};
use imaging_study::core::generate::{Profile, element};
use imaging_study::core::{Element, FieldType, Json, to_json};
use imaging_study::{
    AnyImagingStudy, ElementMut, ElementPath, ElementRef, FhirVersion, OtherVersion, ValueRef,
    for_each_version, json, r4, r5, with_study, xml,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A study of R4 that says something of everything that the accessors ask for.
const STUDY: &str = r##"{
    "resourceType": "ImagingStudy", "id": "s",
    "identifier": [
        {"system": "urn:dicom:uid", "value": "urn:oid:1.2.40"},
        {"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]},
         "system": "urn:x:ris", "value": "A-17"}
    ],
    "status": "available",
    "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT"}],
    "subject": {"reference": "Patient/p", "display": "P."},
    "encounter": {"reference": "Encounter/e"},
    "started": "2024-02-03T10:11:12+01:00",
    "basedOn": [{"reference": "CarePlan/o"}],
    "referrer": {"reference": "Practitioner/r"},
    "interpreter": [{"reference": "Practitioner/i"}],
    "numberOfSeries": 1, "numberOfInstances": 2,
    "procedureReference": {"reference": "Procedure/x"},
    "reasonCode": [{"text": "fall"}],
    "description": "head",
    "series": [{
        "uid": "1.2.40.1", "number": 3, "modality": {"code": "CT"}, "description": "axial",
        "numberOfInstances": 2, "bodySite": {"code": "69536005", "display": "Head"},
        "laterality": {"code": "7771000"}, "started": "2024-02-03T10:12:00+01:00",
        "performer": [{"actor": {"reference": "Practitioner/t"}}],
        "instance": [
            {"uid": "1.2.40.1.1", "number": 1,
             "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}},
            {"uid": "1.2.40.1.2", "number": 2, "title": "second",
             "sopClass": {"system": "urn:ietf:rfc:3986", "code": "urn:oid:1.2.840.10008.5.1.4.1.1.2"}}
        ]
    }]
}"##;

/// The same study in every version.
fn studies() -> Vec<AnyImagingStudy> {
    let study: r4::ImagingStudy = json::from_str(STUDY).expect("a study");
    let convert = |version| {
        let converted = convert_any(study.clone().into(), version, &Options::default());
        converted.expect("nothing is refused").value
    };
    FhirVersion::ALL.map(convert).into()
}

#[test]
fn the_accessors_say_the_same_of_every_version() {
    for study in studies() {
        let version = study.version();
        let before_r4 = version < FhirVersion::R4;
        let reference = |reference: imaging_study::ReferenceRef<'_>| {
            reference.reference().map(str::to_owned).unwrap_or_default()
        };

        assert_eq!(study.id(), Some("s"), "{version}");
        assert_eq!(study.study_uid().require().expect("one"), "1.2.40");
        let accession = study.accession();
        assert_eq!(accession.one().map(|found| found.value), Some("A-17"));
        assert_eq!(study.status(), (!before_r4).then_some("available"));
        assert_eq!(study.availability(), before_r4.then_some("ONLINE"));
        let subject = study.subject().expect("a subject");
        assert_eq!(subject.reference(), Some("Patient/p"), "{version}");
        assert_eq!(subject.display(), Some("P."));
        assert_eq!(subject.resource_type(), Some("Patient"));
        assert_eq!(
            study.encounter().map(reference),
            (version != FhirVersion::Dstu2).then(|| "Encounter/e".to_owned())
        );
        assert_eq!(
            study.orders().map(reference).collect::<Vec<_>>(),
            if version == FhirVersion::Dstu2 {
                vec![]
            } else {
                vec!["CarePlan/o"]
            }
        );
        let procedures = study
            .procedures()
            .filter_map(|procedure| procedure.reference());
        assert_eq!(
            procedures.map(reference).collect::<Vec<_>>(),
            ["Procedure/x"]
        );
        assert_eq!(
            study
                .reasons()
                .filter_map(|reason| reason.text())
                .collect::<Vec<_>>(),
            if version == FhirVersion::Dstu2 {
                vec![]
            } else {
                vec!["fall"]
            }
        );
        assert_eq!(
            study.referrer().map(reference).as_deref(),
            Some("Practitioner/r")
        );
        assert_eq!(
            study.interpreters().count(),
            usize::from(version < FhirVersion::R5)
        );
        assert_eq!(study.description(), Some("head"));
        let started = study.started().map(ToString::to_string);
        assert_eq!(started.as_deref(), Some("2024-02-03T10:11:12+01:00"));
        let modalities = study.modalities().filter_map(|modality| modality.code());
        assert_eq!(modalities.collect::<Vec<_>>(), ["CT"]);
        assert_eq!(study.number_of_series(), Some(1));
        assert_eq!(study.number_of_instances(), Some(2));
        assert_eq!(study.series_count(), 1);

        let series = study.series().next().expect("a series");
        assert_eq!(series.uid(), Some("1.2.40.1"));
        assert_eq!(series.number(), Some(3));
        assert_eq!(
            series.modality().and_then(|modality| modality.code()),
            Some("CT")
        );
        assert_eq!(series.description(), Some("axial"));
        assert_eq!(series.number_of_instances(), Some(2));
        let sites = series.body_sites().filter_map(|site| site.text());
        assert_eq!(sites.collect::<Vec<_>>(), ["Head"]);
        assert_eq!(
            series.laterality().and_then(|laterality| laterality.code()),
            (version < FhirVersion::R6).then_some("7771000")
        );
        assert!(series.started().is_some());
        let actors = series
            .performers()
            .filter_map(|performer| performer.actor());
        assert_eq!(
            actors.map(reference).collect::<Vec<_>>(),
            if version == FhirVersion::Dstu2 {
                vec![]
            } else {
                vec!["Practitioner/t"]
            }
        );

        let uids = series.instances().map(|instance| instance.uid());
        assert_eq!(
            uids.collect::<Vec<_>>(),
            [Some("1.2.40.1.1"), Some("1.2.40.1.2")]
        );
        let second = series.instance_at(1).expect("a second");
        assert_eq!(Some(second), series.instances().nth(1));
        assert_eq!(second.number(), Some(2));
        assert_eq!(second.title(), Some("second"));
        assert_eq!(second.sop_class(), Some("1.2.840.10008.5.1.4.1.1.2"));
        assert!(second.sop_class_uid().is_some());
        assert_eq!(series.instance_at(2), None);
    }
}

#[test]
fn a_study_is_read_whatever_its_version_and_format_and_goes_into_its_own_type_alone() {
    for study in studies() {
        let in_json = study.to_json().expect("JSON");
        let in_xml = study.to_xml(xml::Encoder::default()).expect("XML");
        for bytes in [in_json.as_bytes(), in_xml.as_bytes()] {
            let read = AnyImagingStudy::read(bytes).unwrap_or_else(|error| panic!("{error}"));
            // R4 and R4B tell themselves apart by a profile alone.
            if study.version() != FhirVersion::R4B {
                assert_eq!(read, study);
            }
        }
        let typed = r5::ImagingStudy::try_from(study.clone());
        match typed {
            Ok(typed) => assert_eq!(AnyImagingStudy::from(typed), study),
            Err(OtherVersion {
                expected,
                study: back,
            }) => {
                assert_eq!((expected, &back), (FhirVersion::R5, &study));
                assert_ne!(study.version(), FhirVersion::R5);
            }
        }
        let through_serde = serde_json::to_string(&study).expect("JSON");
        assert_eq!(through_serde, in_json);
        if study.version() != FhirVersion::R4B {
            let back: AnyImagingStudy = serde_json::from_str(&through_serde).expect("a study");
            assert_eq!(back, study);
        }
    }
}

/// The texts of all scalars of a JSON document but those of contained resources and comments.
fn texts(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::Null => {}
        Json::Boolean(value) => found.push(value.to_string()),
        Json::Number(number) => found.push(number.to_string()),
        Json::String(text) => found.push(text.to_string()),
        Json::Array(entries) => entries.iter().for_each(|entry| texts(entry, found)),
        Json::Object(members) => {
            for (name, value) in members {
                if !matches!(
                    name.as_str(),
                    "contained" | "resourceType" | "fhir_comments"
                ) {
                    texts(value, found);
                }
            }
        }
    }
}

/// Copies an element through nothing but its view.
fn copy(from: ElementRef<'_>, to: &mut ElementMut<'_>) {
    for field in from.fields() {
        let name = field.name().to_string();
        for (index, value) in field.values().enumerate() {
            let mut target = to.field(&name).expect("the same type has the same fields");
            match value {
                ValueRef::Attribute(scalar) => {
                    assert_eq!(target.set_text(&scalar.text()), Ok(true));
                }
                ValueRef::Primitive(primitive) => {
                    let mut copied = match field.info().many {
                        true => target.push_primitive(),
                        false => target.primitive(0),
                    }
                    .expect("a primitive");
                    if let Some(scalar) = primitive.value() {
                        copied
                            .set_text(&scalar.text())
                            .expect("the text of such a value");
                    }
                    if let Some(sibling) = primitive.element() {
                        copy(sibling, &mut copied.element());
                    }
                }
                ValueRef::Element(element) => {
                    let mut copied = match field.info().many {
                        true => target.push_element(),
                        false => target.element(0),
                    }
                    .expect("an element");
                    copy(element, &mut copied);
                }
                ValueRef::Resource(resource) => {
                    let resources = target.resources().expect("resources");
                    assert_eq!(resources.len(), index);
                    resources.push(resource.clone());
                }
            }
        }
    }
}

fn is_seen_as_it_is_written<T: Element>(study: &T) -> Result<(), TestCaseError> {
    let view = ElementRef::new(study);
    prop_assert_eq!(view.version(), T::VERSION);

    // Every value is visited once, with a path that leads to it.
    let mut seen = Vec::new();
    let mut lost = None;
    let ended = view.walk(&mut |path, value| {
        if let Some(scalar) = value.scalar() {
            seen.push(scalar.text().into_owned());
        }
        let kept: ElementPath = path.to_path();
        if kept.to_string() != path.to_string() || view.resolve(&kept) != Some(value) {
            lost = Some(kept);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    prop_assert_eq!(lost, None);
    prop_assert_eq!(ended, ControlFlow::Continue(()));
    let mut written = Vec::new();
    texts(&to_json(study).expect("a valid study"), &mut written);
    seen.sort_unstable();
    written.sort_unstable();
    prop_assert_eq!(seen, written);

    // The view says all that there is: a copy through it is the same study.
    let mut copied = T::default();
    copy(view, &mut ElementMut::new(&mut copied));
    prop_assert_eq!(ElementRef::new(&copied), view);
    if T::VERSION != FhirVersion::Dstu2 {
        // No version but DSTU2 has comments, which a view shows but does not change.
        prop_assert_eq!(&copied, study);
    }
    Ok(())
}

macro_rules! laws {
    ($($variant:ident $types:ident,)+) => {$(
        #[test]
        fn $types() {
            let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
                Config::default().cases
            } else {
                200
            };
            let mut runner = TestRunner::new(Config {
                cases,
                failure_persistence: None,
                ..Config::default()
            });
            let strategy = element::<imaging_study::$types::ImagingStudy>(Profile::Hostile);
            runner
                .run(&strategy, |study| is_seen_as_it_is_written(&study))
                .unwrap_or_else(|error| panic!("{error}"));
        }
    )+};
}

mod a_study_is_seen_as_it_is_written {
    use super::*;

    for_each_version!(laws);
}

#[test]
fn a_choice_is_asked_for_by_any_of_its_names() {
    let extension: r5::Extension =
        serde_json::from_str(r#"{"url": "urn:x", "valueString": "a"}"#).expect("an extension");
    let view = ElementRef::new(&extension);
    for name in ["value[x]", "value", "valueString"] {
        assert_eq!(view.str(name), Some("a"), "{name}");
    }
    for name in ["valueCode", "valueXyz", "val", "valueString2"] {
        assert!(view.field(name).is_none(), "{name}");
    }
    let field = view.field("value").expect("a value");
    assert_eq!(field.name().to_string(), "valueString");
    assert!(matches!(field.field_type(), Some(FieldType::Scalar(..))));

    let mut extension = extension;
    let mut element = ElementMut::new(&mut extension);
    assert_eq!(
        element.set_text("valueCode", "no code "),
        Err(imaging_study::core::ScalarType::Code
            .check("no code ", FhirVersion::R5)
            .expect_err("no code"))
    );
    assert_eq!(element.as_ref().str("valueString"), Some("a"));
    assert_eq!(element.set_text("valueCode", "b"), Ok(true));
    assert_eq!(element.set_text("nothing", "b"), Ok(false));
    assert_eq!(element.as_ref().str("value"), Some("b"));
    assert!(element.as_ref().field("valueString").is_none());
    element.clear("valueBoolean");
    assert!(element.as_ref().field("value").is_none());
}

#[test]
fn a_path_that_leads_nowhere_resolves_to_nothing() {
    let study = studies().remove(2);
    let path = |text: &[&str]| {
        let segments = text.iter().map(|step| match step.parse() {
            Ok(index) => imaging_study::core::Segment::Index(index),
            Err(_) => imaging_study::core::Segment::Name((*step).to_owned().into()),
        });
        ElementPath::from_iter(segments)
    };
    let element = study.element();
    let uid = element.resolve(&path(&[
        "ImagingStudy",
        "series",
        "0",
        "instance",
        "1",
        "uid",
    ]));
    let uid = uid
        .and_then(ValueRef::scalar)
        .and_then(|scalar| scalar.as_str());
    assert_eq!(uid, Some("1.2.40.1.2"));
    for steps in [
        &[][..],
        &["Patient"],
        &["ImagingStudy", "series", "1"],
        &["ImagingStudy", "series", "0", "0"],
        &["ImagingStudy", "nothing"],
        &["ImagingStudy", "status", "extension"],
        &["ImagingStudy", "id", "extension"],
        &["series"],
    ] {
        assert_eq!(element.resolve(&path(steps)), None, "{steps:?}");
    }
    assert_eq!(with_study!(&study, study => study.series.len()), 1);
}

#[test]
fn a_study_shows_what_it_holds_and_no_more() {
    let text = r#"{"resourceType":"ImagingStudy","id":"s","contained":[{"resourceType":"Patient"}],"started":"2020","_started":{"id":"x"},"numberOfSeries":0}"#;
    let study: imaging_study::r5::ImagingStudy =
        imaging_study::json::from_str(text).expect("a study");
    let shown = format!("{study:?}");
    assert!(
        shown.starts_with(r#"ImagingStudy { id: "s", contained: [Resource("#),
        "{shown}"
    );
    assert!(
        shown.ends_with(
            r#"started: Primitive { value: "2020", element: {id: "x"} }, numberOfSeries: 0 }"#
        ),
        "{shown}"
    );
    assert_eq!(
        format!("{:?}", imaging_study::r4::Coding::default()),
        "Coding"
    );
}

#[test]
fn resources_are_compared_by_what_they_say() {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let read = |text: &str| -> imaging_study::core::Resource {
        serde_json::from_str(text).expect("a resource")
    };
    let hash = |resource: &imaging_study::core::Resource| {
        let mut hasher = DefaultHasher::new();
        resource.hash(&mut hasher);
        hasher.finish()
    };
    let one = read(r#"{"resourceType":"Patient","name":[{"family":"a","given":["b","c"]}]}"#);
    let other = read(r#"{"name":[{"given":["b","c"],"family":"a"}],"resourceType":"Patient"}"#);
    assert_eq!(one, other);
    assert_eq!(hash(&one), hash(&other));
    for different in [
        r#"{"resourceType":"Patient","name":[{"family":"a","given":["c","b"]}]}"#,
        r#"{"resourceType":"Patient","name":[{"family":"a"}]}"#,
        r#"{"resourceType":"Person","name":[{"family":"a","given":["b","c"]}]}"#,
        r#"{"resourceType":"Patient","name":[{"family":"a","given":["b","c"]}],"id":"p"}"#,
    ] {
        assert_ne!(one, read(different));
    }
    // Objects inside one another are compared once, not twice at each level.
    let deep = |last: &str| {
        let nested = r#"{"a":0,"b":"#.repeat(100);
        read(&format!(
            r#"{{"resourceType":"Patient","x":{nested}{last}{}}}"#,
            "}".repeat(100)
        ))
    };
    assert_ne!(deep("1"), deep("2"));
}
