//! Conversion.

use std::collections::HashSet;
use std::hint::black_box;

use imaging_study::core::{FieldInfo, FieldType, TypeInfo};
use imaging_study::json::from_str;
use imaging_study_any as versions;
use imaging_study_benches::{Meter, ThreadClock};
use imaging_study_convert::{Options, Study, convert};

use crate::ratio::{ENTRIES, RATIO, ratio};
use crate::schema::{Place, lists, scalar, study};

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

/// How much longer a list of the schema takes than half of it, in one of its shapes, at the size at
/// which that is least; `None` if the reader does not take it.
fn measured<A: Study, B: Study>(place: &Place, shape: usize) -> Option<f64> {
    let (field, around) = place.split_last().expect("a place has a list");
    let read = |entries: usize| {
        let list: Vec<String> = (0..entries)
            .map(|index| entry(field, index, shape))
            .collect();
        let list = format!("\"{}\":[{}]", field.name, list.join(","));
        from_str::<A>(&study(around, None, &list)).ok()
    };
    let run = |study: A| {
        move |clock: &mut ThreadClock| {
            let study = study.clone();
            let converted = clock.measure(|| convert::<A, B>(study, &Options::default()));
            black_box(converted.expect("not strict"));
        }
    };
    let mut least = f64::INFINITY;
    for entries in ENTRIES {
        let (short, long) = (read(entries)?, read(2 * entries)?);
        least = least.min(ratio(&run(short), &run(long)));
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
    // Extensions have shapes of their own; what stands in them goes the same way everywhere.
    let mut seen = HashSet::from(["Extension"]);
    lists(A::info(), &[], &mut seen, &mut places);
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
