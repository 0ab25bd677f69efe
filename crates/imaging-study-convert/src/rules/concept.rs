//! Coding, CodeableConcept and CodeableReference in each other's place: modality, laterality, body
//! site.
//!
//! A concept that is exactly one coding is written as that coding and nothing else. Any other keeps
//! its first coding, or its text as a display, and travels whole in an extension on it.

use std::collections::{HashMap, VecDeque};

use imaging_study_core::{FhirVersion, FieldInfo, FieldType};

use crate::carry;
use crate::context::Context;
use crate::element_id;
use crate::engine::{Part, Step};
use crate::hub::{
    CodeableConcept, CodeableReference, Coding, Concept, Extension, Reference, Value, WithoutIds,
};
use crate::rules::{body_site, laterality};

const MODALITY: &str = "ImagingStudy.modality";

/// Coded elements, in the form of the target.
pub(crate) fn convert(part: &mut Part<'_>, step: &Step, context: &mut Context<'_>) {
    let row = step.row;
    let (source, target) = (row.name(context.from()), row.name(context.to()));
    let (Some(name), Some(path)) = (
        target.or(source),
        row.path(context.to()).or(row.path(context.from())),
    ) else {
        return;
    };
    if let (Some(source), Some(target)) = (source, target)
        && part.rewrap(step, &[(source, target)], context)
    {
        return;
    }
    let field = source.and_then(|name| part.source_field(name));
    let place = source.unwrap_or("extension");
    // A list has the names of R4 and later in its carries, see `is_of`.
    let path = if path == "ImagingStudy.modalityList" {
        MODALITY
    } else {
        path
    };
    let of = |field: &'static FieldInfo| field.types.first().map(FieldType::name);
    let many = field.is_some_and(|field| field.many);
    let list = match field.and_then(of) {
        None => Vec::new(),
        Some("Coding") => part
            .take::<Vec<Coding>>(place)
            .into_iter()
            .map(Concept::Coding)
            .collect(),
        Some("CodeableConcept") => {
            let list = part.take::<Vec<CodeableConcept>>(place).into_iter();
            list.map(Concept::CodeableConcept).collect()
        }
        // Only the first of several has a place in other versions.
        Some(_) if many => Vec::from_iter(body_site::first(part.take(place), &mut part.extension)),
        Some(_) => {
            let list = part.take::<Vec<CodeableReference>>(place).into_iter();
            list.map(Concept::CodeableReference).collect()
        }
    };
    let Some(there) = target.and_then(|name| part.target_field(name)) else {
        let own = list.into_iter().next();
        context.at(place, |context| {
            laterality::carry(own, &mut part.extension, context)
        });
        return;
    };
    let form = of(there);
    let is_list = |field: &FieldInfo| field.many && path != body_site::PATH;
    let list: Vec<Concept> = if is_list(there) {
        let originals = |context: &mut Context<'_>| {
            place_originals(list, true, path, &mut part.extension, context)
        };
        context.at(place, originals)
    } else {
        let own = place_originals(list, false, path, &mut part.extension, context);
        let own = own.into_iter().next();
        let own = match form {
            Some("Coding") => own,
            _ => gather(own, path, &mut part.extension),
        };
        match there.many {
            true => body_site::list(own, &mut part.extension),
            false => Vec::from_iter(own),
        }
    };
    let each = Each { place, many };
    match form {
        Some("Coding") => {
            let converted =
                each.convert(list, context, |item, context| coding(item, path, context));
            part.put(name, place, converted, context);
        }
        Some("CodeableConcept") => {
            let converted = each.convert(list, context, |item, context| {
                codeable_concept(item, path, context)
            });
            part.put(name, place, converted, context);
        }
        _ => {
            let converted = each.convert(list, context, |item, context| {
                codeable_reference(item, path, context)
            });
            part.put(name, place, converted, context);
        }
    }
}

/// Where the entries of an element stand in the source.
struct Each {
    place: &'static str,
    /// Whether the element repeats there, so that entries have indexes.
    many: bool,
}

