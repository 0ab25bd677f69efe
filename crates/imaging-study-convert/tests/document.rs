//! The tables of `docs/conversion.md` are what conversions do to a sample of every element. With
//! `UPDATE_DOCUMENT` set, the tables are written anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::{Element, FhirVersion, FieldInfo, FieldType, Json, ScalarType, TypeInfo};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_str, json_to_string, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

const BEGIN: &str = "<!-- tables -->\n";
const END: &str = "<!-- end of tables -->\n";

/// The codes of the samples of availability and status, in place of a mark.
const CODES: [&str; 2] = ["ONLINE", "available"];

/// Runs an expression with the types of a version.
macro_rules! with_types {
    ($version:expr, $types:ident => $result:expr) => {
        match $version {
            FhirVersion::Dstu2 => {
                use dstu2 as $types;
                $result
            }
            FhirVersion::Stu3 => {
                use stu3 as $types;
                $result
            }
            FhirVersion::R4 => {
                use r4 as $types;
                $result
            }
            FhirVersion::R4B => {
                use r4b as $types;
                $result
            }
            FhirVersion::R5 => {
                use r5 as $types;
                $result
            }
            FhirVersion::R6Draft => {
                use r6_draft as $types;
                $result
            }
            FhirVersion::R6 => {
                use r6 as $types;
                $result
            }
        }
    };
}

fn info(version: FhirVersion) -> &'static TypeInfo {
    with_types!(version, types => types::ImagingStudy::info())
}

fn converted(study: &str, from: FhirVersion, to: FhirVersion) -> Json {
    fn run<A: Study, B: Study>(study: &str) -> String {
        let study: A = from_str(study).unwrap_or_else(|error| panic!("{study}: {error}"));
        let converted = convert::<A, B>(study, &Options::default()).expect("not strict");
        to_string(&converted.value).expect("nothing is empty")
    }
    let text = with_types!(from, sources => with_types!(to, targets => {
        run::<sources::ImagingStudy, targets::ImagingStudy>(study)
    }));
    parse(&text)
}

fn parse(text: &str) -> Json {
    Decoder::default()
        .decode_json(text.as_bytes())
        .expect("JSON")
}

