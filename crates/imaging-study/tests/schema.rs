//! The JSON Schemas of the types: real and generated studies pass, mutated ones do not.

use std::path::{Path, PathBuf};

use imaging_study_core::Element;
use imaging_study_core::generate::{Profile, element};
use imaging_study_dstu2 as dstu2;
use imaging_study_json as json;
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use jsonschema::Validator;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use schemars::JsonSchema;
use serde_json::{Value, json as value};

fn schema<T: JsonSchema>() -> Value {
    schemars::SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .into()
}

fn validator<T: JsonSchema>() -> Validator {
    jsonschema::validator_for(&schema::<T>()).expect("a schema")
}

/// The folder of the official examples, if it is there.
fn examples(version: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("IMAGING_STUDY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("examples").join(version).join("json");
    if folder.is_dir() {
        return Some(folder);
    }
    let missing = format!("no official examples at {}", folder.display());
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{missing}"
    );
    eprintln!("SKIPPED: {missing}; set IMAGING_STUDY_SHARED to the folder that has them");
    None
}

fn assert_examples_pass(version: &str, validator: &Validator) {
    let Some(folder) = examples(version) else {
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let study: Value = serde_json::from_str(&text).expect("JSON");
        if study["resourceType"] != "ImagingStudy" {
            continue;
        }
        let errors: Vec<_> = validator
            .iter_errors(&study)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        count += 1;
    }
    assert!(
        count > 0,
        "no studies among the official examples of {version}"
    );
}

#[test]
fn official_examples_pass() {
    assert_examples_pass("stu3", &validator::<stu3::ImagingStudy>());
    assert_examples_pass("r4", &validator::<r4::ImagingStudy>());
    assert_examples_pass("r4b", &validator::<r4b::ImagingStudy>());
    assert_examples_pass("r5", &validator::<r5::ImagingStudy>());
}

/// Whether an error is about a text where readers keep any, so that a hostile study has such.
fn takes_any_text(error: &jsonschema::ValidationError<'_>) -> bool {
    let place = error.instance_path().as_str();
    error.instance().is_string() && (place.ends_with("/uid") || place.ends_with("/sopClass"))
}

fn assert_generated_pass<T: Element + JsonSchema>(profile: Profile) {
    let validator = validator::<T>();
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let tree = element::<T>(profile)
            .new_tree(&mut runner)
            .expect("a strategy without filters");
        let text = json::to_string(&tree.current()).expect("a study that can be written");
        let study: Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<_> = validator
            .iter_errors(&study)
            .filter(|error| profile != Profile::Hostile || !takes_any_text(error))
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
    }
}

#[test]
fn generated_studies_pass() {
    for profile in [Profile::Minimal, Profile::Typical, Profile::Hostile] {
        assert_generated_pass::<dstu2::ImagingStudy>(profile);
        assert_generated_pass::<stu3::ImagingStudy>(profile);
        assert_generated_pass::<r4::ImagingStudy>(profile);
        assert_generated_pass::<r4b::ImagingStudy>(profile);
        assert_generated_pass::<r5::ImagingStudy>(profile);
        assert_generated_pass::<r6_draft::ImagingStudy>(profile);
        assert_generated_pass::<r6::ImagingStudy>(profile);
    }
}

#[test]
fn schemas_of_all_versions_stand_in_one_document() {
    let mut generator = schemars::SchemaGenerator::default();
    let older = generator.subschema_for::<r4::Coding>();
    let newer = generator.subschema_for::<r5::Coding>();
    assert_ne!(older, newer);
    let _ = generator.subschema_for::<dstu2::Coding>();
    let _ = generator.subschema_for::<stu3::Coding>();
    let _ = generator.subschema_for::<r4b::Coding>();
    let _ = generator.subschema_for::<r6_draft::Coding>();
    let _ = generator.subschema_for::<r6::Coding>();
    let definitions = generator.definitions();
    for version in ["DSTU2", "STU3", "R4", "R4B", "R5", "R6-draft", "R6"] {
        assert!(
            definitions.contains_key(&format!("{version}.uri")),
            "{version}"
        );
    }
}

#[test]
fn schemas_stay_small() {
    for (version, schema) in [
        ("DSTU2", schema::<dstu2::ImagingStudy>()),
        ("STU3", schema::<stu3::ImagingStudy>()),
        ("R4", schema::<r4::ImagingStudy>()),
        ("R4B", schema::<r4b::ImagingStudy>()),
        ("R5", schema::<r5::ImagingStudy>()),
        ("R6 draft", schema::<r6_draft::ImagingStudy>()),
        ("R6", schema::<r6::ImagingStudy>()),
    ] {
        let size = schema.to_string().len();
        println!("the schema of {version} has {size} bytes");
        assert!(size < 150_000, "{version}: {size} bytes");
    }
}

