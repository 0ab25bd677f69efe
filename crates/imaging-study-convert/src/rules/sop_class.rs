//! SOP classes: a Coding in R4 to R5, an oid in the other versions.

use imaging_study_core::{
    Code, Element, ElementMut, ElementRef, FhirVersion, FieldInfo, FieldType, Scalar, ScalarType,
    Unshared,
};

use imaging_study_dicom::RawUrnOid;

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{Coding, Extension, Primitive, SopClass, Value};
use crate::{absent, carry};

const PATH: &str = "ImagingStudy.series.instance.sopClass";

/// The system of OIDs and other URNs.
const URN: &str = "urn:ietf:rfc:3986";
/// The registry of the UIDs that DICOM defines, the SOP classes among them.
const DICOM_UIDS: &str = "urn:oid:1.2.840.10008.2.6.1";

/// A SOP class, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, _step: &Step, context: &mut Context<'_>) {
    let place = "sopClass";
    let is_oid = |field: Option<&'static FieldInfo>| {
        field.is_some_and(|field| matches!(field.types, [FieldType::Scalar(..)]))
    };
    let mut own = if is_oid(part.source_field(place)) {
        let oid: Primitive<RawUrnOid> = part.take(place);
        (!oid.is_absent()).then_some(SopClass::Oid(oid))
    } else {
        let coding: Option<Coding> = part.take(place);
        coding.map(SopClass::Coding)
    };
    gather(&mut own, &mut part.extension, context);
    let Some(own) = own else { return };
    if is_oid(part.target_field(place)) {
        let oid = context.at(place, |context| oid(own, context));
        part.put(place, place, oid, context);
    } else {
        let coding = context.at(place, |context| coding(own, context));
        part.put(place, place, Some(coding), context);
    }
}

/// A SOP class as an oid. A coding that says more than its code travels whole in an extension.
pub(crate) fn oid(sop_class: SopClass, context: &mut Context<'_>) -> Primitive<RawUrnOid> {
    match (sop_class, &context.last_sop_class) {
        (SopClass::Oid(oid), _) if context.from() == context.to() => oid,
        (SopClass::Oid(oid), Some((last, _))) if is_only(&oid, last) => oid,
        (SopClass::Oid(oid), _) => oid_of_oid(oid, context),
        (SopClass::Coding(coding), Some((oid, last))) if coding == *last => {
            Primitive::new(oid.clone())
        }
        (SopClass::Coding(coding), _) => oid_of_coding(coding, context),
    }
}

/// A coding as an oid, if it says nothing else.
pub(crate) fn plain_oid(coding: &impl Element, context: &Context<'_>) -> Option<RawUrnOid> {
    let coding = ElementRef::new(coding);
    if coding.fields().count() != 2 || coding.str("system") != Some(URN) {
        return None;
    }
    let text = coding.str("code")?;
    let legal = ScalarType::Oid.allows(text, context.to());
    RawUrnOid::read(text, context.to(), &mut Unshared)
        .ok()
        .filter(|_| legal)
}

/// Makes an empty coding that of an oid, which the source allows.
pub(crate) fn plain_coding(
    oid: &RawUrnOid,
    coding: &mut impl Element,
    context: &Context<'_>,
) -> Option<()> {
    if !ScalarType::Oid.allows(oid.as_str(), context.from()) {
        return None;
    }
    let mut coding = ElementMut::new(coding);
    let system = coding.set_text("system", URN);
    let code = coding.set_text("code", oid.as_str());
    (system.ok()? && code.ok()?).then_some(())
}

/// Whether an oid is a text and nothing else.
fn is_only(oid: &Primitive<RawUrnOid>, text: &RawUrnOid) -> bool {
    oid.element.is_none() && oid.value.as_ref() == Some(text)
}

/// An oid of another version, which may allow others.
fn oid_of_oid(mut oid: Primitive<RawUrnOid>, context: &mut Context<'_>) -> Primitive<RawUrnOid> {
    if take_mark(&mut oid, context) {
        return oid;
    }
    let had_value = oid.value.is_some();
    restore_text(&mut oid, Some(context.to()), context);
    if had_value {
        mark(&mut oid, context);
    }
    if let Some(original) = carried_coding(&oid) {
        let (before, after) = (
            native(original, context.from()),
            native(original, context.to()),
        );
        if oid.value == before && before != after {
            return follow_coding(oid, after);
        }
    }
    // What is wrong on both sides stays as it is.
    let legal = |oid: &RawUrnOid| {
        ScalarType::Oid.allows(oid.as_str(), context.to())
            || !ScalarType::Oid.allows(oid.as_str(), context.from())
    };
    if oid.value.as_ref().is_none_or(legal) {
        if let Some(value) = oid.value.as_ref().filter(|_| oid.element.is_none()) {
            // Where both versions have an oid, nobody asks for the coding.
            context.last_sop_class = Some((value.clone(), Coding::default()));
        }
        return oid;
    }
    let original = oid.value.take();
    let list = oid.extension_mut();
    list.push(absent::marker());
    if let Some(text) = original.and_then(|oid| oid.as_str().parse().ok()) {
        let url = carry::url(context.from(), PATH);
        list.push(Extension::with_value(
            &url,
            Value::String(Primitive::new(text)),
        ));
    }
    oid
}

