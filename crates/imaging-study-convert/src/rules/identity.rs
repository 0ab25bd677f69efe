//! What a study is known by: a UID, an accession number and other identifiers in STU3, one list of
//! identifiers since R4.
//!
//! In the list the UID comes first and the accession number last, each known by its system or its
//! type. A list in another order, or with more to say about the UID, travels whole; so does what
//! would be taken for something else on the way back.

use imaging_study_core::{FhirString, FhirVersion, Scalar, ScalarType, Unshared};

use imaging_study_dicom::RawUrnOid;

use crate::context::Context;
use crate::engine::{Part, Step};
use crate::hub::{
    Apart, CodeableConcept, Coding, Extension, Identifier, Identity, Primitive, Value, WithoutIds,
};
use crate::rules::uid::PREFIX;
use crate::{absent, carry};

const UID: &str = "ImagingStudy.uid";
const ACCESSION: &str = "ImagingStudy.accession";
const IDENTIFIER: &str = "ImagingStudy.identifier";

/// The system of DICOM UIDs.
const DICOM_UID: &str = "urn:dicom:uid";
/// The code for an accession number, and the two systems that have it.
const ACSN: &str = "ACSN";
const ACSN_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
const ACSN_SYSTEM_BEFORE: &str = "http://hl7.org/fhir/v2/0203";

/// What a study is known by, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let identity = match row.names(context.from()) {
        [list] => Identity::List(part.take(list)),
        _ => Identity::Apart(Box::new(Apart {
            uid: part.take("uid"),
            accession: part.take("accession"),
            identifier: part.take("identifier"),
        })),
    };
    let place = "identifier";
    if let [name] = row.names(context.to()) {
        let list = list(identity, &mut part.extension, context);
        part.put(name, place, list, context);
    } else {
        let apart = context.at(place, |context| {
            apart(identity, &mut part.extension, context)
        });
        part.put("uid", place, apart.uid, context);
        part.put("accession", place, apart.accession, context);
        part.put("identifier", place, apart.identifier, context);
    }
}

