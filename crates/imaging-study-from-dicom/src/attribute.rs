//! The attributes that a study is built from.

use crate::Tag;

/// How the text of an attribute is to be understood: its value representation (PS3.5 section 6.2),
/// as far as the difference matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UI: a UID.
    Uid,
    /// CS: a code in capital letters.
    Code,
    /// LO, SH, DA, TM, IS: a short text.
    Text,
    /// ST, UC, UR, UT: a text in which a backslash is a character like any other.
    Long,
    /// PN: a person's name.
    Name,
    /// SQ: a sequence of items.
    Sequence,
}

/// What is known of an attribute.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) tag: Tag,
    pub(crate) keyword: &'static str,
    pub(crate) vr: &'static str,
}

impl Attribute {
    pub(crate) fn kind(&self) -> Kind {
        match self.vr {
            "UI" => Kind::Uid,
            "CS" => Kind::Code,
            "ST" | "UC" | "UR" | "UT" => Kind::Long,
            "PN" => Kind::Name,
            "SQ" => Kind::Sequence,
            _ => Kind::Text,
        }
    }

    /// Whether the attribute may have several values (its value multiplicity, PS3.6).
    pub(crate) fn is_multiple(&self) -> bool {
        matches!(
            self.tag,
            tags::IMAGE_TYPE
                | tags::MODALITIES_IN_STUDY
                | tags::PERFORMING_PHYSICIAN_NAME
                | tags::NAME_OF_PHYSICIANS_READING_STUDY
                | tags::OPERATORS_NAME
        )
    }
}

/// Defines a constant for each attribute, and the table of all, in the order of the tags.
macro_rules! attributes {
    ($($name:ident $keyword:literal $group:literal $element:literal $vr:literal)+) => {
        /// The tags of the attributes that a study is built from (PS3.6).
        pub mod tags {
            use crate::Tag;

            $(
                #[doc = concat!("`", $keyword, "`, ", $vr, ".")]
                pub const $name: Tag = Tag::new($group, $element);
            )+
        }

        pub(crate) const ATTRIBUTES: &[Attribute] = &[
            $(Attribute { tag: tags::$name, keyword: $keyword, vr: $vr },)+
        ];
    };
}

