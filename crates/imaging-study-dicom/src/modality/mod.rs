//! The defined terms of Modality (0008,0060).

use std::sync::LazyLock;

/// The columns of a row: term, acquisition or other, current or retired, successor.
type Row = [&'static str; 4];

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let lines = include_str!("modality.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
    .collect()
});

/// A defined term of Modality (0008,0060), from DICOM PS3.16 CID 33 and CID 29 and the retired terms
/// of PS3.3 C.7.3.1.1.1.
///
/// ```
/// use imaging_study_dicom::Modality;
///
/// let ct = Modality::find("CT").expect("a defined term");
/// assert!(ct.is_acquisition() && !ct.is_retired());
/// assert!(!Modality::find("SR").expect("a defined term").is_acquisition());
/// assert_eq!(Modality::find("CD").and_then(Modality::successor), Some("US"));
/// assert_eq!(Modality::find("XRAY"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Modality(Row);

impl Modality {
    /// The modality of a term, in its exact spelling.
    #[must_use]
    pub fn find(term: &str) -> Option<Self> {
        let found = ROWS.binary_search_by(|row| row[0].cmp(term)).ok()?;
        ROWS.get(found).copied().map(Self)
    }

    /// Every term, sorted.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().copied().map(Self)
    }

    /// The term, e.g. `CT`.
    #[must_use]
    pub const fn term(self) -> &'static str {
        self.0[0]
    }

    /// Whether it is a way of acquiring (CID 29), as the versions before R5 want of a study's
    /// modalities.
    #[must_use]
    pub fn is_acquisition(self) -> bool {
        self.0[1] == "acquisition"
    }

    /// Whether DICOM has given it up; CID 33 lists only the others.
    #[must_use]
    pub fn is_retired(self) -> bool {
        self.0[2] == "retired"
    }

    /// The term that took its place, if it is retired and one did.
    #[must_use]
    pub fn successor(self) -> Option<&'static str> {
        Some(self.0[3]).filter(|term| *term != "-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_unique_and_complete() {
        assert_eq!(ROWS.len(), 97);
        assert!(ROWS.is_sorted_by(|one, next| one[0] < next[0]));
        let mut cells = ROWS.iter().flatten();
        assert!(cells.all(|text| !text.is_empty() && text.trim() == *text));
        for modality in Modality::all() {
            assert_eq!(Modality::find(modality.term()), Some(modality));
            if let Some(successor) = modality.successor() {
                assert!(modality.is_retired());
                assert!(Modality::find(successor).is_some_and(|found| !found.is_retired()));
            }
        }
    }
}
