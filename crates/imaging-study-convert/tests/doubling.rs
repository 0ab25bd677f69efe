//! A conversion takes time linear in every list that the schema has. Run alone, since it measures:
//! `cargo test -p imaging-study-convert --test doubling -- --ignored`.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use imaging_study_any as versions;
use imaging_study_convert::{Options, Study, convert};
use imaging_study_core::{FieldInfo, FieldType, ScalarType, TypeInfo};
use imaging_study_json::from_str;

/// How many entries the shorter list has: first, and where twice as many seem to take longer than they
/// may. From some size on an allocator asks the system for each list, which has a price of its own; what
/// takes the square of the time does so at every size.
const ENTRIES: [usize; 4] = [250, 1_000, 4_000, 16_000];

/// How much longer twice as many may take.
const RATIO: f64 = 2.5;

/// How often a list that seems to take longer is measured again at each size: a machine that is busy
/// with something else is no square of the time.
const TRIES: usize = 12;

/// Types inside one another are followed so far from the study.
const DEPTH: usize = 4;

/// Differences below this are noise.
const NOISE: Duration = Duration::from_micros(300);

/// A value of a scalar that differs with `index`, where the type has as many.
fn scalar(scalar: ScalarType, index: usize) -> String {
    match scalar {
        ScalarType::Boolean => "true".to_owned(),
        ScalarType::Date => "\"2020-02-29\"".to_owned(),
        ScalarType::DateTime => "\"2020-02-29T10:00:00Z\"".to_owned(),
        ScalarType::Instant => "\"2020-02-29T10:00:00Z\"".to_owned(),
        ScalarType::Time => "\"10:00:00\"".to_owned(),
        ScalarType::Decimal
        | ScalarType::Integer
        | ScalarType::PositiveInt
        | ScalarType::UnsignedInt => format!("{}", index + 1),
        ScalarType::Integer64 => format!("\"{}\"", index + 1),
        ScalarType::Base64Binary => "\"YWJj\"".to_owned(),
        ScalarType::Oid => format!("\"urn:oid:1.2.{index}\""),
        ScalarType::Id => format!("\"1.2.{index}\""),
        ScalarType::Uuid => "\"urn:uuid:0f3c8a52-9d3e-4f0b-8a77-0d8a7a3f8c11\"".to_owned(),
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => {
            format!("\"http://e.example/{index}\"")
        }
        ScalarType::Xhtml => {
            "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a</div>\"".to_owned()
        }
        ScalarType::Code | ScalarType::Markdown | ScalarType::String => format!("\"a{index}\""),
    }
}

