//! A value that may carry an id and extensions.

use crate::{
    Content, ContentMut, Definitions, Element, FhirString, FhirVersion, Field, FieldInfo,
    FieldType, Name, Reader, Scalar, Slot, TypeInfo, Writer,
};

/// A primitive element: a value, and rarely an id and extensions. Also a required element may have
/// extensions in place of its value (<https://hl7.org/fhir/R5/datatypes.html#primitive>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Primitive<T, E> {
    /// The value.
    pub value: Option<T>,
    /// Id and extensions, if there are any.
    pub element: Option<Box<PrimitiveElement<E>>>,
}

/// The id and the extensions of a primitive element, and in DSTU2 its comments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrimitiveElement<E> {
    /// Id for references to this element from within the resource.
    pub id: Option<FhirString>,
    /// The comments before the element in XML, `fhir_comments` in JSON: only in DSTU2, elsewhere
    /// nothing reads or writes them.
    pub fhir_comments: Vec<FhirString>,
    /// Additional content that the standard type has no element for.
    pub extension: Vec<E>,
}

impl<T, E> Default for Primitive<T, E> {
    fn default() -> Self {
        Self {
            value: None,
            element: None,
        }
    }
}

impl<E> Default for PrimitiveElement<E> {
    fn default() -> Self {
        Self {
            id: None,
            fhir_comments: Vec::new(),
            extension: Vec::new(),
        }
    }
}

impl<E> PrimitiveElement<E> {
    /// Whether there is neither an id nor an extension, nor a comment.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.extension.is_empty() && self.fhir_comments.is_empty()
    }
}

impl<T, E> Primitive<T, E> {
    /// A value without id and extensions.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self {
            value: Some(value),
            element: None,
        }
    }

    /// The value, if there is one.
    #[must_use]
    pub fn as_ref(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The extensions.
    #[must_use]
    pub fn extension(&self) -> &[E] {
        match &self.element {
            Some(element) => &element.extension,
            None => &[],
        }
    }

    /// The list of extensions, to be added to.
    pub fn extension_mut(&mut self) -> &mut Vec<E> {
        &mut self.element.get_or_insert_default().extension
    }

    /// Whether there is neither a value nor an id nor an extension.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        self.value.is_none()
            && self
                .element
                .as_ref()
                .is_none_or(|element| element.is_empty())
    }
}

impl<T: Scalar, E> From<T> for Primitive<T, E> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Scalar, E> From<Option<T>> for Primitive<T, E> {
    fn from(value: Option<T>) -> Self {
        Self {
            value,
            element: None,
        }
    }
}

impl<T: std::str::FromStr, E> std::str::FromStr for Primitive<T, E> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.parse().map(Self::new)
    }
}

impl<E: Element> Element for PrimitiveElement<E> {
    const VERSION: FhirVersion = E::VERSION;
    const ATTRIBUTES: u64 = 0b01;
    const REPEATING: u64 = 0b10;

    fn info() -> &'static TypeInfo {
        const {
            &TypeInfo {
                name: "Element",
                resource: false,
                fields: &[
                    FieldInfo {
                        name: "id",
                        min: 0,
                        many: false,
                        attribute: true,
                        types: <Option<FhirString> as Field>::TYPES,
                        targets: &[],
                        is_summary: false,
                        is_modifier: false,
                        binding: None,
                    },
                    FieldInfo {
                        name: "extension",
                        min: 0,
                        many: true,
                        attribute: false,
                        types: &[FieldType::Element(E::info)],
                        targets: &[],
                        is_summary: false,
                        is_modifier: false,
                        binding: None,
                    },
                ],
            }
        }
    }

    fn definitions() -> Option<&'static Definitions> {
        E::definitions()
    }

    fn slot(name: &str) -> Option<Slot> {
        let field = match name {
            "id" => 0,
            "extension" => 1,
            _ => return None,
        };
        Some(Slot { field, variant: 0 })
    }

    fn read<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error> {
        match slot.field {
            0 => self.id.read(reader),
            _ => self.extension.read(reader),
        }
    }

    fn write<W: Writer>(&self, writer: &mut W) -> Result<(), W::Error> {
        Field::write(&self.id, Name::plain("id"), writer)?;
        writer.comments(self.comments())?;
        Field::write(&self.extension, Name::plain("extension"), writer)
    }

    fn content(&self, index: usize) -> (u8, Content<'_>) {
        let content = match index {
            0 => Field::content(&self.id),
            1 => Field::content(&self.extension),
            _ => Content::Absent,
        };
        (0, content)
    }

    fn content_mut(&mut self, index: usize, _variant: u8) -> Option<ContentMut<'_>> {
        Some(match index {
            0 => Field::content_mut(&mut self.id),
            1 => Field::content_mut(&mut self.extension),
            _ => return None,
        })
    }

    fn clear(&mut self, index: usize) {
        match index {
            0 => self.id = None,
            1 => self.extension.clear(),
            _ => {}
        }
    }

    fn comments(&self) -> &[FhirString] {
        if E::VERSION == FhirVersion::Dstu2 {
            &self.fhir_comments
        } else {
            &[]
        }
    }

    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        (E::VERSION == FhirVersion::Dstu2).then_some(&mut self.fhir_comments)
    }
}
