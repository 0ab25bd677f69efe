//! Writes studies for other validators: generated ones without an error and the examples among the
//! fixtures, in the version that they are of and converted to every other, and the definitions of
//! the extensions that are in them. `interop/run.sh` gives them to HAPI.
//!
//! ```text
//! cargo run -p imaging-study-validate --example interop -- FOLDER [NUMBER]
//! ```

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_convert::{Options, convert_any, extension_definitions};
use imaging_study_core::FhirVersion;
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_json::{from_slice, json_to_string, to_string};
use imaging_study_validate::{Severity, Validate};

/// How many studies are generated for each version.
const NUMBER: usize = 40;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("expected a folder")?);
    let number = match arguments.next() {
        Some(number) => number.parse()?,
        None => NUMBER,
    };
    fs::create_dir_all(&folder)?;
    for from in FhirVersion::ALL {
        let mut studies = examples(from)?;
        studies.extend(generated(from, number));
        for to in FhirVersion::ALL {
            let file = folder.join(format!("{}-{}.ndjson", name(from), name(to)));
            let mut file = BufWriter::new(fs::File::create(file)?);
            for study in &studies {
                let converted = convert_any(study.clone(), to, &Options::default())?.value;
                let line = with_study!(&converted, study => to_string(&**study)?);
                writeln!(file, "{line}")?;
            }
            file.flush()?;
        }
        let file = folder.join(format!("{}-definitions.ndjson", name(from)));
        let mut file = BufWriter::new(fs::File::create(file)?);
        for definition in extension_definitions(from) {
            writeln!(
                file,
                "{}",
                json_to_string(&definition.structure_definition())
            )?;
        }
        file.flush()?;
    }
    Ok(())
}

/// The name of a version in the names of files.
fn name(version: FhirVersion) -> String {
    version.name().to_lowercase().replace(' ', "_")
}

/// The examples of a version among the fixtures.
fn examples(version: FhirVersion) -> Result<Vec<AnyImagingStudy>, Box<dyn Error>> {
    let folder = name(version).replace('_', "-");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut files: Vec<PathBuf> = fs::read_dir(fixtures.join(folder))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or("");
            name.starts_with("valid-example") && name.ends_with(".json")
        })
        .collect();
    files.sort();
    let mut studies = Vec::new();
    for file in files {
        let bytes = fs::read(file)?;
        studies.push(with_types!(version, types => {
            AnyImagingStudy::from(from_slice::<types::ImagingStudy>(&bytes)?)
        }));
    }
    Ok(studies)
}

/// Studies in which no error is found. The same ones each time.
fn generated(version: FhirVersion, number: usize) -> Vec<AnyImagingStudy> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as u32
    };
    let mut studies = Vec::with_capacity(number);
    while studies.len() < number {
        let choices: Vec<u32> = (0..30 + studies.len() * 9).map(|_| next()).collect();
        let study: AnyImagingStudy = with_types!(version, types => {
            from_choices::<types::ImagingStudy>(Profile::Typical, &choices).into()
        });
        let mut issues = study.validate().into_iter();
        if issues.all(|issue| issue.severity != Severity::Error) {
            studies.push(study);
        }
    }
    studies
}
