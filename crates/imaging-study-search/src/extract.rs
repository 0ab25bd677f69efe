//! Taking the index values out of a study.

use std::ops::ControlFlow;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::{ElementRef, FhirVersion, ValueRef};

use crate::date_text::{DateForm, interval};
use crate::index_value::{IndexValue, LocalReference, Token, TypedIdentifier};
use crate::moment::Interval;
use crate::options::Options;
use crate::parameter::Parameter;
use crate::plan::{Leaf, Plan};

/// Everything that a study is found by, in the order of [`Parameter::of`].
///
/// ```
/// use imaging_study_any::AnyImagingStudy;
/// use imaging_study_search::{Index, IndexValue, Options};
///
/// let study = AnyImagingStudy::read(
///     br#"{"resourceType": "ImagingStudy", "status": "available", "subject": {"reference": "Patient/p"},
///         "series": [{"uid": "1.2.4", "modality": {"code": "CT"}}]}"#,
/// )?;
/// let index = Index::of(&study, &Options::default());
/// let names: Vec<_> = index.entries.iter().map(|entry| entry.parameter.name).collect();
/// assert_eq!(names, ["modality", "patient", "series", "status", "subject"]);
/// assert!(matches!(index.entries[0].value, IndexValue::Token(token) if token.code == Some("CT")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index<'a> {
    /// The version of the study.
    pub version: FhirVersion,
    /// The values, those of one parameter beside one another.
    pub entries: Vec<IndexEntry<'a>>,
}

/// A value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexEntry<'a> {
    /// The parameter.
    pub parameter: &'static Parameter,
    /// The value.
    pub value: IndexValue<'a>,
}

impl<'a> IndexEntry<'a> {
    /// An entry that was kept in an index.
    #[must_use]
    pub const fn new(parameter: &'static Parameter, value: IndexValue<'a>) -> Self {
        Self { parameter, value }
    }
}

impl<'a> Index<'a> {
    /// The values of a study.
    #[must_use]
    pub fn of(study: &'a AnyImagingStudy, options: &Options) -> Self {
        let (version, element) = (study.version(), study.element());
        let mut entries = Vec::new();
        for plan in Plan::all(version) {
            let _ = plan.visit(element, options, &mut |value| {
                entries.push(IndexEntry::new(plan.parameter, value));
                ControlFlow::<()>::Continue(())
            });
        }
        Self { version, entries }
    }

    /// The values that were kept of a study.
    #[must_use]
    pub const fn new(version: FhirVersion, entries: Vec<IndexEntry<'a>>) -> Self {
        Self { version, entries }
    }
}

impl Plan {
    /// Visits the index values of a study, until `visit` breaks.
    pub(crate) fn visit<'a, B>(
        &self,
        study: ElementRef<'a>,
        options: &Options,
        visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let on_request = self.on_request.iter().filter(|_| options.study_modality);
        for source in self.sources.iter().chain(on_request) {
            source.visit(study, &mut |value| match source.leaf {
                Leaf::Coding => element(value, |coding| each_coding(coding, visit)),
                Leaf::Concept => element(value, |concept| each_of_concept(concept, visit)),
                Leaf::Identifier => {
                    element(value, |identifier| each_of_identifier(identifier, visit))
                }
                Leaf::Reference { only } => element(value, |reference| {
                    each_of_reference(reference, only, study, options, visit)
                }),
                leaf => match text(value) {
                    Some(text) => visit(of_text(leaf, text, options)),
                    None => ControlFlow::Continue(()),
                },
            })?;
        }
        ControlFlow::Continue(())
    }
}

fn element<'a, B>(
    value: ValueRef<'a>,
    visit: impl FnOnce(ElementRef<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    value.element().map_or(ControlFlow::Continue(()), visit)
}

fn text(value: ValueRef<'_>) -> Option<&str> {
    value.scalar()?.as_str()
}

/// The value of a primitive.
fn of_text<'a>(leaf: Leaf, text: &'a str, options: &Options) -> IndexValue<'a> {
    let token = |system| Token {
        system,
        code: Some(text),
        ignores_case: false,
    };
    match leaf {
        Leaf::Code { system, .. } => IndexValue::Token(token(Some(system))),
        Leaf::Uri | Leaf::Canonical => IndexValue::Uri(text),
        Leaf::Date | Leaf::Instant => {
            let found = interval(text, DateForm::Value, options.offset_minutes());
            match (found, leaf) {
                (Some(found), Leaf::Instant) => IndexValue::Date(Interval::point(found.start)),
                (Some(found), _) => IndexValue::Date(found),
                (None, _) => IndexValue::Present,
            }
        }
        _ => IndexValue::Token(token(None)),
    }
}

/// Whether there is more in an element than an id and extensions.
fn has_value(element: ElementRef<'_>) -> bool {
    let mut names = element.fields().map(|field| field.info().name);
    names.any(|name| !matches!(name, "id" | "extension" | "modifierExtension"))
}

