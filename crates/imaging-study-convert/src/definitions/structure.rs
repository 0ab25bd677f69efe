//! The StructureDefinition of an extension, in the form of the version that it is written into.

use std::collections::BTreeSet;

use imaging_study_core::{FhirVersion, Json};

use super::{ExtensionDefinition, ExtensionPart, is_datatype};
use crate::carry;

/// The elements of a differential: it grows as the tree of parts is walked.
struct Differential {
    version: FhirVersion,
    elements: Vec<Json>,
}

impl ExtensionDefinition {
    /// The logical id of the StructureDefinition, e.g. `5.0-ImagingStudy.partOf`; no two of a
    /// version are equal.
    #[must_use]
    pub fn id(&self) -> String {
        match (carry::parse(&self.url), &self.element) {
            (Some((version, _)), Some(element)) => format!("{}-{element}", version.number()),
            _ => {
                let last = self.url.rsplit('/').next().unwrap_or_default();
                last.trim_start_matches('_').to_owned()
            }
        }
    }

    /// What the extension means, in a sentence.
    #[must_use]
    pub fn meaning(&self) -> String {
        let version = self.version;
        let from = names(&self.from);
        let element = match self.element.as_deref() {
            None if is_datatype(&self.url) => {
                return "The type of a value that stands in a form without that type".to_owned();
            }
            None => {
                return format!(
                    "A reference to a resource of a type that {version} does not allow here"
                );
            }
            Some(element) => element,
        };
        match element.split_once('.') {
            Some(("Element" | "Extension", "id")) => {
                format!("The id of an element of FHIR {from}, which is none in {version}")
            }
            Some(("Extension", "value")) => {
                format!(
                    "A value of a type of FHIR {from} that an extension cannot have in {version}"
                )
            }
            Some((name, "value")) if name.starts_with(|first: char| first.is_lowercase()) => {
                format!("The text of a {name} of FHIR {from} where {version} does not allow it")
            }
            _ => format!(
                "{element} of FHIR {from}, where {version} has no place for it or for its value"
            ),
        }
    }

    /// The StructureDefinition of the extension: the form of the version, with a differential.
    ///
    /// Where an extension is written among the modifier extensions too, it is defined as one that
    /// is none: a definition can be only one of the two.
    #[must_use]
    pub fn structure_definition(&self) -> Json {
        let id = self.id();
        let name: String = id
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .map(capitalised)
            .collect();
        let name = match name.starts_with(|first: char| first.is_ascii_digit()) {
            true => format!("Fhir{name}"),
            false => name,
        };
        let meaning = self.meaning();
        let source = match self.published {
            true => "defined by HL7",
            false => {
                "not in any package of HL7's; its URL follows HL7's rule for extensions of other versions"
            }
        };
        let mut members = vec![
            ("resourceType", text("StructureDefinition")),
            ("id", text(&id)),
            ("url", text(&self.url)),
        ];
        let dstu2 = self.version == FhirVersion::Dstu2;
        if !dstu2 {
            members.push(("version", text(env!("CARGO_PKG_VERSION"))));
        }
        members.extend([
            ("name", text(&name)),
            (if dstu2 { "display" } else { "title" }, text(&meaning)),
            ("status", text(if dstu2 { "draft" } else { "active" })),
            ("experimental", Json::Boolean(false)),
            ("publisher", text("imaging-study")),
            ("description", text(&format!("{meaning} ({source}).",))),
        ]);
        members.push(("fhirVersion", text(full_number(self.version))));
        members.extend([(
            "kind",
            text(if dstu2 { "datatype" } else { "complex-type" }),
        )]);
        if dstu2 {
            members.push(("constrainedType", text("Extension")));
        }
        members.push(("abstract", Json::Boolean(false)));
        self.push_contexts(&mut members);
        let base = text("http://hl7.org/fhir/StructureDefinition/Extension");
        if dstu2 {
            members.push(("base", base));
        } else {
            members.extend([
                ("type", text("Extension")),
                ("baseDefinition", base),
                ("derivation", text("constraint")),
            ]);
        }
        let mut differential = Differential {
            version: self.version,
            elements: Vec::new(),
        };
        differential.root(self, &meaning);
        let elements = Json::Array(differential.elements);
        members.push(("differential", object([("element", elements)])));
        object(members)
    }

