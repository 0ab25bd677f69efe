//! The types of each version against HL7's tables, both ways: every type, every element, their
//! order, cardinality, types, targets, marks and bindings, and the codes of each list.

#![cfg(all(feature = "r4", feature = "r5"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use imaging_study::core::{
    Binding, BindingStrength, CodeSet, Element, FieldInfo, FieldType, TypeInfo,
};
use imaging_study::{r4, r5};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4b as r4b;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

/// Types by name: whether each is a resource, and a line for each of its elements.
type Types = BTreeMap<String, (bool, Vec<String>)>;
/// The URL of a value set of HL7, without its name.
const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";

/// Value sets by name.
type Codes = BTreeMap<String, Vec<String>>;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/spec")
        .join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// The table of a version, with what the crates do differently on purpose. A code of a list that
/// the table of codes has is an enum.
fn table_of_elements(file: &str, codes: &Codes) -> Types {
    let text = read(file);
    let mut types = Types::new();
    let mut current = String::new();
    for line in lines(&text) {
        if let Some(element) = line.strip_prefix("  ") {
            let element = match element {
                // DSTU2 has an id for all of these, R5 and R6 for most, the others for none.
                "id 0..1 id attribute" => "id 0..1 string attribute",
                // R6 says string, its text and every other version say uri.
                "url 1..1 string attribute summary" => "url 1..1 uri attribute summary",
                // The definitions of R4, R4B and R6 say string, their text says id.
                "id 0..1 string summary" if current == "ImagingStudy" => "id 0..1 id summary",
                other => other,
            };
            let list = element.rsplit_once(" required:").map(|(_, name)| name);
            let list = list.filter(|name| codes.contains_key(*name));
            let element = match list {
                Some(_) => format!("{element} enum"),
                None => element.to_owned(),
            };
            types
                .get_mut(&current)
                .expect("a type before its elements")
                .1
                .push(element);
        } else {
            let resource = line.strip_suffix(" resource");
            current = resource.unwrap_or(line).to_owned();
            let new = types.insert(current.clone(), (resource.is_some(), Vec::new()));
            assert!(new.is_none(), "{current} stands twice in {file}");
        }
    }
    types
}

fn table_of_codes(file: &str) -> Codes {
    let text = read(file);
    lines(&text)
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            (words.next().expect("a name"), words.collect())
        })
        .collect()
}

/// What the crates say of themselves.
#[derive(Default)]
struct Description {
    types: Types,
    codes: Codes,
}

impl Description {
    fn of<T: Element>() -> Self {
        let mut description = Self::default();
        description.add(T::info());
        description
    }

    fn add(&mut self, info: &TypeInfo) {
        if self.types.contains_key(info.name) {
            return;
        }
        self.types
            .insert(info.name.to_owned(), (info.resource, Vec::new()));
        let lines = info.fields.iter().map(|field| self.line(field)).collect();
        self.types
            .insert(info.name.to_owned(), (info.resource, lines));
    }

    fn line(&mut self, field: &FieldInfo) -> String {
        let types: Vec<_> = field
            .types
            .iter()
            .map(|field_type| self.type_name(field_type, field))
            .collect();
        let max = if field.many { "*" } else { "1" };
        let mut line = format!("{} {}..{max} {}", field.name, field.min, types.join("|"));
        if field.attribute {
            line.push_str(" attribute");
        }
        if field.is_modifier {
            line.push_str(" modifier");
        }
        if field.is_summary {
            line.push_str(" summary");
        }
        if let Some(binding) = field.binding {
            let value_set = binding.value_set;
            let name = value_set.strip_prefix(VALUE_SETS).unwrap_or(value_set);
            line.push_str(&format!(" {}:{name}", binding.strength.name()));
        }
        if let [FieldType::Scalar(_, Some(set))] = field.types {
            let binding = Binding {
                strength: BindingStrength::Required,
                value_set: set.url,
            };
            assert_eq!(field.binding, Some(binding), "{line}");
            line.push_str(" enum");
            self.value_set(set);
        }
        line
    }

