//! Studies from DICOM in the version that was asked for.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use imaging_study::core::{ReadError, WriteError};
use imaging_study::{
    AnyImagingStudy, FhirVersion, Limits, detect_json, detect_xml, json, with_study, with_types,
    xml,
};
use imaging_study_from_dicom::{Changes, MergeError, Note, Options, StudyBuilder};

use crate::error::{MigrateError, RunError};
use crate::format::{Format, Syntax, XML, recognise, without_mark};

/// Builds the study in a version.
pub(crate) fn build(
    study: &StudyBuilder,
    version: FhirVersion,
    options: &Options,
) -> (AnyImagingStudy, Vec<Note>) {
    with_types!(version, types => {
        let built = study.build::<types::ImagingStudy>(options);
        (built.study.into(), built.notes)
    })
}

/// Merges into a study of whatever version.
pub(crate) fn merge(
    study: &StudyBuilder,
    into: &mut AnyImagingStudy,
    options: &Options,
) -> Result<Changes, MergeError> {
    with_study!(into, into => study.merge_into(&mut **into, options))
}

/// The text of a study, with the end of its last line.
pub(crate) fn text(study: &AnyImagingStudy, format: Format) -> Result<String, WriteError> {
    let mut text = match format {
        Format::Json => study.to_json_pretty()?,
        Format::Ndjson => study.to_json()?,
        Format::Xml => study.to_xml(XML)?,
    };
    text.push('\n');
    Ok(text)
}

/// Reads the study to merge into, and tells its format.
pub(crate) fn read(
    path: &Path,
    version: FhirVersion,
) -> Result<(AnyImagingStudy, Format), RunError> {
    let limit = Limits::default().bytes as u64;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| MigrateError::Input {
            name: path.display().to_string(),
            error,
        })?;
    let bytes = without_mark(&bytes);
    let format = recognise(bytes, true);
    let unusable = |reason: String| RunError::NotMergeable {
        path: path.to_owned(),
        reason,
    };
    // Some studies are of several versions; what is asked for decides then.
    let detected = match format.syntax() {
        Syntax::Json => detect_json(bytes),
        Syntax::Xml => detect_xml(bytes),
    };
    if let Ok(detected) = detected
        && !detected.candidates.contains(&version)
        && let Ok(found) = detected.version()
    {
        return Err(unusable(format!(
            "the study is of {found}, but --to is {version}"
        )));
    }
    let study = match format.syntax() {
        Syntax::Json => AnyImagingStudy::from_json(bytes, version, &mut json::Decoder::default()),
        Syntax::Xml => AnyImagingStudy::from_xml(bytes, version, &mut xml::Decoder::default()),
    };
    let study = study.map(|decoded| decoded.value);
    let described =
        |error: ReadError| unusable(format!("{} at {}", error.message(), error.position()));
    Ok((study.map_err(described)?, format))
}
