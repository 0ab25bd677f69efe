//! What a conversion must know of a version.

use std::collections::HashMap;
use std::sync::OnceLock;

use imaging_study_core::{
    CodeSet, FhirVersion, FieldInfo, FieldType, Json, ObjectElement, TypeInfo,
};

use crate::context::Context;
use crate::hub::{Extension, NeutralElement};
use crate::versions;

/// A version: its descriptions, and what can only be done with its Rust types.
pub(crate) struct Version {
    pub(crate) fhir_version: FhirVersion,
    /// The description of the study.
    pub(crate) study: fn() -> &'static TypeInfo,
    /// The description of the type Extension.
    pub(crate) extension: fn() -> &'static TypeInfo,
    /// The names of its types, resources among them.
    pub(crate) types: TypeNames,
    pub(crate) new_extension: fn() -> Box<dyn ObjectElement>,
    /// Reads an extension from its JSON; whether it is one.
    pub(crate) set_extension: fn(&mut dyn ObjectElement, &Json) -> bool,
    pub(crate) extension_json: fn(&dyn ObjectElement) -> Json,
    pub(crate) new_study: fn() -> Box<dyn ObjectElement>,
    /// Reads a study from its JSON; whether it is one.
    pub(crate) set_study: fn(&mut dyn ObjectElement, &Json) -> bool,
    pub(crate) study_json: fn(&dyn ObjectElement) -> Option<Json>,
}

/// The names of the types of a version.
pub(crate) enum TypeNames {
    /// A name a line; no element of the version has them as codes.
    Lines(&'static str),
    /// The codes of an element of the version.
    Codes(Option<&'static CodeSet>),
}

/// The references whose targets differ between versions and that rules ask about.
#[derive(Clone, Copy)]
pub(crate) struct VersionTargets(&'static Version);

impl VersionTargets {
    /// What the first of some elements that the version has may point at.
    fn first(info: &'static TypeInfo, names: &[&str]) -> &'static [&'static str] {
        let field = names.iter().find_map(|name| info.field(name));
        field.map_or(&[], |field| field.targets)
    }

    fn of_study(self, names: &[&str]) -> &'static [&'static str] {
        Self::first((self.0.study)(), names)
    }

    /// Of a remark's author.
    pub(crate) fn author(self) -> &'static [&'static str] {
        let annotation = self.0.value_info("Annotation");
        annotation.map_or(&[], |info| Self::first(info, &["author[x]"]))
    }

    /// Of a performer's actor: where there is no element for one, what travels there.
    pub(crate) fn actor(self) -> &'static [&'static str] {
        let performer =
            element((self.0.study)(), "series").and_then(|series| series.field("performer"));
        match performer.map(|field| (field, field.types)) {
            Some((_, [FieldType::Element(info)])) if info().name != "Reference" => {
                Self::first(info(), &["actor"])
            }
            Some((field, _)) => field.targets,
            None => &["Practitioner"],
        }
    }

    /// Of the reason for a study.
    pub(crate) fn reason(self) -> &'static [&'static str] {
        self.of_study(&["reasonReference", "reason"])
    }

    /// Of the encounter.
    pub(crate) fn encounter(self) -> &'static [&'static str] {
        self.of_study(&["encounter", "context"])
    }

    /// Of who read the images.
    pub(crate) fn interpreter(self) -> &'static [&'static str] {
        self.of_study(&["interpreter"])
    }
}

/// The description of the complex element of a name.
fn element(info: &TypeInfo, name: &str) -> Option<&'static TypeInfo> {
    match info.field(name)?.types {
        [FieldType::Element(inner)] => Some(inner()),
        _ => None,
    }
}

impl Version {
    /// What references of the version may point at.
    pub(crate) fn targets(&'static self) -> VersionTargets {
        VersionTargets(self)
    }

    /// The description of an element by its path, e.g. `ImagingStudy.series.uid`.
    pub(crate) fn field(&self, path: &str) -> Option<&'static FieldInfo> {
        let (above, last) = path.rsplit_once('.')?;
        let mut names = above.split('.').skip(1);
        names.try_fold((self.study)(), element)?.field(last)
    }

    /// Where a type stands among those that an extension of the version may hold.
    pub(crate) fn value_place(&self, type_name: &str) -> Option<u8> {
        static PLACES: [OnceLock<HashMap<&str, u8>>; FhirVersion::ALL.len()] =
            [const { OnceLock::new() }; FhirVersion::ALL.len()];
        let places = PLACES[versions::index(self.fhir_version)].get_or_init(|| {
            let value = (self.extension)().field("value[x]");
            let types = value.into_iter().flat_map(|value| value.types);
            types.map(FieldType::name).zip(0..).collect()
        });
        places.get(type_name).copied()
    }

    /// The type that an extension of the version may hold under a name.
    pub(crate) fn value_type(&self, type_name: &str) -> Option<&'static FieldType> {
        let value = (self.extension)().field("value[x]")?;
        value.types.get(usize::from(self.value_place(type_name)?))
    }

    /// The description of a data type that an extension of the version may hold.
    pub(crate) fn value_info(&self, type_name: &str) -> Option<&'static TypeInfo> {
        match self.value_type(type_name)? {
            FieldType::Element(info) => Some(info()),
            _ => None,
        }
    }

    /// The description of a data type that an extension of the version may hold, or of a type that
    /// is defined inside one, such as `Timing.repeat`.
    pub(crate) fn type_info(&self, name: &str) -> Option<&'static TypeInfo> {
        let mut steps = name.split('.');
        let mut info = self.value_info(steps.next()?)?;
        for step in steps {
            let field = info.fields.iter().find(|field| field.stem() == step)?;
            let FieldType::Element(inner) = field.types.first()? else {
                return None;
            };
            info = inner();
        }
        Some(info)
    }

    /// Whether the version has a resource of a type.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        match &self.types {
            TypeNames::Lines(lines) => lines.lines().any(|line| line == name),
            TypeNames::Codes(codes) => codes.is_some_and(|codes| codes.codes.contains(&name)),
        }
    }

    /// Reads an extension from its JSON; `None` if it is not legal in the version.
    pub(crate) fn read_extension(&self, json: &Json) -> Option<Extension> {
        let mut element = (self.new_extension)();
        (self.set_extension)(&mut *element, json).then(|| Extension::lift(&mut *element))
    }

    /// Lowers an extension into the version and writes it as JSON.
    pub(crate) fn lower_extension(&self, extension: Extension, context: &mut Context<'_>) -> Json {
        let mut element = (self.new_extension)();
        extension.lower(&mut *element, context);
        (self.extension_json)(&*element)
    }
}
