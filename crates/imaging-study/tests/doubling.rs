//! Reading and writing take time linear in every list that the schema has. Run alone, since it
//! measures: `cargo test -p imaging-study --all-features --test doubling -- --ignored`.

#![cfg(all(feature = "any", feature = "json", feature = "xml"))]

use std::collections::HashSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use imaging_study::core::{
    Element, FieldInfo, FieldType, ScalarType, TypeInfo, from_json, to_json,
};
use imaging_study::{dstu2, json, r4, r4b, r5, r6, stu3, xml};

/// How many entries the shorter list has.
const ENTRIES: usize = 100;

/// By how much larger lists are measured, one after the other, until one does not seem to take too long:
/// a machine that is busy, or memory that is had in another way from some size on, is no square of
/// the time, which would show at every size.
const SIZES: [(usize, bool); 3] = [(1, false), (3, false), (12, true)];

/// How much longer twice as many may take.
const RATIO: f64 = 2.5;

/// How often a list that seems to take longer is measured again.
const TRIES: usize = 8;

/// Types inside one another are followed so far from the study.
const DEPTH: usize = 5;

/// Differences below this are noise.
const NOISE: Duration = Duration::from_micros(100);

/// A value of a scalar in JSON, distinct by `index` where the type has as many.
fn scalar(scalar: ScalarType, index: usize) -> String {
    match scalar {
        ScalarType::Boolean => "true".to_owned(),
        ScalarType::Date | ScalarType::DateTime => "\"2020-02-29\"".to_owned(),
        ScalarType::Instant => "\"2020-02-29T10:00:00Z\"".to_owned(),
        ScalarType::Time => "\"10:00:00\"".to_owned(),
        ScalarType::Decimal
        | ScalarType::Integer
        | ScalarType::PositiveInt
        | ScalarType::UnsignedInt => (index + 1).to_string(),
        ScalarType::Integer64 => format!("\"{}\"", index + 1),
        ScalarType::Base64Binary => "\"YWJj\"".to_owned(),
        ScalarType::Oid => format!("\"urn:oid:1.2.{index}\""),
        ScalarType::Id => format!("\"1.2.{index}\""),
        ScalarType::Uuid => format!("\"urn:uuid:0f3c8a52-9d3e-4f0b-8a77-{index:012x}\""),
        ScalarType::Canonical | ScalarType::Uri | ScalarType::Url => {
            format!("\"http://e.example/{index}\"")
        }
        ScalarType::Xhtml => r#""<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>""#.to_owned(),
        ScalarType::Code | ScalarType::Markdown | ScalarType::String => format!("\"a{index}\""),
    }
}

/// The extensions of an entry.
const EXTENSION: &str = r#"[{"url":"http://e.example/x","valueBoolean":true}]"#;

/// The shapes of entries: with values; with values and what stands beside them; without values.
const SHAPES: usize = 3;

