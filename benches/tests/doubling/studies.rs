//! Reading, writing and validating.

use std::collections::HashSet;
use std::hint::black_box;

use imaging_study::core::{Element, FieldInfo, FieldType, TypeInfo, from_json, to_json};
use imaging_study::{json, r5, xml};
use imaging_study_any::for_each_version;
use imaging_study_benches::ThreadClock;
use imaging_study_validate::Validate;

use crate::ratio::{ENTRIES, RATIO, ratio, whole};
use crate::schema::{Place, lists, scalar, study};

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

/// What is measured: a name, and what to run.
type Task<'t> = (&'static str, Box<dyn Fn(&mut ThreadClock) + 't>);

/// All that is done with a study.
struct Subject<T> {
    text: String,
    markup: String,
    study: T,
    tree: imaging_study::core::Json,
}

impl<T: Element + Validate> Subject<T> {
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

    fn tasks(&self) -> Vec<Task<'_>> {
        vec![
            (
                "read JSON",
                Box::new(whole(|| json::from_str::<T>(&self.text))),
            ),
            (
                "write JSON",
                Box::new(whole(|| json::to_string(&self.study))),
            ),
            (
                "read XML",
                Box::new(whole(|| xml::from_str::<T>(&self.markup))),
            ),
            ("write XML", Box::new(whole(|| xml::to_string(&self.study)))),
            ("read tree", Box::new(whole(|| from_json::<T>(&self.tree)))),
            ("write tree", Box::new(whole(|| to_json(&self.study)))),
            ("validate it", Box::new(whole(|| self.study.validate()))),
        ]
    }
}

/// What was measured, and what took too long.
#[derive(Default)]
struct Found {
    count: usize,
    slow: Vec<String>,
}

impl Found {
    /// Measures tasks on an input and on one twice as large; those that seem to take too long, and how
    /// long.
    fn slow<'t>(short: &[Task<'t>], long: &[Task<'t>]) -> Vec<(&'static str, f64)> {
        let tasks = short.iter().zip(long);
        let ratios = tasks.map(|((task, short), (_, long))| (*task, ratio(short, long)));
        ratios.filter(|(_, ratio)| *ratio > RATIO).collect()
    }

    /// Notes what takes too long at every size.
    fn add(&mut self, name: &str, slow: Vec<(&'static str, f64)>) {
        self.count += 1;
        for (task, ratio) in slow {
            self.slow
                .push(format!("{name}: to {task} takes {ratio:.1} times as long"));
        }
    }

    fn subjects<T: Element + Validate>(
        &mut self,
        name: &str,
        make: &dyn Fn(usize) -> String,
    ) -> bool {
        let mut slow = Vec::new();
        for entries in ENTRIES {
            let (Some(short), Some(long)) = (
                Subject::<T>::new(make(entries)),
                Subject::<T>::new(make(2 * entries)),
            ) else {
                return false;
            };
            slow = Self::slow(&short.tasks(), &long.tasks());
            if slow.is_empty() {
                break;
            }
        }
        self.add(name, slow);
        true
    }
}

fn version<T: Element + Validate>(found: &mut Found) {
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
    macro_rules! versions {
        ($($variant:ident $types:ident,)+) => {
            $(version::<imaging_study_any::$types::ImagingStudy>(&mut found);)+
        };
    }
    for_each_version!(versions);
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
    let read = |text: String, markup: bool| -> Vec<Task<'static>> {
        let run = move || match markup {
            false => keep_json(&text),
            true => keep_xml(&text),
        };
        vec![("read it", Box::new(whole(run)))]
    };
    for shape in 0..others(1).len() {
        let (mut name, mut slow) = ("", Vec::new());
        for entries in ENTRIES {
            let (of, short, markup) = others(entries).swap_remove(shape);
            let (_, long, _) = others(2 * entries).swap_remove(shape);
            name = of;
            slow = Found::slow(&read(short, markup), &read(long, markup));
            if slow.is_empty() {
                break;
            }
        }
        found.add(name, slow);
    }
    assert!(
        found.subjects::<imaging_study_any::dstu2::ImagingStudy>("comments in JSON", &comments)
    );
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
