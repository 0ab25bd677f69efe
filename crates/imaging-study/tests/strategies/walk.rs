//! A check of generated JSON that knows nothing but the descriptions of the types.

use std::collections::{BTreeMap, BTreeSet};

use imaging_study_core::{
    Definitions, Element, ElementType, FhirVersion, FieldInfo, FieldType, Json, JsonType,
    ScalarType, TypeDefinition, TypeInfo,
};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4 as r4;
use imaging_study_r4::strategy::Profile;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

/// Goes through the JSON of an element with nothing but the description of its type, and counts
/// what it meets.
pub(crate) struct Walk {
    version: FhirVersion,
    profile: Profile,
    definitions: &'static Definitions,
    /// Broken rules, with the path of the element.
    pub(crate) faults: Vec<String>,
    /// How often something worth generating was met.
    pub(crate) seen: BTreeMap<String, usize>,
    /// The greatest number of extensions, and of elements, inside one another.
    pub(crate) extension_depth: usize,
    pub(crate) depth: usize,
}

impl Walk {
    pub(crate) fn new<T: Element>(profile: Profile) -> Self {
        Self {
            version: T::VERSION,
            profile,
            definitions: T::definitions().expect("the feature definitions"),
            faults: Vec::new(),
            seen: BTreeMap::new(),
            extension_depth: 0,
            depth: 0,
        }
    }

    fn fault(&mut self, path: &str, what: &str) {
        self.faults.push(format!("{path}: {what}"));
    }

    fn note(&mut self, what: impl Into<String>) {
        *self.seen.entry(what.into()).or_default() += 1;
    }

    pub(crate) fn object(
        &mut self,
        info: &'static TypeInfo,
        value: &Json,
        path: &str,
        levels: (usize, usize),
    ) {
        let levels = (
            levels.0 + 1,
            levels.1 + usize::from(info.name == "Extension"),
        );
        self.depth = self.depth.max(levels.0);
        self.extension_depth = self.extension_depth.max(levels.1);
        let Some(members) = value.as_object() else {
            return self.fault(path, "no object");
        };
        let mut names = BTreeSet::new();
        let mut present = BTreeMap::new();
        for (name, value) in members {
            let path = format!("{path}.{name}");
            if !names.insert(name.as_str()) {
                self.fault(&path, "twice");
            }
            if name == "fhir_comments" && self.version == FhirVersion::Dstu2 {
                self.comments(value, &path);
                continue;
            }
            if name == "resourceType" && info.resource {
                if value.as_str() != Some(info.name) {
                    self.fault(&path, "wrong");
                }
                continue;
            }
            let (stem, sibling) = match name.strip_prefix('_') {
                Some(stem) => (stem, true),
                None => (name.as_str(), false),
            };
            let Some((field, field_type)) = info.resolve(stem) else {
                self.fault(&path, "unknown");
                continue;
            };
            if let Some(other) = present.insert(field.name, field_type.name())
                && other != field_type.name()
            {
                self.fault(&path, "a second value");
            }
            let other = if sibling {
                stem.to_owned()
            } else {
                format!("_{stem}")
            };
            let other = members
                .iter()
                .find_map(|(name, value)| (*name == other).then_some(value));
            match field_type {
                FieldType::Scalar(..) if sibling => {
                    if other.is_none() {
                        self.primitive(info, field, field_type, (None, Some(value)), &path, levels);
                    }
                }
                FieldType::Scalar(..) => {
                    self.primitive(info, field, field_type, (Some(value), other), &path, levels);
                }
                FieldType::Element(inner) => {
                    if value.as_array().is_some_and(|entries| entries.len() > 200) {
                        self.note(format!("hundreds of {name}"));
                    }
                    for value in self.entries(field, value, &path) {
                        self.object(inner(), value, &path, levels);
                    }
                }
                FieldType::Resource => {
                    for value in self.entries(field, value, &path) {
                        self.contained(value, &path, levels);
                    }
                }
            }
        }
        for field in info.fields {
            if field.min > 0 && !present.contains_key(field.name) {
                self.fault(path, &format!("{} missing", field.name));
            }
        }
        if present.keys().all(|name| *name == "id" && !info.resource) {
            self.fault(path, "empty");
        }
        if info.name == "Extension" {
            self.extension(value, path);
        }
    }

