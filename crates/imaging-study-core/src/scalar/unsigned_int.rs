//! A whole number that is not negative.

use super::ScalarType;

/// Defines a scalar stored as a number; its legal texts have one spelling a value.
macro_rules! number_scalar {
    ($(#[$doc:meta])* $name:ident, $least:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The number.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl $crate::Scalar for $name {
            const TYPE: ScalarType = ScalarType::$name;

            fn read(
                text: &str,
                _version: $crate::FhirVersion,
                _store: &mut impl $crate::TextStore,
            ) -> Result<Self, $crate::ScalarError> {
                let mut value = 0_u32;
                let bytes = text.as_bytes();
                let legal = !bytes.is_empty()
                    && bytes.len() <= 10
                    && (bytes[0] != b'0' || bytes.len() == 1)
                    && bytes.iter().all(|digit| {
                        let fits = value
                            .checked_mul(10)
                            .and_then(|value| value.checked_add(u32::from(digit.wrapping_sub(b'0'))));
                        value = fits.unwrap_or_default();
                        digit.is_ascii_digit() && fits.is_some()
                    });
                if legal {
                    Self::try_from(value)
                } else {
                    Err($crate::ScalarError::new(Self::TYPE))
                }
            }

            fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
                receive(itoa::Buffer::new().format(self.0))
            }
        }

        impl TryFrom<u32> for $name {
            type Error = $crate::ScalarError;

            /// Takes any number from the least of the type to 2,147,483,647.
            fn try_from(value: u32) -> Result<Self, Self::Error> {
                if ($least..=i32::MAX as u32).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err($crate::ScalarError::new(<Self as $crate::Scalar>::TYPE))
                }
            }
        }

        impl From<$name> for u32 {
            fn from(value: $name) -> Self {
                value.get()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ScalarError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::Scalar>::read(text, $crate::FhirVersion::R6, &mut $crate::Unshared)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, formatter)
            }
        }

        $crate::serde_scalar!($name);
    };
}
pub(super) use number_scalar;

number_scalar!(
    /// A whole number between 0 and 2,147,483,647
    /// (<https://hl7.org/fhir/R5/datatypes.html#unsignedInt>).
    UnsignedInt,
    0
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_the_range_are_refused() {
        for text in [
            "2147483648",
            "4294967296",
            "99999999999",
            "-1",
            "01",
            "1.0",
            "1e1",
            "",
            "+1",
        ] {
            assert!(text.parse::<UnsignedInt>().is_err(), "{text}");
        }
        assert_eq!(
            "2147483647".parse::<UnsignedInt>().map(UnsignedInt::get),
            Ok(2_147_483_647)
        );
    }
}
