//! The tables of codes.

use std::sync::LazyLock;

/// The rows of a table, sorted by their first column.
struct Table<const N: usize>(Vec<[&'static str; N]>);

impl<const N: usize> Table<N> {
    fn parse(text: &'static str) -> Self {
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        Self(
            rows.map(|line| {
                let mut columns = line.split('\t');
                std::array::from_fn(|_| columns.next().unwrap_or_default())
            })
            .collect(),
        )
    }

    fn find(&self, key: &str) -> Option<&[&'static str; N]> {
        let found = self.0.binary_search_by(|row| row[0].cmp(key));
        found.ok().map(|index| &self.0[index])
    }
}

static BODY_PARTS: LazyLock<Table<3>> =
    LazyLock::new(|| Table::parse(include_str!("tables/body_part.tsv")));
static SRT: LazyLock<Table<3>> = LazyLock::new(|| Table::parse(include_str!("tables/srt.tsv")));
static CODING_SCHEMES: LazyLock<Table<2>> =
    LazyLock::new(|| Table::parse(include_str!("tables/coding_scheme.tsv")));

/// A concept of SNOMED CT: its code and its meaning.
pub(crate) type Snomed = (&'static str, &'static str);

/// The concept of a term of Body Part Examined (0018,0015), also of one that is written with
/// spaces or underscores.
pub(crate) fn body_part(term: &str) -> Option<Snomed> {
    let row = BODY_PARTS.find(term).or_else(|| {
        let joined: String = term
            .chars()
            .filter(|one| !matches!(one, ' ' | '_'))
            .collect();
        BODY_PARTS.find(&joined)
    })?;
    Some((row[1], row[2]))
}

/// The concept that replaced an SRT code of anatomy.
pub(crate) fn srt(code: &str) -> Option<Snomed> {
    SRT.find(code).map(|row| (row[1], row[2]))
}

/// The URI of a coding scheme.
pub(crate) fn coding_scheme(designator: &str) -> Option<&'static str> {
    CODING_SCHEMES.find(designator).map(|row| row[1])
}

/// The concept of a term of Laterality (0020,0060) or Image Laterality (0020,0062), from CID 244.
/// `U` says that the body part is not paired and has none.
pub(crate) fn laterality(term: &str) -> Option<Snomed> {
    Some(match term {
        "R" => ("24028007", "Right"),
        "L" => ("7771000", "Left"),
        "B" => ("51440002", "Right and left"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<const N: usize>(table: &Table<N>, rows: usize) {
        assert_eq!(table.0.len(), rows);
        assert!(table.0.is_sorted_by(|one, next| one[0] < next[0]));
        assert!(
            table
                .0
                .iter()
                .flatten()
                .all(|text| !text.is_empty() && text.trim() == *text)
        );
    }

    #[test]
    fn the_tables_are_sorted_unique_and_complete() {
        check(&BODY_PARTS, 317);
        check(&SRT, 372);
        check(&CODING_SCHEMES, 10);
        for code in BODY_PARTS.0.iter().chain(&SRT.0).map(|row| row[1]) {
            assert!(verhoeff(code), "{code}");
        }
    }

    /// Whether the last digit of a SNOMED CT code is its check digit.
    fn verhoeff(code: &str) -> bool {
        const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        let multiply = |one: u8, other: u8| match (one < 5, other < 5) {
            (true, true) => (one + other) % 5,
            (true, false) => (one + other - 5) % 5 + 5,
            (false, true) => (one - 5 + 5 - other) % 5 + 5,
            (false, false) => (one + 5 - other) % 5,
        };
        let digits = code.bytes().rev().enumerate();
        let sum = digits.fold(0, |sum, (place, digit)| {
            let permuted =
                (0..place % 8).fold(digit - b'0', |one, _| PERMUTATION[usize::from(one)]);
            multiply(sum, permuted)
        });
        sum == 0
    }

    #[test]
    fn body_parts_are_found_in_their_spellings() {
        assert_eq!(body_part("CHEST"), Some(("816094009", "Chest")));
        assert_eq!(body_part("ABDOMEN_PELVIS"), body_part("ABDOMENPELVIS"));
        assert_eq!(body_part("C SPINE"), body_part("CSPINE"));
        assert_eq!(body_part("LEFT FOOT OF THE TABLE"), None);
    }
}
