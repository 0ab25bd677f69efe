//! Builds the studies of DICOM JSON on standard input, and of the files that are named:
//! `build r5 < metadata.json`, or with the feature `files`, `build r4 image.dcm ...`.

use std::error::Error;
use std::io::stdin;

use imaging_study_from_dicom::{Options, Studies, Study};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let version = arguments.next().unwrap_or_else(|| "r5".to_owned());
    let paths: Vec<String> = arguments.collect();
    let mut studies = Studies::default();
    if paths.is_empty() {
        studies.add_json_reader(stdin().lock())?;
    }
    #[cfg(feature = "files")]
    for path in &paths {
        if let Err(error) = studies.add_file(path) {
            eprintln!("{error}");
        }
    }
    #[cfg(not(feature = "files"))]
    if !paths.is_empty() {
        return Err("reading files needs the feature files".into());
    }
    for note in studies.notes() {
        eprintln!("{note}");
    }
    match version.as_str() {
        "dstu2" => print::<imaging_study_dstu2::ImagingStudy>(&studies),
        "stu3" => print::<imaging_study_stu3::ImagingStudy>(&studies),
        "r4" => print::<imaging_study_r4::ImagingStudy>(&studies),
        "r4b" => print::<imaging_study_r4b::ImagingStudy>(&studies),
        "r5" => print::<imaging_study_r5::ImagingStudy>(&studies),
        "r6" => print::<imaging_study_r6::ImagingStudy>(&studies),
        "r6-draft" => print::<imaging_study_r6_draft::ImagingStudy>(&studies),
        _ => Err("the version is one of dstu2, stu3, r4, r4b, r5, r6-draft, r6".into()),
    }
}

fn print<S: Study>(studies: &Studies) -> Result<(), Box<dyn Error>> {
    for study in studies.iter() {
        let built = study.build::<S>(&Options::default());
        for note in &built.notes {
            eprintln!("{note}");
        }
        println!("{}", imaging_study_json::to_string_pretty(&built.study)?);
    }
    Ok(())
}
