//! Checking studies in place of converting them.

use std::borrow::Cow;

use imaging_study::core::{ReadError, ReadErrorKind, Segment};
use imaging_study::json::{json_to_string, position_of};
use imaging_study::validate::{Issue, OperationOutcome, Severity, Validator, issue_of_read_error};
use imaging_study::{AnyImagingStudy, ElementPath, FhirVersion, Undecided};

use crate::format::Syntax;
use crate::other::Other;
use crate::outcome::{Failure, Place, push_escaped};
use crate::shown::shown;
use crate::summary::Summary;
use crate::work::Done;
use crate::worker::Worker;

/// The form in which issues are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueFormat {
    /// A line for each issue, for people.
    Text,
    /// An OperationOutcome for each resource, one a line.
    Outcome,
}

/// What studies are checked for, and how the issues are printed.
#[derive(Clone, Debug)]
pub struct Validation {
    /// What is checked.
    pub validator: Validator,
    /// The form of the issues.
    pub format: IssueFormat,
    /// The least bad issues that are printed.
    pub level: Severity,
}

impl Validation {
    /// Counts the issues of a resource, and prints those that are wanted.
    fn report(&self, issues: Vec<Issue>, version: FhirVersion, place: &Place<'_>, done: &mut Done) {
        let text = self.text(issues, version, place, &mut done.summary);
        if !text.is_empty() {
            done.document(&text, false, None);
        }
    }

    /// Counts the issues of a resource; the text of those that are wanted.
    pub(crate) fn text(
        &self,
        mut issues: Vec<Issue>,
        version: FhirVersion,
        place: &Place<'_>,
        summary: &mut Summary,
    ) -> Vec<u8> {
        for issue in &issues {
            let key = (issue.severity, issue.rule.clone());
            *summary.issues.entry(key).or_default() += 1;
        }
        issues.retain(|issue| issue.severity <= self.level);
        if issues.is_empty() {
            return Vec::new();
        }
        for issue in &mut issues {
            // Of an element that was read, only the beginning of its resource is known.
            let (line, column) = (issue.line.unwrap_or(1), issue.column.unwrap_or(1));
            let before = if line == 1 { place.column } else { 0 };
            issue.line = Some(place.line + line - 1);
            issue.column = Some(before + column);
            if let Some(entry) = place.entry {
                for path in [&mut issue.path, &mut issue.expression] {
                    let inside = path.strip_prefix("ImagingStudy").unwrap_or_default();
                    *path = format!("{entry}{inside}");
                }
            }
        }
        let mut text = Vec::new();
        match self.format {
            IssueFormat::Text => {
                let source = shown(place.source);
                for issue in &issues {
                    text.extend_from_slice(shown(&format!("{source}: {issue}")).as_bytes());
                    text.push(b'\n');
                }
            }
            IssueFormat::Outcome => {
                let mut outcome = OperationOutcome::new(&issues, version);
                for issue in &mut outcome.issue {
                    issue.set_source(place.source);
                }
                push_escaped(&json_to_string(&outcome.to_json()), &mut text);
                text.push(b'\n');
            }
        }
        text
    }

    /// What cannot be read is an issue of its own.
    #[cold]
    pub(crate) fn failed(
        &self,
        failure: &Failure,
        version: Option<FhirVersion>,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let version = version.unwrap_or(FhirVersion::R4);
        let issue = match failure {
            Failure::Read(error) => issue_of_read_error(error, version),
            Failure::ReadFromTree(error) => Issue {
                line: None,
                column: None,
                ..issue_of_read_error(error, version)
            },
            failure => Issue {
                severity: Severity::Error,
                code: failure.code(),
                rule: Cow::Borrowed(match failure {
                    Failure::NoResourceType
                    | Failure::ResourceType(_)
                    | Failure::UnknownType(_)
                    | Failure::NoResource(_)
                    | Failure::Undecided(_)
                    | Failure::NoVersion
                    | Failure::SeveralVersions(..) => "resource-type",
                    _ => "read",
                }),
                path: String::new(),
                expression: String::new(),
                message: Cow::Owned(match failure {
                    Failure::Undecided(Undecided::NotAStudy) => {
                        "expected an ImagingStudy, found another resource".to_owned()
                    }
                    Failure::Undecided(undecided) => {
                        format!("{undecided}; --version says which one to check")
                    }
                    Failure::NoVersion | Failure::SeveralVersions(..) => {
                        "the version of the Bundle is not clear; --version says which one to check"
                            .to_owned()
                    }
                    failure => failure.to_string(),
                }),
                repairable: false,
                line: None,
                column: None,
            },
        };
        self.report(vec![issue], version, place, done);
    }
}

/// How many issues of a document get a place of their own: each is looked for from the beginning.
const LOCATED: usize = 50;

