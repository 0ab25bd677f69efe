//! Texts that stand in the place of an id of an element and are none. A version that has typed the
//! place may have such a text all the same, since readers take it. It travels under the number of
//! that version, as a string does that another version has there, and comes back only there.

use std::ops::ControlFlow;

use imaging_study_core::{
    Content, ContentMut, ElementRef, FhirString, FhirVersion, ObjectElement, ObjectElements,
    Unshared, ValueRef,
};

use crate::carry;
use crate::context::Context;
use crate::element_id::{self, ELEMENT, EXTENSION};
use crate::hub::push_extension;
use crate::version::Version;

/// The version under whose number the texts of a version travel. R6 has the number of its draft for
/// the strings that are its ids.
fn name_of(version: FhirVersion) -> FhirVersion {
    match version {
        FhirVersion::R6Draft => FhirVersion::R5,
        version => version,
    }
}

/// Whether a URL is that of a text which comes back in a version.
pub(crate) fn comes_back(url: &str, version: FhirVersion) -> bool {
    element_id::are_typed(version)
        && carry::parse(url)
            .is_some_and(|(own, path)| own == name_of(version) && element_id::is_path(path))
}

/// Sets aside what is no id in the place of one, before a study leaves its version.
pub(crate) fn set_aside(element: &mut dyn ObjectElement, context: &Context<'_>) {
    let source = context.source;
    if element_id::are_typed(context.from())
        && holds(element, |one| illegal(one.as_object()).is_some())
    {
        each(element, &mut |element| set_one_aside(element, source));
    }
}

/// Puts back what was set aside, in a study that has come to its version again.
pub(crate) fn put_back(element: &mut dyn ObjectElement, context: &Context<'_>) {
    let version = context.to();
    let returns = |one: ElementRef<'_>| {
        one.info().name == "Extension"
            && one.text("url").is_some_and(|url| comes_back(&url, version))
    };
    if element_id::are_typed(version) && holds(element, returns) {
        each(element, &mut |element| put_one_back(element, version));
    }
}

/// Whether some element of a study is one that is looked for.
fn holds(element: &dyn ObjectElement, looked_for: impl Fn(ElementRef<'_>) -> bool) -> bool {
    let found = ElementRef::of(element).walk(&mut |_, value| {
        let element = match value {
            ValueRef::Element(element) => Some(element),
            ValueRef::Primitive(primitive) => primitive.element(),
            _ => None,
        };
        match element.is_some_and(&looked_for) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    found.is_break()
}

/// Does something to every element in an element, and to itself.
fn each(element: &mut dyn ObjectElement, change: &mut dyn FnMut(&mut dyn ObjectElement)) {
    change(element);
    for index in 0..element.info().fields.len() {
        let (variant, content) = element.content(index);
        match content {
            Content::Absent | Content::Attribute(_) | Content::Resources(_) => continue,
            Content::Primitive(primitive) if primitive.element().is_none() => continue,
            _ => {}
        }
        match element.content_mut(index, variant) {
            Some(ContentMut::Primitive(primitive)) => each(primitive.sibling_mut(), change),
            Some(ContentMut::Primitives(list)) => {
                for at in 0..list.count() {
                    if let Some(primitive) = list.get_mut(at)
                        && primitive.sibling().is_some()
                    {
                        each(primitive.sibling_mut(), change);
                    }
                }
            }
            Some(ContentMut::Element(slot)) => each(slot.get_or_insert(), change),
            Some(ContentMut::Elements(list)) => {
                for at in 0..list.count() {
                    if let Some(element) = list.get_mut(at) {
                        each(element, change);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What stands in the place of the id of an element and is none.
fn illegal(element: &dyn ObjectElement) -> Option<String> {
    let id = ElementRef::of(element).text("id")?;
    let is_typed = element_id::is_typed(element.version(), element.info().name);
    (is_typed && !element_id::is_legal(&id)).then(|| id.into_owned())
}

fn set_one_aside(element: &mut dyn ObjectElement, source: &Version) {
    let Some(text) = illegal(element) else { return };
    let version = name_of(source.fhir_version);
    let is_set = with_carrier(element, |list, path| {
        let url = carry::url(version, path);
        match push_extension(list, &url, "string", source) {
            Some(ContentMut::Primitive(value)) => {
                let slot = value.value_mut();
                slot.read(&text, source.fhir_version, &mut Unshared).is_ok()
            }
            _ => false,
        }
    });
    if is_set == Some(true)
        && let Some(at) = place(element, "id")
    {
        element.clear(at);
    }
}

fn put_one_back(element: &mut dyn ObjectElement, version: FhirVersion) {
    let Some(at) = place(element, "id") else {
        return;
    };
    if !element_id::is_typed(version, element.info().name)
        || !matches!(element.content(at).1, Content::Absent)
    {
        return;
    }
    let text = with_carrier(element, |list, path| take(list, path, version));
    if let Some(text) = text.flatten()
        && let Some(ContentMut::Attribute(slot)) = element.content_mut(at, 0)
    {
        // It was read in the same place before.
        let _ = slot.read(text.as_str(), version, &mut Unshared);
    }
}

/// Takes the text that comes back to the place of an id out of a list of extensions.
fn take(list: &mut dyn ObjectElements, path: &str, version: FhirVersion) -> Option<FhirString> {
    let text = |extension: ElementRef<'_>| {
        let url = extension.text("url")?;
        let is_own = comes_back(&url, version) && url.ends_with(path);
        let is_plain = extension.text("id").is_none() && extension.field("extension").is_none();
        let ValueRef::Primitive(value) = extension.field("valueString")?.first()? else {
            return None;
        };
        let text = extension.text("valueString")?;
        (is_own && is_plain && value.element().is_none() && !element_id::is_legal(&text))
            .then(|| text.parse().ok())?
    };
    let found = list.entries().position(|one| text(one).is_some())?;
    let taken = list.get(found).map(ElementRef::of).and_then(text);
    list.remove(found);
    taken
}

/// Gives the extensions in which the id of an element travels, and the path of what they carry:
/// those of the element, but of an extension those of its value, if it has one.
fn with_carrier<R>(
    element: &mut dyn ObjectElement,
    act: impl FnOnce(&mut dyn ObjectElements, &str) -> R,
) -> Option<R> {
    if element.info().name != "Extension" {
        return with_extensions(element, |list| act(list, ELEMENT));
    }
    let value = place(element, "value[x]")?;
    let (variant, content) = element.content(value);
    if matches!(content, Content::Absent) {
        return with_extensions(element, |list| act(list, ELEMENT));
    }
    match element.content_mut(value, variant)? {
        ContentMut::Primitive(primitive) => {
            let result = with_extensions(primitive.sibling_mut(), |list| act(list, EXTENSION));
            if primitive.sibling().is_none() {
                primitive.clear_sibling();
            }
            result
        }
        ContentMut::Element(slot) => {
            with_extensions(slot.get_or_insert(), |list| act(list, EXTENSION))
        }
        _ => None,
    }
}

fn with_extensions<R>(
    element: &mut dyn ObjectElement,
    act: impl FnOnce(&mut dyn ObjectElements) -> R,
) -> Option<R> {
    let at = place(element, "extension")?;
    match element.content_mut(at, 0)? {
        ContentMut::Elements(list) => Some(act(list)),
        _ => None,
    }
}

/// Where a field of an element stands.
fn place(element: &dyn ObjectElement, name: &str) -> Option<usize> {
    let fields = element.info().fields;
    fields.iter().position(|field| field.name == name)
}
