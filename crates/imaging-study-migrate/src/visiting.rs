//! Handing studies to a visitor in place of converting them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use imaging_study::validate::issue_of_read_error;
use imaging_study::{AnyImagingStudy, FhirVersion, Undecided, detect_json, detect_xml};

use crate::finding::Verdict;
use crate::format::Syntax;
use crate::other::Other;
use crate::outcome::{Failure, Place};
use crate::work::Done;
use crate::worker::Worker;

type Visitor = dyn Fn(&Visited<'_>, &mut Vec<u8>) + Send + Sync;

/// Who sees each study, and what of the input cannot be read. What it writes goes to the output, in
/// the order of the input.
#[derive(Clone)]
pub struct Visit(Arc<Visitor>);

impl Visit {
    /// Hands everything to a function, on the thread that has read it.
    pub fn new(visitor: impl Fn(&Visited<'_>, &mut Vec<u8>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(visitor))
    }

    fn see(&self, visited: &Visited<'_>, done: &mut Done) {
        let mut text = Vec::new();
        (self.0)(visited, &mut text);
        if !text.is_empty() {
            done.document(&text, false, None);
        }
    }

    /// Tells of something that could not be read.
    #[cold]
    pub(crate) fn not_read(
        &self,
        failure: &Failure,
        bytes: &[u8],
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let message = match failure.verdict(place) {
            Verdict::Undecided(reason) => format!("{reason}; --from tells the version"),
            Verdict::Unreadable(reason) => reason,
            Verdict::Study(..) | Verdict::Other | Verdict::Left => failure.to_string(),
        };
        let not_read = NotRead {
            rule: rule(failure),
            message,
        };
        done.summary.quarantined += 1;
        let visited = Visited::new(place, bytes, Syntax::Json, Err(&not_read));
        self.see(&visited, done);
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Visit").finish_non_exhaustive()
    }
}

/// A study, or something that could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Visited<'a> {
    /// The name of the input.
    pub source: &'a str,
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// Its path from the outermost resource on, if it stands inside one.
    pub entry: Option<&'a str>,
    /// Its text; empty where it was too long to be read.
    pub bytes: &'a [u8],
    /// The study, or why there is none.
    pub found: Result<&'a AnyImagingStudy, &'a NotRead>,
    /// The versions between which nothing decides; empty where something does.
    pub ambiguous: Vec<FhirVersion>,
    syntax: Syntax,
}

impl<'a> Visited<'a> {
    fn new(
        place: &Place<'a>,
        bytes: &'a [u8],
        syntax: Syntax,
        found: Result<&'a AnyImagingStudy, &'a NotRead>,
    ) -> Self {
        Self {
            source: place.source,
            line: place.line,
            entry: place.entry,
            bytes,
            found,
            ambiguous: Vec::new(),
            syntax,
        }
    }

    /// The versions that the study fits by its elements; more than one where they do not decide. Its
    /// text is read for that.
    #[must_use]
    pub fn fits(&self) -> Vec<FhirVersion> {
        let Ok(study) = self.found else {
            return Vec::new();
        };
        if !self.ambiguous.is_empty() {
            return self.ambiguous.clone();
        }
        let detection = match self.syntax {
            Syntax::Json => detect_json(self.bytes),
            Syntax::Xml => detect_xml(self.bytes),
        };
        let version = study.version();
        match detection {
            Ok(found) if found.candidates.first() == Some(&version) => found.candidates,
            _ => vec![version],
        }
    }
}

/// Why something could not be read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NotRead {
    /// The rule that it breaks, as `validate` names it.
    pub rule: Cow<'static, str>,
    /// What is wrong and where, without what stands there.
    pub message: String,
}

fn rule(failure: &Failure) -> Cow<'static, str> {
    match failure {
        Failure::Read(error) | Failure::ReadFromTree(error) => {
            issue_of_read_error(error, FhirVersion::R4).rule
        }
        Failure::Undecided(_) | Failure::NoVersion | Failure::SeveralVersions(..) => {
            Cow::Borrowed("version")
        }
        Failure::TooLong { .. } => Cow::Borrowed("too-long"),
        Failure::Internal(_) => Cow::Borrowed("internal"),
        _ => Cow::Borrowed("resource-type"),
    }
}

impl Worker<'_> {
    /// Shows a line or document to a visitor.
    pub(crate) fn visit(
        &mut self,
        visit: &Visit,
        (bytes, syntax): (&[u8], Syntax),
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let from = self.settings.from;
        let failure = match self.show(visit, (bytes, syntax), from, place, done) {
            Ok(()) => return,
            Err(failure) => failure,
        };
        let mark = done.mark();
        let inside = self.guarded(|worker| {
            let other = worker.other(bytes, syntax, failure)?;
            worker.show_inside(visit, (bytes, syntax), &other, place, done)
        });
        match &inside {
            Err(Failure::Internal(_)) => done.roll_back(mark),
            _ => done.keep(mark),
        }
        if let Err(failure) = inside {
            done.summary.read += 1;
            visit.not_read(&failure, bytes, place, done);
        }
    }

    /// Reads a study and shows it.
    fn show(
        &mut self,
        visit: &Visit,
        (bytes, syntax): (&[u8], Syntax),
        version: Option<FhirVersion>,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        self.guarded(|worker| {
            let mut fits = Vec::new();
            let read = match version {
                Some(version) => worker.read(bytes, syntax, version),
                None => match worker.detected(bytes, syntax) {
                    Ok((_, read)) => read,
                    // Whichever it is, it says the same.
                    Err(Failure::Undecided(Undecided::Ambiguous { candidates })) => {
                        let (_, read) = worker.first_reading(bytes, syntax, &candidates);
                        fits = candidates;
                        read
                    }
                    Err(failure) => return Err(failure),
                },
            };
            let study = read?.value;
            let mut visited = Visited::new(place, bytes, syntax, Ok(&study));
            visited.ambiguous = fits;
            visit.see(&visited, done);
            Ok(())
        })?;
        done.summary.read += 1;
        done.summary.converted += 1;
        Ok(())
    }

    /// Shows the studies in the entries of a Bundle; other resources are passed over.
    #[cold]
    fn show_inside(
        &mut self,
        visit: &Visit,
        (bytes, syntax): (&[u8], Syntax),
        other: &Other,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        if other.resource_type != "Bundle" {
            done.summary.read += 1;
            done.summary.passed += 1;
            return Ok(());
        }
        let (entries, version) = self.entries_inside(bytes, other, self.settings.from, place)?;
        done.summary.bundles += 1;
        self.each_study(
            entries,
            (syntax, place),
            done,
            &mut |worker, text, place, done| {
                worker.show(visit, (text, Syntax::Json), version, place, done)
            },
            &|_, failure, text, place, done| visit.not_read(failure, text, place, done),
        );
        Ok(())
    }
}
