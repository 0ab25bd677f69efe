#![doc = include_str!("../README.md")]

#[cfg(all(feature = "any", feature = "json"))]
pub use imaging_study_any::detect_json;
#[cfg(feature = "any")]
pub use imaging_study_any::{
    Accession, AnyImagingStudy, CodingRef, ConceptRef, Endpoints, IdentifierError, InstanceRef,
    OtherVersion, PerformerRef, ReferenceRef, Retrieval, RetrievalError, RetrievalLint,
    RetrievalOptions, Retrievals, Retrieve, SeriesRef, StudyPlace, StudyRef, for_each_version,
    search_parameter, spelling, with_study, with_types,
};
#[cfg(all(feature = "any", any(feature = "json", feature = "xml")))]
pub use imaging_study_any::{Detection, Evidence, ReadAnyError, Undecided, detect, is_xml};
#[cfg(all(feature = "any", feature = "xml"))]
pub use imaging_study_any::{StudyInside, detect_xml, detect_xml_inside};
pub use imaging_study_core::{
    ElementMut, ElementPath, ElementRef, FhirVersion, FieldMut, FieldRef, Limits, MediaFormat,
    MediaType, MediaTypeError, PrimitiveMut, PrimitiveRef, ScalarRef, UnknownVersion, ValuePath,
    ValueRef,
};

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
#[cfg(feature = "r6-draft")]
pub use imaging_study_r6_draft as r6_draft;
#[cfg(feature = "rest")]
pub use imaging_study_rest as rest;
#[cfg(feature = "search")]
pub use imaging_study_search as search;
#[cfg(feature = "stu3")]
pub use imaging_study_stu3 as stu3;
#[cfg(feature = "validate")]
pub use imaging_study_validate as validate;
#[cfg(feature = "xml")]
pub use imaging_study_xml as xml;
