//! Walking a study by the descriptions of its version.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use imaging_study_core::{
    Definitions, ElementRef, FhirVersion, FieldRef, Limits, Resource, ScalarRef, ScalarType,
    ValueRef,
};
use imaging_study_dicom::Uid;

use crate::datatypes::Checked;
use crate::narrative::Narrative;
use crate::node::Node;
use crate::place::{Place, Report};
use crate::plan::{FieldPlan, Kind, Plans, TypePlan, Value};
use crate::quick::Known;
use crate::repair::in_its_case;
use crate::{Rule, Severity, Validator, rule};

/// The greatest length of a text, in bytes (<https://hl7.org/fhir/R5/datatypes.html#string>).
pub(crate) const LONGEST_TEXT: usize = 1 << 20;

/// What is known while a study is walked.
pub(crate) struct Walk<'v, 'a> {
    pub(crate) validator: &'v Validator,
    pub(crate) version: FhirVersion,
    pub(crate) plans: &'static Plans,
    pub(crate) definitions: Option<&'static Definitions>,
    pub(crate) report: Report,
    /// The ids of the elements of the resource.
    pub(crate) ids: HashSet<&'a str>,
    /// The types of the contained resources by their ids.
    pub(crate) contained: HashMap<&'a str, &'a str>,
    /// The ids of the contained resources that were looked at.
    pub(crate) seen: HashSet<&'a str>,
    /// The ids of contained resources that something refers to.
    pub(crate) used: HashSet<Cow<'a, str>>,
    /// What was found right at a glance.
    pub(crate) known: Known<'a>,
    /// Whether the study is marked as incomplete.
    pub(crate) subset: bool,
    pub(crate) depth: usize,
}

/// What is known of an element from what holds it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Around {
    /// What a reference may point at.
    pub(crate) targets: &'static [&'static str],
    /// Whether it is part of an extension.
    pub(crate) part: bool,
}