/// A valid study of a version, with one series and one instance.
fn base(version: FhirVersion) -> Json {
    let counts = r#""numberOfSeries":1,"numberOfInstances":1,"#;
    let old = |counts: &str, of_series: &str| {
        format!(
            r#"{{"resourceType":"ImagingStudy","uid":"urn:oid:2.1","patient":{{"display":"x"}},{counts}"series":[{{"uid":"urn:oid:2.2","modality":{{"code":"CT"}},{of_series}"instance":[{{"uid":"urn:oid:2.3","sopClass":"urn:oid:2.4"}}]}}]}}"#
        )
    };
    let new = |modality: &str, sop_class: &str| {
        format!(
            r#"{{"resourceType":"ImagingStudy","identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:2.1"}}],"status":"registered","subject":{{"display":"x"}},"series":[{{"uid":"2.2","modality":{modality},"instance":[{{"uid":"2.3","sopClass":{sop_class}}}]}}]}}"#
        )
    };
    let oid = r#""urn:oid:2.4""#;
    let coding = format!(r#"{{"system":"urn:ietf:rfc:3986","code":{oid}}}"#);
    let concept = r#"{"coding":[{"code":"CT"}]}"#;
    parse(&match version {
        FhirVersion::Dstu2 => old(counts, r#""numberOfInstances":1,"#),
        FhirVersion::Stu3 => old("", ""),
        FhirVersion::R4 | FhirVersion::R4B => new(r#"{"code":"CT"}"#, &coding),
        FhirVersion::R5 => new(concept, &coding),
        FhirVersion::R6Draft | FhirVersion::R6 => new(concept, oid),
    })
}

/// An element of a version, and which part of a CodeableReference it is.
#[derive(Clone, Copy)]
struct Row {
    /// The element that it stands in: empty for the study.
    parent: &'static [&'static str],
    field: &'static FieldInfo,
    part: Option<&'static str>,
}

impl Row {
    fn name(&self) -> String {
        let mut names = self.parent.to_vec();
        names.push(self.field.name);
        names.extend(self.part);
        names.join(".")
    }

    /// A value that holds a mark and nothing that another version would refuse.
    fn sample(&self, mark: usize) -> String {
        let field_type = &self.field.types[0];
        match field_type {
            FieldType::Scalar(scalar, _) => match (scalar, self.field.name) {
                (ScalarType::UnsignedInt, _) => format!("91{mark}"),
                (ScalarType::DateTime, _) => format!("\"191{mark}\""),
                (ScalarType::Oid, _) => format!("\"urn:oid:2.91{mark}\""),
                (ScalarType::Id, "uid") => format!("\"2.91{mark}\""),
                (_, "availability") => format!("\"{}\"", CODES[0]),
                (_, "status") => format!("\"{}\"", CODES[1]),
                _ => format!("\"m91{mark}\""),
            },
            FieldType::Element(info) => match (info().name, self.part) {
                ("Coding", _) if self.field.name == "sopClass" => {
                    format!(r#"{{"system":"urn:ietf:rfc:3986","code":"urn:oid:2.91{mark}"}}"#)
                }
                ("Coding", _) => format!(r#"{{"code":"m91{mark}"}}"#),
                ("CodeableConcept", _) | ("CodeableReference", Some("concept")) => {
                    let concept = format!(r#"{{"coding":[{{"code":"m91{mark}"}}]}}"#);
                    match self.part {
                        Some(_) => format!(r#"{{"concept":{concept}}}"#),
                        None => concept,
                    }
                }
                ("CodeableReference", _) => {
                    format!(r#"{{"reference":{{"display":"m91{mark}"}}}}"#)
                }
                ("Reference", _) => format!(r#"{{"display":"m91{mark}"}}"#),
                ("Identifier", _) => format!(r#"{{"value":"m91{mark}"}}"#),
                ("Annotation", _) => format!(r#"{{"text":"m91{mark}"}}"#),
                ("Attachment", _) => format!(r#"{{"title":"m91{mark}"}}"#),
                ("Meta", _) => format!(r#"{{"versionId":"m91{mark}"}}"#),
                ("Extension", _) => {
                    format!(r#"{{"url":"http://example.org/x","valueString":"m91{mark}"}}"#)
                }
                ("Narrative", _) => format!(
                    r#"{{"status":"additional","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">m91{mark}</div>"}}"#
                ),
                (other, _) => panic!("no sample of {other}"),
            },
            FieldType::Resource => panic!("no sample of a resource"),
        }
    }

    /// A study with a number of samples of the element.
    fn study(&self, version: FhirVersion, count: usize) -> String {
        let mut study = base(version);
        let mut place = &mut study;
        for name in self.parent {
            if *name == "performer" {
                // Its actor is required.
                set(place, name, parse(r#"[{"actor":{"display":"x"}}]"#));
            }
            let Json::Object(members) = place else {
                panic!("an object");
            };
            let found = members.iter_mut().find(|(own, _)| own == name);
            place = match found {
                Some((_, Json::Array(entries))) => &mut entries[0],
                _ => panic!("{name} is no list of the base"),
            };
        }
        let samples: Vec<String> = (0..count).map(|mark| self.sample(mark)).collect();
        if self.field.many {
            let mut entries = match place.get(self.field.name) {
                Some(Json::Array(entries)) => entries.clone(),
                _ => Vec::new(),
            };
            entries.extend(samples.iter().map(|sample| parse(sample)));
            set(place, self.field.name, Json::Array(entries));
        } else {
            set(place, self.field.name, parse(&samples[0]));
        }
        json_to_string(&study)
    }

    /// What becomes of some samples.
    fn outcome(&self, from: FhirVersion, to: FhirVersion, count: usize) -> String {
        let study = self.study(from, count);
        let after = converted(&study, from, to);
        let mut found = BTreeSet::new();
        find(&after, info(to), &mut Vec::new(), None, &mut found);
        let own = self.name();
        let parent = self.parent.join(".");
        let texts: Vec<String> = found
            .into_iter()
            .map(|place| match place {
                Place::Element(path) if path == own => "same".to_owned(),
                Place::Element(path) => format!("`{path}`"),
                Place::Carry(path) if path == parent => "extension".to_owned(),
                Place::Carry(path) if path.is_empty() => "extension on the study".to_owned(),
                Place::Carry(path) => format!("extension on `{path}`"),
            })
            .collect();
        assert!(!texts.is_empty(), "{own} of {from} is not in {to}: {study}");
        texts.join(" and ")
    }

    fn cell(&self, from: FhirVersion, to: FhirVersion) -> String {
        let one = self.outcome(from, to, 1);
        if !self.field.many {
            return one;
        }
        let two = self.outcome(from, to, 2);
        if one == two {
            one
        } else {
            format!("{one}; of several: {two}")
        }
    }
}

fn set(json: &mut Json, name: &str, value: Json) {
    let Json::Object(members) = json else {
        panic!("an object");
    };
    members.retain(|(own, _)| own != name);
    members.push((name.into(), value));
}

/// Where a mark was found.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// In an element of the study, with the part of a CodeableReference.
    Element(String),
    /// In a cross-version extension on an element.
    Carry(String),
}

/// Looks for marks.
fn find(
    json: &Json,
    info: &'static TypeInfo,
    path: &mut Vec<String>,
    carry: Option<&str>,
    found: &mut BTreeSet<Place>,
) {
    match json {
        Json::Object(members) => {
            let url = json.get("url").and_then(Json::as_str);
            let carried = url.is_some_and(|url| url.contains("/StructureDefinition/extension-"));
            // The last name is that of the list of extensions.
            let holder = path.len().saturating_sub(1);
            let on = element_path(&path[..holder], info);
            let carry = carry.or(carried.then_some(on.as_str()));
            for (name, value) in members {
                let name = name.strip_prefix('_').unwrap_or(name);
                if carry.is_none() && name != "url" {
                    path.push(name.to_owned());
                }
                find(value, info, path, carry, found);
                if carry.is_none() && name != "url" {
                    path.pop();
                }
            }
        }
        Json::Array(entries) => entries
            .iter()
            .for_each(|entry| find(entry, info, path, carry, found)),
        Json::String(text) if text.contains("91") || CODES.contains(&text.as_str()) => {
            found.insert(place(path, info, carry));
        }
        Json::Number(number) if number.as_str().starts_with("91") => {
            found.insert(place(path, info, carry));
        }
        _ => {}
    }
}

fn place(path: &[String], info: &'static TypeInfo, carry: Option<&str>) -> Place {
    match carry {
        Some(on) => Place::Carry(on.to_owned()),
        None => Place::Element(element_path(path, info)),
    }
}

/// The part of a path that names elements of the study.
fn element_path(path: &[String], study: &'static TypeInfo) -> String {
    let mut info = study;
    let mut names = Vec::new();
    for name in path {
        let Some((field, field_type)) = info.resolve(name) else {
            break;
        };
        names.push(field.name);
        match field_type {
            FieldType::Element(inner) if inner().name.starts_with("ImagingStudy.") => {
                info = inner();
            }
            FieldType::Element(inner) if inner().name == "CodeableReference" => {
                let part = path.get(names.len()).map(String::as_str);
                names.extend(
                    ["concept", "reference"]
                        .into_iter()
                        .filter(|name| part == Some(name)),
                );
                break;
            }
            _ => break,
        }
    }
    names.join(".")
}

/// The elements of a version in their order, without what every element has.
fn rows(version: FhirVersion) -> Vec<Row> {
    fn add(rows: &mut Vec<Row>, info: &'static TypeInfo, parent: &'static [&'static str]) {
        for field in info.fields {
            let common = ["id", "extension", "modifierExtension"].contains(&field.name);
            let inner = match field.types[0] {
                FieldType::Resource => continue,
                _ if common && !parent.is_empty() => continue,
                FieldType::Element(inner) => Some(inner()),
                FieldType::Scalar(..) => None,
            };
            let parts: &[_] = match inner {
                Some(inner) if inner.name.starts_with("ImagingStudy.") => {
                    let below: &'static [&'static str] = match field.name {
                        "series" => &["series"],
                        "performer" => &["series", "performer"],
                        "instance" => &["series", "instance"],
                        other => panic!("no place for {other}"),
                    };
                    add(rows, inner, below);
                    continue;
                }
                Some(inner) if inner.name == "CodeableReference" => {
                    &[Some("concept"), Some("reference")]
                }
                _ => &[None],
            };
            rows.extend(parts.iter().map(|part| Row {
                parent,
                field,
                part: *part,
            }));
        }
    }
    let mut rows = Vec::new();
    add(&mut rows, info(version), &[]);
    rows
}

fn tables() -> String {
    let mut text = String::new();
    for from in FhirVersion::ALL {
        let targets: Vec<_> = FhirVersion::ALL
            .into_iter()
            .filter(|to| *to != from)
            .collect();
        write!(text, "\n### From {from}\n\n| {from} |").expect("a string");
        for to in &targets {
            write!(text, " {to} |").expect("a string");
        }
        text.push_str("\n|---|---|---|---|---|---|---|\n");
        for row in rows(from) {
            let bounds = (row.field.min, if row.field.many { "*" } else { "1" });
            write!(text, "| `{}` {}..{} |", row.name(), bounds.0, bounds.1).expect("a string");
            for to in &targets {
                write!(text, " {} |", row.cell(from, *to)).expect("a string");
            }
            text.push('\n');
        }
    }
    text.push('\n');
    text
}

#[test]
fn the_tables_are_what_conversions_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conversion.md");
    let document = fs::read_to_string(&path).expect("docs/conversion.md");
    let (before, rest) = document.split_once(BEGIN).expect("the tables begin");
    let (written, after) = rest.split_once(END).expect("the tables end");
    let tables = tables();
    if std::env::var_os("UPDATE_DOCUMENT").is_some() {
        let document = format!("{before}{BEGIN}{tables}{END}{after}");
        fs::write(&path, document).expect("docs/conversion.md");
        return;
    }
    for (line, (written, now)) in written.lines().zip(tables.lines()).enumerate() {
        assert_eq!(written, now, "line {} of the tables", line + 1);
    }
    assert_eq!(written, tables);
}

#[test]
fn the_cases_that_the_notes_name_are_there() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(repository.join("docs/conversion.md")).expect("the document");
    let (_, notes) = document
        .split_once("## Notes on the elements")
        .expect("notes");
    let mut named = 0;
    for text in notes.split('`').skip(1).step_by(2) {
        let digits = text.strip_prefix('c').unwrap_or_default();
        if digits.starts_with(|first: char| first.is_ascii_digit()) {
            assert!(
                repository.join("fixtures/convert").join(text).is_dir(),
                "{text}"
            );
            named += 1;
        }
    }
    assert!(named > 20, "{named} cases");
}