/// A valid R4 study with a bit of everything that is mutated below.
fn sound() -> Value {
    value!({
        "resourceType": "ImagingStudy",
        "id": "s-1",
        "meta": {"versionId": "1", "lastUpdated": "2024-01-02T03:04:05.678+01:00"},
        "text": {
            "status": "generated",
            "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">CT</div>"
        },
        "contained": [{"resourceType": "Patient", "id": "p"}],
        "extension": [{"url": "http://example.org/a", "valueString": "b"}],
        "identifier": [{"use": "official", "system": "urn:dicom:uid", "value": "urn:oid:1.2.3"}],
        "status": "available",
        "modality": [{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "CT"}],
        "subject": {"reference": "Patient/1"},
        "started": "2024-01-02T03:04:05Z",
        "numberOfSeries": 1,
        "note": [{"authorString": "A", "time": "2024-01", "text": "note"}],
        "description": "CT chest",
        "series": [{
            "uid": "1.2.3",
            "number": 1,
            "modality": {"code": "CT"},
            "performer": [{"actor": {"reference": "Practitioner/1"}}],
            "instance": [{"uid": "1.2.3.4", "sopClass": {"code": "urn:oid:1.2"}, "number": 1}]
        }]
    })
}

/// Puts a value where a JSON pointer points, making members as needed; `null` takes it away.
fn put(mut study: Value, pointer: &str, new: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match study.pointer_mut(parent).expect("the parent") {
        Value::Object(members) if new.is_null() => {
            members.remove(name).expect("the member");
        }
        Value::Object(members) => {
            members.insert(name.into(), new);
        }
        other => panic!("{parent} is {other}"),
    }
    study
}

