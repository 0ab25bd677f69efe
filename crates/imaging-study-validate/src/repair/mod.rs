//! Mending what needs no judgement.

mod clean;
mod counts;
mod values;

pub(crate) use values::in_its_case;

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_core::{FhirVersion, Json, from_json, to_json};
use smol_str::SmolStr;

use crate::{IssueCode, OutcomeDetails, OutcomeIssue, Severity};

/// A kind of repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RepairKind {
    /// Empty texts, lists and objects, and `null` that fills no place, are left out.
    Empty,
    /// A UID gets or loses `urn:oid:`, as the version spells it.
    UidSpelling,
    /// The modality gets the URL of DICOM's code system.
    ModalitySystem,
    /// A count that contradicts what is listed becomes what is listed.
    Count,
    /// The `div` of the narrative gets its namespace.
    DivNamespace,
    /// A code of a required binding gets its case.
    CodeCase,
}

impl RepairKind {
    /// Every kind, with the keys of the rules that find it: the table of what is repaired.
    pub const TABLE: [(Self, &'static [&'static str]); 6] = [
        (Self::Empty, &["empty", "type"]),
        (Self::UidSpelling, &["lexical", "uid-spelling"]),
        (Self::ModalitySystem, &["modality-system"]),
        (Self::Count, &["count", "ist-3", "ist-4", "ist-5", "ist-6"]),
        (Self::DivNamespace, &["txt-1"]),
        (Self::CodeCase, &["binding"]),
    ];

    /// Its name, e.g. `uid-spelling`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::UidSpelling => "uid-spelling",
            Self::ModalitySystem => "modality-system",
            Self::Count => "count",
            Self::DivNamespace => "div-namespace",
            Self::CodeCase => "code-case",
        }
    }
}

/// What a repair changed at one place. It holds values of the study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of repair.
    pub kind: RepairKind,
    /// The place, as FHIRPath.
    pub expression: String,
    /// What stood there.
    pub before: Json,
    /// What stands there now; nothing if it was left out.
    pub after: Option<Json>,
}

impl Change {
    /// The change as an issue, with both values: information for whoever keeps the record.
    #[must_use]
    pub fn outcome(&self, version: FhirVersion, text: impl Fn(&Json) -> String) -> OutcomeIssue {
        let after = match &self.after {
            Some(after) => text(after),
            None => "nothing".to_owned(),
        };
        let mut issue = OutcomeIssue::error(IssueCode::Informational, String::new());
        issue.severity = Severity::Information;
        issue.diagnostics = None;
        issue.details = Some(OutcomeDetails::of_rule(
            self.kind.name(),
            format!("before: {}; after: {after}", text(&self.before)),
        ));
        issue.set_path(&self.expression, version);
        issue
    }
}

/// A value with what was changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired<T> {
    /// The value.
    pub value: T,
    /// The changes, in the order in which they were made.
    pub changes: Vec<Change>,
}

/// Repairs a study. What is right is never touched, and a second repair changes nothing. A study with
/// empty elements, which no document can say, stays as it is.
///
/// ```
/// use imaging_study_r4::{ImagingStudy, ImagingStudySeries};
/// use imaging_study_validate::repair;
///
/// let series = ImagingStudySeries { uid: "urn:oid:1.2.3".parse()?, ..Default::default() };
/// let study = ImagingStudy { series: vec![series], ..Default::default() };
/// let repaired = repair(study.into());
/// assert_eq!(repaired.changes[0].expression, "ImagingStudy.series[0].uid");
/// let study = ImagingStudy::try_from(repaired.value)?;
/// assert_eq!(study.series[0].uid.as_ref().map(|uid| uid.as_str()), Some("1.2.3"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn repair(study: AnyImagingStudy) -> Repaired<AnyImagingStudy> {
    let version = study.version();
    let Ok(tree) = with_study!(&study, study => to_json(&**study)) else {
        return Repaired {
            value: study,
            changes: Vec::new(),
        };
    };
    let Repaired { value, changes } = repair_json(tree, version);
    if changes.is_empty() {
        return Repaired {
            value: study,
            changes,
        };
    }
    let read = with_types!(version, types => {
        from_json::<types::ImagingStudy>(&value).map(AnyImagingStudy::from)
    });
    match read {
        Ok(value) => Repaired { value, changes },
        // What could be read before can be read again; if not, nothing is changed.
        Err(_) => Repaired {
            value: study,
            changes: Vec::new(),
        },
    }
}

/// Repairs a study as a tree of JSON, also one that a reader refuses for what can be mended.
#[must_use]
pub fn repair_json(json: Json, version: FhirVersion) -> Repaired<Json> {
    let mut changes = Changes::default();
    let mut value = json;
    clean::clean(&mut value, &mut changes);
    values::repair(&mut value, version, &mut changes);
    counts::repair(&mut value, version, &mut changes);
    Repaired {
        value,
        changes: changes.found,
    }
}

type Members = Vec<(SmolStr, Json)>;

fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    json.get(name)
}

fn member_mut<'j>(json: &'j mut Json, name: &str) -> Option<&'j mut Json> {
    let Json::Object(members) = json else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(member, value)| (member == name).then_some(value))
}

/// The changes so far, and where the repair is.
#[derive(Debug, Default)]
struct Changes {
    found: Vec<Change>,
    path: Vec<String>,
}

impl Changes {
    /// Does something one step further down.
    fn within<R>(&mut self, step: String, action: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = action(self);
        self.path.pop();
        result
    }

    fn add(&mut self, kind: RepairKind, before: Json, after: Option<Json>) {
        let mut expression = String::from("ImagingStudy");
        for step in &self.path {
            expression.push_str(step);
        }
        self.found.push(Change {
            kind,
            expression,
            before,
            after,
        });
    }

    /// Puts another value in the place of one.
    fn set(&mut self, kind: RepairKind, place: &mut Json, after: Json) {
        let before = std::mem::replace(place, after.clone());
        self.add(kind, before, Some(after));
    }
}
