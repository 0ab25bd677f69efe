//! The scalars that are their text.

/// Defines a scalar that keeps the text it was read from: `Display` gives the text back, `FromStr`
/// and `TryFrom` check it against the patterns of all versions.
macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident) => {
        text_scalar!($(#[$doc])* $name, ScalarType::$name);
    };
    ($(#[$doc:meta])* $name:ident, $scalar:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(smol_str::SmolStr);

        impl $name {
            /// The text of the value, as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::Scalar for $name {
            const TYPE: $crate::ScalarType = $scalar;

            fn read(
                text: &str,
                version: $crate::FhirVersion,
                store: &mut impl $crate::TextStore,
            ) -> Result<Self, $crate::ScalarError> {
                Self::TYPE.check(text, version)?;
                Ok(Self(store.store(text)))
            }

            fn with_text<R>(&self, receive: impl FnOnce(&str) -> R) -> R {
                receive(&self.0)
            }

            fn text(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ScalarError;

            /// Reads a text as the newest version spells it.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::Scalar>::read(
                    text,
                    $crate::FhirVersion::R6,
                    &mut $crate::Unshared,
                )
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::ScalarError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::ScalarError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "{:?}", self.as_str())
            }
        }

        $crate::serde_scalar!($name);
    };
}
pub(crate) use text_scalar;

use imaging_study_dicom::Uid;

use super::ScalarType;

text_scalar!(
    /// Bytes in base64, kept as the text that was read, white space included
    /// (<https://hl7.org/fhir/R5/datatypes.html#base64Binary>).
    Base64Binary
);
text_scalar!(
    /// A URL that names a definition, with an optional `|version`
    /// (<https://hl7.org/fhir/R5/datatypes.html#canonical>).
    Canonical
);
text_scalar!(
    /// A code from a set that is defined elsewhere
    /// (<https://hl7.org/fhir/R5/datatypes.html#code>).
    Code
);
text_scalar!(
    /// A FHIR `string`: at least one character, no control characters besides tab, newline and
    /// carriage return (<https://hl7.org/fhir/R5/datatypes.html#string>).
    ///
    /// The name keeps clear of [`std::string::String`].
    FhirString,
    ScalarType::String
);
text_scalar!(
    /// The id of a resource: 1 to 64 letters, digits, hyphens and dots
    /// (<https://hl7.org/fhir/R5/datatypes.html#id>).
    Id
);
text_scalar!(
    /// Text in GitHub-flavoured markdown (<https://hl7.org/fhir/R5/datatypes.html#markdown>).
    Markdown
);
text_scalar!(
    /// An OID with its prefix, e.g. `urn:oid:1.2.840.10008.2.16.4`
    /// (<https://hl7.org/fhir/R5/datatypes.html#oid>).
    Oid
);

impl Oid {
    /// The valid DICOM UID behind the prefix `urn:oid:`, if it is one.
    ///
    /// ```
    /// use imaging_study_core::Oid;
    ///
    /// let ct: Oid = "urn:oid:1.2.840.10008.5.1.4.1.1.2".parse()?;
    /// assert!(ct.uid().is_some_and(|uid| uid.as_str() == "1.2.840.10008.5.1.4.1.1.2"));
    /// # Ok::<(), imaging_study_core::ScalarError>(())
    /// ```
    #[must_use]
    pub fn uid(&self) -> Option<Uid> {
        Uid::parse(self.as_str().strip_prefix("urn:oid:")?).ok()
    }
}
text_scalar!(
    /// A URI (<https://hl7.org/fhir/R5/datatypes.html#uri>).
    Uri
);
text_scalar!(
    /// A URL (<https://hl7.org/fhir/R5/datatypes.html#url>).
    Url
);
text_scalar!(
    /// A UUID with its prefix, e.g. `urn:uuid:c757873d-ec9a-4326-a141-556f43239520`
    /// (<https://hl7.org/fhir/R5/datatypes.html#uuid>).
    Uuid
);
text_scalar!(
    /// The XHTML of a narrative, a `div` element, kept as markup text
    /// (<https://hl7.org/fhir/R5/narrative.html#xhtml>).
    Xhtml
);
