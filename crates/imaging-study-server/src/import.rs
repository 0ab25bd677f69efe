//! Studies from NDJSON.

use std::io::BufRead;

use imaging_study_json::NdjsonReader;
use imaging_study_rest::{Imported, Service, Store, StoreError};

/// What became of the lines of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportCounts {
    /// Studies that are new.
    pub created: u64,
    /// Studies that are new versions.
    pub updated: u64,
    /// Studies that were there.
    pub unchanged: u64,
    /// Lines that were not stored, each of which was reported.
    pub skipped: u64,
}

/// How many studies are written at once.
const BATCH: usize = 500;

/// Stores the studies of NDJSON in the namespace of the standard's layout, and reports what is skipped: the
/// number of its line, counted from 1, and why.
///
/// # Errors
///
/// The store fails; what was written before stays.
pub fn import<S: Store>(
    service: &Service<S>,
    input: impl BufRead,
    mut report: impl FnMut(u64, &str),
) -> Result<ImportCounts, StoreError> {
    let mut counts = ImportCounts::default();
    let mut reader = NdjsonReader::new(input);
    let (mut lines, mut studies) = (Vec::new(), Vec::new());
    let mut number = 0;
    loop {
        let line = reader.next_line();
        let ended = line.is_none();
        match line {
            None => {}
            Some(Ok(line)) => {
                number = line.number;
                match service.read_json(line.bytes) {
                    Ok(study) => {
                        lines.push(number);
                        studies.push(study);
                    }
                    Err(error) => skip(&mut counts, &mut report, number, &error.to_string()),
                }
            }
            Some(Err(error)) => {
                number += 1;
                let line = error.position().line.max(number);
                skip(&mut counts, &mut report, line, &error.to_string());
            }
        }
        if studies.len() == BATCH || ended && !studies.is_empty() {
            let imported = service.import("/fhir", "", &studies)?;
            for (line, imported) in lines.iter().zip(imported) {
                match imported {
                    Imported::Created => counts.created += 1,
                    Imported::Updated => counts.updated += 1,
                    Imported::Unchanged => counts.unchanged += 1,
                    Imported::Subset => skip(&mut counts, &mut report, *line, "a part of a study"),
                    _ => skip(&mut counts, &mut report, *line, "something in it is empty"),
                }
            }
            lines.clear();
            studies.clear();
        }
        if ended {
            return Ok(counts);
        }
    }
}

fn skip(counts: &mut ImportCounts, report: &mut impl FnMut(u64, &str), line: u64, why: &str) {
    counts.skipped += 1;
    report(line, why);
}
