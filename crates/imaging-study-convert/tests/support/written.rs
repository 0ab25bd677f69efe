//! The extensions that conversions have written into a study.

use imaging_study_any::with_types;
use imaging_study_core::{Element, FhirVersion, FieldType, Json, TypeInfo};

/// The extension that says which type a value has.
pub(crate) const DATATYPE: &str = "http://hl7.org/fhir/StructureDefinition/_datatype";

/// The extension around a reference that the version does not allow.
pub(crate) const ALTERNATE_REFERENCE: &str =
    "http://hl7.org/fhir/StructureDefinition/alternate-reference";

/// The version and the element that the URL of a cross-version extension names.
pub(crate) fn parse(url: &str) -> Option<(&str, &str)> {
    let (number, rest) = url.strip_prefix("http://hl7.org/fhir/")?.split_once('/')?;
    let element = rest.strip_prefix("StructureDefinition/extension-")?;
    FhirVersion::ALL
        .iter()
        .any(|version| version.number() == number)
        .then_some((number, element))
}

/// An extension in a study: what it stands on, and itself.
pub(crate) struct Written<'j> {
    /// The element that it stands on by its path, e.g. `ImagingStudy.series` or `Identifier.use`.
    pub(crate) path: String,
    /// The type of that element.
    pub(crate) type_name: &'static str,
    /// Whether it stands among the modifier extensions.
    pub(crate) modifier: bool,
    pub(crate) json: &'j Json,
}

impl Written<'_> {
    pub(crate) fn url(&self) -> &str {
        self.json.get("url").and_then(Json::as_str).unwrap_or("")
    }

    /// What the definition names as its place: the element that it carries, or else the type that
    /// it stands on, wherever that type is used.
    pub(crate) fn context(&self) -> String {
        match parse(self.url()) {
            Some((_, carried)) if carried.starts_with("ImagingStudy") => self.path.clone(),
            Some((_, carried)) if carried == self.path => self.path.clone(),
            Some((_, carried)) if carried.ends_with(".id") => "Element".to_owned(),
            _ => self.type_name.to_owned(),
        }
    }
}

/// Finds what conversions write in a study of a version.
pub(crate) fn find<'j>(study: &'j Json, version: FhirVersion, found: &mut dyn FnMut(Written<'j>)) {
    let (info, extension) = with_types!(version, types => {
        (types::ImagingStudy::info(), types::Extension::info())
    });
    let mut finder = Finder {
        study: info,
        extension,
        found,
    };
    finder.object(study, info, "ImagingStudy", "ImagingStudy");
}

struct Finder<'f, 'j> {
    study: &'static TypeInfo,
    extension: &'static TypeInfo,
    found: &'f mut dyn FnMut(Written<'j>),
}

impl<'j> Finder<'_, 'j> {
    fn object(
        &mut self,
        json: &'j Json,
        info: &'static TypeInfo,
        path: &str,
        type_name: &'static str,
    ) {
        let extension = self.extension;
        for (name, value) in json.as_object().unwrap_or_default() {
            let stem = name.strip_prefix('_').unwrap_or(name);
            if matches!(stem, "extension" | "modifierExtension") {
                for extension in value.as_array().unwrap_or_default() {
                    self.extension(extension, path, type_name, stem != "extension");
                }
                continue;
            }
            let Some((field, field_type)) = info.resolve(stem) else {
                continue;
            };
            let path = match field.name.ends_with("[x]") && info.name != "Extension" {
                true => format!("{}.{}", info.name, field.name),
                false => format!("{}.{}", info.name, field.stem()),
            };
            let one = std::slice::from_ref(value);
            for entry in value.as_array().unwrap_or(one) {
                match field_type {
                    FieldType::Element(inner) => {
                        self.object(entry, inner(), &path, inner().name);
                    }
                    FieldType::Scalar(scalar, _) if name.starts_with('_') => {
                        self.object(entry, extension, &path, scalar.name());
                    }
                    FieldType::Resource
                        if entry.get("resourceType").and_then(Json::as_str)
                            == Some("ImagingStudy") =>
                    {
                        self.object(entry, self.study, "ImagingStudy", "ImagingStudy");
                    }
                    _ => {}
                }
            }
        }
    }

    fn extension(&mut self, json: &'j Json, path: &str, type_name: &'static str, modifier: bool) {
        let url = json.get("url").and_then(Json::as_str).unwrap_or("");
        if parse(url).is_some() || matches!(url, DATATYPE | ALTERNATE_REFERENCE) {
            (self.found)(Written {
                path: path.to_owned(),
                type_name,
                modifier,
                json,
            });
        }
        self.object(json, self.extension, path, "Extension");
    }
}
