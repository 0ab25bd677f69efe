//! The command `diff`.

use std::fs;
use std::path::Path;

use imaging_study::convert::{Options, convert_any};
use imaging_study::core::Json;
use imaging_study::core::generate::{Profile, from_seed};
use imaging_study::json::{Decoder, json_to_string};
use imaging_study::{AnyImagingStudy, FhirVersion, with_study, with_types};
use imaging_study_cli::{DifferenceKind, compare};
use program::{Folder, study};
use serde_json::Value;

mod program;

/// The valid studies in the fixtures of a version.
fn fixtures(version: FhirVersion) -> Vec<(String, AnyImagingStudy)> {
    let folder = version.name().to_lowercase().replace(' ', "-");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(folder)).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if !name.starts_with("valid-") || !name.ends_with(".json") {
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        let mut decoder = Decoder::default();
        if let Ok(read) = AnyImagingStudy::from_json(&bytes, version, &mut decoder) {
            found.push((format!("{version} {name}"), read.value));
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

fn converted(study: &AnyImagingStudy, version: FhirVersion) -> (AnyImagingStudy, bool) {
    let converted = convert_any(study.clone(), version, &Options::default());
    let converted = converted.expect("nothing is strict");
    let lost = converted.losses.iter().any(|loss| loss.kind.is_loss());
    (converted.value, lost)
}

#[test]
fn nothing_is_lost_between_any_two_versions() {
    let mut pairs = 0;
    for from in FhirVersion::ALL {
        let studies = fixtures(from);
        assert!(studies.len() > 10, "{from}: {}", studies.len());
        for to in FhirVersion::ALL {
            let mut same = 0;
            for (name, study) in &studies {
                let (other, lost) = converted(study, to);
                let there = compare(study, &other).expect("nothing is empty");
                assert!(there.differences.is_empty(), "{name} to {to}: {there:#?}");
                assert_eq!(there.is_same(), !lost, "{name} to {to}");
                if !lost {
                    let back = compare(&other, study).expect("nothing is empty");
                    assert!(back.is_same(), "{name} from {to}: {back:#?}");
                    same += 1;
                }
            }
            assert!(same * 10 >= studies.len() * 9, "{from} to {to}: {same}");
            pairs += usize::from(from != to);
        }
    }
    assert_eq!(pairs, 42);
}

/// The places of everything in a tree but what says nothing.
fn places(tree: &Json, path: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    let inner: Vec<&Json> = match tree {
        Json::Object(members) => members.iter().map(|(_, value)| value).collect(),
        Json::Array(entries) => entries.iter().collect(),
        _ => Vec::new(),
    };
    for (index, value) in inner.into_iter().enumerate() {
        path.push(index);
        let name = match tree {
            Json::Object(members) => members[index].0.as_str(),
            _ => "",
        };
        let says_nothing = ["resourceType", "versionId", "lastUpdated", "fhir_comments"];
        let silent = |name: &str| says_nothing.contains(&name.trim_start_matches('_'));
        let members = value.as_object().unwrap_or_default();
        let only_silent = !members.is_empty() && members.iter().all(|(name, _)| silent(name));
        if !silent(name) && !only_silent {
            found.push(path.clone());
            places(value, path, found);
        }
        path.pop();
    }
}

/// Changes what stands at a place: a text, a number, or the order or length of a list.
fn change(tree: &mut Json, path: &[usize], removes: bool) -> bool {
    let Some((&index, rest)) = path.split_first() else {
        return false;
    };
    if rest.is_empty() && removes {
        return match tree {
            Json::Object(members) => {
                members.remove(index);
                true
            }
            Json::Array(entries) => {
                entries.remove(index);
                true
            }
            _ => false,
        };
    }
    let value = match tree {
        Json::Object(members) => &mut members[index].1,
        Json::Array(entries) => &mut entries[index],
        _ => return false,
    };
    if !rest.is_empty() {
        return change(value, rest, removes);
    }
    match value {
        Json::Boolean(value) => *value = !*value,
        Json::Number(number) => *number = i64::from(number.as_str() == "7").wrapping_add(7).into(),
        Json::String(text) => {
            let digit = |byte: u8| byte.is_ascii_digit();
            let mut bytes = text.as_bytes().to_vec();
            match bytes.iter_mut().rev().find(|byte| digit(**byte)) {
                Some(byte) => *byte = if *byte == b'1' { b'2' } else { b'1' },
                None => bytes.extend(b"x"),
            }
            *text = String::from_utf8(bytes).expect("text").into();
        }
        Json::Array(entries) if entries.len() > 1 && entries[0] != entries[1] => entries.swap(0, 1),
        _ => return false,
    }
    true
}

/// The names on the way to a place.
fn named(tree: &Json, path: &[usize], names: &mut Vec<String>) {
    let Some((&index, rest)) = path.split_first() else {
        return;
    };
    match tree {
        Json::Object(members) if index < members.len() => {
            names.push(members[index].0.to_string());
            named(&members[index].1, rest, names);
        }
        Json::Array(entries) if index < entries.len() => {
            names.push(index.to_string());
            named(&entries[index], rest, names);
        }
        _ => {}
    }
}

#[test]
fn a_change_made_anywhere_is_found() {
    let mut changed = 0_u64;
    for seed in 0..150_u64 {
        let from = FhirVersion::ALL[(seed % 7) as usize];
        let to = FhirVersion::ALL[(seed / 7 % 7) as usize];
        let study: AnyImagingStudy = with_types!(from, types => {
            let study: types::ImagingStudy = from_seed(Profile::Typical, seed);
            study.into()
        });
        let (other, _) = converted(&study, to);
        let tree = with_study!(&other, study => imaging_study::core::to_json(&**study));
        let tree = tree.expect("nothing is empty");
        let mut all = Vec::new();
        places(&tree, &mut Vec::new(), &mut all);
        for step in 0..4 {
            let place =
                (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (8 * step)) as usize % all.len();
            let mut tree = tree.clone();
            if !change(&mut tree, &all[place], step == 0) {
                continue;
            }
            let text = json_to_string(&tree);
            let read = AnyImagingStudy::from_json(text.as_bytes(), to, &mut Decoder::default());
            let Ok(read) = read else {
                continue;
            };
            changed += 1;
            let found = compare(&study, &read.value).expect("nothing is empty");
            let mut name = Vec::new();
            named(&tree, &all[place], &mut name);
            let what = format!("{seed}: {from} to {to}: {}", name.join("."));
            assert!(!found.differences.is_empty(), "{what}\n{text}");
        }
    }
    assert!(changed > 250, "{changed}");
}

#[test]
fn what_differs_is_named() {
    let folder = Folder::new();
    let r4 = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"display":"Ann"},
        "modality":[{"code":"CT"}],"interpreter":[{"reference":"Practitioner/i"}],
        "procedureCode":[{"text":"chest"}],"note":[{"text":"a"},{"text":"b"}],"meta":{"versionId":"1"},
        "series":[{"uid":"1.2","modality":{"code":"CT"}},{"uid":"1.3","modality":{"code":"CT"}}]}"#;
    let r5 = r#"{"resourceType":"ImagingStudy","status":"cancelled","subject":{"display":"Bob"},
        "modality":[{"coding":[{"code":"CT"}]}],"meta":{"versionId":"2"},
        "procedure":[{"concept":{"text":"chest"}}],"note":[{"text":"b"},{"text":"a"}],"description":"new",
        "series":[{"uid":"1.3","modality":{"coding":[{"code":"CT"}]},"bodySite":{"concept":{"text":"x"}}},
        {"uid":"1.2","modality":{"coding":[{"code":"MR"}]}}]}"#;
    folder.write("a", r4.replace('\n', " "));
    folder.write("b", r5.replace('\n', " "));
    let ran = folder.run(&["diff", "--json", "a", "b"]).expect(1);
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(found["same"], false);
    let list = |name: &str, members: [&str; 3]| -> Vec<String> {
        let rows = found[name].as_array().expect("a list");
        let row = |row: &Value| {
            members.map(|member| match &row[member] {
                Value::String(text) => text.clone(),
                Value::Array(list) => list
                    .iter()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join("+"),
                _ => "-".to_owned(),
            })
        };
        rows.iter().map(|found| row(found).join(" ")).collect()
    };
    assert_eq!(
        list("differences", ["kind", "path", "rule"]),
        [
            "lost ImagingStudy.extension[0] carried",
            "changed ImagingStudy.status availability",
            "changed ImagingStudy.subject.display renamed",
            "reordered ImagingStudy.note carried",
            "changed ImagingStudy.series[1].modality.coding[0].code concept",
            "added ImagingStudy.series[0].bodySite concept",
            "reordered ImagingStudy.series -",
            "added ImagingStudy.description -",
        ]
    );
    assert_eq!(
        found["differences"][0]["carries"],
        "ImagingStudy.interpreter"
    );
    assert_eq!(
        list("moves", ["kind", "from", "to"]),
        [
            "carried ImagingStudy.interpreter ",
            "moved ImagingStudy.procedureCode ImagingStudy.procedure",
            "wrapped ImagingStudy.modality ImagingStudy.modality",
            "wrapped ImagingStudy.series.modality ImagingStudy.series.modality",
        ]
    );
    let ran = folder.run(&["diff", "a", "b"]).expect(1);
    assert!(
        ran.stdout.contains("8 differences") && ran.stdout.contains("Ann → Bob"),
        "{ran:?}"
    );
    for format in [
        &["diff", "--no-values", "a", "b"][..],
        &["diff", "--json", "--no-values", "a", "b"],
    ] {
        let ran = folder.run(format).expect(1);
        assert!(
            !ran.stdout.contains("Ann") && !ran.stdout.contains("chest"),
            "{ran:?}"
        );
        assert!(
            ran.stdout.contains("ImagingStudy.subject.display"),
            "{ran:?}"
        );
    }
}

