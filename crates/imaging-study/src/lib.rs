#![doc = include_str!("../README.md")]

#[cfg(feature = "convert")]
mod any_imaging_study;
#[cfg(any(feature = "json", feature = "xml"))]
mod detect;
#[cfg(feature = "convert")]
mod endpoints;
#[cfg(feature = "convert")]
mod identifiers;
mod spelling;

#[cfg(feature = "convert")]
pub use any_imaging_study::AnyImagingStudy;
#[cfg(feature = "json")]
pub use detect::detect_json;
#[cfg(any(feature = "json", feature = "xml"))]
pub use detect::{Detection, Evidence, Undecided, detect, is_xml};
#[cfg(feature = "xml")]
pub use detect::{StudyInside, detect_xml, detect_xml_inside};
#[cfg(feature = "convert")]
pub use endpoints::{
    Endpoints, Retrieval, RetrievalError, RetrievalLint, RetrievalOptions, Retrievals, Retrieve,
    StudyPlace,
};
#[cfg(feature = "convert")]
pub use identifiers::{Accession, IdentifierError};
pub use imaging_study_core::{
    ElementPath, FhirVersion, Limits, MediaFormat, MediaType, MediaTypeError, UnknownVersion,
};
pub use spelling::{search_parameter, spelling};

#[cfg(feature = "convert")]
pub use imaging_study_convert as convert;
pub use imaging_study_core as core;
pub use imaging_study_dicom as dicom;
#[cfg(feature = "dstu2")]
pub use imaging_study_dstu2 as dstu2;
#[cfg(feature = "from-dicom")]
pub use imaging_study_from_dicom as from_dicom;
#[cfg(feature = "json")]
pub use imaging_study_json as json;
#[cfg(feature = "r4")]
pub use imaging_study_r4 as r4;
#[cfg(feature = "r4b")]
pub use imaging_study_r4b as r4b;
#[cfg(feature = "r5")]
pub use imaging_study_r5 as r5;
#[cfg(feature = "r6")]
pub use imaging_study_r6 as r6;
#[cfg(feature = "stu3")]
pub use imaging_study_stu3 as stu3;
#[cfg(feature = "xml")]
pub use imaging_study_xml as xml;
