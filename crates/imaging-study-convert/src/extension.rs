//! Extensions and the types of their values.

use imaging_study_core::{FhirString, Integer64, Scalar, ScalarType, Uri};

use crate::carry::DATATYPE;
use crate::context::Context;
use crate::hub::{Extension, Primitive, Value};
use crate::tree;
use crate::version::Version;

/// Gives an extension a value that the target version allows: the type as it is, a simpler one with
/// the type noted beside it, or the whole form.
pub(crate) fn fit(mut extension: Extension, context: &mut Context<'_>) -> Extension {
    if context.from() == context.to() {
        return extension;
    }
    let Some(value) = extension.value.take() else {
        return extension;
    };
    let type_name = value.type_name();
    let before = context.losses.len();
    let (value, native) = if context.target.value_type(type_name).is_some() {
        fit_value(value, context)
    } else {
        simplify(value)
    };
    for loss in &mut context.losses[before..] {
        loss.path.prepend_name(format!("value{type_name}"));
    }
    extension.value = Some(value);
    match native {
        true => extension,
        false => whole(extension, type_name, context),
    }
}

/// An extension whose value stands whole in it.
#[inline(never)]
fn whole(extension: Extension, type_name: &str, context: &Context<'_>) -> Extension {
    match tree::whole(extension.clone(), type_name, context) {
        Some(whole) => whole,
        // Only a value that is not legal in its own version comes here; it is left as it is, and
        // lowering reports it.
        None => extension,
    }
}

/// A value of a type that the target allows, and whether it is native there.
fn fit_value(value: Value, context: &mut Context<'_>) -> (Value, bool) {
    match value {
        Value::Other(mut other) => {
            let source = context.source.value_info(other.type_name);
            let target = context.target.value_info(other.type_name);
            let converted = match (source, target) {
                (Some(source), Some(target)) => {
                    let before = context.losses.len();
                    // Asked first, so that extensions inside one another are converted once each.
                    // Whatever the descriptions got wrong, the target's own reader would refuse.
                    let native = tree::is_native(&other.json, source, target, true, context);
                    let mut converted = None;
                    if native {
                        converted = tree::native(&other.json, source, target, context);
                    }
                    converted = converted
                        .filter(|json| tree::is_value(json, other.type_name, context.target));
                    if converted.is_none() {
                        context.losses.truncate(before);
                    }
                    converted
                }
                _ => None,
            };
            let native = converted.is_some();
            if let Some(json) = converted {
                other.json = json;
            }
            (Value::Other(other), native)
        }
        Value::String(text) => (unmarked_string(text, context), true),
        Value::Uri(uri) => (unmarked_uri(uri, context), true),
        other => (other, true),
    }
}

/// A primitive of a type that the target does not know as a simpler one that it does.
fn simplify(value: Value) -> (Value, bool) {
    match value {
        Value::Canonical(value) => (Value::Uri(marked(value)), true),
        Value::Url(value) => (Value::Uri(marked(value)), true),
        Value::Uuid(value) => (Value::Uri(marked(value)), true),
        Value::Integer64(value) => (Value::String(marked(value)), true),
        other => (other, false),
    }
}

/// A primitive under another type, with its own type noted in an extension.
fn marked<T: Scalar, U: Scalar + std::str::FromStr>(primitive: Primitive<T>) -> Primitive<U> {
    let mut simple = Primitive {
        value: primitive
            .value
            .and_then(|value| value.with_text(|text| text.parse().ok())),
        element: primitive.element,
    };
    if let Ok(name) = T::TYPE.name().parse::<FhirString>() {
        let marker = Extension::with_value(DATATYPE, Value::String(Primitive::new(name)));
        simple.extension_mut().push(marker);
    }
    simple
}

/// Takes the note of another type off a primitive, if only the target has that type.
fn unmark<T: Scalar, U: Scalar + std::str::FromStr>(
    primitive: &Primitive<T>,
    context: &Context<'_>,
) -> Option<Primitive<U>> {
    let name = U::TYPE.name();
    let lacks = |version: &Version| version.value_type(name).is_none();
    if lacks(context.target) || !lacks(context.source) {
        return None;
    }
    let position = primitive
        .extension()
        .iter()
        .position(|extension| extension.is(DATATYPE) && noted(extension) == Some(name))?;
    let value = match &primitive.value {
        Some(value) => Some(value.with_text(|text| text.parse().ok())?),
        None => None,
    };
    let mut element = primitive.element.clone();
    if let Some(inner) = &mut element {
        inner.extension.remove(position);
    }
    // Without its note the primitive must still say something.
    let element = element.filter(|element| !element.is_empty());
    (value.is_some() || element.is_some()).then_some(Primitive { value, element })
}

fn noted(extension: &Extension) -> Option<&str> {
    match &extension.value {
        Some(Value::String(name)) => name.value.as_ref().map(|name| name.as_str()),
        _ => None,
    }
}

fn unmarked_string(text: Primitive<FhirString>, context: &Context<'_>) -> Value {
    if text.element.is_some()
        && let Some(number) = unmark::<_, Integer64>(&text, context)
    {
        return Value::Integer64(number);
    }
    Value::String(text)
}

fn unmarked_uri(uri: Primitive<Uri>, context: &Context<'_>) -> Value {
    if uri.element.is_some() {
        if let Some(canonical) = unmark(&uri, context) {
            return Value::Canonical(canonical);
        }
        if let Some(url) = unmark(&uri, context) {
            return Value::Url(url);
        }
        if let Some(uuid) = unmark(&uri, context) {
            return Value::Uuid(uuid);
        }
    }
    Value::Uri(uri)
}

macro_rules! type_names {
    ($($variant:ident $scalar:ident,)+) => {
        impl Value {
            /// The name of the type.
            pub(crate) fn type_name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => scalar_name(ScalarType::$variant),)+
                    Self::Annotation(_) => "Annotation",
                    Self::CodeableConcept(_) => "CodeableConcept",
                    Self::CodeableReference(_) => "CodeableReference",
                    Self::Coding(_) => "Coding",
                    Self::Identifier(_) => "Identifier",
                    Self::Meta(_) => "Meta",
                    Self::Period(_) => "Period",
                    Self::Reference(_) => "Reference",
                    Self::Other(other) => other.type_name,
                }
            }
        }
    };
}
crate::hub::for_each_scalar!(type_names!());

const fn scalar_name(scalar: ScalarType) -> &'static str {
    scalar.name()
}
