//! Resources inside the study, checked by the definitions of the version.

use std::collections::HashSet;

use imaging_study_core::{
    Definitions, ElementType, FhirVersion, Json, JsonType, Limits, Resource, ScalarType,
    TypeDefinition,
};
use smol_str::SmolStr;

use crate::datatypes::{Checked, rules_of};
use crate::node::Node;
use crate::place::Place;
use crate::plan::{FieldPlan, TypePlan, Value};
use crate::rule;
use crate::walk::{Around, Walk};

type Members = [(SmolStr, Json)];

/// The types that R4B asks not to contain, since it changed them.
const CHANGED_IN_R4B: [&str; 13] = [
    "AdministrableProductDefinition",
    "Citation",
    "ClinicalUseDefinition",
    "Evidence",
    "EvidenceReport",
    "EvidenceVariable",
    "Ingredient",
    "MedicinalProductDefinition",
    "PackagedProductDefinition",
    "RegulatedAuthorization",
    "SubscriptionStatus",
    "SubscriptionTopic",
    "SubstanceDefinition",
];

impl<'a> Walk<'_, 'a> {
    /// Checks a contained resource.
    pub(crate) fn contained_resource(&mut self, resource: &'a Resource, place: &Place<'_>) {
        let name = resource.resource_type();
        if self.version == FhirVersion::R4B && CHANGED_IN_R4B.contains(&name) {
            self.report
                .add(&rule::DOM_R4B, place, rule::DOM_R4B.meaning);
        }
        match resource.id() {
            None => {
                let message = "a contained resource needs an id, found none";
                self.report.add(&rule::CONTAINED_ID, place, message);
            }
            Some(id) => {
                if !self.seen.insert(id) {
                    let message = "another contained resource has the same id";
                    self.report.add(&rule::CONTAINED_ID, place, message);
                }
            }
        }
        let Some(definitions) = self.definitions else {
            return;
        };
        let Some(definition) = definitions.resource(name) else {
            let message = "the version has no resource of this type";
            return self.report.add(&rule::CONTAINED_TYPE, place, message);
        };
        let members = resource.members();
        self.about_containing(members, place);
        let outer = std::mem::take(&mut self.ids);
        let mut tree = Tree {
            walk: self,
            definitions,
        };
        tree.object(members, definition, place, Around::default());
        self.ids = outer;
    }

    /// Rules on what a resource may not have because it is contained.
    fn about_containing(&mut self, members: &'a Members, place: &Place<'_>) {
        let node = Node::Tree(members);
        let mut check = |rule: &'static crate::Rule, name, broken| {
            if broken && rule.is_in(self.version) {
                self.report.add(rule, &place.below(name, 0), rule.meaning);
            }
        };
        check(&rule::DOM_1, "text", node.has("text"));
        check(&rule::DOM_2, "contained", node.has("contained"));
        if let Some(meta) = node.child("meta") {
            let version = meta.has("versionId") || meta.has("lastUpdated");
            check(&rule::DOM_4, "meta", version);
            check(&rule::DOM_5, "meta", meta.has("security"));
        }
    }

    /// Whether a contained resource refers to the study.
    pub(crate) fn refers_out(&self, resource: &Resource) -> bool {
        self.version >= FhirVersion::R4
            && resource
                .members()
                .iter()
                .any(|(_, value)| points_out(value, 0))
    }
}

fn points_out(value: &Json, depth: usize) -> bool {
    if depth > Limits::MAX_DEPTH {
        return false;
    }
    match value {
        Json::Object(members) => members.iter().any(|(name, value)| match value {
            Json::String(text) => text == "#" && name != "value",
            value => points_out(value, depth + 1),
        }),
        Json::Array(entries) => entries.iter().any(|entry| points_out(entry, depth + 1)),
        _ => false,
    }
}

/// A contained resource, and what tells what may be in it.
struct Tree<'w, 'v, 'a> {
    walk: &'w mut Walk<'v, 'a>,
    definitions: &'static Definitions,
}

impl<'a> Tree<'_, '_, 'a> {
    fn add(&mut self, rule: &'static crate::Rule, place: &Place<'_>, message: &'static str) {
        self.walk.report.add(rule, place, message);
    }

    /// Something that is empty, which can be left out.
    fn empty(&mut self, place: &Place<'_>, message: &'static str) {
        self.add(&rule::EMPTY, place, message);
        self.walk.report.last_is_repairable(true);
    }

