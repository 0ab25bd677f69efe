//! Taking the index values out of a study.

use std::ops::ControlFlow;

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::{Content, ElementRef, FhirVersion, ValueRef};

use crate::date_text::{DateForm, interval};
use crate::index_value::{IndexValue, LocalReference, Token, TypedIdentifier};
use crate::moment::Interval;
use crate::options::Options;
use crate::parameter::Parameter;
use crate::plan::{
    Coding, Concept, Identifier, Leaf, Plan, Reference, Source, content, element_at, text_at,
};

/// Everything that a study is found by: in the order of [`Parameter::of`], but what instances have
/// stands behind the rest, instance by instance.
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
pub struct Index<'a> {
    /// The version of the study.
    pub version: FhirVersion,
    /// The values.
    pub entries: Vec<IndexEntry<'a>>,
}

/// A value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexEntry<'a> {
    /// The parameter.
    pub parameter: &'static Parameter,
    /// The value.
    pub value: IndexValue<'a>,
}

impl<'a> Index<'a> {
    /// The values of a study.
    #[must_use]
    pub fn of(study: &'a AnyImagingStudy, options: &Options) -> Self {
        let (version, element) = (study.version(), study.element());
        // As many as most studies have.
        let mut entries = Vec::with_capacity(64);
        let plans = Plan::all(version).iter();
        for plan in plans.clone().filter(|plan| !plan.is_of_instances()) {
            let parameter = plan.parameter;
            let _ = plan.visit(element, options, &mut |value| {
                entries.push(IndexEntry { parameter, value });
                ControlFlow::<()>::Continue(())
            });
        }
        // Most of a large study is instances: they are walked once, for all of their parameters.
        let of_instances: Vec<(&Parameter, &Source)> = plans
            .filter(|plan| plan.is_of_instances())
            .flat_map(|plan| plan.sources.iter().map(|source| (plan.parameter, source)))
            .collect();
        if let Some((_, first)) = of_instances.first() {
            first.visit_instances(element, &mut |list| {
                entries.reserve(list.count() * of_instances.len());
                for instance in list.entries() {
                    for (parameter, source) in &of_instances {
                        let _ = source.visit_below(instance, &mut |value| {
                            source.leaf.visit(value, element, options, &mut |value| {
                                entries.push(IndexEntry { parameter, value });
                                ControlFlow::<()>::Continue(())
                            })
                        });
                    }
                }
            });
        }
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
            source.visit(study, &mut |value| {
                source.leaf.visit(value, study, options, visit)
            })?;
        }
        ControlFlow::Continue(())
    }
}

impl Leaf {
    /// Visits the index values of what stands at the end of a path.
    fn visit<'a, B>(
        self,
        value: ValueRef<'a>,
        study: ElementRef<'a>,
        options: &Options,
        visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        match self {
            Self::Coding(fields) => element(value, |coding| each_of_coding(coding, fields, visit)),
            Self::Concept(fields) => {
                element(value, |concept| each_of_concept(concept, fields, visit))
            }
            Self::Identifier(fields) => element(value, |identifier| {
                each_of_identifier(identifier, fields, visit)
            }),
            Self::Reference { only, fields } => element(value, |reference| {
                let reference = Referring {
                    element: reference,
                    fields,
                    study,
                };
                reference.each(only, options, visit)
            }),
            leaf => match text(value) {
                Some(text) => visit(of_text(leaf, text, options)),
                None => ControlFlow::Continue(()),
            },
        }
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
fn each_of_coding<'a, B>(
    coding: ElementRef<'a>,
    fields: Coding,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let (system, code) = (text_at(coding, fields.system), text_at(coding, fields.code));
    let display = text_at(coding, fields.display);
    if system.is_some() || code.is_some() {
        visit(IndexValue::Token(Token {
            system,
            code,
            ignores_case: false,
        }))?;
    } else if display.is_none() && has_value(coding) {
        visit(IndexValue::Present)?;
    }
    each_text(display, visit)
}

fn each_text<'a, B>(
    text: Option<&'a str>,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    text.map_or(ControlFlow::Continue(()), |text| {
        visit(IndexValue::Text(text))
    })
}