#[test]
fn a_conversion_loses_nothing_and_says_so() {
    let folder = Folder::new();
    let (r4, r5) = study("a");
    folder.write("a", &r4);
    folder.write("b", &r5);
    let ran = folder.run(&["diff", "a", "b"]).expect(0);
    let lines = ran.lines();
    assert_eq!(
        lines[0],
        "a:1 ImagingStudy/a (R4)  →  b:1 ImagingStudy/a (R5)"
    );
    assert_eq!(lines[1], "├─ wrapped  ImagingStudy.modality  concept");
    assert_eq!(lines[2], "└─ nothing lost");
    folder
        .run_with(&["diff", "-", "b"], r4.as_bytes())
        .expect(0);
    folder.run(&["diff", "-", "-"]).expect(2);
    folder.run(&["diff", "a", "missing"]).expect(3);
    folder.write("other", r#"{"resourceType":"Patient"}"#);
    folder.run(&["diff", "a", "other"]).expect(3);
    folder.write("bad", "{");
    folder.run(&["diff", "a", "bad"]).expect(1);
}

#[test]
fn studies_are_paired_by_uid() {
    let folder = Folder::new();
    let one = |uid: &str, code: &str| {
        format!(
            r#"{{"resourceType":"ImagingStudy","status":"available","modality":[{{"code":"{code}"}}],
            "subject":{{}},"identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:{uid}"}}]}}"#
        )
        .replace('\n', "")
        .replace(r#""subject":{},"#, "")
    };
    let lines = |studies: &[(&str, &str)]| -> String {
        let lines = studies.iter().map(|(uid, code)| one(uid, code) + "\n");
        lines.collect()
    };
    folder.write(
        "a",
        lines(&[("1.1", "CT"), ("1.2", "MR"), ("1.3", "US"), ("1.4", "CR")]),
    );
    folder.write(
        "b",
        lines(&[("1.3", "US"), ("1.1", "CT"), ("1.2", "XA"), ("1.5", "CR")]),
    );
    let ran = folder.run(&["diff", "a", "b"]).expect(1);
    let firsts: Vec<&str> = ran
        .stdout
        .split("\n\n")
        .filter_map(|part| part.lines().next())
        .collect();
    assert_eq!(
        firsts,
        [
            "a:3 (R4)  →  b:1 (R4)",
            "a:1 (R4)  →  b:2 (R4)",
            "a:2 (R4)  →  b:3 (R4)",
            "b:4  added  only in the second file",
            "a:4  lost  only in the first file",
            "3 pairs: 2 the same, 1 differ; 2 without a partner",
        ]
    );
    let ran = folder.run(&["diff", "--json", "a", "b"]).expect(1);
    assert_eq!(ran.lines().len(), 5);
    let convert = ["convert", "--to", "stu3", "--output", "c", "a"];
    folder.run(&convert).expect(0);
    let ran = folder.run(&["diff", "--to", "stu3", "a", "c"]).expect(0);
    assert!(
        ran.stdout
            .ends_with("4 pairs: 4 the same, 0 differ; 0 without a partner\n"),
        "{ran:?}"
    );
    assert_eq!(DifferenceKind::Lost.name(), "lost");
}