/// A coding gives its code and its display.
fn each_coding<'a, B>(
    coding: ElementRef<'a>,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let (system, code) = (coding.str("system"), coding.str("code"));
    let display = coding.str("display");
    if system.is_some() || code.is_some() {
        visit(IndexValue::Token(Token {
            system,
            code,
            ignores_case: false,
        }))?;
    } else if display.is_none() && has_value(coding) {
        visit(IndexValue::Present)?;
    }
    display.map_or(ControlFlow::Continue(()), |text| {
        visit(IndexValue::Text(text))
    })
}

fn each_of_concept<'a, B>(
    concept: ElementRef<'a>,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for coding in concept.elements("coding") {
        each_coding(coding, visit)?;
    }
    concept
        .str("text")
        .map_or(ControlFlow::Continue(()), |text| {
            visit(IndexValue::Text(text))
        })
}

/// The system and the value of an identifier.
fn identifier_token(identifier: ElementRef<'_>) -> Option<Token<'_>> {
    let (system, code) = (identifier.str("system"), identifier.str("value"));
    (system.is_some() || code.is_some()).then_some(Token {
        system,
        code,
        ignores_case: true,
    })
}

fn each_of_identifier<'a, B>(
    identifier: ElementRef<'a>,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let token = identifier_token(identifier);
    match token {
        Some(token) => visit(IndexValue::Token(token))?,
        None if has_value(identifier) => visit(IndexValue::Present)?,
        None => {}
    }
    let Some(kind) = identifier.element("type") else {
        return ControlFlow::Continue(());
    };
    if let Some(value) = token.and_then(|token| token.code) {
        for coding in kind.elements("coding") {
            if let (Some(system), Some(code)) = (coding.str("system"), coding.str("code")) {
                visit(IndexValue::OfType(TypedIdentifier {
                    system,
                    code,
                    value,
                }))?;
            }
        }
    }
    kind.str("text").map_or(ControlFlow::Continue(()), |text| {
        visit(IndexValue::Text(text))
    })
}

/// A reference gives itself and the identifier that it has; nothing if it is not known to lead to
/// a resource of the type that alone is wanted.
fn each_of_reference<'a, B>(
    reference: ElementRef<'a>,
    only: Option<&str>,
    study: ElementRef<'a>,
    options: &Options,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let literal = reference.str("reference").map(without_version);
    if only.is_some_and(|only| resource_type(reference, literal, study) != Some(only)) {
        return ControlFlow::Continue(());
    }
    let value = literal.and_then(|literal| of_reference(literal, options));
    let identifier = reference.element("identifier").and_then(identifier_token);
    if let Some(value) = value {
        visit(value)?;
    } else if identifier.is_none() && has_value(reference) {
        visit(IndexValue::Present)?;
    }
    identifier.map_or(ControlFlow::Continue(()), |token| {
        visit(IndexValue::ReferenceIdentifier(token))
    })
}

/// What a reference leads to; nothing where it is inside the study.
fn of_reference<'a>(literal: &'a str, options: &Options) -> Option<IndexValue<'a>> {
    if literal.starts_with('#') {
        return None;
    }
    let relative = match literal.contains(':') {
        true => options.below_base(literal),
        false => Some(literal),
    };
    let local = relative
        .and_then(type_and_id)
        .filter(|(path, ..)| path.is_empty());
    Some(match local {
        Some((_, resource_type, id)) => IndexValue::Local(LocalReference { resource_type, id }),
        None => IndexValue::Url(literal),
    })
}

/// A reference without the version of the resource that it leads to.
pub(crate) fn without_version(reference: &str) -> &str {
    let end = reference.rfind("/_history/").unwrap_or(reference.len());
    reference.get(..end).unwrap_or(reference)
}

/// What stands before the last two steps of a reference, its type and its id, if they are that.
pub(crate) fn type_and_id(reference: &str) -> Option<(&str, &str, &str)> {
    let (before, id) = reference.rsplit_once('/')?;
    let (path, name) = before.rsplit_once('/').unwrap_or(("", before));
    (is_type(name) && is_id(id)).then_some((path, name, id))
}

/// Whether a text is spelled as the name of a resource type.
pub(crate) fn is_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text can be the id of a resource on some server.
pub(crate) fn is_id(id: &str) -> bool {
    !id.is_empty()
        && !id.contains(|letter: char| letter.is_whitespace() || "/|#?:".contains(letter))
}

/// The type of the resource that a reference leads to: by its form, else as it says itself, else by
/// the contained resource.
fn resource_type<'a>(
    reference: ElementRef<'a>,
    literal: Option<&'a str>,
    study: ElementRef<'a>,
) -> Option<&'a str> {
    let by_form = literal
        .filter(|literal| !literal.starts_with('#') && !literal.starts_with("urn:"))
        .and_then(type_and_id);
    if let Some((_, name, _)) = by_form {
        return Some(name);
    }
    if let Some(name) = reference.str("type") {
        let plain = name.strip_prefix("http://hl7.org/fhir/StructureDefinition/");
        return Some(plain.unwrap_or(name));
    }
    let id = literal?.strip_prefix('#')?;
    let contained = study.field("contained")?;
    let mut contained = contained.values().filter_map(|value| match value {
        ValueRef::Resource(resource) => Some(resource),
        _ => None,
    });
    let found = contained.find(|resource| resource.id() == Some(id))?;
    Some(found.resource_type())
}
