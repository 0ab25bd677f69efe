//! The table of rules.

use imaging_study_core::FhirVersion;

use crate::{IssueCode, Severity};

/// A rule that a study can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its key: that of the standard (`ist-3`, `ref-1`), or a word of our own (`cardinality`).
    pub key: &'static str,
    /// How bad it usually is to break it; `uid` and others depend on the element.
    pub severity: Severity,
    /// The kind of issue.
    pub code: IssueCode,
    /// What it asks for.
    pub meaning: &'static str,
    /// What it belongs to.
    pub group: RuleGroup,
    /// Whether it is checked.
    pub check: Check,
    versions: u8,
}

/// What a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleGroup {
    /// What can be read at all.
    Reading,
    /// Names, types, cardinalities, bindings, targets of references.
    Structure,
    /// The keyed invariants of the standard.
    Invariant,
    /// The prose of ImagingStudy, and DICOM.
    Imaging,
}

/// Whether a rule is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Always.
    Always,
    /// Where a [`Validator`](crate::Validator) is told to.
    OnRequest,
    /// Not: why.
    Never(&'static str),
    /// By reading: a value that breaks it cannot be held.
    Reader,
}

impl Rule {
    /// Whether a version has the rule. The rules of R6 can be asked of others with
    /// [`Validator::later_rules`](crate::Validator::later_rules).
    #[must_use]
    pub const fn is_in(&self, version: FhirVersion) -> bool {
        self.versions & (1 << version as u8) != 0
    }

    /// Whether the rule asks of what is there alone: one that is broken by a part of a study is broken
    /// by the whole, whatever is missing.
    #[must_use]
    pub fn asks_of_what_is_there(&self) -> bool {
        matches!(
            self.key,
            "unknown-element"
                | "type"
                | "lexical"
                | "binding"
                | "extensible"
                | "target"
                | "simple-quantity"
                | "element-id"
                | "id-form"
                | "contained-type"
                | "extension-url"
                | "modifier"
                | "depth"
                | "dom-1"
                | "dom-2"
                | "dom-4"
                | "dom-5"
                | "dom-r4b"
                | "per-1"
                | "rng-2"
                | "inv-2"
                | "ratrng-2"
                | "qty-4"
                | "sqty-1"
                | "exp-2"
                | "tim-4"
                | "tim-5"
                | "tim-10"
                | "txt-1"
                | "txt-3"
                | "ist-2"
                | "ist-8"
                | "uid"
                | "uid-duplicate"
                | "started"
        )
    }
}

const D2: u8 = 1;
const S3: u8 = 1 << 1;
const R4: u8 = 1 << 2;
const R4B: u8 = 1 << 3;
const R5: u8 = 1 << 4;
const DRAFT: u8 = 1 << 5;
const R6: u8 = 1 << 6;
const ALL: u8 = 0x7F;
const OLD: u8 = D2 | S3;
const SINCE_S3: u8 = ALL & !D2;
const SINCE_R4: u8 = SINCE_S3 & !S3;
const SINCE_R5: u8 = R5 | DRAFT | R6;
const SINCE_DRAFT: u8 = DRAFT | R6;

