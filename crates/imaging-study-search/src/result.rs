//! What a query asks of its answer.

use imaging_study_any::with_types;
use imaging_study_core::{Element, FhirVersion};

use crate::parameter::Parameter;

/// Which parts of the studies are wanted
/// (<https://hl7.org/fhir/R5/search.html#summary>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SummaryMode {
    /// What the standard marks as summary, what is required, and what modifies.
    True,
    /// The narrative, the id, the meta data and what is required.
    Text,
    /// All but the narrative.
    Data,
    /// The number of studies alone.
    Count,
    /// All.
    False,
}

impl SummaryMode {
    /// The mode that a code names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "true" => Self::True,
            "text" => Self::Text,
            "data" => Self::Data,
            "count" => Self::Count,
            "false" => Self::False,
            _ => return None,
        })
    }
}

/// How exactly the number of matches is wanted (<https://hl7.org/fhir/R5/search.html#total>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Total {
    /// Not at all.
    None,
    /// Roughly.
    Estimate,
    /// Exactly.
    Accurate,
}

/// A key by which the studies are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SortBy {
    /// The parameter whose values are compared.
    pub parameter: &'static Parameter,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// Resources that are wanted beside the studies; whoever has them answers it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Include {
    /// Whether the resources lead to the studies (`_revinclude`), not the studies to them.
    pub reverse: bool,
    /// Whether those of included resources are wanted too (`:iterate`, once `:recurse`).
    pub iterate: bool,
    /// The type of the resources that the reference is in; `*` for any.
    pub source: String,
    /// The parameter of the reference; `*` for any.
    pub parameter: String,
    /// The type that the reference leads to, if only one is wanted.
    pub target: Option<String>,
}

impl Include {
    /// What `_include` or `_revinclude` says: `Source:parameter[:Target]`, or `*`.
    pub(crate) fn parse(value: &str, reverse: bool, iterate: bool) -> Option<Self> {
        let mut parts = value.split(':').map(str::to_owned);
        let source = parts.next().filter(|part| !part.is_empty())?;
        let parameter = match parts.next() {
            Some(parameter) if !parameter.is_empty() => parameter,
            None if source == "*" => "*".to_owned(),
            _ => return None,
        };
        let target = parts.next();
        let whole = parts.next().is_none() && target.as_deref() != Some("");
        whole.then_some(Self {
            reverse,
            iterate,
            source,
            parameter,
            target,
        })
    }
}

/// What a query asks of its answer, besides what it asks of the studies
/// (<https://hl7.org/fhir/R5/search.html#return>).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResultParameters {
    /// `_summary`: which parts of the studies are wanted.
    pub summary: Option<SummaryMode>,
    /// `_elements`: the elements of the studies that are wanted, all if there are none here.
    pub elements: Vec<&'static str>,
    /// `_sort`: by what the studies are sorted, the first key first.
    pub sort: Vec<SortBy>,
    /// `_count`: how many studies a page has at most. 0 is the same as `_summary=count`.
    pub count: Option<u32>,
    /// `_total`: how exactly the number of matches is wanted.
    pub total: Option<Total>,
    /// `_include` and `_revinclude`.
    pub include: Vec<Include>,
    /// `_contained`: `true`, `false` or `both`, as it was given.
    pub contained: Option<String>,
    /// `_containedType`: `container` or `contained`, as it was given.
    pub contained_type: Option<String>,
    /// `_pretty`: whether the answer is for people to read.
    pub pretty: Option<bool>,
    /// `_format`: the media type of the answer, as it was given.
    pub format: Option<String>,
}

impl ResultParameters {
    /// Whether nothing but the number of matches is wanted.
    #[must_use]
    pub fn only_count(&self) -> bool {
        self.summary == Some(SummaryMode::Count) || self.count == Some(0)
    }
}

/// The element at the root of a study that `_elements` names, with or without `ImagingStudy.`.
pub(crate) fn element_named(version: FhirVersion, name: &str) -> Option<&'static str> {
    let name = name.strip_prefix("ImagingStudy.").unwrap_or(name);
    let info = with_types!(version, types => types::ImagingStudy::info());
    info.field(name).map(|field| field.name)
}
