//! Rules that a caller adds: a profile as a table.

use std::borrow::Cow;

use imaging_study_core::{ElementRef, FhirVersion};

use crate::place::{Place, Report};
use crate::study::order;
use crate::{Issue, IssueCode, Severity};

/// Rules that studies have to keep to besides those of their version.
///
/// ```
/// use imaging_study_r4::ImagingStudy;
/// use imaging_study_validate::{Profile, ProfileRule, Validate, Validator};
///
/// let mut validator = Validator::default();
/// validator.profiles = vec![Profile {
///     name: "described".into(),
///     rules: vec![ProfileRule::new("described", "ImagingStudy.description").min(1)],
/// }];
/// let issues = ImagingStudy::default().validate_with(&validator);
/// assert!(issues.iter().any(|issue| issue.rule == "described"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its rules.
    pub rules: Vec<ProfileRule>,
}

/// A row of a profile: how often an element has to be there, and with which code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileRule {
    /// The key that issues have.
    pub key: Cow<'static, str>,
    /// The element, by its path without indexes, e.g. `ImagingStudy.series.endpoint`. A choice has
    /// its name without a type. Where the version has no such element, the rule asks nothing.
    pub element: Cow<'static, str>,
    /// The least number of occurrences in each element that holds it.
    pub min: usize,
    /// The greatest number of occurrences, if there is one.
    pub max: Option<usize>,
    /// What occurrences are counted: those with this text in a child, e.g. `system` and
    /// `urn:dicom:uid`; every one if there is none.
    pub fixed: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// How bad it is to break the rule.
    pub severity: Severity,
}

impl ProfileRule {
    /// A rule that asks nothing yet of an element.
    #[must_use]
    pub fn new(key: impl Into<Cow<'static, str>>, element: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: key.into(),
            element: element.into(),
            min: 0,
            max: None,
            fixed: None,
            severity: Severity::Error,
        }
    }

    /// The same with a least number of occurrences.
    #[must_use]
    pub fn min(self, min: usize) -> Self {
        Self { min, ..self }
    }

    /// The same with a greatest number of occurrences.
    #[must_use]
    pub fn max(self, max: usize) -> Self {
        Self {
            max: Some(max),
            ..self
        }
    }

    /// The same for the occurrences that have a text in a child.
    #[must_use]
    pub fn fixed(
        self,
        child: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            fixed: Some((child.into(), text.into())),
            ..self
        }
    }
}

/// The name of the profile of imaging manifests, IHE RAD MADO.
pub const MADO: &str = "mado";

/// A profile that comes with this crate, by its name: [`MADO`].
#[must_use]
pub fn profile_named(name: &str) -> Option<Profile> {
    match name {
        MADO => Some(mado()),
        _ => None,
    }
}

/// What the ImagingStudy of a MADO manifest needs besides R4. A study of DSTU2 or STU3 has its UID
/// in an element of its own.
fn mado() -> Profile {
    let rule = |element: &'static str| ProfileRule::new(MADO, element);
    Profile {
        name: MADO.into(),
        rules: vec![
            rule("ImagingStudy.identifier")
                .min(1)
                .max(1)
                .fixed("system", "urn:dicom:uid"),
            rule("ImagingStudy.subject").min(1),
            rule("ImagingStudy.numberOfSeries").min(1),
            rule("ImagingStudy.series.numberOfInstances").min(1),
            rule("ImagingStudy.series.endpoint").min(1),
            rule("ImagingStudy.series.instance").min(1),
        ],
    }
}

impl Profile {
    pub(crate) fn check(&self, study: ElementRef<'_>, report: &mut Report) {
        for rule in &self.rules {
            let mut names = rule.element.split('.');
            if names.next() != Some(study.info().name) {
                continue;
            }
            let names: Vec<&str> = names.collect();
            let old = study.version() <= FhirVersion::Stu3;
            let is_uid = matches!(&rule.fixed, Some((_, text)) if text == "urn:dicom:uid");
            if old && is_uid && study.field("uid").is_some() {
                continue;
            }
            rule.check(study, &names, &Place::root("ImagingStudy"), report);
        }
    }
}

impl ProfileRule {
    fn check(
        &self,
        element: ElementRef<'_>,
        names: &[&str],
        place: &Place<'_>,
        report: &mut Report,
    ) {
        let Some((name, below)) = names.split_first() else {
            return;
        };
        let mut fields = element.info().fields.iter();
        let Some(info) = fields.find(|field| field.stem() == *name) else {
            return;
        };
        let place = place.below(info.stem(), order(element, info.stem()));
        let field = element.field(name);
        if !below.is_empty() {
            let elements = field.iter().flat_map(|field| field.elements());
            for (index, inner) in elements.enumerate() {
                let place = match info.many {
                    true => place.entry(index),
                    false => place,
                };
                self.check(inner, below, &place, report);
            }
            return;
        }
        let count = match (&field, &self.fixed) {
            (None, _) => 0,
            (Some(field), None) => field.len(),
            (Some(field), Some((child, text))) => field
                .elements()
                .filter(|one| one.text(child).is_some_and(|found| found == *text))
                .count(),
        };
        let bounds = match self.max {
            _ if count < self.min => format!("{} or more", self.min),
            Some(max) if count > max => format!("{max} at most"),
            _ => return,
        };
        report.push(
            &place,
            Issue {
                severity: self.severity,
                code: match count < self.min {
                    true => IssueCode::Required,
                    false => IssueCode::Structure,
                },
                rule: self.key.clone(),
                path: String::new(),
                expression: String::new(),
                message: format!("the profile expects {bounds}, found {count}").into(),
                repairable: false,
                line: None,
                column: None,
            },
        );
    }
}