attributes! {
    IMAGE_TYPE "ImageType" 0x0008 0x0008 "CS"
    SOP_CLASS_UID "SOPClassUID" 0x0008 0x0016 "UI"
    SOP_INSTANCE_UID "SOPInstanceUID" 0x0008 0x0018 "UI"
    STUDY_DATE "StudyDate" 0x0008 0x0020 "DA"
    SERIES_DATE "SeriesDate" 0x0008 0x0021 "DA"
    STUDY_TIME "StudyTime" 0x0008 0x0030 "TM"
    SERIES_TIME "SeriesTime" 0x0008 0x0031 "TM"
    ACCESSION_NUMBER "AccessionNumber" 0x0008 0x0050 "SH"
    ISSUER_OF_ACCESSION_NUMBER_SEQUENCE "IssuerOfAccessionNumberSequence" 0x0008 0x0051 "SQ"
    INSTANCE_AVAILABILITY "InstanceAvailability" 0x0008 0x0056 "CS"
    MODALITY "Modality" 0x0008 0x0060 "CS"
    MODALITIES_IN_STUDY "ModalitiesInStudy" 0x0008 0x0061 "CS"
    INSTITUTION_NAME "InstitutionName" 0x0008 0x0080 "LO"
    REFERRING_PHYSICIAN_NAME "ReferringPhysicianName" 0x0008 0x0090 "PN"
    REFERRING_PHYSICIAN_IDENTIFICATION_SEQUENCE "ReferringPhysicianIdentificationSequence" 0x0008 0x0096 "SQ"
    CODE_VALUE "CodeValue" 0x0008 0x0100 "SH"
    CODING_SCHEME_DESIGNATOR "CodingSchemeDesignator" 0x0008 0x0102 "SH"
    CODING_SCHEME_VERSION "CodingSchemeVersion" 0x0008 0x0103 "SH"
    CODE_MEANING "CodeMeaning" 0x0008 0x0104 "LO"
    CODING_SCHEME_UID "CodingSchemeUID" 0x0008 0x010C "UI"
    CODING_SCHEME_IDENTIFICATION_SEQUENCE "CodingSchemeIdentificationSequence" 0x0008 0x0110 "SQ"
    LONG_CODE_VALUE "LongCodeValue" 0x0008 0x0119 "UC"
    URN_CODE_VALUE "URNCodeValue" 0x0008 0x0120 "UR"
    TIMEZONE_OFFSET_FROM_UTC "TimezoneOffsetFromUTC" 0x0008 0x0201 "SH"
    STUDY_DESCRIPTION "StudyDescription" 0x0008 0x1030 "LO"
    PROCEDURE_CODE_SEQUENCE "ProcedureCodeSequence" 0x0008 0x1032 "SQ"
    SERIES_DESCRIPTION "SeriesDescription" 0x0008 0x103E "LO"
    SERIES_DESCRIPTION_CODE_SEQUENCE "SeriesDescriptionCodeSequence" 0x0008 0x103F "SQ"
    INSTITUTIONAL_DEPARTMENT_NAME "InstitutionalDepartmentName" 0x0008 0x1040 "LO"
    PERFORMING_PHYSICIAN_NAME "PerformingPhysicianName" 0x0008 0x1050 "PN"
    PERFORMING_PHYSICIAN_IDENTIFICATION_SEQUENCE "PerformingPhysicianIdentificationSequence" 0x0008 0x1052 "SQ"
    NAME_OF_PHYSICIANS_READING_STUDY "NameOfPhysiciansReadingStudy" 0x0008 0x1060 "PN"
    OPERATORS_NAME "OperatorsName" 0x0008 0x1070 "PN"
    OPERATOR_IDENTIFICATION_SEQUENCE "OperatorIdentificationSequence" 0x0008 0x1072 "SQ"
    RETRIEVE_URL "RetrieveURL" 0x0008 0x1190 "UR"
    ANATOMIC_REGION_SEQUENCE "AnatomicRegionSequence" 0x0008 0x2218 "SQ"
    PATIENT_NAME "PatientName" 0x0010 0x0010 "PN"
    PATIENT_ID "PatientID" 0x0010 0x0020 "LO"
    ISSUER_OF_PATIENT_ID "IssuerOfPatientID" 0x0010 0x0021 "LO"
    ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE "IssuerOfPatientIDQualifiersSequence" 0x0010 0x0024 "SQ"
    GROUP_OF_PATIENTS_IDENTIFICATION_SEQUENCE "GroupOfPatientsIdentificationSequence" 0x0010 0x0027 "SQ"
    QUALITY_CONTROL_SUBJECT "QualityControlSubject" 0x0010 0x0200 "CS"
    BODY_PART_EXAMINED "BodyPartExamined" 0x0018 0x0015 "CS"
    STUDY_INSTANCE_UID "StudyInstanceUID" 0x0020 0x000D "UI"
    SERIES_INSTANCE_UID "SeriesInstanceUID" 0x0020 0x000E "UI"
    STUDY_ID "StudyID" 0x0020 0x0010 "SH"
    SERIES_NUMBER "SeriesNumber" 0x0020 0x0011 "IS"
    INSTANCE_NUMBER "InstanceNumber" 0x0020 0x0013 "IS"
    LATERALITY "Laterality" 0x0020 0x0060 "CS"
    IMAGE_LATERALITY "ImageLaterality" 0x0020 0x0062 "CS"
    NUMBER_OF_STUDY_RELATED_SERIES "NumberOfStudyRelatedSeries" 0x0020 0x1206 "IS"
    NUMBER_OF_STUDY_RELATED_INSTANCES "NumberOfStudyRelatedInstances" 0x0020 0x1208 "IS"
    NUMBER_OF_SERIES_RELATED_INSTANCES "NumberOfSeriesRelatedInstances" 0x0020 0x1209 "IS"
    FRAME_ANATOMY_SEQUENCE "FrameAnatomySequence" 0x0020 0x9071 "SQ"
    FRAME_LATERALITY "FrameLaterality" 0x0020 0x9072 "CS"
    REQUESTED_PROCEDURE_CODE_SEQUENCE "RequestedProcedureCodeSequence" 0x0032 0x1064 "SQ"
    ADMISSION_ID "AdmissionID" 0x0038 0x0010 "LO"
    ISSUER_OF_ADMISSION_ID_SEQUENCE "IssuerOfAdmissionIDSequence" 0x0038 0x0014 "SQ"
    ORDER_PLACER_IDENTIFIER_SEQUENCE "OrderPlacerIdentifierSequence" 0x0040 0x0026 "SQ"
    ORDER_FILLER_IDENTIFIER_SEQUENCE "OrderFillerIdentifierSequence" 0x0040 0x0027 "SQ"
    LOCAL_NAMESPACE_ENTITY_ID "LocalNamespaceEntityID" 0x0040 0x0031 "UT"
    UNIVERSAL_ENTITY_ID "UniversalEntityID" 0x0040 0x0032 "UT"
    UNIVERSAL_ENTITY_ID_TYPE "UniversalEntityIDType" 0x0040 0x0033 "CS"
    PERFORMED_LOCATION "PerformedLocation" 0x0040 0x0243 "SH"
    PERFORMED_PROCEDURE_STEP_START_DATE "PerformedProcedureStepStartDate" 0x0040 0x0244 "DA"
    PERFORMED_PROCEDURE_STEP_START_TIME "PerformedProcedureStepStartTime" 0x0040 0x0245 "TM"
    REQUEST_ATTRIBUTES_SEQUENCE "RequestAttributesSequence" 0x0040 0x0275 "SQ"
    SPECIMEN_IDENTIFIER "SpecimenIdentifier" 0x0040 0x0551 "LO"
    SPECIMEN_DESCRIPTION_SEQUENCE "SpecimenDescriptionSequence" 0x0040 0x0560 "SQ"
    ISSUER_OF_THE_SPECIMEN_IDENTIFIER_SEQUENCE "IssuerOfTheSpecimenIdentifierSequence" 0x0040 0x0562 "SQ"
    REASON_FOR_THE_REQUESTED_PROCEDURE "ReasonForTheRequestedProcedure" 0x0040 0x1002 "LO"
    REASON_FOR_REQUESTED_PROCEDURE_CODE_SEQUENCE "ReasonForRequestedProcedureCodeSequence" 0x0040 0x100A "SQ"
    PERSON_IDENTIFICATION_CODE_SEQUENCE "PersonIdentificationCodeSequence" 0x0040 0x1101 "SQ"
    PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST "PlacerOrderNumberImagingServiceRequest" 0x0040 0x2016 "LO"
    FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST "FillerOrderNumberImagingServiceRequest" 0x0040 0x2017 "LO"
    CONCEPT_NAME_CODE_SEQUENCE "ConceptNameCodeSequence" 0x0040 0xA043 "SQ"
    REFERENCED_REQUEST_SEQUENCE "ReferencedRequestSequence" 0x0040 0xA370 "SQ"
    DOCUMENT_TITLE "DocumentTitle" 0x0042 0x0010 "ST"
    CONTENT_LABEL "ContentLabel" 0x0070 0x0080 "CS"
    CONTENT_DESCRIPTION "ContentDescription" 0x0070 0x0081 "LO"
    SHARED_FUNCTIONAL_GROUPS_SEQUENCE "SharedFunctionalGroupsSequence" 0x5200 0x9229 "SQ"
}