macro_rules! rules {
    ($($name:ident $key:literal $group:ident $severity:ident $code:ident $check:ident $(($reason:literal))? [$versions:expr] $meaning:literal;)+) => {
        $(pub(crate) static $name: Rule = Rule {
            key: $key,
            severity: Severity::$severity,
            code: IssueCode::$code,
            meaning: $meaning,
            group: RuleGroup::$group,
            check: Check::$check$(($reason))?,
            versions: $versions,
        };)+

        /// Every rule, but for those of profiles: the table of what is checked.
        pub static RULES: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    READ "read" Reading Error Structure Reader [ALL] "the document is a resource in JSON or XML";
    UNKNOWN "unknown-element" Reading Error Structure Always [ALL] "the version defines every element";
    TYPE "type" Reading Error Structure Always [ALL] "a value has the type of its element";
    EMPTY "empty" Reading Error Structure Always [ALL] "no text, list, object or entry is empty";
    REPEATED "repeated" Reading Error Duplicate Reader [ALL] "an element that does not repeat is there once, a choice in one type";
    RESOURCE_TYPE "resource-type" Reading Error Structure Reader [ALL] "the resource is an ImagingStudy of a known version";

    CARDINALITY "cardinality" Structure Error Required Always [ALL] "an element that the version requires is there";
    LEXICAL "lexical" Structure Error Value Always [ALL] "the text of a value is legal for its type in the version";
    BINDING "binding" Structure Error CodeInvalid Always [ALL] "a code is one of its required binding";
    EXTENSIBLE "extensible" Structure Warning CodeInvalid OnRequest [ALL] "a code is one of its extensible binding, where one fits";
    TARGET "target" Structure Error Structure Always [ALL] "a reference points at a resource of a type that the element allows";
    SIMPLE_QUANTITY "simple-quantity" Structure Error Structure Always [SINCE_S3] "a SimpleQuantity has no comparator";
    ELEMENT_ID "element-id" Structure Error BusinessRule Always [ALL] "the ids of elements are unique in a resource";
    ID_FORM "id-form" Structure Error Value Always [ALL] "the id of an element has the form that the version gives it";
    CONTAINED_ID "contained-id" Structure Error Required Always [ALL] "a contained resource has an id, which no other one has";
    CONTAINED_TYPE "contained-type" Structure Error Structure Always [ALL] "a contained resource is of a type of the version";
    EXTENSION_URL "extension-url" Structure Error Value Always [ALL] "the url of an extension is absolute";
    MODIFIER "modifier" Structure Warning NotSupported Always [ALL] "an extension that changes the meaning of its element is known";
    DEPTH "depth" Structure Error TooLong Always [ALL] "elements do not nest more deeply than a reader takes";
    SUBSET "subset" Structure Information NotSupported Always [ALL] "the study is whole: what is missing in one that is tagged SUBSETTED is not reported";

    DOM_1 "dom-1" Invariant Error Invariant Always [OLD] "a contained resource has no narrative";
    DOM_2 "dom-2" Invariant Error Invariant Always [ALL] "a contained resource has no contained resources";
    DOM_3 "dom-3" Invariant Error Invariant Always [ALL] "a contained resource is referred to, or since R4 refers to what contains it";
    DOM_4 "dom-4" Invariant Error Invariant Always [ALL] "a contained resource has no versionId and no lastUpdated";
    DOM_5 "dom-5" Invariant Error Invariant Always [SINCE_R4] "a contained resource has no security labels";
    DOM_6 "dom-6" Invariant Warning Invariant OnRequest [SINCE_R4] "a resource has a narrative";
    DOM_R4B "dom-r4b" Invariant Warning Invariant Always [R4B] "a contained resource is not one of the types that R4B changed";
    ELE_1 "ele-1" Invariant Error Invariant Always [ALL] "an element has a value or children besides its id";
    EXT_1 "ext-1" Invariant Error Invariant Always [ALL] "an extension has either a value or extensions; in DSTU2 that is a warning";
    REF_1 "ref-1" Invariant Error Invariant Always [ALL] "a reference that begins with # points at a contained resource";
    REF_2 "ref-2" Invariant Error Invariant Always [ALL] "a reference has a reference, an identifier or a display; before R5 that is a warning";
    PER_1 "per-1" Invariant Error Invariant Always [ALL] "a period does not end before it starts";
    RNG_2 "rng-2" Invariant Error Invariant Always [ALL] "the low value of a range is not above the high one";
    RAT_1 "rat-1" Invariant Error Invariant Always [ALL] "a ratio has numerator and denominator, or neither and an extension";
    INV_1 "inv-1" Invariant Error Invariant Always [R4B] "a ratio range has a numerator and the denominator, or neither and an extension";
    INV_2 "inv-2" Invariant Error Invariant Always [R4B] "the low numerator of a ratio range is not above the high one";
    RATRNG_1 "ratrng-1" Invariant Error Invariant Always [SINCE_R5] "a ratio range has a numerator and the denominator, or neither and an extension";
    RATRNG_2 "ratrng-2" Invariant Error Invariant Always [SINCE_R5] "the low numerator of a ratio range is not above the high one";
    QTY_3 "qty-3" Invariant Error Invariant Always [ALL] "a coded unit names its system";
    QTY_4 "qty-4" Invariant Warning Invariant Always [SINCE_DRAFT] "the code of a unit has no annotation in braces";
    SQTY_1 "sqty-1" Invariant Error Invariant Always [D2] "a SimpleQuantity has no comparator";
    AGE_1 "age-1" Invariant Error Invariant Always [SINCE_S3] "an age has a positive value with a coded unit of UCUM";
    CNT_1 "cnt-1" Invariant Error Invariant Never ("in DSTU2 Age, Count, Distance, Duration and Money are profiles of Quantity, and no element that ImagingStudy reaches names one of them; the same is true of age-1, dis-1, drt-1 and mny-1 there") [D2] "a count is a whole number with the unit 1 of UCUM";
    CNT_3 "cnt-3" Invariant Error Invariant Always [SINCE_S3] "a count is a whole number with the unit 1 of UCUM";
    DIS_1 "dis-1" Invariant Error Invariant Always [SINCE_S3] "a distance has a coded unit of UCUM";
    MNY_1 "mny-1" Invariant Error Invariant Always [S3] "an amount of money has a currency code of ISO 4217";
    DRT_1 "drt-1" Invariant Error Invariant Always [SINCE_S3] "a duration has a coded unit of UCUM";
    ATT_1 "att-1" Invariant Error Invariant Always [ALL] "attached data has a contentType";
    CPT_2 "cpt-2" Invariant Error Invariant Always [ALL] "a contact point with a value has a system";
    COD_1 "cod-1" Invariant Warning Invariant Always [SINCE_R5] "a Coding with a display has a code";
    IDENT_1 "ident-1" Invariant Warning Invariant Always [SINCE_R5] "an identifier has a value";
    EXP_1 "exp-1" Invariant Error Invariant Always [SINCE_R4] "an expression has its text or a reference to it";
    EXP_2 "exp-2" Invariant Error Invariant Always [SINCE_R5] "the name of an expression is a letter with at most 63 letters, digits or underscores behind it";
    SDD_1 "sdd-1" Invariant Error Invariant Always [SINCE_R5] "sampled data has an interval or offsets; in R5 not both";
    AV_1 "av-1" Invariant Error Invariant Always [SINCE_R5] "what is available all day has no start and end time";
    DOS_1 "dos-1" Invariant Error Invariant Always [SINCE_R5] "a reason for taking as needed goes with asNeeded true or absent";
    DRQ_1 "drq-1" Invariant Error Invariant Always [SINCE_R4] "a code filter has either a path or a search parameter";
    DRQ_2 "drq-2" Invariant Error Invariant Always [SINCE_R4] "a date filter has either a path or a search parameter";
    DRQ_3 "drq-3" Invariant Error Invariant Always [SINCE_DRAFT] "a value filter has either a path or a search parameter";
    TRD_1 "trd-1" Invariant Error Invariant Always [SINCE_R4] "a trigger has data or a timing, not both";
    TRD_2 "trd-2" Invariant Error Invariant Always [R4 | R4B | R5] "a condition of a trigger goes with data";
    TRD_3 "trd-3" Invariant Error Invariant Always [SINCE_R4] "a trigger has what its type needs";
    TIM_1 "tim-1" Invariant Error Invariant Always [ALL] "a duration has a unit";
    TIM_2 "tim-2" Invariant Error Invariant Always [ALL] "a period has a unit";
    TIM_3 "tim-3" Invariant Error Invariant Always [D2] "an event does not go with a frequency or a period";
    TIM_4 "tim-4" Invariant Error Invariant Always [ALL] "a duration is not negative";
    TIM_5 "tim-5" Invariant Error Invariant Always [ALL] "a period is not negative";
    TIM_6 "tim-6" Invariant Error Invariant Always [ALL] "a greatest period goes with a period";
    TIM_7 "tim-7" Invariant Error Invariant Always [ALL] "a greatest duration goes with a duration";
    TIM_8 "tim-8" Invariant Error Invariant Always [SINCE_S3] "a greatest count goes with a count";
    TIM_9 "tim-9" Invariant Error Invariant Always [SINCE_S3] "an offset goes with an event that is no meal itself";
    TIM_10 "tim-10" Invariant Error Invariant Always [SINCE_S3] "a time of day does not go with an event";
    TIM_11 "tim-11" Invariant Error Invariant Always [R6] "a start offset goes with a period and a frequency above 1";
    TIM_12 "tim-12" Invariant Error Invariant Always [R6] "an end offset goes with a period and a frequency above 1";
    RLA_1 "rla-1" Invariant Warning Invariant Always [SINCE_DRAFT] "a citation has either a citation or a resource";
    RLA_2 "rla-2" Invariant Warning Invariant Always [SINCE_DRAFT] "a documentation has a document";
    RLA_3 "rla-3" Invariant Warning Invariant Always [SINCE_DRAFT] "a justification has a document or a resource";
    TXT_1 "txt-1" Invariant Error Invariant Always [ALL] "narrative is a div of XHTML without forms, scripts and other active content";
    TXT_2 "txt-2" Invariant Error Invariant Always [ALL & !SINCE_DRAFT] "narrative has some text or an image";
    TXT_3 "txt-3" Invariant Error Invariant Always [D2] "narrative has only the attributes that the standard lists";
    IST_1 "ist-1" Invariant Error Invariant Always [R6] "a study with series has an identifier with the system urn:dicom:uid";
    IST_2 "ist-2" Invariant Error Invariant Always [R6] "a study has at most one identifier with the system urn:dicom:uid";
    IST_3 "ist-3" Invariant Error Invariant Always [R6] "the number of series is that of the series listed";
    IST_4 "ist-4" Invariant Error Invariant Always [R6] "the number of instances is that of the instances listed";
    IST_5 "ist-5" Invariant Error Invariant Always [R6] "the number of instances is the sum of those of the series";
    IST_6 "ist-6" Invariant Error Invariant Always [R6] "the number of instances of a series is that of the instances listed in it";
    IST_7 "ist-7" Invariant Error Invariant Always [R6] "the modalities of the study are those of its series";
    IST_8 "ist-8" Invariant Error Invariant Always [R6] "no series starts before the study";

    STUDY_UID "study-uid" Imaging Warning BusinessRule Always [ALL & !R6] "a study that lists series has exactly one Study Instance UID in its identifiers";
    UID "uid" Imaging Error Value Always [ALL] "a UID keeps to the grammar of DICOM";
    UID_SPELLING "uid-spelling" Imaging Warning BusinessRule Always [ALL] "a UID has the spelling that the version gives it: urn:oid: before it or not";
    UID_DUPLICATE "uid-duplicate" Imaging Error Duplicate Always [ALL] "the UIDs of series and instances are there once in a study";
    ACCESSION "accession" Imaging Information BusinessRule Always [ALL] "an accession number stands where the version has it";
    COUNT "count" Imaging Warning BusinessRule Always [ALL & !R6] "a count is not below what is listed";
    COUNT_MISSING "count-missing" Imaging Information BusinessRule Always [S3] "a study that lists series or instances counts them";
    MODALITY "modality" Imaging Warning BusinessRule Always [ALL & !R6] "the modalities of the study are those of its series; before R5 only those that acquire";
    MODALITY_SYSTEM "modality-system" Imaging Warning BusinessRule Always [SINCE_S3] "modalities are codes of http://dicom.nema.org/resources/ontology/DCM";
    STARTED "started" Imaging Warning BusinessRule Always [ALL & !R6] "no series starts before the study";
    ENDPOINT "endpoint" Imaging Information BusinessRule Always [SINCE_S3] "there is one endpoint of each connection type at a level, and viewers are those of the study";
    REGISTERED "registered" Imaging Information BusinessRule Always [SINCE_R4] "a study whose images are not there, or that was cancelled or entered in error, lists no series";
    FRAMES "frames" Imaging Warning Value Always [R6] "an instance has at least one frame";

}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_are_unique_and_in_some_version() {
        let keys: HashSet<_> = RULES.iter().map(|rule| rule.key).collect();
        assert_eq!(keys.len(), RULES.len());
        for rule in RULES {
            assert!(FhirVersion::ALL.iter().any(|version| rule.is_in(*version)));
        }
        assert!(!IST_1.is_in(FhirVersion::R6Draft) && IST_1.is_in(FhirVersion::R6));
        assert!(DOM_1.is_in(FhirVersion::Stu3) && !DOM_1.is_in(FhirVersion::R4));
    }
}