    fn type_name(&mut self, field_type: &FieldType, field: &FieldInfo) -> String {
        if let FieldType::Element(info) = field_type {
            self.add(info());
        }
        let has_references = field
            .types
            .iter()
            .any(|field_type| field_type.name().ends_with("Reference"));
        match field_type.name() {
            name @ ("Reference" | "CodeableReference" | "canonical")
                if !field.targets.is_empty() && (name != "canonical" || !has_references) =>
            {
                format!("{name}({})", field.targets.join(","))
            }
            // A type of its own, which the table names by its path.
            name if name.contains('.') => {
                let backbone = match field_type {
                    FieldType::Element(info) => info().field("modifierExtension").is_some(),
                    _ => false,
                };
                if backbone {
                    "BackboneElement".to_owned()
                } else {
                    "Element".to_owned()
                }
            }
            name => name.to_owned(),
        }
    }

    fn value_set(&mut self, set: &CodeSet) {
        let name = set.url.strip_prefix(VALUE_SETS).expect("one of HL7");
        let codes: Vec<_> = set.codes.iter().map(|&code| code.to_owned()).collect();
        if let Some(before) = self.codes.insert(name.to_owned(), codes.clone()) {
            assert_eq!(before, codes, "two sets of the name {name}");
        }
    }
}

fn compare(description: &Description, elements: &Types, codes: &Codes) -> Vec<String> {
    let mut problems = Vec::new();
    let names: BTreeSet<_> = description.types.keys().chain(elements.keys()).collect();
    for name in names {
        match (description.types.get(name), elements.get(name)) {
            (Some(ours), Some(theirs)) => {
                if ours.0 != theirs.0 {
                    problems.push(format!("{name}: resource or not"));
                }
                let count = ours.1.len().max(theirs.1.len());
                for index in 0..count {
                    let (ours, theirs) = (ours.1.get(index), theirs.1.get(index));
                    if ours != theirs {
                        problems.push(format!("{name}: {ours:?} should be {theirs:?}"));
                    }
                }
            }
            (Some(_), None) => problems.push(format!("{name} is not in the table")),
            (None, _) => problems.push(format!("{name} is not in the crate")),
        }
    }
    let names: BTreeSet<_> = description.codes.keys().chain(codes.keys()).collect();
    for name in names {
        let (ours, theirs) = (description.codes.get(name), codes.get(name));
        if ours != theirs {
            problems.push(format!("value set {name}: {ours:?} should be {theirs:?}"));
        }
    }
    problems
}

/// Compares the types that `T` reaches with the tables of its version, which have so many types and
/// value sets; each of the changes to the table of the study must be noticed.
fn check<T: Element>(version: &str, sizes: (usize, usize), changes: &[(&str, &str)]) {
    let codes = table_of_codes(&format!("{version}.codes"));
    let elements = table_of_elements(&format!("{version}.elements"), &codes);
    assert_eq!(
        (elements.len(), codes.len()),
        sizes,
        "the tables are not whole"
    );
    let description = Description::of::<T>();
    let problems = compare(&description, &elements, &codes);
    assert!(problems.is_empty(), "{version}:\n{}", problems.join("\n"));

    // The comparison itself notices each kind of change.
    for (before, after) in changes {
        let mut changed = elements.clone();
        let (_, study) = changed.get_mut("ImagingStudy").expect("the study");
        for line in study.iter_mut() {
            *line = line.replace(before, after);
        }
        assert_eq!(compare(&description, &changed, &codes).len(), 1, "{before}");
    }
    let mut swapped = elements.clone();
    swapped.get_mut("Coding").expect("a Coding").1.swap(3, 4);
    assert_eq!(compare(&description, &swapped, &codes).len(), 2);
    let mut without = elements.clone();
    without.remove("Period");
    assert_eq!(compare(&description, &without, &codes).len(), 1);
    let mut more = codes.clone();
    more.get_mut("identifier-use")
        .expect("the codes")
        .push("inactive".to_owned());
    assert_eq!(compare(&description, &elements, &more).len(), 1);
}

/// What would be noticed since R4.
const CHANGES: [(&str, &str); 9] = [
    ("started 0..1 dateTime summary", "started 0..1 dateTime"),
    ("status 1..1 code modifier", "status 1..1 code"),
    ("extensible:http://dicom", "preferred:http://dicom"),
    ("sect_CID_", "sect_CID"),
    ("status 1..1 code", "status 0..1 code"),
    ("modality 0..*", "modality 0..1"),
    (
        "Reference(Patient,Device,Group)",
        "Reference(Patient,Group)",
    ),
    ("started 0..1 dateTime", "started 0..1 instant"),
    (" enum", ""),
];

