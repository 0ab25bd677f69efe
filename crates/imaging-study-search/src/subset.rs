//! Parts of a study.

use imaging_study_any::AnyImagingStudy;
use imaging_study_core::{
    ElementMut, ElementRef, FhirVersion, FieldInfo, FieldRef, FieldType, ValueRef,
};

use crate::result::{ResultParameters, SummaryMode};

/// A part of a study in place of all of it: `_summary` and `_elements`
/// (<https://hl7.org/fhir/R5/search.html#summary>).
///
/// What is left of the study has the tag `SUBSETTED`. Its counts stay as they are, so that it may
/// break rules that the whole study kept: it is not to be validated, and not to be stored.
///
/// ```
/// use imaging_study_any::AnyImagingStudy;
/// use imaging_study_search::{Subset, is_subset};
///
/// let mut study = AnyImagingStudy::read(
///     br#"{"resourceType": "ImagingStudy", "id": "a", "language": "en", "status": "available",
///         "subject": {"reference": "Patient/p"}, "numberOfInstances": 1, "interpreter": [{"display": "x"}],
///         "series": [{"uid": "1.2.4", "modality": {"code": "CT"},
///                     "instance": [{"uid": "1.2.5", "sopClass": {"code": "c"}}]}]}"#,
/// )?;
/// Subset::Elements(vec!["interpreter"]).apply(&mut study);
/// assert!(is_subset(&study));
/// assert_eq!(
///     study.to_json()?,
///     r#"{"resourceType":"ImagingStudy","id":"a","meta":{"tag":[{"#.to_owned()
///         + r#""system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]},"#
///         + r#""status":"available","subject":{"reference":"Patient/p"},"interpreter":[{"display":"x"}]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subset {
    /// What the standard marks as summary, what is required, and what modifies, at every level.
    /// Extensions and the ids of elements go, but modifier extensions stay.
    Summary,
    /// The narrative, the id, the meta data, what is required and what modifies.
    Text,
    /// All but the narrative.
    Data,
    /// The elements with these names, the id, the meta data, what is required and what modifies.
    Elements(Vec<&'static str>),
}

/// The code of the tag of a part.
const SUBSETTED: &str = "SUBSETTED";

/// The system of the tag of a part.
const fn tag_system(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Dstu2 | FhirVersion::Stu3 => "http://hl7.org/fhir/v3/ObservationValue",
        _ => "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    }
}

/// Whether a study is marked as a part of one, which is not to be stored as if it were all.
#[must_use]
pub fn is_subset(study: &AnyImagingStudy) -> bool {
    let meta = study.element().element("meta");
    let mut tags = meta.into_iter().flat_map(|meta| meta.elements("tag"));
    // Whichever version spelled the system.
    tags.any(|tag| {
        tag.str("code") == Some(SUBSETTED)
            && tag
                .str("system")
                .is_some_and(|system| system.ends_with("ObservationValue"))
    })
}

impl Subset {
    /// The part that a query asks for; nothing where it asks for all of each study. `_summary`
    /// comes before `_elements`.
    #[must_use]
    pub fn of(result: &ResultParameters) -> Option<Self> {
        match result.summary {
            Some(SummaryMode::True) => Some(Self::Summary),
            Some(SummaryMode::Text) => Some(Self::Text),
            Some(SummaryMode::Data) => Some(Self::Data),
            None | Some(SummaryMode::Count | SummaryMode::False) => {
                let elements = &result.elements;
                (!elements.is_empty()).then(|| Self::Elements(elements.clone()))
            }
        }
    }

    /// Takes everything else out of a study, and marks it.
    pub fn apply(&self, study: &mut AnyImagingStudy) {
        let mut element = study.element_mut();
        let gone = element
            .as_ref()
            .fields()
            .filter(|field| !self.keeps(field.info()));
        let gone: Vec<String> = gone.map(|field| field.name().to_string()).collect();
        for name in gone {
            element.clear(&name);
        }
        if *self == Self::Summary {
            trim(&mut element);
        }
        mark(study);
    }

    /// Whether an element at the root of the study stays.
    fn keeps(&self, info: &FieldInfo) -> bool {
        let always = matches!(info.name, "id" | "meta") || is_required(info);
        always
            || match self {
                Self::Summary => info.is_summary,
                Self::Text => info.name == "text",
                Self::Data => info.name != "text",
                Self::Elements(names) => names.contains(&info.name),
            }
    }
}

/// Adds the tag, unless it is there.
fn mark(study: &mut AnyImagingStudy) {
    if is_subset(study) {
        return;
    }
    let system = tag_system(study.version());
    let meta = study.element_mut().into_element("meta");
    let Some(mut meta) = meta else { return };
    let Some(mut tags) = meta.field("tag") else {
        return;
    };
    if let Some(mut tag) = tags.push_element() {
        // Both are legal texts of their types in every version.
        let _ = tag.set_text("system", system);
        let _ = tag.set_text("code", SUBSETTED);
    }
}

/// Whether an element inside the study belongs to its summary.
fn is_summary(info: &FieldInfo) -> bool {
    info.is_summary || is_required(info)
}

/// Whether an element stays also without anything in it that belongs to a summary.
fn is_required(info: &FieldInfo) -> bool {
    info.min > 0 || info.is_modifier
}

/// Extensions are kept or left out as they are.
fn is_whole(field: &FieldRef<'_>) -> bool {
    matches!(field.info().name, "extension" | "modifierExtension")
}

/// Whether something of an element is left in a summary.
fn survives(element: ElementRef<'_>) -> bool {
    element.fields().any(|field| {
        is_summary(field.info())
            && (is_whole(&field)
                || is_required(field.info())
                || field.values().any(|value| match value {
                    ValueRef::Element(inner) => survives(inner),
                    ValueRef::Primitive(primitive) => primitive.value().is_some(),
                    ValueRef::Attribute(_) | ValueRef::Resource(_) => true,
                }))
    })
}

/// Takes out what is not in a summary, at every level below.
fn trim(element: &mut ElementMut<'_>) {
    let view = element.as_ref();
    let fields: Vec<(String, &'static FieldInfo, bool)> = view
        .fields()
        .map(|field| (field.name().to_string(), field.info(), is_whole(&field)))
        .collect();
    for (name, info, whole) in fields {
        if !is_summary(info) {
            element.clear(&name);
        } else if !whole {
            trim_field(element, &name, info);
        }
    }
}

/// Trims the entries of a field, and takes out those of which nothing is left. What is required
/// stays as it is in that case.
fn trim_field(element: &mut ElementMut<'_>, name: &str, info: &FieldInfo) {
    let required = is_required(info);
    let Some(field) = element.as_ref().field(name) else {
        return;
    };
    let of_elements = matches!(field.field_type(), Some(FieldType::Element(_)));
    let left: Vec<bool> = field
        .values()
        .map(|value| match value {
            ValueRef::Element(inner) => survives(inner),
            ValueRef::Primitive(primitive) => primitive.value().is_some(),
            ValueRef::Attribute(_) | ValueRef::Resource(_) => true,
        })
        .collect();
    if !required && left.iter().all(|left| !left) {
        return element.clear(name);
    }
    let Some(mut field) = element.field(name) else {
        return;
    };
    for (index, left) in left.iter().enumerate() {
        if !left {
            continue;
        }
        if of_elements {
            if let Some(mut inner) = field.element(index) {
                trim(&mut inner);
            }
        } else if let Some(mut primitive) = field.primitive(index) {
            primitive.clear_element();
        }
    }
    if !required {
        field.retain(|index| left.get(index) == Some(&true));
    }
}