impl Each {
    /// Converts every entry, each at its place.
    fn convert<T>(
        &self,
        list: Vec<Concept>,
        context: &mut Context<'_>,
        mut convert: impl FnMut(Concept, &mut Context<'_>) -> T,
    ) -> Vec<T> {
        let mut converted = Vec::with_capacity(list.len());
        for (index, item) in list.into_iter().enumerate() {
            converted.push(context.at(self.place, |context| match self.many {
                true => context.entry(index, |context| convert(item, context)),
                false => convert(item, context),
            }));
        }
        converted
    }
}

/// Whether an extension carries the element of a path, or the modality under its name before R4.
fn is_of(extension: &Extension, path: &str) -> bool {
    extension.carries(path) || (path == MODALITY && extension.carries("ImagingStudy.modalityList"))
}

/// A concept as a Coding.
pub(crate) fn coding(concept: Concept, path: &str, context: &mut Context<'_>) -> Coding {
    match with_own_coding(concept, path, context) {
        Concept::Coding(coding) => coding,
        Concept::CodeableConcept(concept) if is_coding(&concept) => only_coding(concept),
        Concept::CodeableConcept(concept) => carried(
            first_coding(&concept),
            Value::CodeableConcept(Box::new(concept)),
            path,
            context.from(),
        ),
        Concept::CodeableReference(CodeableReference {
            id: None,
            extension,
            concept: Some(concept),
            reference: None,
        }) if extension.is_empty() && is_coding(&concept) => only_coding(concept),
        Concept::CodeableReference(reference) => carried(
            reference
                .concept
                .as_ref()
                .map(first_coding)
                .unwrap_or_default(),
            Value::CodeableReference(Box::new(reference)),
            path,
            context.from(),
        ),
    }
}

/// A concept as a CodeableConcept.
pub(crate) fn codeable_concept(
    concept: Concept,
    path: &str,
    context: &mut Context<'_>,
) -> CodeableConcept {
    match with_own_coding(concept, path, context) {
        Concept::CodeableConcept(concept) => concept,
        Concept::CodeableReference(reference) => reference.concept.unwrap_or_default(),
        Concept::Coding(mut coding) => {
            let original = restored(&mut coding, path, context, |carried| match &carried.value {
                Some(Value::CodeableConcept(original)) => {
                    Some(((**original).clone(), first_coding(original)))
                }
                _ => None,
            });
            original.unwrap_or_else(|| CodeableConcept {
                coding: vec![coding],
                ..CodeableConcept::default()
            })
        }
    }
}

/// A concept as a CodeableReference.
pub(crate) fn codeable_reference(
    concept: Concept,
    path: &str,
    context: &mut Context<'_>,
) -> CodeableReference {
    match with_own_coding(concept, path, context) {
        Concept::CodeableReference(reference) => reference,
        Concept::CodeableConcept(concept) => of_concept(concept),
        Concept::Coding(mut coding) => {
            let original = restored(&mut coding, path, context, |carried| {
                let original = read_codeable_reference(carried)?;
                let written = original.concept.as_ref().map(first_coding);
                Some((original, written.unwrap_or_default()))
            });
            original.unwrap_or_else(|| {
                of_concept(CodeableConcept {
                    coding: vec![coding],
                    ..CodeableConcept::default()
                })
            })
        }
    }
}

/// The original that travels on a coding, if the coding is absent or still what the original would
/// be written as; `read` gives both. What cannot be read stays where it is.
pub(crate) fn restored<T>(
    coding: &mut Coding,
    path: &str,
    context: &mut Context<'_>,
    read: impl Fn(&Extension) -> Option<(T, Coding)>,
) -> Option<T> {
    let position = coding
        .extension
        .iter()
        .position(|extension| extension.carries(path) && read(extension).is_some())?;
    let carried = coding.extension.remove(position);
    let (original, written) = read(&carried)?;
    let absent = *coding == Coding::default();
    if absent || coding.clone().without_ids() == written.without_ids() {
        return Some(original);
    }
    let mut stale = vec![carried];
    stale.extend(carry::take(&mut coding.extension, path));
    context.drop_stale(stale);
    None
}

/// A concept, or the Coding of another version that an extension on it carries, if nothing else
/// stands beside that or it is what the Coding would be written as.
fn with_own_coding(mut concept: Concept, path: &str, context: &mut Context<'_>) -> Concept {
    let extension = match &mut concept {
        Concept::Coding(coding) => &mut coding.extension,
        Concept::CodeableConcept(concept) => &mut concept.extension,
        Concept::CodeableReference(reference) => &mut reference.extension,
    };
    if extension.is_empty() || context.from() == context.to() {
        return concept;
    }
    let is_coding = |extension: &Extension| {
        is_of(extension, path) && matches!(extension.value, Some(Value::Coding(_)))
    };
    let mut carries = carry::take_where(extension, is_coding);
    let Some(Value::Coding(original)) = carries.first().and_then(|carried| carried.value.clone())
    else {
        return concept;
    };
    let absent = match &concept {
        Concept::Coding(coding) => *coding == Coding::default(),
        Concept::CodeableConcept(concept) => *concept == CodeableConcept::default(),
        Concept::CodeableReference(reference) => *reference == CodeableReference::default(),
    };
    let original = Concept::Coding(*original);
    if absent || is_written_as(&original, &concept) {
        carries.remove(0);
        concept = original;
    }
    context.drop_stale(carries);
    concept
}

/// Whether a concept is what another one is written as, ids aside.
fn is_written_as(original: &Concept, native: &Concept) -> bool {
    written_as(original, native) == without_ids(native)
}

/// The key of a concept, ids aside.
fn without_ids(concept: &Concept) -> String {
    match concept {
        Concept::Coding(coding) => carry::key(&coding.clone().without_ids()),
        Concept::CodeableConcept(concept) => carry::key(&concept.clone().without_ids()),
        Concept::CodeableReference(reference) => carry::key(&reference.clone().without_ids()),
    }
}

/// The key of what a concept is written as in the form of another one, ids aside.
fn written_as(original: &Concept, form: &Concept) -> String {
    let as_coding = || match original {
        Concept::Coding(coding) => coding.clone(),
        Concept::CodeableConcept(concept) => first_coding(concept),
        Concept::CodeableReference(reference) => reference
            .concept
            .as_ref()
            .map(first_coding)
            .unwrap_or_default(),
    };
    let as_concept = || match original {
        Concept::CodeableConcept(concept) => concept.clone(),
        _ => CodeableConcept {
            coding: vec![as_coding()],
            ..CodeableConcept::default()
        },
    };
    without_ids(&match form {
        Concept::Coding(_) => Concept::Coding(as_coding()),
        Concept::CodeableConcept(_) => Concept::CodeableConcept(as_concept()),
        Concept::CodeableReference(_) => Concept::CodeableReference(of_concept(as_concept())),
    })
}

/// Concepts with the originals that extensions of their parent carry: each in the place of the
/// first one that it would be written as, all of them where there is no concept. A list has room for others whose form the source has itself.
fn place_originals(
    mut list: Vec<Concept>,
    many: bool,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Vec<Concept> {
    if extension.is_empty() || context.from() == context.to() {
        return list;
    }
    // A CodeableConcept stays where it is in a version that has none here either.
    let read = |extension: &Extension| match &extension.value {
        Some(Value::Coding(coding)) => Some(Concept::Coding(Coding::clone(coding))),
        Some(Value::CodeableConcept(concept))
            if context.to().max(context.from()) > FhirVersion::R4B =>
        {
            Some(Concept::CodeableConcept(CodeableConcept::clone(concept)))
        }
        _ => None,
    };
    let carries = carry::take_where(extension, |extension| {
        is_of(extension, path) && read(extension).is_some()
    });
    if list.is_empty() {
        let original =
            |carried: &Extension| Some(as_it_was(read(carried)?, carried, path, context));
        let mut originals: Vec<_> = carries.iter().filter_map(original).collect();
        if !many && carries.len() > 1 {
            originals.truncate(1);
            context.drop_stale(carries.into_iter().skip(1).collect());
        }
        return originals;
    }
    let is_coding = |concept: &Concept| matches!(concept, Concept::Coding(_));
    if carries.is_empty() {
        return list;
    }
    let form = list[0].clone();
    let mut free: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (index, item) in list.iter().enumerate() {
        free.entry(without_ids(item)).or_default().push_back(index);
    }
    let (mut added, mut stale) = (Vec::new(), Vec::new());
    for carried in carries {
        let Some(original) = read(&carried) else {
            continue;
        };
        let place = free
            .get_mut(&written_as(&original, &form))
            .and_then(VecDeque::pop_front);
        match place {
            Some(index) => list[index] = original,
            None if many && is_coding(&original) == (context.from() <= FhirVersion::R4B) => {
                added.push(original);
            }
            None => stale.push(carried),
        }
    }
    list.append(&mut added);
    context.drop_stale(stale);
    list
}

/// A concept that an extension carries, for a target that may have a Coding: one that does not come
/// back from that goes on under the version that it is of.
fn as_it_was(concept: Concept, carry: &Extension, path: &str, context: &Context<'_>) -> Concept {
    match (concept, carry.carried()) {
        (Concept::CodeableConcept(concept), Some((version, _)))
            if context.to() <= FhirVersion::R4B && !is_coding(&concept) =>
        {
            let native = first_coding(&concept);
            let value = Value::CodeableConcept(Box::new(concept));
            Concept::Coding(carried(native, value, path, version))
        }
        (concept, _) => concept,
    }
}

/// A concept with the original that an extension of its parent carries.
pub(crate) fn with_original(
    concept: Option<Concept>,
    path: &str,
    extension: &mut Vec<Extension>,
    context: &mut Context<'_>,
) -> Option<Concept> {
    let list = place_originals(Vec::from_iter(concept), false, path, extension, context);
    list.into_iter().next()
}

/// Items of R5 with the originals of R4 that extensions on them carry under one of the paths of
/// codes and of references, where nothing else stands beside those or it is what they would be
/// written as.
pub(crate) fn with_own_parts(
    list: Vec<CodeableReference>,
    codes: &[&str],
    references: &[&str],
    context: &mut Context<'_>,
) -> Vec<CodeableReference> {
    if list.iter().all(|item| item.extension.is_empty()) || context.from() == context.to() {
        return list;
    }
    let is_of =
        |extension: &Extension, paths: &[&str]| paths.iter().any(|path| extension.carries(path));
    let read = |extension: &Extension| match &extension.value {
        Some(Value::CodeableConcept(concept)) if is_of(extension, codes) => {
            Some(of_concept(CodeableConcept::clone(concept)))
        }
        Some(Value::Reference(reference)) if is_of(extension, references) => {
            Some(of_reference(Reference::clone(reference)))
        }
        _ => None,
    };
    let mut restored = Vec::with_capacity(list.len());
    for mut item in list {
        let carries = carry::take_where(&mut item.extension, |item| read(item).is_some());
        let originals: Vec<_> = carries.iter().filter_map(read).collect();
        let agrees = match originals.as_slice() {
            [] => false,
            [original] => original.clone().without_ids() == item.clone().without_ids(),
            _ => false,
        };
        if agrees || (!originals.is_empty() && item == CodeableReference::default()) {
            restored.extend(originals);
        } else {
            restored.push(item);
            context.drop_stale(carries);
        }
    }
    restored
}

/// Brings the carries of a concept that stand on its parent, or on the code of its coding, to the
/// coding, where this crate writes them. HL7's guides and their drafts place them differently.
pub(crate) fn gather(
    concept: Option<Concept>,
    path: &str,
    parent: &mut Vec<Extension>,
) -> Option<Concept> {
    let mut coding = match concept {
        Some(Concept::Coding(coding)) => coding,
        None => Coding::default(),
        other => return other,
    };
    let readable = |extension: &Extension| {
        matches!(extension.value, Some(Value::CodeableConcept(_)))
            || read_codeable_reference(extension).is_some()
    };
    let of_concept =
        |extension: &Extension| readable(extension) && !body_site::is_further(extension, path);
    coding
        .extension
        .append(&mut carry::take_readable(parent, path, of_concept));
    if let Some(element) = &mut coding.code.element {
        coding.extension.append(&mut carry::take_readable(
            &mut element.extension,
            path,
            readable,
        ));
        if element.is_empty() {
            coding.code.element = None;
        }
    }
    (coding != Coding::default()).then_some(Concept::Coding(coding))
}

/// A CodeableReference that is a concept.
pub(crate) fn of_concept(concept: CodeableConcept) -> CodeableReference {
    CodeableReference {
        concept: Some(concept),
        ..CodeableReference::default()
    }
}

/// A CodeableReference that is a reference.
pub(crate) fn of_reference(reference: Reference) -> CodeableReference {
    CodeableReference {
        reference: Some(reference),
        ..CodeableReference::default()
    }
}

fn carried(native: Coding, original: Value, path: &str, from: FhirVersion) -> Coding {
    let mut native = native.without_ids();
    native
        .extension
        .push(Extension::with_value(&carry::url(from, path), original));
    native
}

/// Whether a concept is one coding and nothing else.
fn is_coding(concept: &CodeableConcept) -> bool {
    concept.id.is_none()
        && concept.extension.is_empty()
        && concept.text.is_absent()
        && concept.coding.len() == 1
}

fn only_coding(concept: CodeableConcept) -> Coding {
    concept.coding.into_iter().next().unwrap_or_default()
}

/// The first coding of a concept, or its text as the display of one.
pub(crate) fn first_coding(concept: &CodeableConcept) -> Coding {
    concept.coding.first().cloned().unwrap_or_else(|| Coding {
        display: concept.text.clone(),
        ..Coding::default()
    })
}

/// Reads a CodeableReference from an extension, in either of its forms.
pub(crate) fn read_codeable_reference(extension: &Extension) -> Option<CodeableReference> {
    if let Some(Value::CodeableReference(value)) = &extension.value {
        return Some((**value).clone());
    }
    if extension.value.is_some() {
        return None;
    }
    let mut read = CodeableReference::default();
    for child in &extension.extension {
        let Some(url) = child.url.as_ref().map(|url| url.as_str()) else {
            read.extension.push(child.clone());
            continue;
        };
        // The children of early drafts have full URLs that end in the path of the element.
        let name = match carry::parse(url) {
            Some((_, path)) if !element_id::is_path(path) => path.rsplit('.').next()?,
            _ => url,
        };
        match (name, &child.value) {
            (carry::DATATYPE, _) => {}
            ("id", Some(Value::String(id))) if read.id.is_none() => read.id.clone_from(&id.value),
            ("concept", Some(Value::CodeableConcept(concept))) if read.concept.is_none() => {
                read.concept = Some((**concept).clone());
            }
            ("reference", Some(Value::Reference(reference))) if read.reference.is_none() => {
                read.reference = Some((**reference).clone());
            }
            // Extensions of the value that could be taken for elements of it stand apart.
            ("extension", None) if child.id.is_none() => {
                read.extension.extend(child.extension.iter().cloned());
            }
            _ if url.contains(':') => read.extension.push(child.clone()),
            _ => return None,
        }
    }
    let has_content =
        read.concept.is_some() || read.reference.is_some() || !read.extension.is_empty();
    // Whatever else is wrong with one, an id may be all that it has.
    (has_content || read.id.is_some()).then_some(read)
}