/// Marks an oid that the source had although only the target allows it: the way back would take it
/// for one of the target.
fn mark(oid: &mut Primitive<RawUrnOid>, context: &Context<'_>) {
    let only_target = |oid: &&RawUrnOid| {
        ScalarType::Oid.allows(oid.as_str(), context.to())
            && !ScalarType::Oid.allows(oid.as_str(), context.from())
    };
    let text = oid.value.as_ref().filter(only_target);
    if let Some(text) = text.and_then(|oid| oid.as_str().parse().ok()) {
        let url = carry::url(context.from(), PATH);
        let mark = Extension::with_value(&url, Value::String(Primitive::new(text)));
        oid.extension_mut().push(mark);
    }
}

/// Gives an oid that the target had, although it does not allow it, the mark that every such primitive
/// has, by which it stays.
fn take_mark(oid: &mut Primitive<RawUrnOid>, context: &mut Context<'_>) -> bool {
    let (from, to) = (context.from(), context.to());
    let Some(element) = &mut oid.element else {
        return false;
    };
    let marked = |extension: &Extension| {
        let (version, path) = extension.carried()?;
        match &extension.value {
            Some(Value::String(text)) if extension.id.is_none() && path == PATH => {
                let text = text.value.as_ref()?.as_str();
                let own = carry::names(version, to)
                    && !ScalarType::Oid.allows(text, to)
                    && ScalarType::Oid.allows(text, from);
                own.then(|| text.to_owned())
            }
            _ => None,
        }
    };
    let mut list = element.extension.iter().enumerate();
    let found = list.find_map(|(position, extension)| Some((position, marked(extension)?)));
    let Some((position, text)) = found else {
        return false;
    };
    let mark = element.extension.remove(position);
    let same = oid.value.as_ref().is_some_and(|oid| oid.as_str() == text);
    if same {
        let url = carry::url(to, "oid.value");
        let mark = mark.value.map(|value| Extension::with_value(&url, value));
        element.extension.extend(mark);
    } else {
        context.drop_stale(vec![mark]);
    }
    oid.element = oid.element.take().filter(|element| !element.is_empty());
    same
}

/// The coding that travels on an oid.
fn carried_coding(oid: &Primitive<RawUrnOid>) -> Option<&Coding> {
    oid.extension()
        .iter()
        .filter(|extension| extension.carries(PATH))
        .find_map(|extension| match &extension.value {
            Some(Value::Coding(original)) => Some(&**original),
            _ => None,
        })
}

/// Gives an oid the value that the coding on it has in the target.
fn follow_coding(mut oid: Primitive<RawUrnOid>, value: Option<RawUrnOid>) -> Primitive<RawUrnOid> {
    let had_value = oid.value.is_some();
    oid.value = value;
    let list = oid.extension_mut();
    let position = list.iter().position(|extension| {
        extension.carries(PATH) && matches!(extension.value, Some(Value::Coding(_)))
    });
    let Some(position) = position else {
        return oid;
    };
    if had_value {
        list.insert(position, absent::marker());
        return oid;
    }
    let bare = match &oid.extension()[position].value {
        Some(Value::Coding(coding)) => {
            let only_code = Coding {
                system: URN.parse().unwrap_or_default(),
                code: coding.code.clone(),
                ..Coding::default()
            };
            let text = coding.code.value.as_ref().map(|code| code.as_str());
            let same = text == oid.value.as_ref().map(|oid| oid.as_str());
            (**coding == only_code && same).then(|| coding.code.element.clone())
        }
        _ => None,
    };
    let list = oid.extension_mut();
    if let Some(element) = bare {
        list.remove(position);
        absent::take_marker(list);
        if let Some(element) = element {
            list.extend(element.extension);
            let own = oid.element.get_or_insert_default();
            own.id = own.id.take().or(element.id);
        }
    } else {
        absent::take_marker(list);
    }
    oid.element = oid.element.filter(|element| !element.is_empty());
    oid
}

