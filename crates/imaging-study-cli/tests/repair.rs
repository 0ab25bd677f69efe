//! The command `repair`.

use program::{Folder, study, xml_study};
use serde_json::Value;

mod program;

/// A study with a UID, a code and an empty text to repair, and the same repaired.
fn broken() -> (String, String) {
    let (good, _) = study("a");
    let series = r#""series":[{"uid":"1.2.3","modality":{"code":"CT"}}],"status""#;
    let good = good.replace("\"status\"", series);
    let bad = good
        .replace("\"1.2.3\"", "\"urn:oid:1.2.3\"")
        .replace("available", "AVAILABLE")
        .replace("\"id\":", "\"description\":\"\",\"id\":");
    (bad, good)
}

#[test]
fn what_is_right_stays_and_the_rest_is_mended() {
    let folder = Folder::new();
    let (bad, good) = broken();
    let odd = good.replace("\"status\":", "\"status\" : ");
    folder.write(
        "in.ndjson",
        format!("{odd}\n{bad}\n{{\"resourceType\":\"Patient\",\"name\":[]}}\n"),
    );
    let run = ["repair", "--report", "changes.ndjson", "in.ndjson"];
    let ran = folder.run(&run).expect(0);
    assert_eq!(
        ran.lines(),
        [&odd, &good, r#"{"resourceType":"Patient","name":[]}"#]
    );
    assert_eq!(
        ran.stderr,
        "read 3, studies 2, other resources 1, not readable 0\n\
         changes 3: empty 1, uid-spelling 1, code-case 1\n"
    );
    let changes = folder.read("changes.ndjson");
    let changes: Vec<Value> = changes
        .lines()
        .map(|line| serde_json::from_str(line).expect("an OperationOutcome a line"))
        .collect();
    let details = &changes[2]["issue"][0]["details"];
    assert_eq!(
        changes[2]["issue"][0]["expression"][0],
        "ImagingStudy.status"
    );
    assert_eq!(details["coding"][0]["code"], "code-case");
    assert_eq!(
        details["text"],
        "before: \"AVAILABLE\"; after: \"available\""
    );
    assert_eq!(changes.len(), 3);

    folder.write("again.ndjson", &ran.stdout);
    let again = folder.run(&["repair", "again.ndjson"]).expect(0);
    assert_eq!(again.stdout, ran.stdout);
    assert!(again.stderr.ends_with("changes 0\n"));
}

#[test]
fn documents_bundles_and_xml() {
    let folder = Folder::new();
    let (bad, good) = broken();
    let bundle = |study: &str| {
        format!("{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{study}}}]}}")
    };
    folder.write("bundle.json", bundle(&bad));
    let ran = folder
        .run(&["repair", "--report", "changes", "bundle.json"])
        .expect(0);
    assert_eq!(ran.stdout.trim_end(), bundle(&good));
    assert!(
        folder
            .read("changes")
            .contains("Bundle.entry[0].resource.status")
    );

    let (xml, _) = xml_study("a");
    folder.write("a.xml", xml.replace("available", "Available"));
    let ran = folder
        .run(&["repair", "--output", "out.xml", "a.xml"])
        .expect(0);
    assert_eq!(ran.stdout, "");
    assert_eq!(folder.read("out.xml"), xml);
    folder.write("right.xml", xml.replace("  <status", "     <status"));
    let ran = folder.run(&["repair", "right.xml"]).expect(0);
    assert_eq!(ran.stdout, folder.read("right.xml"));
}

#[test]
fn what_cannot_be_read_is_reported() {
    let folder = Folder::new();
    let (_, good) = broken();
    folder.write("in.ndjson", format!("{{\"a\":\n{good}\n"));
    let ran = folder.run(&["repair", "in.ndjson"]).expect(1);
    assert_eq!(ran.lines(), [good.as_str()]);
    assert_eq!(ran.outcomes().len(), 1);
    folder.run(&["repair"]).expect(2);
    folder.run(&["repair", "missing"]).expect(3);
}
