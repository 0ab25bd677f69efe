//! What the types of a whole FHIR version look like.

use std::sync::{Arc, OnceLock};

use crate::{FhirVersion, ScalarType};

mod parse;

/// Every type of a FHIR version and its elements, from a compact text that is parsed on first use.
///
/// A codec needs it where a resource is no Rust type: XML does not say which elements repeat and
/// which of them are numbers, JSON does not say their order.
///
/// A line of the text is a type: its name, its base, and the elements that it adds to those of the
/// base. A line that cannot be understood is no type.
///
/// ```
/// use imaging_study_core::{Definitions, ElementType, FhirVersion, ScalarType};
///
/// // `=s string`: s is short for string. `name=type` occurs once, `name*type` any number of times,
/// // `@name` is an attribute in XML, and `link*` has the type that its path names.
/// static DEFINITIONS: Definitions = Definitions::new(
///     FhirVersion::R5,
///     "=s string\n\
///      BackboneElement<Element abstract modifierExtension*Extension\n\
///      Element abstract @id=s extension*Extension\n\
///      Person<Resource name*HumanName deceased[x]=boolean|dateTime link*\n\
///      Person.link target=Reference\n\
///      Resource abstract id=s",
/// );
///
/// let person = DEFINITIONS.resource("Person").expect("a resource");
/// assert_eq!(person.elements[1].name, "name");
/// assert_eq!(
///     person.resolve("deceasedBoolean"),
///     Some((2, ElementType::Scalar(ScalarType::Boolean)))
/// );
/// assert_eq!(person.resolve("link"), Some((3, ElementType::Type("Person.link"))));
/// assert_eq!(DEFINITIONS.type_named("Person.link").map(|link| link.elements.len()), Some(4));
/// ```
#[derive(Debug)]
pub struct Definitions {
    version: FhirVersion,
    text: &'static str,
    types: OnceLock<Vec<TypeDefinition>>,
}

impl Definitions {
    /// The table of a version.
    #[must_use]
    pub const fn new(version: FhirVersion, text: &'static str) -> Self {
        Self {
            version,
            text,
            types: OnceLock::new(),
        }
    }

    /// The version that the types belong to.
    #[must_use]
    pub const fn version(&self) -> FhirVersion {
        self.version
    }

    /// A type by its name or path: `Patient`, `HumanName`, `Patient.contact`. Primitive types are
    /// none.
    #[must_use]
    pub fn type_named(&self, name: &str) -> Option<&TypeDefinition> {
        let types = self.types();
        let index = types
            .binary_search_by(|definition| definition.name.cmp(name))
            .ok()?;
        types.get(index)
    }

    /// A resource type of which there can be instances: `Patient`, but not `DomainResource`.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<&TypeDefinition> {
        self.type_named(name)
            .filter(|definition| definition.resource)
    }

    /// All types, sorted by name.
    #[must_use]
    pub fn types(&self) -> &[TypeDefinition] {
        self.types.get_or_init(|| parse::types(self.text))
    }
}

/// A type: a resource, a data type, or a type of its own that an element has.
#[derive(Debug)]
pub struct TypeDefinition {
    /// The name, or the path of the element: `Patient`, `HumanName`, `Patient.contact`.
    pub name: &'static str,
    /// Whether it is a resource type of which there can be instances.
    pub resource: bool,
    /// Its elements in the order of XML, those of its base included.
    pub elements: Vec<ElementDefinition>,
}

impl TypeDefinition {
    /// What a name in JSON or XML stands for: the index of the element and the type of its value,
    /// which the name of a choice tells (`valueString` is the string of `value[x]`).
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<(usize, ElementType)> {
        self.elements
            .iter()
            .enumerate()
            .find_map(|(index, element)| Some((index, element.resolve(name)?)))
    }
}

/// An element of a type.
#[derive(Clone, Debug)]
pub struct ElementDefinition {
    /// The name; of a choice without `[x]`.
    pub name: &'static str,
    /// Whether it is a choice, in whose name the type follows.
    pub choice: bool,
    /// Whether it repeats.
    pub many: bool,
    /// Whether XML writes it as an attribute of its parent.
    pub attribute: bool,
    types: Types,
}

impl ElementDefinition {
    /// The type, or the types that a choice allows.
    #[must_use]
    pub fn types(&self) -> &[ElementType] {
        match &self.types {
            Types::One(one) => std::slice::from_ref(one),
            Types::Several(several) => several,
        }
    }

    fn resolve(&self, name: &str) -> Option<ElementType> {
        let mut types = self.types().iter().copied();
        if self.choice {
            let suffix = name.strip_prefix(self.name)?;
            types.find(|element_type| element_type.has_suffix(suffix))
        } else {
            types.next().filter(|_| name == self.name)
        }
    }
}

/// The types of an element. The long lists of choices are shared.
#[derive(Clone, Debug)]
enum Types {
    One(ElementType),
    Several(Arc<[ElementType]>),
}

/// The type of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementType {
    /// A primitive type.
    Scalar(ScalarType),
    /// A type with elements, by its name or path.
    Type(&'static str),
    /// A resource of any type.
    Resource,
}

impl ElementType {
    /// The name of the type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar(scalar) => scalar.name(),
            Self::Type(name) => name,
            Self::Resource => "Resource",
        }
    }

    /// Whether a choice of this type has `suffix` in its name: `String`, `HumanName`.
    fn has_suffix(self, suffix: &str) -> bool {
        match (self.name().as_bytes(), suffix.as_bytes()) {
            ([first, rest @ ..], [upper, others @ ..]) => {
                first.to_ascii_uppercase() == *upper && rest == others
            }
            _ => false,
        }
    }
}