/// Puts an oid back that the source could not hold. A coding, `None`, takes any text that some
/// version has for an oid.
fn restore_text(
    oid: &mut Primitive<RawUrnOid>,
    to: Option<FhirVersion>,
    context: &mut Context<'_>,
) {
    let from = context.from();
    let Some(element) = &mut oid.element else {
        return;
    };
    let original = |extension: &Extension| match &extension.value {
        Some(Value::String(text)) if extension.carries(PATH) => {
            let text = text.value.as_ref()?.as_str();
            let to = to.unwrap_or(FhirVersion::Stu3);
            (ScalarType::Oid.allows(text, to) && !ScalarType::Oid.allows(text, from))
                .then(|| RawUrnOid::read(text, to, &mut Unshared).ok())?
        }
        _ => None,
    };
    let position = |extension| original(extension).is_some();
    let Some(position) = element.extension.iter().position(position) else {
        return;
    };
    let carried = element.extension.remove(position);
    if oid.value.is_none() {
        oid.value = original(&carried);
        absent::take_marker(&mut element.extension);
    } else {
        context.drop_stale(vec![carried]);
    }
    oid.element = oid.element.take().filter(|element| !element.is_empty());
}

/// Brings the carries of a SOP class that stand on its instance to it, where this crate writes them.
pub(crate) fn gather(
    sop_class: &mut Option<SopClass>,
    parent: &mut Vec<Extension>,
    context: &Context<'_>,
) {
    let is_oid = |version| version <= FhirVersion::Stu3 || version >= FhirVersion::R6Draft;
    if parent.is_empty() || is_oid(context.from()) == is_oid(context.to()) {
        return;
    }
    let readable = |extension: &Extension| match &extension.value {
        Some(Value::Coding(_)) => !is_oid(context.to()),
        Some(_) => is_oid(context.to()) && carried_oid(extension, context).is_some(),
        None => false,
    };
    let mut carries = carry::take_readable(parent, PATH, readable);
    if carries.is_empty() {
        return;
    }
    match sop_class {
        Some(SopClass::Coding(coding)) => coding.extension.append(&mut carries),
        Some(SopClass::Oid(oid)) => oid.extension_mut().append(&mut carries),
        None => {
            *sop_class = carries
                .into_iter()
                .next()
                .and_then(|carried| match carried.value {
                    Some(Value::Coding(coding)) => Some(SopClass::Coding(*coding)),
                    _ => carried_oid(&carried, context).map(SopClass::Oid),
                });
        }
    }
}

/// The oid that an extension carries, if the target can hold it.
fn carried_oid(extension: &Extension, context: &Context<'_>) -> Option<Primitive<RawUrnOid>> {
    let read = |text: &str| RawUrnOid::read(text, context.to(), &mut Unshared).ok();
    match extension.value.as_ref()? {
        Value::Oid(oid) => Some(Primitive {
            value: Some(read(oid.value.as_ref()?.as_str())?),
            element: oid.element.clone(),
        }),
        Value::String(text) => Some(Primitive::new(read(text.value.as_ref()?.as_str())?)),
        _ => None,
    }
}

/// The oid that HL7's guides carry on a coding, if nothing else stands there or the coding is what
/// the oid is written as.
fn oid_on_coding(coding: &mut Coding, context: &mut Context<'_>) -> Option<Primitive<RawUrnOid>> {
    let readable = |extension: &Extension| carried_oid(extension, context).is_some();
    let mut carries = carry::take_readable(&mut coding.extension, PATH, readable);
    if let Some(element) = &mut coding.code.element {
        carries.append(&mut carry::take_readable(
            &mut element.extension,
            PATH,
            readable,
        ));
    }
    let original = carried_oid(carries.first()?, context)?;
    coding.code.element = coding
        .code
        .element
        .take()
        .filter(|element| !element.is_empty());
    if *coding == Coding::default() {
        return Some(original);
    }
    let mut code = coding.code.clone();
    if let (false, Some(element)) = (
        original.value.as_ref().is_none_or(is_code),
        &mut code.element,
    ) {
        absent::take_marker(&mut element.extension);
    }
    if *coding == plain(original.value.as_ref(), &code, context) {
        let element = code.element.filter(|element| !element.is_empty());
        return Some(Primitive {
            value: original.value,
            element: element.or(original.element),
        });
    }
    context.drop_stale(carries);
    None
}

