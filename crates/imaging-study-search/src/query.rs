//! A query that was understood.

use std::fmt;

use imaging_study_core::FhirVersion;

use crate::criterion::Criterion;
use crate::error::{NotSupported, QueryError, Report};
use crate::options::Options;
use crate::parse::Parser;
use crate::result::ResultParameters;
use crate::text::decode;

/// The query of a search for ImagingStudy: what stands behind `?` in a URL, or in a form
/// (<https://hl7.org/fhir/R5/search.html>).
///
/// Repeated parameters have all to match, of the values of one parameter at least one.
///
/// ```
/// use imaging_study_core::FhirVersion;
/// use imaging_study_search::{Options, Query};
///
/// let query = Query::parse(
///     "modality=CT,MR&started=ge2025-01&colour=red&_sort=-started&_count=10",
///     FhirVersion::R5,
///     &Options::default(),
/// )?;
/// assert_eq!(query.criteria().len(), 2);
/// assert_eq!(query.result().count, Some(10));
/// assert_eq!(query.report().ignored[0].to_string(), "colour: no such parameter, ignored");
/// assert_eq!(query.self_query(), "modality=CT,MR&started=ge2025-01&_sort=-started&_count=10");
/// # Ok::<(), imaging_study_search::QueryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) version: FhirVersion,
    pub(crate) options: Options,
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) handed_over: Vec<HandedOver>,
    pub(crate) result: ResultParameters,
    pub(crate) report: Report,
}

/// A part of a query that asks about other resources; whoever has them can answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandedOver {
    /// A chain: what the resource is asked that a reference of the study leads to, as in
    /// `patient.name=x` or `subject:Patient.birthdate=ge1980`.
    Chain {
        /// The parameter of the reference.
        parameter: &'static str,
        /// The type of the resource, if it is said.
        resource_type: Option<String>,
        /// What stands behind the dot: another parameter, with its modifier or further steps.
        rest: String,
        /// The value, decoded and still escaped.
        value: String,
        /// Where in the query it stands, in bytes from its start, counted from 0.
        position: usize,
    },
    /// `_has`: what a resource is asked that refers to the study.
    Has {
        /// The type of the resource.
        resource_type: String,
        /// The parameter of its reference to the study.
        reference: String,
        /// The parameter that is asked of it, with what stands behind.
        rest: String,
        /// The value, decoded and still escaped.
        value: String,
        /// Where in the query it stands, in bytes from its start, counted from 0.
        position: usize,
    },
}

impl HandedOver {
    /// The name in the query.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Chain {
                parameter,
                resource_type,
                rest,
                ..
            } => match resource_type {
                Some(name) => format!("{parameter}:{name}.{rest}"),
                None => format!("{parameter}.{rest}"),
            },
            Self::Has {
                resource_type,
                reference,
                rest,
                ..
            } => format!("_has:{resource_type}:{reference}:{rest}"),
        }
    }

    pub(crate) fn not_supported(&self) -> NotSupported {
        let (Self::Chain { position, .. } | Self::Has { position, .. }) = self;
        NotSupported {
            parameter: self.name(),
            position: *position,
        }
    }
}

impl Query {
    /// Reads a query with the parameters of a version.
    ///
    /// # Errors
    ///
    /// The first part that cannot be understood or is not supported. A code, an id or a system that
    /// nobody knows is no error: it finds nothing.
    pub fn parse(query: &str, version: FhirVersion, options: &Options) -> Result<Self, QueryError> {
        Parser::new(version, options).parse(query)
    }

    /// A query that asks for nothing.
    pub(crate) fn empty(version: FhirVersion, options: &Options) -> Self {
        Self {
            version,
            options: options.clone(),
            criteria: Vec::new(),
            handed_over: Vec::new(),
            result: ResultParameters::default(),
            report: Report::default(),
        }
    }

    /// The version whose parameters the query has.
    #[must_use]
    pub fn version(&self) -> FhirVersion {
        self.version
    }

    /// The options that it was read with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What is asked of the studies; all of it has to match.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// What is asked about other resources.
    #[must_use]
    pub fn handed_over(&self) -> &[HandedOver] {
        &self.handed_over
    }

    /// What is asked of the answer.
    #[must_use]
    pub fn result(&self) -> &ResultParameters {
        &self.result
    }

    /// What was used and what was not.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The parts that were used, as they were given: the query of the link `self`.
    #[must_use]
    pub fn self_query(&self) -> String {
        self.report.used.join("&")
    }
}

impl fmt::Display for Query {
    /// The parts that were used, for people: with as little percent-encoding as a query can do with.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for part in &self.report.used {
            if !text.is_empty() {
                text.push('&');
            }
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            for (piece, end) in [(name, "="), (value, "")] {
                match decode(piece) {
                    Ok(decoded) => crate::text::encode(&decoded, &mut text),
                    Err(_) => text.push_str(piece),
                }
                text.push_str(end);
            }
        }
        formatter.pad(&text)
    }
}
