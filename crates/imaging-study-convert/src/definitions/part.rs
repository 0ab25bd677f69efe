//! What an extension holds.

use std::collections::{BTreeMap, BTreeSet};

use imaging_study_core::{FieldType, TypeInfo};

use crate::carry::DATATYPE;
use crate::version::Version;

/// An extension as conversions write it: the types of its value, and the extensions in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtensionPart {
    /// The types that its value may have; empty where it has no value.
    pub types: BTreeSet<&'static str>,
    /// The extensions in it by their URLs, which are names of elements but for that of the type;
    /// empty where it has none.
    pub parts: BTreeMap<String, ExtensionPart>,
    /// Whether it may be there more than once.
    pub many: bool,
}

impl ExtensionPart {
    /// Adds the parts of a value that stands in extensions: one for each element of its type.
    pub(super) fn add_parts(
        &mut self,
        info: &'static TypeInfo,
        source: &'static Version,
        target: &'static Version,
    ) {
        for field in info.fields {
            let part = self.parts.entry(field.stem().to_owned()).or_default();
            part.many |= field.many;
            // What somebody else had in the value is nothing that a definition could know.
            if matches!(field.name, "extension" | "modifierExtension") {
                continue;
            }
            for field_type in field.types {
                match field_type {
                    FieldType::Element(inner) if source.value_info(inner().name).is_none() => {
                        part.add_parts(inner(), source, target);
                    }
                    field_type => part.add_type(field_type.name(), target),
                }
            }
        }
    }

    /// Adds a type of the value, in the form that the target has for it.
    fn add_type(&mut self, name: &'static str, target: &'static Version) {
        let name = match name {
            _ if target.value_type(name).is_some() => name,
            "canonical" | "url" | "uuid" => "uri",
            "integer64" => "string",
            // The value stands in an extension that the part holds.
            _ => return,
        };
        self.types.insert(name);
    }

    /// Adds the part that says which type the value has.
    pub(super) fn add_datatype(&mut self) {
        let part = self.parts.entry(DATATYPE.to_owned()).or_default();
        part.types.insert("string");
    }

    /// Adds what another one may hold.
    pub(super) fn add(&mut self, other: Self) {
        self.types.extend(other.types);
        self.many |= other.many;
        for (url, part) in other.parts {
            self.parts.entry(url).or_default().add(part);
        }
    }
}
