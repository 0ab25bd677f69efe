//! The texts of dates and times.

use super::fill::Generator;
use crate::FhirVersion;

impl Generator<'_> {
    /// A date of any precision.
    pub(super) fn date(&mut self) -> String {
        let odd = self.odd();
        let year = self.year(odd);
        // A full date is the most common one.
        match self.choices.below(10) {
            0 => year,
            1 if !odd => year,
            1..=3 if odd => {
                let month = self.choices.between(1, 12);
                format!("{year}-{month:02}")
            }
            _ => self.day(&year),
        }
    }

    fn year(&mut self, odd: bool) -> String {
        if odd {
            let years: &[&str] = if self.since(FhirVersion::R4) {
                &["1969", "0001", "9999", "1582", "1900", "2000", "2038"]
            } else {
                // The first versions have years before the first.
                &["1969", "0001", "9999", "2000", "0000", "-0044", "-9999"]
            };
            return self.choices.pick(years).to_owned();
        }
        self.choices.between(2001, 2024).to_string()
    }

    /// A full date of a year.
    fn day(&mut self, year: &str) -> String {
        let month = self.choices.between(1, 12);
        let last = match month {
            2 if year == "2000" => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let day = self.choices.between(1, last);
        format!("{year}-{month:02}-{day:02}")
    }

    /// A date, or a date with a time and an offset, or from R5 on without one.
    pub(super) fn date_time(&mut self) -> String {
        if self.choices.chance(250) {
            return self.date();
        }
        let odd = self.odd();
        let year = self.year(odd);
        let mut text = self.day(&year);
        text.push('T');
        self.clock(&mut text, odd);
        if !(odd && self.since(FhirVersion::R5) && self.choices.chance(300)) {
            self.offset(&mut text, odd);
        }
        text
    }

    /// A date with a time and an offset.
    pub(super) fn instant(&mut self) -> String {
        let odd = self.odd();
        let year = self.year(odd);
        let mut text = self.day(&year);
        text.push('T');
        self.clock(&mut text, odd);
        self.offset(&mut text, odd);
        text
    }

    /// A time of day.
    pub(super) fn time(&mut self) -> String {
        let odd = self.odd();
        let mut text = String::new();
        self.clock(&mut text, odd);
        // A time of STU3 has no leap second, other than its instants.
        if !self.since(FhirVersion::R4) && text[6..].starts_with("60") {
            text.replace_range(6..8, "59");
        }
        text
    }

    fn clock(&mut self, text: &mut String, odd: bool) {
        if odd && self.choices.chance(150) {
            let edge = self
                .choices
                .pick(&["00:00:00", "23:59:59", "23:59:60", "12:00:60"]);
            // A leap second has no text in DSTU2.
            text.push_str(if self.since(FhirVersion::Stu3) {
                edge
            } else {
                "12:00:59"
            });
        } else {
            let hour = self.choices.below(24);
            let minute = self.choices.below(60);
            let second = self.choices.below(60);
            text.push_str(&format!("{hour:02}:{minute:02}:{second:02}"));
        }
        if !odd {
            if self.choices.chance(100) {
                text.push_str(self.choices.pick(&[".5", ".123"]));
            }
        } else if self.choices.chance(500) {
            // The patterns of R5 allow 9 digits.
            let most = if self.since(FhirVersion::R5) { 9 } else { 20 };
            let length = self.choices.between(1, most);
            let digits = self.choices.pick(&[
                "00000000000000000000",
                "10000000000000000000",
                "01234567890123456789",
            ]);
            text.push('.');
            text.push_str(&digits[..length]);
        }
    }

    fn offset(&mut self, text: &mut String, odd: bool) {
        let offsets: &[&str] = if odd {
            &[
                "Z", "+00:00", "-00:00", "+14:00", "-14:00", "+05:45", "-03:30", "+13:59",
            ]
        } else {
            &["Z", "+01:00", "+02:00", "-05:00"]
        };
        text.push_str(self.choices.pick(offsets));
    }
}