/// What would be noticed in R6.
const R6_CHANGES: [(&str, &str); 5] = [
    ("status 1..1 code modifier", "status 1..1 code"),
    (
        "procedure 0..* Reference(Procedure)",
        "procedure 0..* Reference",
    ),
    (
        "Reference(Device,Group,Patient)",
        "Reference(Group,Patient)",
    ),
    ("started 0..1 dateTime", "started 0..1 instant"),
    (" enum", ""),
];

/// What would be noticed before R4.
const OLD_CHANGES: [(&str, &str); 7] = [
    (
        "patient 1..1 Reference(Patient) summary",
        "patient 1..1 Reference(Patient)",
    ),
    ("implicitRules 0..1 uri modifier", "implicitRules 0..1 uri"),
    ("patient 1..1 Reference", "patient 0..1 Reference"),
    ("modalityList 0..*", "modalityList 0..1"),
    ("uid 1..1 oid", "uid 1..1 id"),
    ("started 0..1 dateTime", "started 0..1 instant"),
    (" enum", ""),
];

#[test]
fn dstu2_is_as_hl7_defines_it() {
    check::<dstu2::ImagingStudy>("dstu2", (23, 11), &OLD_CHANGES);
}

#[test]
fn stu3_is_as_hl7_defines_it() {
    check::<stu3::ImagingStudy>("stu3", (28, 12), &OLD_CHANGES);
}

#[test]
fn r4_is_as_hl7_defines_it() {
    check::<r4::ImagingStudy>("r4", (42, 18), &CHANGES);
}

#[test]
fn r4b_is_as_hl7_defines_it() {
    check::<r4b::ImagingStudy>("r4b", (44, 18), &CHANGES);
}

#[test]
fn r5_is_as_hl7_defines_it() {
    check::<r5::ImagingStudy>("r5", (48, 19), &CHANGES);
}

#[test]
fn r6_draft_is_as_hl7_defines_it() {
    check::<r6_draft::ImagingStudy>("r6-draft", (48, 19), &CHANGES);
}

#[test]
fn r6_is_as_hl7_defines_it() {
    check::<r6::ImagingStudy>("r6", (52, 18), &R6_CHANGES);
}

/// The description is what the code does: every name that it lists can be read, and no other.
#[test]
fn every_described_name_has_a_slot() {
    fn slots<T: Element>() {
        for (index, field) in T::info().fields.iter().enumerate() {
            for (variant, field_type) in field.types.iter().enumerate() {
                let name = match field.name.strip_suffix("[x]") {
                    Some(stem) => {
                        let (first, rest) = field_type.name().split_at(1);
                        format!("{stem}{}{rest}", first.to_ascii_uppercase())
                    }
                    None => field.name.to_owned(),
                };
                let slot = T::slot(&name).unwrap_or_else(|| panic!("no slot for {name}"));
                assert_eq!(
                    (usize::from(slot.field), usize::from(slot.variant)),
                    (index, variant)
                );
                let (resolved, resolved_type) = T::info().resolve(&name).expect("resolvable");
                assert_eq!(resolved.name, field.name);
                assert_eq!(resolved_type.name(), field_type.name());
            }
        }
        for name in [
            "",
            "_",
            "value",
            "valueNothing",
            "resourceType",
            "Id",
            "valuestring",
        ] {
            assert!(
                T::slot(name).is_none() || T::info().field(name).is_some(),
                "{name}"
            );
        }
    }
    slots::<dstu2::ImagingStudy>();
    slots::<dstu2::Extension>();
    slots::<dstu2::TimingRepeat>();
    slots::<stu3::ImagingStudy>();
    slots::<stu3::Extension>();
    slots::<stu3::Signature>();
    slots::<r4b::ImagingStudy>();
    slots::<r4b::Extension>();
    slots::<r6::ImagingStudy>();
    slots::<r6::Extension>();
    slots::<r6::DosageCondition>();
    slots::<r6_draft::ImagingStudy>();
    slots::<r6_draft::Extension>();
    slots::<r4::ImagingStudy>();
    slots::<r5::ImagingStudy>();
    slots::<r4::Extension>();
    slots::<r5::Extension>();
    slots::<r4::Annotation>();
    slots::<r5::UsageContext>();
    slots::<r5::TimingRepeat>();
}
