//! Names of persons.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::text::{self, Cleaned};

/// A person's name in up to three scripts (VR PN, PS3.5 section 6.2.1). An absent one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    /// In Latin or another single-byte script: `Family^Given^Middle^Prefix^Suffix`.
    pub alphabetic: SmolStr,
    /// In ideographs.
    pub ideographic: SmolStr,
    /// As it is pronounced.
    pub phonetic: SmolStr,
}

impl PersonName {
    /// The name of a text with its groups joined by `=`.
    ///
    /// ```
    /// use imaging_study_from_dicom::PersonName;
    ///
    /// let name = PersonName::parse("Yamada^Tarou=山田^太郎");
    /// assert_eq!(name.ideographic, "山田^太郎");
    /// assert_eq!(name.display().as_deref(), Some("Tarou Yamada"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut groups = text.split('=');
        let mut next = || group(groups.next().unwrap_or_default());
        Self {
            alphabetic: next(),
            ideographic: next(),
            phonetic: next(),
        }
    }

    /// Whether no group says anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.alphabetic, &self.ideographic, &self.phonetic]
            .iter()
            .all(|group| group.is_empty())
    }

    /// The name as people write it: prefix, given, middle, family, suffix; of the alphabetic group
    /// if there is one, else of the ideographic or the phonetic one.
    #[must_use]
    pub fn display(&self) -> Option<SmolStr> {
        let group = [&self.alphabetic, &self.ideographic, &self.phonetic]
            .into_iter()
            .find(|group| !group.is_empty())?;
        let group = group.split('=').next().unwrap_or_default();
        let mut parts = [""; 5];
        for (place, part) in parts.iter_mut().zip(group.splitn(5, '^')) {
            *place = part.trim();
        }
        let [family, given, middle, prefix, suffix] = parts;
        let mut display = SmolStrBuilder::new();
        let mut first = true;
        for part in [prefix, given, middle, family, suffix] {
            if part.is_empty() {
                continue;
            }
            if !first {
                display.push(' ');
            }
            display.push_str(part);
            first = false;
        }
        (!first).then(|| display.finish())
    }
}

impl PersonName {
    /// Takes over another name where this one says nothing.
    pub(crate) fn fill(&mut self, other: Self) {
        for (group, other) in [
            (&mut self.alphabetic, other.alphabetic),
            (&mut self.ideographic, other.ideographic),
            (&mut self.phonetic, other.phonetic),
        ] {
            if group.is_empty() {
                *group = other;
            }
        }
    }
}

/// A group of a name; one of delimiters only says nothing.
fn group(text: &str) -> SmolStr {
    let cleaned = text::clean(text, &mut Cleaned::default());
    if cleaned
        .bytes()
        .all(|byte| matches!(byte, b'^' | b' ' | b'='))
    {
        return SmolStr::default();
    }
    SmolStr::new(cleaned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_people_write_them() {
        for (text, display) in [
            (
                "Adams^John Robert Quincy^^Rev.^B.A. M.Div.",
                Some("Rev. John Robert Quincy Adams B.A. M.Div."),
            ),
            ("Buc^Jérôme", Some("Jérôme Buc")),
            ("Hong^Gildong=洪^吉洞=홍^길동", Some("Gildong Hong")),
            ("=洪^吉洞=홍^길동", Some("吉洞 洪")),
            ("==홍^길동", Some("길동 홍")),
            ("^^^^", None),
            ("", None),
            ("DEPARTMENT ^", Some("DEPARTMENT")),
            ("A^B=C^D=E^F=G", Some("B A")),
        ] {
            let name = PersonName::parse(text);
            assert_eq!(name.display().as_deref(), display, "{text}");
            assert_eq!(name.is_empty(), display.is_none(), "{text}");
        }
    }
}
