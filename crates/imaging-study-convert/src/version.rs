//! What a conversion must know of a version.

use imaging_study_core::{CodeSet, FhirVersion, FieldType, Json, TypeInfo};

use crate::context::Context;
use crate::hub::{Extension, ImagingStudy, Instance, Series};

/// A version: the functions that take its extensions to the hub and back, and its tables.
pub(crate) struct Version {
    pub(crate) fhir_version: FhirVersion,
    /// The description of the type Extension.
    pub(crate) extension: fn() -> &'static TypeInfo,
    /// The description of an ImagingStudy.
    pub(crate) study: fn() -> &'static TypeInfo,
    /// What some references may point at.
    pub(crate) targets: fn() -> &'static VersionTargets,
    /// The names of its types, resources among them.
    pub(crate) types: &'static CodeSet,
    /// Reads an extension from its JSON; `None` if it is not legal in the version.
    pub(crate) read_extension: fn(&Json) -> Option<Extension>,
    /// Lowers an extension into the version and writes it as JSON.
    pub(crate) lower_extension: fn(Extension, &mut Context<'_>) -> Json,
    /// Reads an ImagingStudy from its JSON; `None` if it is not legal in the version.
    pub(crate) read_study: fn(&Json) -> Option<ImagingStudy<Series<Instance>>>,
    /// Lowers an ImagingStudy into the version and writes it as JSON.
    pub(crate) lower_study: fn(ImagingStudy<Series<Instance>>, &mut Context<'_>) -> Json,
}

/// What the references may point at whose targets differ between versions.
pub(crate) struct VersionTargets {
    /// Of a remark's author.
    pub(crate) author: &'static [&'static str],
    /// Of a performer's actor.
    pub(crate) actor: &'static [&'static str],
    /// Of the reason for a study.
    pub(crate) reason: &'static [&'static str],
    /// Of who was imaged.
    pub(crate) subject: &'static [&'static str],
    /// Of the encounter.
    pub(crate) encounter: &'static [&'static str],
    /// Of the orders.
    pub(crate) based_on: &'static [&'static str],
    /// Of who asked for the study.
    pub(crate) referrer: &'static [&'static str],
    /// Of who read the images.
    pub(crate) interpreter: &'static [&'static str],
}

/// The targets of an element.
pub(crate) fn targets(info: &'static TypeInfo, element: &str) -> &'static [&'static str] {
    info.field(element).map_or(&[], |field| field.targets)
}

impl Version {
    /// The type that an extension of the version may hold under a name.
    pub(crate) fn value_type(&self, type_name: &str) -> Option<&'static FieldType> {
        let value = (self.extension)().field("value[x]")?;
        value
            .types
            .iter()
            .find(|field_type| field_type.name() == type_name)
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
        self.types.codes.contains(&name)
    }
}
