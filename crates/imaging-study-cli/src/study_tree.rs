//! A study as a tree of texts.

use imaging_study::core::{Json, Resource, ScalarType};
use imaging_study::{AnyImagingStudy, ElementRef, FhirVersion, PrimitiveRef, ScalarRef, ValueRef};

use crate::study_facts::{Count, InstanceFacts, SeriesFacts, StudyFacts};
use crate::tree_text::{Cell, Node, Role, align};

/// The header of a study, and what people want to know of it.
pub(crate) fn overview(facts: &StudyFacts<'_>) -> Node {
    let mut root = header(facts);
    let mut below = Vec::new();
    // The header has the one or the other.
    let patient = facts.patient.filter(|patient| patient.display.is_some());
    let reference = patient.and_then(|patient| patient.reference);
    below.extend(reference.map(|reference| Node::fact("patient", Role::Value, reference)));
    for (label, role, value) in [
        ("uid", Role::Uid, facts.uid.as_deref()),
        ("accession", Role::Value, facts.accession),
        ("description", Role::Value, facts.description),
    ] {
        below.extend(value.map(|value| Node::fact(label, role, value)));
    }
    for (label, values) in [
        ("procedure", &facts.procedures),
        ("reason", &facts.reasons),
        ("endpoint", &facts.endpoints),
    ] {
        below.extend(
            values
                .iter()
                .map(|value| Node::fact(label, Role::Value, value)),
        );
    }
    align_labels(&mut below);
    let mut series: Vec<Node> = facts.series.iter().map(series).collect();
    align(&mut series);
    for (node, facts) in series.iter_mut().zip(&facts.series) {
        node.below = facts.instances.iter().map(instance).collect();
        align(&mut node.below);
    }
    root.below = below;
    root.below.append(&mut series);
    root
}

/// Only the names are lined up: a long value of one line says nothing of the others.
fn align_labels(nodes: &mut [Node]) {
    let mut values: Vec<Vec<Cell>> = Vec::new();
    for node in nodes.iter_mut() {
        values.push(node.cells.split_off(node.cells.len().min(1)));
    }
    align(nodes);
    for (node, mut values) in nodes.iter_mut().zip(values) {
        node.cells.append(&mut values);
    }
}

/// One line that says what study it is.
pub(crate) fn header(facts: &StudyFacts<'_>) -> Node {
    let title = match facts.id {
        Some(id) => format!("ImagingStudy/{id}"),
        None => "ImagingStudy".to_owned(),
    };
    let patient = facts
        .patient
        .and_then(|patient| patient.display.or(patient.reference));
    let mut cells = vec![
        Cell::new(Role::Title, &title),
        Cell::new(Role::Code, &versions(&facts.versions)),
        Cell::new(Role::Value, patient.unwrap_or_default()),
        Cell::new(Role::Value, facts.started.unwrap_or_default()),
        Cell::new(
            Role::Code,
            facts.status.or(facts.availability).unwrap_or_default(),
        ),
        Cell::new(Role::Code, &facts.modalities.join(", ")),
        Cell::new(
            Role::Value,
            &format!(
                "{} series, {}",
                number(facts.number_of_series),
                counted(facts.number_of_instances, "instance")
            ),
        ),
    ];
    cells.retain(|cell| !cell.is_empty());
    Node::new(cells)
}

/// `R4 or R4B`.
pub(crate) fn versions(versions: &[FhirVersion]) -> String {
    let names: Vec<&str> = versions.iter().map(|version| version.name()).collect();
    names.join(" or ")
}

/// How many are listed, and how many are said to be where that is another number.
fn number(count: Count) -> String {
    match count.stated {
        Some(stated) if stated != count.listed && count.listed > 0 => {
            format!("{} of {stated}", count.listed)
        }
        _ => count.best().to_string(),
    }
}