fn each_of_concept<'a, B>(
    concept: ElementRef<'a>,
    fields: Concept,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if let Content::Elements(codings) = content(concept, fields.coding) {
        for index in 0..codings.count() {
            if let Some(coding) = codings.get(index) {
                each_of_coding(ElementRef::of(coding), fields.of_coding, visit)?;
            }
        }
    }
    each_text(text_at(concept, fields.text), visit)
}

fn each_of_identifier<'a, B>(
    identifier: ElementRef<'a>,
    fields: Identifier,
    visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let system = text_at(identifier, fields.system);
    let value = text_at(identifier, fields.value);
    if system.is_some() || value.is_some() {
        visit(IndexValue::Token(identifier_token(system, value)))?;
    } else if has_value(identifier) {
        visit(IndexValue::Present)?;
    }
    let Some(kind) = element_at(identifier, fields.kind) else {
        return ControlFlow::Continue(());
    };
    if let (Some(value), Content::Elements(codings)) = (value, content(kind, fields.of_kind.coding))
    {
        for coding in codings.entries() {
            let of_coding = fields.of_kind.of_coding;
            let system = text_at(coding, of_coding.system);
            if let (Some(system), Some(code)) = (system, text_at(coding, of_coding.code)) {
                visit(IndexValue::OfType(TypedIdentifier {
                    system,
                    code,
                    value,
                }))?;
            }
        }
    }
    each_text(text_at(kind, fields.of_kind.text), visit)
}

const fn identifier_token<'a>(system: Option<&'a str>, value: Option<&'a str>) -> Token<'a> {
    Token {
        system,
        code: value,
        ignores_case: true,
    }
}

/// A reference in a study.
#[derive(Clone, Copy)]
struct Referring<'a> {
    element: ElementRef<'a>,
    fields: Reference,
    study: ElementRef<'a>,
}

impl<'a> Referring<'a> {
    /// A reference gives itself and the identifier that it has; nothing if it is not known to lead to
    /// a resource of the type that alone is wanted.
    fn each<B>(
        self,
        only: Option<&str>,
        options: &Options,
        visit: &mut impl FnMut(IndexValue<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let literal = text_at(self.element, self.fields.reference).map(without_version);
        if only.is_some_and(|only| self.resource_type(literal) != Some(only)) {
            return ControlFlow::Continue(());
        }
        let value = literal.and_then(|literal| of_reference(literal, options));
        let identifier = element_at(self.element, self.fields.identifier);
        let (system, code) = match identifier {
            Some(identifier) => (identifier.str("system"), identifier.str("value")),
            None => (None, None),
        };
        let identified = system.is_some() || code.is_some();
        if let Some(value) = value {
            visit(value)?;
        } else if !identified && has_value(self.element) {
            visit(IndexValue::Present)?;
        }
        match identified {
            true => visit(IndexValue::ReferenceIdentifier(identifier_token(
                system, code,
            ))),
            false => ControlFlow::Continue(()),
        }
    }

    /// The type of the resource that it leads to: by its form, else as it says itself, else by the
    /// contained resource.
    fn resource_type(self, literal: Option<&'a str>) -> Option<&'a str> {
        let by_form = literal
            .filter(|literal| !literal.starts_with('#') && !literal.starts_with("urn:"))
            .and_then(type_and_id);
        if let Some((_, name, _)) = by_form {
            return Some(name);
        }
        if let Some(name) = text_at(self.element, self.fields.kind) {
            let plain = name.strip_prefix("http://hl7.org/fhir/StructureDefinition/");
            return Some(plain.unwrap_or(name));
        }
        let id = literal?.strip_prefix('#')?;
        let contained = self.study.field("contained")?;
        let mut contained = contained.values().filter_map(|value| match value {
            ValueRef::Resource(resource) => Some(resource),
            _ => None,
        });
        let found = contained.find(|resource| resource.id() == Some(id))?;
        Some(found.resource_type())
    }
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
    let before = reference.rsplit_once('/').map(|(before, _)| before);
    let literal = before.and_then(|before| before.strip_suffix("/_history"));
    literal.unwrap_or(reference)
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
    let fits = |byte: u8| byte > b' ' && !matches!(byte, b'/' | b'|' | b'#' | b'?' | b':');
    !id.is_empty() && id.bytes().all(fits)
}