impl<'a> Walk<'_, 'a> {
    /// Checks the study itself.
    pub(crate) fn study(&mut self, study: ElementRef<'a>) {
        let place = Place::root("ImagingStudy");
        self.element(study, self.plans.study(), &place, Around::default());
        self.unused(study, &place);
    }

    /// Checks an element and all that is in it.
    fn element(
        &mut self,
        element: ElementRef<'a>,
        plan: &'static TypePlan,
        place: &Place<'_>,
        around: Around,
    ) {
        if self.depth > Limits::MAX_DEPTH {
            return self.report.add(&rule::DEPTH, place, rule::DEPTH.meaning);
        }
        self.depth += 1;
        let mut content = plan.kind == Kind::Resource;
        // Rules between children say nothing where one of the children is wrong.
        let mut sound = true;
        let mut fields = element.as_object().present();
        if !self.subset {
            fields |= plan.required;
        }
        while fields != 0 {
            let order = fields.trailing_zeros() as usize;
            fields &= fields - 1;
            let Some(field_plan) = plan.fields.get(order) else {
                break;
            };
            let place = place.below(field_plan.stem, order);
            match element.at(order) {
                Some(field) => {
                    content |= !field_plan.id;
                    sound &= self.field(field, field_plan, &place, plan, around);
                }
                None => {
                    sound = false;
                    let message = "required, found nothing";
                    self.report.add(&rule::CARDINALITY, &place, message);
                }
            }
        }
        if !content {
            let message = "expected a value or children, found none but an id";
            self.report.add(&rule::ELE_1, place, message);
        } else {
            self.rules(Node::Typed(element), plan, place, around, sound);
        }
        self.depth -= 1;
    }

    /// Checks what is between the children of an element.
    fn rules(
        &mut self,
        node: Node<'a>,
        plan: &'static TypePlan,
        place: &Place<'_>,
        around: Around,
        sound: bool,
    ) {
        match plan.kind {
            Kind::Extension => self.extension(node, place, around),
            Kind::Reference => self.reference(node, place, around.targets),
            Kind::Narrative => self.narrative(node, place),
            Kind::Resource | Kind::CodeableReference | Kind::Other => {}
        }
        if let Some(rules) = plan.rules
            && sound
        {
            rules(Checked {
                node,
                version: self.version,
                place,
                report: &mut self.report,
            });
        }
    }

    /// Checks the entries of a field; whether each of them can be looked at by other rules.
    fn field(
        &mut self,
        field: FieldRef<'a>,
        plan: &'static FieldPlan,
        place: &Place<'_>,
        owner: &'static TypePlan,
        around: Around,
    ) -> bool {
        let info = plan.info;
        let (value_plan, place) = match plan.values.as_slice() {
            [only] => (only, *place),
            several => {
                let Some(value) = several.get(field.variant()) else {
                    return true;
                };
                (value, place.of_type(field.name().suffix))
            }
        };
        if !info.many {
            let value = field.first();
            return value
                .is_none_or(|value| self.value(value, *value_plan, plan, &place, owner, around));
        }
        let mut sound = true;
        for (index, value) in field.values().enumerate() {
            let place = place.entry(index);
            sound &= self.value(value, *value_plan, plan, &place, owner, around);
        }
        sound
    }

    fn value(
        &mut self,
        value: ValueRef<'a>,
        value_plan: Value,
        plan: &'static FieldPlan,
        place: &Place<'_>,
        owner: &'static TypePlan,
        around: Around,
    ) -> bool {
        match (value, value_plan) {
            (ValueRef::Attribute(scalar), Value::Scalar(scalar_type, _)) => {
                if plan.id {
                    self.id(scalar, owner.ids, place);
                    return true;
                }
                self.text(scalar, scalar_type, plan, place)
            }
            (ValueRef::Primitive(primitive), Value::Scalar(scalar_type, codes)) => {
                if let Some(sibling) = primitive.element() {
                    self.sibling(sibling, place, primitive.value().is_some());
                }
                let Some(scalar) = primitive.value() else {
                    return true;
                };
                match codes {
                    Some(codes) => self.code(scalar, codes.codes, place),
                    None => self.text(scalar, scalar_type, plan, place),
                }
            }
            (ValueRef::Element(element), Value::Element(type_plan)) => {
                let type_plan = self.plans.get(type_plan);
                if plan.simple && element.field("comparator").is_some() {
                    self.comparator(place);
                }
                if plan.modifier {
                    let message =
                        "this extension changes the meaning of its element, and is not known";
                    self.report.add(&rule::MODIFIER, place, message);
                }
                if plan.modality {
                    self.modality(element, place);
                }
                // A CodeableReference has its targets from the field that it stands in.
                let targets = match owner.kind {
                    Kind::CodeableReference => around.targets,
                    _ => plan.info.targets,
                };
                self.known.targets = targets;
                if type_plan
                    .quick
                    .is_some_and(|quick| quick(element, &mut self.known))
                {
                    return true;
                }
                let around = Around {
                    targets,
                    part: owner.kind == Kind::Extension,
                };
                self.element(element, type_plan, place, around);
                true
            }
            (ValueRef::Resource(resource), _) => {
                self.contained_resource(resource, place);
                true
            }
            _ => true,
        }
    }

    /// Checks the id and the extensions of a primitive element.
    fn sibling(&mut self, sibling: ElementRef<'a>, place: &Place<'_>, has_value: bool) {
        let extensions = sibling.field("extension");
        if let Some(id) = sibling.field("id").and_then(|field| field.scalar()) {
            let id_type = self.version.id_type(sibling.info().name);
            self.id(id, id_type, &place.below("id", 0));
            if !has_value && extensions.is_none() {
                let message = "expected a value or extensions, found none but an id";
                self.report.add(&rule::ELE_1, place, message);
            }
        }
        let Some(plan) = self.plans.named("Extension") else {
            return;
        };
        for (index, extension) in extensions.iter().flat_map(FieldRef::elements).enumerate() {
            let place = place.below("extension", 1).entry(index);
            self.element(extension, plan, &place, Around::default());
        }
    }

    /// Checks the id of an element.
    fn id(&mut self, id: ScalarRef<'a>, id_type: ScalarType, place: &Place<'_>) {
        let Some(text) = id.as_str() else {
            return;
        };
        let fits = match id_type {
            ScalarType::Id => ScalarType::Id.allows(text, self.version),
            _ => !text.is_empty() && !text.contains(char::is_whitespace),
        };
        if !fits {
            let message = match id_type {
                ScalarType::Id => {
                    "expected an id (1 to 64 letters, digits, hyphens and dots), found another text"
                }
                _ => "expected an id without white space, found another text",
            };
            self.report.add(&rule::ID_FORM, place, message);
        }
        if !self.ids.insert(text) {
            let message = "another element of the resource has the same id";
            self.report.add(&rule::ELEMENT_ID, place, message);
        }
    }

    /// Checks a code of a required binding.
    fn code(
        &mut self,
        scalar: ScalarRef<'a>,
        codes: &'static [&'static str],
        place: &Place<'_>,
    ) -> bool {
        let text = scalar.text();
        if codes.contains(&text.as_ref()) {
            return true;
        }
        let repairable = in_its_case(&text, codes).is_some();
        let message = format!("expected one of {} codes, found another one", codes.len());
        let severity = rule::BINDING.severity;
        let issue = self.report.add_as(severity, &rule::BINDING, place, message);
        issue.repairable = repairable;
        false
    }

    /// Checks the text of a value.
    fn text(
        &mut self,
        scalar: ScalarRef<'a>,
        scalar_type: ScalarType,
        plan: &'static FieldPlan,
        place: &Place<'_>,
    ) -> bool {
        // These are held as what they are, and UIDs are checked together.
        if plan.uid
            || matches!(
                scalar_type,
                ScalarType::Boolean | ScalarType::UnsignedInt | ScalarType::PositiveInt
            )
        {
            return true;
        }
        let text = scalar.text();
        if !scalar_type.allows(&text, self.version) {
            self.illegal(&text, scalar_type, place);
            return false;
        }
        if text.len() > LONGEST_TEXT
            && !matches!(scalar_type, ScalarType::Base64Binary | ScalarType::Xhtml)
        {
            let message = "expected 1 MiB at most, found more";
            let severity = rule::LEXICAL.severity;
            let issue = self.report.add_as(severity, &rule::LEXICAL, place, message);
            issue.code = crate::IssueCode::TooLong;
            return false;
        }
        if let Some(shape) = plan.shape
            && !shape.fits(&text)
        {
            self.report.add(&rule::BINDING, place, shape.expected());
            return false;
        }
        let refers = matches!(
            scalar_type,
            ScalarType::Uri | ScalarType::Url | ScalarType::Canonical
        );
        if refers && self.version >= FhirVersion::R4 {
            self.refer(&text);
        }
        true
    }

    /// A text that is not legal for its type.
    #[cold]
    pub(crate) fn illegal(&mut self, text: &str, scalar_type: ScalarType, place: &Place<'_>) {
        let message = format!("expected {}, found another text", scalar_type.grammar());
        let (severity, rule) = (rule::LEXICAL.severity, &rule::LEXICAL);
        let issue = self.report.add_as(severity, rule, place, message);
        issue.repairable = is_uid_of_another_version(text, scalar_type, self.version);
    }

    /// Takes note of a text that may name a contained resource.
    pub(crate) fn refer(&mut self, text: &str) {
        if let Some(id) = text.strip_prefix('#')
            && !self.contained.is_empty()
        {
            self.used.insert(Cow::Owned(id.to_owned()));
        }
    }

    fn comparator(&mut self, place: &Place<'_>) {
        let rule: &'static Rule = match self.version {
            FhirVersion::Dstu2 => &rule::SQTY_1,
            _ => &rule::SIMPLE_QUANTITY,
        };
        self.report
            .add(rule, &place.below("comparator", 3), rule.meaning);
    }

    pub(crate) fn extension(&mut self, node: Node<'a>, place: &Place<'_>, around: Around) {
        let (value, extension) = (node.has_choice("value"), node.has("extension"));
        if value == extension {
            let severity = match self.version {
                FhirVersion::Dstu2 => Severity::Warning,
                _ => Severity::Error,
            };
            let message = match value {
                true => "expected a value or extensions, found both",
                false => "expected a value or extensions, found neither",
            };
            self.report.add_as(severity, &rule::EXT_1, place, message);
        }
        if !around.part
            && let Some(url) = node.text("url")
            && !url.contains(':')
        {
            let place = place.below("url", 2);
            let message = "expected an absolute URL, found another text";
            self.report.add(&rule::EXTENSION_URL, &place, message);
        }
    }

    pub(crate) fn narrative(&mut self, node: Node<'a>, place: &Place<'_>) {
        let Some(text) = node.text("div") else {
            return;
        };
        let place = place.below("div", 3);
        let narrative = Narrative::of(&text, self.version);
        for fault in narrative.faults {
            let issue = self
                .report
                .add_as(fault.severity, fault.rule, &place, fault.message);
            // That of a contained resource is left alone.
            issue.repairable = fault.repairable && matches!(node, Node::Typed(_));
        }
        self.used
            .extend(narrative.references.into_iter().map(Cow::Owned));
    }

    /// Contained resources that nothing refers to.
    fn unused(&mut self, study: ElementRef<'a>, place: &Place<'_>) {
        if self.subset || self.contained.is_empty() {
            return;
        }
        let order = study.info().slot("contained").map_or(0, |slot| slot.field);
        let resources = study.field("contained");
        let values = resources.iter().flat_map(FieldRef::values);
        let resources: Vec<(usize, &Resource)> = values
            .enumerate()
            .filter_map(|(index, value)| match value {
                ValueRef::Resource(resource) => Some((index, resource)),
                _ => None,
            })
            .collect();
        for (index, resource) in resources {
            let Some(id) = resource.id() else {
                continue;
            };
            if !self.used.contains(id) && !self.refers_out(resource) {
                let place = place.below("contained", usize::from(order)).entry(index);
                self.report.add(&rule::DOM_3, &place, rule::DOM_3.meaning);
            }
        }
    }
}

/// Whether a UID is only spelled as another version does it.
fn is_uid_of_another_version(text: &str, scalar_type: ScalarType, version: FhirVersion) -> bool {
    match scalar_type {
        ScalarType::Id if version >= FhirVersion::R4 => {
            let bare = text.strip_prefix("urn:oid:");
            bare.is_some_and(|bare| Uid::parse(bare).is_ok())
        }
        ScalarType::Oid => Uid::parse(text).is_ok(),
        _ => false,
    }
}