/// An entry of a list: of a type with elements, one with its first few; two shapes, the second with
/// what another version has otherwise.
fn entry(field: &FieldInfo, index: usize, shape: usize) -> String {
    match &field.types[0] {
        FieldType::Scalar(scalar_type, codes) => match codes {
            Some(codes) => format!("\"{}\"", codes.codes[0]),
            None => scalar(*scalar_type, index),
        },
        FieldType::Resource => match shape {
            0 => format!(r#"{{"resourceType":"Patient","id":"p{index}"}}"#),
            _ => format!(
                r##"{{"resourceType":"ImagingStudy","id":"s{index}","referrer":{{"reference":"#p{index}"}}}}"##
            ),
        },
        FieldType::Element(info) => match (info().name, shape) {
            ("Extension", 0) => format!(r#"{{"url":"http://e.example/{index}","valueCode":"a"}}"#),
            ("Extension", 1) => format!(
                r#"{{"url":"http://hl7.org/fhir/4.0/StructureDefinition/extension-ImagingStudy.interpreter","valueReference":{{"reference":"Practitioner/{index}"}}}}"#
            ),
            ("Extension", 2) => format!(
                r#"{{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ImagingStudy.reason","valueCodeableConcept":{{"text":"t{index}"}}}}"#
            ),
            ("Extension", 3) => format!(
                r#"{{"url":"http://e.example/{index}","valueRange":{{"low":{{"value":{index}}}}}}}"#
            ),
            (_, shape) => object(info(), index, shape),
        },
    }
}

/// An object of a type with some of its elements.
fn object(info: &'static TypeInfo, index: usize, shape: usize) -> String {
    let mut members = Vec::new();
    for field in info.fields {
        let name = field.name;
        if name.ends_with("[x]") || members.len() > 3 {
            continue;
        }
        match (name, &field.types[0]) {
            ("id", _) => members.push(format!("\"id\":\"i{index}\"")),
            ("extension", _) if shape > 1 => members.push(
                r#""extension":[{"url":"http://e.example/x","valueBoolean":true}]"#.to_owned(),
            ),
            ("reference", FieldType::Scalar(..)) => {
                let of = ["Practitioner", "PractitionerRole", "Procedure", "Device"][shape];
                members.push(format!("\"reference\":\"{of}/{index}\""));
            }
            (_, FieldType::Scalar(scalar_type, None)) => {
                let value = scalar(*scalar_type, index);
                members.push(match field.many {
                    true => format!("\"{name}\":[{value}]"),
                    false => format!("\"{name}\":{value}"),
                });
            }
            (_, FieldType::Element(inner))
                if matches!(
                    inner().name,
                    "CodeableConcept" | "Coding" | "Reference" | "Identifier"
                ) && shape % 2 == 1 =>
            {
                let value = match inner().name {
                    "CodeableConcept" => format!(r#"{{"text":"t{index}"}}"#),
                    "Coding" => format!(r#"{{"code":"c{index}"}}"#),
                    "Identifier" => format!(r#"{{"value":"v{index}"}}"#),
                    _ => format!(r#"{{"display":"d{index}"}}"#),
                };
                members.push(match field.many {
                    true => format!("\"{name}\":[{value}]"),
                    false => format!("\"{name}\":{value}"),
                });
            }
            _ => {}
        }
    }
    if members.is_empty() {
        members.push(format!("\"id\":\"i{index}\""));
    }
    format!("{{{}}}", members.join(","))
}

/// A list of the schema: the elements that lead to it, outermost first.
type Place = Vec<&'static FieldInfo>;

/// Every list that a type has, and every one inside it; those of a data type where it stands first.
fn lists(
    info: &'static TypeInfo,
    before: &Place,
    seen: &mut HashSet<&'static str>,
    all: &mut Vec<Place>,
) {
    for field in info.fields {
        let mut place = before.clone();
        place.push(field);
        if field.many {
            all.push(place.clone());
        }
        if field.name.ends_with("[x]") || place.len() >= DEPTH {
            continue;
        }
        if let FieldType::Element(inner) = &field.types[0]
            && inner().name != "Extension"
            && seen.insert(inner().name)
        {
            lists(inner(), &place, seen, all);
        }
    }
}

/// A study with a list of some entries at a place; the elements around it have nothing else.
fn study(place: &Place, entries: usize, shape: usize) -> String {
    let (field, around) = place.split_last().expect("a place has a list");
    let list: Vec<String> = (0..entries)
        .map(|index| entry(field, index, shape))
        .collect();
    let mut text = format!("\"{}\":[{}]", field.name, list.join(","));
    for outer in around.iter().rev() {
        text = match outer.many {
            true => format!("\"{}\":[{{{text}}}]", outer.name),
            false => format!("\"{}\":{{{text}}}", outer.name),
        };
    }
    format!(r#"{{"resourceType":"ImagingStudy",{text}}}"#)
}

fn took<A: Study, B: Study>(study: &A) -> Duration {
    let study = study.clone();
    let started = Instant::now();
    let converted = convert::<A, B>(study, &Options::default()).expect("not strict");
    let took = started.elapsed();
    black_box(converted);
    took
}

/// How much longer a list takes than one half as long, by the shortest of several runs of each.
fn ratio<A: Study, B: Study>(short: &A, long: &A) -> f64 {
    let (mut one, mut two) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for _ in 0..TRIES {
        one = one.min(took::<A, B>(short));
        two = two.min(took::<A, B>(long));
        ratio = two.saturating_sub(NOISE).as_secs_f64() / one.as_secs_f64().max(1e-9);
        if ratio <= RATIO {
            break;
        }
    }
    ratio
}

/// How much longer a list of the schema takes than half of it, in one of its shapes, at the size at
/// which that is least; `None` if the reader does not take it.
fn measured<A: Study, B: Study>(place: &Place, shape: usize) -> Option<f64> {
    let mut least = f64::INFINITY;
    for entries in ENTRIES {
        let short = from_str::<A>(&study(place, entries, shape)).ok()?;
        let long = from_str::<A>(&study(place, 2 * entries, shape)).ok()?;
        least = least.min(ratio::<A, B>(&short, &long));
        if least <= RATIO {
            break;
        }
    }
    Some(least)
}

/// How many shapes the entries of a list have.
fn shapes(field: &FieldInfo) -> usize {
    match &field.types[0] {
        FieldType::Scalar(..) => 1,
        FieldType::Resource => 2,
        FieldType::Element(info) => match info().name {
            "Extension" | "Reference" => 4,
            _ => 2,
        },
    }
}

fn pair<A: Study, B: Study>(found: &mut Vec<String>, count: &mut usize) {
    let mut places = Vec::new();
    lists(A::info(), &Vec::new(), &mut HashSet::new(), &mut places);
    for place in &places {
        for shape in 0..shapes(place.last().expect("a place has a list")) {
            let Some(ratio) = measured::<A, B>(place, shape) else {
                continue;
            };
            *count += 1;
            if ratio > RATIO {
                let names: Vec<&str> = place.iter().map(|field| field.name).collect();
                found.push(format!(
                    "{} to {}: {} in shape {shape} takes {ratio:.1} times as long",
                    A::VERSION,
                    B::VERSION,
                    names.join(".")
                ));
            }
        }
    }
}

#[test]
#[ignore = "it measures, and is run alone"]
fn every_list_takes_linear_time() {
    let mut found = Vec::new();
    let mut count = 0;
    macro_rules! pairs {
        ($($from:ident: $($to:ident)+;)+) => {
            $($(pair::<versions::$from::ImagingStudy, versions::$to::ImagingStudy>(
                &mut found,
                &mut count,
            );)+)+
        };
    }
    // Each version to one of each form that a target has.
    pairs!(
        dstu2: stu3 r4 r5;
        stu3: dstu2 r4b r6_draft;
        r4: dstu2 stu3 r5;
        r4b: dstu2 stu3 r6_draft;
        r5: dstu2 stu3 r4 r6;
        r6_draft: dstu2 stu3 r4b;
        r6: dstu2 stu3 r4b r5;
    );
    println!("{count} lists measured");
    assert!(count > 1_000, "only {count} lists measured");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