#[test]
fn mutated_studies_do_not_pass() {
    let validator = validator::<r4::ImagingStudy>();
    assert!(
        validator.is_valid(&sound()),
        "{:?}",
        validator.iter_errors(&sound()).next()
    );
    let extension = |value: Value| value!([value]);
    let mutations: Vec<(&str, &str, Value)> = vec![
        ("no resourceType", "/resourceType", Value::Null),
        ("another resourceType", "/resourceType", value!("Patient")),
        ("resourceType is a number", "/resourceType", value!(1)),
        ("no status", "/status", Value::Null),
        ("status is unknown", "/status", value!("finished")),
        ("status in upper case", "/status", value!("AVAILABLE")),
        ("status is a list", "/status", value!(["available"])),
        ("no subject", "/subject", Value::Null),
        ("subject is empty", "/subject", value!({})),
        ("subject is a text", "/subject", value!("Patient/1")),
        (
            "subject is a list",
            "/subject",
            value!([{"reference": "Patient/1"}]),
        ),
        (
            "unknown element",
            "/patient",
            value!({"reference": "Patient/1"}),
        ),
        (
            "an element of R5",
            "/basedOnCanonical",
            value!(["http://example.org/a"]),
        ),
        ("id with a slash", "/id", value!("a/b")),
        ("id of 65 characters", "/id", value!("a".repeat(65))),
        ("id is empty", "/id", value!("")),
        ("id is a number", "/id", value!(17)),
        (
            "implicitRules with a blank",
            "/implicitRules",
            value!("http://example.org/a b"),
        ),
        ("language with two blanks", "/language", value!("de  CH")),
        ("language ends with a blank", "/language", value!("de ")),
        ("date in words", "/started", value!("yesterday")),
        ("month 13", "/started", value!("2024-13")),
        ("31 April", "/started", value!("2024-04-31")),
        ("year 0000", "/started", value!("0000")),
        ("month of one digit", "/started", value!("2024-1")),
        (
            "time without offset",
            "/started",
            value!("2024-01-02T03:04:05"),
        ),
        (
            "time without seconds",
            "/started",
            value!("2024-01-02T03:04Z"),
        ),
        (
            "time of hour 24",
            "/started",
            value!("2024-01-02T24:00:00Z"),
        ),
        (
            "offset of 15 hours",
            "/started",
            value!("2024-01-02T03:04:05+15:00"),
        ),
        (
            "fraction without digits",
            "/started",
            value!("2024-01-02T03:04:05.Z"),
        ),
        ("date is a number", "/started", value!(2024)),
        (
            "instant without time",
            "/meta/lastUpdated",
            value!("2024-01-02"),
        ),
        (
            "instant without offset",
            "/meta/lastUpdated",
            value!("2024-01-02T03:04:05"),
        ),
        ("number as text", "/numberOfSeries", value!("1")),
        ("negative number", "/numberOfSeries", value!(-1)),
        (
            "number of 32 bits",
            "/numberOfSeries",
            value!(2_147_483_648_u32),
        ),
        ("number with a fraction", "/numberOfSeries", value!(1.5)),
        ("description is empty", "/description", value!("")),
        (
            "description with a control character",
            "/description",
            value!("a\u{1}"),
        ),
        ("description is true", "/description", value!(true)),
        ("modality is no list", "/modality", value!({"code": "CT"})),
        (
            "modality is a CodeableConcept",
            "/modality",
            value!([{"coding": [{"code": "CT"}]}]),
        ),
        ("modality is an empty list", "/modality", value!([])),
        ("modality has a hole", "/modality", value!([null])),
        ("sibling of an element", "/_modality", value!([{"id": "a"}])),
        ("sibling is empty", "/_status", value!({})),
        ("sibling is a list", "/_status", value!([{"id": "a"}])),
        (
            "sibling with a value",
            "/_status",
            value!({"value": "available"}),
        ),
        ("identifier is an empty list", "/identifier", value!([])),
        ("identifier has an empty entry", "/identifier", value!([{}])),
        (
            "identifier with an unknown use",
            "/identifier",
            value!([{"use": "primary"}]),
        ),
        (
            "contained without resourceType",
            "/contained",
            value!([{"id": "p"}]),
        ),
        (
            "contained is no list",
            "/contained",
            value!({"resourceType": "Patient"}),
        ),
        ("contained holds a text", "/contained", value!(["Patient"])),
        ("narrative without div", "/text/div", Value::Null),
        ("narrative without status", "/text/status", Value::Null),
        (
            "profile with a hole and no sibling",
            "/meta/profile",
            value!([null, "http://example.org/a"]),
        ),
        ("profile is an empty list", "/meta/profile", value!([])),
        (
            "two authors",
            "/note/0/authorReference",
            value!({"reference": "Patient/1"}),
        ),
        (
            "sibling with a member of another type",
            "/note/0/_authorString",
            value!({"url": "a"}),
        ),
        ("note without text", "/note/0/text", Value::Null),
        (
            "author of an unknown type",
            "/note/0/authorInteger",
            value!(1),
        ),
        (
            "extension without url",
            "/extension",
            extension(value!({"valueString": "a"})),
        ),
        (
            "extension with two values",
            "/extension",
            extension(value!({"url": "a", "valueString": "a", "valueCode": "b"})),
        ),
        (
            "extension with a value and the id of another",
            "/extension",
            extension(value!({"url": "a", "valueString": "a", "_valueCode": {"id": "b"}})),
        ),
        (
            "extension with a value of R5",
            "/extension",
            extension(value!({"url": "a", "valueInteger64": "1"})),
        ),
        (
            "extension with an unknown element",
            "/extension",
            extension(value!({"url": "a", "value": "b"})),
        ),
        (
            "decimal as text",
            "/extension",
            extension(value!({"url": "a", "valueDecimal": "1.10"})),
        ),
        (
            "boolean as text",
            "/extension",
            extension(value!({"url": "a", "valueBoolean": "true"})),
        ),
        (
            "OID without prefix",
            "/extension",
            extension(value!({"url": "a", "valueOid": "1.2.3"})),
        ),
        (
            "UUID in upper case",
            "/extension",
            extension(value!({
                "url": "a", "valueUuid": "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"
            })),
        ),
        (
            "zero",
            "/extension",
            extension(value!({"url": "a", "valuePositiveInt": 0})),
        ),
        (
            "base64 of three letters",
            "/extension",
            extension(value!({"url": "a", "valueBase64Binary": "AAA"})),
        ),
        (
            "time with offset",
            "/extension",
            extension(value!({"url": "a", "valueTime": "01:02:03Z"})),
        ),
        (
            "nested extension without url",
            "/extension/0/extension",
            value!([{"valueCode": "a"}]),
        ),
        (
            "series is no list",
            "/series",
            value!({"uid": "1.2.3", "modality": {"code": "CT"}}),
        ),
        ("series without uid", "/series/0/uid", Value::Null),
        ("series without modality", "/series/0/modality", Value::Null),
        (
            "uid with a prefix",
            "/series/0/uid",
            value!("urn:oid:1.2.3"),
        ),
        (
            "performer without actor",
            "/series/0/performer/0/actor",
            Value::Null,
        ),
        (
            "instance without sopClass",
            "/series/0/instance/0/sopClass",
            Value::Null,
        ),
        (
            "instance with an unknown element",
            "/series/0/instance/0/type",
            value!("DICOM"),
        ),
    ];
    assert!(mutations.len() >= 50);
    let mut documents = std::collections::BTreeSet::new();
    for (name, pointer, new) in mutations {
        let study = put(sound(), pointer, new);
        assert!(!validator.is_valid(&study), "passes: {name}");
        assert!(documents.insert(study.to_string()), "twice: {name}");
    }
}