/// Finds where the elements with issues stand in a document of several lines.
#[cold]
fn locate(issues: &mut [Issue], bytes: &[u8]) {
    let without = issues.iter_mut().filter(|issue| issue.line.is_none());
    for issue in without.take(LOCATED) {
        if let Some(position) = position_of(bytes, &path(&issue.expression)) {
            issue.line = Some(position.line);
            issue.column = Some(position.column);
        }
    }
}

/// A FHIRPath of names and indexes, as the paths of issues are.
fn path(expression: &str) -> ElementPath {
    let steps = expression.split('.').flat_map(|step| {
        let (name, index) = match step.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
            None => (step, None),
        };
        let name = Segment::Name(name.to_owned().into());
        [Some(name), index.map(Segment::Index)]
    });
    steps.flatten().collect()
}

impl Worker<'_> {
    /// Checks a line or document.
    pub(crate) fn validate(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let failure = match self.check(bytes, syntax, self.settings.from, place, done) {
            Ok(()) => return,
            Err(failure) => failure,
        };
        let mark = done.mark();
        let inside = self.guarded(|worker| {
            let other = worker.other(bytes, syntax, failure)?;
            worker.check_inside(bytes, syntax, other, place, done)
        });
        match &inside {
            Err(Failure::Internal(_)) => done.roll_back(mark),
            _ => done.keep(mark),
        }
        if let Err(failure) = inside {
            done.summary.read += 1;
            self.failed(&failure, place, done);
        }
    }

    fn failed(&self, failure: &Failure, place: &Place<'_>, done: &mut Done) {
        if let Some(validation) = &self.settings.validation {
            validation.failed(failure, self.settings.from.or(self.reading), place, done);
        }
    }

    /// Reads and checks a study.
    fn check(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        version: Option<FhirVersion>,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        let (version, mut issues) = self.guarded(|worker| {
            worker.reading = version;
            let (version, read) = match version {
                Some(version) => (version, worker.read(bytes, syntax, version)),
                None => worker.detected(bytes, syntax)?,
            };
            worker.reading = Some(version);
            let issues = match read {
                Ok(decoded) => worker.issues(&decoded.value, true),
                // Another resource may hold studies.
                Err(error)
                    if error.is_about_an_element()
                        && !matches!(
                            error.kind(),
                            ReadErrorKind::OtherResourceType { .. }
                                | ReadErrorKind::MissingResourceType
                        ) =>
                {
                    worker.every_error(bytes, syntax, version)
                }
                Err(error) => return Err(error.into()),
            };
            Ok((version, issues))
        })?;
        if syntax == Syntax::Json && bytes.contains(&b'\n') {
            locate(&mut issues, bytes);
        }
        done.summary.read += 1;
        done.summary.converted += 1;
        if let Some(validation) = &self.settings.validation {
            validation.report(issues, version, place, done);
        }
        Ok(())
    }

    fn issues(&self, study: &AnyImagingStudy, is_whole: bool) -> Vec<Issue> {
        if let Some(inspect) = self.settings.inspect {
            inspect(study);
        }
        let validation = self.settings.validation.as_ref();
        validation.map_or_else(Vec::new, |validation| match is_whole {
            true => validation.validator.validate(study),
            false => validation.validator.validate_part(study),
        })
    }

    /// Everything that keeps a study from being read; and the issues of what can be read, where that is
    /// not all but elements that its version does not define, those that stay whatever is missing.
    #[cold]
    fn every_error(&mut self, bytes: &[u8], syntax: Syntax, version: FhirVersion) -> Vec<Issue> {
        let collected = match syntax {
            Syntax::Json => AnyImagingStudy::collect_json(bytes, version, &mut self.json),
            Syntax::Xml => AnyImagingStudy::collect_xml(bytes, version, &mut self.xml),
        };
        let issue = |error| issue_of_read_error(error, version);
        let mut issues: Vec<_> = collected.errors.iter().map(issue).collect();
        let is_unknown = |error: &ReadError| {
            matches!(
                error.kind(),
                ReadErrorKind::UnknownElement | ReadErrorKind::UnknownAttribute
            )
        };
        let is_whole = collected.errors.iter().all(is_unknown);
        issues.extend(self.issues(&collected.value, is_whole));
        issues
    }

    /// Checks the studies in the entries of a Bundle; other resources are passed over, but are errors
    /// where a version was given.
    #[cold]
    fn check_inside(
        &mut self,
        bytes: &[u8],
        syntax: Syntax,
        other: Other,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        if other.resource_type != "Bundle" {
            if self.settings.from.is_some() {
                return Err(Failure::Undecided(Undecided::NotAStudy));
            }
            done.summary.read += 1;
            done.summary.passed += 1;
            return Ok(());
        }
        done.summary.bundles += 1;
        let (entries, version) = self.entries_inside(bytes, &other, self.settings.from, place)?;
        self.each_study(
            entries,
            (syntax, place),
            done,
            &mut |worker, text, place, done| worker.check(text, Syntax::Json, version, place, done),
            &|worker, failure, _, place, done| worker.failed(failure, place, done),
        );
        Ok(())
    }
}
