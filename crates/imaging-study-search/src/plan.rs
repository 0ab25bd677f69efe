//! Where a parameter finds its values, and how it reads them.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use imaging_study_any::with_types;
use imaging_study_core::{
    Content, Element, ElementRef, FhirVersion, FieldType, ObjectElements, ScalarType, TypeInfo,
    ValueRef,
};

use crate::parameter::{Parameter, ParameterKind};

/// How a value is read, by the type of the element that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Coding(Coding),
    Concept(Concept),
    Identifier(Identifier),
    /// A code whose list tells its system.
    Code {
        system: &'static str,
        codes: &'static [&'static str],
    },
    /// A text without a system: an id, a UID, a language.
    Plain,
    Uri,
    /// A URL of a definition, with its version behind `|`.
    Canonical,
    /// A reference, where `only` is said to resources of that type alone.
    Reference {
        only: Option<&'static str>,
        fields: Reference,
    },
    Date,
    Instant,
}

/// Where the elements stand that are looked at, as indexes into the fields of their types: names are
/// looked up once, and not in every study.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $element:literal),+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name {
            $(pub(crate) $field: usize,)+
        }

        impl $name {
            fn of(info: &TypeInfo) -> Self {
                // A version without the element has nothing at the index.
                let at = |name: &str| info.fields.iter().position(|field| field.name == name);
                Self { $($field: at($element).unwrap_or(usize::MAX),)+ }
            }
        }
    )+};
}
fields! {
    /// Those of a Coding.
    Coding { system: "system", code: "code", display: "display" }
    /// Those of an Identifier.
    IdentifierFields { kind: "type", system: "system", value: "value" }
    /// Those of a Reference.
    Reference { reference: "reference", kind: "type", identifier: "identifier" }
    /// Those of a CodeableConcept.
    ConceptFields { coding: "coding", text: "text" }
}

/// Those of a CodeableConcept, and of its codings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    pub(crate) coding: usize,
    pub(crate) text: usize,
    pub(crate) of_coding: Coding,
}

/// Those of an Identifier, and of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identifier {
    pub(crate) kind: usize,
    pub(crate) system: usize,
    pub(crate) value: usize,
    pub(crate) of_kind: Concept,
}

impl Identifier {
    fn of(info: &TypeInfo) -> Option<Self> {
        let IdentifierFields {
            kind,
            system,
            value,
        } = IdentifierFields::of(info);
        Some(Self {
            kind,
            system,
            value,
            of_kind: Concept::of(type_of(info, kind)?)?,
        })
    }
}

/// The type of an element at an index.
fn type_of(info: &TypeInfo, index: usize) -> Option<&'static TypeInfo> {
    match info.fields.get(index)?.types.first()? {
        FieldType::Element(info) => Some(info()),
        _ => None,
    }
}

impl Concept {
    fn of(info: &TypeInfo) -> Option<Self> {
        let ConceptFields { coding, text } = ConceptFields::of(info);
        Some(Self {
            coding,
            text,
            of_coding: Coding::of(type_of(info, coding)?),
        })
    }
}

/// A path of a parameter's expression.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Indexes into the fields of each type on the way.
    steps: Vec<usize>,
    pub(crate) leaf: Leaf,
}

/// A parameter with its paths in the types of a version.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) parameter: &'static Parameter,
    pub(crate) sources: Vec<Source>,
    /// The modalities of the study itself, which are looked at on request.
    pub(crate) on_request: Option<Source>,
    of_instances: bool,
}

