//! What the tests share.
#![allow(dead_code, reason = "each test uses a part")]

#[path = "../../../imaging-study-convert/tests/support/spec.rs"]
pub(crate) mod spec;

use std::sync::LazyLock;

use imaging_study_core::{FhirVersion, Json};
use imaging_study_from_dicom::{NoteKind, Options, Study, StudyBuilder};
use imaging_study_json::{Decoder, from_slice, to_string};
use spec::Spec;

/// The tables of every version.
static SPECS: LazyLock<Vec<(FhirVersion, Spec)>> = LazyLock::new(|| {
    let versions = [
        FhirVersion::Dstu2,
        FhirVersion::Stu3,
        FhirVersion::R4,
        FhirVersion::R4B,
        FhirVersion::R5,
        FhirVersion::R6Draft,
        FhirVersion::R6,
    ];
    let load = |version| (version, Spec::load(version));
    versions.map(load).into_iter().collect()
});

/// What is wrong with a study that stands as JSON, by the tables of its version.
pub(crate) fn faults(version: FhirVersion, study: &Json) -> Vec<String> {
    let spec = SPECS.iter().find(|(one, _)| *one == version);
    spec.expect("a version").1.check(study)
}

/// The study as JSON, after reading it back and checking it.
pub(crate) fn checked<S: Study>(study: &S) -> Json {
    let text = to_string(study).expect("nothing is empty");
    let read: S = from_slice(text.as_bytes()).expect("what was written");
    assert_eq!(read, *study);
    let json = Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON");
    let faults = faults(S::VERSION, &json);
    assert!(faults.is_empty(), "{}: {faults:#?}", S::VERSION);
    json
}

/// The kinds of the notes on the study of a version.
pub(crate) fn notes(
    study: &StudyBuilder,
    version: FhirVersion,
    options: &Options,
) -> Vec<NoteKind> {
    let notes = match version {
        FhirVersion::Dstu2 => {
            study
                .build::<imaging_study_dstu2::ImagingStudy>(options)
                .notes
        }
        FhirVersion::Stu3 => {
            study
                .build::<imaging_study_stu3::ImagingStudy>(options)
                .notes
        }
        FhirVersion::R4 => study.build::<imaging_study_r4::ImagingStudy>(options).notes,
        FhirVersion::R4B => {
            study
                .build::<imaging_study_r4b::ImagingStudy>(options)
                .notes
        }
        FhirVersion::R5 => study.build::<imaging_study_r5::ImagingStudy>(options).notes,
        FhirVersion::R6Draft => {
            study
                .build::<imaging_study_r6_draft::ImagingStudy>(options)
                .notes
        }
        FhirVersion::R6 => study.build::<imaging_study_r6::ImagingStudy>(options).notes,
    };
    notes.iter().map(|note| note.kind).collect()
}

/// The study of a version, checked.
pub(crate) fn built(study: &StudyBuilder, version: FhirVersion, options: &Options) -> Json {
    match version {
        FhirVersion::Dstu2 => checked(
            &study
                .build::<imaging_study_dstu2::ImagingStudy>(options)
                .study,
        ),
        FhirVersion::Stu3 => checked(
            &study
                .build::<imaging_study_stu3::ImagingStudy>(options)
                .study,
        ),
        FhirVersion::R4 => checked(&study.build::<imaging_study_r4::ImagingStudy>(options).study),
        FhirVersion::R4B => checked(
            &study
                .build::<imaging_study_r4b::ImagingStudy>(options)
                .study,
        ),
        FhirVersion::R5 => checked(&study.build::<imaging_study_r5::ImagingStudy>(options).study),
        FhirVersion::R6Draft => checked(
            &study
                .build::<imaging_study_r6_draft::ImagingStudy>(options)
                .study,
        ),
        FhirVersion::R6 => checked(&study.build::<imaging_study_r6::ImagingStudy>(options).study),
    }
}
