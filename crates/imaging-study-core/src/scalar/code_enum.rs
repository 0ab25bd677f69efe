//! Codes of required bindings.

/// The codes of a value set.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeSet {
    /// The URL of the value set.
    pub url: &'static str,
    /// Its codes, in the order of the standard.
    pub codes: &'static [&'static str],
}

/// Defines an enum over the codes of a required binding, with a last variant `Other` that keeps a
/// code the binding does not have.
///
/// ```
/// imaging_study_core::code_enum! {
///     /// On which side.
///     pub enum Side: "http://example.org/ValueSet/side" {
///         /// Left.
///         Left = "L",
///         /// Right.
///         Right = "R",
///     }
/// }
///
/// assert_eq!("L".parse(), Ok(Side::Left));
/// let other: Side = "both".parse()?;
/// assert_eq!(other.as_str(), "both");
/// # Ok::<(), imaging_study_core::ScalarError>(())
/// ```
#[macro_export]
macro_rules! code_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident: $url:literal {
            $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A code that the binding does not have, kept as it was found.
            Other($crate::Code),
        }

        impl $name {
            /// The code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(code) => code.as_str(),
                }
            }
        }

        impl $crate::Scalar for $name {
            const TYPE: $crate::ScalarType = $crate::ScalarType::Code;
            const CODES: Option<&'static $crate::CodeSet> =
                Some(&$crate::CodeSet { url: $url, codes: &[$($code),+] });

            fn read(
                text: &str,
                version: $crate::FhirVersion,
                store: &mut impl $crate::TextStore,
            ) -> Result<Self, $crate::ScalarError> {
                Ok(match text {
                    $($code => Self::$variant,)+
                    _ => Self::Other($crate::Scalar::read(text, version, store)?),
                })
            }

            fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
                receive(self.as_str())
            }

            fn text(&self) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::ScalarError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::Scalar>::read(
                    text,
                    $crate::FhirVersion::R6,
                    &mut $crate::Unshared,
                )
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        $crate::serde_scalar!($name);
    };
}