impl Plan {
    /// The plans of the parameters that can be answered, in the order of [`Parameter::of`].
    pub(crate) fn all(version: FhirVersion) -> &'static [Self] {
        static PLANS: [OnceLock<Vec<Plan>>; FhirVersion::ALL.len()] =
            [const { OnceLock::new() }; FhirVersion::ALL.len()];
        let Some(cell) = PLANS.get(version as usize) else {
            return &[];
        };
        cell.get_or_init(|| {
            let answered = Parameter::of(version).filter(|parameter| parameter.is_answered());
            answered
                .map(|parameter| Self::new(parameter, version))
                .collect()
        })
    }

    pub(crate) fn named(version: FhirVersion, name: &str) -> Option<&'static Self> {
        let mut plans = Self::all(version).iter();
        plans.find(|plan| plan.parameter.name == name)
    }

    fn new(parameter: &'static Parameter, version: FhirVersion) -> Self {
        let root = with_types!(version, types => types::ImagingStudy::info());
        let paths = parameter.expression.split(" | ");
        let modalities = match version {
            FhirVersion::Dstu2 | FhirVersion::Stu3 => "ImagingStudy.modalityList",
            _ => "ImagingStudy.modality",
        };
        Self {
            parameter,
            sources: paths
                .filter_map(|path| Source::new(parameter, path, root))
                .collect(),
            of_instances: parameter
                .expression
                .starts_with("ImagingStudy.series.instance."),
            on_request: (parameter.name == "modality")
                .then(|| Source::new(parameter, modalities, root))
                .flatten(),
        }
    }

    /// How the values are read: all paths of a parameter lead to one type.
    pub(crate) fn leaf(&self) -> Leaf {
        let first = self.sources.first();
        first.map_or(Leaf::Plain, |source| source.leaf)
    }

    /// Whether its values are those of instances.
    pub(crate) const fn is_of_instances(&self) -> bool {
        self.of_instances
    }

    /// Whether its values are DICOM UIDs, or may be among them.
    pub(crate) fn has_uids(&self) -> bool {
        matches!(
            self.parameter.name,
            "study" | "series" | "uid" | "instance" | "dicom-class" | "identifier"
        )
    }
}

/// Where the codes of a study's status come from.
const STATUS: &str = "http://hl7.org/fhir/imagingstudy-status";

impl Source {
    /// A path such as `ImagingStudy.series.uid`, in the types below `root`.
    fn new(parameter: &Parameter, path: &str, root: &'static TypeInfo) -> Option<Self> {
        let (path, only) = match path.split_once(".where(resolve() is ") {
            Some((path, _)) => (path, parameter.targets.first().copied()),
            None => (path, None),
        };
        let mut steps = Vec::new();
        let mut info = root;
        let mut last = None;
        for name in path.split('.').skip(1) {
            let step = info.fields.iter().position(|field| field.name == name)?;
            let field_type = info.fields.get(step)?.types.first()?;
            steps.push(step);
            last = Some(field_type);
            if let FieldType::Element(next) = field_type {
                info = next();
            }
        }
        let leaf = match (last?, parameter.kind) {
            (FieldType::Element(_), _) => match info.name {
                "Coding" => Leaf::Coding(Coding::of(info)),
                "CodeableConcept" => Leaf::Concept(Concept::of(info)?),
                "Identifier" => Leaf::Identifier(Identifier::of(info)?),
                "Reference" => Leaf::Reference {
                    only,
                    fields: Reference::of(info),
                },
                _ => return None,
            },
            (FieldType::Scalar(..), _) if parameter.name == "_profile" => Leaf::Canonical,
            (FieldType::Scalar(..), ParameterKind::Uri) => Leaf::Uri,
            (FieldType::Scalar(ScalarType::Code, Some(set)), _) => Leaf::Code {
                system: STATUS,
                codes: set.codes,
            },
            (FieldType::Scalar(ScalarType::DateTime, _), _) => Leaf::Date,
            (FieldType::Scalar(ScalarType::Instant, _), _) => Leaf::Instant,
            (FieldType::Scalar(..), _) => Leaf::Plain,
            (FieldType::Resource, _) => return None,
        };
        Some(Self { steps, leaf })
    }

    /// Visits every entry at the end of the path, until `visit` breaks.
    pub(crate) fn visit<'a, B>(
        &self,
        study: ElementRef<'a>,
        visit: &mut impl FnMut(ValueRef<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        below(study, &self.steps, visit)
    }
}

