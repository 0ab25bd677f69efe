//! A decimal number that keeps its digits.

use std::cmp::Ordering;

use super::ScalarType;
use super::text::text_scalar;

text_scalar!(
    /// A decimal number in the spelling it was given: `1.10` and `1.1` are different values
    /// (<https://hl7.org/fhir/R5/datatypes.html#decimal>).
    ///
    /// No value ever passes through a floating point number.
    ///
    /// ```
    /// use imaging_study_core::Decimal;
    ///
    /// let (dose, same): (Decimal, Decimal) = ("1.10".parse()?, "11e-1".parse()?);
    /// assert_ne!(dose, same);
    /// assert!(dose.numeric_eq(&same));
    /// # Ok::<(), imaging_study_core::ScalarError>(())
    /// ```
    Decimal
);

impl Decimal {
    /// Compares by value: `1.0` equals `1.00`.
    ///
    /// An exponent beyond ±10^17 is treated as ±10^17.
    #[must_use]
    pub fn numeric_cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (Parts::of(self.as_str()), Parts::of(other.as_str()));
        match (left.sign(), right.sign()) {
            (a, b) if a != b => a.cmp(&b),
            (0, _) => Ordering::Equal,
            (1, _) => left.cmp_size(&right),
            _ => right.cmp_size(&left),
        }
    }

    /// Whether the values are the same number: `1.0` and `1.00` are.
    #[must_use]
    pub fn numeric_eq(&self, other: &Self) -> bool {
        self.numeric_cmp(other) == Ordering::Equal
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self(itoa::Buffer::new().format(value).into())
    }
}

/// A decimal as sign, significant digits and the power of ten of the first of them.
struct Parts {
    negative: bool,
    digits: Vec<u8>,
    magnitude: i64,
}

impl Parts {
    fn of(text: &str) -> Self {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let limit = 10_i64.pow(17);
        let exponent = exponent.parse::<i64>().map_or_else(
            |_| {
                if exponent.starts_with('-') {
                    -limit
                } else {
                    limit
                }
            },
            |exponent| exponent.clamp(-limit, limit),
        );
        let all = whole.bytes().chain(fraction.bytes());
        let leading = all.clone().take_while(|&digit| digit == b'0').count();
        let mut digits: Vec<u8> = all.skip(leading).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Self {
            negative: text.starts_with('-'),
            digits,
            magnitude: exponent + whole.len() as i64 - leading as i64,
        }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn cmp_size(&self, other: &Self) -> Ordering {
        (self.magnitude, &self.digits).cmp(&(other.magnitude, &other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_value_not_by_text() {
        let ascending = [
            "-1e99999999999999999999",
            "-10",
            "-9.5",
            "-0.1",
            "0",
            "1e-400",
            "0.09",
            "1e-1",
            "9",
            "10.0000000000000000000001",
            "1e2",
            "1e99999999999999999999",
        ]
        .map(|text| text.parse::<Decimal>().expect("a legal decimal"));
        for (index, left) in ascending.iter().enumerate() {
            for (other, right) in ascending.iter().enumerate() {
                assert_eq!(left.numeric_cmp(right), index.cmp(&other), "{left} {right}");
            }
        }
        let zero: Decimal = "-0.00".parse().expect("legal");
        assert!(zero.numeric_eq(&Decimal::from(0)));
    }
}