    fn comments(&mut self, value: &Json, path: &str) {
        self.note("comment");
        let comments = value.as_array().unwrap_or_default();
        if comments.is_empty() || comments.iter().any(|comment| comment.as_str().is_none()) {
            self.fault(path, "no comments");
        }
    }

    fn entries<'a>(&mut self, field: &FieldInfo, value: &'a Json, path: &str) -> Vec<&'a Json> {
        match (field.many, value) {
            (true, Json::Array(entries)) if !entries.is_empty() => entries.iter().collect(),
            (false, value) => vec![value],
            _ => {
                self.fault(path, "no list, or an empty one");
                Vec::new()
            }
        }
    }

    fn extension(&mut self, value: &Json, path: &str) {
        let has = |stem: &str| {
            value.as_object().is_some_and(|members| {
                members
                    .iter()
                    .any(|(name, _)| name.trim_start_matches('_').starts_with(stem))
            })
        };
        if has("extension") == has("value") {
            self.fault(path, "ext-1");
        }
        let Some(url) = value.get("url").and_then(Json::as_str) else {
            return self.fault(path, "no url");
        };
        if has("extension") {
            self.note("nested extension");
        }
        if url.ends_with("data-absent-reason") {
            self.note("data-absent-reason");
            if value.get("valueCode").is_none() {
                self.fault(path, "no reason");
            }
        } else if url.starts_with("http://hl7.org/fhir/") || url.contains("alternate-reference") {
            self.fault(path, "a url that conversions write");
        }
        for (name, _) in value.as_object().unwrap_or_default() {
            if let Some(value_type) = name.trim_start_matches('_').strip_prefix("value") {
                self.note(format!("value{value_type}"));
            }
        }
    }

    fn contained(&mut self, value: &Json, path: &str, levels: (usize, usize)) {
        let resource_type = value
            .get("resourceType")
            .and_then(Json::as_str)
            .unwrap_or_default();
        self.note(format!("contained {resource_type}"));
        if resource_type.is_empty() || value.get("contained").is_some() {
            self.fault(path, "no resource that can be contained");
        }
        if resource_type == "ImagingStudy" {
            let info = match self.version {
                FhirVersion::Dstu2 => dstu2::ImagingStudy::info(),
                FhirVersion::Stu3 => stu3::ImagingStudy::info(),
                FhirVersion::R4 => r4::ImagingStudy::info(),
                FhirVersion::R4B => r4b::ImagingStudy::info(),
                FhirVersion::R5 => r5::ImagingStudy::info(),
                FhirVersion::R6Draft => r6_draft::ImagingStudy::info(),
                FhirVersion::R6 => r6::ImagingStudy::info(),
            };
            self.object(info, value, path, levels);
        }
        // Hostile ones may have any members in any order.
        if self.profile != Profile::Hostile {
            self.defined_resource(value, path);
        }
    }

    /// A resource that keeps to the definition of its type.
    fn defined_resource(&mut self, value: &Json, path: &str) {
        let resource_type = value.get("resourceType").and_then(Json::as_str);
        let first = value.as_object().and_then(|members| members.first());
        if first.is_none_or(|(name, _)| name != "resourceType") {
            self.fault(path, "no resourceType at the start");
        }
        match resource_type.and_then(|name| self.definitions.resource(name)) {
            Some(definition) => self.defined(definition, value, path),
            None => self.fault(path, "a type that the version does not define"),
        }
    }

    fn defined(&mut self, definition: &'static TypeDefinition, value: &Json, path: &str) {
        let Some(members) = value.as_object() else {
            return self.fault(path, "no object");
        };
        let mut last = None;
        for (name, value) in members {
            let path = format!("{path}.{name}");
            if name == "resourceType" && definition.resource {
                continue;
            }
            if name == "fhir_comments" && self.version == FhirVersion::Dstu2 {
                self.comments(value, &path);
                continue;
            }
            let (stem, sibling) = match name.strip_prefix('_') {
                Some(stem) => (stem, true),
                None => (name.as_str(), false),
            };
            let Some((index, element_type)) = definition.resolve(stem) else {
                self.fault(&path, "unknown");
                continue;
            };
            // `_x` stands behind `x`, and an element has one name.
            let in_order = last.is_none_or(|(before, name)| {
                index > before || (index == before && sibling && name == stem)
            });
            if !in_order {
                self.fault(&path, "out of order");
            }
            last = Some((index, stem));
            let element = &definition.elements[index];
            if element_type == ElementType::Type(definition.name) {
                self.note("defined: a type inside itself");
            }
            let entries = match (element.many, value) {
                (true, Json::Array(entries)) if !entries.is_empty() => entries.as_slice(),
                (false, value) => std::slice::from_ref(value),
                _ => return self.fault(&path, "no list, or an empty one"),
            };
            let other = match sibling {
                true => value_of(members, stem),
                false => value_of(members, &format!("_{stem}")),
            };
            if let (Some(Json::Array(others)), true) = (other, element.many)
                && others.len() != entries.len()
            {
                self.fault(&path, "lists of different length");
            }
            // The values may all be missing; an entry without a value and what stands beside it is
            // found below.
            if sibling && entries.iter().all(|entry| *entry == Json::Null) {
                self.fault(&path, "nothing but null");
            }
            for (index, entry) in entries.iter().enumerate() {
                let other = match other {
                    Some(Json::Array(others)) if element.many => others.get(index),
                    other => other,
                };
                if *entry != Json::Null {
                    self.defined_entry(element_type, entry, sibling, &path);
                } else if other.is_none_or(|other| *other == Json::Null) {
                    self.fault(&path, "null without a reason");
                } else {
                    self.note("defined: a hole");
                }
            }
        }
        let content = |(name, _): &(_, _)| name != "id";
        if !definition.resource && !members.iter().any(content) {
            self.fault(path, "empty");
        }
    }

    fn defined_entry(
        &mut self,
        element_type: ElementType,
        value: &Json,
        sibling: bool,
        path: &str,
    ) {
        let element = self.definitions.type_named("Element");
        match element_type {
            ElementType::Scalar(ScalarType::Xhtml) if sibling => self.fault(path, "beside a div"),
            ElementType::Scalar(_) if sibling => {
                self.note("defined: beside a primitive");
                let names: Vec<_> = value.as_object().unwrap_or_default().to_vec();
                if names.is_empty() {
                    self.fault(path, "empty");
                }
                // An id alone is enough beside a value.
                if let (Some(element), true) = (element, value.get("extension").is_some()) {
                    self.defined(element, value, path);
                }
            }
            ElementType::Scalar(scalar) => {
                self.note(format!("defined: {scalar}"));
                self.scalar(&FieldType::Scalar(scalar, None), value, path);
            }
            ElementType::Type(name) => match self.definitions.type_named(name) {
                Some(definition) => {
                    if name == "Extension" {
                        self.extension(value, path);
                    }
                    self.defined(definition, value, path);
                }
                None => self.fault(path, "no such type"),
            },
            ElementType::Resource => {
                self.note("defined: a resource in a resource");
                self.defined_resource(value, path);
            }
        }
    }

    fn primitive(
        &mut self,
        info: &'static TypeInfo,
        field: &FieldInfo,
        field_type: &FieldType,
        (value, sibling): (Option<&Json>, Option<&Json>),
        path: &str,
        levels: (usize, usize),
    ) {
        let one = [Json::Null];
        let list = |value: Option<&Json>| match value {
            Some(Json::Array(entries)) if field.many => entries.clone(),
            Some(value) if !field.many => vec![value.clone()],
            Some(_) => Vec::new(),
            None => one.to_vec(),
        };
        let (mut values, mut siblings) = (list(value), list(sibling));
        if value.is_some() && sibling.is_some() && values.len() != siblings.len() {
            self.fault(path, "lists of different length");
        }
        let length = values.len().max(siblings.len());
        if length == 0 {
            self.fault(path, "an empty list, or none");
        }
        values.resize(length, Json::Null);
        siblings.resize(length, Json::Null);
        for (value, sibling) in values.iter().zip(&siblings) {
            if *value == Json::Null {
                self.note(if field.many {
                    "hole"
                } else {
                    "primitive without value"
                });
                if field.min > 0 {
                    self.note("required primitive without value");
                }
            } else {
                self.scalar(field_type, value, path);
            }
            if *sibling != Json::Null {
                self.sibling(info, sibling, path, levels);
            }
            if *value == Json::Null && sibling.get("extension").is_none() {
                self.fault(path, "neither value nor extension");
            }
        }
    }

    fn sibling(
        &mut self,
        info: &'static TypeInfo,
        value: &Json,
        path: &str,
        (depth, extensions): (usize, usize),
    ) {
        let Some(members) = value.as_object().filter(|members| !members.is_empty()) else {
            return self.fault(path, "no sibling object");
        };
        let extension = match (info.field("extension"), self.version) {
            (Some(field), _) => field.types.first(),
            (None, _) => None,
        };
        for (name, value) in members {
            match (name.as_str(), extension, value) {
                ("id", _, Json::String(_)) => self.note("id of a primitive"),
                ("fhir_comments", ..) if self.version == FhirVersion::Dstu2 => {
                    self.comments(value, path);
                    self.note("comment of a primitive");
                }
                ("extension", Some(FieldType::Element(extension)), Json::Array(entries)) => {
                    self.note("extension of a primitive");
                    for entry in entries {
                        self.object(extension(), entry, path, (depth + 1, extensions));
                    }
                }
                _ => self.fault(path, "unknown in a sibling"),
            }
        }
    }

    fn scalar(&mut self, field_type: &FieldType, value: &Json, path: &str) {
        let FieldType::Scalar(scalar, codes) = field_type else {
            return;
        };
        let (json_type, text) = match value {
            Json::String(text) => (JsonType::String, text.as_str()),
            Json::Number(number) => (JsonType::Number, number.as_str()),
            Json::Boolean(true) => (JsonType::Boolean, "true"),
            Json::Boolean(false) => (JsonType::Boolean, "false"),
            _ => return self.fault(path, "no scalar"),
        };
        if self.takes_any_text(*scalar, path) && !scalar.allows(text, self.version) {
            self.note_text("uid", text);
            return;
        }
        if json_type != scalar.json() || !scalar.allows(text, self.version) {
            self.fault(path, &format!("no legal {scalar}: {text:?}"));
        }
        if codes.is_some_and(|codes| !codes.codes.contains(&text)) {
            self.fault(path, &format!("{text:?} is not in the binding"));
        }
        self.note_text(scalar.name(), text);
    }

    /// Whether the readers keep any text there, so that a hostile study has such.
    fn takes_any_text(&self, scalar: ScalarType, path: &str) -> bool {
        matches!(self.profile, Profile::Hostile | Profile::Interchange)
            && matches!(scalar, ScalarType::Id | ScalarType::Oid)
            && (path.ends_with(".uid") || path.ends_with(".sopClass"))
    }

    fn note_text(&mut self, scalar: &str, text: &str) {
        let fraction = text.split_once('.').map_or(0, |(_, rest)| {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        });
        let checks = [
            ("not ASCII", !text.is_ascii()),
            ("blank at an end", text.trim() != text),
            ("escapes", text.contains(['"', '\\', '\n'])),
            ("long", text.len() > 1000),
            (":60", text.contains(":60")),
            ("fraction > 9", scalar == "dateTime" && fraction > 9),
            ("fraction = 9", scalar == "dateTime" && fraction == 9),
            ("no offset", scalar == "dateTime" && text.len() == 19),
            ("year", scalar == "dateTime" && text.len() == 4),
            ("month", scalar == "dateTime" && text.len() == 7),
            ("day", scalar == "dateTime" && text.len() == 10),
            ("exponent", scalar == "decimal" && text.contains(['e', 'E'])),
            (
                "trailing zero",
                scalar == "decimal" && fraction > 0 && text.ends_with('0'),
            ),
            ("> 18 digits", scalar == "decimal" && fraction > 18),
            ("64 characters", scalar == "id" && text.len() == 64),
        ];
        for (what, met) in checks {
            if met {
                self.note(format!("{scalar} {what}"));
            }
        }
        if scalar == "string" && text.starts_with('#') {
            self.note("reference to a contained resource");
        }
        for prefix in [
            "urn:uuid:",
            "https://",
            "Media/",
            "HealthcareService/",
            "DiagnosticOrder/",
            "ReferralRequest/",
        ] {
            if scalar == "string" && text.starts_with(prefix) {
                self.note(format!("reference {prefix}"));
            }
        }
    }
}

fn value_of<'a>(members: &'a [(impl AsRef<str>, Json)], name: &str) -> Option<&'a Json> {
    members
        .iter()
        .find_map(|(member, value)| (member.as_ref() == name).then_some(value))
}
