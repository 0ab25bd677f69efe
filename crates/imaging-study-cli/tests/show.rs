//! The command `show`.

use std::fs;
use std::path::Path;

use program::{Folder, study, xml_study};
use serde_json::Value;

mod program;

const VERSIONS: [&str; 7] = ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"];

const FULL: &str = r#"{"resourceType":"ImagingStudy","id":"a","status":"available",
    "identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],
    "modality":[{"code":"CT"}],"subject":{"reference":"Patient/p","display":"Ann Example"},
    "started":"2024-05-01T10:30:00Z","numberOfSeries":2,"description":"Chest",
    "series":[
      {"uid":"1.2.3.4","number":1,"modality":{"code":"CT"},"description":"Thorax","numberOfInstances":3,
       "endpoint":[{"reference":"Endpoint/e"}],
       "instance":[{"uid":"1.2.3.4.1","number":7,"title":"LOCALIZER",
         "sopClass":{"system":"urn:ietf:rfc:3986","code":"urn:oid:1.2.840.10008.5.1.4.1.1.2"}}]},
      {"uid":"1.2.3.50","modality":{"code":"SR"},"bodySite":{"display":"Lung"},"numberOfInstances":1}]}"#;

#[test]
fn a_study_is_a_header_and_a_line_for_each_series() {
    let folder = Folder::new();
    folder.write("a.json", FULL);
    let ran = folder.run(&["show", "a.json"]).expect(0);
    assert_eq!(
        ran.lines(),
        [
            "a.json:1",
            "ImagingStudy/a  R4 or R4B  Ann Example  2024-05-01T10:30:00Z  available  CT  2 series, 2 instances",
            "├─ patient      Patient/p",
            "├─ uid          1.2.3",
            "├─ description  Chest",
            "├─ series  1  CT  Thorax        1 of 3 instances  1.2.3.4   Endpoint/e",
            "└─ series     SR          Lung  1 instance        1.2.3.50",
        ]
    );
    let ran = folder.run(&["show", "--instances", "--from", "r4", "a.json"]);
    let lines = ran.expect(0);
    assert!(
        lines.stdout.contains("ImagingStudy/a  R4  Ann"),
        "{lines:?}"
    );
    assert_eq!(
        lines.lines()[6],
        "│  └─ 7  CT Image Storage  1.2.3.4.1  LOCALIZER"
    );
}

