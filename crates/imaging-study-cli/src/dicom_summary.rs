//! What a run of `from-dicom` did.

use std::collections::BTreeMap;
use std::fmt;

use imaging_study_from_dicom::{Changes, Note, NoteKind};

/// The counts of a run: `files` is the sum of `read`, `quarantined_files`, `dicomdirs` and `others`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DicomSummary {
    /// Files that were found, stdin included.
    pub(crate) files: u64,
    /// Files of which nothing went to the quarantine; of one that breaks off, what stands before is
    /// used and a note says so.
    pub(crate) read: u64,
    /// Files of which something went to the quarantine.
    pub(crate) quarantined_files: u64,
    /// Files that list others.
    pub(crate) dicomdirs: u64,
    /// Files that are neither DICOM nor DICOM JSON.
    pub(crate) others: u64,
    /// Data sets that were left out, since they have no usable UID or are no JSON.
    pub(crate) left_out: u64,
    /// Studies that were written.
    pub(crate) studies: u64,
    /// Their series.
    pub(crate) series: u64,
    /// Their instances.
    pub(crate) instances: u64,
    /// Studies that could not be written or merged.
    pub(crate) quarantined_studies: u64,
    /// What merging did; none without --merge.
    pub(crate) merged: Option<Merged>,
    /// How often there was something to note.
    pub(crate) notes: BTreeMap<NoteKind, u64>,
}

/// What was merged into a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Merged {
    pub(crate) series: usize,
    pub(crate) instances: usize,
    pub(crate) elements: usize,
    pub(crate) kept: usize,
}

impl Merged {
    pub(crate) fn add(&mut self, changes: &Changes) {
        self.series += changes.series_added;
        self.instances += changes.instances_added;
        self.elements += changes.elements.len();
        self.kept += changes.conflicts.len();
    }

    pub(crate) fn is_unchanged(&self) -> bool {
        (self.series, self.instances, self.elements) == (0, 0, 0)
    }
}

impl DicomSummary {
    /// How many files and studies went to the quarantine.
    pub(crate) fn quarantined(&self) -> u64 {
        self.quarantined_files + self.quarantined_studies
    }

    pub(crate) fn count(&mut self, note: &Note) {
        *self.notes.entry(note.kind).or_default() += note.count;
    }
}

impl fmt::Display for DicomSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed_over = self.dicomdirs + self.others;
        write!(
            formatter,
            "files {}: read {}, passed over {passed_over}",
            self.files, self.read
        )?;
        match (self.dicomdirs, self.others) {
            (0, 0) => {}
            (0, _) => formatter.write_str(" (no DICOM)")?,
            (_, 0) => formatter.write_str(" (DICOMDIR)")?,
            (lists, others) => write!(formatter, " (DICOMDIR {lists}, no DICOM {others})")?,
        }
        write!(formatter, ", quarantined {}", self.quarantined_files)?;
        if self.left_out > 0 {
            write!(formatter, "; data sets left out {}", self.left_out)?;
        }
        write!(
            formatter,
            "\nstudies {}, series {}, instances {}",
            self.studies, self.series, self.instances
        )?;
        if self.quarantined_studies > 0 {
            write!(
                formatter,
                "; studies quarantined {}",
                self.quarantined_studies
            )?;
        }
        if let Some(merged) = &self.merged {
            formatter.write_str("\nmerged: ")?;
            if merged.is_unchanged() {
                formatter.write_str("nothing changed")?;
            } else {
                write!(
                    formatter,
                    "series added {}, instances added {}, elements changed {}",
                    merged.series, merged.instances, merged.elements
                )?;
            }
            if merged.kept > 0 {
                write!(formatter, "; values kept {}", merged.kept)?;
            }
        }
        let sum: u64 = self.notes.values().sum();
        write!(formatter, "\nnotes {sum}")?;
        for (index, (kind, count)) in self.notes.iter().enumerate() {
            let separator = if index == 0 { ": " } else { ", " };
            write!(formatter, "{separator}{} {count}", kind.name())?;
        }
        Ok(())
    }
}
