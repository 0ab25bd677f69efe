//! Elements of data types that came with R4, and travel alone on their parent through versions
//! before it: `Reference.type`, `Identifier.use` with the code `old`, `Meta.source`.

use imaging_study_core::{Code, FhirVersion, Scalar, Uri};

use crate::carry;
use crate::context::Context;
use crate::hub::{Extension, Identifier, Meta, Primitive, Reference, Value};

const TYPE: &str = "Reference.type";
const IDENTIFIER: &str = "Reference.identifier";
const USE: &str = "Identifier.use";
const SOURCE: &str = "Meta.source";

/// The code that came with R4.
const OLD: &str = "old";

/// A reference in the target version.
pub(crate) fn reference(reference: Reference, context: &mut Context<'_>) -> Reference {
    match context.to() {
        FhirVersion::Dstu2 => reference_in_dstu2(reference, context),
        FhirVersion::Stu3 => reference_before_r4(reference, context),
        _ => reference_since_r4(reference, context),
    }
}

/// Meta in the target version.
pub(crate) fn meta(meta: Meta, context: &mut Context<'_>) -> Meta {
    if context.to() <= FhirVersion::Stu3 {
        meta_before_r4(meta, context)
    } else {
        meta_since_r4(meta, context)
    }
}

/// An identifier in the target version.
pub(crate) fn identifier(identifier: Identifier, context: &mut Context<'_>) -> Identifier {
    if context.to() <= FhirVersion::Stu3 {
        identifier_before_r4(identifier, context)
    } else {
        identifier_since_r4(identifier, context)
    }
}

/// A reference in a version before R4.
fn reference_before_r4(mut reference: Reference, context: &Context<'_>) -> Reference {
    let type_ = std::mem::take(&mut reference.type_);
    set_aside(type_, Value::Uri, TYPE, &mut reference.extension, context);
    reference
}

/// A reference in R4 or later.
fn reference_since_r4(mut reference: Reference, context: &Context<'_>) -> Reference {
    if reference.type_.is_absent()
        && let Some(type_) = take_back(&mut reference.extension, TYPE, context, uri)
    {
        reference.type_ = type_;
    }
    reference
}

/// A reference in DSTU2, which has no logical ones.
fn reference_in_dstu2(reference: Reference, context: &Context<'_>) -> Reference {
    let mut reference = reference_before_r4(reference, context);
    if let Some(identifier) = reference.identifier.take() {
        let url = carry::url(context.from(), IDENTIFIER);
        reference
            .extension
            .push(Extension::with_value(&url, Value::Identifier(identifier)));
    }
    reference
}

/// Puts the identifier of a reference back that DSTU2 had to carry.
pub(crate) fn reference_from_dstu2(mut reference: Reference) -> Reference {
    let position = reference.extension.iter().position(|extension| {
        extension.carries(IDENTIFIER) && matches!(extension.value, Some(Value::Identifier(_)))
    });
    if let Some(position) = position
        && let Some(Value::Identifier(identifier)) = reference.extension.remove(position).value
    {
        reference.identifier = Some(identifier);
    }
    reference
}

/// The type that a reference of a version before R4 carries.
pub(crate) fn carried_type(reference: &Reference) -> Option<&Uri> {
    let carried = |extension: &&Extension| extension.carries(TYPE);
    match &reference.extension.iter().find(carried)?.value {
        Some(Value::Uri(uri)) => uri.value.as_ref(),
        _ => None,
    }
}

/// Meta in a version before R4.
fn meta_before_r4(mut meta: Meta, context: &Context<'_>) -> Meta {
    let source = std::mem::take(&mut meta.source);
    set_aside(source, Value::Uri, SOURCE, &mut meta.extension, context);
    meta
}

/// Meta in R4 or later.
fn meta_since_r4(mut meta: Meta, context: &Context<'_>) -> Meta {
    if meta.source.is_absent()
        && let Some(source) = take_back(&mut meta.extension, SOURCE, context, uri)
    {
        meta.source = source;
    }
    meta
}

/// An identifier in a version before R4.
fn identifier_before_r4(mut identifier: Identifier, context: &Context<'_>) -> Identifier {
    if context.from() > FhirVersion::Stu3 && is_old(&identifier.use_) {
        let use_ = std::mem::take(&mut identifier.use_);
        set_aside(use_, Value::Code, USE, &mut identifier.extension, context);
    }
    identifier
}

/// An identifier in R4 or later.
fn identifier_since_r4(mut identifier: Identifier, context: &mut Context<'_>) -> Identifier {
    if identifier.extension.is_empty() {
        return identifier;
    }
    let old = |value: &Value| match value {
        Value::Code(code) if is_old(code) => Some(code.clone()),
        _ => None,
    };
    if let Some(use_) = take_back(&mut identifier.extension, USE, context, old) {
        if identifier.use_.is_absent() {
            identifier.use_ = use_;
        } else {
            let url = carry::url(context.to(), USE);
            context.drop_stale(vec![Extension::with_value(&url, Value::Code(use_))]);
        }
    }
    identifier
}

fn is_old(code: &Primitive<Code>) -> bool {
    code.value.as_ref().is_some_and(|code| code == OLD)
}

fn uri(value: &Value) -> Option<Primitive<Uri>> {
    match value {
        Value::Uri(uri) => Some(uri.clone()),
        _ => None,
    }
}

/// Lets an element travel alone.
fn set_aside<T: Scalar>(
    element: Primitive<T>,
    value: fn(Primitive<T>) -> Value,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    if !element.is_absent() {
        let url = carry::url(context.from(), path);
        extension.push(Extension::with_value(&url, value(element)));
    }
}

/// Takes an element back that the source could not hold.
fn take_back<T: Scalar>(
    list: &mut Vec<Extension>,
    path: &str,
    context: &Context<'_>,
    read: impl Fn(&Value) -> Option<Primitive<T>>,
) -> Option<Primitive<T>> {
    if list.is_empty() || context.from() > FhirVersion::Stu3 {
        return None;
    }
    let position = list.iter().position(|extension| {
        extension.carries(path) && extension.value.as_ref().and_then(&read).is_some()
    })?;
    read(&list.remove(position).value?)
}