    /// Checks an object of a type.
    fn object(
        &mut self,
        members: &'a Members,
        definition: &'static TypeDefinition,
        place: &Place<'_>,
        around: Around,
    ) {
        if self.walk.depth > Limits::MAX_DEPTH {
            return self.add(&rule::DEPTH, place, rule::DEPTH.meaning);
        }
        self.walk.depth += 1;
        let before = self.walk.report.len();
        // What the study has too is described in full.
        let plan = self.walk.plans.named(definition.name);
        let mut choices = HashSet::new();
        for (name, value) in members {
            if name == "resourceType" && definition.resource {
                continue;
            }
            if name == "fhir_comments" && self.walk.version == FhirVersion::Dstu2 {
                continue;
            }
            let (bare, sibling) = match name.strip_prefix('_') {
                Some(bare) => (bare, true),
                None => (name.as_str(), false),
            };
            let Some((order, element_type)) = definition.resolve(bare) else {
                let name = imaging_study_core::safe_name(name);
                self.add(
                    &rule::UNKNOWN,
                    &place.below(&name, usize::MAX),
                    "unknown element",
                );
                continue;
            };
            let element = &definition.elements[order];
            let suffix = bare.strip_prefix(element.name).unwrap_or_default();
            let at = place.below(element.name, order).of_type(suffix);
            let mut fields = plan.into_iter().flat_map(|plan| &plan.fields);
            let field = fields.find(|field| field.stem == element.name);
            if element.choice && !sibling && !choices.insert(order) {
                self.add(
                    &rule::REPEATED,
                    &at,
                    "a second value for an element that allows one",
                );
            }
            match (value, element.many) {
                (Json::Array(entries), true) if !entries.is_empty() => {
                    for (index, entry) in entries.iter().enumerate() {
                        let hole = *entry == Json::Null;
                        let other = match sibling {
                            true => bare.to_owned(),
                            false => format!("_{bare}"),
                        };
                        let filled = hole && {
                            let other = members.iter().find(|(name, _)| *name == other);
                            let other = other.and_then(|(_, other)| other.as_array());
                            let other = other.and_then(|entries| entries.get(index));
                            other.is_some_and(|other| *other != Json::Null)
                        };
                        if !filled {
                            let at = at.entry(index);
                            self.value(entry, element_type, sibling, &at, definition, field);
                        }
                    }
                }
                (Json::Array(entries), _) if entries.is_empty() => {
                    self.empty(&at, "an empty array");
                }
                (Json::Null, _) => self.empty(&at, "null in place of a value"),
                (Json::Array(_), false) => {
                    self.add(&rule::TYPE, &at, "expected one value, found an array")
                }
                (_, true) => self.add(&rule::TYPE, &at, "expected an array, found one value"),
                (value, false) => {
                    self.value(value, element_type, sibling, &at, definition, field);
                }
            }
        }
        if let Some(plan) = plan {
            self.required(members, plan, place);
        }
        if members.is_empty() {
            self.empty(place, "an empty object");
        }
        let sound = before == self.walk.report.len();
        self.rules(members, definition.name, place, around, sound);
        self.walk.depth -= 1;
    }

    /// Looks for the elements that a type requires.
    fn required(&mut self, members: &'a Members, plan: &'static TypePlan, place: &Place<'_>) {
        let node = Node::Tree(members);
        for (order, field) in plan.fields.iter().enumerate() {
            let is_there = || match field.info.name.ends_with("[x]") {
                true => node.has_choice(field.stem),
                false => node.has(field.stem),
            };
            if field.info.min > 0 && !is_there() {
                let message = "required, found nothing";
                self.add(&rule::CARDINALITY, &place.below(field.stem, order), message);
            }
        }
    }

    fn rules(
        &mut self,
        members: &'a Members,
        name: &str,
        place: &Place<'_>,
        around: Around,
        sound: bool,
    ) {
        let node = Node::Tree(members);
        match name {
            "Extension" => self.walk.extension(node, place, around),
            "Reference" => self.contained_reference(node, place, around.targets),
            "Narrative" => self.walk.narrative(node, place),
            _ => {}
        }
        if let Some(rules) = rules_of(name, self.walk.version)
            && sound
        {
            rules(Checked {
                node,
                version: self.walk.version,
                place,
                report: &mut self.walk.report,
            });
        }
    }

