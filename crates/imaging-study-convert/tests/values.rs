//! Values of extensions: of every type of every version, in every place, whole or with a member or
//! two, with texts at the limits of their types. Through any other version and back each is what it
//! was, or a loss says that it is not.

mod support;

use std::collections::BTreeMap;

use imaging_study_any as versions;
use imaging_study_convert::{LossKind, Options, Study, convert};
use imaging_study_core::{FhirVersion, FieldType, Json, ScalarType, TypeInfo};
use imaging_study_json::{Decoder, from_str, json_to_string, to_string};
use support::pairs::for_each_pair;

fn parse(text: &str) -> Json {
    Decoder::default()
        .decode_json(text.as_bytes())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn tree<T: Study>(study: &T) -> Json {
    parse(&to_string(study).expect("nothing is empty"))
}

/// Texts of a type, the first an everyday one, the others at the limits of the versions. Not every
/// reader takes each.
fn texts(scalar: ScalarType) -> &'static [&'static str] {
    match scalar {
        ScalarType::Base64Binary => &["\"YWJj\"", "\"YWJj YWJj\"", "\"YWJj\\nYWI=\""],
        ScalarType::Boolean => &["true", "false"],
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => &[
            "\"http://e.example/a\"",
            "\"a|1\"",
            "\"urn:oid:1.2\"",
            "\"urn:uuid:0f3c8a52-9d3e-4f0b-8a77-0d8a7a3f8c11\"",
        ],
        ScalarType::Code => &["\"aa\"", "\"a b\"", "\"a\\tb\"", "\"_x/\""],
        ScalarType::Date => &["\"2020-02-29\"", "\"2020\"", "\"0000\"", "\"-0044-03-15\""],
        ScalarType::DateTime => &[
            "\"2020-02-29T10:00:00Z\"",
            "\"2020\"",
            "\"2020-02-29T23:59:60Z\"",
            "\"2020-02-29T10:00:00\"",
            "\"2020-02-29T10:00:00.123456789012+14:00\"",
            "\"2020-02-29T10:00Z\"",
            "\"-0044-03-15T10:00:00Z\"",
        ],
        ScalarType::Decimal => &[
            "1.50",
            "-0",
            "1e3",
            "1E-300",
            "1e4000",
            "0.000000000000000000000001",
            "1234567890123456789012345",
            "-1234567890123456789.12345678901234567890e-5",
        ],
        ScalarType::Id => &["\"a-1.b\"", "\"A\""],
        ScalarType::Instant => &[
            "\"2020-02-29T10:00:00.5-00:00\"",
            "\"2020-02-29T23:59:60Z\"",
            "\"2020-02-29T10:00:00.1234567890123Z\"",
            "\"0000-02-28T10:00:00Z\"",
        ],
        ScalarType::Integer => &["7", "-0", "-2147483648", "0"],
        ScalarType::Integer64 => &[
            "\"7\"",
            "\"-9223372036854775808\"",
            "\"+1\"",
            "\"5000000000\"",
        ],
        ScalarType::Markdown | ScalarType::String => {
            &["\"text\"", "\" two\\nlines \"", "\"\\\"<&>\""]
        }
        ScalarType::Oid => &["\"urn:oid:1.2.3\"", "\"urn:oid:7\"", "\"urn:oid:3.1\""],
        ScalarType::PositiveInt => &["1", "2147483647"],
        ScalarType::Time => &["\"10:00:00\"", "\"23:59:60\"", "\"10:00:00.1234567890123\""],
        ScalarType::UnsignedInt => &["0", "2147483647"],
        ScalarType::Uuid => &["\"urn:uuid:0f3c8a52-9d3e-4f0b-8a77-0d8a7a3f8c11\""],
        ScalarType::Xhtml => &["\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a</div>\""],
    }
}

/// The name of an element in JSON.
fn name(field: &imaging_study_core::FieldInfo, field_type: &FieldType) -> String {
    match field.name.strip_suffix("[x]") {
        Some(stem) => {
            let type_name = field_type.name();
            format!("{stem}{}{}", type_name[..1].to_uppercase(), &type_name[1..])
        }
        None => field.name.to_owned(),
    }
}

