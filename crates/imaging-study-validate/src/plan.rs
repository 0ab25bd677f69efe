//! What is to be checked in each type of a version, worked out from the descriptions once.

use std::collections::HashMap;
use std::sync::OnceLock;

use imaging_study_any::with_types;
use imaging_study_core::{
    BindingStrength, CodeSet, Element, FhirVersion, FieldInfo, FieldType, ScalarType, TypeInfo,
};

use crate::datatypes::{TypeRules, rules_of};
use crate::quick::{Quick, quick_of};

/// The types of a version; the first one is ImagingStudy.
#[derive(Debug)]
pub(crate) struct Plans(Vec<TypePlan>);

/// What is to be checked in a type.
#[derive(Debug)]
pub(crate) struct TypePlan {
    pub(crate) info: &'static TypeInfo,
    pub(crate) kind: Kind,
    pub(crate) rules: Option<TypeRules>,
    /// Tells elements in which nothing is wrong.
    pub(crate) quick: Option<Quick>,
    pub(crate) fields: Vec<FieldPlan>,
    /// The fields that must be there, a bit each: that of the first is 1.
    pub(crate) required: u64,
    /// The type of the ids of its elements.
    pub(crate) ids: ScalarType,
}

/// Types that need more than rules between their children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Resource,
    Extension,
    Reference,
    Narrative,
    CodeableReference,
    Other,
}

/// What is to be checked in a field.
#[derive(Debug)]
pub(crate) struct FieldPlan {
    pub(crate) info: &'static FieldInfo,
    /// Its name, of a choice without its type.
    pub(crate) stem: &'static str,
    /// Whether it is the id.
    pub(crate) id: bool,
    /// Whether it holds extensions that change the meaning of their element.
    pub(crate) modifier: bool,
    pub(crate) values: Vec<Value>,
    /// Whether it is a SimpleQuantity.
    pub(crate) simple: bool,
    /// What its codes look like, where no list of them is bound.
    pub(crate) shape: Option<Shape>,
    /// Whether its codes are among those of Modality.
    pub(crate) modality: bool,
    /// Whether it is a UID of DICOM, which is checked with the others of the study.
    pub(crate) uid: bool,
}

/// A type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    Scalar(ScalarType, Option<&'static CodeSet>),
    /// Its place in the plans.
    Element(usize),
    Resource,
}

/// What codes look like whose value set has no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A BCP 47 tag.
    Language,
    /// `type/subtype`, with parameters.
    MediaType,
    /// Three capital letters.
    Currency,
}

impl Plans {
    /// The plans of a version.
    pub(crate) fn of(version: FhirVersion) -> &'static Self {
        static PLANS: [OnceLock<Plans>; FhirVersion::ALL.len()] =
            [const { OnceLock::new() }; FhirVersion::ALL.len()];
        PLANS[version as usize].get_or_init(|| {
            let study = with_types!(version, types => types::ImagingStudy::info());
            let mut builder = Builder {
                version,
                plans: Vec::new(),
                places: HashMap::new(),
            };
            builder.plan(study);
            Self(builder.plans)
        })
    }

    /// That of ImagingStudy.
    pub(crate) fn study(&self) -> &TypePlan {
        self.get(0)
    }

    pub(crate) fn get(&self, place: usize) -> &TypePlan {
        &self.0[place]
    }

    /// That of a type by its name or path.
    pub(crate) fn named(&self, name: &str) -> Option<&TypePlan> {
        self.0.iter().find(|plan| plan.info.name == name)
    }
}

struct Builder {
    version: FhirVersion,
    plans: Vec<TypePlan>,
    places: HashMap<&'static str, usize>,
}

impl Builder {
    fn plan(&mut self, info: &'static TypeInfo) -> usize {
        if let Some(place) = self.places.get(info.name) {
            return *place;
        }
        let place = self.plans.len();
        self.places.insert(info.name, place);
        self.plans.push(TypePlan {
            info,
            kind: match info.name {
                "Extension" => Kind::Extension,
                "Reference" => Kind::Reference,
                "Narrative" => Kind::Narrative,
                "CodeableReference" => Kind::CodeableReference,
                _ if info.resource => Kind::Resource,
                _ => Kind::Other,
            },
            rules: rules_of(info.name, self.version),
            quick: quick_of(info.name, self.version),
            fields: Vec::new(),
            required: (0..)
                .zip(info.fields)
                .filter(|(_, field)| field.min > 0)
                .fold(0, |bits, (index, _)| bits | 1 << index),
            ids: self.version.id_type(info.name),
        });
        let fields = info.fields.iter();
        let fields = fields.map(|field| self.field(info, field)).collect();
        self.plans[place].fields = fields;
        place
    }

