//! What cannot be read, as an issue.

use std::borrow::Cow;

use imaging_study_any::with_types;
use imaging_study_core::{
    Element, ElementPath, FhirVersion, FieldType, ReadError, ReadErrorKind, Segment, TypeInfo,
    UnknownElement,
};

use crate::{Issue, IssueCode, Rule, Severity, rule};

/// The issue of an error of reading a study of a version. It has the place in the input.
#[must_use]
pub fn issue_of_read_error(error: &ReadError, version: FhirVersion) -> Issue {
    let (rule, code) = rule_of(error.kind());
    let issue = Issue {
        severity: Severity::Error,
        code,
        rule: Cow::Borrowed(rule.key),
        path: error.path().to_string(),
        expression: expression(error.path(), version),
        message: Cow::Owned(error.message()),
        repairable: is_repairable(error.kind()),
        line: None,
        column: None,
    };
    issue.at(error.position())
}

/// The issue of an element that the version does not define, and that a reader kept.
#[must_use]
pub fn issue_of_unknown_element(unknown: &UnknownElement, version: FhirVersion) -> Issue {
    Issue {
        severity: Severity::Error,
        code: IssueCode::Structure,
        rule: Cow::Borrowed(rule::UNKNOWN.key),
        path: unknown.path.to_string(),
        expression: expression(&unknown.path, version),
        message: Cow::Borrowed("unknown element"),
        repairable: false,
        line: None,
        column: None,
    }
}

/// Whether a repair mends every error of a kind; others depend on the place.
fn is_repairable(kind: &ReadErrorKind) -> bool {
    match kind {
        ReadErrorKind::Empty { .. } | ReadErrorKind::EmptyEntry => true,
        ReadErrorKind::WrongType { found, .. } => *found == "null",
        _ => false,
    }
}

fn rule_of(kind: &ReadErrorKind) -> (&'static Rule, IssueCode) {
    match kind {
        ReadErrorKind::InvalidValue { .. } => (&rule::LEXICAL, IssueCode::Value),
        ReadErrorKind::WrongType { .. } | ReadErrorKind::NotPrimitive => {
            (&rule::TYPE, IssueCode::Structure)
        }
        ReadErrorKind::UnknownElement | ReadErrorKind::UnknownAttribute => {
            (&rule::UNKNOWN, IssueCode::Structure)
        }
        ReadErrorKind::UnknownResourceType => (&rule::CONTAINED_TYPE, IssueCode::Structure),
        ReadErrorKind::Empty { .. } | ReadErrorKind::EmptyEntry => {
            (&rule::EMPTY, IssueCode::Structure)
        }
        ReadErrorKind::DuplicateMember
        | ReadErrorKind::DuplicateElement
        | ReadErrorKind::SecondValue => (&rule::REPEATED, IssueCode::Duplicate),
        ReadErrorKind::MissingResourceType => (&rule::RESOURCE_TYPE, IssueCode::Required),
        ReadErrorKind::OtherResourceType { .. } => (&rule::RESOURCE_TYPE, IssueCode::Structure),
        ReadErrorKind::TooDeep { .. }
        | ReadErrorKind::TooLarge { .. }
        | ReadErrorKind::TooManyAttributes { .. }
        | ReadErrorKind::TooManyNamespaces { .. } => (&rule::READ, IssueCode::TooLong),
        ReadErrorKind::UnsupportedEncoding => (&rule::READ, IssueCode::NotSupported),
        _ => (&rule::READ, IssueCode::Structure),
    }
}

/// A path of JSON and XML as a FHIRPath: a choice by its base name.
fn expression(path: &ElementPath, version: FhirVersion) -> String {
    let study = with_types!(version, types => types::ImagingStudy::info());
    let mut info: Option<&'static TypeInfo> = Some(study);
    let mut text = String::new();
    for (position, segment) in path.segments().enumerate() {
        match segment {
            Segment::Index(index) => text.push_str(&format!("[{index}]")),
            Segment::Name(name) if position == 0 => text.push_str(name),
            Segment::Name(name) => {
                let bare = name.strip_prefix('_').unwrap_or(name);
                let resolved = info.and_then(|info| info.resolve(bare));
                text.push('.');
                match resolved {
                    Some((field, field_type)) => {
                        text.push_str(field.stem());
                        info = match field_type {
                            FieldType::Element(info) => Some(info()),
                            _ => None,
                        };
                    }
                    None => {
                        text.push_str(bare);
                        info = None;
                    }
                }
            }
        }
    }
    text
}
