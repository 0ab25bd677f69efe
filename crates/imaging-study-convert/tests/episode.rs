//! The episode of care of STU3's `context`, and HL7's extension that says the same in R4 and later.

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_convert::{EpisodeOfCare, Options, convert_any};
use imaging_study_core::FhirVersion;
use imaging_study_json::{from_str, to_string};

const SINCE_R4: [FhirVersion; 5] = [
    FhirVersion::R4,
    FhirVersion::R4B,
    FhirVersion::R5,
    FhirVersion::R6Draft,
    FhirVersion::R6,
];

const NATIVE: &str = r#""context":{"reference":"EpisodeOfCare/e"},"#;

fn workflow(reference: &str) -> String {
    format!(
        r#""extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare","valueReference":{reference}}}],"#
    )
}

fn said() -> String {
    workflow(r#"{"reference":"EpisodeOfCare/e"}"#)
}

fn older(extension: &str, context: &str) -> AnyImagingStudy {
    let text = format!(
        r#"{{"resourceType":"ImagingStudy",{extension}"uid":"urn:oid:1.2","patient":{{"reference":"Patient/p"}},{context}"description":"d"}}"#
    );
    from_str::<imaging_study_stu3::ImagingStudy>(&text)
        .expect("a study")
        .into()
}

fn newer(version: FhirVersion, extension: &str, encounter: &str) -> AnyImagingStudy {
    let text = format!(
        r#"{{"resourceType":"ImagingStudy",{extension}"identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:1.2"}}],"status":"unknown","subject":{{"reference":"Patient/p"}},{encounter}"description":"d"}}"#
    );
    with_types!(version, types => from_str::<types::ImagingStudy>(&text).expect("a study").into())
}

fn text(study: &AnyImagingStudy) -> String {
    with_study!(study, study => to_string(&**study).expect("nothing is empty"))
}

fn to(study: &AnyImagingStudy, version: FhirVersion, wanted: EpisodeOfCare) -> AnyImagingStudy {
    let options = Options {
        episode_of_care: wanted,
        ..Options::default()
    };
    let converted = convert_any(study.clone(), version, &options).expect("not strict");
    assert_eq!(converted.losses, []);
    converted.value
}

/// Converts along versions.
fn along(study: &AnyImagingStudy, versions: &[FhirVersion]) -> String {
    let mut study = study.clone();
    for &version in versions {
        study = to(&study, version, EpisodeOfCare::Context);
    }
    text(&study)
}

#[test]
fn one_extension_alone_is_the_context() {
    let both = older(&said(), NATIVE);
    for version in SINCE_R4 {
        let alone = newer(version, &said(), "");
        for wanted in [EpisodeOfCare::Context, EpisodeOfCare::Workflow] {
            assert_eq!(text(&to(&both, version, wanted)), text(&alone));
            assert_eq!(text(&to(&alone, FhirVersion::Stu3, wanted)), text(&both));
        }
    }
}

#[test]
fn the_extension_is_written_where_it_is_wanted() {
    let study = older("", NATIVE);
    for version in SINCE_R4 {
        let there = to(&study, version, EpisodeOfCare::Workflow);
        assert_eq!(text(&there), text(&newer(version, &said(), "")));
        // The way back has the context, and the extension beside it.
        let back = to(&there, FhirVersion::Stu3, EpisodeOfCare::Workflow);
        assert_eq!(text(&back), text(&older(&said(), NATIVE)));

        let there = to(&study, version, EpisodeOfCare::Context);
        assert!(!text(&there).contains("workflow"));
        let back = to(&there, FhirVersion::Stu3, EpisodeOfCare::Context);
        assert_eq!(text(&back), text(&study));
    }
}

/// Whatever stands beside one another, and whatever is wanted, comes back.
#[test]
fn every_other_study_comes_back() {
    let another = workflow(r#"{"reference":"EpisodeOfCare/f"}"#);
    let two = format!(
        r#""extension":[{0},{0}],"#,
        &another[r#""extension":["#.len()..another.len() - 2]
    );
    let no_value = said().replace(
        r#""valueReference":{"reference":"EpisodeOfCare/e"}"#,
        r#""valueString":"e""#,
    );
    let extensions = [
        String::new(),
        said(),
        another,
        two,
        no_value,
        workflow(r#"{"id":"i","reference":"EpisodeOfCare/e"}"#),
        workflow(r#"{"reference":"Encounter/e"}"#),
        workflow(r#"{"display":"the knee"}"#),
    ];
    let contexts = [
        "",
        NATIVE,
        r#""context":{"id":"i-2","reference":"EpisodeOfCare/e"},"#,
        r#""context":{"reference":"Encounter/e"},"#,
        r#""context":{"display":"the knee"},"#,
        r#""context":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unsupported"}]},"#,
    ];
    for extension in &extensions {
        for context in contexts {
            let study = older(extension, context);
            let written = |version, wanted| {
                let there = to(&study, version, wanted);
                text(&to(&there, FhirVersion::Stu3, wanted))
            };
            for version in FhirVersion::ALL {
                assert_eq!(written(version, EpisodeOfCare::Context), text(&study));
                if !extension.is_empty() {
                    assert_eq!(written(version, EpisodeOfCare::Workflow), text(&study));
                }
            }
            for chain in [
                [FhirVersion::R4, FhirVersion::Dstu2],
                [FhirVersion::Dstu2, FhirVersion::R5],
            ] {
                let way = [chain[0], chain[1], FhirVersion::Stu3];
                assert_eq!(along(&study, &way), text(&study), "{way:?}");
            }
        }
        for encounter in [
            "",
            r#""encounter":{"reference":"Encounter/e"},"#,
            r#""encounter":{"display":"x"},"#,
        ] {
            for version in SINCE_R4 {
                let study = newer(version, extension, encounter);
                for way in [
                    &[FhirVersion::Stu3][..],
                    &[FhirVersion::Dstu2],
                    &[FhirVersion::Stu3, FhirVersion::Dstu2],
                    &[FhirVersion::Dstu2, FhirVersion::Stu3],
                ] {
                    let way = [way, &[version]].concat();
                    assert_eq!(along(&study, &way), text(&study), "{way:?}");
                }
            }
        }
    }
}