    fn field(&mut self, info: &'static TypeInfo, field: &'static FieldInfo) -> FieldPlan {
        let values = field.types.iter().map(|field_type| match field_type {
            FieldType::Scalar(scalar, codes) => Value::Scalar(*scalar, *codes),
            FieldType::Element(info) => Value::Element(self.plan(info())),
            FieldType::Resource => Value::Resource,
        });
        let values: Vec<Value> = values.collect();
        let binding = field.binding;
        let required = binding.filter(|binding| binding.strength == BindingStrength::Required);
        let value_set = required.map_or("", |binding| binding.value_set);
        let is_about = |word| value_set.contains(word);
        let shape = if is_about("bcp47") || is_about("language") {
            Some(Shape::Language)
        } else if is_about("mimetypes") || is_about("bcp13") {
            Some(Shape::MediaType)
        } else if is_about("currenc") {
            Some(Shape::Currency)
        } else {
            None
        };
        let listed = matches!(values.as_slice(), [Value::Scalar(_, Some(_))]);
        FieldPlan {
            info: field,
            stem: field.stem(),
            id: field.name == "id",
            modifier: field.name == "modifierExtension",
            simple: is_simple_quantity(self.version, info.name, field.name),
            shape: shape.filter(|_| !listed),
            modality: matches!(
                (info.name, field.name),
                (
                    "ImagingStudy" | "ImagingStudy.series",
                    "modality" | "modalityList"
                )
            ),
            uid: info.name.starts_with("ImagingStudy")
                && matches!(field.name, "uid" | "sopClass")
                && matches!(values.as_slice(), [Value::Scalar(..)]),
            values,
        }
    }
}

/// Where quantities have no comparator. DSTU2 has a type for them, other versions a profile.
fn is_simple_quantity(version: FhirVersion, type_name: &str, field: &str) -> bool {
    let of_ratio = (type_name, field) == ("Ratio", "denominator");
    (of_ratio && matches!(version, FhirVersion::R5 | FhirVersion::R6Draft))
        || matches!(
            (type_name, field),
            ("Range", "low" | "high")
                | ("SampledData", "origin")
                | ("Dosage.doseAndRate" | "Dosage", "dose[x]" | "rate[x]")
                | ("Dosage", "maxDosePerAdministration" | "maxDosePerLifetime")
                | (
                    "RatioRange",
                    "lowNumerator" | "highNumerator" | "denominator"
                )
        )
}

impl Shape {
    /// Whether a code looks so.
    pub(crate) fn fits(self, code: &str) -> bool {
        match self {
            Self::Language => {
                let mut parts = code.split('-');
                let first = parts.next().unwrap_or_default();
                let word = |part: &str| {
                    (1..=8).contains(&part.len())
                        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                };
                !first.is_empty()
                    && first.len() <= 8
                    && first.bytes().all(|byte| byte.is_ascii_alphabetic())
                    && parts.all(word)
            }
            Self::MediaType => {
                let essence = code.split(';').next().unwrap_or_default().trim_end();
                let token = |part: &str| {
                    let mut bytes = part.bytes();
                    !part.is_empty()
                        && bytes
                            .all(|byte| byte.is_ascii_graphic() && !b"/,;<>()\"".contains(&byte))
                };
                let parts = essence.split_once('/');
                parts.is_some_and(|(kind, subtype)| token(kind) && token(subtype))
            }
            Self::Currency => code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
        }
    }

    /// What is expected, for a message.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Language => "expected a language tag such as en-GB, found another code",
            Self::MediaType => "expected a media type such as image/png, found another code",
            Self::Currency => "expected a currency of three capital letters, found another code",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_a_plan_with_the_study_first() {
        for version in FhirVersion::ALL {
            let plans = Plans::of(version);
            assert_eq!(plans.study().info.name, "ImagingStudy");
            assert_eq!(plans.study().fields.len(), plans.study().info.fields.len());
            assert!(
                plans
                    .named("Timing.repeat")
                    .is_some_and(|plan| plan.rules.is_some())
            );
        }
    }

    /// A renamed type or element would silently lose its rules.
    #[test]
    fn simple_quantities_are_where_the_versions_have_them() {
        for (version, count) in [
            (FhirVersion::Dstu2, 3),
            (FhirVersion::Stu3, 3),
            (FhirVersion::R4, 7),
            (FhirVersion::R4B, 10),
            (FhirVersion::R5, 11),
            (FhirVersion::R6, 8),
        ] {
            let plans = Plans::of(version);
            let fields = plans.0.iter().flat_map(|plan| &plan.fields);
            assert_eq!(
                fields.filter(|field| field.simple).count(),
                count,
                "{version}"
            );
        }
    }

    #[test]
    fn shapes() {
        assert!(Shape::Language.fits("de") && Shape::Language.fits("zh-Hans-CN"));
        assert!(!Shape::Language.fits("de_DE") && !Shape::Language.fits("no such language"));
        assert!(
            Shape::MediaType.fits("text/plain; charset=UTF-8") && !Shape::MediaType.fits("png")
        );
        assert!(Shape::Currency.fits("EUR") && !Shape::Currency.fits("euro"));
    }
}
