//! Texts of which nearly all are short.

/// A text of up to `N` bytes in place, or a longer one elsewhere.
#[derive(Clone)]
pub(super) enum InlineText<const N: usize> {
    Short { length: u8, text: [u8; N] },
    Long(Box<str>),
}

impl<const N: usize> InlineText<N> {
    /// Two texts, one behind the other.
    #[inline]
    pub(super) fn joined(first: &str, second: &str) -> Self {
        let (length, middle) = (first.len() + second.len(), first.len());
        let mut stored = [0; N];
        match stored.get_mut(..length) {
            Some(place) => {
                place[..middle].copy_from_slice(first.as_bytes());
                place[middle..].copy_from_slice(second.as_bytes());
                Self::Short {
                    length: length as u8,
                    text: stored,
                }
            }
            None => Self::Long([first, second].concat().into()),
        }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            // Only whole texts are ever stored, so that the conversion cannot fail.
            Self::Short { length, text } => {
                str::from_utf8(&text[..usize::from(*length)]).unwrap_or_default()
            }
            Self::Long(text) => text,
        }
    }
}

/// Makes a type that holds an [`InlineText`] behave like its text.
macro_rules! like_text {
    ($name:ident) => {
        impl $name {
            /// The text as it was found.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            /// The order of the texts, byte by byte.
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(InlineText::joined(text, ""))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                Ok(Self::from(text.as_ref()))
            }
        }

        /// Any text: what is no UID is kept.
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string" })
            }
        }
    };
}
pub(super) use like_text;