impl Source {
    /// Visits the list of instances of every series, if the path leads through them.
    pub(crate) fn visit_instances<'a>(
        &self,
        study: ElementRef<'a>,
        visit: &mut impl FnMut(&'a dyn ObjectElements),
    ) {
        let [series, instance, ..] = self.steps.as_slice() else {
            return;
        };
        let _ = below(study, &[*series], &mut |value| {
            if let Some(series) = value.element()
                && let Content::Elements(list) = content(series, *instance)
            {
                visit(list);
            }
            ControlFlow::<()>::Continue(())
        });
    }

    /// Visits every entry at the end of the path, in an instance on the way.
    pub(crate) fn visit_below<'a, B>(
        &self,
        instance: ElementRef<'a>,
        visit: &mut impl FnMut(ValueRef<'a>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        below(
            instance,
            self.steps.get(INSTANCE..).unwrap_or_default(),
            visit,
        )
    }
}

/// The number of steps from a study to its instances.
const INSTANCE: usize = 2;

fn below<'a, B>(
    element: ElementRef<'a>,
    steps: &[usize],
    visit: &mut impl FnMut(ValueRef<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Some((first, rest)) = steps.split_first() else {
        return visit(ValueRef::Element(element));
    };
    match content(element, *first) {
        Content::Element(inner) => below(inner, rest, visit),
        Content::Elements(list) => list
            .entries()
            .try_for_each(|inner| below(inner, rest, visit)),
        Content::Primitive(primitive) => visit(ValueRef::Primitive(primitive)),
        Content::Primitives(list) => list
            .entries()
            .try_for_each(|one| visit(ValueRef::Primitive(one))),
        Content::Attribute(scalar) => visit(ValueRef::Attribute(scalar)),
        Content::Absent | Content::Resources(_) => ControlFlow::Continue(()),
    }
}

/// What stands at an index of an element, without its description.
pub(crate) fn content(element: ElementRef<'_>, index: usize) -> Content<'_> {
    element.as_object().content(index).1
}

/// The text of the primitive at an index of an element.
pub(crate) fn text_at(element: ElementRef<'_>, index: usize) -> Option<&str> {
    match content(element, index) {
        Content::Primitive(primitive) => primitive.value()?.as_str(),
        Content::Attribute(scalar) => scalar.as_str(),
        _ => None,
    }
}

/// The element at an index of an element, if it does not repeat.
pub(crate) fn element_at(element: ElementRef<'_>, index: usize) -> Option<ElementRef<'_>> {
    match content(element, index) {
        Content::Element(inner) => Some(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_leads_somewhere_in_every_version() {
        for version in FhirVersion::ALL {
            for plan in Plan::all(version) {
                let paths = plan.parameter.expression.split(" | ").count();
                let name = plan.parameter.name;
                // DSTU2 and STU3 have no source.
                assert_eq!(plan.sources.len(), paths, "{version} {name}");
                let leaf = plan.leaf();
                assert!(plan.sources.iter().all(|source| source.leaf == leaf));
                let fits = match plan.parameter.kind {
                    ParameterKind::Token => matches!(
                        leaf,
                        Leaf::Coding(_)
                            | Leaf::Concept(_)
                            | Leaf::Identifier(_)
                            | Leaf::Code { .. }
                            | Leaf::Plain
                    ),
                    ParameterKind::Uri => matches!(leaf, Leaf::Uri | Leaf::Canonical),
                    ParameterKind::Reference => {
                        matches!(leaf, Leaf::Reference { .. } | Leaf::Canonical)
                    }
                    ParameterKind::Date => matches!(leaf, Leaf::Date | Leaf::Instant),
                    _ => false,
                };
                assert!(fits, "{version} {name}: {leaf:?}");
                assert_eq!(plan.on_request.is_some(), name == "modality");
            }
        }
    }
}
