//! Validating a study.

use std::collections::{HashMap, HashSet};

use imaging_study_any::{AnyImagingStudy, for_each_version};
use imaging_study_core::{ElementRef, FhirVersion, FieldRef, ValueRef};

use crate::place::{Place, Report};
use crate::plan::Plans;
use crate::quick::Known;
use crate::walk::Walk;
use crate::{Issue, Profile, RULES, rule};

/// What is checked besides what every study has to keep to.
///
/// ```
/// use imaging_study_r4::ImagingStudy;
/// use imaging_study_validate::{Severity, Validate, Validator};
///
/// let study = ImagingStudy::default();
/// let keys: Vec<_> = study.validate().into_iter().map(|issue| issue.rule).collect();
/// assert_eq!(keys, ["cardinality", "cardinality"]);
///
/// let mut validator = Validator::default();
/// validator.narrative = true;
/// let issues = study.validate_with(&validator);
/// assert!(issues.iter().any(|issue| issue.rule == "dom-6"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Validator {
    /// Whether codes of extensible bindings are checked where their list is known: modalities.
    pub extensible: bool,
    /// Whether the rules that R6 has for ImagingStudy are asked of other versions, as warnings.
    pub later_rules: bool,
    /// Whether a study should have a narrative (`dom-6`).
    pub narrative: bool,
    /// Further rules.
    pub profiles: Vec<Profile>,
}

impl Validator {
    /// Every issue of a study, in the order of the document, those of one place by their key.
    ///
    /// The time it takes grows with the size of the study, and no faster.
    #[must_use]
    pub fn validate(&self, study: &AnyImagingStudy) -> Vec<Issue> {
        self.element(study.element())
    }

    /// The issues of a study of which not everything could be read: those that stay whatever is
    /// missing, see [`Rule::asks_of_what_is_there`](crate::Rule::asks_of_what_is_there).
    #[must_use]
    pub fn validate_part(&self, study: &AnyImagingStudy) -> Vec<Issue> {
        let stays = |issue: &Issue| {
            let mut rules = RULES.iter();
            let rule = rules.find(|rule| rule.key == issue.rule);
            rule.is_some_and(|rule| rule.asks_of_what_is_there())
        };
        let mut issues = self.validate(study);
        issues.retain(stays);
        issues
    }

    fn element(&self, study: ElementRef<'_>) -> Vec<Issue> {
        let version = study.version();
        let mut walk = Walk {
            validator: self,
            version,
            plans: Plans::of(version),
            definitions: AnyImagingStudy::definitions(version),
            report: Report::default(),
            ids: HashSet::new(),
            contained: contained(study),
            seen: HashSet::new(),
            used: HashSet::new(),
            known: Known::new(version),
            subset: is_subset(study),
            depth: 0,
        };
        let root = Place::root("ImagingStudy");
        if walk.subset {
            let message = "the study is tagged SUBSETTED: what it lacks is not reported";
            walk.report.add(&rule::SUBSET, &root, message);
        }
        walk.study(study);
        walk.imaging(study);
        if !walk.subset && (version == FhirVersion::R6 || self.later_rules) {
            walk.later(study);
        }
        if self.narrative
            && rule::DOM_6.is_in(version)
            && study
                .element("text")
                .is_none_or(|text| text.field("div").is_none())
        {
            let place = root.below("text", crate::study::order(study, "text"));
            walk.report.add(&rule::DOM_6, &place, rule::DOM_6.meaning);
        }
        for profile in &self.profiles {
            profile.check(study, &mut walk.report);
        }
        walk.report.finish()
    }
}

/// The types of the contained resources by their ids.
fn contained(study: ElementRef<'_>) -> HashMap<&str, &str> {
    let contained = study.field("contained");
    let values = contained.iter().flat_map(FieldRef::values);
    values
        .filter_map(|value| match value {
            ValueRef::Resource(resource) => Some((resource.id()?, resource.resource_type())),
            _ => None,
        })
        .collect()
}

fn is_subset(study: ElementRef<'_>) -> bool {
    let Some(meta) = study.element("meta") else {
        return false;
    };
    let mut tags = meta.elements("tag");
    tags.any(|tag| tag.str("code") == Some("SUBSETTED"))
}

/// A study that can be validated: that of every version, and [`AnyImagingStudy`].
pub trait Validate {
    /// Every issue of the study that does not have to be asked for.
    #[must_use]
    fn validate(&self) -> Vec<Issue> {
        self.validate_with(&Validator::default())
    }

    /// Every issue of the study.
    #[must_use]
    fn validate_with(&self, validator: &Validator) -> Vec<Issue>;
}

impl Validate for AnyImagingStudy {
    fn validate_with(&self, validator: &Validator) -> Vec<Issue> {
        validator.validate(self)
    }
}

macro_rules! validate {
    ($($variant:ident $types:ident,)+) => {$(
        impl Validate for imaging_study_any::$types::ImagingStudy {
            fn validate_with(&self, validator: &Validator) -> Vec<Issue> {
                validator.element(ElementRef::new(self))
            }
        }
    )+};
}
for_each_version!(validate);
