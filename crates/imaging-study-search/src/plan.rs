//! Where a parameter finds its values, and how it reads them.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use imaging_study_any::with_types;
use imaging_study_core::{
    Element, ElementRef, FhirVersion, FieldType, ScalarType, TypeInfo, ValueRef,
};

use crate::parameter::{Parameter, ParameterKind};

/// How a value is read, by the type of the element that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Coding,
    Concept,
    Identifier,
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
    },
    Date,
    Instant,
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
            (FieldType::Element(info), _) => match info().name {
                "Coding" => Leaf::Coding,
                "CodeableConcept" => Leaf::Concept,
                "Identifier" => Leaf::Identifier,
                "Reference" => Leaf::Reference { only },
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

fn below<'a, B>(
    element: ElementRef<'a>,
    steps: &[usize],
    visit: &mut impl FnMut(ValueRef<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Some((first, rest)) = steps.split_first() else {
        return ControlFlow::Continue(());
    };
    let Some(field) = element.at(*first) else {
        return ControlFlow::Continue(());
    };
    for value in field.values() {
        if rest.is_empty() {
            visit(value)?;
        } else if let ValueRef::Element(inner) = value {
            below(inner, rest, visit)?;
        }
    }
    ControlFlow::Continue(())
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
                        Leaf::Coding
                            | Leaf::Concept
                            | Leaf::Identifier
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