#[test]
fn primitives_without_value_pass() {
    let validator = validator::<r4::ImagingStudy>();
    let absent = value!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
        "valueCode": "unknown"
    }]});
    let study = put(
        put(sound(), "/status", Value::Null),
        "/_status",
        absent.clone(),
    );
    assert!(validator.is_valid(&study));
    let study = put(
        sound(),
        "/meta/profile",
        value!([null, "http://example.org/a"]),
    );
    assert!(validator.is_valid(&put(study, "/meta/_profile", value!([absent, null]))));
}

#[test]
fn r5_differs_where_the_version_does() {
    let study = |started: &str| {
        value!({
            "resourceType": "ImagingStudy",
            "status": "available",
            "subject": {"reference": "Patient/1"},
            "modality": [{"coding": [{"code": "CT"}]}],
            "started": started,
            "extension": [{"url": "a", "valueInteger64": "9223372036854775807"}]
        })
    };
    let validator = validator::<r5::ImagingStudy>();
    assert!(validator.is_valid(&study("2024-01-02T03:04:05")));
    assert!(validator.is_valid(&study("2024-01-02T03:04:05.123456789Z")));
    assert!(!validator.is_valid(&study("2024-01-02T03:04:05.0123456789Z")));
    assert!(!validator.is_valid(&put(study("2024"), "/modality", value!([{"code": "CT"}]))));
    let number = value!([{"url": "a", "valueInteger64": 1}]);
    assert!(!validator.is_valid(&put(study("2024"), "/extension", number)));
}

/// Every type of value that an extension can have, with every element of each.
fn assert_value_types_pass<T: JsonSchema>(version: &str) {
    let validator = validator::<T>();
    for case in ["extension-value-types", "choices-in-values", "minimal"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fixtures")
            .join(version)
            .join(format!("valid-{case}.json"));
        let text = std::fs::read_to_string(&path).expect("a text");
        let mut study: Value = serde_json::from_str(&text).expect("JSON");
        if matches!(version, "dstu2" | "stu3") {
            study["uid"] = value!("urn:oid:1.2.3");
        }
        if version == "dstu2" {
            study["numberOfSeries"] = value!(0);
            study["numberOfInstances"] = value!(0);
        }
        let errors: Vec<_> = validator
            .iter_errors(&study)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
    }
}

#[test]
fn every_type_of_value_passes() {
    assert_value_types_pass::<dstu2::ImagingStudy>("dstu2");
    assert_value_types_pass::<stu3::ImagingStudy>("stu3");
    assert_value_types_pass::<r4::ImagingStudy>("r4");
    assert_value_types_pass::<r4b::ImagingStudy>("r4b");
    assert_value_types_pass::<r5::ImagingStudy>("r5");
    assert_value_types_pass::<r6_draft::ImagingStudy>("r6-draft");
    assert_value_types_pass::<r6::ImagingStudy>("r6");
}

