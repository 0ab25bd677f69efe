//! Extensions and their values, moved into the hub and back.

use imaging_study_core::{
    Content, ContentMut, FhirVersion, FieldType, Json, ObjectElement, ObjectElements, ScalarType,
};

use super::{
    Extension, Neutral, NeutralElement, Other, Places, Value, for_each_scalar, held_at,
    lift_present, lower_at,
};
use crate::context::Context;
use crate::version::Version;
use crate::{LossKind, Rule, element_id, extension, tree, versions};

const VALUE: &str = "value[x]";

impl NeutralElement for Extension {
    fn lift(element: &mut dyn ObjectElement) -> Self {
        let [value, id, extension, url] = *places(element);
        let present = element.present();
        let mut lifted = Self {
            value: (present >> value & 1 == 1)
                .then(|| lift_choice(element, value))
                .flatten(),
            id: lift_present(element, present, id),
            extension: lift_present(element, present, extension),
            url: lift_present(element, present, url),
        };
        if element.version() == FhirVersion::Dstu2 {
            element_id::restore_extension(&mut lifted);
        }
        lifted
    }

    fn lower(self, element: &mut dyn ObjectElement, context: &mut Context<'_>) {
        let this = match tree::restore(self, context) {
            Ok(mut restored) => {
                element.take_from(&mut *restored);
                return;
            }
            Err(this) => this,
        };
        let mut extension = extension::fit(this, context);
        if element.version() == FhirVersion::Dstu2 {
            extension = element_id::carry_extension(extension, context);
        }
        let [value, id, inner, url] = *places(element);
        if let Err(lost) = lower_choice(extension.value, element, value, context) {
            context.report(LossKind::InvalidValue, Rule::ExtensionValue, lost);
        }
        lower_at(extension.id, element, id, "id", context);
        lower_at(extension.extension, element, inner, "extension", context);
        lower_at(extension.url, element, url, "url", context);
    }
}

/// Adds an extension with a URL to a list, and gives the room for a value of a type in it; nothing
/// is added where extensions hold no such type.
pub(crate) fn push_extension<'e>(
    list: &'e mut dyn ObjectElements,
    url: &str,
    type_name: &str,
    version: &Version,
) -> Option<ContentMut<'e>> {
    let variant = version.value_place(type_name)?;
    list.push();
    let extension = list.get_mut(list.count() - 1)?;
    let [value, _, _, url_at] = *places(extension);
    if let Some(ContentMut::Attribute(slot)) = extension.content_mut(url_at, 0) {
        slot.read(url, version.fhir_version).ok()?;
    }
    extension.content_mut(value, variant)
}

/// Where the fields of an extension stand.
fn places(element: &dyn ObjectElement) -> &'static [usize; 4] {
    static PLACES: Places<4> = Places::new();
    PLACES.of(element, [VALUE, "id", "extension", "url"])
}

/// Moves the value of a choice into the hub, if it has a type for it.
pub(super) fn lift_choice(element: &mut dyn ObjectElement, index: usize) -> Option<Value> {
    let (variant, _) = element.content(index);
    let types = element.info().fields.get(index)?.types;
    let field_type = types.get(usize::from(variant))?;
    match field_type {
        FieldType::Element(info) if !is_of_study(info().name) => {
            other_of(element, info().name).map(|other| Value::Other(Box::new(other)))
        }
        _ => Value::lift(held_at(element, index)?, field_type),
    }
}

/// A value of a type that only extensions hold, as JSON.
fn other_of(element: &dyn ObjectElement, type_name: &'static str) -> Option<Other> {
    let version = versions::table(element.version());
    let json = (version.extension_json)(element);
    let value = json.get(&format!("value{type_name}"))?.clone();
    Some(Other {
        type_name,
        json: tree::out_of_version(value, element.version()),
    })
}

/// Moves a value into a choice; gives the JSON of one that the version does not take.
pub(super) fn lower_choice(
    value: Option<Value>,
    element: &mut dyn ObjectElement,
    index: usize,
    context: &mut Context<'_>,
) -> Result<(), Json> {
    let Some(value) = value else {
        return Ok(());
    };
    let type_name = value.type_name();
    let Some(variant) = variant_of(element, index, type_name) else {
        return Err(match value {
            Value::Other(other) => other.json,
            _ => Json::String(type_name.into()),
        });
    };
    if let Value::Other(other) = value {
        let json = tree::in_version(&other.json, context);
        let members = vec![(format!("value{type_name}").into(), json)];
        let held = (context.target.set_extension)(element, &Json::Object(members));
        return if held { Ok(()) } else { Err(other.json) };
    }
    if let Some(room) = element.content_mut(index, variant) {
        value.lower(room, context);
    }
    Ok(())
}

