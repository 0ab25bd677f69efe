//! The same studies in every version.

use std::hint::black_box;

use imaging_study::json::Decoder;
use imaging_study::{AnyImagingStudy, FhirVersion, convert};

use crate::Meter;

/// Studies of R4, converted to a version beforehand, as text and as values.
#[derive(Debug)]
pub struct Versioned {
    /// The version that the studies are in.
    pub version: FhirVersion,
    texts: Vec<String>,
    studies: Vec<AnyImagingStudy>,
}

impl Versioned {
    /// Converts the lines of a text, studies of R4, to every version.
    ///
    /// # Panics
    ///
    /// A line is no study of R4, or a study is another one after having been written and read.
    #[must_use]
    pub fn all(lines: &str) -> [Self; 7] {
        FhirVersion::ALL.map(|version| {
            let read = |text: &str, version| {
                AnyImagingStudy::from_json(text.as_bytes(), version, &mut Decoder::default())
                    .expect("generated studies can be read")
                    .value
            };
            let studies: Vec<AnyImagingStudy> = lines
                .lines()
                .map(|line| to(read(line, FhirVersion::R4), version))
                .collect();
            let write = |study: &AnyImagingStudy| study.to_json().expect("no element is empty");
            let texts: Vec<String> = studies.iter().map(write).collect();
            for (text, study) in texts.iter().zip(&studies) {
                assert_eq!(read(text, version), *study);
            }
            Self {
                version,
                texts,
                studies,
            }
        })
    }

    /// Measures the reading of each study, and dropping it.
    ///
    /// # Panics
    ///
    /// Never: the texts were read before.
    pub fn read(&self, meter: &mut impl Meter) {
        let mut decoder = Decoder::default();
        meter.measure(|| {
            for text in &self.texts {
                let bytes = black_box(text.as_bytes());
                let study = AnyImagingStudy::from_json(bytes, self.version, &mut decoder);
                drop(black_box(study.expect("it was read before")));
            }
        });
    }

    /// Measures the conversion of each study, not dropping the result.
    pub fn convert(&self, version: FhirVersion, meter: &mut impl Meter) {
        for study in &self.studies {
            let study = black_box(study.clone());
            black_box(meter.measure(|| to(study, version)));
        }
    }
}

fn to(study: AnyImagingStudy, version: FhirVersion) -> AnyImagingStudy {
    convert::convert_any(study, version, &convert::Options::default())
        .expect("only a strict conversion refuses")
        .value
}
