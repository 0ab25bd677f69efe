//! The FHIR primitive types and what their texts look like.

use std::fmt;

use super::lexical;
use crate::FhirVersion;

/// A FHIR primitive type (<https://hl7.org/fhir/R5/datatypes.html#primitive>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each variant is the FHIR type of that name")]
pub enum ScalarType {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Integer64,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

/// The JSON type in which a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `true` or `false`.
    Boolean,
    /// A number, whose digits are kept.
    Number,
    /// A string.
    String,
}

/// A text is no value of a primitive type. The text itself is not repeated: it may be patient data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found another text", .expected.grammar())]
#[non_exhaustive]
pub struct ScalarError {
    /// The type that was expected.
    pub expected: ScalarType,
}

impl ScalarError {
    #[cold]
    pub(crate) fn new(expected: ScalarType) -> Self {
        Self { expected }
    }
}

impl ScalarType {
    /// Every primitive type, in alphabetical order.
    pub const ALL: [Self; 21] = [
        Self::Base64Binary,
        Self::Boolean,
        Self::Canonical,
        Self::Code,
        Self::Date,
        Self::DateTime,
        Self::Decimal,
        Self::Id,
        Self::Instant,
        Self::Integer,
        Self::Integer64,
        Self::Markdown,
        Self::Oid,
        Self::PositiveInt,
        Self::String,
        Self::Time,
        Self::UnsignedInt,
        Self::Uri,
        Self::Url,
        Self::Uuid,
        Self::Xhtml,
    ];

    /// The name of the type, e.g. `dateTime`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Base64Binary => "base64Binary",
            Self::Boolean => "boolean",
            Self::Canonical => "canonical",
            Self::Code => "code",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Decimal => "decimal",
            Self::Id => "id",
            Self::Instant => "instant",
            Self::Integer => "integer",
            Self::Integer64 => "integer64",
            Self::Markdown => "markdown",
            Self::Oid => "oid",
            Self::PositiveInt => "positiveInt",
            Self::String => "string",
            Self::Time => "time",
            Self::UnsignedInt => "unsignedInt",
            Self::Uri => "uri",
            Self::Url => "url",
            Self::Uuid => "uuid",
            Self::Xhtml => "xhtml",
        }
    }

    /// The name of the type with its first letter in upper case, as it ends the name of a choice:
    /// `DateTime` in `valueDateTime`.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Base64Binary => "Base64Binary",
            Self::Boolean => "Boolean",
            Self::Canonical => "Canonical",
            Self::Code => "Code",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Decimal => "Decimal",
            Self::Id => "Id",
            Self::Instant => "Instant",
            Self::Integer => "Integer",
            Self::Integer64 => "Integer64",
            Self::Markdown => "Markdown",
            Self::Oid => "Oid",
            Self::PositiveInt => "PositiveInt",
            Self::String => "String",
            Self::Time => "Time",
            Self::UnsignedInt => "UnsignedInt",
            Self::Uri => "Uri",
            Self::Url => "Url",
            Self::Uuid => "Uuid",
            Self::Xhtml => "Xhtml",
        }
    }

    /// The type of a name, e.g. `dateTime`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.name() == name)
    }

    /// The JSON type of the values.
    #[must_use]
    pub const fn json(self) -> JsonType {
        match self {
            Self::Boolean => JsonType::Boolean,
            Self::Decimal | Self::Integer | Self::PositiveInt | Self::UnsignedInt => {
                JsonType::Number
            }
            _ => JsonType::String,
        }
    }

    /// What a text of the type looks like, for error messages.
    #[must_use]
    pub const fn grammar(self) -> &'static str {
        match self {
            Self::Base64Binary => "base64 text",
            Self::Boolean => "true or false",
            Self::Canonical => "a canonical URL without white space",
            Self::Code => "a code without leading, trailing or doubled white space",
            Self::Date => "a date (YYYY, YYYY-MM or YYYY-MM-DD)",
            Self::DateTime => {
                "a dateTime (YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with an offset)"
            }
            Self::Decimal => "a decimal number",
            Self::Id => "an id (1 to 64 letters, digits, hyphens and dots)",
            Self::Instant => "an instant (YYYY-MM-DDThh:mm:ss with an offset)",
            Self::Integer => "an integer between -2147483648 and 2147483647",
            Self::Integer64 => "an integer between -9223372036854775808 and 9223372036854775807",
            Self::Markdown => "markdown text without control characters",
            Self::Oid => "an OID such as urn:oid:1.2.3",
            Self::PositiveInt => "an integer between 1 and 2147483647",
            Self::String => "text without control characters",
            Self::Time => "a time (hh:mm:ss)",
            Self::UnsignedInt => "an integer between 0 and 2147483647",
            Self::Uri => "a URI without white space",
            Self::Url => "a URL without white space",
            Self::Uuid => "a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            Self::Xhtml => "XHTML text without control characters",
        }
    }

    /// Checks a text as a reader does: the pattern of `version`, but without that version's limits
    /// on the number of digits, and with the white space that other versions allow.
    ///
    /// # Errors
    ///
    /// The text is no value of the type.
    #[inline(always)]
    pub fn check(self, text: &str, version: FhirVersion) -> Result<(), ScalarError> {
        if lexical::accepts(self, text, version) {
            Ok(())
        } else {
            Err(ScalarError::new(self))
        }
    }

    /// Whether a text is legal to the letter in `version`.
    #[must_use]
    pub fn allows(self, text: &str, version: FhirVersion) -> bool {
        lexical::accepts(self, text, version) && lexical::legal(self, text, version)
    }

    /// Whether a text that keeps to the grammar of the type also keeps to the limits of `version`:
    /// on the number of digits, on white space, on leap seconds.
    #[must_use]
    #[inline]
    pub fn keeps_to_limits(self, text: &str, version: FhirVersion) -> bool {
        lexical::legal(self, text, version)
    }
}

impl fmt::Display for ScalarType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