/// What the conversion of a study fits besides its own version does not make it differ.
#[test]
fn a_study_that_fits_several_versions_is_the_conversion() {
    let folder = Folder::new();
    folder.write(
        "dstu2.json",
        r#"{"resourceType":"ImagingStudy","id":"a","uid":"urn:oid:1.2.3","numberOfSeries":1,
            "numberOfInstances":1,"patient":{"reference":"Patient/p"},"series":[{"uid":"urn:oid:1.2.3.1",
            "numberOfInstances":1,"modality":{"code":"CT"},"instance":[{"uid":"urn:oid:1.2.3.1.1",
            "sopClass":"urn:oid:1.2.840.10008.5.1.4.1.1.2","content":[{"url":"http://example.org/b"}]}]}]}"#,
    );
    let arguments = ["convert", "--to", "stu3", "dstu2.json", "-o", "a"];
    folder.run(&arguments).expect(0);
    assert_eq!(folder.run(&["detect", "a"]).status, 1);
    let there = folder.run(&["diff", "dstu2.json", "a"]).expect(0);
    assert!(there.stdout.contains("(DSTU2)") && there.stdout.contains("(STU3)"));
    assert!(there.stdout.ends_with("nothing lost\n"), "{there:?}");
    folder.run(&["diff", "a", "dstu2.json"]).expect(0);
    // And what differs, differs.
    let changed = folder.read("a").replace("1.2.3.1.1", "1.2.3.1.2");
    folder.write("b", changed);
    folder.run(&["diff", "dstu2.json", "b"]).expect(1);
}
