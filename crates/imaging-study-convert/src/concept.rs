//! Coding, CodeableConcept and CodeableReference in each other's place: modality, laterality, body
//! site.
//!
//! A concept that is exactly one coding is written as that coding and nothing else. Any other keeps
//! its first coding, or its text as a display, and travels whole in an extension on it.

use imaging_study_core::FhirVersion;

use crate::carry;
use crate::context::Context;
use crate::hub::{
    CodeableConcept, CodeableReference, Coding, Concept, Extension, Reference, Value, WithoutIds,
};

/// A concept as a Coding.
pub(crate) fn coding(concept: Concept, path: &str, context: &Context<'_>) -> Coding {
    match concept {
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
    match concept {
        Concept::CodeableConcept(concept) => concept,
        Concept::CodeableReference(reference) => reference.concept.unwrap_or_default(),
        Concept::Coding(mut coding) => {
            let carries = carry::take(&mut coding.extension, path);
            if let Some(Value::CodeableConcept(original)) =
                carries.first().and_then(|carried| carried.value.as_ref())
                && agrees(&coding, || first_coding(original))
            {
                return (**original).clone();
            }
            context.drop_stale(carries);
            CodeableConcept {
                coding: vec![coding],
                ..CodeableConcept::default()
            }
        }
    }
}

/// A concept as a CodeableReference.
pub(crate) fn codeable_reference(
    concept: Concept,
    path: &str,
    context: &mut Context<'_>,
) -> CodeableReference {
    match concept {
        Concept::CodeableReference(reference) => reference,
        Concept::CodeableConcept(concept) => of_concept(concept),
        Concept::Coding(mut coding) => {
            let carries = carry::take(&mut coding.extension, path);
            if let Some(original) = carries.first().and_then(read_codeable_reference)
                && agrees(&coding, || {
                    original
                        .concept
                        .as_ref()
                        .map(first_coding)
                        .unwrap_or_default()
                })
            {
                return original;
            }
            context.drop_stale(carries);
            of_concept(CodeableConcept {
                coding: vec![coding],
                ..CodeableConcept::default()
            })
        }
    }
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

/// Whether a native coding is absent or what a carried concept would be written as.
fn agrees(native: &Coding, written: impl FnOnce() -> Coding) -> bool {
    *native == Coding::default() || native.clone().without_ids() == written().without_ids()
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
fn first_coding(concept: &CodeableConcept) -> Coding {
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
        let url = child.url.as_ref()?.as_str();
        // The children of early drafts have full URLs that end in the path of the element.
        let name = match carry::parse(url) {
            Some((_, path)) => path.rsplit('.').next()?,
            None => url,
        };
        match (name, &child.value) {
            (carry::DATATYPE, _) => {}
            ("id", Some(Value::String(id))) => read.id.clone_from(&id.value),
            ("concept", Some(Value::CodeableConcept(concept))) => {
                read.concept = Some((**concept).clone());
            }
            ("reference", Some(Value::Reference(reference))) => {
                read.reference = Some((**reference).clone());
            }
            _ if url.contains(':') => read.extension.push(child.clone()),
            _ => return None,
        }
    }
    Some(read)
}