/// The attribute of a tag, if it is needed.
pub(crate) fn by_tag(tag: Tag) -> Option<&'static Attribute> {
    let found = ATTRIBUTES.binary_search_by_key(&tag, |attribute| attribute.tag);
    found.ok().map(|index| &ATTRIBUTES[index])
}

/// The attribute of a member name of JSON: eight hexadecimal digits in any case, with or without a
/// comma and parentheses, or a keyword.
pub(crate) fn by_name(name: &str) -> Option<&'static Attribute> {
    let mut digits = [0_u8; 8];
    let mut length = 0;
    for byte in name.bytes() {
        match byte {
            b'(' | b')' | b',' => {}
            _ if length < 8 && byte.is_ascii_hexdigit() => {
                digits[length] = byte;
                length += 1;
            }
            _ => return by_keyword(name),
        }
    }
    if length < 8 {
        return None;
    }
    let number = str::from_utf8(&digits).ok()?;
    let number = u32::from_str_radix(number, 16).ok()?;
    by_tag(Tag::new((number >> 16) as u16, number as u16))
}

fn by_keyword(name: &str) -> Option<&'static Attribute> {
    ATTRIBUTES
        .iter()
        .find(|attribute| attribute.keyword == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_tag_unique() {
        assert!(ATTRIBUTES.is_sorted_by(|one, next| one.tag < next.tag));
    }

    #[test]
    fn every_spelling_of_a_name_is_found() {
        for name in [
            "0008103E",
            "0008103e",
            "(0008,103E)",
            "0008,103e",
            "SeriesDescription",
        ] {
            let found = by_name(name).map(|attribute| attribute.tag);
            assert_eq!(found, Some(tags::SERIES_DESCRIPTION), "{name}");
        }
        for name in [
            "",
            "0008",
            "0008103E0",
            "seriesdescription",
            "00081 3E",
            "7FE00010",
        ] {
            assert!(by_name(name).is_none(), "{name}");
        }
    }
}