fn listed(text: String, many: bool) -> String {
    if many { format!("[{text}]") } else { text }
}

/// The texts of an element of a type, of the codes of which all are there.
fn scalars(scalar: ScalarType, codes: Option<&[&str]>) -> Vec<String> {
    let mut list: Vec<String> = codes
        .unwrap_or_default()
        .iter()
        .map(|code| format!("\"{code}\""))
        .collect();
    list.extend(texts(scalar).iter().map(|&text| text.to_owned()));
    list
}

/// Members of an object of a type: one, or one that is a list, or a primitive with only an id or an
/// extension. The first of each element is an everyday one.
fn members(info: &'static TypeInfo, depth: usize) -> Vec<Vec<String>> {
    let own = r#"{"url":"http://e.example/own","valueString":"x"}"#;
    let path = |name: &str| {
        format!(
            r#"[{{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-{}.{name}","valueString":"x"}}]"#,
            info.name
        )
    };
    let mut all = Vec::new();
    for field in info.fields {
        for field_type in field.types {
            let name = name(field, field_type);
            let mut one = Vec::new();
            match (name.as_str(), field_type) {
                ("id", _) => one.push(r#""id":"i-1""#.to_owned()),
                ("extension" | "modifierExtension", _) => {
                    let relative = r#"{"url":"level","valueString":"x"}"#;
                    let like_an_element = info.fields.last().map_or("id", |field| field.stem());
                    let like_the_mark = r#"{"url":"http://hl7.org/fhir/StructureDefinition/_datatype","valueString":"Coding"}"#;
                    for list in [
                        format!("[{own}]"),
                        format!("[{relative}]"),
                        format!("[{own},{relative},{own}]"),
                        format!(r#"[{{"url":"{like_an_element}","valueString":"x"}}]"#),
                        format!("[{like_the_mark}]"),
                        path(like_an_element),
                    ] {
                        one.push(format!("\"{name}\":{list}"));
                    }
                }
                (_, FieldType::Scalar(scalar, codes)) => {
                    for text in scalars(*scalar, codes.map(|codes| codes.codes)) {
                        one.push(format!("\"{name}\":{}", listed(text, field.many)));
                    }
                    for element in [
                        r#"{"id":"i-2"}"#.to_owned(),
                        format!(r#"{{"extension":[{own}]}}"#),
                        format!(r#"{{"id":"i-2","extension":{}}}"#, path(field.stem())),
                    ] {
                        one.push(format!("\"_{name}\":{}", listed(element, field.many)));
                    }
                    if field.many {
                        let text = &scalars(*scalar, codes.map(|codes| codes.codes))[0];
                        one.push(format!(
                            r#""{name}":[null,{text}],"_{name}":[{{"extension":[{own}]}},null]"#
                        ));
                    }
                }
                (_, FieldType::Element(info)) => {
                    let inner = objects(info(), depth + 1);
                    if field.many && inner.len() > 1 {
                        one.push(format!("\"{name}\":[{},{}]", inner[1], inner[0]));
                    }
                    one.extend(
                        inner
                            .into_iter()
                            .map(|object| format!("\"{name}\":{}", listed(object, field.many))),
                    );
                }
                (_, FieldType::Resource) => {}
            }
            if !one.is_empty() {
                all.push(one);
            }
        }
    }
    all
}

/// Objects of a type: all members, each one alone, and each two neighbours; further inside only
/// some.
fn objects(info: &'static TypeInfo, depth: usize) -> Vec<String> {
    if depth > 2 {
        return vec![r#"{"id":"deep"}"#.to_owned()];
    }
    let all = members(info, depth);
    let mut list = Vec::new();
    let mut whole: BTreeMap<&str, &str> = BTreeMap::new();
    for one in &all {
        // Of the types of a choice the first.
        let stem = info
            .resolve(
                one[0]
                    .split('"')
                    .nth(1)
                    .expect("a name")
                    .trim_start_matches('_'),
            )
            .map_or("", |(field, _)| field.name);
        whole.entry(stem).or_insert(&one[0]);
    }
    let whole: Vec<&str> = whole.into_values().collect();
    list.push(format!("{{{}}}", whole.join(",")));
    for one in &all {
        let few = if depth == 0 { one.len() } else { 2 };
        list.extend(one.iter().take(few).map(|member| format!("{{{member}}}")));
    }
    if depth == 0 {
        for pair in all.windows(2) {
            list.push(format!("{{{},{}}}", pair[0][0], pair[1][0]));
        }
    } else {
        list.truncate(8);
    }
    list
}

/// Extensions with every type of value of a version.
fn extensions(extension: &'static TypeInfo) -> Vec<String> {
    let value = extension.field("value[x]").expect("extensions have values");
    let mut list = Vec::new();
    for field_type in value.types {
        let name = name(value, field_type);
        let values: Vec<String> = match field_type {
            FieldType::Scalar(scalar, _) => scalars(*scalar, None)
                .into_iter()
                .map(|text| format!("\"{name}\":{text}"))
                .chain([
                    format!(r#""_{name}":{{"id":"i-3"}}"#),
                    format!(
                        r#""{name}":{},"_{name}":{{"id":"i-3","extension":[{{"url":"x:y","valueCode":"a"}}]}}"#,
                        texts(*scalar)[0]
                    ),
                ])
                .collect(),
            FieldType::Element(info) => objects(info(), 0)
                .into_iter()
                .map(|object| format!("\"{name}\":{object}"))
                .collect(),
            FieldType::Resource => Vec::new(),
        };
        for (index, value) in values.into_iter().enumerate() {
            let more = match index % 16 {
                14 => r#""id":"e-1","#,
                // No extension may have both; some readers take it.
                15 => r#""extension":[{"url":"http://e.example/beside","valueBoolean":true}],"#,
                _ => "",
            };
            list.push(format!(r#"{{{more}"url":"http://e.example/p",{value}}}"#));
        }
    }
    list
}

/// A study of a version with extensions in one of the places where they can stand.
fn study(version: FhirVersion, list: &[&str], place: usize) -> String {
    let list = list.join(",");
    let inside = format!(r#""extension":[{list}],"#);
    let at = |wanted: usize| if place == wanted { inside.as_str() } else { "" };
    let outer =
        format!(r#""extension":[{{"url":"http://e.example/outer","extension":[{list}]}}],"#);
    let outer = if place == 5 { outer.as_str() } else { "" };
    let primitive = match place {
        4 => format!(r#","_description":{{"extension":[{list}]}}"#),
        _ => String::new(),
    };
    let (root, series, instance, coding) = (at(0), at(1), at(2), at(3));
    let series = |modality: &str, uid: &str, class: &str| {
        format!(
            r#""series":[{{{series}"uid":"{uid}2.2","modality":{modality},"instance":[{{{instance}"uid":"{uid}2.3","sopClass":{class}}}]}}]"#
        )
    };
    let old = |counts: &str| {
        let series = series(
            &format!(r#"{{{coding}"code":"CT"}}"#),
            "urn:oid:",
            "\"urn:oid:2.4\"",
        );
        format!(
            r#"{{"resourceType":"ImagingStudy",{root}{outer}"uid":"urn:oid:2.1","patient":{{"display":"x"}},{counts}{series}{primitive}}}"#
        )
    };
    let new = |concept: bool, class: &str| {
        let modality = match concept {
            true => format!(r#"{{"coding":[{{{coding}"code":"CT"}}]}}"#),
            false => format!(r#"{{{coding}"code":"CT"}}"#),
        };
        let series = series(&modality, "", class);
        format!(
            r#"{{"resourceType":"ImagingStudy",{root}{outer}"identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:2.1"}}],"status":"registered","subject":{{"display":"x"}},{series}{primitive}}}"#
        )
    };
    let coding = r#"{"system":"urn:ietf:rfc:3986","code":"urn:oid:2.4"}"#;
    match version {
        FhirVersion::Dstu2 => old(r#""numberOfSeries":1,"numberOfInstances":1,"#)
            .replace(r#""instance":"#, r#""numberOfInstances":1,"instance":"#),
        FhirVersion::Stu3 => old(""),
        FhirVersion::R4 | FhirVersion::R4B => new(false, coding),
        FhirVersion::R5 => new(true, coding),
        FhirVersion::R6Draft | FhirVersion::R6 => new(true, "\"urn:oid:2.4\""),
    }
}

const PLACES: usize = 6;

/// What became of a study: whether it came back, or a loss was reported.
fn comes_back<A: Study, B: Study>(study: &A) -> Result<(), String> {
    let before = tree(study);
    let options = Options::default();
    let there = convert::<A, B>(study.clone(), &options).expect("not strict");
    let middle = tree(&there.value);
    // What was written is read again.
    let text = json_to_string(&middle);
    from_str::<B>(&text).map_err(|error| format!("{error}: {text}"))?;
    let back = convert::<B, A>(there.value, &options).expect("not strict");
    let after = tree(&back.value);
    if before == after {
        // What came back whole is no loss; an older form is only noted.
        let losses = there.losses.iter().chain(&back.losses);
        return match losses.into_iter().find(|loss| loss.kind == LossKind::Form) {
            Some(loss) => Err(format!(
                "{} to {}: noted an older form of what came back: {}",
                A::VERSION,
                B::VERSION,
                json_to_string(&loss.value)
            )),
            None => Ok(()),
        };
    }
    let mut losses = there.losses.iter().chain(&back.losses);
    if losses.any(|loss| loss.kind.is_loss()) {
        return Ok(());
    }
    Err(format!(
        "{} to {}\n  before {}\n  through {text}\n  after {}",
        A::VERSION,
        B::VERSION,
        json_to_string(&before),
        json_to_string(&after)
    ))
}

/// The law for a version and another: the values in bundles, and where one does not come back, each
/// alone.
fn law<A: Study, B: Study>(every: usize) {
    let extension = A::info()
        .field("extension")
        .expect("a study has extensions");
    let Some(FieldType::Element(info)) = extension.types.first() else {
        panic!("extensions are elements");
    };
    let all = extensions(info());
    // Only the values that the reader takes.
    let readable: Vec<&str> = all
        .iter()
        .map(String::as_str)
        .enumerate()
        .filter(|(index, _)| index % every == (B::VERSION as usize + A::VERSION as usize) % every)
        .map(|(_, text)| text)
        .filter(|text| from_str::<A>(&study(A::VERSION, &[text], 0)).is_ok())
        .collect();
    assert!(
        readable.len() * every > 800,
        "{} of {}: {} values",
        A::VERSION,
        all.len(),
        readable.len()
    );
    let mut failures = Vec::new();
    let mut lost = 0;
    for (index, bundle) in readable.chunks(16).enumerate() {
        let text = study(A::VERSION, bundle, index % PLACES);
        let read = from_str::<A>(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let there = convert::<A, B>(read.clone(), &Options::default()).expect("not strict");
        let whole = there.losses.iter().all(|loss| !loss.kind.is_loss());
        if whole && comes_back::<A, B>(&read).is_ok() {
            continue;
        }
        for value in bundle {
            let text = study(A::VERSION, &[value], index % PLACES);
            let read = from_str::<A>(&text).expect("a study that was read before");
            let there = convert::<A, B>(read.clone(), &Options::default()).expect("not strict");
            lost += usize::from(there.losses.iter().any(|loss| loss.kind.is_loss()));
            failures.extend(comes_back::<A, B>(&read).err());
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures[..failures.len().min(8)].join("\n")
    );
    // Losses are the exception.
    assert!(lost * 50 < readable.len(), "{lost} of {}", readable.len());
}

macro_rules! pairs {
    ($($from:ident: $($to:ident)+;)+) => {$(
        mod $from {
            $(#[test]
            fn $to() {
                use super::versions;
                super::law::<versions::$from::ImagingStudy, versions::$to::ImagingStudy>(super::every());
            })+
        }
    )+};
}
for_each_pair!(pairs);

/// One in how many values is tried; `EVERY_VALUE` in the environment asks for all.
fn every() -> usize {
    if std::env::var_os("EVERY_VALUE").is_some() {
        1
    } else {
        5
    }
}