fn counted(count: Count, noun: &str) -> String {
    let number = number(count);
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn series(series: &SeriesFacts<'_>) -> Node {
    let number = series.number.map(|number| number.to_string());
    let mut site = series.body_sites.join(", ");
    if let Some(laterality) = series.laterality {
        let comma = if site.is_empty() { "" } else { ", " };
        site = format!("{site}{comma}{laterality}");
    }
    Node::new(vec![
        Cell::new(Role::Label, "series"),
        Cell::new(Role::Title, &number.unwrap_or_default()),
        Cell::new(Role::Code, series.modality.unwrap_or_default()),
        Cell::new(Role::Value, series.description.unwrap_or_default()),
        Cell::new(Role::Value, &site),
        Cell::new(
            Role::Value,
            &counted(series.number_of_instances, "instance"),
        ),
        Cell::new(Role::Uid, series.uid.unwrap_or_default()),
        Cell::new(Role::Value, &series.endpoints.join(" ")),
    ])
}

fn instance(instance: &InstanceFacts<'_>) -> Node {
    let number = instance.number.map(|number| number.to_string());
    let frames = instance.frames.map(|frames| match frames {
        1 => "1 frame".to_owned(),
        frames => format!("{frames} frames"),
    });
    Node::new(vec![
        Cell::new(Role::Title, &number.unwrap_or_default()),
        Cell::new(
            Role::Value,
            instance.sop_class.as_deref().unwrap_or_default(),
        ),
        Cell::new(Role::Value, &frames.unwrap_or_default()),
        Cell::new(Role::Uid, instance.uid.unwrap_or_default()),
        Cell::new(Role::Value, instance.title.unwrap_or_default()),
    ])
}

/// The header of a study, and every element of it. With `hidden`, of texts only codes are shown.
pub(crate) fn everything(study: &AnyImagingStudy, facts: &StudyFacts<'_>, hidden: bool) -> Node {
    let mut root = header(facts);
    root.below = Elements { hidden }.of(study.element());
    root
}

struct Elements {
    hidden: bool,
}

impl Elements {
    fn of(&self, element: ElementRef<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for comment in element.comments() {
            nodes.push(self.text("fhir_comments", Role::Value, comment.as_str()));
        }
        for field in element.fields() {
            let several = field.len() > 1;
            for (index, value) in field.values().enumerate() {
                let name = match several {
                    true => format!("{}[{index}]", field.name()),
                    false => field.name().to_string(),
                };
                nodes.push(self.value(&name, value));
            }
        }
        let leaf = |node: &Node| node.below.is_empty();
        let mut from = 0;
        // The values of neighbours stand in one column.
        while from < nodes.len() {
            let length = nodes[from..].iter().take_while(|node| leaf(node)).count();
            align_labels(&mut nodes[from..from + length]);
            from += length.max(1);
        }
        nodes
    }

    fn value(&self, name: &str, value: ValueRef<'_>) -> Node {
        match value {
            ValueRef::Attribute(scalar) => self.scalar(name, Some(scalar)),
            ValueRef::Primitive(primitive) => self.primitive(name, primitive),
            ValueRef::Element(element) => joined(name, self.of(element)),
            ValueRef::Resource(resource) => self.resource(name, resource),
        }
    }

    fn primitive(&self, name: &str, primitive: PrimitiveRef<'_>) -> Node {
        let mut node = self.scalar(name, primitive.value());
        if let Some(element) = primitive.element() {
            node.below = self.of(element);
        }
        node
    }

    fn scalar(&self, name: &str, scalar: Option<ScalarRef<'_>>) -> Node {
        let Some(scalar) = scalar else {
            return Node::new(vec![Cell::new(Role::Label, name)]);
        };
        let text = scalar.text();
        let role = match scalar.scalar_type() {
            ScalarType::Code => Role::Code,
            ScalarType::Oid => Role::Uid,
            ScalarType::Id if name == "uid" => Role::Uid,
            _ => Role::Value,
        };
        let tells_nothing = matches!(
            scalar.scalar_type(),
            ScalarType::Code
                | ScalarType::Boolean
                | ScalarType::Integer
                | ScalarType::PositiveInt
                | ScalarType::UnsignedInt
        );
        match tells_nothing {
            true => Node::fact(name, role, &text),
            false => self.text(name, role, &text),
        }
    }

    fn text(&self, name: &str, role: Role, text: &str) -> Node {
        match self.hidden {
            true => Node::new(vec![Cell::new(Role::Label, name)]),
            false => Node::fact(name, role, text),
        }
    }

    fn resource(&self, name: &str, resource: &Resource) -> Node {
        let mut node = Node::fact(name, Role::Title, resource.resource_type());
        if let Some(xml) = resource.xml() {
            node.below = vec![self.text("xml", Role::Value, xml)];
        }
        let members = resource.members().iter();
        let members = members.filter(|(name, _)| name != "resourceType");
        node.below
            .extend(members.flat_map(|(name, value)| self.json(name, value)));
        node
    }

    fn json(&self, name: &str, value: &Json) -> Vec<Node> {
        match value {
            Json::Null => vec![Node::fact(name, Role::Value, "null")],
            Json::Boolean(value) => vec![Node::fact(name, Role::Value, &value.to_string())],
            Json::Number(value) => vec![self.text(name, Role::Value, value.as_str())],
            Json::String(value) => vec![self.text(name, Role::Value, value)],
            Json::Array(entries) if entries.len() == 1 => self.json(name, &entries[0]),
            Json::Array(entries) => {
                let entries = entries.iter().enumerate();
                let nodes = entries.flat_map(|(index, entry)| {
                    let name = format!("{name}[{index}]");
                    self.json(&name, entry)
                });
                nodes.collect()
            }
            Json::Object(members) => {
                let members = members.iter();
                let below = members.flat_map(|(name, value)| self.json(name, value));
                vec![joined(name, below.collect())]
            }
        }
    }
}

/// An element with one leaf below it stands in its line: `subject.reference  Patient/p`.
fn joined(name: &str, mut below: Vec<Node>) -> Node {
    if let [node] = below.as_mut_slice()
        && node.below.is_empty()
        && let Some(label) = node.cells.first_mut()
    {
        *label = Cell::new(Role::Label, &format!("{name}.{}", label.text()));
        return below.remove(0);
    }
    let mut node = Node::new(vec![Cell::new(Role::Label, name)]);
    node.below = below;
    node
}