    fn contained_reference(&mut self, node: Node<'a>, place: &Place<'_>, targets: &[&str]) {
        // From inside a contained resource, # is the study.
        if node
            .text("reference")
            .is_some_and(|reference| reference == "#")
        {
            if self.walk.version == FhirVersion::Dstu2 {
                self.add(&rule::REF_1, place, rule::REF_1.meaning);
            }
            return;
        }
        self.walk.reference(node, place, targets);
    }

    fn value(
        &mut self,
        value: &'a Json,
        element_type: ElementType,
        sibling: bool,
        place: &Place<'_>,
        owner: &'static TypeDefinition,
        field: Option<&'static FieldPlan>,
    ) {
        if *value == Json::Null {
            return self.empty(place, "null in place of a value");
        }
        if sibling {
            let object = value.as_object();
            return match (object, element_type, self.definitions.type_named("Element")) {
                (Some(members), ElementType::Scalar(_), Some(definition)) => {
                    self.object(members, definition, place, Around::default());
                }
                (Some(_), ElementType::Scalar(_), None) => {}
                (_, ElementType::Scalar(_), _) => {
                    self.add(
                        &rule::TYPE,
                        place,
                        "expected an object, found another value",
                    );
                }
                _ => self.add(
                    &rule::UNKNOWN,
                    place,
                    "a name with an underscore, but the element is not primitive",
                ),
            };
        }
        match element_type {
            ElementType::Scalar(scalar_type) => {
                if self.scalar(value, scalar_type, place)
                    && let (Some(field), Some(text)) = (field, value.as_str())
                {
                    self.code(text, field, place);
                }
            }
            ElementType::Type(name) => {
                let Some(members) = value.as_object() else {
                    return self.add(
                        &rule::TYPE,
                        place,
                        "expected an object, found another value",
                    );
                };
                let Some(definition) = self.definitions.type_named(name) else {
                    return;
                };
                let around = Around {
                    part: owner.name == "Extension",
                    targets: field.map_or(&[], |field| field.info.targets),
                };
                self.object(members, definition, place, around);
            }
            ElementType::Resource => {
                let name = value.get("resourceType").and_then(Json::as_str);
                let definition = name.and_then(|name| self.definitions.resource(name));
                match (value.as_object(), definition) {
                    (Some(members), Some(definition)) => {
                        self.object(members, definition, place, Around::default());
                    }
                    (Some(_), None) => {
                        let message = "the version has no resource of this type";
                        self.add(&rule::CONTAINED_TYPE, place, message);
                    }
                    (None, _) => self.add(
                        &rule::TYPE,
                        place,
                        "expected a resource, found another value",
                    ),
                }
            }
        }
    }

    /// Checks a code of a required binding.
    fn code(&mut self, text: &str, field: &'static FieldPlan, place: &Place<'_>) {
        if let [Value::Scalar(_, Some(codes))] = field.values.as_slice() {
            if !codes.codes.contains(&text) {
                let message = "expected a code of the required binding, found another one";
                self.add(&rule::BINDING, place, message);
            }
        } else if let Some(shape) = field.shape
            && !shape.fits(text)
        {
            self.add(&rule::BINDING, place, shape.expected());
        }
    }

    /// Checks a primitive; whether it is one of its type.
    fn scalar(&mut self, value: &'a Json, scalar_type: ScalarType, place: &Place<'_>) -> bool {
        let text = match (value, scalar_type.json()) {
            (Json::Boolean(_), JsonType::Boolean) => return true,
            (Json::Number(number), JsonType::Number) => number.as_str(),
            (Json::String(text), JsonType::String) => text.as_str(),
            _ => {
                let message = match scalar_type.json() {
                    JsonType::Boolean => "expected true or false, found another value",
                    JsonType::Number => "expected a number, found another value",
                    JsonType::String => "expected a string, found another value",
                };
                self.add(&rule::TYPE, place, message);
                return false;
            }
        };
        if text.is_empty() {
            self.empty(place, "an empty text");
            return false;
        } else if !scalar_type.allows(text, self.walk.version) {
            let message = format!("expected {}, found another text", scalar_type.grammar());
            let severity = rule::LEXICAL.severity;
            self.walk
                .report
                .add_as(severity, &rule::LEXICAL, place, message);
            return false;
        } else if self.walk.version >= FhirVersion::R4
            && matches!(
                scalar_type,
                ScalarType::Uri | ScalarType::Url | ScalarType::Canonical
            )
        {
            self.walk.refer(text);
        }
        true
    }
}