/// Whether the hub has a type of its own for the values of a data type.
fn is_of_study(type_name: &str) -> bool {
    matches!(
        type_name,
        "Annotation"
            | "CodeableConcept"
            | "CodeableReference"
            | "Coding"
            | "Identifier"
            | "Meta"
            | "Period"
            | "Reference"
    )
}

macro_rules! scalar_values {
    ($($variant:ident $scalar:ident,)+) => {
        impl Value {
            /// Moves a value of a type into the hub, if it has one for it.
            pub(crate) fn lift(content: ContentMut<'_>, field_type: &FieldType) -> Option<Self> {
                Some(match field_type {
                    $(FieldType::Scalar(ScalarType::$variant, _) => {
                        Self::$variant(Neutral::lift(content))
                    })+
                    FieldType::Element(_) => match content {
                        ContentMut::Element(slot) => return Self::of_element(slot.get_or_insert()),
                        _ => return None,
                    },
                    _ => return None,
                })
            }

            /// Moves a value of a type that the hub has into a field of that type.
            pub(crate) fn lower(self, room: ContentMut<'_>, context: &mut Context<'_>) {
                match self {
                    $(Self::$variant(value) => value.lower(room, context),)+
                    value => {
                        if let ContentMut::Element(slot) = room {
                            value.lower_into(slot.get_or_insert(), context);
                        }
                    }
                }
            }
        }
    };
}
for_each_scalar!(scalar_values!());

impl Value {
    /// Moves an element into the hub as the value of an extension.
    pub(crate) fn of_element(element: &mut dyn ObjectElement) -> Option<Self> {
        Some(match element.info().name {
            "Annotation" => Self::Annotation(NeutralElement::lift(element)),
            "CodeableConcept" => Self::CodeableConcept(NeutralElement::lift(element)),
            "CodeableReference" => Self::CodeableReference(NeutralElement::lift(element)),
            "Coding" => Self::Coding(NeutralElement::lift(element)),
            "Identifier" => Self::Identifier(NeutralElement::lift(element)),
            "Meta" => Self::Meta(NeutralElement::lift(element)),
            "Period" => Self::Period(NeutralElement::lift(element)),
            "Reference" => Self::Reference(NeutralElement::lift(element)),
            type_name => {
                let mut extension = (versions::table(element.version()).new_extension)();
                let place = value_of(&*extension, type_name)?;
                match extension.content_mut(place.0, place.1)? {
                    ContentMut::Element(slot) => slot.get_or_insert().take_from(element),
                    _ => return None,
                };
                Self::Other(Box::new(other_of(&*extension, type_name)?))
            }
        })
    }

    /// Moves a value of a complex type that the hub has into an element of that type.
    pub(crate) fn lower_into(self, element: &mut dyn ObjectElement, context: &mut Context<'_>) {
        match self {
            Self::Annotation(value) => value.lower(element, context),
            Self::CodeableConcept(value) => value.lower(element, context),
            Self::CodeableReference(value) => value.lower(element, context),
            Self::Coding(value) => value.lower(element, context),
            Self::Identifier(value) => value.lower(element, context),
            Self::Meta(value) => value.lower(element, context),
            Self::Period(value) => value.lower(element, context),
            Self::Reference(value) => value.lower(element, context),
            _ => {}
        }
    }
}

/// The place of a type in the choice at an index.
fn variant_of(element: &dyn ObjectElement, index: usize, type_name: &str) -> Option<u8> {
    let field = element.info().fields.get(index)?;
    if field.name == VALUE {
        return versions::table(element.version()).value_place(type_name);
    }
    let mut types = (0..).zip(field.types);
    types.find_map(|(at, own)| (own.name() == type_name).then_some(at))
}

/// The place of a type in the value of an extension: the field and the variant.
fn value_of(extension: &dyn ObjectElement, type_name: &str) -> Option<(usize, u8)> {
    let [index, ..] = *places(extension);
    Some((index, variant_of(extension, index, type_name)?))
}

/// An extension of the target as an element whose value is of a complex type there, if it is.
pub(crate) fn native_value(
    extension: Extension,
    type_name: &str,
    context: &mut Context<'_>,
) -> Option<Box<dyn ObjectElement>> {
    let mut element = (context.target.new_extension)();
    extension.lower(&mut *element, context);
    let place = value_of(&*element, type_name)?;
    match element.content(place.0) {
        (_, Content::Element(held)) if held.info().name == type_name => Some(element),
        _ => None,
    }
}

/// Moves the value of an extension into an element of the same type.
pub(crate) fn move_value(
    extension: &mut dyn ObjectElement,
    element: &mut dyn ObjectElement,
) -> bool {
    let place = value_of(extension, element.info().name);
    match place.and_then(|(index, variant)| extension.content_mut(index, variant)) {
        Some(ContentMut::Element(slot)) => element.take_from(slot.get_or_insert()),
        _ => false,
    }
}
