//! The texts of numbers.

use super::fill::Generator;
use crate::FhirVersion;

impl Generator<'_> {
    /// A decimal, in one of its many spellings.
    pub(super) fn decimal(&mut self) -> String {
        if !self.odd() {
            let number = self.choices.below(100_000);
            return match self.choices.below(4) {
                0 => number.to_string(),
                1 => format!("{}.{}", number / 10, number % 10),
                2 => format!("{}.{:02}", number / 100, number % 100),
                _ => format!("-{}.50", number / 100),
            };
        }
        // The patterns of R5 allow 18 digits before the point and 17 after it.
        let (whole, fraction) = if self.since(FhirVersion::R5) {
            (18, 17)
        } else {
            (40, 40)
        };
        let mut text = self.choices.pick(&["", "-"]).to_owned();
        if self.choices.chance(700) {
            let length = self.choices.between(1, whole);
            self.digits(&mut text, length, true);
        } else {
            text.push('0');
        }
        if self.choices.chance(600) {
            text.push('.');
            let length = self.choices.between(1, fraction);
            self.digits(&mut text, length, false);
        }
        if self.choices.chance(300) && self.since(FhirVersion::R4) {
            text.push_str(
                self.choices
                    .pick(&["e0", "E0", "e+1", "E-22", "e2", "e-05", "E+007", "e-30"]),
            );
        }
        text
    }

    /// Appends digits: often zeros, as in `1.10` and `100`.
    fn digits(&mut self, text: &mut String, length: usize, leading: bool) {
        let zeros = self.choices.chance(300);
        let digits = self.wide_number().to_string();
        let mut digits = digits.bytes().cycle();
        for index in 0..length {
            let digit = digits.next().unwrap_or(b'1');
            let digit = match index {
                0 if leading && digit == b'0' => b'1',
                0 => digit,
                _ if zeros => b'0',
                _ => digit,
            };
            text.push(char::from(digit));
        }
    }

    /// An integer of 32 bits.
    pub(super) fn integer(&mut self) -> String {
        if !self.odd() {
            return self.choices.below(10_000).to_string();
        }
        let text = self
            .choices
            .pick(&["-1", "2147483647", "-2147483648", "0", "-0"]);
        if text == "-0" && self.since(FhirVersion::R5) {
            "-7"
        } else {
            text
        }
        .to_owned()
    }

    /// An integer of 64 bits.
    pub(super) fn integer64(&mut self) -> String {
        if !self.odd() {
            return (u64::from(self.choices.draw()) * 4099).to_string();
        }
        let texts = [
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "2147483648",
            "9007199254740993",
            "0",
        ];
        self.choices.pick(&texts).to_owned()
    }

    /// A whole number of 31 bits, not less than `least`.
    pub(super) fn natural(&mut self, least: usize) -> String {
        if self.odd() {
            let greatest = i32::MAX as usize;
            let numbers = [least, greatest, greatest - 1, 65_536, 1_000_000];
            return self.choices.pick(&numbers).to_string();
        }
        self.choices.between(1, 600).to_string()
    }
}
