//! What a codec needs to know of a type.

use std::fmt::Debug;

use crate::{
    Binding, CodeSet, Content, ContentMut, Definitions, FhirString, FhirVersion, Reader,
    ScalarType, Writer,
};

/// A complex type: a resource, a data type, or a backbone element.
///
/// `#[derive(Element)]` of `imaging-study-derive` implements it from the fields of a struct, in
/// their order. It describes; the rules of a format live in the codec that implements [`Reader`]
/// or [`Writer`].
pub trait Element: Clone + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The FHIR version that the type belongs to.
    const VERSION: FhirVersion;

    /// The resource type, if the type is a resource.
    const RESOURCE: Option<&'static str> = None;

    /// The elements that XML writes as attributes, a bit each: that of the first element is 1.
    const ATTRIBUTES: u64;

    /// The elements that repeat, a bit each.
    const REPEATING: u64;

    /// The description of the type.
    fn info() -> &'static TypeInfo;

    /// The definitions of every resource of the version, if they are compiled in.
    fn definitions() -> Option<&'static Definitions>;

    /// The place of an element name: `status`, or `valueString` for the choice `value[x]`.
    fn slot(name: &str) -> Option<Slot>;

    /// Reads the element at `slot`.
    ///
    /// # Errors
    ///
    /// Those of the reader.
    fn read<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error>;

    /// Writes every element that is present, in the order of the definition.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    fn write<W: Writer>(&self, writer: &mut W) -> Result<(), W::Error>;

    /// What the field at an index of [`TypeInfo::fields`] holds, with the variant of a choice, which
    /// is 0 elsewhere. Beyond the fields nothing is held.
    fn content(&self, index: usize) -> (u8, Content<'_>);

    /// The fields that have something in them, a bit each: that of the first field is 1.
    fn present(&self) -> u64 {
        let fields = 0..Self::info().fields.len();
        fields.fold(0, |bits, index| {
            bits | u64::from(!self.content(index).1.is_empty()) << index
        })
    }

    /// The field at an index, to be changed; of a choice, the value of `variant`, made if another
    /// one is held. `None` beyond the fields.
    fn content_mut(&mut self, index: usize, variant: u8) -> Option<ContentMut<'_>>;

    /// Empties the field at an index.
    fn clear(&mut self, index: usize);

    /// The comments of the element: those before it in XML, `fhir_comments` in the JSON of DSTU2.
    /// They are no data, and no other version has a place for them.
    fn comments(&self) -> &[FhirString] {
        &[]
    }

    /// The list of comments, where the type has a place for them.
    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        None
    }
}

impl<T: Element> Element for Box<T> {
    const VERSION: FhirVersion = T::VERSION;
    const RESOURCE: Option<&'static str> = T::RESOURCE;
    const ATTRIBUTES: u64 = T::ATTRIBUTES;
    const REPEATING: u64 = T::REPEATING;

    fn info() -> &'static TypeInfo {
        T::info()
    }

    fn definitions() -> Option<&'static Definitions> {
        T::definitions()
    }

    fn slot(name: &str) -> Option<Slot> {
        T::slot(name)
    }

    fn read<R: Reader>(&mut self, slot: Slot, reader: R) -> Result<(), R::Error> {
        (**self).read(slot, reader)
    }

    fn write<W: Writer>(&self, writer: &mut W) -> Result<(), W::Error> {
        (**self).write(writer)
    }

    fn content(&self, index: usize) -> (u8, Content<'_>) {
        (**self).content(index)
    }

    fn present(&self) -> u64 {
        (**self).present()
    }

    fn content_mut(&mut self, index: usize, variant: u8) -> Option<ContentMut<'_>> {
        (**self).content_mut(index, variant)
    }

    fn clear(&mut self, index: usize) {
        (**self).clear(index);
    }

    fn comments(&self) -> &[FhirString] {
        (**self).comments()
    }

    fn comments_mut(&mut self) -> Option<&mut Vec<FhirString>> {
        (**self).comments_mut()
    }
}

