//! The value of an extension.

use imaging_study_core::{
    Base64Binary, Canonical, Code, Date, DateTime, Decimal, FhirString, Id, Instant, Integer,
    Integer64, Json, Markdown, Oid, PositiveInt, Time, UnsignedInt, Uri, Url, Uuid,
};

use super::{
    Annotation, CodeableConcept, CodeableReference, Coding, Extension, Identifier, Meta, Period,
    Primitive, Reference, WithoutIds,
};

/// Calls a macro with the primitive types that an extension can hold, as `Variant Scalar`.
macro_rules! for_each_scalar {
    ($call:ident!($($before:tt)*)) => {
        $call!($($before)*
            Base64Binary Base64Binary, Boolean bool, Canonical Canonical, Code Code, Date Date,
            DateTime DateTime, Decimal Decimal, Id Id, Instant Instant, Integer Integer,
            Integer64 Integer64, Markdown Markdown, Oid Oid, PositiveInt PositiveInt,
            String FhirString, Time Time, UnsignedInt UnsignedInt, Uri Uri, Url Url, Uuid Uuid,
        );
    };
}
pub(crate) use for_each_scalar;

macro_rules! value {
    ($($variant:ident $scalar:ident,)+) => {
        /// The value of an extension: a primitive, one of the data types of every study, or another
        /// data type.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) enum Value {
            $($variant(Primitive<$scalar>),)+
            Annotation(Box<Annotation>),
            CodeableConcept(Box<CodeableConcept>),
            CodeableReference(Box<CodeableReference>),
            Coding(Box<Coding>),
            Identifier(Box<Identifier>),
            Meta(Box<Meta>),
            Period(Box<Period>),
            Reference(Box<Reference>),
            Other(Box<Other>),
        }

        impl Value {
            /// The extensions on the value, other than one that is JSON.
            pub(crate) fn extension_mut(&mut self) -> Option<&mut Vec<Extension>> {
                Some(match self {
                    $(Self::$variant(value) => value.extension_mut(),)+
                    Self::Annotation(value) => &mut value.extension,
                    Self::CodeableConcept(value) => &mut value.extension,
                    Self::CodeableReference(value) => &mut value.extension,
                    Self::Coding(value) => &mut value.extension,
                    Self::Identifier(value) => &mut value.extension,
                    Self::Meta(value) => &mut value.extension,
                    Self::Period(value) => &mut value.extension,
                    Self::Reference(value) => &mut value.extension,
                    Self::Other(_) => return None,
                })
            }

            /// Whether there can be extensions on the value.
            pub(crate) fn has_extensions(&self) -> bool {
                match self {
                    $(Self::$variant(value) => !value.extension().is_empty(),)+
                    _ => true,
                }
            }

            /// Drops the place of extensions on a primitive that has none.
            pub(crate) fn tidy(&mut self) {
                match self {
                    $(Self::$variant(value) => {
                        value.element = value.element.take().filter(|element| !element.is_empty());
                    })+
                    _ => {}
                }
            }
        }

        impl WithoutIds for Value {
            fn remove_ids(&mut self) {
                match self {
                    $(Self::$variant(value) => value.remove_ids(),)+
                    Self::Annotation(value) => value.remove_ids(),
                    Self::CodeableConcept(value) => value.remove_ids(),
                    Self::CodeableReference(value) => value.remove_ids(),
                    Self::Coding(value) => value.remove_ids(),
                    Self::Identifier(value) => value.remove_ids(),
                    Self::Meta(value) => value.remove_ids(),
                    Self::Period(value) => value.remove_ids(),
                    Self::Reference(value) => value.remove_ids(),
                    Self::Other(value) => value.json.remove_ids(),
                }
            }

            fn is_nothing(&self) -> bool {
                match self {
                    $(Self::$variant(value) => value.is_absent(),)+
                    Self::Annotation(value) => value.is_nothing(),
                    Self::CodeableConcept(value) => value.is_nothing(),
                    Self::CodeableReference(value) => value.is_nothing(),
                    Self::Coding(value) => value.is_nothing(),
                    Self::Identifier(value) => value.is_nothing(),
                    Self::Meta(value) => value.is_nothing(),
                    Self::Period(value) => value.is_nothing(),
                    Self::Reference(value) => value.is_nothing(),
                    Self::Other(value) => value.json == Json::Object(Vec::new()),
                }
            }
        }
    };
}
for_each_scalar!(value!());

/// A value of a data type that only extensions hold, as JSON of the source version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Other {
    /// The name of the type, e.g. `Timing`.
    pub(crate) type_name: &'static str,
    /// The value.
    pub(crate) json: Json,
}