/// The studies that mutations of each version start from.
fn sound_of(version: &str) -> Value {
    match version {
        "dstu2" => value!({
            "resourceType": "ImagingStudy",
            "id": "s-1",
            "started": "2015-01-02T03:04:05Z",
            "patient": {"reference": "Patient/1"},
            "uid": "urn:oid:1.2.3",
            "accession": {"value": "A-1"},
            "order": [{"reference": "DiagnosticOrder/1"}],
            "modalityList": [{"code": "CT"}],
            "availability": "ONLINE",
            "url": "https://pacs.example.org/1",
            "numberOfSeries": 1,
            "numberOfInstances": 1,
            "procedure": [{"reference": "Procedure/1"}],
            "interpreter": {"reference": "Practitioner/1"},
            "extension": [{"url": "a", "valueHumanName": {"family": ["A", "B"]}}],
            "series": [{
                "number": 1,
                "modality": {"code": "CT"},
                "uid": "urn:oid:1.2.3.4",
                "numberOfInstances": 1,
                "availability": "OFFLINE",
                "instance": [{
                    "number": 1,
                    "uid": "urn:oid:1.2.3.4.5",
                    "sopClass": "urn:oid:1.2.840.10008.5.1.4.1.1.2",
                    "type": "image",
                    "content": [{"contentType": "image/png", "size": 1}]
                }]
            }]
        }),
        "stu3" => value!({
            "resourceType": "ImagingStudy",
            "id": "s-1",
            "uid": "urn:oid:1.2.3",
            "accession": {"value": "A-1"},
            "availability": "ONLINE",
            "modalityList": [{"code": "CT"}],
            "patient": {"reference": "Patient/1"},
            "context": {"reference": "EpisodeOfCare/1"},
            "started": "2017-01-02T03:04:05Z",
            "basedOn": [{"reference": "ProcedureRequest/1"}],
            "interpreter": [{"reference": "Practitioner/1"}],
            "procedureReference": [{"reference": "Procedure/1"}],
            "reason": {"text": "cough"},
            "extension": [{"url": "a", "valueMoney": {"value": 1, "code": "CHF"}}],
            "series": [{
                "uid": "urn:oid:1.2.3.4",
                "number": 1,
                "modality": {"code": "CT"},
                "availability": "OFFLINE",
                "performer": [{"reference": "Practitioner/1"}],
                "instance": [{
                    "uid": "urn:oid:1.2.3.4.5",
                    "sopClass": "urn:oid:1.2.840.10008.5.1.4.1.1.2"
                }]
            }]
        }),
        "r4b" => value!({
            "resourceType": "ImagingStudy",
            "status": "available",
            "modality": [{"code": "CT"}],
            "subject": {"reference": "Patient/1"},
            "procedureReference": {"reference": "Procedure/1"},
            "reasonCode": [{"text": "cough"}],
            "extension": [{"url": "a", "valueCodeableReference": {"concept": {"text": "b"}}}],
            "series": [{
                "uid": "1.2.3",
                "modality": {"code": "CT"},
                "instance": [{"uid": "1.2.3.4", "sopClass": {"code": "urn:oid:1.2"}}]
            }]
        }),
        _ => value!({
            "resourceType": "ImagingStudy",
            "status": "available",
            "modality": [{"coding": [{"code": "CT"}]}],
            "subject": {"reference": "Patient/1"},
            "partOf": [{"reference": "Procedure/1"}],
            "procedure": [{"concept": {"text": "CT chest"}}],
            "extension": [{"url": "a", "valueAvailability": {"period": {"start": "2026"}}}],
            "series": [{
                "uid": "1.2.3",
                "modality": {"coding": [{"code": "CT"}]},
                "laterality": {"text": "left"},
                "instance": [{"uid": "1.2.3.4", "sopClass": "urn:oid:1.2"}]
            }]
        }),
    }
}

fn assert_mutations_fail<T: JsonSchema>(version: &str, mutations: &[(&str, Value)]) {
    let validator = validator::<T>();
    let sound = sound_of(version);
    assert!(
        validator.is_valid(&sound),
        "{version}: {:?}",
        validator.iter_errors(&sound).next()
    );
    for (pointer, new) in mutations {
        let study = put(sound.clone(), pointer, new.clone());
        assert!(!validator.is_valid(&study), "{version}: {pointer} {new}");
    }
}

#[test]
fn mutated_studies_of_dstu2_do_not_pass() {
    let extension = |name: &str, value: Value| value!([{"url": "a", name: value}]);
    assert_mutations_fail::<dstu2::ImagingStudy>(
        "dstu2",
        &[
            ("/uid", Value::Null),
            ("/uid", value!("1.2.3")),
            ("/uid", value!("urn:oid:1.02")),
            ("/patient", Value::Null),
            ("/numberOfSeries", Value::Null),
            ("/numberOfInstances", Value::Null),
            ("/availability", value!("online")),
            ("/status", value!("available")),
            ("/subject", value!({"reference": "Patient/1"})),
            ("/order", value!({"reference": "DiagnosticOrder/1"})),
            ("/procedure", value!({"reference": "Procedure/1"})),
            ("/interpreter", value!([{"reference": "Practitioner/1"}])),
            ("/accession", value!("A-1")),
            ("/started", value!("2016-12-31T23:59:60Z")),
            ("/started", value!("2016-12-31T23:59:59")),
            ("/patient/identifier", value!({"value": "1"})),
            ("/patient/type", value!("Patient")),
            ("/series/0/uid", Value::Null),
            ("/series/0/modality", Value::Null),
            ("/series/0/numberOfInstances", Value::Null),
            ("/series/0/performer", value!([{"display": "A"}])),
            (
                "/series/0/instance/0/sopClass",
                value!({"code": "urn:oid:1"}),
            ),
            ("/series/0/instance/0/content", value!({"size": 1})),
            ("/extension", extension("valueUuid", value!("urn:uuid:0"))),
            ("/extension", extension("valueMoney", value!({"value": 1}))),
            (
                "/extension",
                extension("valueHumanName", value!({"family": "A"})),
            ),
        ],
    );
}

