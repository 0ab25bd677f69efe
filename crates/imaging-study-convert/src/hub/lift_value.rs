//! Extensions and their values, moved into the hub and back.

use imaging_study_core::{
    Content, ContentMut, FieldType, Json, ObjectElement, ObjectElements, ScalarType, Unshared,
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
        element_id::lift_extension(&mut lifted, element.version());
        lifted
    }

    fn lower(self, element: &mut dyn ObjectElement, context: &mut Context<'_>) {
        let Some(mut extension) = fitted(self, element, context) else {
            return;
        };
        let [value, id, inner, url] = *places(element);
        lower_value(extension.value.take(), element, value, context);
        lower_at(extension.id.take(), element, id, "id", context);
        let inside = std::mem::take(&mut extension.extension);
        lower_at(inside, element, inner, "extension", context);
        lower_at(extension.url.take(), element, url, "url", context);
    }
}

/// An extension in the form that the target has for it; nothing if its value is native in the element
/// already. A function of its own, as is the next: extensions inside one another take the stack of the
/// one that lowers them for each level.
#[inline(never)]
fn fitted(
    extension: Extension,
    element: &mut dyn ObjectElement,
    context: &mut Context<'_>,
) -> Option<Box<Extension>> {
    let extension = match tree::restore(extension, context) {
        Ok(mut restored) => {
            element.take_from(&mut *restored);
            return None;
        }
        Err(extension) => extension,
    };
    let mut extension = Box::new(extension::fit(extension, context));
    element_id::lower_extension(&mut extension, context);
    Some(extension)
}

#[inline(never)]
fn lower_value(
    value: Option<Value>,
    element: &mut dyn ObjectElement,
    at: usize,
    context: &mut Context<'_>,
) {
    if let Err(lost) = lower_choice(value, element, at, context) {
        context.report(LossKind::InvalidValue, Rule::ExtensionValue, lost);
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
    let extension = list.push();
    let [value, _, _, url_at] = *places(extension);
    if let Some(ContentMut::Attribute(slot)) = extension.content_mut(url_at, 0) {
        slot.read(url, version.fhir_version, &mut Unshared).ok()?;
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
        json: tree::out_of_version(value, version.type_info(type_name)?, element.version()),
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
        return Err(refused(value));
    };
    if let Value::Other(other) = value {
        return set_other(*other, element, context);
    }
    if let Some(room) = element.content_mut(index, variant) {
        value.lower(room, context);
    }
    Ok(())
}

/// What is said of a value of a type that the version does not take.
fn refused(value: Value) -> Json {
    match value {
        Value::Other(other) => other.json,
        value => Json::String(value.type_name().into()),
    }
}

/// Makes a value that is JSON here that of an extension.
fn set_other(
    other: Other,
    extension: &mut dyn ObjectElement,
    context: &Context<'_>,
) -> Result<(), Json> {
    let json = tree::in_version(&other.json, other.type_name, context);
    let members = vec![(format!("value{}", other.type_name).into(), json)];
    match (context.target.set_extension)(extension, &Json::Object(members)) {
        true => Ok(()),
        false => Err(other.json),
    }
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
                if let ContentMut::Element(slot) = room {
                    self.lower_into(slot.get_or_insert(), context);
                } else {
                    self.lower_scalar(room, context);
                }
            }

            /// The same for a value that is no element: nothing can stand inside it that takes the
            /// stack of the other function.
            fn lower_scalar(self, room: ContentMut<'_>, context: &mut Context<'_>) {
                match self {
                    $(Self::$variant(value) => value.lower(room, context),)+
                    _ => {}
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
