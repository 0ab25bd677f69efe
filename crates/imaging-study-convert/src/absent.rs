//! The mark for an element that a version requires and that the source could not fill.

use imaging_study_core::{Json, Scalar, UnsignedInt};

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Primitive, Value};

const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The one reason that every version has for what the source could not hold.
const UNSUPPORTED: &str = "unsupported";

/// The extension that says that the source could not hold a value.
pub(crate) fn marker() -> Extension {
    let reason = Primitive {
        value: UNSUPPORTED.parse().ok(),
        element: None,
    };
    Extension::with_value(DATA_ABSENT_REASON, Value::Code(reason))
}

/// The JSON of an element that is nothing but the mark.
pub(crate) fn marked() -> Json {
    let text = |text: &str| Json::String(text.into());
    let members = [
        ("url", text(DATA_ABSENT_REASON)),
        ("valueCode", text(UNSUPPORTED)),
    ];
    let extension = members.map(|(name, value)| (name.into(), value)).into();
    let list = Json::Array(vec![Json::Object(extension)]);
    Json::Object(vec![("extension".into(), list)])
}

/// Whether an extension is that mark and nothing else.
pub(crate) fn is_marker(extension: &Extension) -> bool {
    extension.is(DATA_ABSENT_REASON) && *extension == marker()
}

/// Whether a primitive is the mark and nothing else.
pub(crate) fn is_only_marker<T: Scalar>(primitive: &Primitive<T>) -> bool {
    let Some(element) = &primitive.element else {
        return false;
    };
    primitive.value.is_none()
        && element.id.is_none()
        && matches!(element.extension.as_slice(), [only] if is_marker(only))
}

/// Whether a count is the mark and nothing else.
pub(crate) fn are_only_marker(values: &[Value]) -> bool {
    matches!(values, [Value::UnsignedInt(count)] if is_only_marker(count))
}

/// A primitive that is the mark and nothing else.
pub(crate) fn only_marker<T: Scalar>() -> Primitive<T> {
    let mut primitive = Primitive::default();
    primitive.extension_mut().push(marker());
    primitive
}

/// A count that one of two versions requires: an absent one is marked, and a mark is none. A mark
/// that the source has itself is doubled.
pub(crate) fn adapt(
    mut values: Vec<Value>,
    required: bool,
    path: &str,
    context: &Context<'_>,
) -> Vec<Value> {
    let count = match values.pop() {
        Some(Value::UnsignedInt(count)) => count,
        None => Primitive::default(),
        Some(other) => {
            values.push(other);
            return values;
        }
    };
    let count = if required {
        self::required(count, path, context)
    } else {
        optional(count, path)
    };
    vec![Value::UnsignedInt(count)]
}

/// A count, which only DSTU2 requires: an absent one is marked. A mark that the source has itself is
/// doubled.
fn required(
    mut count: Primitive<UnsignedInt>,
    path: &str,
    context: &Context<'_>,
) -> Primitive<UnsignedInt> {
    if count.is_absent() {
        return only_marker();
    }
    if is_only_marker(&count) {
        let url = carry::url(context.from(), path);
        let original = Value::UnsignedInt(only_marker());
        count
            .extension_mut()
            .push(Extension::with_value(&url, original));
    }
    count
}

/// A count of DSTU2 as another version has it.
fn optional(count: Primitive<UnsignedInt>, path: &str) -> Primitive<UnsignedInt> {
    if is_only_marker(&count) {
        return Primitive::default();
    }
    if count.value.is_none()
        && let Some(element) = &count.element
        && let (None, [mark, carried]) = (&element.id, element.extension.as_slice())
        && is_marker(mark)
        && carried.carries(path)
        && let Some(Value::UnsignedInt(original)) = &carried.value
        && is_only_marker(original)
    {
        return original.clone();
    }
    count
}

/// Takes the last mark off a list.
pub(crate) fn take_marker(list: &mut Vec<Extension>) {
    if let Some(position) = list.iter().rposition(is_marker) {
        list.remove(position);
    }
}