/// The place of an element in its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index into [`TypeInfo::fields`], less than 64.
    pub field: u8,
    /// Index into [`FieldInfo::types`]; 0 where the element is no choice.
    pub variant: u8,
}

/// The description of a type.
#[derive(Debug)]
pub struct TypeInfo {
    /// The path of the type, e.g. `Coding` or `ImagingStudy.series`.
    pub name: &'static str,
    /// Whether it is a resource.
    pub resource: bool,
    /// Its elements, in the order of the definition.
    pub fields: &'static [FieldInfo],
}

impl TypeInfo {
    /// The element of a name as the definition spells it, e.g. `value[x]`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldInfo> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The element and the type that a name in JSON or XML stands for, e.g. `valueString`.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<(&'static FieldInfo, &'static FieldType)> {
        let slot = self.slot(name)?;
        let field = self.fields.get(usize::from(slot.field))?;
        Some((field, field.types.get(usize::from(slot.variant))?))
    }

    /// The place of a name in JSON or XML, e.g. `valueString`.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        let mut fields = (0..).zip(self.fields);
        fields.find_map(|(index, field)| {
            let variant = match field.name.strip_suffix("[x]") {
                None => (field.name == name).then_some(0)?,
                Some(stem) => field.type_of(name.strip_prefix(stem)?)?,
            };
            Some(Slot {
                field: index,
                variant,
            })
        })
    }
}

/// The description of an element.
#[derive(Debug)]
pub struct FieldInfo {
    /// The name in the definition, e.g. `status` or `value[x]`.
    pub name: &'static str,
    /// The least number of occurrences, 0 or 1.
    pub min: u8,
    /// Whether the element repeats.
    pub many: bool,
    /// Whether XML writes it as an attribute of its parent; such an element has no extensions.
    pub attribute: bool,
    /// The type, or the types that a choice allows.
    pub types: &'static [FieldType],
    /// What a Reference or CodeableReference may point at, or a canonical where no reference is
    /// among the types; empty for anything.
    pub targets: &'static [&'static str],
    /// Whether it belongs to a summary of what holds it, `Σ` on the pages of the standard
    /// (<https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.isSummary>).
    pub is_summary: bool,
    /// Whether it can change the meaning of what holds it, `?!` on the pages of the standard
    /// (<https://hl7.org/fhir/R5/conformance-rules.html#isModifier>).
    pub is_modifier: bool,
    /// The value set of its codes, if the standard names any
    /// (<https://hl7.org/fhir/R5/terminologies.html#binding>).
    pub binding: Option<Binding>,
}

impl FieldInfo {
    /// The name without the `[x]` of a choice, e.g. `status` or `value`.
    #[must_use]
    pub fn stem(&self) -> &'static str {
        self.name.strip_suffix("[x]").unwrap_or(self.name)
    }

    /// The type that the end of the name of a choice stands for, e.g. `String` in `valueString`: an
    /// index into [`types`](Self::types).
    #[must_use]
    pub fn type_of(&self, suffix: &str) -> Option<u8> {
        (0..)
            .zip(self.types)
            .find_map(|(index, field_type)| (field_type.suffix() == suffix).then_some(index))
    }
}

/// The type of an element.
#[derive(Clone, Copy, Debug)]
pub enum FieldType {
    /// A primitive type, with the codes of its required binding.
    Scalar(ScalarType, Option<&'static CodeSet>),
    /// A complex type.
    Element(fn() -> &'static TypeInfo),
    /// A resource of any type.
    Resource,
}

impl FieldType {
    /// The name of the type.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scalar(scalar, _) => scalar.name(),
            Self::Element(info) => info().name,
            Self::Resource => "Resource",
        }
    }

    /// The name of the type with its first letter in upper case, as it ends the name of a choice:
    /// `String` in `valueString`.
    #[must_use]
    pub fn suffix(&self) -> &'static str {
        match self {
            Self::Scalar(scalar, _) => scalar.suffix(),
            Self::Element(_) | Self::Resource => self.name(),
        }
    }
}
