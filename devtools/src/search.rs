//! Search parameters: the table of a version.

use std::fmt::Write as _;

use crate::{Result, Version};

/// The search parameters of ImagingStudy in a version, and those of every resource.
#[derive(Debug, Default)]
pub struct SearchTable {
    /// In the order of their names.
    pub rows: Vec<SearchRow>,
}

/// A search parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SearchRow {
    /// The name in a query.
    pub name: String,
    /// The type, e.g. `token`.
    pub kind: String,
    /// The types of resource that a reference may lead to, in the order of their names.
    pub targets: Vec<String>,
    /// The end of the URL of the definition.
    pub url: String,
    /// The FHIRPath; empty where there is none.
    pub expression: String,
}

/// The URLs of HL7's search parameters, without their end.
pub const SEARCH_PARAMETERS: &str = "http://hl7.org/fhir/SearchParameter/";

impl SearchTable {
    /// Reads a table of `fixtures/spec`: a parameter a line.
    ///
    /// # Errors
    ///
    /// A line that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let rows = lines.map(|line| row(line).ok_or_else(|| format!("not understood: {line}")));
        Ok(Self {
            rows: rows.collect::<Result<_>>()?,
        })
    }

    /// The text that [`SearchTable::parse`] reads.
    #[must_use]
    pub fn print(&self, version: &Version) -> String {
        let mut text = format!(
            "# Search parameters of ImagingStudy, FHIR {} ({}). Format: README.md.\n",
            version.title, version.release
        );
        for row in &self.rows {
            let targets = match row.targets.as_slice() {
                [] => String::new(),
                targets => format!("({})", targets.join(",")),
            };
            let line = format!(
                "{} {}{targets} {} {}",
                row.name, row.kind, row.url, row.expression
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

fn row(line: &str) -> Option<SearchRow> {
    let mut words = line.splitn(4, ' ').map(str::to_owned);
    let name = words.next()?;
    let kind = words.next()?;
    let (kind, targets) = match kind.strip_suffix(')').and_then(|kind| kind.split_once('(')) {
        Some((kind, targets)) => (
            kind.to_owned(),
            targets.split(',').map(str::to_owned).collect(),
        ),
        None => (kind, Vec::new()),
    };
    Some(SearchRow {
        name,
        kind,
        targets,
        url: words.next()?,
        expression: words.next().unwrap_or_default(),
    })
}