fn oid_of_coding(mut coding: Coding, context: &mut Context<'_>) -> Primitive<RawUrnOid> {
    if let Some(original) = oid_on_coding(&mut coding, context) {
        return original;
    }
    let value = native(&coding, context.to());
    // A system alone would leave nothing.
    let says_something = value.is_some() || coding.code.element.is_some();
    if says_something && coding == plain(value.as_ref(), &coding.code, context) {
        if let Some(value) = value.as_ref().filter(|_| coding.code.element.is_none()) {
            context.last_sop_class = Some((value.clone(), coding.clone()));
        }
        return Primitive {
            value,
            element: coding.code.element,
        };
    }
    let mut oid = Primitive {
        value,
        element: None,
    };
    if oid.value.is_none() {
        oid.extension_mut().push(absent::marker());
    }
    let url = carry::url(context.from(), PATH);
    let original = Value::Coding(Box::new(coding));
    oid.extension_mut()
        .push(Extension::with_value(&url, original));
    oid
}

/// A SOP class as a coding.
pub(crate) fn coding(sop_class: SopClass, context: &mut Context<'_>) -> Coding {
    let mut oid = match (sop_class, &context.last_sop_class) {
        (SopClass::Coding(coding), _) => return coding,
        (SopClass::Oid(oid), Some((last, coding))) if is_only(&oid, last) => return coding.clone(),
        (SopClass::Oid(oid), _) => oid,
    };
    restore_text(&mut oid, None, context);
    if let Some(original) = restored(&mut oid, context) {
        return original;
    }
    let code = Primitive {
        value: None,
        element: oid.element,
    };
    let mut coding = plain(oid.value.as_ref(), &code, context);
    let Some(value) = oid.value else {
        return coding;
    };
    if !ScalarType::Oid.allows(value.as_str(), context.from()) {
        // Archives have classes without the prefix.
        let url = carry::url(context.from(), PATH);
        let text = value.as_str().parse().ok();
        let original = text.map(|text| Value::String(Primitive::new(text)));
        let carried = original.map(|original| Extension::with_value(&url, original));
        coding.extension.extend(carried);
    } else if coding.code.element.is_none() {
        context.last_sop_class = Some((value, coding.clone()));
    }
    coding
}

/// The coding of an oid that travels on it, if the oid is still what the coding would be written as.
fn restored(oid: &mut Primitive<RawUrnOid>, context: &mut Context<'_>) -> Option<Coding> {
    let element = oid.element.as_mut()?;
    let position = element.extension.iter().position(|extension| {
        extension.carries(PATH) && matches!(extension.value, Some(Value::Coding(_)))
    })?;
    let carried = element.extension.remove(position);
    let Some(Value::Coding(original)) = carried.value.clone() else {
        return None;
    };
    if oid.value.is_some() && oid.value != native(&original, context.from()) {
        if element.is_empty() {
            oid.element = None;
        }
        context.drop_stale(vec![carried]);
        return None;
    }
    let mut original = *original;
    // What somebody has added since stays on the code.
    if let Some(element) = oid.element.take() {
        let added = element
            .extension
            .into_iter()
            .filter(|extension| !absent::is_marker(extension));
        let added: Vec<Extension> = added.collect();
        if !added.is_empty() || element.id.is_some() {
            let code = original.code.element.get_or_insert_default();
            code.extension.extend(added);
            code.id = code.id.take().or(element.id);
        }
    }
    Some(original)
}

/// The oid that a coding has as its code, with or without the prefix. A code of another system may
/// look like one and is none.
fn native(coding: &Coding, version: FhirVersion) -> Option<RawUrnOid> {
    let system = coding.system.value.as_ref().map(|system| system.as_str());
    if !matches!(system, None | Some(URN | DICOM_UIDS)) {
        return None;
    }
    let code = coding.code.value.as_ref()?.as_str();
    let prefixed = format!("urn:oid:{code}");
    let text = [code, &prefixed]
        .into_iter()
        .find(|text| ScalarType::Oid.allows(text, version))?;
    RawUrnOid::read(text, version, &mut Unshared).ok()
}

/// The coding that has an oid as its code, and nothing else but what stands on the code. A text that is no
/// code stays away, with a mark in its place where the code has an id or extensions.
fn plain(oid: Option<&RawUrnOid>, code: &Primitive<Code>, context: &Context<'_>) -> Coding {
    let value = oid
        .filter(|oid| is_code(oid))
        .and_then(|oid| Code::read(oid.as_str(), context.to(), &mut Unshared).ok());
    let mut element = code.element.clone();
    if value.is_none()
        && oid.is_some()
        && let Some(element) = &mut element
    {
        element.extension.push(absent::marker());
    }
    Coding {
        system: URN.parse().unwrap_or_default(),
        code: Primitive { value, element },
        ..Coding::default()
    }
}

/// Whether a text is a code in every version: before R5 there may be other white space in one.
fn is_code(oid: &RawUrnOid) -> bool {
    ScalarType::Code.allows(oid.as_str(), FhirVersion::R5)
}