/// The one list of R4.
pub(crate) fn list(
    identity: Identity,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Identifier> {
    match identity {
        Identity::List(mut list) => {
            add_carried(&mut list, extension, context);
            list
        }
        Identity::Apart(apart) => match restored_list(&apart, extension, context) {
            Some(list) => list,
            None => join(*apart, extension, context),
        },
    }
}

/// The UID, the accession number and the other identifiers of STU3.
pub(crate) fn apart(
    identity: Identity,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Apart {
    let mut list = match identity {
        Identity::Apart(apart) => return *apart,
        Identity::List(list) => list,
    };
    add_carried(&mut list, extension, context);
    place_originals(&mut list, extension, context);
    if let Some(apart) = restored_apart(&mut list, extension, context) {
        return apart;
    }
    let native = split(list.clone(), context.to());
    if joined(native.clone()).0 == list {
        return native;
    }
    let native = split(list.clone().without_ids(), context.to());
    carry_identifiers(list, extension, context);
    native
}

/// Adds the identifiers that extensions carry although the version has an element for them.
fn add_carried(list: &mut Vec<Identifier>, extension: &mut Vec<Extension>, context: &Context<'_>) {
    if context.from() == context.to() {
        return;
    }
    let carries = take(extension, IDENTIFIER, |version| version > FhirVersion::Stu3);
    let items = carries.iter().filter_map(identifier).cloned();
    carry::add_missing(list, items.collect());
}

/// Brings a UID and an accession number of STU3 that the study carries to their identifiers, where
/// this crate writes them; where there is no such identifier, they become one.
fn place_originals(
    list: &mut Vec<Identifier>,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) {
    if extension.is_empty() {
        return;
    }
    let to = context.to();
    let mut stale = Vec::new();
    let uids = carry::take_readable(extension, UID, |item| carried_uid(item, to).is_some());
    for carried in uids {
        let apart = Apart {
            uid: Primitive {
                value: carried_uid(&carried, to),
                element: None,
            },
            ..Apart::default()
        };
        match list.iter_mut().find(|item| is_uid(item)) {
            Some(item) => item.extension.push(carried),
            None => list.splice(0..0, joined(apart).0).for_each(drop),
        }
    }
    // There is one accession number; others are not it.
    let mut accessions = take(extension, ACCESSION, |version| version <= FhirVersion::Stu3);
    stale.extend(accessions.drain(1.min(accessions.len())..));
    if let Some(carried) = accessions.pop()
        && let Some(original) = identifier(&carried)
    {
        let written = typed(original.clone()).without_ids();
        let native = |item: &Identifier| item.clone().without_ids() == written;
        match list.iter().position(native) {
            Some(position) => list[position].extension.push(carried),
            None if list.iter().any(is_accession) => stale.push(carried),
            None => list.push(typed(original.clone())),
        }
    }
    context.drop_stale(stale);
}

/// The list that a study of STU3 carries, if it agrees with the native elements.
fn restored_list(
    apart: &Apart,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Vec<Identifier>> {
    let carries = take(extension, IDENTIFIER, |version| version > FhirVersion::Stu3);
    if carries.is_empty() {
        return None;
    }
    let list: Vec<_> = carries.iter().filter_map(identifier).cloned().collect();
    let absent = (apart.uid.is_absent() || absent::is_only_marker(&apart.uid))
        && apart.accession.is_none()
        && apart.identifier.is_empty();
    let written = || split(list.clone().without_ids(), context.from());
    if absent || written().without_ids() == apart.clone().without_ids() {
        return Some(list);
    }
    context.drop_stale(carries);
    None
}

/// The list of a study, and carries for what would not come back from it.
fn join(
    mut apart: Apart,
    extension: &mut Vec<Extension>,
    context: &Context<'_>,
) -> Vec<Identifier> {
    if apart.uid.is_absent() {
        apart.uid = absent::only_marker();
    }
    let (mut list, accession_at) = joined(apart.clone());
    // A text that is no oid is carried, for the prefix would be put before it.
    let illegal = apart
        .uid
        .value
        .as_ref()
        .filter(|uid| !ScalarType::Oid.allows(uid.as_str(), context.from()))
        .and_then(|uid| uid.as_str().parse().ok());
    if illegal.is_none() && split(list.clone(), context.from()) == apart {
        return list;
    }
    let mut rest = list.clone();
    let carries_uid = illegal.is_some();
    if let (Some(text), Some(native)) = (illegal, list.first_mut()) {
        let url = carry::url(context.from(), UID);
        let original = Value::String(Primitive::new(text));
        native.extension.push(Extension::with_value(&url, original));
    }
    if let (Some(at), Some(original)) = (accession_at, apart.accession) {
        rest.remove(at);
        let mut native = std::mem::take(&mut list[at]).without_ids();
        let url = carry::url(context.from(), ACCESSION);
        let original = Value::Identifier(Box::new(original));
        native.extension.push(Extension::with_value(&url, original));
        list[at] = native;
    }
    let others = split_uid(&mut rest, context.from());
    let restored = accession_at.is_some() && others == apart.uid;
    if (restored || carries_uid) && rest == apart.identifier {
        return list;
    }
    let first = usize::from(!absent::is_only_marker(&apart.uid));
    for native in list.iter_mut().skip(first).take(apart.identifier.len()) {
        native.remove_ids();
    }
    list.retain(|item| !item.is_nothing());
    carry_identifiers(apart.identifier, extension, context);
    list
}

/// What a list of R4 was in STU3, if carries in it say so and agree with it. What they do not agree
/// with is reported.
fn restored_apart(
    list: &mut [Identifier],
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Apart> {
    let before_r4 = |version| version <= FhirVersion::Stu3;
    let mut carries = take(extension, IDENTIFIER, before_r4);
    let identifiers: Vec<_> = carries.iter().filter_map(identifier).cloned().collect();
    let (mut accession, mut uid) = (None, None);
    for (index, item) in list.iter_mut().enumerate() {
        let of_uid = carry::take_readable(&mut item.extension, UID, |extension| {
            carried_uid(extension, context.to()).is_some()
        });
        uid = uid.or_else(|| carried_uid(of_uid.first()?, context.to()));
        let of_accession = take(&mut item.extension, ACCESSION, before_r4);
        let original = of_accession.first().and_then(identifier).cloned();
        accession = accession.or_else(|| original.map(|original| (index, original)));
        carries.extend(of_uid);
        carries.extend(of_accession);
    }
    if carries.is_empty() {
        return None;
    }
    let native = list.to_vec().without_ids();
    let mut rest = list.to_vec();
    if let Some((index, _)) = &accession {
        rest.remove(*index);
    }
    let accession = accession.map(|(_, original)| original);
    let identifiers = Some(identifiers).filter(|list| !list.is_empty());
    let without_uid = Apart {
        uid: absent::only_marker(),
        accession: accession.clone(),
        identifier: identifiers.clone().unwrap_or_else(|| rest.clone()),
    };
    let element = rest.iter().find(|item| is_uid(item));
    let element = element.and_then(|item| item.value.element.clone());
    let mut own_uid = split_uid(&mut rest, context.to());
    // Who carried a UID had one.
    let may_lack_uid = uid.is_none();
    if uid.is_some() {
        own_uid = Primitive {
            value: uid,
            element,
        };
    }
    let with_uid = Apart {
        uid: own_uid,
        accession,
        identifier: identifiers.unwrap_or(rest),
    };
    let agrees = |apart: &Apart| joined(apart.clone()).0.without_ids() == native;
    let original = Some(with_uid)
        .filter(agrees)
        .or_else(|| Some(without_uid).filter(|apart| may_lack_uid && agrees(apart)));
    if original.is_none() {
        context.drop_stale(carries);
    }
    original
}

/// The list of R4, and where in it the accession number stands.
fn joined(apart: Apart) -> (Vec<Identifier>, Option<usize>) {
    let mut list = Vec::with_capacity(apart.identifier.len() + 2);
    if !apart.uid.is_absent() && !absent::is_only_marker(&apart.uid) {
        let text = |oid: RawUrnOid| oid.as_str().parse().ok();
        list.push(Identifier {
            system: DICOM_UID.parse().unwrap_or_default(),
            value: Primitive {
                value: apart.uid.value.and_then(text),
                element: apart.uid.element,
            },
            ..Identifier::default()
        });
    }
    list.extend(apart.identifier);
    let at = apart.accession.map(|accession| {
        list.push(typed(accession));
        list.len() - 1
    });
    (list, at)
}

/// What the list of R4 is natively in STU3.
fn split(mut list: Vec<Identifier>, version: FhirVersion) -> Apart {
    let uid = split_uid(&mut list, version);
    let accession = list
        .iter()
        .position(is_accession)
        .map(|position| untyped(list.remove(position)));
    Apart {
        uid,
        accession,
        identifier: list,
    }
}

/// Takes the UID out of a list; without one it is marked.
fn split_uid(list: &mut Vec<Identifier>, version: FhirVersion) -> Primitive<RawUrnOid> {
    let Some(position) = list.iter().position(is_uid) else {
        return absent::only_marker();
    };
    let Primitive { value, element } = list.remove(position).value;
    let uid = match &value {
        None => Primitive {
            value: None,
            element,
        },
        Some(text) => match oid(text, version) {
            Some(oid) => Primitive {
                value: Some(oid),
                element,
            },
            None => Primitive::default(),
        },
    };
    if uid.is_absent() {
        absent::only_marker()
    } else {
        uid
    }
}

/// The oid that a text is, with or without the prefix.
fn oid(text: &FhirString, version: FhirVersion) -> Option<RawUrnOid> {
    let prefixed = format!("{PREFIX}{text}");
    [text.as_str(), &prefixed]
        .into_iter()
        .find(|text| ScalarType::Oid.allows(text, version))
        .and_then(|text| RawUrnOid::read(text, version, &mut Unshared).ok())
}

fn is_uid(item: &Identifier) -> bool {
    let system = item.system.value.as_ref();
    system.is_some_and(|own| own == DICOM_UID)
}

fn is_accession(item: &Identifier) -> bool {
    let codings = item.type_.iter().flat_map(|type_| &type_.coding);
    codings.into_iter().any(|coding| {
        let system = coding.system.value.as_ref().map(|system| system.as_str());
        coding.code.value.as_ref().is_some_and(|code| code == ACSN)
            && matches!(system, Some(ACSN_SYSTEM | ACSN_SYSTEM_BEFORE))
    })
}

fn acsn() -> Coding {
    Coding {
        system: ACSN_SYSTEM.parse().unwrap_or_default(),
        code: ACSN.parse().unwrap_or_default(),
        ..Coding::default()
    }
}

fn only_acsn() -> CodeableConcept {
    CodeableConcept {
        coding: vec![acsn()],
        ..CodeableConcept::default()
    }
}

/// An accession number with a type that says so.
fn typed(mut accession: Identifier) -> Identifier {
    if is_accession(&accession) {
        return accession;
    }
    match &mut accession.type_ {
        Some(type_) => type_.coding.push(acsn()),
        None => accession.type_ = Some(only_acsn()),
    }
    accession
}

/// An accession number without a type that says just that, unless it is all there is.
fn untyped(mut accession: Identifier) -> Identifier {
    // Of an identifier that has only this type, nothing would be left.
    let only_type = Identifier {
        // An id alone would be no element.
        id: accession.id.clone(),
        type_: Some(only_acsn()),
        ..Identifier::default()
    };
    if accession != only_type {
        accession.type_ = accession.type_.filter(|type_| *type_ != only_acsn());
    }
    accession
}

fn carry_identifiers(list: Vec<Identifier>, extension: &mut Vec<Extension>, context: &Context<'_>) {
    let url = carry::url(context.from(), IDENTIFIER);
    let list = list
        .into_iter()
        .map(|item| Value::Identifier(Box::new(item)));
    extension.extend(list.map(|item| Extension::with_value(&url, item)));
}

fn take(list: &mut Vec<Extension>, path: &str, version: fn(FhirVersion) -> bool) -> Vec<Extension> {
    carry::take_readable(list, path, |extension| {
        identifier(extension).is_some()
            && extension
                .carried()
                .is_some_and(|(carried, _)| version(carried))
    })
}

fn identifier(extension: &Extension) -> Option<&Identifier> {
    match &extension.value {
        Some(Value::Identifier(identifier)) => Some(identifier),
        _ => None,
    }
}

/// The UID that an extension carries.
fn carried_uid(extension: &Extension, version: FhirVersion) -> Option<RawUrnOid> {
    let read = |text: &str| RawUrnOid::read(text, version, &mut Unshared).ok();
    match extension.value.as_ref()? {
        Value::Oid(oid) => read(oid.value.as_ref()?.as_str()),
        Value::String(text) => read(text.value.as_ref()?.as_str()),
        Value::Uri(uri) => read(uri.value.as_ref()?.as_str()),
        _ => None,
    }
}