#[test]
fn mutated_studies_of_stu3_do_not_pass() {
    let extension = |name: &str, value: Value| value!([{"url": "a", name: value}]);
    assert_mutations_fail::<stu3::ImagingStudy>(
        "stu3",
        &[
            ("/uid", Value::Null),
            ("/uid", value!("1.2.3")),
            ("/patient", Value::Null),
            ("/availability", value!("available")),
            ("/status", value!("available")),
            ("/modality", value!([{"code": "CT"}])),
            ("/encounter", value!({"reference": "Encounter/1"})),
            ("/url", value!("https://pacs.example.org/1")),
            ("/order", value!([{"reference": "DiagnosticOrder/1"}])),
            ("/reason", value!([{"text": "cough"}])),
            ("/reasonCode", value!([{"text": "cough"}])),
            ("/note", value!([{"text": "a"}])),
            ("/interpreter", value!({"reference": "Practitioner/1"})),
            ("/procedureReference", value!({"reference": "Procedure/1"})),
            ("/patient/type", value!("Patient")),
            ("/series/0/uid", value!("1.2.3.4")),
            ("/series/0/performer", value!([{"actor": {"display": "A"}}])),
            ("/series/0/specimen", value!([{"display": "A"}])),
            ("/series/0/instance/0/content", value!([{"size": 1}])),
            ("/series/0/instance/0/sopClass", Value::Null),
            (
                "/extension",
                extension("valueMoney", value!({"currency": "CHF"})),
            ),
            ("/extension", extension("valueTime", value!("23:59:60"))),
            ("/extension", extension("valueUrl", value!("https://a.b"))),
        ],
    );
}

#[test]
fn mutated_studies_of_r4b_do_not_pass() {
    let extension = |name: &str, value: Value| value!([{"url": "a", name: value}]);
    assert_mutations_fail::<r4b::ImagingStudy>(
        "r4b",
        &[
            ("/status", Value::Null),
            ("/modality", value!([{"coding": [{"code": "CT"}]}])),
            ("/partOf", value!([{"reference": "Procedure/1"}])),
            ("/series/0/uid", value!("urn:oid:1.2.3")),
            ("/series/0/instance/0/sopClass", value!("urn:oid:1.2")),
            (
                "/extension",
                extension("valueMeta", value!({"versionId": "1"})),
            ),
            ("/extension", extension("valueInteger64", value!("1"))),
            ("/extension", extension("valueOid", value!("urn:oid:3.1"))),
        ],
    );
}

#[test]
fn mutated_studies_of_r6_do_not_pass() {
    let extension = |name: &str, value: Value| value!([{"url": "a", name: value}]);
    assert_mutations_fail::<r6_draft::ImagingStudy>(
        "r6-draft",
        &[
            ("/status", value!("inactive")),
            ("/modality", value!([{"code": "CT"}])),
            ("/procedure", value!([{"display": "a"}])),
            ("/interpreter", value!([{"display": "a"}])),
            ("/series/0/uid", value!("urn:oid:1.2.3")),
            ("/series/0/laterality", value!({"code": "1"})),
            ("/series/0/instance/0/sopClass", value!("1.2")),
            (
                "/series/0/instance/0/sopClass",
                value!({"code": "urn:oid:1.2"}),
            ),
            ("/series/0/instance/0/sopClass", Value::Null),
            ("/series/0/instance/0/numberOfFrames", value!(1)),
            (
                "/extension",
                extension("valueContributor", value!({"name": "A"})),
            ),
            (
                "/extension",
                extension("valueAttachment", value!({"size": 1})),
            ),
        ],
    );
}
