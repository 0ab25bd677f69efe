//! The table of all types of each version: against HL7's tables, both ways, and in itself.

#![cfg(all(feature = "r4", feature = "r5"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use imaging_study::core::{
    Definitions, ElementDefinition, ElementType, FhirVersion, ScalarType, TypeDefinition,
};
use imaging_study::{r4, r5};
use imaging_study_dstu2 as dstu2;
use imaging_study_r4b as r4b;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

/// Types by name, and a line for each of their elements.
type Types = BTreeMap<String, Vec<String>>;

/// The tables of all versions, oldest first.
fn all() -> [&'static Definitions; 7] {
    [
        dstu2::definitions(),
        stu3::definitions(),
        r4::definitions(),
        r4b::definitions(),
        r5::definitions(),
        r6_draft::definitions(),
        r6::definitions(),
    ]
    .map(|table| table.expect("the feature definitions"))
}

fn named(table: &'static Definitions, name: &str) -> &'static TypeDefinition {
    table
        .type_named(name)
        .unwrap_or_else(|| panic!("{}: no type {name}", table.version()))
}

fn element(table: &'static Definitions, owner: &str, name: &str) -> &'static ElementDefinition {
    let elements = &named(table, owner).elements;
    elements
        .iter()
        .find(|element| element.name == name)
        .unwrap_or_else(|| panic!("{}: no {name} in {owner}", table.version()))
}

/// A file that is not part of the repository. Such files lie beside the checkout, or where
/// `IMAGING_STUDY_SHARED` says; without them there is nothing to compare with, which is said aloud
/// and is an error where `CI` is `true`.
fn shared(file: &str) -> Option<String> {
    let root = std::env::var_os("IMAGING_STUDY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    match fs::read_to_string(root.join(file)) {
        Ok(text) => Some(text),
        Err(error) => {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "{file}: {error}; set IMAGING_STUDY_SHARED"
            );
            eprintln!("SKIPPED: no {file} beside the checkout; set IMAGING_STUDY_SHARED");
            None
        }
    }
}

/// The rows of one of HL7's tables: the columns path, max, types and representation.
fn rows(text: &str) -> Vec<[&str; 4]> {
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let columns = ["path", "max", "types", "representation"].map(|name| {
        let at = header.iter().position(|column| *column == name);
        at.unwrap_or_else(|| panic!("no column {name}"))
    });
    lines
        .map(|line| columns.map(|column| line[column]))
        .collect()
}

/// `Reference(Patient)|Quantity{SimpleQuantity}` without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u8;
    let outside = |letter: &char| {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth -= 1,
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

fn line(name: &str, many: bool, attribute: bool, types: &str) -> String {
    let attribute = if attribute { " attribute" } else { "" };
    let max = if many { "*" } else { "1" };
    format!("{name} {max} {types}{attribute}")
}

/// What HL7 says of the types in its tables, and the bases of those that are no part of another.
fn theirs(rows: &[[&str; 4]]) -> (Types, BTreeMap<String, String>) {
    let mut types = Types::new();
    let mut bases = BTreeMap::new();
    let owners: BTreeSet<_> = rows
        .iter()
        .filter_map(|[path, ..]| Some(path.rsplit_once('.')?.0))
        .collect();
    for [path, max, allowed, representation] in rows {
        let Some((owner, name)) = path.rsplit_once('.') else {
            types.entry((*path).to_owned()).or_default();
            let base = allowed.strip_prefix("base:").unwrap_or(allowed);
            bases.insert((*path).to_owned(), base.to_owned());
            continue;
        };
        let allowed = if owners.contains(path) {
            (*path).to_owned()
        } else {
            without_brackets(allowed.strip_prefix('#').unwrap_or(allowed))
        };
        let attribute = match *representation {
            // The narrative, which R6 says of it.
            "" | "xhtml" => false,
            "xmlAttr" => true,
            other => panic!("{path}: representation {other}"),
        };
        let line = line(name, *max == "*", attribute, &allowed);
        types.entry(owner.to_owned()).or_default().push(line);
    }
    (types, bases)
}

fn ours(table: &Definitions) -> Types {
    let lines = |definition: &TypeDefinition| {
        let lines = definition.elements.iter().map(|element| {
            let suffix = if element.choice { "[x]" } else { "" };
            let types: Vec<_> = element.types().iter().map(|one| one.name()).collect();
            line(
                &format!("{}{suffix}", element.name),
                element.many,
                element.attribute,
                &types.join("|"),
            )
        });
        lines.collect()
    };
    table
        .types()
        .iter()
        .map(|definition| (definition.name.to_owned(), lines(definition)))
        .collect()
}

fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The differences between the types of `roots` in both.
fn compare(ours: &Types, theirs: &Types, roots: &BTreeSet<&str>) -> Vec<String> {
    let names: BTreeSet<_> = ours
        .keys()
        .chain(theirs.keys())
        .filter(|name| roots.contains(root(name)))
        .collect();
    let mut problems = Vec::new();
    for name in names {
        match (ours.get(name), theirs.get(name)) {
            (Some(ours), Some(theirs)) => {
                for index in 0..ours.len().max(theirs.len()) {
                    let (ours, theirs) = (ours.get(index), theirs.get(index));
                    if ours != theirs {
                        problems.push(format!("{name}: {ours:?} should be {theirs:?}"));
                    }
                }
            }
            (ours, _) => problems.push(format!("{name}: only in ours: {}", ours.is_some())),
        }
    }
    problems
}

/// DSTU2 has an id for the ids of all elements, R5 and R6 for those of data types, the others for
/// none; the crates take any text.
fn take_any_text_for_ids(rows: &mut [[&str; 4]]) {
    for row in rows {
        if let [_, _, allowed @ "id", "xmlAttr"] = row {
            *allowed = "string";
        }
    }
}

/// HL7's table of R6 was put together from lists that do not say where some elements stand, nor that
/// the ids of elements are attributes. Says the latter, and returns the types of the former.
fn complete(rows: &mut [[&str; 4]]) -> BTreeSet<String> {
    let mut unordered = BTreeSet::new();
    let is_r6 = rows.iter().any(|row| row[3] == "ORDER?");
    for [path, _, _, representation] in rows {
        let (owner, name) = path.rsplit_once('.').unwrap_or(("", path));
        if *representation == "ORDER?" {
            unordered.insert(owner.to_owned());
            *representation = "";
        }
        if is_r6 && name == "id" && owner.contains('.') {
            *representation = "xmlAttr";
        }
    }
    unordered
}

/// Compares a table with HL7's, and says which types HL7's do not have.
fn check(table: &Definitions) -> Option<Vec<String>> {
    let version = table.version().name().to_lowercase().replace(' ', "-");
    let (resources, data_types) = match table.version() {
        FhirVersion::R6Draft => ("all_elements/r6", "elements/r6"),
        FhirVersion::R6 => ("r6-snapshot1/all_elements", "r6-snapshot1/elements"),
        _ => (
            &*format!("all_elements/{version}"),
            &*format!("elements/{version}"),
        ),
    };
    let resources = shared(&format!("spec/{resources}.tsv"))?;
    let data_types = shared(&format!("spec/{data_types}.tsv"))?;
    let mut ours = ours(table);

    // Every row of every resource.
    let mut rows_of_resources = rows(&resources);
    take_any_text_for_ids(&mut rows_of_resources);
    let unordered = complete(&mut rows_of_resources);
    assert!(rows_of_resources.len() > 3500, "the table is not whole");
    let (mut types, bases) = theirs(&rows_of_resources);
    for name in &unordered {
        for types in [&mut ours, &mut types] {
            types.entry(name.clone()).or_default().sort();
        }
    }
    let roots: BTreeSet<_> = types.keys().map(|name| root(name)).collect();
    let problems = compare(&ours, &types, &roots);
    assert!(problems.is_empty(), "{version}:\n{}", problems.join("\n"));
    for (name, base) in &bases {
        let instances = matches!(base.as_str(), "Resource" | "DomainResource")
            && !matches!(
                name.as_str(),
                "DomainResource" | "CanonicalResource" | "MetadataResource"
            );
        assert_eq!(table.resource(name).is_some(), instances, "{name}");
    }

    // The comparison itself notices each kind of change.
    for (before, after) in [
        ("active 1 boolean", "active 1 code"),
        ("name * HumanName", "name 1 HumanName"),
        ("contact * Patient.contact", "contact * Patient.link"),
        (
            "deceased[x] 1 boolean|dateTime",
            "deceased[x] 1 dateTime|boolean",
        ),
    ] {
        let mut changed = types.clone();
        let lines = changed.get_mut("Patient").expect("a Patient");
        let line = lines.iter_mut().find(|line| *line == before);
        *line.expect(before) = after.to_owned();
        assert_eq!(compare(&ours, &changed, &roots).len(), 1, "{before}");
    }
    let mut without = types.clone();
    without.remove("Patient.contact");
    assert_eq!(compare(&ours, &without, &roots).len(), 1);
    let mut swapped = types.clone();
    let contact = swapped.get_mut("Patient.contact").expect("a contact");
    assert_eq!(contact[0], "id 1 string attribute");
    contact.swap(0, 1);
    assert_eq!(compare(&ours, &swapped, &roots).len(), 2);

    // The data types that an ImagingStudy can reach.
    let mut rows_of_data_types = rows(&data_types);
    // Primitive types and their bases are no types with elements.
    rows_of_data_types.retain(|[path, ..]| {
        let root = root(path);
        ScalarType::from_name(root).is_none() && !matches!(root, "Base" | "PrimitiveType")
    });
    take_any_text_for_ids(&mut rows_of_data_types);
    if table.version() == FhirVersion::Dstu2 {
        // Profiles of Quantity, which no element names as its type.
        let profiles = [
            "Age",
            "Count",
            "Distance",
            "Duration",
            "Money",
            "SimpleQuantity",
        ];
        rows_of_data_types.retain(|[path, ..]| !profiles.contains(&root(path)));
    }
    let (data_types, _) = theirs(&rows_of_data_types);
    let known: BTreeSet<_> = data_types
        .keys()
        .map(|name| root(name))
        .filter(|name| !roots.contains(name))
        .collect();
    let problems = compare(&ours, &data_types, &known);
    assert!(problems.is_empty(), "{version}:\n{}", problems.join("\n"));

    let others = ours
        .keys()
        .filter(|name| !name.contains('.'))
        .filter(|name| !roots.contains(name.as_str()) && !known.contains(name.as_str()));
    Some(others.cloned().collect())
}

#[test]
fn every_row_of_hl7_and_no_other() {
    for table in all() {
        let Some(others) = check(table) else {
            return;
        };
        let expected: &[_] = match table.version() {
            FhirVersion::Dstu2 => &["ElementDefinition"],
            FhirVersion::Stu3 => &[
                "ContactDetail",
                "Contributor",
                "DataRequirement",
                "Dosage",
                "ElementDefinition",
                "ParameterDefinition",
                "RelatedArtifact",
                "TriggerDefinition",
                "UsageContext",
            ],
            FhirVersion::R4B => &[
                "ElementDefinition",
                "MarketingStatus",
                "ProdCharacteristic",
                "ProductShelfLife",
            ],
            FhirVersion::R6Draft => &["DomainResource", "Resource"],
            FhirVersion::R6 => &[
                "DosageInstruction",
                "ElementDefinition",
                "MarketingStatus",
                "ProductShelfLife",
                "RelativeTime",
            ],
            FhirVersion::R4 => &[
                "ElementDefinition",
                "MarketingStatus",
                "Population",
                "ProdCharacteristic",
                "ProductShelfLife",
                "SubstanceAmount",
            ],
            _ => &[
                "ElementDefinition",
                "MarketingStatus",
                "MonetaryComponent",
                "ProductShelfLife",
                "VirtualServiceDetail",
            ],
        };
        assert_eq!(others, expected, "{}", table.version());
    }
}

/// A line that cannot be read is no type, so that as many types as lines are all of them.
#[test]
fn the_texts_are_read_wholly() {
    for table in all() {
        let crate_name = format!(
            "imaging-study-{}",
            table.version().name().to_lowercase().replace(' ', "-")
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(crate_name)
            .join("src/definitions.txt");
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let names: Vec<_> = text
            .lines()
            .filter(|line| !line.starts_with(['#', '=']))
            .map(|line| line.split([' ', '<']).next().unwrap_or(line))
            .collect();
        assert!(names.len() > 300 && names.is_sorted_by(|one, next| one < next));
        let types: Vec<_> = table.types().iter().map(|one| one.name).collect();
        assert_eq!(types, names);
    }
}

#[test]
fn every_type_that_is_referred_to_exists() {
    for table in all() {
        for definition in table.types() {
            for element in &definition.elements {
                let types = element.types();
                assert!(!types.is_empty() && (element.choice || types.len() == 1));
                for one in types {
                    if let ElementType::Type(name) = one {
                        named(table, name);
                    }
                }
            }
        }
    }
}

#[test]
fn every_name_resolves_to_its_element() {
    for table in all() {
        for definition in table.types() {
            for (index, element) in definition.elements.iter().enumerate() {
                for one in element.types() {
                    let name = if element.choice {
                        let (first, rest) = one.name().split_at(1);
                        format!("{}{}{rest}", element.name, first.to_ascii_uppercase())
                    } else {
                        element.name.to_owned()
                    };
                    assert_eq!(
                        definition.resolve(&name),
                        Some((index, *one)),
                        "{}.{name}",
                        definition.name
                    );
                }
                if element.choice {
                    assert_eq!(definition.resolve(element.name), None);
                }
            }
            for name in ["", "[x]", "_id", "Id", "fhir_comments", "valueNothing"] {
                assert_eq!(definition.resolve(name), None, "{}.{name}", definition.name);
            }
        }
    }
}

/// XML writes the id of an element as an attribute, and that of a resource as an element.
#[test]
fn ids_are_attributes_of_all_but_resources() {
    for table in all() {
        for definition in table.types() {
            let first = definition.elements.first().expect("an id");
            assert_eq!(first.name, "id", "{}", definition.name);
            let resource = definition
                .elements
                .iter()
                .any(|element| element.name == "implicitRules");
            assert_eq!(first.attribute, !resource, "{}", definition.name);
            for element in &definition.elements[1..] {
                let url = definition.name == "Extension" && element.name == "url";
                assert_eq!(element.attribute, url, "{}", definition.name);
                assert!(!(element.attribute && element.many));
            }
        }
    }
}

#[test]
fn some_elements_that_are_known_well() {
    let scalar = ElementType::Scalar;
    for table in all() {
        let version = table.version();

        let patient = table.resource("Patient").expect("a Patient");
        assert!(element(table, "Patient", "name").many);
        assert!(!element(table, "Patient", "active").many);
        assert!(element(table, "Patient", "contained").many);
        assert!(element(table, "Patient", "deceased").choice);
        for (name, expected) in [
            ("id", None),
            ("active", Some(scalar(ScalarType::Boolean))),
            ("deceasedBoolean", Some(scalar(ScalarType::Boolean))),
            ("deceasedDateTime", Some(scalar(ScalarType::DateTime))),
            ("name", Some(ElementType::Type("HumanName"))),
            ("contact", Some(ElementType::Type("Patient.contact"))),
            ("contained", Some(ElementType::Resource)),
            ("text", Some(ElementType::Type("Narrative"))),
        ] {
            let resolved = patient.resolve(name).map(|(_, one)| one);
            assert!(resolved.is_some(), "{version}: {name}");
            assert!(
                expected.is_none() || resolved == expected,
                "{version}: {name}"
            );
        }
        for name in ["deceased", "deceasedInstant", "deceasedboolean", "Patient"] {
            assert_eq!(patient.resolve(name), None, "{version}: {name}");
        }

        for (owner, name, expected) in [
            (
                "Parameters.parameter",
                "part",
                ElementType::Type("Parameters.parameter"),
            ),
            ("Bundle.entry", "link", ElementType::Type("Bundle.link")),
            ("Bundle.entry", "resource", ElementType::Resource),
            ("Parameters.parameter", "resource", ElementType::Resource),
            ("Narrative", "div", scalar(ScalarType::Xhtml)),
            // The table of R6 says string.
            (
                "Extension",
                "url",
                scalar(match version {
                    FhirVersion::R6 => ScalarType::String,
                    _ => ScalarType::Uri,
                }),
            ),
            ("Quantity", "value", scalar(ScalarType::Decimal)),
            ("Timing.repeat", "duration", scalar(ScalarType::Decimal)),
        ] {
            assert_eq!(
                element(table, owner, name).types(),
                [expected],
                "{version}: {owner}.{name}"
            );
        }
        assert!(element(table, "Extension", "url").attribute);
        assert!(!element(table, "Narrative", "div").attribute);

        let component = named(table, "Observation.component");
        assert!(element(table, "Observation.component", "value").choice);
        for (name, expected) in [
            ("valueQuantity", ElementType::Type("Quantity")),
            ("valueSampledData", ElementType::Type("SampledData")),
            ("valueTime", scalar(ScalarType::Time)),
        ] {
            assert_eq!(
                component.resolve(name).map(|(_, one)| one),
                Some(expected),
                "{version}: {name}"
            );
        }
        // Any type is allowed there.
        for owner in ["Extension", "Parameters.parameter"] {
            let types = element(table, owner, "value").types();
            let (count, meta) = match version {
                FhirVersion::Dstu2 => (33, true),
                FhirVersion::Stu3 => (38, true),
                FhirVersion::R4 => (50, true),
                FhirVersion::R4B if owner == "Extension" => (51, false),
                FhirVersion::R4B => (50, true),
                FhirVersion::R5 | FhirVersion::R6Draft => (54, true),
                FhirVersion::R6 => (55, true),
            };
            assert_eq!(types.len(), count, "{version}: {owner}");
            assert_eq!(types.contains(&ElementType::Type("Meta")), meta);
        }

        for name in ["ImagingStudy", "Bundle", "Binary", "Parameters", "List"] {
            assert!(table.resource(name).is_some(), "{version}: {name}");
        }
        for name in [
            "Resource",
            "DomainResource",
            "CanonicalResource",
            "MetadataResource",
            "Element",
            "HumanName",
            "Patient.contact",
            "string",
            "",
            "patient",
            "Nothing",
        ] {
            assert!(table.resource(name).is_none(), "{version}: {name}");
        }
        for name in [
            "string",
            "",
            "patient",
            "Nothing",
            "Patient.",
            "Patient.name",
        ] {
            assert!(table.type_named(name).is_none(), "{version}: {name}");
        }
    }

    assert_eq!(all().map(Definitions::version), FhirVersion::ALL);
    let [dstu2, stu3, r4, r4b, r5, r6_draft, r6] = all();
    for (table, owner, name, expected) in [
        (
            dstu2,
            "Questionnaire.group",
            "group",
            ElementType::Type("Questionnaire.group"),
        ),
        (
            stu3,
            "Questionnaire.item",
            "item",
            ElementType::Type("Questionnaire.item"),
        ),
        (
            r6_draft,
            "Questionnaire.item",
            "item",
            ElementType::Type("Questionnaire.item"),
        ),
        (
            dstu2,
            "ElementDefinition.type",
            "code",
            scalar(ScalarType::Code),
        ),
        (
            r4b,
            "ElementDefinition.type",
            "code",
            scalar(ScalarType::Uri),
        ),
        (r6, "Timing.repeat", "timeOfDay", scalar(ScalarType::Time)),
        (
            r6_draft,
            "Timing.repeat",
            "timeOfDay",
            scalar(ScalarType::Time),
        ),
    ] {
        let version = table.version();
        assert_eq!(
            element(table, owner, name).types(),
            [expected],
            "{version}: {owner}.{name}"
        );
    }
    assert!(element(dstu2, "HumanName", "family").many);
    assert!(!element(stu3, "HumanName", "family").many);
    assert!(dstu2.resource("Endpoint").is_none() && stu3.resource("Endpoint").is_some());
    // An element that has the name of JSON's type of a resource.
    for (table, owner, expected) in [
        (r4, "ExampleScenario.instance", ScalarType::Code),
        (r4b, "ExampleScenario.instance", ScalarType::Code),
        (r5, "Subscription.filterBy", ScalarType::Uri),
    ] {
        let types = element(table, owner, "resourceType").types();
        assert_eq!(types, [scalar(expected)], "{owner}");
    }
    let size = |table| element(table, "Attachment", "size").types();
    assert_eq!(size(r4), [scalar(ScalarType::UnsignedInt)]);
    assert_eq!(size(r4b), [scalar(ScalarType::UnsignedInt)]);
    assert_eq!(size(r5), [scalar(ScalarType::Integer64)]);
    assert_eq!(size(r6_draft), [scalar(ScalarType::Integer64)]);
    assert_eq!(size(r6), [scalar(ScalarType::Integer64)]);
    assert!(r4.resource("Media").is_some() && r5.resource("Media").is_none());
    assert!(r4.resource("ActorDefinition").is_none() && r5.resource("ActorDefinition").is_some());
}
