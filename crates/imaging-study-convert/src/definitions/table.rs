//! The table of the extensions that conversions write.

use imaging_study_core::FhirVersion;

/// The rows, as a test reads them off the conversions, in columns with tabs between: the element,
/// the contexts, where it stands (`e` among the extensions, `m` among the modifier extensions), the
/// types of its value, the types whose elements stand in extensions of their own, and the pairs of
/// versions, `r4>stu3#17`: written from R4 into STU3, of the sample 17 of the test.
const WRITTEN: &str = include_str!("written.tsv");

/// What HL7's cross-version packages define: source, target, elements.
const PUBLISHED: &str = include_str!("published.tsv");

/// An extension in some pairs of versions.
pub(super) struct Row {
    pub(super) element: &'static str,
    pub(super) contexts: Vec<&'static str>,
    pub(super) plain: bool,
    pub(super) modifier: bool,
    pub(super) types: Vec<&'static str>,
    pub(super) whole: Vec<&'static str>,
    /// From and to which version.
    pub(super) pairs: Vec<(FhirVersion, FhirVersion)>,
}

/// Every row.
pub(super) fn rows() -> impl Iterator<Item = Row> {
    WRITTEN.lines().filter_map(row)
}

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split('\t');
    let element = columns.next()?;
    let mut list = || Some(columns.next()?.split(' ').filter(|one| !one.is_empty()));
    let contexts = list()?.collect();
    let place: String = list()?.collect();
    let types = list()?.collect();
    let whole = list()?.collect();
    let pairs = list()?.filter_map(pair).collect();
    Some(Row {
        element,
        contexts,
        plain: place.contains('e'),
        modifier: place.contains('m'),
        types,
        whole,
        pairs,
    })
}

fn pair(text: &str) -> Option<(FhirVersion, FhirVersion)> {
    let (versions, _) = text.split_once('#')?;
    let (from, to) = versions.split_once('>')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Whether a package of HL7's defines the extension of an element.
pub(super) fn is_published(from: FhirVersion, to: FhirVersion, element: &str) -> bool {
    PUBLISHED.lines().any(|line| {
        let mut columns = line.split('\t');
        let version = |name: Option<&str>| name.and_then(|name| name.parse().ok());
        version(columns.next()) == Some(from)
            && version(columns.next()) == Some(to)
            && columns.any(|elements| elements.split(' ').any(|own| own == element))
    })
}