/// The JSON members of a list, in a shape.
fn list(field: &FieldInfo, entries: usize, shape: usize) -> String {
    let all = |entry: &dyn Fn(usize) -> String| -> String {
        let entries: Vec<String> = (0..entries).map(entry).collect();
        entries.join(",")
    };
    let name = field.name;
    match &field.types[0] {
        FieldType::Scalar(of, codes) => {
            let value = |index| match codes {
                Some(codes) => format!("\"{}\"", codes.codes[0]),
                None => scalar(*of, index),
            };
            let values = match shape {
                2 => String::new(),
                _ => format!("\"{name}\":[{}]", all(&value)),
            };
            let beside = |index| format!(r#"{{"id":"i{index}","extension":{EXTENSION}}}"#);
            match shape {
                0 => values,
                1 => format!("{values},\"_{name}\":[{}]", all(&beside)),
                _ => format!("\"_{name}\":[{}]", all(&beside)),
            }
        }
        FieldType::Resource => {
            let resource = |index| match shape {
                0 => format!(r#"{{"resourceType":"Patient","id":"p{index}"}}"#),
                1 => {
                    format!(r#"{{"resourceType":"ImagingStudy","id":"s{index}","language":"de"}}"#)
                }
                _ => format!(
                    r#"{{"resourceType":"Patient","id":"p{index}","extension":{EXTENSION}}}"#
                ),
            };
            format!("\"{name}\":[{}]", all(&resource))
        }
        FieldType::Element(info) => {
            format!(
                "\"{name}\":[{}]",
                all(&|index| object(info(), index, shape))
            )
        }
    }
}

/// An object of a type with some of its elements.
fn object(info: &'static TypeInfo, index: usize, shape: usize) -> String {
    if info.name == "Extension" {
        return match shape {
            0 => format!(r#"{{"url":"http://e.example/{index}","valueCode":"a"}}"#),
            1 => format!(
                r#"{{"id":"i{index}","url":"http://e.example/{index}","_valueCode":{{"extension":{EXTENSION}}}}}"#
            ),
            _ => format!(r#"{{"extension":{EXTENSION},"url":"http://e.example/{index}"}}"#),
        };
    }
    let mut members = Vec::new();
    if shape > 0 {
        members.push(format!("\"id\":\"i{index}\",\"extension\":{EXTENSION}"));
    }
    for field in info.fields {
        let FieldType::Scalar(of, None) = &field.types[0] else {
            continue;
        };
        let name = field.name;
        if name == "id" || name == "url" || name.ends_with("[x]") || members.len() > 3 {
            continue;
        }
        let many = |text: String| {
            if field.many {
                format!("[{text}]")
            } else {
                text
            }
        };
        if shape < 2 {
            members.push(format!("\"{name}\":{}", many(scalar(*of, index))));
        }
        if shape == 1 {
            let beside = format!(r#"{{"extension":{EXTENSION}}}"#);
            members.push(format!("\"_{name}\":{}", many(beside)));
        }
    }
    if members.is_empty() {
        members.push(format!("\"id\":\"i{index}\",\"extension\":{EXTENSION}"));
    }
    format!("{{{}}}", members.join(","))
}

/// A list of the schema: the elements that lead to it, outermost first.
type Place = Vec<&'static FieldInfo>;

/// Every list that a type has, and every one inside it; those of a data type where it stands first.
fn lists(
    info: &'static TypeInfo,
    before: &[&'static FieldInfo],
    seen: &mut HashSet<&'static str>,
    all: &mut Vec<Place>,
) {
    for field in info.fields {
        let place = [before, &[field]].concat();
        if field.many {
            all.push(place.clone());
        }
        if field.name.ends_with("[x]") || place.len() >= DEPTH {
            continue;
        }
        if let FieldType::Element(inner) = &field.types[0]
            && seen.insert(inner().name)
        {
            lists(inner(), &place, seen, all);
        }
    }
}

/// The types of the values of an extension, which are reached by no other way.
fn values(info: &'static TypeInfo) -> impl Iterator<Item = &'static TypeInfo> {
    let extension = info.field("extension").map(|field| &field.types[0]);
    let extension = match extension {
        Some(FieldType::Element(extension)) => extension(),
        _ => panic!("no extensions"),
    };
    let value = extension.field("value[x]").expect("values");
    value.types.iter().filter_map(|of| match of {
        FieldType::Element(info) => Some(info()),
        _ => None,
    })
}

/// A study with members at a place; the elements around them have nothing else.
fn study(around: &[&'static FieldInfo], value: Option<&str>, members: &str) -> String {
    let mut text = members.to_owned();
    for outer in around.iter().rev() {
        text = match outer.many {
            true => format!("\"{}\":[{{{text}}}]", outer.name),
            false => format!("\"{}\":{{{text}}}", outer.name),
        };
    }
    if let Some(value) = value {
        text = format!(r#""extension":[{{"url":"http://e.example/v","value{value}":{{{text}}}}}]"#);
    }
    format!(r#"{{"resourceType":"ImagingStudy",{text}}}"#)
}

/// What is measured: a name, and what to run on the short and on the long input.
type Task<'t> = (&'static str, Box<dyn Fn() + 't>);

/// All that is done with a study.
struct Subject<T> {
    text: String,
    markup: String,
    study: T,
    tree: imaging_study::core::Json,
}

impl<T: Element> Subject<T> {
    fn new(text: String) -> Option<Self> {
        let study: T = json::from_str(&text).ok()?;
        let markup = xml::to_string(&study).expect("nothing is empty");
        let tree = to_json(&study).expect("nothing is empty");
        Some(Self {
            text,
            markup,
            study,
            tree,
        })
    }

    fn tasks(&self) -> [Task<'_>; 6] {
        [
            (
                "read JSON",
                Box::new(|| drop(black_box(json::from_str::<T>(&self.text)))),
            ),
            (
                "write JSON",
                Box::new(|| drop(black_box(json::to_string(&self.study)))),
            ),
            (
                "read XML",
                Box::new(|| drop(black_box(xml::from_str::<T>(&self.markup)))),
            ),
            (
                "write XML",
                Box::new(|| drop(black_box(xml::to_string(&self.study)))),
            ),
            (
                "read tree",
                Box::new(|| drop(black_box(from_json::<T>(&self.tree)))),
            ),
            (
                "write tree",
                Box::new(|| drop(black_box(to_json(&self.study)))),
            ),
        ]
    }
}

fn took(run: &dyn Fn()) -> Duration {
    let started = Instant::now();
    run();
    started.elapsed()
}

/// How much longer the second takes than the first, by the shortest of several runs of each, which
/// end once it is not too long.
fn ratio(short: &dyn Fn(), long: &dyn Fn(), tries: usize) -> f64 {
    let (mut one, mut two) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for _ in 0..tries {
        one = one.min(took(short));
        two = two.min(took(long));
        ratio = two.saturating_sub(NOISE).as_secs_f64() / one.as_secs_f64().max(1e-9);
        if ratio <= RATIO {
            break;
        }
    }
    ratio
}

/// What was measured, and what took too long.
#[derive(Default)]
struct Found {
    count: usize,
    slow: Vec<String>,
}

impl Found {
    /// Measures tasks on an input and on one twice as large, and says whether none seems to take too long.
    fn measure<'t>(
        &mut self,
        name: &str,
        short: Vec<Task<'t>>,
        long: Vec<Task<'t>>,
        large: bool,
    ) -> bool {
        let tries = if large { 4 * TRIES } else { TRIES };
        let mut good = true;
        for ((task, short), (_, long)) in short.iter().zip(&long) {
            let ratio = ratio(short, long, tries);
            if ratio > RATIO {
                good = false;
                if large {
                    self.slow
                        .push(format!("{name}: to {task} takes {ratio:.1} times as long"));
                }
            }
        }
        good
    }

    fn subjects<T: Element>(&mut self, name: &str, make: &dyn Fn(usize) -> String) -> bool {
        for (times, large) in SIZES {
            let entries = times * ENTRIES;
            let (Some(short), Some(long)) = (
                Subject::<T>::new(make(entries)),
                Subject::<T>::new(make(2 * entries)),
            ) else {
                return false;
            };
            if self.measure(name, short.tasks().into(), long.tasks().into(), large) {
                break;
            }
        }
        self.count += 1;
        true
    }
}

fn version<T: Element>(found: &mut Found) {
    let mut seen = HashSet::new();
    let mut places = Vec::new();
    lists(T::info(), &[], &mut seen, &mut places);
    let mut all: Vec<(Option<&str>, Place)> =
        places.into_iter().map(|place| (None, place)).collect();
    for info in values(T::info()) {
        if seen.insert(info.name) {
            let mut places = Vec::new();
            lists(info, &[], &mut seen, &mut places);
            all.extend(places.into_iter().map(|place| (Some(info.name), place)));
        }
    }
    println!("{}: {} lists", T::VERSION, all.len());
    let mut unread = Vec::new();
    for (value, place) in &all {
        let (field, around) = place.split_last().expect("a place has a list");
        let names: Vec<&str> = value
            .iter()
            .copied()
            .chain(place.iter().map(|field| field.name))
            .collect();
        let name = format!("{}: {}", T::VERSION, names.join("."));
        let mut read = false;
        for shape in 0..SHAPES {
            let make = |entries| study(around, *value, &list(field, entries, shape));
            read |= found.subjects::<T>(&format!("{name} in shape {shape}"), &make);
        }
        if !read {
            unread.push(name);
        }
    }
    assert!(unread.is_empty(), "never read: {unread:?}");
}

#[test]
#[ignore = "it measures, and is run alone"]
fn every_list_takes_linear_time() {
    let mut found = Found::default();
    version::<dstu2::ImagingStudy>(&mut found);
    version::<stu3::ImagingStudy>(&mut found);
    version::<r4::ImagingStudy>(&mut found);
    version::<r4b::ImagingStudy>(&mut found);
    version::<r5::ImagingStudy>(&mut found);
    version::<r6::ImagingStudy>(&mut found);
    println!("{} lists measured", found.count);
    assert!(found.count > 600, "only {} lists measured", found.count);
    assert!(found.slow.is_empty(), "{}", found.slow.join("\n"));
}

/// A text of many parts.
fn many(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// What no list of the schema holds.
fn others(size: usize) -> Vec<(&'static str, String, bool)> {
    let study = |content: &str| {
        format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir">{content}</ImagingStudy>"#)
    };
    let member = |index: usize| format!(r#","x{index}":{index}"#);
    let text = |content: &str| format!(r#"{{"resourceType":"ImagingStudy"{content}}}"#);
    vec![
        ("unknown members", text(&many(size, member)), false),
        (
            "unknown members of entries",
            text(&format!(
                r#","series":[{{"uid":"1.2"}}{}]"#,
                many(size, |index| format!(
                    r#",{{"uid":"1.{index}","x{index}":{{"y":[1]}}}}"#
                ))
            )),
            false,
        ),
        (
            "members of a contained resource",
            text(&format!(
                r#","contained":[{{"resourceType":"Basic"{}}}]"#,
                many(size, member)
            )),
            false,
        ),
        (
            "unknown elements",
            study(&many(size, |index| format!("<x{index}/>"))),
            true,
        ),
        (
            "unknown elements of entries",
            study(&many(size, |index| {
                format!("<series><uid value=\"1.{index}\"/><x{index}/></series>")
            })),
            true,
        ),
        (
            "comments",
            study(&many(size, |index| format!("<!--{index}-->"))),
            true,
        ),
        (
            "namespaces",
            study(&many(size, |index| {
                format!("<p{index}:language xmlns:p{index}=\"http://e.example/{index}\"/>")
            })),
            true,
        ),
        (
            "attributes",
            study(&many(size, |index| {
                format!("<series><uid value=\"1\" a{index}=\"b\" b{index}=\"c\"/></series>")
            })),
            true,
        ),
        (
            "elements of a narrative",
            study(&format!(
                "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div></text>",
                many(size, |index| format!("<p title=\"{index}\">a &amp; b</p>"))
            )),
            true,
        ),
    ]
}

/// Comments of one element, which DSTU2 has in JSON.
fn comments(size: usize) -> String {
    let comments = many(size, |index| format!(",\"c{index}\""));
    format!(r#"{{"resourceType":"ImagingStudy","fhir_comments":["c"{comments}]}}"#)
}

#[test]
#[ignore = "it measures, and is run alone"]
fn what_no_list_holds_takes_linear_time() {
    let mut found = Found::default();
    for (times, large) in SIZES {
        let entries = times * ENTRIES;
        let mut good = true;
        for ((name, short, markup), (_, long, _)) in
            others(entries).iter().zip(&others(2 * entries))
        {
            let (short, long): (&dyn Fn(), &dyn Fn()) = match markup {
                false => (&|| keep_json(short), &|| keep_json(long)),
                true => (&|| keep_xml(short), &|| keep_xml(long)),
            };
            let tasks = |run| vec![("read it", Box::new(run) as Box<dyn Fn()>)];
            good &= found.measure(name, tasks(short), tasks(long), large);
            found.count += 1;
        }
        if good {
            break;
        }
    }
    assert!(found.subjects::<dstu2::ImagingStudy>("comments in JSON", &comments));
    println!("{} shapes measured", found.count);
    assert!(found.slow.is_empty(), "{}", found.slow.join("\n"));
}

fn keep_json(text: &str) {
    let mut decoder = json::Decoder::default();
    decoder.unknown = json::UnknownElements::Keep;
    black_box(
        decoder
            .decode_str::<r5::ImagingStudy>(text)
            .expect("a study"),
    );
}

fn keep_xml(text: &str) {
    let mut decoder = xml::Decoder::default();
    decoder.unknown = xml::UnknownElements::Keep;
    black_box(
        decoder
            .decode_str::<r5::ImagingStudy>(text)
            .expect("a study"),
    );
}
