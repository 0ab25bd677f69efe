//! The command `stats`.

use program::{Folder, study};
use serde_json::{Value, json};

mod program;

/// An archive of two files, with a bad line and a Bundle.
fn archive() -> Folder {
    let folder = Folder::new();
    let full = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"display":"Ann"},
        "started":"2024-05-01","modality":[{"code":"CT"}],"series":[
        {"uid":"1.2","modality":{"code":"CT"},"bodySite":{"code":"51185008","display":"Chest"},
         "numberOfInstances":9,"instance":[{"uid":"1.2.1"},{"uid":"1.2.2"}]},
        {"uid":"1.3","modality":{"code":"CT"},"numberOfInstances":3},
        {"uid":"1.4","modality":{"display":"no code"}},{"uid":"1.5","modality":{"code":"SR"}}]}"#;
    let (r4, r5) = study("a");
    let full = full.replace('\n', "");
    std::fs::create_dir(folder.path("in")).expect("a folder");
    folder.write("in/a.ndjson", format!("{full}\n{{bad\n{r5}\n"));
    let bundle = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{r4}}},{{"resource":{{"resourceType":"Patient"}}}}]}}"#
    );
    folder.write("in/b.json", bundle);
    folder.write("in/d.json", b"\x1f\x8b\x08not text");
    folder.write(
        "in/c.ndjson",
        "{\"resourceType\":\"ImagingStudy\",\"partOf\":[]}\n",
    );
    folder
}

#[test]
fn an_archive_is_counted() {
    let folder = archive();
    let ran = folder.run(&["stats", "--json", "in"]).expect(0);
    let mut counted: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let bytes = counted["bytes"].take();
    assert!(
        bytes["sum"].as_u64() > bytes["greatest"].as_u64(),
        "{bytes}"
    );
    let expected = json!({
        "studies": 3, "series": 4, "instances": 5, "bytes": null,
        "versions": {"R4": 2, "R5 or R6 draft or R6": 1},
        "modalities": {"CT": 2, "SR": 1},
        "bodySites": {"Chest": 1},
        "years": {"2024": 1},
        "notReadable": 3,
        "rejects": {"empty": 1, "file": 1, "read": 1},
        "otherResources": 1,
    });
    assert_eq!(counted, expected);
    let hidden = folder
        .run(&["stats", "--json", "--no-values", "in"])
        .expect(0);
    assert!(
        hidden.stdout.contains("51185008") && !hidden.stdout.contains("Chest"),
        "{hidden:?}"
    );
}

#[test]
fn people_get_bars() {
    let folder = archive();
    let ran = folder.run(&["stats", "in/a.ndjson"]).expect(0);
    let lines = ran.lines();
    assert_eq!(
        lines[..3],
        ["studies       2", "series        4", "instances     5"]
    );
    assert!(lines[3].starts_with("size          "), "{ran:?}");
    assert_eq!(lines[4], "not readable  1");
    let modalities = lines
        .iter()
        .position(|line| *line == "modalities")
        .expect("a table");
    assert_eq!(
        lines[modalities + 1..modalities + 3],
        [
            format!("├─ CT  2  {}", "█".repeat(30)),
            format!("└─ SR  1  {}", "█".repeat(15)),
        ]
    );
    folder.write("other", r#"{"resourceType":"Patient"}"#);
    folder.run(&["stats", "other"]).expect(1);
    folder.run(&["stats", "missing"]).expect(3);
}

#[test]
fn losses_are_counted_by_rule() {
    let folder = archive();
    let plain = r#"{"resourceType":"ImagingStudy","status":"available","modality":[{"code":"CT"}],"implicitRules":"http://x.example/r"}"#;
    folder.write("a", plain);
    let ran = folder
        .run(&["stats", "--json", "--to", "r5", "a"])
        .expect(0);
    let counted: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(counted["losses"], json!({}));
    assert_eq!(counted["notes"]["implicit-rules (implicit-rules)"], 1);
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let folder = Folder::new();
    let (r4, r5) = study("a");
    folder.write("a", format!("{r4}\n{r5}\n{{\n").repeat(3_000));
    let one = folder.run(&["stats", "--jobs", "1", "a"]).expect(0);
    let many = folder.run(&["stats", "--jobs", "4", "a"]).expect(0);
    assert_eq!(one.stdout, many.stdout);
    assert!(one.stdout.starts_with("studies       6,000\n"), "{one:?}");
}

/// What is compressed is read by `stats` and `report` as by every command; what breaks off is counted,
/// and the studies before it and behind it too.
#[test]
fn compressed_files_are_counted() {
    let folder = Folder::new();
    folder.write("plain", format!("{}\n{}\n", study("a").0, study("b").0));
    for (from, to) in [("plain", "a.ndjson.gz"), ("plain", "b.ndjson.zst")] {
        folder
            .run(&["convert", "--to", "r5", from, "-o", to])
            .expect(0);
    }
    let whole = std::fs::read(folder.path("a.ndjson.gz")).expect("a file");
    folder.write("0.ndjson.gz", &whole[..whole.len() - 9]);
    let files = ["0.ndjson.gz", "a.ndjson.gz", "b.ndjson.zst"];
    let ran = folder.run(&[&["stats", "--json"], &files[..]].concat());
    let ran = ran.expect(0);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    let counted: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert!(counted["studies"].as_u64() >= Some(4), "{counted}");
    assert_eq!(counted["rejects"]["file"], 1);
    let ran = folder.run(&[&["report", "--output", "page.html"], &files[1..]].concat());
    assert_eq!(ran.expect(0).stderr, "");
    assert!(folder.read("page.html").contains("a.ndjson.gz:2"));
}