#[test]
fn lines_and_entries_are_found() {
    let folder = Folder::new();
    let (r4, r5) = study("a");
    let entries = format!(r#"{{"resource":{r4}}},{{"resource":{{"resourceType":"Patient"}}}}"#);
    let bundle = format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#);
    folder.write("in", format!("{r4}\n\n{{bad\n{r5}\n{bundle}\n"));
    folder.write("a.xml", xml_study("x").1);
    let ran = folder.run(&["show", "in"]).expect(1);
    let places: Vec<_> = ran
        .lines()
        .into_iter()
        .filter(|line| line.starts_with("in:"))
        .collect();
    assert_eq!(places, ["in:1", "in:4", "in:5 Bundle.entry[0].resource"]);
    assert!(ran.stderr.starts_with("in:3: "), "{ran:?}");
    let ran = folder.run(&["show", "in:4"]).expect(0);
    assert_eq!(ran.lines().len(), 2);
    assert!(ran.lines()[1].starts_with("ImagingStudy/a  R5"), "{ran:?}");
    assert_eq!(
        folder.run(&["show", "in:5"]).expect(0).lines()[0],
        places[2]
    );
    folder.run(&["show", "in:3"]).expect(1);
    assert!(
        folder
            .run(&["show", "in:6"])
            .expect(3)
            .stderr
            .contains("no line 6")
    );
    assert!(
        folder
            .run(&["show", "in:2"])
            .expect(3)
            .stderr
            .contains("no line 2")
    );
    let ran = folder.run(&["show", "a.xml:1"]).expect(0);
    assert!(ran.stdout.contains("ImagingStudy/x  R5"), "{ran:?}");
    folder.write("other", r#"{"resourceType":"Patient"}"#);
    assert!(
        folder
            .run(&["show", "other"])
            .expect(1)
            .stderr
            .contains("no ImagingStudy")
    );
    folder.run(&["show", "missing"]).expect(3);
}

#[test]
fn nothing_of_a_study_changes_the_terminal() {
    let folder = Folder::new();
    let odd = r#"{"resourceType":"ImagingStudy","id":"a","status":"available","modality":[{"code":"C\u001bT"}],
        "subject":{"display":"\u202eeve\u0000\nx"},"description":"\u009b31m",
        "contained":[{"resourceType":"Patient","id":"\u001b[2J"}]}"#;
    folder.write("a.json", odd);
    for arguments in [
        &["show", "a.json"][..],
        &["show", "--all", "a.json"],
        &["show", "--json", "--all", "a.json"],
    ] {
        let ran = folder.run(arguments);
        let acts = |character: char| {
            (character.is_control() && character != '\n')
                || ('\u{202a}'..='\u{202e}').contains(&character)
        };
        assert!(!ran.stdout.contains(acts), "{ran:?}");
        assert!(!ran.stderr.contains(acts), "{ran:?}");
    }
}

#[test]
fn json_has_the_same_and_texts_can_be_left_out() {
    let folder = Folder::new();
    folder.write("a.json", FULL);
    let read = |arguments: &[&str]| -> Value {
        let ran = folder.run(arguments).expect(0);
        serde_json::from_str(&ran.stdout).expect("JSON")
    };
    let shown = read(&["show", "--json", "--instances", "a.json"]);
    assert_eq!(shown["versions"], serde_json::json!(["R4", "R4B"]));
    assert_eq!(shown["patient"]["display"], "Ann Example");
    assert_eq!(shown["numberOfSeriesStated"], 2);
    assert_eq!(
        shown["series"][0]["instances"][0]["sopClass"],
        "CT Image Storage"
    );
    assert_eq!(shown["series"][1]["bodySites"][0], "Lung");
    let all = read(&["show", "--json", "--all", "a.json"]);
    assert_eq!(
        all["resource"],
        serde_json::from_str::<Value>(FULL).expect("JSON")
    );
    let ran = ["show", "--all", "--instances", "--no-values", "a.json"];
    let hidden = folder.run(&ran).expect(0);
    let ran = [
        "show",
        "--json",
        "--all",
        "--instances",
        "--no-values",
        "a.json",
    ];
    let hidden_json = folder.run(&ran).expect(0);
    for text in [
        "Ann",
        "Patient/p",
        "1.2.3",
        "2024",
        "Chest",
        "Thorax",
        "LOCALIZER",
        "Endpoint/e",
    ] {
        assert!(!hidden.stdout.contains(text), "{text} {hidden:?}");
        assert!(!hidden_json.stdout.contains(text), "{text} {hidden_json:?}");
    }
    for text in ["available", "CT", "SR", "R4"] {
        assert!(
            hidden.stdout.contains(text) && hidden_json.stdout.contains(text),
            "{text}"
        );
    }
}

/// The texts and numbers in a value, without what only names a resource's type.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) if number.is_u64() => found.push(number.to_string()),
        Value::Array(entries) => entries.iter().for_each(|entry| leaves(entry, found)),
        Value::Object(members) => members.values().for_each(|entry| leaves(entry, found)),
        _ => {}
    }
}

#[test]
fn all_leaves_nothing_out() {
    for version in VERSIONS {
        let folder = Folder::new();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fixtures")
            .join(version);
        let mut expected = Vec::new();
        for entry in fs::read_dir(fixtures).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            if !name.starts_with("valid-") || !name.ends_with(".json") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a file");
            let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
            else {
                continue;
            };
            if value["resourceType"] != "ImagingStudy" {
                continue;
            }
            leaves(&value, &mut expected);
            folder.write(&name, text);
        }
        assert!(expected.len() > 500, "{version}");
        let folder_path = folder.path("").display().to_string();
        let ran = folder
            .run(&["show", "--all", "--from", version, &folder_path])
            .expect(0);
        for text in expected {
            // Backslashes and what a terminal acts on are escaped.
            let plain = text
                .chars()
                .all(|character| character != '\\' && !character.is_control());
            let has_odd = |character: char| matches!(character, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if plain && !text.contains(has_odd) {
                let end = text.trim_end();
                assert!(ran.stdout.contains(end), "{version}: {text:?}");
            }
        }
    }
}