    fn push_contexts(&self, members: &mut Vec<(&str, Json)>) {
        let contexts = self.contexts.iter();
        if self.version < FhirVersion::R4 {
            let of_resource = contexts
                .clone()
                .any(|context| context.starts_with("ImagingStudy"));
            let kind = if of_resource { "resource" } else { "datatype" };
            members.push(("contextType", text(kind)));
            let list = contexts.map(|context| text(context)).collect();
            members.push(("context", Json::Array(list)));
        } else {
            let element = |context: &String| {
                object([("type", text("element")), ("expression", text(context))])
            };
            members.push(("context", Json::Array(contexts.map(element).collect())));
        }
    }
}

impl Differential {
    fn root(&mut self, definition: &ExtensionDefinition, meaning: &str) {
        let max = if definition.holds.many { "*" } else { "1" };
        let mut root = vec![
            ("id", text("Extension")),
            ("path", text("Extension")),
            ("short", text(meaning)),
            ("definition", text(meaning)),
            ("min", number("0")),
            ("max", text(max)),
        ];
        if definition.modifier && !definition.plain {
            root.push(("isModifier", Json::Boolean(true)));
            if self.version >= FhirVersion::R4 {
                let why = "the record is not to be used as if this were not there";
                root.push(("isModifierReason", text(why)));
            }
        }
        self.push(root);
        self.inside(&definition.holds, "Extension", "Extension", &definition.url);
    }

    /// The elements of an extension below its own.
    fn inside(&mut self, part: &ExtensionPart, id: &str, path: &str, url: &str) {
        let extension = format!("{path}.extension");
        if !part.parts.is_empty() {
            let discriminator = match self.version {
                FhirVersion::Dstu2 => Json::Array(vec![text("url")]),
                _ => {
                    let by = object([("type", text("value")), ("path", text("url"))]);
                    Json::Array(vec![by])
                }
            };
            let slicing = object([("discriminator", discriminator), ("rules", text("open"))]);
            self.push(vec![
                ("id", text(&format!("{id}.extension"))),
                ("path", text(&extension)),
                ("slicing", slicing),
            ]);
            for (url, inner) in &part.parts {
                let slice = if is_datatype(url) { "_datatype" } else { url };
                let id = format!("{id}.extension:{slice}");
                let slice_name = match self.version {
                    FhirVersion::Dstu2 => "name",
                    _ => "sliceName",
                };
                let max = if inner.many { "*" } else { "1" };
                self.push(vec![
                    ("id", text(&id)),
                    ("path", text(&extension)),
                    (slice_name, text(slice)),
                    ("min", number("0")),
                    ("max", text(max)),
                ]);
                self.inside(inner, &id, &extension, url);
            }
        }
        self.push(vec![
            ("id", text(&format!("{id}.url"))),
            ("path", text(&format!("{path}.url"))),
            ("fixedUri", text(url)),
        ]);
        let mut value = vec![
            ("id", text(&format!("{id}.value[x]"))),
            ("path", text(&format!("{path}.value[x]"))),
        ];
        if part.types.is_empty() && !part.parts.is_empty() {
            value.extend([("min", number("0")), ("max", text("0"))]);
        } else if !part.types.is_empty() {
            if part.parts.is_empty() {
                value.push(("min", number("1")));
            }
            let types = part.types.iter().map(|name| object([("code", text(name))]));
            value.push(("type", Json::Array(types.collect())));
        } else {
            return;
        }
        self.push(value);
    }

    fn push(&mut self, mut members: Vec<(&str, Json)>) {
        if self.version == FhirVersion::Dstu2 {
            // Ids of that version take no colons and brackets, and nobody reads them.
            members.retain(|(name, _)| *name != "id");
        }
        self.elements.push(object(members));
    }
}

fn number(digits: &str) -> Json {
    digits.parse().map_or(Json::Null, Json::Number)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn names(versions: &BTreeSet<FhirVersion>) -> String {
    let names: Vec<_> = versions.iter().map(|version| version.name()).collect();
    names.join(", ")
}

/// The full number of a version, e.g. `4.0.1`, as its own definitions name it.
#[must_use]
pub fn full_number(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Dstu2 => "1.0.2",
        FhirVersion::Stu3 => "3.0.2",
        FhirVersion::R4 => "4.0.1",
        FhirVersion::R4B => "4.3.0",
        FhirVersion::R5 => "5.0.0",
        FhirVersion::R6Draft => "6.0.0-ballot2",
        FhirVersion::R6 => "6.0.0-ballot5",
    }
}

fn text(text: &str) -> Json {
    Json::String(text.into())
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, Json)>) -> Json {
    let members = members.into_iter();
    Json::Object(members.map(|(name, json)| (name.into(), json)).collect())
}
